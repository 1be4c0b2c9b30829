//! `cargo xtask dist`: the release bundle.

use std::io::Write as _;
use std::path::Path;

use brotli::enc::BrotliEncoderParams;
use brotli::enc::backward_references::BrotliEncoderMode as Mode;
use lab::embedded::{canary, credentials::LIFETIME_S};
use lab::site::{self, CredentialValues, SiteValues, WebServer};

use crate::command::{self, Failure, Outcome};
use crate::page::{self, Build};
use crate::sbom;
use crate::shrink;
use crate::size::{self, beside};
use crate::{config, offline, tools};

/// Where a bundle lives on the server, unless somebody edits the configuration in `server/`.
const SERVER_ROOT: &str = "/srv/clearline";
/// And under which name.
const SERVER_NAME: &str = "selftest.best-customer.example";
/// What web servers run, as it is.
const SCRIPTS: [&str; 2] = ["apache-canary.lua", "turn-credentials.js"];
/// Tells an open page which one the server has now.
pub const VERSION: &str = "version.json";
/// What is compressed before it is served. Images are already.
const COMPRESSED: [&str; 7] = ["html", "js", "css", "wasm", "json", "svg", "txt"];

/// `cargo xtask dist`.
///
/// # Errors
/// A tool is missing, or the page does not build.
pub fn main() -> Outcome<()> {
    tools::ensure_for_page()?;
    let folder = command::root().join("dist");
    build(&folder)?;
    let size = size::first_load(&folder)?;
    println!(
        "{}: a first visit loads {size} bytes of brotli until the page is there (budget: {}), {} in all. {} more are \
         kept for when the server is away.",
        folder.display(),
        size::BUDGET,
        size::whole(&folder)?,
        size::kept(&folder)?,
    );
    println!(
        "Its web server: server/nginx.conf, apache.conf or Caddyfile. What customers edit: config.json."
    );
    Ok(())
}

/// Builds the bundle into `folder`, which is replaced.
///
/// # Errors
/// The page does not build, or the folder cannot be written.
pub fn build(folder: &Path) -> Outcome<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    let wasm_opt = tools::ensure_wasm_opt();
    let std_source = tools::ensure_std_source();
    let build = Build::Release { wasm_opt, std_source };
    page::build(build, folder)?;
    if wasm_opt {
        shrink::shrink(folder, build.is_split())?;
    }
    shrink::shrink_boot(folder)?;
    offline::write(folder)?;
    write_version(folder)?;
    write_server(folder)?;
    sbom::write(folder)?;
    compress_all(folder)
}

/// `version.json`, by which an open page learns that another one has been put in its place.
fn write_version(folder: &Path) -> Outcome<()> {
    let version = offline::version(folder)?;
    std::fs::write(folder.join(VERSION), format!("{{\"version\": \"{version}\"}}\n")).map_err(Failure::from)
}

/// Gives every file of a bundle that is served compressed its twins.
///
/// # Errors
/// A file cannot be read or written.
pub fn compress_all(folder: &Path) -> Outcome<()> {
    for file in size::files(folder)? {
        if is_precompressed(file.strip_prefix(folder).unwrap_or(&file)) {
            compress(&file)?;
        }
    }
    Ok(())
}

/// Whether a file of the bundle gets compressed twins. What customers edit does not: the twins would stay old.
pub fn is_precompressed(name: &Path) -> bool {
    let edited = name == Path::new("config.json") || name.starts_with("configs");
    // Less than a packet.
    let edited = edited || name == Path::new(VERSION);
    let server = name.starts_with("server");
    !edited
        && !server
        && name
            .extension()
            .is_some_and(|kind| COMPRESSED.iter().any(|of| kind == *of))
}

