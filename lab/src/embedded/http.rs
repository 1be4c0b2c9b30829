//! HTTP: the page's files, the canary, the TURN credentials.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::canary::{self, Seen};
use super::credentials::{Credential, LIFETIME_S};
use super::pages::Pages;
use super::turn::Users;

/// The most that `/canary/sink` swallows in one request, in bytes.
const SINK: usize = 8_000_000;

/// What is served.
pub(super) struct Site {
    pub(super) pages: Pages,
    pub(super) secret: Vec<u8>,
    pub(super) uris: Vec<String>,
    pub(super) users: Users,
}

/// Serves until dropped.
pub(super) async fn serve(listener: TcpListener, site: Arc<Site>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, peer)) = accepted else { continue };
                // Answers are small: waiting to fill a packet would only show up as latency.
                let _ = stream.set_nodelay(true);
                let site = site.clone();
                let service = service_fn(move |request| {
                    let site = site.clone();
                    async move { Ok::<_, Infallible>(answer(&site, request, peer).await) }
                });
                let mut http = http1::Builder::new();
                http.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(30));
                connections.spawn(async move {
                    // A client that goes away is nobody's error.
                    let _ = http.serve_connection(TokioIo::new(stream), service).await;
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

type Answer = Response<Full<Bytes>>;

async fn answer(site: &Site, request: Request<Incoming>, peer: SocketAddr) -> Answer {
    let path = request.uri().path().to_owned();
    let reading = matches!(*request.method(), Method::GET | Method::HEAD);
    match (path.as_str(), reading) {
        ("/canary", true) => open(canary_answer(&request, peer)),
        ("/canary/bytes", true) => open(canary_bytes(&request)),
        ("/canary/sink", false) if request.method() == Method::POST => open(sink(request).await),
        ("/turn-credentials", true) => open(turn_credentials(site).await),
        (_, true) => site.pages.answer(&path).await,
        (_, false) => {
            let mut refused = plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD work here\n");
            refused
                .headers_mut()
                .insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            refused
        }
    }
}

fn canary_answer(request: &Request<Incoming>, peer: SocketAddr) -> Answer {
    let nonce = parameter(request, "nonce").unwrap_or_default();
    if !canary::nonce_is_fine(nonce) {
        return plain(StatusCode::BAD_REQUEST, "nonce has to be [A-Za-z0-9_-]{1,64}\n");
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let seen = Seen {
        nonce,
        address: peer.ip(),
        time: SystemTime::now(),
        via: header("via"),
        forwarded: header("forwarded").or_else(|| header("x-forwarded-for")),
    };
    json(canary::answer(&seen))
}

fn canary_bytes(request: &Request<Incoming>) -> Answer {
    match parameter(request, "n").map(str::parse::<usize>) {
        Some(Ok(count)) if count <= canary::MOST_BYTES => {
            let mut answer = Response::new(Full::from(canary::bytes(count)));
            let media_type = HeaderValue::from_static("application/octet-stream");
            answer.headers_mut().insert(header::CONTENT_TYPE, media_type);
            answer
        }
        _ => plain(StatusCode::BAD_REQUEST, "n has to be a number up to 4000000\n"),
    }
}

async fn sink(request: Request<Incoming>) -> Answer {
    let mut body = Limited::new(request.into_body(), SINK);
    while let Some(frame) = body.frame().await {
        if frame.is_err() {
            return plain(StatusCode::PAYLOAD_TOO_LARGE, "at most 8000000 bytes\n");
        }
    }
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    answer
}

async fn turn_credentials(site: &Site) -> Answer {
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let credential = Credential::issue(&site.secret, &site.uris, now);
    site.users
        .allow(
            &credential.username,
            &credential.password,
            Duration::from_secs(LIFETIME_S),
        )
        .await;
    json(serialized(&credential))
}

fn serialized(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain structs of strings and numbers serialize")
}

/// One parameter of the query. Nothing here needs percent-decoding: what would need it is refused.
fn parameter<'a>(request: &'a Request<Incoming>, name: &str) -> Option<&'a str> {
    let query = request.uri().query()?;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

fn plain(status: StatusCode, text: &'static str) -> Answer {
    let mut answer = Response::new(Full::from(text));
    *answer.status_mut() = status;
    let media_type = HeaderValue::from_static("text/plain; charset=utf-8");
    answer.headers_mut().insert(header::CONTENT_TYPE, media_type);
    answer
}

fn json(text: String) -> Answer {
    let mut answer = Response::new(Full::from(text));
    answer
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

/// Readable from any origin, timed in full, kept by nobody.
fn open(mut answer: Answer) -> Answer {
    let headers = answer.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert("timing-allow-origin", HeaderValue::from_static("*"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    answer
}
