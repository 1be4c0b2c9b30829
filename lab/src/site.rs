//! The production configurations of the web servers: one template each, rendered for the release bundle, for the
//! laboratory and for tests.

use crate::policy;

/// Sizes of the files that serve `/canary/bytes`, in bytes; named `SIZE.bin`.
pub const BYTES_FILES: [usize; 4] = [10_000, 100_000, 1_000_000, 4_000_000];

/// A web server with a ready configuration in `static/server/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebServer {
    /// nginx.
    Nginx,
    /// Apache httpd.
    Apache,
    /// Caddy.
    Caddy,
}

/// What a template leaves open.
#[derive(Clone, Debug)]
pub struct SiteValues {
    /// Where it listens, in the server's own words: `443 ssl http2` for nginx, `*:443` for Apache, and for Caddy the
    /// site's address, such as its name.
    pub listen: String,
    /// The site's name; nginx takes several.
    pub server_name: String,
    /// The folder with `index.html`.
    pub root: String,
    /// The folder with the [`BYTES_FILES`].
    pub bytes: String,
    /// File of the TLS certificate chain.
    pub certificate: String,
    /// File of the certificate's key.
    pub certificate_key: String,
    /// Value of the `Content-Security-Policy` header ([`policy::content_security_policy`]).
    pub content_security_policy: String,
}

/// What the template of the credential service leaves open.
#[derive(Clone, Debug)]
pub struct CredentialValues {
    /// The folder with `index.html`; its folder `server` has the script.
    pub root: String,
    /// coturn's `static-auth-secret`.
    pub secret: String,
    /// The TURN servers that know the secret.
    pub uris: Vec<String>,
    /// How long a credential is good for, in seconds.
    pub lifetime_s: u64,
}

impl WebServer {
    /// All of them.
    pub const ALL: [WebServer; 3] = [WebServer::Nginx, WebServer::Apache, WebServer::Caddy];

    /// The configuration's file name.
    #[must_use]
    pub fn file(self) -> &'static str {
        match self {
            WebServer::Nginx => "nginx.conf",
            WebServer::Apache => "apache.conf",
            WebServer::Caddy => "Caddyfile",
        }
    }

    fn header(self, name: &str, value: &str) -> String {
        let name = title_case(name);
        match self {
            WebServer::Nginx => format!("add_header {name} \"{value}\" always;"),
            WebServer::Apache => format!("Header always set {name} \"{value}\""),
            WebServer::Caddy => format!("{name} \"{value}\""),
        }
    }

    fn headers(self, content_security_policy: &str) -> Vec<String> {
        std::iter::once(("content-security-policy", content_security_policy))
            .chain(policy::HEADERS)
            .map(|(name, value)| self.header(name, value))
            .collect()
    }
}

/// Fills the template of a server in.
#[must_use]
pub fn render(server: WebServer, template: &str, values: &SiteValues) -> String {
    let template = put(
        template,
        "@HEADERS@",
        &server.headers(&values.content_security_policy),
    );
    let template = put(
        &template,
        "@WORKER_HEADERS@",
        &server.headers(policy::WORKER_POLICY),
    );
    let template = put(
        &template,
        "@SERVICE_WORKER_HEADERS@",
        &server.headers(policy::SERVICE_WORKER_POLICY),
    );
    [
        ("@LISTEN@", &values.listen),
        ("@SERVER_NAME@", &values.server_name),
        ("@ROOT@", &values.root),
        ("@BYTES@", &values.bytes),
        ("@CERTIFICATE@", &values.certificate),
        ("@CERTIFICATE_KEY@", &values.certificate_key),
    ]
    .into_iter()
    .fold(template, |text, (placeholder, value)| {
        text.replace(placeholder, value)
    })
}

/// Fills `turn-credentials.conf` in.
#[must_use]
pub fn render_credentials(template: &str, values: &CredentialValues) -> String {
    template
        .replace("@ROOT@", &values.root)
        .replace("@TURN_SECRET@", &values.secret)
        .replace("@TURN_URIS@", &values.uris.join(" "))
        .replace("@TURN_LIFETIME@", &values.lifetime_s.to_string())
}

/// Puts lines where a placeholder has a line to itself, as far from the margin as it stands.
fn put(template: &str, placeholder: &str, lines: &[String]) -> String {
    let mut text = String::with_capacity(template.len());
    for line in template.split_inclusive('\n') {
        match line.strip_suffix(&format!("{placeholder}\n")) {
            Some(margin) => text.extend(lines.iter().map(|line| format!("{margin}{line}\n"))),
            None => text.push_str(line),
        }
    }
    text
}

fn title_case(name: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> SiteValues {
        SiteValues {
            listen: "here".into(),
            server_name: "selftest.best-customer.example".into(),
            root: "/srv/clearline".into(),
            bytes: "/srv/clearline/server/bytes".into(),
            certificate: "/etc/ssl/clearline/fullchain.pem".into(),
            certificate_key: "/etc/ssl/clearline/key.pem".into(),
            content_security_policy: policy::content_security_policy(&["https://a.example".into()], &[]),
        }
    }

    /// Whether text has `@WORD@` in it.
    fn is_open(text: &str) -> bool {
        let word = |part: &&str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
        };
        text.split('@').skip(1).any(|part| word(&part))
    }

    #[test]
    fn nothing_is_left_open() {
        let templates = [
            include_str!("../../static/server/nginx.conf"),
            include_str!("../../static/server/apache.conf"),
            include_str!("../../static/server/Caddyfile"),
        ];
        for (server, template) in WebServer::ALL.into_iter().zip(templates) {
            assert!(is_open(template));
            let text = render(server, template, &values());
            assert!(!is_open(&text), "{text}");
            let policy = server.header("content-security-policy", &values().content_security_policy);
            assert!(
                text.contains(&policy) && policy.contains("Content-Security-Policy \"default-src 'none'; "),
                "{text}"
            );
            assert!(text.contains(&server.header("x-content-type-options", "nosniff")));
        }
        let text = render_credentials(
            include_str!("../../static/server/turn-credentials.conf"),
            &CredentialValues {
                root: "/srv/clearline".into(),
                secret: "s".into(),
                uris: vec!["turn:a.example".into(), "turn:b.example".into()],
                lifetime_s: 600,
            },
        );
        assert!(
            !is_open(&text) && text.contains("\"turn:a.example turn:b.example\""),
            "{text}"
        );
    }

    #[test]
    fn lines_keep_the_margin() {
        let text = put("a\n\t\t@X@\nb @X@ c\n", "@X@", &["1".into(), "2".into()]);
        assert_eq!(text, "a\n\t\t1\n\t\t2\nb @X@ c\n");
    }
}
