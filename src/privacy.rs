//! What may tell whose computer and network it is, and is shortened before a result leaves unless the agent ticked the
//! box: names of hosts that are not the configuration's, names of devices, and addresses in texts that a proxy, a PAC
//! file or the browser wrote. (Addresses that are known to be some have a type, [`Address`].)
//!
//! Hosts of the configuration stay: a ticket is about them. What is not understood is rather shortened than kept.

use std::fmt;

use crate::config::{Check, Config, HttpUrl, TurnAccess};
use crate::environment::mark_of;
use crate::few::{Gather as _, Put as _};
use crate::observation::{HttpsSeen, IceError, Observation, Seen, TurnSeen};
use crate::units::Address;

/// What stands for a name.
const X: &str = "x";

/// A text that somebody else wrote, with the names in it shortened wherever it is said, unless the agent agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    full: String,
    short: String,
    revealed: bool,
}

impl Foreign {
    /// A text, and what is left of it.
    pub fn new(full: impl Into<String>, short: impl Into<String>) -> Self {
        Self {
            full: full.into(),
            short: short.into(),
            revealed: false,
        }
    }

    /// The name of a graphics device.
    pub fn device(name: &str) -> Self {
        Self::new(name, device(name))
    }

    /// The same in full from here on: only after the agent agreed.
    #[must_use]
    pub fn reveal(&self) -> Self {
        Self {
            revealed: true,
            ..self.clone()
        }
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.revealed { &self.full } else { &self.short })
    }
}

/// The hosts that a configuration names.
pub struct Known<'a>(Vec<&'a str>);

impl<'a> Known<'a> {
    /// Of this configuration.
    pub fn of(config: &'a Config) -> Self {
        let mut hosts: Vec<&str> = Vec::new();
        for application in &config.applications {
            hosts.push(&application.url.host);
            if let Check::Image { url, .. } = &application.check {
                hosts.push(&url.host);
            }
        }
        for server in &config.turn {
            hosts.put(server.urls.iter().map(|url| &*url.host));
            if let TurnAccess::Fetched { url } = &server.access {
                hosts.put(authority(url));
            }
        }
        hosts.put(config.stun.iter().map(|url| &*url.host));
        let web = |url: &'a HttpUrl| &*url.host;
        hosts.put(config.controls.iter().chain(&config.canary).map(web));
        Self(hosts)
    }

    fn has(&self, host: &str) -> bool {
        self.0.iter().any(|known| known.eq_ignore_ascii_case(host))
    }

    /// An observation as it leaves. What is concluded of it is the same.
    pub fn shortened(&self, observation: &Observation) -> Observation {
        let mut short = observation.clone();
        let shorten = |text: &mut Option<String>, how: fn(&Self, &str) -> String| {
            if let Some(text) = text {
                *text = how(self, text);
            }
        };
        match &mut short.seen {
            Seen::Page(page) => shorten(&mut page.renderer, |_, name| device(name)),
            Seen::Https(HttpsSeen {
                canary: Some(canary), ..
            }) => shorten(&mut canary.via, Self::via),
            Seen::Turn(TurnSeen { errors, .. }) => self.errors(errors),
            Seen::Call(call) => {
                self.errors(&mut call.errors);
                shorten(&mut call.own_failure, Self::text);
            }
            Seen::Pac(pac) => {
                shorten(&mut pac.error, Self::text);
                for one in &mut pac.routes {
                    shorten(&mut one.route, Self::route);
                    shorten(&mut one.error, Self::text);
                    for name in &mut one.names {
                        *name = self.host(name);
                    }
                }
            }
            _ => {}
        }
        short
    }

    #[inline(never)]
    fn errors(&self, errors: &mut [IceError]) {
        for error in errors {
            error.text = self.text(&error.text);
        }
    }

    /// A text of any kind, to be said.
    pub fn foreign(&self, text: &str) -> Foreign {
        Foreign::new(text, self.text(text))
    }

    /// The answer of a PAC file, to be said.
    pub fn foreign_route(&self, route: &str) -> Foreign {
        Foreign::new(route, self.route(route))
    }

    /// A `Via` header (RFC 9110, section 7.6.3): versions of protocols and products stay, names do not.
    pub fn via(&self, via: &str) -> String {
        let digits = |it: u8| it.is_ascii_digit() || it == b'.';
        let version = |text: &str| text.bytes().all(digits) && address(text).is_none();
        each_word(via, " (),", &|word, _| match word.split_once('/') {
            Some((product, number)) if version(number) => self.text(product) + "/" + number,
            None if version(word) => word.to_owned(),
            _ => self.host(word),
        })
    }

    /// The answer of a PAC file: kinds of ways and ports stay.
    pub fn route(&self, route: &str) -> String {
        // A kind that browsers do not know is the mistake that a ticket is about; one that nothing follows may be a name.
        let alone = |word: &str| {
            !word.eq_ignore_ascii_case("DIRECT") && route.split(';').any(|one| one.trim() == word)
        };
        each_word(route, " ;", &|word, before| {
            let first = before.trim_end().is_empty() || before.trim_end().ends_with(';');
            let kind = word.len() <= 7 && word.bytes().all(|it| it.is_ascii_alphanumeric());
            if first && kind && !alone(word) {
                word.to_owned()
            } else {
                self.host(word)
            }
        })
    }

