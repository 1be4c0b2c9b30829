//! What every web server's configuration promises.

use std::time::{Duration, SystemTime};

use lab::embedded::canary;
use lab::policy;
use serde_json::Value;

use crate::running::Running;
use crate::tls::{Line, ask};

/// HTTP/2's frames, by their type.
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const WINDOW_UPDATE: u8 = 8;

/// How long nothing may come before a body is complete.
const SILENCE: Duration = Duration::from_millis(300);

const CROSS_ORIGIN: [&str; 3] = [
    "access-control-allow-origin: *",
    "timing-allow-origin: *",
    "cache-control: no-store",
];

/// Every line of an answer's head, and each header once: of two policies a browser obeys both.
#[track_caller]
fn has(head: &str, lines: &[&str]) {
    for line in lines {
        assert!(head.lines().any(|it| it == *line), "{line} in {head}");
        let name = line.split_once(':').map_or(*line, |(name, _)| name);
        let count = head
            .lines()
            .filter(|it| it.split(':').next() == Some(name))
            .count();
        assert_eq!(count, 1, "{name} in {head}");
    }
}

#[track_caller]
fn status(head: &str, code: &str) {
    let told = head.lines().next().and_then(|line| line.split(' ').nth(1));
    assert_eq!(told, Some(code), "{head}");
}

pub fn json(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(body)))
}

/// `GET /canary`, whole; the answer.
pub async fn the_canary_answers(server: &Running) -> Value {
    let (head, body) = ask(server, "GET /canary?nonce=a-B_9", "").await;
    status(&head, "200");
    has(&head, &CROSS_ORIGIN);
    has(&head, &["x-content-type-options: nosniff"]);
    assert!(head.contains("content-type: application/json"), "{head}");
    let answer = json(&body);
    assert_eq!(answer["clearline"], 1);
    assert_eq!(answer["nonce"], "a-B_9");
    assert_eq!(answer["address"], "127.0.0.1");
    assert!(
        answer["via"].is_null() && answer["forwarded"].is_null(),
        "{answer}"
    );
    assert_eq!(answer["tls"]["protocol"], "TLSv1.3");
    let cipher = answer["tls"]["cipher"].as_str().unwrap_or_default();
    assert!(cipher.starts_with("TLS_AES_"), "{answer}");

    for nonce in ["", "?nonce=", "?nonce=%22", "?nonce=a\"b", "?nonce=a%0A"] {
        let (head, _) = ask(server, &format!("GET /canary{nonce}"), "").await;
        status(&head, "400");
    }
    let (head, _) = ask(server, &format!("GET /canary?nonce={}", "x".repeat(65)), "").await;
    status(&head, "400");
    answer
}

/// What a proxy wrote into the headers comes back as text and as nothing else; what was told of a malicious one.
pub async fn headers_stay_text(server: &Running) -> String {
    let headers = "Via: 1.1 proxy (squid/5.7)\r\nX-Forwarded-For: 10.0.0.1\",\"x\":\"[[now]]\r\n";
    let (_, body) = ask(server, "GET /canary?nonce=1", headers).await;
    let answer = json(&body);
    assert_eq!(answer["via"], "1.1 proxy (squid/5.7)");
    assert!(answer.get("x").is_none(), "{answer}");
    answer["forwarded"].as_str().expect("it is told").to_owned()
}

/// The time is this computer's, in UTC.
pub async fn the_time_is_right(server: &Running) {
    let before = canary::utc(SystemTime::now());
    let (_, body) = ask(server, "GET /canary?nonce=1", "").await;
    let after = canary::utc(SystemTime::now());
    let answer = json(&body);
    let time = answer["time"].as_str().expect("a time");
    assert!(
        *before <= *time && *time <= *after,
        "{before} <= {time} <= {after}"
    );
}

/// `GET /canary/bytes`, each of these with so many bytes.
pub async fn bytes_come(server: &Running, sizes: &[(usize, usize)]) {
    for (n, expected) in sizes {
        let (head, body) = ask(server, &format!("GET /canary/bytes?n={n}"), "").await;
        status(&head, "200");
        has(&head, &CROSS_ORIGIN);
        assert_eq!(body.len(), *expected, "{n}");
    }
    for n in ["?n=4000001", "?n=40000000", "?n=x", "?n=-1", "?n=1.5", "?n=", ""] {
        let (head, _) = ask(server, &format!("GET /canary/bytes{n}"), "").await;
        status(&head, "400");
    }
}

