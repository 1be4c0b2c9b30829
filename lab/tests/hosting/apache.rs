//! Debian's Apache, with the modules that the configuration names and no others.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use lab::site::WebServer;

use crate::promises;
use crate::running::{self, Running};
use crate::tls;

/// Where Debian has Apache's modules.
const MODULES: &str = "/usr/lib/apache2/modules";

async fn start(name: &str, http2: bool) -> Option<Running> {
    if !running::are_there(&[("apache2", "-v"), ("openssl", "version")]) {
        return None;
    }
    let folder = running::folder(&format!("apache-{name}"));
    let address = running::free_address();
    running::write_site(
        WebServer::Apache,
        include_str!("../../../static/server/apache.conf"),
        &folder,
        &address.to_string(),
    );
    let script = include_str!("../../../static/server/apache-canary.lua");
    std::fs::write(folder.join("page/server/apache-canary.lua"), script)
        .expect("the temporary folder is writable");
    let mut modules = vec![
        "mpm_event",
        "authz_core",
        "dir",
        "mime",
        "ssl",
        "headers",
        "rewrite",
        "lua",
    ];
    modules.extend(http2.then_some("http2"));
    std::fs::write(
        folder.join("apache2.conf"),
        main_configuration(&folder, &address.to_string(), &modules),
    )
    .expect("the temporary folder is writable");
    let mut command = Command::new("apache2");
    command
        .arg("-DFOREGROUND")
        .arg("-f")
        .arg(folder.join("apache2.conf"));
    Some(Running::start(command, folder, address).await)
}

fn main_configuration(folder: &Path, address: &str, modules: &[&str]) -> String {
    let shown = folder.display();
    let mut text = format!(
        "ServerRoot {shown}\nDefaultRuntimeDir {shown}\nPidFile {shown}/pid\nErrorLog {shown}/error.log\n\
         ServerName localhost\nListen {address}\nThreadsPerChild 8\nMaxRequestWorkers 16\n"
    );
    for module in modules {
        _ = writeln!(text, "LoadModule {module}_module {MODULES}/mod_{module}.so");
    }
    if running::is_roots(folder) {
        // Apache refuses to serve as root.
        text.push_str("User #65534\nGroup #65534\n");
    }
    // As on Debian, where .gz is an archive and .br may be Breton; and types are the site's own business.
    _ = write!(
        text,
        "TypesConfig /dev/null\nAddType application/x-gzip .gz\nAddLanguage br .br\nInclude {shown}/site.conf\n"
    );
    text
}

#[tokio::test]
async fn the_canary_is_the_one_of_the_contract() {
    let Some(server) = start("canary", true).await else {
        return;
    };
    let answer = promises::the_canary_answers(&server).await;
    assert!(
        answer["tls"]["ciphers"].is_null() && answer["tls"]["curves"].is_null(),
        "{answer}"
    );
    promises::the_time_is_right(&server).await;
    assert_eq!(promises::headers_stay_text(&server).await, "unreadable");
    promises::preflights_pass(&server).await;
    for version in ["-tls1_2", "-tls1_3"] {
        assert!(!tls::resumes(&server, version).await, "{version}");
    }
}

#[tokio::test]
async fn bytes_are_exact_and_uploads_read_to_their_end() {
    let Some(server) = start("bytes", true).await else {
        return;
    };
    let exact = [0, 1, 10_001, 123_457, 4_000_000].map(|n| (n, n));
    promises::bytes_come(&server, &exact).await;
    promises::uploads_are_read_to_their_end(&server).await;
}

#[tokio::test]
async fn pages_carry_the_headers_and_the_server_folder_is_shut() {
    // HTTP/2 is not needed.
    let Some(server) = start("pages", false).await else {
        return;
    };
    promises::pages_carry_the_headers(&server).await;
    promises::the_twins_are_served(&server, true).await;
}
