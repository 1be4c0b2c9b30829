//! Web, TURN and STUN addresses: exactly what a browser can use, with a plain word about anything else.

use std::net::Ipv4Addr;

use super::spelling::quoted;
use super::{Fault, HttpUrl, TurnScheme, TurnTransport, TurnUrl};

/// No URL is longer than this many bytes.
pub(super) const LONGEST: usize = 2048;

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
            return Err(Fault::new(
                format!("{} is no web address.", shown(text)),
                "Write the whole address, such as https://best-customer.example/.",
            ));
        };
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => {
                return Err(Fault::new(
                    format!("A page cannot ask {}: addresses.", quoted(scheme)),
                    "Write an https:// address.",
                ));
            }
        };
        no_fragment(text)?;
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        no_user(authority)?;
        let (host, port) = host_and_port(authority)?;
        if !secure && !loopback(&host) {
            return Err(Fault::new(
                format!("{} is not encrypted.", shown(text)),
                "Write https:// instead of http://, which is possible on this computer (localhost, 127.0.0.1) only.",
            ));
        }
        let default_port = if secure { 443 } else { 80 };
        let port = port.unwrap_or(default_port);
        if FETCH_REFUSES.contains(&port) {
            return Err(Fault::new(
                format!("Browsers refuse to ask web servers on port {port}."),
                "Use 443 or another port that browsers allow; on this one the check would fail on every line.",
            ));
        }
        let scheme = if secure { "https" } else { "http" };
        let origin = if port == default_port {
            format!("{scheme}://{host}")
        } else {
            format!("{scheme}://{host}:{port}")
        };
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

impl TurnUrl {
    /// Reads a `turn:`, `turns:` or `stun:` URL (RFC 7064, RFC 7065).
    ///
    /// # Errors
    /// Says what is wrong and what would be right. A text that may hold a password is not quoted.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        no_odd_characters(text)?;
        let example = "Write it like turn:turn.best-customer.example:443?transport=tcp.";
        let (scheme, rest) = text.split_once(':').unwrap_or(("", text));
        let scheme = match scheme {
            "turn" => TurnScheme::Turn,
            "turns" => TurnScheme::Turns,
            "stun" => TurnScheme::Stun,
            "stuns" => {
                return Err(Fault::new(
                    "STUN over TLS (stuns:) is something browsers do not offer.",
                    "Write stun:HOST:PORT.",
                ));
            }
            _ => {
                return Err(Fault::new(
                    format!("{} is no TURN or STUN address.", shown(text)),
                    "It starts with turn:, turns: or stun:, in small letters.",
                ));
            }
        };
        if rest.starts_with("//") {
            return Err(Fault::new(
                format!("{} has slashes after the colon.", shown(text)),
                example,
            ));
        }
        no_fragment(text)?;
        no_user(rest)?;
        let (authority, query) = match rest.split_once('?') {
            Some((authority, query)) => (authority, Some(query)),
            None => (rest, None),
        };
        if authority.contains('/') {
            return Err(Fault::new(format!("{} has a path.", shown(text)), example));
        }
        let (host, port) = host_and_port(authority)?;
        let transport = match (scheme, query) {
            (TurnScheme::Stun, Some(_)) => {
                return Err(Fault::new(
                    format!(
                        "A STUN address has nothing after a question mark: {}.",
                        shown(text)
                    ),
                    "Write stun:HOST:PORT.",
                ));
            }
            (TurnScheme::Turns, Some("transport=udp")) => {
                return Err(Fault::new(
                    "turns: over UDP is something browsers do not offer.",
                    "Write turns:HOST:PORT?transport=tcp.",
                ));
            }
            (TurnScheme::Turns, None) | (_, Some("transport=tcp")) => TurnTransport::Tcp,
            (_, None | Some("transport=udp")) => TurnTransport::Udp,
            (_, Some(_)) => {
                return Err(Fault::new(
                    format!("{} has an unknown part after the question mark.", shown(text)),
                    "Only ?transport=tcp or ?transport=udp may stand there, in small letters.",
                ));
            }
        };
        let port = port.unwrap_or(if scheme == TurnScheme::Turns { 5349 } else { 3478 });
        // libwebrtc, TurnPort::AllowedTurnPort
        if scheme != TurnScheme::Stun && port < 1024 && ![53, 80, 443].contains(&port) {
            return Err(Fault::new(
                format!("Chromium refuses TURN servers on port {port}."),
                "Use 443, 80, 53, or a port from 1024 up; on this one the check would fail on every line.",
            ));
        }
        Ok(Self {
            text: text.to_owned(),
            scheme,
            host,
            port,
            transport,
        })
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
        return Err(Fault::new(
            format!("{} names a host but not how to reach it.", shown(text)),
            "Write https: before it, or a path on the page's own server, such as /turn-credentials.",
        ));
    }
    no_fragment(text)?;
    Ok(None)
}