/// The web servers' configurations, and what they need besides the page.
fn write_server(folder: &Path) -> Outcome<()> {
    let policy = config::content_security_policy(&std::fs::read_to_string(folder.join("config.json"))?)?;
    let templates = command::root().join("static").join("server");
    let server = folder.join("server");
    std::fs::create_dir_all(server.join("bytes"))?;
    for kind in WebServer::ALL {
        let values = SiteValues {
            listen: match kind {
                WebServer::Nginx => "443 ssl http2",
                WebServer::Apache => "*:443",
                WebServer::Caddy => SERVER_NAME,
            }
            .into(),
            server_name: SERVER_NAME.into(),
            root: SERVER_ROOT.into(),
            bytes: format!("{SERVER_ROOT}/server/bytes"),
            certificate: "/etc/ssl/clearline/fullchain.pem".into(),
            certificate_key: "/etc/ssl/clearline/key.pem".into(),
            content_security_policy: policy.clone(),
        };
        let template = std::fs::read_to_string(templates.join(kind.file()))?;
        std::fs::write(server.join(kind.file()), site::render(kind, &template, &values))?;
    }
    let credentials = CredentialValues {
        root: SERVER_ROOT.into(),
        secret: "what turnserver.conf says at static-auth-secret".into(),
        uris: vec!["turn:turn.best-customer.example:443?transport=tcp".into()],
        lifetime_s: LIFETIME_S,
    };
    let template = std::fs::read_to_string(templates.join("turn-credentials.conf"))?;
    std::fs::write(
        server.join("turn-credentials.conf"),
        site::render_credentials(&template, &credentials),
    )?;
    for script in SCRIPTS {
        std::fs::copy(templates.join(script), server.join(script))?;
    }
    for size in site::BYTES_FILES {
        std::fs::write(
            server.join("bytes").join(format!("{size}.bin")),
            canary::bytes(size),
        )?;
    }
    Ok(())
}

fn compress(file: &Path) -> Outcome<()> {
    let content = std::fs::read(file)?;
    let brotli = smallest_brotli(&content);
    let brotli = brotli.map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
    std::fs::write(beside(file, "br"), brotli)?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&content)?;
    std::fs::write(beside(file, "gz"), gzip.finish()?)?;
    Ok(())
}

/// Which settings are best changes with every build of the wasm, by up to 2 kB: the smallest of a few tries.
///
/// # Errors
/// None that comes from memory.
pub fn smallest_brotli(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut smallest: Option<Vec<u8>> = None;
    for mode in [Mode::BROTLI_MODE_GENERIC, Mode::BROTLI_MODE_FONT] {
        for lgblock in 16..=18 {
            let mut tried = Vec::new();
            let settings = BrotliEncoderParams {
                quality: 11,
                lgwin: 22,
                mode,
                lgblock,
                ..Default::default()
            };
            brotli::BrotliCompress(&mut &*content, &mut tried, &settings)?;
            if smallest.as_ref().is_none_or(|best| tried.len() < best.len()) {
                smallest = Some(tried);
            }
        }
    }
    Ok(smallest.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_follows_the_page() -> Outcome<()> {
        let folder = std::env::temp_dir().join(format!("clearline-version-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let mut seen = Vec::new();
        std::fs::create_dir_all(folder.join("words"))?;
        for (page, words) in [("one", "a"), ("one", "a"), ("two", "a"), ("two", "b")] {
            std::fs::write(folder.join("index.html"), page)?;
            std::fs::write(folder.join("words/en.json"), words)?;
            write_version(&folder)?;
            let text = std::fs::read_to_string(folder.join(VERSION))?;
            let json: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
            seen.push(json["version"].as_str().expect("it names one").to_owned());
        }
        std::fs::remove_dir_all(&folder)?;
        assert!(
            seen[0] == seen[1] && seen[1] != seen[2] && seen[2] != seen[3] && seen[0].len() == 16,
            "{seen:?}"
        );
        assert!(!is_precompressed(Path::new(VERSION)));
        Ok(())
    }

    #[test]
    fn every_web_server_finds_its_files() -> Outcome<()> {
        let folder = std::env::temp_dir().join(format!("clearline-dist-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let config = command::root().join("static").join("config.json");
        std::fs::copy(config, folder.join("config.json"))?;
        write_server(&folder)?;
        let server = folder.join("server");
        for kind in WebServer::ALL {
            let text = std::fs::read_to_string(server.join(kind.file()))?;
            assert!(text.contains(SERVER_NAME) && text.contains("connect-src 'self' https://"));
        }
        let apache = std::fs::read_to_string(server.join("apache.conf"))?;
        let turn = std::fs::read_to_string(server.join("turn-credentials.conf"))?;
        for (text, script) in [&apache, &turn].into_iter().zip(SCRIPTS) {
            assert!(text.contains(&format!("{SERVER_ROOT}/server/{script}")), "{text}");
            assert!(server.join(script).is_file());
        }
        assert!(server.join("bytes").join("4000000.bin").is_file());
        std::fs::remove_dir_all(&folder)?;
        Ok(())
    }
}