/// No answer may come while a body is still under way: it would make an upload look faster than the line.
pub async fn uploads_are_read_to_their_end(server: &Running) {
    let mut line = Line::open(server, "http/1.1");
    let host = server.address.port();
    let head = format!(
        "POST /canary/sink HTTP/1.1\r\nHost: localhost:{host}\r\nConnection: close\r\nContent-Length: 2000000\r\n\r\n"
    );
    line.send(head.as_bytes()).await;
    line.send(&[7; 1_000_000]).await;
    assert!(
        line.is_silent(SILENCE).await,
        "an answer before the end of the body"
    );
    line.send(&[7; 1_000_000]).await;
    let answer = String::from_utf8_lossy(&line.rest().await).to_ascii_lowercase();
    status(&answer, "204");
    has(&answer, &CROSS_ORIGIN);

    // The same over HTTP/2, as browsers do it: 60 kB pass without the server's leave.
    let mut line = Line::open(server, "h2");
    line.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    line.send(&frame(SETTINGS, 0, 0, &[])).await;
    // In HPACK's table 0x83 is `:method: POST`, 0x87 `:scheme: https`; then `:authority`, `:path`, `content-length`.
    let mut headers = vec![0x83, 0x87];
    let authority = format!("localhost:{host}");
    for (name, value) in [(1, authority.as_str()), (4, "/canary/sink"), (28, "60000")] {
        literal(&mut headers, name, value);
    }
    line.send(&frame(HEADERS, 4, 1, &headers)).await;
    for _ in 0..2 {
        line.send(&frame(DATA, 0, 1, &[7; 15_000])).await;
    }
    tokio::time::sleep(SILENCE).await;
    // What stands before the ping's answer came before the end of the body.
    line.send(&frame(PING, 0, 0, b"half way")).await;
    loop {
        match line.frame().await {
            (PING, 1, _) => break,
            (SETTINGS | PING | WINDOW_UPDATE, ..) => {}
            early => panic!("before the end of the body: {early:?}"),
        }
    }
    line.send(&frame(DATA, 0, 1, &[7; 15_000])).await;
    line.send(&frame(DATA, 1, 1, &[7; 15_000])).await;
    loop {
        match line.frame().await {
            (HEADERS, _, headers) => {
                assert_eq!(headers[0], 0x89, ":status 204");
                break;
            }
            (SETTINGS | PING | WINDOW_UPDATE, ..) => {}
            other => panic!("instead of an answer: {other:?}"),
        }
    }
}

/// A header whose name is in HPACK's table.
fn literal(headers: &mut Vec<u8>, name: u8, value: &str) {
    match name {
        0..15 => headers.push(name),
        _ => headers.extend([15, name - 15]),
    }
    headers.push(u8::try_from(value.len()).expect("short"));
    headers.extend(value.as_bytes());
}

/// An HTTP/2 frame.
fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("short").to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags, 0, 0, 0, stream];
    frame.extend(payload);
    frame
}