    /// A host, with or without a port: that of the configuration as it is, an address shortened, a name as `x`.
    pub fn host(&self, text: &str) -> String {
        if let Some(short) = address(text) {
            return short;
        }
        let (name, port) = match text.rsplit_once(':') {
            Some((name, port)) if number(port) => (name, Some(port)),
            _ => (text, None),
        };
        let name = match address(name) {
            Some(short) => short,
            None if self.has(name) => name.to_owned(),
            None => X.to_owned(),
        };
        match port {
            Some(port) => format!("{name}:{port}"),
            None => name,
        }
    }

    /// A text of any kind: what looks like a host, an address, a path or somebody's name at a host is shortened.
    #[inline(never)]
    pub fn text(&self, text: &str) -> String {
        each_word(text, " \t\n\"'`(){}<>,;=!?&|#*+^$", &|word, _| self.word(word))
    }

    fn word(&self, word: &str) -> String {
        let bare = word.trim_end_matches(|it| ".:".contains(it));
        let account = bare.bytes().any(|it| it == b'\\' || it == b'@');
        let path = bare.starts_with('/') && bare.len() > 1;
        let short = match account || path || bare.contains("://") {
            true => X.to_owned(),
            false => each_word(bare, "/", &|piece, _| self.piece(piece)),
        };
        short + &word[bare.len()..]
    }

    /// `host:port`, `turn:host:port`, an address, or a word like any other.
    fn piece(&self, piece: &str) -> String {
        let named = |part: &str| {
            let last = part.rsplit_once('.').map_or("1", |it| it.1);
            address(part).is_some() || !last.as_bytes().first().is_none_or(u8::is_ascii_digit)
        };
        let parts = |text: &str| {
            each_word(text, ":", &|part, _| match named(part) {
                true => self.host(part),
                false => part.to_owned(),
            })
        };
        match piece.rsplit_once(':') {
            _ if address(piece).is_some() => self.host(piece),
            Some((before, port)) if number(port) && !number(before) => {
                let at = before.rfind(':').map_or(0, |at| at + 1);
                [&parts(&before[..at]), &*self.host(&before[at..]), ":", port].concat()
            }
            _ => parts(piece),
        }
    }
}

/// What is left of a graphics device's name: what tells that it is a virtual one.
fn device(name: &str) -> String {
    mark_of(name).unwrap_or(X).to_owned()
}

/// An IPv4 or IPv6 address, in brackets or not, with a port or not, shortened.
fn address(text: &str) -> Option<String> {
    let (open, bare, rest) = match text.strip_prefix('[') {
        Some(inside) => {
            let end = inside.find(']')?;
            let behind = inside[end + 1..]
                .strip_prefix(':')
                .map_or(inside.len() == end + 1, number);
            if !behind {
                return None;
            }
            ("[", &inside[..end], &inside[end..])
        }
        None => match text.split_once(':') {
            Some((bare, port)) if number(port) && bare.contains('.') => ("", bare, &text[bare.len()..]),
            _ => ("", text, ""),
        },
    };
    // A zone is the name of a network device.
    let plain = bare.split('%').next().unwrap_or_default();
    let four = plain.split('.').few().len() == 4 && plain.split('.').all(number);
    let six = !plain.starts_with('.')
        && plain.split(':').few().len() > 2
        && plain
            .chars()
            .all(|it| it.is_ascii_hexdigit() || ":.".contains(it));
    (four || six).then(|| format!("{open}{}{rest}", Address::new(plain)))
}

fn authority(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    rest.split(['/', '?', ':']).next()
}

fn number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit())
}

