//! A report in a link: `#report=1.LENGTH.DATA.CHECK`. DATA is the deflated JSON (RFC 1951) in base64url without padding
//! (RFC 4648, section 5), LENGTH its characters, and CHECK the CRC-32 of the deflated bytes (that of gzip, RFC 1952) in
//! hexadecimal digits. So a link that a program has cut is told from one that was damaged, and both from a newer one.
//!
//! The browser deflates and inflates; all else is here. What comes in a link is foreign: it is read by `received`.

mod shorter;

pub use shorter::shorter;

use crate::few::Gather as _;

/// What the fragment begins with.
pub const BEGINS: &str = "#report=";

/// The version of this form.
const VERSION: &str = "1";

/// A chat message holds a link of so many characters.
pub const CHAT: usize = 2_000;

/// No report is longer than this, deflated in a link: forty times the usual.
const LONGEST: usize = 100_000;

/// Nor longer than this, inflated.
pub const MOST_BYTES: usize = 1_000_000;

/// Why a link or a file is no report that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// Its end is missing.
    Cut,
    /// It is not as it was made.
    Damaged,
    /// A newer version of this page made it.
    Newer,
    /// It is something else.
    NoReport,
    /// It is longer than any report.
    TooLong,
}

impl Unreadable {
    /// A key into the words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Cut => "ui.received.cut",
            Self::Damaged => "ui.received.damaged",
            Self::Newer => "ui.received.newer",
            Self::NoReport => "ui.received.no-report",
            Self::TooLong => "ui.received.too-long",
        }
    }
}

/// The fragment for a deflated report.
pub fn pack(deflated: &[u8]) -> String {
    let data = base64url(deflated);
    format!("{BEGINS}{VERSION}.{}.{data}.{:08x}", data.len(), crc32(deflated))
}

/// The deflated report in a fragment.
///
/// # Errors
/// Says why there is none.
pub fn unpack(fragment: &str) -> Result<Vec<u8>, Unreadable> {
    let text = fragment.trim().strip_prefix(BEGINS).ok_or(Unreadable::NoReport)?;
    if text.len() > LONGEST {
        return Err(Unreadable::TooLong);
    }
    let mut parts = text.split('.');
    let version = parts.next().unwrap_or_default();
    if version != VERSION {
        let newer = version.parse::<u32>().is_ok_and(|version| version > 1);
        return Err(if newer {
            Unreadable::Newer
        } else {
            Unreadable::NoReport
        });
    }
    let length = parts.next().ok_or(Unreadable::Cut)?;
    let data = parts.next().ok_or(Unreadable::Cut)?;
    // A length that was cut itself has no data after it.
    let length: usize = length.parse().map_err(|_| Unreadable::Damaged)?;
    let check = parts
        .next()
        .filter(|check| check.len() >= 8 && data.len() >= length);
    let check = check.ok_or(Unreadable::Cut)?;
    let deflated = bytes(data).ok_or(Unreadable::Damaged)?;
    let whole = data.len() == length && parts.next().is_none();
    match whole && check == format!("{:08x}", crc32(&deflated)) {
        true => Ok(deflated),
        false => Err(Unreadable::Damaged),
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn base64url(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..=chunk.len() {
            let value = bits >> (18 - 6 * digit) & 63;
            text.push(char::from(ALPHABET[value as usize]));
        }
    }
    text
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let value = |digit: u8| ALPHABET.iter().position(|it| *it == digit).map(|it| it as u32);
    let mut all = Vec::new();
    for chunk in text.as_bytes().chunks(4) {
        if chunk.len() == 1 {
            return None;
        }
        let mut bits = 0;
        for (at, digit) in chunk.iter().enumerate() {
            bits |= value(*digit)? << (18 - 6 * at);
        }
        let whole = [bits >> 16, bits >> 8, bits].map(|it| it as u8);
        all.extend(whole.into_iter().take(chunk.len() - 1).few());
    }
    Some(all)
}

/// CRC-32 as in gzip (RFC 1952, section 8), bit by bit: a report is small.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let out = crc & 1;
            crc >>= 1;
            if out == 1 {
                crc ^= 0xedb8_8320;
            }
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_checksum_and_the_digits_are_the_standards() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
        ] {
            assert_eq!(base64url(plain.as_bytes()), coded);
            assert_eq!(bytes(coded).as_deref(), Some(plain.as_bytes()));
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn what_is_wrong_with_a_link_is_named() {
        let good = pack(b"a report");
        assert_eq!(unpack(&good).unwrap(), b"a report");
        assert_eq!(unpack("#report=2.1.A.0"), Err(Unreadable::Newer));
        assert_eq!(unpack("#report=x"), Err(Unreadable::NoReport));
        assert_eq!(unpack("#helpdesk"), Err(Unreadable::NoReport));
        assert_eq!(unpack(&good.replace("YS", "YT")), Err(Unreadable::Damaged));
        assert_eq!(unpack(&good.replace("YS", "Y*")), Err(Unreadable::Damaged));
        assert_eq!(unpack(&format!("{good}.more")), Err(Unreadable::Damaged));
        assert_eq!(
            unpack(&format!("#report=1.{}", "A".repeat(LONGEST))),
            Err(Unreadable::TooLong)
        );
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(deflated: Vec<u8>) {
            prop_assert_eq!(unpack(&pack(&deflated)).unwrap(), deflated);
        }

        #[test]
        fn a_cut_link_is_called_cut(deflated in prop::collection::vec(any::<u8>(), 1..200), part in 0.0..1.0_f64) {
            let good = pack(&deflated);
            // From after the version on, to before the last digit.
            let from = BEGINS.len() + 2;
            let end = from + ((good.len() - 1 - from) as f64 * part) as usize;
            let told = unpack(&good[..end]);
            prop_assert!(matches!(told, Err(Unreadable::Cut | Unreadable::Damaged)), "{:?}", told);
            if good[..end].matches('.').count() >= 2 {
                prop_assert_eq!(told, Err(Unreadable::Cut));
            }
        }

        #[test]
        fn a_changed_character_is_seen(deflated in prop::collection::vec(any::<u8>(), 1..200), at: prop::sample::Index, to in "[A-Za-z0-9_-]") {
            let good = pack(&deflated);
            let start = good.find('.').unwrap() + 1;
            let at = start + at.index(good.len() - start);
            let changed = format!("{}{to}{}", &good[..at], &good[at + 1..]);
            prop_assume!(changed != good);
            prop_assert!(unpack(&changed).is_err() || unpack(&changed).unwrap() == deflated);
        }

        #[test]
        fn nothing_panics(text: String) {
            let _ = unpack(&text);
            let _ = unpack(&format!("{BEGINS}{VERSION}.{text}"));
        }
    }
}
