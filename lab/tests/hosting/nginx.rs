//! Stock nginx.

use std::path::Path;
use std::process::Command;

use lab::site::WebServer;

use crate::promises;
use crate::running::{self, Running};
use crate::tls;

/// Writes nginx's main configuration: `outside` stands before everything, `site` in the http context.
pub fn write_main(folder: &Path, outside: &str, site: &str) {
    let shown = folder.display();
    // Workers of root's nginx run as another user, who has no business in a temporary folder.
    let user = if running::is_roots(folder) {
        "user root;\n"
    } else {
        ""
    };
    let main = format!(
        "{outside}\n{user}daemon off; worker_processes 1; pid {shown}/pid; error_log {shown}/error.log;\n\
         events {{}}\nhttp {{\naccess_log off; client_body_temp_path {shown}/body; proxy_temp_path {shown}/proxy; \
         fastcgi_temp_path {shown}/fastcgi; uwsgi_temp_path {shown}/uwsgi; scgi_temp_path {shown}/scgi;\n{site}\n}}\n"
    );
    std::fs::write(folder.join("nginx.conf"), main).expect("the temporary folder is writable");
}

/// nginx in a folder.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new("nginx");
    command.args(["-e", "error.log", "-p"]).arg(folder);
    command.arg("-c").arg(folder.join("nginx.conf"));
    command
}

async fn start(name: &str) -> Option<Running> {
    if !running::are_there(&[("nginx", "-v"), ("openssl", "version")]) {
        return None;
    }
    let folder = running::folder(&format!("nginx-{name}"));
    let address = running::free_address();
    running::write_site(
        WebServer::Nginx,
        include_str!("../../../static/server/nginx.conf"),
        &folder,
        &format!("{address} ssl http2"),
    );
    write_main(&folder, "", &format!("include {}/site.conf;", folder.display()));
    Some(Running::start(command(&folder), folder, address).await)
}

#[tokio::test]
async fn the_canary_is_the_one_of_the_contract() {
    let Some(server) = start("canary").await else {
        return;
    };
    let answer = promises::the_canary_answers(&server).await;
    assert!(answer["time"].is_string(), "{answer}");
    // What openssl offers, in its own words.
    let ciphers = answer["tls"]["ciphers"].as_str().unwrap_or_default();
    assert!(ciphers.contains("TLS_AES_128_GCM_SHA256:"), "{answer}");
    let curves = answer["tls"]["curves"].as_str().unwrap_or_default();
    assert!(curves.contains("X25519"), "{answer}");
    assert_eq!(promises::headers_stay_text(&server).await, "unreadable");
    for version in ["-tls1_2", "-tls1_3"] {
        assert!(!tls::resumes(&server, version).await, "{version}");
    }
}

#[tokio::test]
async fn bytes_are_rounded_up_and_uploads_read_to_their_end() {
    let Some(server) = start("bytes").await else {
        return;
    };
    promises::bytes_come(&server, &ROUNDED_UP).await;
    promises::uploads_are_read_to_their_end(&server).await;
}

/// What is asked for, and what a server that sends whole files gives.
pub const ROUNDED_UP: [(usize, usize); 5] = [
    (1, 10_000),
    (10_000, 10_000),
    (10_001, 100_000),
    (999_999, 1_000_000),
    (4_000_000, 4_000_000),
];

#[tokio::test]
async fn pages_carry_the_headers_and_the_server_folder_is_shut() {
    let Some(server) = start("pages").await else {
        return;
    };
    promises::pages_carry_the_headers(&server).await;
    promises::the_twins_are_served(&server, false).await;
}
