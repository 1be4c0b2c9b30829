//! The client hello that the canary's server saw, against the one that this browser sends. A middlebox that opens TLS
//! sends its own.
//!
//! Chromium's TLS library puts GREASE values (RFC 8701) among ciphers and curves of every hello; no switch turns them
//! off. Firefox's offers its suites in an order that no other common library has, AES-128 before ChaCha20 before AES-256,
//! whichever of them a policy leaves. Safari is not judged: nobody could check that here.

use crate::observation::{Engine, TlsSeen};

/// Firefox's cipher suites, in its order: versions 102 to 153 offer these or some of these (seen, and read in
/// `security/manager/ssl/nsNSSComponent.cpp` and NSS's `ssl3con.c`).
const FIREFOX: &str = "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384:\
ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:\
ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-SHA:\
ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA:AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA:\
AES256-SHA";

/// One suite that Firefox does not know may be a new one; so many are another program's.
const FOREIGN_SUITES: usize = 3;

/// Whether the hello is another program's than this browser's; `None` when that cannot be told.
pub fn foreign(engine: &Engine, tls: &TlsSeen) -> Option<bool> {
    let ciphers = tls.ciphers.as_deref()?;
    match engine {
        Engine::Chromium(_) => {
            let curves = tls.curves.as_deref().unwrap_or_default();
            Some(!names(ciphers).chain(names(curves)).any(is_grease))
        }
        Engine::Gecko(_) => Some(!like_firefox(ciphers)),
        Engine::Webkit(_) => None,
    }
}

fn like_firefox(ciphers: &str) -> bool {
    let (mut last, mut strange) = (0, 0);
    for cipher in names(ciphers) {
        match names(FIREFOX).position(|known| known == cipher) {
            Some(place) if place < last => return false,
            Some(place) => last = place,
            // A server writes suites that it does not know itself as numbers.
            None => strange += usize::from(!cipher.starts_with("0x")),
        }
    }
    strange < FOREIGN_SUITES
}

/// `0x0a0a`, `0x1a1a` … `0xfafa`.
fn is_grease(name: &str) -> bool {
    let digits = name.strip_prefix("0x").unwrap_or_default().as_bytes();
    matches!(digits, [a, b'a' | b'A', c, b'a' | b'A'] if a == c)
}

fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(':').filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHROMIUM: &str = "0xcaca:TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA:AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA:AES256-SHA";
    /// Firefox 153, as seen.
    const FIREFOX_153: &str = "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA:AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA:AES256-SHA";
    const CURL: &str = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES256-GCM-SHA384";
    /// Go's crypto/tls on a machine with AES in hardware.
    const GO: &str = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:ECDHE-ECDSA-AES128-GCM-SHA256";
    /// A middlebox that knows TLS 1.2 only.
    const OLD_BOX: &str =
        "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA256:AES128-SHA256";

    fn judged(engine: Engine, ciphers: &str, curves: &str) -> Option<bool> {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let tls = TlsSeen {
            ciphers: text(ciphers),
            curves: text(curves),
            ..TlsSeen::default()
        };
        foreign(&engine, &tls)
    }

    #[test]
    fn a_browsers_own_hello_is_its_own() {
        assert_eq!(
            judged(Engine::Chromium(156), CHROMIUM, "0x1a1a:0x11ec:X25519"),
            Some(false)
        );
        assert_eq!(
            judged(Engine::Gecko(153), FIREFOX_153, "0x11ec:X25519"),
            Some(false)
        );
        // A policy took ChaCha20 away; an older version still has one suite more; a newer one has a new one.
        let fewer = FIREFOX_153.replace("TLS_CHACHA20_POLY1305_SHA256:", "");
        assert_eq!(judged(Engine::Gecko(140), &fewer, ""), Some(false));
        assert_eq!(judged(Engine::Gecko(102), FIREFOX, ""), Some(false));
        assert_eq!(
            judged(Engine::Gecko(160), &format!("TLS_NEW:{FIREFOX_153}"), ""),
            Some(false)
        );
    }

    #[test]
    fn another_programs_hello_is_foreign_to_both() {
        for hello in [CURL, GO, OLD_BOX] {
            for engine in [Engine::Chromium(156), Engine::Gecko(153)] {
                assert_eq!(judged(engine, hello, "X25519:prime256v1"), Some(true), "{hello}");
            }
        }
        assert_eq!(judged(Engine::Gecko(153), CHROMIUM, ""), Some(true));
        assert_eq!(judged(Engine::Chromium(156), FIREFOX_153, ""), Some(true));
    }

    #[test]
    fn a_server_that_hides_what_it_does_not_know_accuses_nobody() {
        let named = CHROMIUM.replace("0xcaca:", "");
        assert_eq!(
            judged(Engine::Chromium(156), &named, "0x1a1a:X25519"),
            Some(false)
        );
        assert_eq!(judged(Engine::Chromium(156), "", "X25519"), None);
        assert_eq!(judged(Engine::Webkit(18), CURL, ""), None);
    }
}
