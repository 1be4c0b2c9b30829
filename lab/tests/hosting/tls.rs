//! A client that speaks TLS by `openssl s_client`, and HTTP by hand.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::time::timeout;

use crate::running::Running;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// One connection; ends on drop.
pub struct Line {
    _process: Child,
    write: ChildStdin,
    read: ChildStdout,
}

impl Line {
    /// Connects; `protocol` is what ALPN offers.
    pub fn open(server: &Running, protocol: &str) -> Line {
        let mut process = tokio::process::Command::from(client(server))
            .args(["-quiet", "-alpn", protocol])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("openssl starts");
        Line {
            write: process.stdin.take().expect("it is piped"),
            read: process.stdout.take().expect("it is piped"),
            _process: process,
        }
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        let sending = async {
            self.write.write_all(bytes).await?;
            self.write.flush().await
        };
        let sent = timeout(PATIENCE, sending).await;
        sent.expect("the server reads in time").expect("the server reads");
    }

    /// All until the server closes.
    pub async fn rest(&mut self) -> Vec<u8> {
        let mut answer = Vec::new();
        let read = timeout(PATIENCE, self.read.read_to_end(&mut answer)).await;
        read.expect("the server answers in time").expect("it can be read");
        answer
    }

    /// So many bytes.
    async fn exactly(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        let read = timeout(PATIENCE, self.read.read_exact(&mut bytes)).await;
        read.expect("the server answers in time").expect("there is more");
        bytes
    }

    /// Whether nothing at all comes for so long.
    pub async fn is_silent(&mut self, time: Duration) -> bool {
        timeout(time, self.read.read_u8()).await.is_err()
    }

    /// An HTTP/2 frame: type, flags and payload.
    pub async fn frame(&mut self) -> (u8, u8, Vec<u8>) {
        let head = self.exactly(9).await;
        let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
        (head[3], head[4], self.exactly(length).await)
    }
}

/// `openssl s_client` that trusts the server's certificate and no other.
fn client(server: &Running) -> Command {
    let mut command = Command::new("openssl");
    command
        .args([
            "s_client",
            "-verify_return_error",
            "-servername",
            "localhost",
            "-CAfile",
        ])
        .arg(server.folder.join("certificate.pem"))
        .arg("-connect")
        .arg(server.address.to_string())
        .stderr(Stdio::null());
    command
}

/// Status line and headers in lower case, and the body, over HTTP/1.1.
pub async fn ask(server: &Running, request: &str, headers: &str) -> (String, Vec<u8>) {
    let mut line = Line::open(server, "http/1.1");
    let host = format!("localhost:{}", server.address.port());
    let head = format!("{request} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n");
    line.send(head.as_bytes()).await;
    let answer = line.rest().await;
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("an HTTP answer");
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    (head, answer[end + 4..].to_vec())
}

/// Whether a second connection takes the first one's TLS session up, by a version such as `-tls1_3`.
pub async fn resumes(server: &Running, version: &str) -> bool {
    let session = server.folder.join("session.pem");
    let _ = std::fs::remove_file(&session);
    connect_once(server, version, &["-sess_out".as_ref(), &session]).await;
    // A server that gives no session at all leaves no file.
    session.exists()
        && connect_once(server, version, &["-sess_in".as_ref(), &session])
            .await
            .contains("\nReused, ")
}

/// What openssl tells of one whole exchange: session tickets come behind the handshake.
async fn connect_once(server: &Running, version: &str, more: &[&Path]) -> String {
    let mut process = tokio::process::Command::from(client(server))
        .args([version, "-ign_eof"])
        .args(more)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("openssl starts");
    let mut stdin = process.stdin.take().expect("it is piped");
    let request = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stdin.write_all(request).await.expect("openssl reads");
    let output = timeout(PATIENCE, process.wait_with_output()).await;
    let output = output
        .expect("the server answers in time")
        .expect("it can be read");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        told.contains("\nNew, ") || told.contains("\nReused, "),
        "no connection: {told}"
    );
    told
}
