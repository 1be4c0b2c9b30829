//! The canary endpoint's answers (contract section 5).

use std::net::IpAddr;
use std::time::SystemTime;

use serde_json::json;

/// The most bytes that `/canary/bytes` gives.
pub const MOST_BYTES: usize = 4_000_000;

/// What one request told the server.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    /// The page's own random text, to be given back.
    pub nonce: &'a str,
    /// Where the request came from.
    pub address: IpAddr,
    /// When.
    pub time: SystemTime,
    /// The `Via` header.
    pub via: Option<&'a str>,
    /// The `X-Forwarded-For` or `Forwarded` header.
    pub forwarded: Option<&'a str>,
}

/// Whether a nonce may be given back: `[A-Za-z0-9_-]{1,64}`.
pub fn nonce_is_fine(nonce: &str) -> bool {
    (1..=64).contains(&nonce.len())
        && nonce
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

/// The body of `GET /canary`. `tls` is null: this server speaks plain HTTP on loopback.
pub fn answer(seen: &Seen<'_>) -> String {
    json!({
        "clearline": 1,
        "nonce": seen.nonce,
        "address": seen.address.to_string(),
        "time": utc(seen.time),
        "via": seen.via,
        "forwarded": seen.forwarded,
        "tls": null,
    })
    .to_string()
}

/// `count` bytes that no compression on the way makes smaller.
pub fn bytes(count: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(count + 8);
    while bytes.len() < count {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(count);
    bytes
}

/// A time as `2026-11-23T10:00:00Z`.
pub fn utc(time: SystemTime) -> String {
    let seconds = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Days since 0000-03-01, counted in eras of 400 years.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_are_utc_to_the_second() {
        let at = |seconds| utc(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01T00:00:00Z");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(at(1_795_428_000), "2026-11-23T10:00:00Z");
        assert_eq!(at(4_107_542_399), "2100-02-28T23:59:59Z");
        assert_eq!(at(4_107_542_400), "2100-03-01T00:00:00Z");
    }

    #[test]
    fn nonces_that_could_break_out_of_json_are_refused() {
        assert!(nonce_is_fine("a-Z_09"));
        for bad in ["", "a\"b", "a b", "ä", &"x".repeat(65)] {
            assert!(!nonce_is_fine(bad), "{bad}");
        }
    }

    #[test]
    fn bytes_are_counted_exactly() {
        for count in [0, 1, 7, 8, 9, 100_001] {
            assert_eq!(bytes(count).len(), count);
        }
    }
}
