//! Static files with the headers of production.

use std::io;
use std::path::{Path, PathBuf};

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

use crate::policy;

/// A directory of static files.
pub(super) struct Pages {
    root: PathBuf,
    config_json: String,
    content_security_policy: HeaderValue,
}

impl Pages {
    /// # Errors
    /// There is no such directory, or the policy is no header value.
    pub(super) fn new(root: &Path, config_json: &str, content_security_policy: &str) -> io::Result<Self> {
        let policy = HeaderValue::from_str(content_security_policy)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "the policy is not a header value"))?;
        Ok(Self {
            root: root.canonicalize()?,
            config_json: config_json.into(),
            content_security_policy: policy,
        })
    }

    /// The answer to a GET of `path`, as it stands in the request line.
    pub(super) async fn answer(&self, path: &str) -> Response<Full<Bytes>> {
        let Some((name, content)) = self.find(path).await else {
            let mut missing = Response::new(Full::from("Not found\n"));
            *missing.status_mut() = StatusCode::NOT_FOUND;
            return missing;
        };
        let mut answer = Response::new(Full::from(content));
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(&name)));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching(&name)));
        let policy = match &*name {
            policy::WORKER => HeaderValue::from_static(policy::WORKER_POLICY),
            policy::SERVICE_WORKER => HeaderValue::from_static(policy::SERVICE_WORKER_POLICY),
            _ => self.content_security_policy.clone(),
        };
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        for (name, value) in policy::HEADERS {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        answer
    }

    async fn find(&self, path: &str) -> Option<(String, Vec<u8>)> {
        let name = relative(path)?;
        if name == "config.json" {
            return Some((name, self.config_json.clone().into_bytes()));
        }
        // A link inside the directory may point out of it.
        let file = tokio::fs::canonicalize(self.root.join(&name)).await.ok()?;
        if !file.starts_with(&self.root) {
            return None;
        }
        Some((name, tokio::fs::read(file).await.ok()?))
    }
}

/// The file below the root that a path names: plain names only, nothing hidden, nothing upwards.
fn relative(path: &str) -> Option<String> {
    let path = percent_decoded(path.strip_prefix('/')?)?;
    let path = if path.is_empty() {
        "index.html".into()
    } else {
        path
    };
    let plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':', '\0']);
    path.split('/').all(plain).then_some(path)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        "txt" | "toml" | "ftl" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Names that carry a hash of the content never change their content; everything else is asked for anew.
fn caching(name: &str) -> &'static str {
    if carries_hash(name) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

/// Whether a name is one that trunk made: `NAME-0123456789abcdef…`, at least eight hexadecimal digits.
fn carries_hash(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-')
        .is_some_and(|(_, hash)| hash.len() >= 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_the_root() {
        assert_eq!(relative("/"), Some("index.html".into()));
        assert_eq!(relative("/words/en.json"), Some("words/en.json".into()));
        assert_eq!(relative("/a%20b"), Some("a b".into()));
        for path in [
            "",
            "x",
            "//",
            "/../x",
            "/a/../x",
            "/%2e%2e/x",
            "/a/%2e%2e%2fx",
            "/..%5cx",
            "/.git",
            "/a//b",
            "/a/",
            "/%00",
            "/%zz",
            "/%2",
            "/c:/x",
            "/%ff",
        ] {
            assert_eq!(relative(path), None, "{path}");
        }
    }

    #[test]
    fn only_hashed_names_are_kept() {
        for name in [
            "clearline-0123456789abcdef.js",
            "clearline-0123456789abcdef_bg.wasm",
            "boot-0123abcd.js",
        ] {
            assert!(carries_hash(name), "{name}");
        }
        for name in [
            "index.html",
            "config.json",
            "version.json",
            "words/en.json",
            "icons/check-32.png",
        ] {
            assert!(!carries_hash(name), "{name}");
        }
    }
}
