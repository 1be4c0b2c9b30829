//! What an answer means for a delivery, and how long to wait before the next try.

use crate::canary::epoch;
use crate::few::Gather as _;

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Answer {
    /// The receiver's status, and what it says of when to come again, in milliseconds from now.
    Status(u16, Option<f64>),
    /// It wanted to send us elsewhere: results go to the configured host alone.
    Redirected,
    /// No answer came, or none that the page may read.
    Silent,
}

/// The first pause, in milliseconds; each is twice as long as the one before it.
const FIRST_PAUSE: f64 = 1_000.0;
/// And none is longer than this.
const LONGEST_PAUSE: f64 = 300_000.0;
/// A receiver may ask for this much at the most.
const LONGEST_WISH: f64 = 3_600_000.0;

impl Answer {
    /// The receiver has it.
    pub fn accepted(self) -> bool {
        matches!(self, Self::Status(200..=299, _))
    }

    /// Another try may help: by OTLP/HTTP's own list.
    pub fn passes(self) -> bool {
        matches!(self, Self::Silent | Self::Status(429 | 502 | 503 | 504, _))
    }

    /// How long to wait after this answer and so many tries, in milliseconds. `chance` (0 to 1) spreads those who were all
    /// refused at the same moment.
    pub fn pause(self, tries: u32, chance: f64) -> f64 {
        let doubled = FIRST_PAUSE * f64::from(1_u32 << tries.saturating_sub(1).min(16));
        let pause = doubled.min(LONGEST_PAUSE) * (0.5 + chance.clamp(0.0, 1.0) / 2.0);
        match self {
            Self::Status(_, Some(wish)) => pause.max(wish.clamp(0.0, LONGEST_WISH)),
            _ => pause,
        }
    }
}

/// Reads a `Retry-After`: seconds, or a date as HTTP writes it. In milliseconds from `now`.
pub fn retry_after(text: &str, now: f64) -> Option<f64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds are a long time, too.
        return Some(f64::from(text.parse().unwrap_or(u32::MAX)) * 1000.0);
    }
    // Wed, 21 Oct 2026 07:28:00 GMT
    let parts = text.split(' ').few();
    let [_, day, month, year, clock, "GMT"] = parts[..] else {
        return None;
    };
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let moment = epoch(&format!("{year}-{month}-{day}T{clock}Z"))?;
    Some((moment - now).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_five_minutes() {
        let pause = |tries| Answer::Silent.pause(tries, 1.0);
        assert_eq!(
            [1, 2, 3, 9, 10, 99].map(pause),
            [1_000.0, 2_000.0, 4_000.0, 256_000.0, 300_000.0, 300_000.0]
        );
        assert_eq!(Answer::Silent.pause(1, 0.0), 500.0);
        assert_eq!(Answer::Silent.pause(3, f64::INFINITY), 4_000.0);
    }

    #[test]
    fn a_receivers_wish_is_honoured_within_bounds() {
        let pause = |wish| Answer::Status(503, Some(wish)).pause(1, 1.0);
        assert_eq!(pause(20_000.0), 20_000.0);
        assert_eq!(pause(1.0), 1_000.0);
        assert_eq!(pause(f64::INFINITY), LONGEST_WISH);
    }

    #[test]
    fn wishes_are_seconds_or_dates() {
        let now = epoch("2026-10-21T07:27:50Z").unwrap();
        for (text, expected) in [
            ("120", Some(120_000.0)),
            ("Wed, 21 Oct 2026 07:28:00 GMT", Some(10_000.0)),
            ("Wed, 21 Oct 2026 07:00:00 GMT", Some(0.0)),
            ("99999999999999", Some(f64::from(u32::MAX) * 1000.0)),
            ("", None),
            ("-1", None),
            ("soon", None),
            ("Wed, 21 Oct 2026 07:28:00 CET", None),
        ] {
            assert_eq!(retry_after(text, now), expected, "{text}");
        }
    }

    #[test]
    fn which_answers_are_final() {
        for status in [429, 502, 503, 504] {
            assert!(Answer::Status(status, None).passes());
        }
        for status in [0, 301, 400, 401, 404, 413, 500] {
            let answer = Answer::Status(status, None);
            assert!(!answer.passes() && !answer.accepted(), "{status}");
        }
        assert!(!Answer::Redirected.passes() && !Answer::Redirected.accepted());
        assert!(Answer::Silent.passes() && Answer::Status(204, None).accepted());
    }
}
