//! Web addresses: exactly what a browser can ask, with a plain word about anything else.

use super::host::{host_and_port, loopback, no_fragment, no_odd_characters, no_user};
use super::{Fault, HttpUrl};

/// Ports that browsers never fetch from (Fetch standard, "bad port"): a test there fails on every line.
const FETCH_REFUSES: &[u16] = &[
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103,
    104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514,
    515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723,
    2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

impl HttpUrl {
    /// Reads an absolute web address: `https:`, or `http:` on a loopback host; no user name, no fragment.
    ///
    /// # Errors
    /// Says what is wrong and what would be right. A text that may hold a password is not quoted.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        no_odd_characters(text)?;
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(Fault::of("url.malformed").quoting(text));
        };
        let secure = scheme.eq_ignore_ascii_case("https");
        if !secure && !scheme.eq_ignore_ascii_case("http") {
            return Err(Fault::of("url.scheme").quoting(scheme));
        }
        no_fragment(text)?;
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        no_user(authority)?;
        let (host, port) = host_and_port(authority)?;
        if !secure && !loopback(&host) {
            return Err(Fault::of("url.unencrypted").quoting(text));
        }
        let (scheme, default_port) = if secure { ("https", 443) } else { ("http", 80) };
        let mut origin = format!("{scheme}://{host}");
        let port = port.unwrap_or(default_port);
        if FETCH_REFUSES.contains(&port) {
            return Err(Fault::of("url.port").number("port", port.into()));
        }
        if port != default_port {
            origin = format!("{origin}:{port}");
        }
        Ok(Self {
            text: text.to_owned(),
            origin,
            host,
            port,
        })
    }

    /// The page's own address as the browser tells it, plain `http:` on any host included: then the page is not
    /// secure, which is a finding and no fault of a configuration. `None` when it did not come from a web server.
    pub fn of_page(text: &str) -> Option<Self> {
        Self::parse(text).ok().or_else(|| {
            let (scheme, rest) = text.split_once("://")?;
            let authority = rest.split(['/', '?', '#']).next()?;
            let (host, port) = host_and_port(authority).ok()?;
            let port = port.unwrap_or(if scheme == "https" { 443 } else { 80 });
            let origin = format!("{scheme}://{authority}");
            scheme.starts_with("http").then(|| Self {
                text: text.to_owned(),
                origin,
                host,
                port,
            })
        })
    }

    /// Whether the address has a query (`?…`).
    pub fn has_query(&self) -> bool {
        self.text.contains('?')
    }
}

/// Reads an address that may be relative to the page; `None` when it is.
pub(super) fn relative_or_http(text: &str) -> Result<Option<HttpUrl>, Fault> {
    no_odd_characters(text)?;
    let first = text.split(['/', '?', '#']).next().unwrap_or_default();
    if first.contains(':') {
        return HttpUrl::parse(text).map(Some);
    }
    if text.starts_with("//") {
        return Err(Fault::of("url.no-scheme").quoting(text));
    }
    no_fragment(text)?;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_addresses() {
        let url = HttpUrl::parse("https://Best-Customer.example:443/a?b=c").unwrap();
        assert_eq!(
            (url.origin.as_str(), url.port),
            ("https://best-customer.example", 443)
        );
        assert_eq!(
            HttpUrl::parse("http://127.0.0.1:8080/").unwrap().origin,
            "http://127.0.0.1:8080"
        );
        assert_eq!(HttpUrl::parse("http://app.localhost").unwrap().port, 80);
        for wrong in [
            "",
            "best-customer.example",
            "http://a.example/",
            "ftp://a.example/",
            "https://",
            "https:///x",
            "https://a.example:0/",
            "https://a.example:/",
            "https://a.example:99999/",
            "https://a.example:+443/",
            "https://user:pw@a.example/",
            "https://a.example/#x",
            "https://a.example:6000/",
            "https://[::1]/",
            "https://1.2.3/",
            "https://0x7f.1/",
            "https://a..example/",
            "https://-a.example/",
            "https://a.example./",
            "https://ä.example/",
            "https://*.example/",
            "https://a;b.example/",
            "https://a.example/ b",
            "https:\\\\a.example/",
            "javascript:alert(1)",
            "https://a.example\u{0}/",
            "http://localhost.evil.example/",
        ] {
            let fault = HttpUrl::parse(wrong).expect_err(wrong);
            let said = fault.at("$").to_string();
            assert!(!said.contains("pw"), "{said}");
        }
    }

    #[test]
    fn relative_addresses() {
        assert_eq!(relative_or_http("/turn-credentials?x=a:b"), Ok(None));
        assert_eq!(relative_or_http("brand/logo.svg"), Ok(None));
        assert!(relative_or_http("https://a.example/logo.svg").is_ok_and(|url| url.is_some()));
        for wrong in [
            "",
            "//a.example/x",
            "javascript:alert(1)",
            "data:text/html,x",
            "/\\a.example",
            "a#b",
        ] {
            assert!(relative_or_http(wrong).is_err(), "{wrong}");
        }
    }
}
