//! TURN and STUN addresses: exactly what a browser can use, with a plain word about anything else.

use super::host::{host_and_port, no_fragment, no_odd_characters, no_user};
use super::{Fault, TurnScheme, TurnTransport, TurnUrl};

impl TurnUrl {
    /// Reads a `turn:`, `turns:` or `stun:` URL (RFC 7064, RFC 7065).
    ///
    /// # Errors
    /// Says what is wrong and what would be right. A text that may hold a password is not quoted.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        no_odd_characters(text)?;
        let (scheme, rest) = text.split_once(':').unwrap_or(("", text));
        let scheme = match scheme {
            "turn" => TurnScheme::Turn,
            "turns" => TurnScheme::Turns,
            "stun" => TurnScheme::Stun,
            "stuns" => return Err(Fault::of("turn.stuns")),
            _ => return Err(Fault::of("turn.malformed").quoting(text)),
        };
        if rest.starts_with("//") {
            return Err(Fault::of("turn.slashes").quoting(text));
        }
        no_fragment(text)?;
        no_user(rest)?;
        let (authority, query) = match rest.split_once('?') {
            Some((authority, query)) => (authority, Some(query)),
            None => (rest, None),
        };
        if authority.contains('/') {
            return Err(Fault::of("turn.path").quoting(text));
        }
        let (host, port) = host_and_port(authority)?;
        let transport = match (scheme, query) {
            (TurnScheme::Stun, Some(_)) => return Err(Fault::of("turn.stun-query").quoting(text)),
            (TurnScheme::Turns, Some("transport=udp")) => return Err(Fault::of("turn.tls-udp")),
            (TurnScheme::Turns, None) | (_, Some("transport=tcp")) => TurnTransport::Tcp,
            (_, None | Some("transport=udp")) => TurnTransport::Udp,
            (_, Some(_)) => return Err(Fault::of("turn.query").quoting(text)),
        };
        let port = port.unwrap_or(if scheme == TurnScheme::Turns { 5349 } else { 3478 });
        // libwebrtc, TurnPort::AllowedTurnPort
        if scheme != TurnScheme::Stun && port < 1024 && ![53, 80, 443].contains(&port) {
            return Err(Fault::of("turn.port").number("port", port.into()));
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
