//! A receiver of results on loopback, good, slow, busy, sending elsewhere or deaf by the first word of its paths. It writes
//! down all that it hears.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::command::Outcome;

/// How long `/slow` thinks.
const SLOW: Duration = Duration::from_secs(3);
/// A client that stops in the middle is not waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often `/busy` refuses.
const BUSY: usize = 2;

const OPEN: &str = "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: content-type, idempotency-key\r\n\
                    Access-Control-Expose-Headers: retry-after\r\nConnection: close\r\n";

/// A request that came.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub(super) method: String,
    pub(super) path: String,
    /// Names in small letters.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
    /// Milliseconds since 1970.
    pub(super) at: f64,
    /// The status it got; 0 for none.
    pub(super) status: u16,
}

impl Heard {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

#[derive(Default)]
struct Shared {
    heard: Mutex<Vec<Heard>>,
    hears: AtomicBool,
    over: AtomicBool,
}

impl Shared {
    fn heard(&self) -> std::sync::MutexGuard<'_, Vec<Heard>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A receiver; dropping it ends it.
pub(super) struct Receiver {
    port: u16,
    shared: Arc<Shared>,
}

impl Receiver {
    pub(super) fn start() -> Outcome<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared::default());
        let mine = shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if mine.over.load(Ordering::Relaxed) {
                    break;
                }
                let mine = mine.clone();
                // A browser that goes away is no fault.
                std::thread::spawn(move || answer(stream, &mine).ok());
            }
        });
        Ok(Self { port, shared })
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// From now on `/deaf` hears.
    pub(super) fn hear(&self) {
        self.shared.hears.store(true, Ordering::Relaxed);
    }

    /// All requests so far, those of browsers that ask first (`OPTIONS`) included.
    pub(super) fn heard(&self) -> Vec<Heard> {
        self.shared.heard().clone()
    }

    /// What was posted to a path.
    pub(super) fn posted(&self, path: &str) -> Vec<Heard> {
        let mut heard = self.heard();
        heard.retain(|it| it.method == "POST" && it.path == path);
        heard
    }

    /// What was accepted at a path.
    pub(super) fn accepted(&self, path: &str) -> Vec<Heard> {
        let mut posted = self.posted(path);
        posted.retain(|it| it.status == 200);
        posted
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        // Wakes it, so that it sees that it is over.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

fn answer(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let Some(mut heard) = request(&mut stream)? else {
        return Ok(());
    };
    let kind = heard.path.split('/').nth(1).unwrap_or_default().to_owned();
    let post = heard.method == "POST";
    let deaf = kind == "deaf" && !shared.hears.load(Ordering::Relaxed);
    let (status, more) = {
        let mut all = shared.heard();
        let before = all
            .iter()
            .filter(|it| it.method == "POST" && it.path == heard.path);
        let (status, more) = match &*kind {
            _ if deaf => (0, ""),
            _ if !post => (204, ""),
            "busy" if before.count() < BUSY => (503, "Retry-After: 1\r\n"),
            "away" => (302, "Location: /good/elsewhere\r\n"),
            _ => (200, "Content-Type: application/json\r\n"),
        };
        heard.status = status;
        all.push(heard);
        (status, more)
    };
    if deaf {
        return Ok(());
    }
    if kind == "slow" && post {
        std::thread::sleep(SLOW);
    }
    let body = if status == 200 { "{}" } else { "" };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status} X\r\n{OPEN}{more}Content-Length: {length}\r\n\r\n{body}"
    )
}

fn request(stream: &mut TcpStream) -> std::io::Result<Option<Heard>> {
    let mut bytes = Vec::new();
    let mut part = [0; 16_384];
    let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    loop {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let mut lines = head.lines();
            let mut first = lines.next().unwrap_or_default().split(' ');
            let (method, path) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
            let headers: Vec<(String, String)> = lines
                .filter_map(|line| line.split_once(':'))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
                .collect();
            let length = headers.iter().find(|(name, _)| name == "content-length");
            let length: usize = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
            if let Some(body) = bytes.get(end + 4..end + 4 + length) {
                return Ok(Some(Heard {
                    method: method.to_owned(),
                    path: path.to_owned(),
                    body: String::from_utf8_lossy(body).into_owned(),
                    headers,
                    at: at.as_secs_f64() * 1000.0,
                    status: 0,
                }));
            }
        }
        match stream.read(&mut part)? {
            0 => return Ok(None),
            count => bytes.extend_from_slice(&part[..count]),
        }
    }
}