/// The text with each word changed, which is told what stands before it; `between` is what stands between words.
fn each_word(text: &str, between: &str, change: &dyn Fn(&str, &str) -> String) -> String {
    let mut out = String::new();
    for piece in text.split_inclusive(|it| between.contains(it)) {
        let word = piece.trim_end_matches(|it| between.contains(it));
        if !word.is_empty() {
            out.push_str(&change(word, &out));
        }
        out.push_str(&piece[word.len()..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use proptest::prelude::*;

    use super::*;

    fn known() -> Known<'static> {
        Known(vec!["turn.best-customer.example", "10.1.2.3"])
    }

    #[test]
    fn via_keeps_versions_alone() {
        for (full, short) in [
            ("1.1 proxy-fra01.corp.example (squid/5.7)", "1.1 x (squid/5.7)"),
            ("1.1 proxy1, HTTP/2 edge.corp:3128", "1.1 x, HTTP/2 x:3128"),
            (
                "1.1 10.20.30.40:8080 (fra01 squid/5.7)",
                "1.1 10.20.30.x:8080 (x squid/5.7)",
            ),
            ("1.1 turn.best-customer.example", "1.1 turn.best-customer.example"),
            ("1.1 10.20.30.40", "1.1 10.20.30.x"),
            ("fra01", "x"),
            ("", ""),
        ] {
            assert_eq!(known().via(full), short, "{full}");
        }
    }

    #[test]
    fn routes_keep_kinds_and_ports() {
        for (full, short) in [
            ("DIRECT", "DIRECT"),
            ("PROXY proxy.corp.example:8080; DIRECT", "PROXY x:8080; DIRECT"),
            (
                "PROXY fra01:8080;SOCKS5 10.9.8.7:1080",
                "PROXY x:8080;SOCKS5 10.9.8.x:1080",
            ),
            ("PROXY …@proxy.corp.example:8080", "PROXY x:8080"),
            ("PROXI a", "PROXI x"),
            ("fra01", "x"),
            ("PROXY a:1; fra01", "PROXY x:1; x"),
            ("proxy.corp.example:8080", "x:8080"),
            ("HTTPS [2001:db8:7:8::9]:443", "HTTPS [2001:db8:7:x]:443"),
            (
                "PROXY Turn.best-customer.example:443",
                "PROXY Turn.best-customer.example:443",
            ),
            ("", ""),
        ] {
            assert_eq!(known().route(full), short, "{full}");
        }
    }

    #[test]
    fn texts_lose_names_and_keep_words() {
        for (full, short) in [
            (
                "TURN host lookup received error.",
                "TURN host lookup received error.",
            ),
            ("fra01.corp.example:12:5", "x:x:5"),
            ("[fe80::1]host.corp", "[fe80::x"),
            (
                "Could not reach turn:turn.best-customer.example:443.",
                "Could not reach turn:turn.best-customer.example:443.",
            ),
            (
                "ReferenceError: proxy is not defined",
                "ReferenceError: proxy is not defined",
            ),
            (
                "no route to fra01.corp.example: 3 tries",
                "no route to x: 3 tries",
            ),
            ("via fra01:8080 (192.168.17.4)", "via x:8080 (192.168.17.x)"),
            ("http://wpad.corp.example/wpad.dat, a/b.c", "x, a/x"),
            ("file:///home/jdoe/wpad.dat", "x"),
            ("CORP\\jdoe and jdoe@corp.example", "x and x"),
            ("/home/jdoe/x", "x"),
            ("3f2a-77.local", "x"),
            ("from 10.1.2.3", "from 10.1.2.x"),
            ("fe80::1%eth0 TLSv1.3 HTTP/1.1", "fe80:x TLSv1.3 HTTP/1.1"),
        ] {
            assert_eq!(known().text(full), short, "{full}");
        }
    }

    #[test]
    fn a_device_keeps_what_tells_a_virtual_one() {
        assert_eq!(
            Foreign::device("SVGA3D; build: RELEASE; LLVM;").to_string(),
            "svga3d"
        );
        let real = Foreign::device("ANGLE (NVIDIA GeForce RTX 3060)");
        assert_eq!(real.to_string(), "x");
        assert_eq!(real.reveal().to_string(), "ANGLE (NVIDIA GeForce RTX 3060)");
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in "[a-z0-9.:/@%\\[\\]\\\\;, ()ü-]{0,40}") {
            let known = known();
            for short in [Known::via, Known::route, Known::host, Known::text] {
                let short = short(&known, &text);
                // An `x` may stand for nothing, and an ellipsis for a path.
                prop_assert!(short.len() <= 2 * text.len() + 3, "{}", short);
            }
        }

        #[test]
        fn no_address_is_left(four: [u8; 4], six: [u16; 8], port in 1_u16..) {
            let known = known();
            let (four, six) = (Ipv4Addr::from(four), Ipv6Addr::from(six));
            prop_assume!(four != Ipv4Addr::new(10, 1, 2, 3));
            for text in [format!("1.1 {four}:{port} (squid), 1.1 [{six}]:{port}"),
                format!("PROXY {four}:{port}; PROXY [{six}]:{port}"),
                format!("https://{four}:{port}/x or https://[{six}]/, {four}, '{six}' {six}%eth0")] {
                for short in [Known::via, Known::route, Known::text] {
                    let short = short(&known, &text);
                    prop_assert!(!short.contains(&four.to_string()), "{}", short);
                    prop_assert!(!short.contains(&six.to_string()), "{}", short);
                }
            }
        }

        #[test]
        fn no_name_is_left(name in "[a-z][a-z0-9-]{5,20}(\\.[a-z]{2,8}){1,3}", port in 1_u16..) {
            let known = known();
            for text in [format!("1.1 {name}:{port} (squid)"), format!("PROXY {name}:{port}; DIRECT"),
                format!("cannot open https://{name}:{port}/x, {name}, '{name}'.")] {
                for short in [Known::via, Known::route, Known::text] {
                    let short = short(&known, &text);
                    prop_assert!(!short.contains(&name), "{}", short);
                }
            }
        }
    }
}
