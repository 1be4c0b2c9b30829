//! Time-limited TURN credentials: nginx's njs makes them, a real coturn takes them.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use lab::site::{self, CredentialValues, WebServer};
use serde_json::Value;

use crate::nginx;
use crate::promises;
use crate::running::{self, Running};
use crate::tls::ask;
use crate::turn_client::TurnClient;

/// Where Debian has the module.
const NJS: &str = "/usr/lib/nginx/modules/ngx_http_js_module.so";
const SECRET: &str = "north-wind-and-sun";

async fn start_coturn(name: &str) -> Option<Running> {
    if !running::are_there(&[("turnserver", "--help"), ("openssl", "version")]) {
        return None;
    }
    let folder = running::folder(&format!("coturn-{name}"));
    let address = running::free_address();
    let shown = folder.display();
    let settings = format!(
        "listening-ip=127.0.0.1\nrelay-ip=127.0.0.1\nlistening-port={port}\nno-udp\nno-tls\nno-dtls\nno-cli\n\
         allow-loopback-peers\nrelay-threads=1\nrealm=best-customer.example\nfingerprint\n\
         use-auth-secret\nstatic-auth-secret={SECRET}\n\
         userdb={shown}/turn.db\npidfile={shown}/turn.pid\nlog-file={shown}/error.log\nsimple-log\n",
        port = address.port(),
    );
    std::fs::write(folder.join("turnserver.conf"), settings).expect("the temporary folder is writable");
    let mut command = Command::new("turnserver");
    command.arg("-c").arg(folder.join("turnserver.conf"));
    Some(Running::start(command, folder, address).await)
}

/// The page's nginx with the credential service in it.
async fn start_nginx(name: &str, turn: &Running, lifetime_s: u64) -> Option<Running> {
    if !running::are_there(&[("nginx", "-v")]) || !Path::new(NJS).is_file() {
        println!("left out: nginx with njs is not here");
        return None;
    }
    let folder = running::folder(&format!("credentials-{name}"));
    let address = running::free_address();
    let page = include_str!("../../../static/server/nginx.conf");
    let line = "# include /etc/nginx/clearline-turn.conf;";
    assert!(page.contains(line));
    let include = format!("include {}/turn.conf;", folder.display());
    running::write_site(
        WebServer::Nginx,
        &page.replace(line, &include),
        &folder,
        &format!("{address} ssl http2"),
    );
    let values = CredentialValues {
        root: folder.join("page").display().to_string(),
        secret: SECRET.into(),
        uris: vec![
            format!("turn:{}?transport=tcp", turn.address),
            "turn:spare.example".into(),
        ],
        lifetime_s,
    };
    let service = include_str!("../../../static/server/turn-credentials.conf");
    let script = include_str!("../../../static/server/turn-credentials.js");
    std::fs::write(
        folder.join("turn.conf"),
        site::render_credentials(service, &values),
    )
    .and_then(|()| std::fs::write(folder.join("page/server/turn-credentials.js"), script))
    .expect("the temporary folder is writable");
    nginx::write_main(
        &folder,
        &format!("load_module {NJS};"),
        &format!("include {}/site.conf;", folder.display()),
    );
    Some(Running::start(nginx::command(&folder), folder, address).await)
}

async fn fetch(server: &Running) -> Value {
    let (head, body) = ask(server, "GET /turn-credentials", "").await;
    for header in [
        " 200",
        "content-type: application/json",
        "cache-control: no-store",
        "x-content-type-options: nosniff",
    ] {
        assert!(head.contains(header), "{header} in {head}");
    }
    promises::json(&body)
}

fn now_s() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.expect("after 1970").as_secs()
}

fn expiry_s(credential: &Value) -> u64 {
    let username = credential["username"].as_str().expect("a name");
    let (expiry, _) = username.split_once(':').expect("expiry and name");
    expiry.parse().expect("seconds")
}

#[tokio::test]
async fn coturn_takes_what_nginx_hands_out() {
    let Some(turn) = start_coturn("accepts").await else {
        return;
    };
    let before = now_s();
    let Some(server) = start_nginx("accepts", &turn, 600).await else {
        return;
    };
    let credential = fetch(&server).await;
    assert_eq!(credential["ttl"], 600);
    assert_eq!(credential["uris"][1], "turn:spare.example");
    let expiry = expiry_s(&credential);
    assert!(
        (before + 600..=now_s() + 600).contains(&expiry),
        "{credential} at {before}"
    );
    let other = fetch(&server).await;
    assert_ne!(
        credential["username"], other["username"],
        "each check has its own quota"
    );

    // From relay to relay and back.
    let mut one = TurnClient::connect(&credential, "tcp").await;
    let mut two = TurnClient::connect(&other_at(&other, &credential), "tcp").await;
    let (first, second) = (one.allocate().await, two.allocate().await);
    one.bind_channel(second).await;
    two.bind_channel(first).await;
    one.send(b"there").await;
    assert_eq!(two.receive().await, b"there");
    two.send(b"and back").await;
    assert_eq!(one.receive().await, b"and back");

    // A later expiry needs another password.
    let mut forged = credential.clone();
    forged["username"] = format!("{}:clearline", expiry + 86_400).into();
    let mut client = TurnClient::connect(&forged, "tcp").await;
    assert_eq!(client.try_allocate().await, Err(401));
    let mut forged = credential.clone();
    forged["password"] = "wrong".into();
    let mut client = TurnClient::connect(&forged, "tcp").await;
    assert_eq!(client.try_allocate().await, Err(401));
}

/// The same servers for another credential.
fn other_at(other: &Value, at: &Value) -> Value {
    let mut other = other.clone();
    other["uris"] = at["uris"].clone();
    other
}

#[tokio::test]
async fn coturn_refuses_what_has_expired() {
    let Some(turn) = start_coturn("expires").await else {
        return;
    };
    let Some(server) = start_nginx("expires", &turn, 1).await else {
        return;
    };
    let credential = fetch(&server).await;
    let deadline = Instant::now() + Duration::from_secs(10);
    // coturn counts whole seconds, too.
    while now_s() < expiry_s(&credential) + 2 {
        assert!(Instant::now() < deadline, "it expires within seconds");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut client = TurnClient::connect(&credential, "tcp").await;
    assert_eq!(client.try_allocate().await, Err(401));
}

#[tokio::test]
async fn visitors_never_see_the_secret() {
    let Some(turn) = start_coturn("secret").await else {
        return;
    };
    let Some(server) = start_nginx("secret", &turn, 600).await else {
        return;
    };
    for request in [
        "GET /turn-credentials",
        "GET /turn-credentials?clearline_turn_secret=1",
        "POST /turn-credentials",
        "PUT /turn-credentials",
        "OPTIONS /turn-credentials",
        "GET /turn-credentials/",
        "GET /server/turn-credentials.js",
        "GET /server/turn-credentials.conf",
        "GET /",
    ] {
        let (head, body) = ask(&server, request, "Content-Length: 0\r\n").await;
        let body = String::from_utf8_lossy(&body);
        assert!(
            !head.contains(SECRET) && !body.contains(SECRET),
            "{request}: {head}"
        );
        if !request.starts_with("GET") {
            assert!(
                head.starts_with("http/1.1 403") && !body.contains("password"),
                "{request}: {head}"
            );
        }
        if request.contains("/server/") {
            assert!(head.starts_with("http/1.1 404"), "{request}: {head}");
        }
    }
}
