//! Stock Caddy.

use std::process::Command;

use lab::site::WebServer;

use crate::nginx::ROUNDED_UP;
use crate::promises;
use crate::running::{self, Running};
use crate::tls;

async fn start(name: &str) -> Option<Running> {
    if !running::are_there(&[("caddy", "version"), ("openssl", "version")]) {
        return None;
    }
    let folder = running::folder(&format!("caddy-{name}"));
    let address = running::free_address();
    running::write_site(
        WebServer::Caddy,
        include_str!("../../../static/server/Caddyfile"),
        &folder,
        &format!("https://localhost:{}", address.port()),
    );
    // No port but the site's: neither that of the administration nor 80, from where Caddy would redirect.
    let main = format!(
        "{{\n\tadmin off\n\tauto_https disable_redirects\n\tdefault_bind 127.0.0.1\n\tgrace_period 1s\n}}\nimport {}/site.conf\n",
        folder.display()
    );
    std::fs::write(folder.join("Caddyfile"), main).expect("the temporary folder is writable");
    let mut command = Command::new("caddy");
    command
        .args(["run", "--adapter", "caddyfile", "--config"])
        .arg(folder.join("Caddyfile"))
        .env("HOME", &folder)
        .env("XDG_DATA_HOME", &folder)
        .env("XDG_CONFIG_HOME", &folder);
    Some(Running::start(command, folder, address).await)
}

#[tokio::test]
async fn the_canary_is_the_one_of_the_contract() {
    let Some(server) = start("canary").await else {
        return;
    };
    let answer = promises::the_canary_answers(&server).await;
    assert!(
        answer["tls"]["ciphers"].is_null() && answer["tls"]["curves"].is_null(),
        "{answer}"
    );
    promises::the_time_is_right(&server).await;
    // Caddy knows how to write JSON.
    assert_eq!(
        promises::headers_stay_text(&server).await,
        "10.0.0.1\",\"x\":\"[[now]]"
    );
    promises::preflights_pass(&server).await;
    // The file says that Caddy resumes; and this says that the others' tests would see it.
    assert!(tls::resumes(&server, "-tls1_3").await);
}

#[tokio::test]
async fn bytes_are_rounded_up_and_uploads_read_to_their_end() {
    let Some(server) = start("bytes").await else {
        return;
    };
    promises::bytes_come(&server, &ROUNDED_UP).await;
    promises::uploads_are_read_to_their_end(&server).await;
}

#[tokio::test]
async fn pages_carry_the_headers_and_the_server_folder_is_shut() {
    let Some(server) = start("pages").await else {
        return;
    };
    promises::pages_carry_the_headers(&server).await;
    promises::the_twins_are_served(&server, true).await;
}
