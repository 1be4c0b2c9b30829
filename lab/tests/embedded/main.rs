//! The embedded default as its clients see it: over HTTP, and over TURN on TCP and UDP.

use std::io;
use std::ops::Deref;
use std::path::PathBuf;

use lab::embedded::{Embedded, Options};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

mod turn_client;

use turn_client::TurnClient;

const POLICY: &str = "default-src 'none'";

/// Running servers and the folder they serve; both end on drop.
struct Served {
    server: Embedded,
    folder: PathBuf,
}

impl Deref for Served {
    type Target = Embedded;

    fn deref(&self) -> &Embedded {
        &self.server
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Servers over a directory with one page, one hashed and one hidden file.
async fn start(name: &str) -> io::Result<Served> {
    let page_dir = std::env::temp_dir().join(format!("clearline-{name}-{}", std::process::id()));
    std::fs::create_dir_all(page_dir.join("words"))?;
    std::fs::write(page_dir.join("index.html"), "<!doctype html>")?;
    std::fs::write(page_dir.join("config.json"), "on disk")?;
    std::fs::write(page_dir.join("app-0123456789abcdef_bg.wasm"), "\0asm")?;
    std::fs::write(page_dir.join("words/en.json"), "{}")?;
    std::fs::write(page_dir.join(".secret"), "hidden")?;
    let folder = page_dir.clone();
    let options = Options {
        page_dir,
        http_port: None,
        turn_port: None,
        content_security_policy: POLICY.into(),
        users: Vec::new(),
        reporting: None,
    };
    let server = Embedded::start(options).await?;
    Ok(Served { server, folder })
}

/// Sends one request as written and returns status line, headers (lower case) and body.
async fn ask(server: &Embedded, request: &str, body: &[u8]) -> (String, String, Vec<u8>) {
    let host = server.url().trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(host).await.expect("the server listens");
    let head = format!(
        "{request} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.expect("the server reads");
    stream.write_all(body).await.expect("the server reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("the server answers");
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("an HTTP answer");
    let head = String::from_utf8(answer[..end].to_vec()).expect("headers are text");
    let (status, headers) = head.split_once("\r\n").expect("a status line");
    (
        status.into(),
        headers.to_ascii_lowercase(),
        answer[end + 4..].to_vec(),
    )
}

fn json(body: &[u8]) -> Value {
    serde_json::from_slice(body).expect("the body is JSON")
}

#[tokio::test]
async fn pages_carry_the_headers_of_production() -> io::Result<()> {
    let server = start("pages").await?;
    let (status, headers, body) = ask(&server, "GET /", b"").await;
    assert_eq!(
        (status.as_str(), body.as_slice()),
        ("HTTP/1.1 200 OK", b"<!doctype html>".as_slice())
    );
    for header in [
        "content-type: text/html; charset=utf-8",
        "cache-control: no-cache",
        "content-security-policy: default-src 'none'",
        "referrer-policy: no-referrer",
        "x-content-type-options: nosniff",
        "cross-origin-opener-policy: same-origin",
        "permissions-policy: ",
    ] {
        assert!(headers.contains(header), "{header} in {headers}");
    }
    let (_, headers, _) = ask(&server, "GET /app-0123456789abcdef_bg.wasm", b"").await;
    assert!(headers.contains("content-type: application/wasm"), "{headers}");
    assert!(headers.contains("immutable"), "{headers}");
    let (status, headers, body) = ask(&server, "HEAD /words/en.json", b"").await;
    assert_eq!((status.as_str(), body.len()), ("HTTP/1.1 200 OK", 0));
    assert!(
        headers.contains("content-length: 2") && headers.contains("no-cache"),
        "{headers}"
    );
    Ok(())
}

#[tokio::test]
async fn nothing_outside_of_the_page_is_served() -> io::Result<()> {
    let server = start("outside").await?;
    for path in [
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/.secret",
        "/words/../.secret",
        "/words",
        "/nothing",
    ] {
        let (status, _, _) = ask(&server, &format!("GET {path}"), b"").await;
        assert!(status.contains("404"), "{path}: {status}");
    }
    let (status, headers, _) = ask(&server, "POST /index.html", b"x").await;
    assert!(
        status.contains("405") && headers.contains("allow: get, head"),
        "{status} {headers}"
    );
    Ok(())
}

#[tokio::test]
async fn the_configuration_names_the_servers_that_run() -> io::Result<()> {
    let server = start("config").await?;
    let (_, _, body) = ask(&server, "GET /config.json", b"").await;
    assert_eq!(body, server.config_json().as_bytes());
    let config = json(&body);
    assert_eq!(config["schema"], "clearline.config/1");
    let (_, headers, body) = ask(&server, "GET /turn-credentials", b"").await;
    assert!(headers.contains("cache-control: no-store"), "{headers}");
    assert_eq!(json(&body)["uris"][0], config["turn"][0]["urls"][0]);
    assert_eq!(json(&body)["uris"][1], config["turn"][1]["urls"][0]);
    Ok(())
}

#[tokio::test]
async fn the_canary_gives_the_nonce_back_and_tells_what_it_saw() -> io::Result<()> {
    let server = start("canary").await?;
    let (_, headers, body) = ask(&server, "GET /canary?nonce=a-B_9", b"").await;
    for header in [
        "access-control-allow-origin: *",
        "timing-allow-origin: *",
        "cache-control: no-store",
    ] {
        assert!(headers.contains(header), "{header} in {headers}");
    }
    let answer = json(&body);
    assert_eq!(answer["clearline"], 1);
    assert_eq!(answer["nonce"], "a-B_9");
    assert_eq!(answer["address"], "127.0.0.1");
    assert!(answer["via"].is_null() && answer["tls"].is_null());
    let (status, ..) = ask(&server, "GET /canary?nonce=%22", b"").await;
    assert!(status.contains("400"), "{status}");
    Ok(())
}

#[tokio::test]
async fn bandwidth_is_measured_with_exact_bytes() -> io::Result<()> {
    let server = start("bytes").await?;
    let (_, _, body) = ask(&server, "GET /canary/bytes?n=123457", b"").await;
    assert_eq!(body.len(), 123_457);
    let (status, ..) = ask(&server, "GET /canary/bytes?n=4000001", b"").await;
    assert!(status.contains("400"), "{status}");
    let (status, headers, _) = ask(&server, "POST /canary/sink", &[7; 1_000_000]).await;
    assert!(
        status.contains("204") && headers.contains("access-control-allow-origin: *"),
        "{status}"
    );
    Ok(())
}

#[tokio::test]
async fn dropping_the_server_ends_it() -> io::Result<()> {
    let server = start("drop").await?;
    let host = server
        .url()
        .trim_start_matches("http://")
        .trim_end_matches('/')
        .to_owned();
    drop(server);
    for _ in 0..100 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        if TcpStream::connect(&host).await.is_err() {
            return Ok(());
        }
    }
    panic!("{host} still listens");
}

/// Two clients, relay to relay, both ways at once: every payload length modulo four, in order, nothing lost.
async fn relays_media(transport: &str) {
    let server = start(transport).await.expect("ports are free");
    let (_, _, credential) = ask(&server, "GET /turn-credentials", b"").await;
    let credential = json(&credential);
    let mut one = TurnClient::connect(&credential, transport).await;
    let mut two = TurnClient::connect(&credential, transport).await;
    let (first, second) = (one.allocate().await, two.allocate().await);
    one.bind_channel(second).await;
    two.bind_channel(first).await;

    let payload = |number: u32| {
        let mut payload = number.to_be_bytes().to_vec();
        payload.resize(40 + number as usize % 400, 0xa5);
        payload
    };
    for number in 0..600 {
        one.send(&payload(number)).await;
        two.send(&payload(number)).await;
        assert_eq!(
            two.receive().await,
            payload(number),
            "packet {number} of {transport}"
        );
        assert_eq!(
            one.receive().await,
            payload(number),
            "packet {number} of {transport}"
        );
    }
}

#[tokio::test]
async fn tcp_clients_get_every_packet() {
    relays_media("tcp").await;
}

#[tokio::test]
async fn udp_clients_get_every_packet() {
    relays_media("udp").await;
}

#[tokio::test]
async fn a_made_up_user_is_refused() -> io::Result<()> {
    let server = start("refused").await?;
    let (_, _, credential) = ask(&server, "GET /turn-credentials", b"").await;
    let mut credential = json(&credential);
    credential["password"] = "wrong".into();
    let mut client = TurnClient::connect(&credential, "tcp").await;
    assert_eq!(client.try_allocate().await, Err(401));
    Ok(())
}