/// Reads a host name: letters, digits, hyphens and dots, or a dotted IPv4 address.
pub(super) fn host_name(host: &str) -> Result<String, Fault> {
    let example = "Write a name such as best-customer.example, or an address such as 25.77.0.1.";
    let wrong = |what: String| Err(Fault::new(what, example));
    if host.is_empty() {
        return wrong("The host name is missing.".into());
    }
    if !host.is_ascii() {
        return Err(Fault::new(
            format!("The host name {} has letters beyond a to z.", quoted(host)),
            "Write it the way the name system stores it, starting with xn--.",
        ));
    }
    if host.contains('*') {
        return wrong(format!(
            "{} stands for many hosts; a check needs one.",
            quoted(host)
        ));
    }
    if host.ends_with('.') {
        return wrong(format!("The host name {} ends with a dot.", quoted(host)));
    }
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if host.len() > 253 || !host.split('.').all(label_fits) {
        return wrong(format!("{} is no host name.", quoted(host)));
    }
    let last = host.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let number = last.bytes().all(|b| b.is_ascii_digit()) || last.starts_with("0x");
    if number && host.parse::<Ipv4Addr>().is_err() {
        return wrong(format!(
            "{} looks like an IPv4 address, but is none.",
            quoted(host)
        ));
    }
    Ok(host.to_ascii_lowercase())
}

fn host_and_port(authority: &str) -> Result<(String, Option<u16>), Fault> {
    if authority.starts_with('[') || authority.matches(':').count() > 1 {
        return Err(Fault::new(
            format!("{} is an IPv6 address.", quoted(authority)),
            "Write a host name or an IPv4 address: the cloud supports IPv4 only.",
        ));
    }
    let Some((host, port)) = authority.split_once(':') else {
        return Ok((host_name(authority)?, None));
    };
    let digits = (1..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit());
    match port.parse::<u16>() {
        Ok(number) if digits && number > 0 => Ok((host_name(host)?, Some(number))),
        _ => Err(Fault::new(
            format!("{} is no port.", quoted(port)),
            "Write a number from 1 to 65535 after the colon, or leave both out.",
        )),
    }
}

/// The hosts that browsers trust without encryption.
fn loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host
            .parse::<Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}

fn no_odd_characters(text: &str) -> Result<(), Fault> {
    if text.is_empty() {
        return Err(Fault::new(
            "The address is empty.",
            "Write one, or leave the key out.",
        ));
    }
    if text.len() > LONGEST {
        return Err(Fault::new(
            format!("The address has {} bytes.", text.len()),
            format!("An address has at most {LONGEST} bytes."),
        ));
    }
    let odd = |c: char| c.is_whitespace() || c.is_control() || "\\\"'<>^`{|}".contains(c);
    if let Some(c) = text.chars().find(|c| odd(*c)) {
        let name = if c.is_whitespace() || c.is_control() {
            "a space or another invisible character".to_owned()
        } else {
            format!("the character {c}")
        };
        return Err(Fault::new(
            format!("{} has {name} in it.", shown(text)),
            "Take it out, or write it percent-encoded.",
        ));
    }
    Ok(())
}

fn no_fragment(text: &str) -> Result<(), Fault> {
    if text.contains('#') {
        return Err(Fault::new(
            format!(
                "{} has a # in it; what follows never reaches a server.",
                shown(text)
            ),
            "Leave the # and what follows out.",
        ));
    }
    Ok(())
}

fn no_user(authority: &str) -> Result<(), Fault> {
    if authority.contains('@') {
        return Err(Fault::new(
            "There is a user name or password in the address.",
            "Leave everything up to the @ out; TURN has the keys username and credential for it.",
        ));
    }
    Ok(())
}

/// A quoted text, unless it may hold a password.
fn shown(text: &str) -> String {
    if text.contains('@') {
        "The address".to_owned()
    } else {
        quoted(text)
    }
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
            assert!(!fault.what.contains("pw"), "{}", fault.what);
        }
    }

    #[test]
    fn turn_addresses() {
        let url = |text: &str| TurnUrl::parse(text).map(|url| (url.scheme, url.port, url.transport));
        assert_eq!(
            url("turn:a.example"),
            Ok((TurnScheme::Turn, 3478, TurnTransport::Udp))
        );
        assert_eq!(
            url("turn:a.example:443?transport=tcp"),
            Ok((TurnScheme::Turn, 443, TurnTransport::Tcp))
        );
        assert_eq!(
            url("turns:a.example"),
            Ok((TurnScheme::Turns, 5349, TurnTransport::Tcp))
        );
        assert_eq!(
            url("stun:25.77.0.1"),
            Ok((TurnScheme::Stun, 3478, TurnTransport::Udp))
        );
        for wrong in [
            "",
            "turn",
            "turn:",
            "turn:?transport=tcp",
            "turn://a.example",
            "TURN:a.example",
            "stuns:a.example",
            "turn:user:pw@a.example",
            "turn:user@a.example",
            "turn:a.example?transport=TCP",
            "turn:a.example#x",
            "turn:a.example?transport=sctp",
            "turn:a.example?transport=tcp&x=1",
            "turn:a.example/x",
            "turns:a.example?transport=udp",
            "stun:a.example?transport=tcp",
            "turn:[2001:db8::1]:443",
            "turn:2001:db8::1",
            "turn:a.example:22?transport=tcp",
            "https://a.example/",
            "turn:a.example:443:443",
        ] {
            assert!(TurnUrl::parse(wrong).is_err(), "{wrong}");
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
