//! The production nginx configuration: one template, rendered for the release bundle and for the laboratory.

use crate::policy;

/// Sizes of the files that serve `/canary/bytes`, in bytes; named `SIZE.bin`.
pub const BYTES_FILES: [usize; 4] = [10_000, 100_000, 1_000_000, 4_000_000];

/// What the template leaves open.
#[derive(Clone, Debug)]
pub struct NginxValues {
    /// The `listen` directive's value, such as `443 ssl http2`.
    pub listen: String,
    /// The `server_name` directive's value.
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

/// Fills a template in.
pub fn render(template: &str, values: &NginxValues) -> String {
    [
        ("@LISTEN@", &values.listen),
        ("@SERVER_NAME@", &values.server_name),
        ("@ROOT@", &values.root),
        ("@BYTES@", &values.bytes),
        ("@CERTIFICATE@", &values.certificate),
        ("@CERTIFICATE_KEY@", &values.certificate_key),
        ("@HEADERS@", &headers(&values.content_security_policy)),
        ("@WORKER_HEADERS@", &headers(policy::WORKER_POLICY)),
    ]
    .into_iter()
    .fold(template.to_owned(), |text, (placeholder, value)| {
        text.replace(placeholder, value)
    })
}

fn headers(content_security_policy: &str) -> String {
    let all = std::iter::once(("content-security-policy", content_security_policy)).chain(policy::HEADERS);
    let lines = all.map(|(name, value)| format!("add_header {} \"{value}\" always;", title_case(name)));
    lines.collect::<Vec<_>>().join("\n    ")
}

fn title_case(name: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A configuration that can be used by a server on loopback.
    fn values() -> NginxValues {
        NginxValues {
            listen: "127.0.0.1:8443 ssl http2".into(),
            server_name: "selftest.best-customer.example".into(),
            root: "/srv/clearline".into(),
            bytes: "/srv/clearline/server/bytes".into(),
            certificate: "/etc/ssl/clearline/fullchain.pem".into(),
            certificate_key: "/etc/ssl/clearline/key.pem".into(),
            content_security_policy: policy::content_security_policy(&["https://a.example".into()], &[]),
        }
    }

    #[test]
    fn nothing_is_left_open() {
        let text = render(include_str!("../../static/server/nginx.conf"), &values());
        assert!(!text.contains('@') || text.matches('@').count() == text.matches("@swallowed").count() + 2);
        assert!(
            text.contains("add_header Content-Security-Policy \"default-src 'none'; "),
            "{text}"
        );
        assert!(text.contains("add_header X-Content-Type-Options \"nosniff\" always;"));
    }
}
