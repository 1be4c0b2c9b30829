//! A real server on loopback, with a folder of its own.

use std::fs::Permissions;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use lab::embedded::canary;
use lab::policy;
use lab::site::{self, SiteValues, WebServer};
use tokio::net::TcpStream;

/// How long a server may take to listen.
const PATIENCE: Duration = Duration::from_secs(10);

/// The files of a page that web servers treat differently, and a folder that they do not serve.
const PAGE: [(&str, &str); 13] = [
    ("index.html", "<!doctype html>"),
    ("app-0123456789abcdef_bg.wasm", "\0asm"),
    ("app-0123456789abcdef_bg.wasm.br", "by brotli"),
    ("app-0123456789abcdef_bg.wasm.gz", "by gzip"),
    ("boot-0123456789abcdef.js", "1"),
    ("clearline-0123456789abcdef.css", "a{}"),
    ("config.json", "{}"),
    ("words/en.json", "{}"),
    ("words/en.json.gz", "by gzip"),
    ("pac-worker.js", "1"),
    ("service-worker.js", "1"),
    ("icons/check-32.png", "no image"),
    ("server/secret.txt", "secret"),
];

/// A running server and its folder; both end on drop.
pub struct Running {
    process: Child,
    pub folder: PathBuf,
    pub address: SocketAddr,
}

impl Drop for Running {
    fn drop(&mut self) {
        // A server ends its workers on SIGTERM; a plain kill would leave them behind.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Running {
    /// Starts a server in its folder and waits until it listens.
    pub async fn start(mut command: Command, folder: PathBuf, address: SocketAddr) -> Running {
        let errors = folder.join("stderr.log");
        let file = std::fs::File::create(&errors).expect("the temporary folder is writable");
        let process = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(file)
            .spawn()
            .expect("the server starts");
        let mut server = Running {
            process,
            folder,
            address,
        };
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(address).await.is_err() {
            let ended = server.process.try_wait().expect("it was started");
            assert!(
                ended.is_none() && Instant::now() < deadline,
                "{command:?} does not listen: {}{}",
                std::fs::read_to_string(&errors).unwrap_or_default(),
                std::fs::read_to_string(server.folder.join("error.log")).unwrap_or_default()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        server
    }
}

/// Whether all of these programs are here. `version` is what each is asked.
pub fn are_there(programs: &[(&str, &str)]) -> bool {
    for (name, version) in programs {
        let mut command = Command::new(name);
        let quiet = command.arg(version).stdout(Stdio::null()).stderr(Stdio::null());
        if quiet.status().is_err() {
            println!("left out: {name} is not here");
            return false;
        }
    }
    true
}

/// A folder that servers which run as another user can read, with a certificate for `localhost`.
pub fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("clearline-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the temporary folder is writable");
    std::fs::set_permissions(&folder, Permissions::from_mode(0o755)).expect("it is our folder");
    let settings = "[req]\nprompt=no\ndistinguished_name=dn\nx509_extensions=server\n[dn]\nCN=localhost\n\
                    [server]\nsubjectAltName=DNS:localhost\n";
    std::fs::write(folder.join("openssl.cnf"), settings).expect("the temporary folder is writable");
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-config",
            "openssl.cnf",
        ])
        .args(["-keyout", "key.pem", "-out", "certificate.pem"])
        .current_dir(&folder)
        .stderr(Stdio::null())
        .status();
    assert!(
        made.is_ok_and(|status| status.success()),
        "openssl makes a certificate"
    );
    folder
}

/// An address on loopback where nothing listens.
pub fn free_address() -> SocketAddr {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    free.expect("a port is free")
}

/// Whether a folder is root's, as its server then is.
pub fn is_roots(folder: &Path) -> bool {
    std::fs::metadata(folder).is_ok_and(|metadata| metadata.uid() == 0)
}

/// Puts a page into the folder and the server's configuration for it beside the page, as `site.conf`.
pub fn write_site(server: WebServer, template: &str, folder: &Path, listen: &str) {
    let page = folder.join("page");
    let bytes = page.join("server/bytes");
    let files = PAGE
        .iter()
        .map(|(name, content)| (page.join(name), content.as_bytes().to_vec()));
    let sizes = site::BYTES_FILES
        .iter()
        .map(|size| (bytes.join(format!("{size}.bin")), canary::bytes(*size)));
    for (file, content) in files.chain(sizes) {
        std::fs::create_dir_all(file.parent().expect("it has a folder"))
            .and_then(|()| std::fs::write(file, content))
            .expect("the temporary folder is writable");
    }
    let text = |path: PathBuf| path.display().to_string();
    let values = SiteValues {
        listen: listen.to_owned(),
        server_name: "localhost".into(),
        root: text(page),
        bytes: text(bytes),
        certificate: text(folder.join("certificate.pem")),
        certificate_key: text(folder.join("key.pem")),
        content_security_policy: policy::content_security_policy(&["https://a.example".into()], &[]),
    };
    std::fs::write(folder.join("site.conf"), site::render(server, template, &values))
        .expect("the temporary folder is writable");
}
