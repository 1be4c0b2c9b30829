//! The embedded default of `cargo xtask run`: a page, a canary, TURN credentials and a TURN server, all on
//! loopback and all in this process.

use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub mod canary;
pub mod credentials;
mod framing;
mod http;
mod pages;
mod turn;

/// Longer than any test.
const FOREVER: Duration = Duration::from_secs(365 * 86_400);

/// What to serve, and where.
#[derive(Clone, Debug)]
pub struct Options {
    /// The directory with `index.html`.
    pub page_dir: PathBuf,
    /// Port of the page; a free one when `None`.
    pub http_port: Option<u16>,
    /// Port of TURN, on TCP and UDP; a free one when `None`.
    pub turn_port: Option<u16>,
    /// Value of the `Content-Security-Policy` header.
    pub content_security_policy: String,
    /// Users of TURN, name and password, besides those of `/turn-credentials`.
    pub users: Vec<(String, String)>,
    /// What the configuration says of `reporting`, if anything.
    pub reporting: Option<Value>,
}

/// A running embedded default. Dropping it ends everything.
#[derive(Debug)]
pub struct Embedded {
    url: String,
    config_json: String,
    turn_urls: Vec<String>,
    tasks: [JoinHandle<()>; 2],
}

impl Embedded {
    /// Binds 127.0.0.1 and serves in the background of the current tokio runtime.
    ///
    /// # Errors
    /// A named port is taken, or no port is free.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.http_port.unwrap_or(0))).await?;
        let sockets = turn::TurnSockets::bind(options.turn_port).await?;
        let url = format!("http://127.0.0.1:{}/", listener.local_addr()?.port());
        let uris: Vec<String> = ["tcp", "udp"]
            .map(|transport| format!("turn:127.0.0.1:{}?transport={transport}", sockets.port()))
            .into();
        let config_json = config(&url, &uris, options.reporting.as_ref());
        let mut secret = vec![0; 32];
        getrandom::fill(&mut secret).map_err(|error| io::Error::other(error.to_string()))?;

        let (serving_turn, users) = sockets.serve();
        for (name, password) in &options.users {
            users.allow(name, password, FOREVER).await;
        }
        let site = http::Site {
            pages: pages::Pages::new(&options.page_dir, &config_json, &options.content_security_policy)?,
            secret,
            uris: uris.clone(),
            users,
        };
        let tasks = [
            tokio::spawn(http::serve(listener, Arc::new(site))),
            tokio::spawn(serving_turn),
        ];
        Ok(Self {
            url,
            config_json,
            turn_urls: uris,
            tasks,
        })
    }

    /// The TURN URLs, TCP first.
    pub fn turn_urls(&self) -> &[String] {
        &self.turn_urls
    }

    /// The page's address, with a closing slash.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The configuration that is served as `config.json`.
    pub fn config_json(&self) -> &str {
        &self.config_json
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// The configuration that fits the servers (contract section 1).
fn config(url: &str, turn_uris: &[String], reporting: Option<&Value>) -> String {
    let turn: Vec<_> = turn_uris
        .iter()
        .zip(["turn-tcp", "turn-udp"])
        .map(|(uri, id)| json!({ "id": id, "urls": [uri], "credentials_url": "/turn-credentials" }))
        .collect();
    let mut config = json!({
        "schema": "clearline.config/1",
        "name": "Clearline on this computer",
        "applications": [
            { "id": "agent-desktop", "url": url },
            { "id": "agent-setup", "url": url, "check": "image",
              "image": { "url": format!("{url}icons/check-32.png"), "width": 32, "height": 32 } },
            { "id": "this-computer", "name": "This computer's own test endpoint", "url": format!("{url}canary"),
              "check": "canary", "activity": "agent-desktop", "required": false },
        ],
        "turn": turn,
        "canary": { "url": format!("{url}canary") },
        "activities": { "calls": 1, "screen_recording": true },
        "helpdesk": { "name": "IT Service Desk", "phone": "+1 555 0100", "email": "desk@best-customer.example" },
    });
    if let Some(reporting) = reporting {
        config["reporting"] = reporting.clone();
    }
    format!("{config:#}\n")
}
