//! The canary's answer: an answer that only the right server can give, and what that server saw of the request.

use crate::config::spelling::printable;
use crate::json::Json;
use crate::observation::{CanarySeen, TlsSeen, Wrong};
use crate::units::{Address, Millis};

/// When a request was sent and its answer came, by this computer's wall clock, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exchange {
    /// When it was sent.
    pub sent: f64,
    /// When the answer came.
    pub answered: f64,
}

/// Reads a canary's answer to `nonce`. Fields beyond `clearline` and `nonce` may be missing: missing is unknown.
///
/// # Errors
/// Says in which way it is not the canary's answer.
pub fn read(text: &str, nonce: &str, exchange: Exchange) -> Result<CanarySeen, Wrong> {
    let answer = Json::read(text).map_err(|_| Wrong::NotTheCanary)?;
    if answer.number_of("clearline").is_none() {
        return Err(Wrong::NotTheCanary);
    }
    match answer.text_of("nonce") {
        Some(echo) if echo == nonce => {}
        Some(_) => return Err(Wrong::OtherNonce),
        None => return Err(Wrong::NotTheCanary),
    }
    let middle = f64::midpoint(exchange.sent, exchange.answered);
    let tls = answer
        .get("tls")
        .filter(|tls| matches!(tls, Json::Object(_)))
        .map(|tls| TlsSeen {
            protocol: text_of(tls, "protocol"),
            cipher: text_of(tls, "cipher"),
            ciphers: text_of(tls, "ciphers"),
            curves: text_of(tls, "curves"),
        });
    Ok(CanarySeen {
        address: text_of(&answer, "address").map(Address::new),
        clock_ahead: text_of(&answer, "time")
            .and_then(|time| epoch(&time))
            .map(|time| Millis(time - middle)),
        via: text_of(&answer, "via"),
        forwarded: text_of(&answer, "forwarded").is_some(),
        tls,
    })
}

/// The longest text that is kept of an answer: it goes into the report, and lists of ciphers stay far below.
const LONGEST: usize = 4_000;

/// A field's text; web servers write an absent header as `null`, as nothing or as `-`.
fn text_of(value: &Json, name: &str) -> Option<String> {
    let text = value.text_of(name)?.trim();
    let kept = text.chars().filter(|it| printable(*it)).take(LONGEST);
    (!text.is_empty() && text != "-").then(|| kept.collect())
}

/// Milliseconds since 1970 of `2026-11-23T10:00:00Z`, with or without a fraction, or with `+01:00` for `Z`.
pub(crate) fn epoch(time: &str) -> Option<f64> {
    let (date, rest) = time.split_once(['T', ' '])?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let zone = rest.find(['Z', '+', '-'])?;
    let (clock, zone) = rest.split_at(zone);
    let mut clock = clock.splitn(3, ':').map(decimal);
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    // A year of more digits would overflow below.
    if !(0..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let seconds =
        days_since_1970(year, month, day) as f64 * 86_400.0 + hour * 3600.0 + minute * 60.0 + second;
    Some((seconds - zone_seconds(zone)?) * 1000.0)
}

/// `12` or `12.5`: the standard library's float parser brings 10 kB of tables into the page.
fn decimal(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: u64 = format!("{whole}{fraction}").parse().ok()?;
    let places = i32::try_from(fraction.len()).ok()?;
    Some(digits as f64 / 10_f64.powi(places))
}

fn zone_seconds(zone: &str) -> Option<f64> {
    if zone == "Z" {
        return Some(0.0);
    }
    let sign = if zone.starts_with('-') { -1.0 } else { 1.0 };
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().ok().filter(|_| digits.len() == 4)?;
    Some(sign * f64::from(number / 100 * 3600 + number % 100 * 60))
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar, counting years from March so that a leap day comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Exchange = Exchange {
        sent: 1_795_428_000_000.0,
        answered: 1_795_428_000_200.0,
    };

    #[test]
    fn a_full_answer_is_read() -> Result<(), Wrong> {
        let text = r#"{"clearline":1,"nonce":"n1","address":"25.77.0.3","time":"2026-11-23T10:00:05Z","via":"1.1 squid",
            "forwarded":"10.0.0.9","tls":{"protocol":"TLSv1.3","cipher":"X","ciphers":"0x1a1a:X","curves":"0x2a2a:X25519"}}"#;
        let seen = read(text, "n1", NOW)?;
        assert_eq!(seen.address, Some(Address::new("25.77.0.3")));
        assert_eq!(seen.clock_ahead, Some(Millis(4900.0)));
        assert_eq!(seen.via.as_deref(), Some("1.1 squid"));
        assert!(seen.forwarded);
        assert_eq!(seen.tls.and_then(|tls| tls.ciphers).as_deref(), Some("0x1a1a:X"));
        Ok(())
    }

    #[test]
    fn what_is_missing_is_unknown() {
        let seen = read(
            r#"{"clearline":1,"nonce":"n1","via":null,"forwarded":"","address":7,"tls":null}"#,
            "n1",
            NOW,
        );
        assert_eq!(seen, Ok(CanarySeen::default()));
    }

    #[test]
    fn a_long_text_is_cut_and_what_does_not_show_left_out() {
        let via = format!("\\u202e\\n{}", "x".repeat(LONGEST + 1));
        let seen = read(
            &format!(r#"{{"clearline":1,"nonce":"n1","via":"{via}"}}"#),
            "n1",
            NOW,
        );
        assert_eq!(seen.map(|seen| seen.via), Ok(Some("x".repeat(LONGEST))));
    }

    #[test]
    fn other_answers_are_told_apart() {
        assert_eq!(read("<html>Sign in</html>", "n1", NOW), Err(Wrong::NotTheCanary));
        assert_eq!(read(r#"{"nonce":"n1"}"#, "n1", NOW), Err(Wrong::NotTheCanary));
        assert_eq!(read(r#"{"clearline":1}"#, "n1", NOW), Err(Wrong::NotTheCanary));
        assert_eq!(
            read(r#"{"clearline":1,"nonce":"old"}"#, "n1", NOW),
            Err(Wrong::OtherNonce)
        );
    }

    #[test]
    fn times_are_read_in_every_usual_spelling() {
        assert_eq!(epoch("1970-01-01T00:00:00Z"), Some(0.0));
        assert_eq!(epoch("2024-02-29T12:00:00.5Z"), Some(1_709_208_000_500.0));
        assert_eq!(epoch("2026-11-23T11:00:00+01:00"), Some(1_795_428_000_000.0));
        assert_eq!(epoch("2026-11-23T05:00:00-0500"), Some(1_795_428_000_000.0));
        for nonsense in [
            "",
            "now",
            "2026-11-23",
            "2026-13-01T00:00:00Z",
            "2026-11-23T10:00:00",
            "9223372036854775807-01-01T00:00:00Z",
        ] {
            assert_eq!(epoch(nonsense), None, "{nonsense}");
        }
    }
}
