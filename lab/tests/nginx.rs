//! The production nginx configuration under stock nginx: the canary's answers, exact to the header.
//! Needs nginx and openssl; says so and stops where they are missing.
#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use lab::embedded::canary;
use lab::nginx::{self, NginxValues};
use lab::policy;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A running nginx with its folder; both end on drop.
struct Nginx {
    process: Child,
    folder: PathBuf,
    address: String,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // The master ends its worker on SIGTERM; a plain kill would leave it behind.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn is_there(name: &str) -> bool {
    let quiet = |command: &mut Command| {
        command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok()
    };
    quiet(Command::new(name).arg(if name == "nginx" { "-v" } else { "version" }))
}

fn write_site(folder: &Path, address: &str) -> std::io::Result<()> {
    let page = folder.join("page");
    let bytes = page.join("server/bytes");
    std::fs::create_dir_all(&bytes)?;
    std::fs::write(page.join("index.html"), "<!doctype html>")?;
    std::fs::write(page.join("app-0123456789abcdef_bg.wasm"), "\0asm")?;
    for size in nginx::BYTES_FILES {
        std::fs::write(bytes.join(format!("{size}.bin")), canary::bytes(size))?;
    }
    let text = |path: PathBuf| path.display().to_string();
    let values = NginxValues {
        // Without TLS: the client of these tests does not speak it. The laboratory's does.
        listen: address.to_owned(),
        server_name: "localhost".into(),
        root: text(page.clone()),
        bytes: text(bytes),
        certificate: text(folder.join("certificate.pem")),
        certificate_key: text(folder.join("key.pem")),
        content_security_policy: policy::content_security_policy(&["https://a.example".into()], &[]),
    };
    let site = nginx::render(include_str!("../../static/server/nginx.conf"), &values);
    std::fs::write(folder.join("site.conf"), site)?;
    let shown = folder.display();
    let main = format!(
        "daemon off; worker_processes 1; pid {shown}/pid; error_log {shown}/error.log;\nevents {{}}\nhttp {{\n\
         access_log off; client_body_temp_path {shown}/body; proxy_temp_path {shown}/proxy; \
         fastcgi_temp_path {shown}/fastcgi; uwsgi_temp_path {shown}/uwsgi; scgi_temp_path {shown}/scgi;\n\
         include {shown}/site.conf;\n}}\n"
    );
    // Workers of root's nginx run as another user, who has no business in a temporary folder.
    let user = if folder_is_roots(folder) {
        "user root;\n"
    } else {
        ""
    };
    std::fs::write(folder.join("nginx.conf"), format!("{user}{main}"))
}

fn folder_is_roots(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(folder).is_ok_and(|metadata| metadata.uid() == 0)
}