/// Types, caching, headers; and what is for the server alone is shut.
pub async fn pages_carry_the_headers(server: &Running) {
    for (path, kind) in [
        ("/", "content-type: text/html; charset=utf-8"),
        ("/index.html", "content-type: text/html; charset=utf-8"),
        ("/config.json", "content-type: application/json"),
        ("/words/en.json", "content-type: application/json"),
        ("/icons/check-32.png", "content-type: image/png"),
    ] {
        let (head, _) = ask(server, &format!("GET {path}"), "").await;
        status(&head, "200");
        has(&head, &["cache-control: no-cache"]);
        assert!(head.contains(kind), "{kind} in {head}");
        let all = policy::HEADERS
            .iter()
            .map(|(name, value)| format!("{name}: {value}").to_ascii_lowercase());
        for header in all {
            has(&head, &[&header]);
        }
        let policy = policy::content_security_policy(&["https://a.example".into()], &[]);
        has(&head, &[&format!("content-security-policy: {policy}")]);
        assert!(
            head.contains("frame-ancestors 'self'") && !head.contains("alt-svc"),
            "{head}"
        );
    }
    for (path, kind) in [
        ("/app-0123456789abcdef_bg.wasm", "application/wasm"),
        ("/boot-0123456789abcdef.js", "text/javascript; charset=utf-8"),
        ("/clearline-0123456789abcdef.css", "text/css; charset=utf-8"),
    ] {
        let (head, _) = ask(server, &format!("GET {path}"), "").await;
        has(
            &head,
            &[
                &format!("content-type: {kind}"),
                "cache-control: public, max-age=31536000, immutable",
            ],
        );
    }
    for (name, policy) in [
        (policy::WORKER, policy::WORKER_POLICY),
        (policy::SERVICE_WORKER, policy::SERVICE_WORKER_POLICY),
    ] {
        let (head, _) = ask(server, &format!("GET /{name}"), "").await;
        status(&head, "200");
        has(
            &head,
            &[
                &format!("content-security-policy: {policy}"),
                "content-type: text/javascript; charset=utf-8",
                "cache-control: no-cache",
                "x-content-type-options: nosniff",
            ],
        );
    }
    // Whether it is there is asked before it is registered.
    for (name, code) in [(policy::SERVICE_WORKER, "200"), ("none-worker.js", "404")] {
        let (head, _) = ask(server, &format!("HEAD /{name}"), "").await;
        status(&head, code);
    }
    for path in [
        "/server/bytes/10000.bin",
        "/server/secret.txt",
        "/server/",
        "/%73erver/secret.txt",
        "//server/secret.txt",
        "/./server/secret.txt",
        "/words/../server/secret.txt",
        "/canary/bytes/../../server/secret.txt",
        "/nothing",
    ] {
        let (head, body) = ask(server, &format!("GET {path}"), "").await;
        let told = head.lines().next().unwrap_or_default();
        assert!(told.contains(" 404") || told.contains(" 400"), "{path}: {head}");
        assert!(!body.starts_with(b"secret"), "{path}");
        assert!(!head.contains("alt-svc"), "{head}");
    }
}

/// What was compressed before is served to who takes it, as what it is; `brotli` where the server takes it without
/// a module that it does not bring.
pub async fn the_twins_are_served(server: &Running, brotli: bool) {
    let wasm = "GET /app-0123456789abcdef_bg.wasm";
    let both = if brotli { "br" } else { "gzip" };
    for (accepted, encoding) in [("gzip, deflate, br", both), ("gzip", "gzip")] {
        let (head, body) = ask(server, wasm, &format!("Accept-Encoding: {accepted}\r\n")).await;
        has(
            &head,
            &[
                &format!("content-encoding: {encoding}"),
                "content-type: application/wasm",
                "cache-control: public, max-age=31536000, immutable",
            ],
        );
        let expected = if encoding == "br" { "by brotli" } else { "by gzip" };
        assert_eq!(String::from_utf8_lossy(&body), expected);
    }
    let (head, body) = ask(server, wasm, "").await;
    assert!(!head.contains("content-encoding"), "{head}");
    assert_eq!(body, b"\0asm");
    if brotli {
        assert!(head.contains("vary: accept-encoding"), "{head}");
    }
    let (head, _) = ask(server, "GET /words/en.json", "Accept-Encoding: gzip, br\r\n").await;
    has(&head, &["content-encoding: gzip", "cache-control: no-cache"]);
    assert!(head.contains("content-type: application/json"), "{head}");
}

/// A preflight is answered, should a browser ever send one.
pub async fn preflights_pass(server: &Running) {
    for path in ["/canary?nonce=1", "/canary/bytes?n=1", "/canary/sink"] {
        let headers = "Origin: https://a.example\r\nAccess-Control-Request-Method: POST\r\n";
        let (head, _) = ask(server, &format!("OPTIONS {path}"), headers).await;
        status(&head, "204");
        has(&head, &CROSS_ORIGIN);
    }
}