async fn start(name: &str) -> Option<Nginx> {
    if !is_there("nginx") || !is_there("openssl") {
        println!("left out: nginx or openssl is not here");
        return None;
    }
    let folder = std::env::temp_dir().join(format!("clearline-nginx-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the temporary folder is writable");
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
        ])
        .args(["-keyout", "key.pem", "-out", "certificate.pem"])
        .current_dir(&folder)
        .stderr(Stdio::null())
        .status();
    assert!(
        made.is_ok_and(|status| status.success()),
        "openssl makes a certificate"
    );
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let address = free.expect("a port is free").to_string();
    write_site(&folder, &address).expect("the temporary folder is writable");
    let process = Command::new("nginx")
        .args(["-e", "error.log", "-p"])
        .arg(&folder)
        .arg("-c")
        .arg(folder.join("nginx.conf"))
        .stderr(Stdio::null())
        .spawn()
        .expect("nginx starts");
    let server = Nginx {
        process,
        folder,
        address,
    };
    let deadline = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(&server.address).await.is_err() {
        let errors = std::fs::read_to_string(server.folder.join("error.log")).unwrap_or_default();
        assert!(Instant::now() < deadline, "nginx does not listen: {errors}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Some(server)
}

/// Status line and headers in lower case, and the body.
async fn ask(server: &Nginx, request: &str, headers: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(&server.address).await.expect("nginx listens");
    let head = format!("{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).await.expect("nginx reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("nginx answers");
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("an HTTP answer");
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    (head, answer[end + 4..].to_vec())
}

fn json(body: &[u8]) -> Value {
    serde_json::from_slice(body).expect("the body is JSON")
}

#[tokio::test]
async fn the_canary_is_the_one_of_the_contract() {
    let Some(server) = start("canary").await else {
        return;
    };
    let (head, body) = ask(&server, "GET /canary?nonce=a-B_9", "").await;
    for header in [
        "200 ok",
        "access-control-allow-origin: *",
        "timing-allow-origin: *",
        "cache-control: no-store",
    ] {
        assert!(head.contains(header), "{header} in {head}");
    }
    let answer = json(&body);
    assert_eq!(answer["clearline"], 1);
    assert_eq!(answer["nonce"], "a-B_9");
    assert_eq!(answer["address"], "127.0.0.1");
    assert!(
        answer["via"].is_null() && answer["forwarded"].is_null(),
        "{answer}"
    );
    assert!(
        answer["time"].is_string() && answer["tls"]["ciphers"].is_string(),
        "{answer}"
    );

    let headers = "Via: 1.1 proxy (squid/5.7)\r\nX-Forwarded-For: 10.0.0.1\",\"x\":\"\r\n";
    let (_, body) = ask(&server, "GET /canary?nonce=1", headers).await;
    let answer = json(&body);
    assert_eq!(answer["via"], "1.1 proxy (squid/5.7)");
    assert_eq!(answer["forwarded"], "unreadable");

    for nonce in ["", "?nonce=", "?nonce=%22", "?nonce=a\"b"] {
        let (head, _) = ask(&server, &format!("GET /canary{nonce}"), "").await;
        assert!(head.contains("400"), "{nonce}: {head}");
    }
}

#[tokio::test]
async fn bytes_are_rounded_up_and_uploads_read_to_their_end() {
    let Some(server) = start("bytes").await else {
        return;
    };
    for (n, expected) in [
        (1, 10_000),
        (10_000, 10_000),
        (10_001, 100_000),
        (999_999, 1_000_000),
        (4_000_000, 4_000_000),
    ] {
        let (head, body) = ask(&server, &format!("GET /canary/bytes?n={n}"), "").await;
        assert!(head.contains("no-store"), "{head}");
        assert_eq!(body.len(), expected, "{n}");
    }
    for n in ["4000001", "x", ""] {
        let (head, _) = ask(&server, &format!("GET /canary/bytes?n={n}"), "").await;
        assert!(head.contains("400"), "{n}: {head}");
    }

    // No answer may come while the body is still under way: it would make an upload look faster than the line.
    let mut stream = TcpStream::connect(&server.address).await.expect("nginx listens");
    let head = "POST /canary/sink HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 200000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("nginx reads");
    stream.write_all(&[7; 100_000]).await.expect("nginx reads");
    let mut first = [0; 64];
    let early = tokio::time::timeout(Duration::from_millis(300), stream.read(&mut first)).await;
    assert!(early.is_err(), "an answer before the end of the body");
    stream.write_all(&[7; 100_000]).await.expect("nginx reads");
    let length = stream.read(&mut first).await.expect("nginx answers");
    assert!(
        first[..length].starts_with(b"HTTP/1.1 204"),
        "{}",
        String::from_utf8_lossy(&first[..length])
    );
}

#[tokio::test]
async fn pages_carry_the_headers_and_the_server_folder_is_shut() {
    let Some(server) = start("pages").await else {
        return;
    };
    let (head, _) = ask(&server, "GET /", "").await;
    for header in [
        "content-type: text/html; charset=utf-8",
        "cache-control: no-cache",
        "connect-src 'self' https://a.example;",
        "referrer-policy: no-referrer",
        "x-content-type-options: nosniff",
        "cross-origin-opener-policy: same-origin",
        "permissions-policy: ",
    ] {
        assert!(head.contains(header), "{header} in {head}");
    }
    let (head, _) = ask(&server, "GET /app-0123456789abcdef_bg.wasm", "").await;
    assert!(
        head.contains("application/wasm") && head.contains("immutable"),
        "{head}"
    );
    let (head, _) = ask(&server, "GET /server/bytes/10000.bin", "").await;
    assert!(head.contains("404"), "{head}");
}
