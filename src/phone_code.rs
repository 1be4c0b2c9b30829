//! A result in eight characters, to be read over the phone: verdict, primary cause, the three figures that matter, and
//! the day. Seven characters carry 35 bits, the eighth checks them.
//!
//! The characters are Crockford's base 32: no letter that is heard or read as another, and those that are still written
//! (O, I, L) are understood. The check character makes the weighted sum over GF(32) zero, which shows every single wrong
//! character and every two neighbours that were exchanged.

use crate::few::Gather as _;

/// What a code says.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Told {
    /// As in the report.
    pub verdict: &'static str,
    /// The cause's id; `None` when there is none.
    pub primary: Option<&'static str>,
    /// A cause that this version of the page does not know.
    pub unknown_cause: bool,
    /// The highest clean step of the ladder, in kbps; 0 is none, `None` is not measured.
    pub clean_kbps: Option<f64>,
    /// The round trip to TURN in milliseconds, up to 13 % too long.
    pub round_trip_ms: Option<f64>,
    /// The share of lost packets, up to 26 % of it too much.
    pub loss: Option<f64>,
    /// Month and day, from 1, in UTC.
    pub day: Option<(u32, u32)>,
}

/// Why a code says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCode {
    /// It has not eight characters, or others than these codes have.
    Characters,
    /// A character is wrong, or two are exchanged.
    Misread,
    /// A newer version of this page made it.
    Newer,
}

impl NoCode {
    /// A key into the words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Characters => "ui.code.characters",
            Self::Misread => "ui.code.misread",
            Self::Newer => "ui.code.newer",
        }
    }
}

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const VERDICTS: [&str; 4] = ["ready", "degraded", "blocked", "inconclusive"];
/// The rungs of the ladder, and none at all.
const RATES: [f64; 10] = [0.0, 10.0, 16.0, 24.0, 32.0, 48.0, 64.0, 96.0, 128.0, 160.0];

/// What a field holds that was not measured, or is not known.
const NO_CAUSE: u64 = 0;
const OTHER_CAUSE: u64 = 127;
const NO_RATE: u64 = 15;
const NO_TRIP: u64 = 63;
const NO_LOSS: u64 = 31;

/// Their places are their numbers: new ones are added at the end, none is ever moved or taken away.
const CAUSES: [&str; 53] = [
    "offline",
    "captive-portal",
    "page-not-secure",
    "webrtc-disabled",
    "browser-unsupported",
    "phone-needs-internet",
    "phone-needs-private-network",
    "application-needs-internet",
    "clock-skewed",
    "egress-not-known",
    "ipv4-missing",
    "local-network-blocked",
    "split-tunnel-bypass",
    "dns-failed",
    "allow-list-incomplete",
    "domain-blocked",
    "block-page",
    "host-unreachable",
    "application-error",
    "turn-dns-failed",
    "pac-wrong-route",
    "turn-inspected",
    "turn-refused",
    "turn-blocked",
    "turn-credentials-rejected",
    "turn-quota",
    "turn-relay-denied",
    "media-blocked",
    "microphone-missing",
    "microphone-blocked",
    "microphone-silent",
    "speaker-missing",
    "workstation-overloaded",
    "tls-intercepted",
    "line-unstable",
    "loss-high",
    "media-bitrate-low",
    "latency-high",
    "jitter-high",
    "vpn-detour",
    "media-through-proxy",
    "bandwidth-low",
    "bufferbloat",
    "https-slow",
    "recording-with-split-tunnel",
    "softphone-with-proxy",
    "test-service-down",
    "media-unproven",
    "vdi-unsupported",
    "vdi-path-unproven",
    "test-in-background",
    "test-unfinished",
    "recording-with-proxy",
];

/// How wide each field is, the most significant first: version, verdict, cause, clean rate, round trip, loss, month, day.
const WIDTHS: [u32; 8] = [2, 2, 7, 4, 6, 5, 4, 5];

/// The last bit of a power differs from place to place: a figure that was read is not a step above itself.
const NEARLY: f64 = 1.0 - 1e-9;

/// The code of a result, such as `0M3R-7Q2K`. `started` is ISO 8601.
pub fn code(
    verdict: &str,
    primary: Option<&str>,
    clean_kbps: Option<f64>,
    round_trip_ms: Option<f64>,
    loss: Option<f64>,
    started: &str,
) -> String {
    let verdict = VERDICTS.iter().position(|it| *it == verdict).unwrap_or(3) as u64;
    let cause = match primary {
        None => NO_CAUSE,
        Some(id) => match CAUSES.iter().position(|it| *it == id) {
            Some(at) => at as u64 + 1,
            None => OTHER_CAUSE,
        },
    };
    let rate = clean_kbps.map_or(NO_RATE, |kbps| {
        RATES.iter().rposition(|rate| *rate <= kbps).unwrap_or(0) as u64
    });
    let trip = round_trip_ms.map_or(NO_TRIP, |ms| {
        (0..NO_TRIP - 1)
            .find(|step| trip_of(*step) >= ms * NEARLY)
            .unwrap_or(NO_TRIP - 1)
    });
    let lost = loss.map_or(NO_LOSS, |share| {
        (0..NO_LOSS - 1)
            .find(|step| loss_of(*step) >= share * NEARLY)
            .unwrap_or(NO_LOSS - 1)
    });
    let (month, day) = month_and_day(started).unwrap_or_default();
    let fields = [0, verdict, cause, rate, trip, lost, month.into(), day.into()];
    let bits = fields
        .iter()
        .zip(WIDTHS)
        .fold(0, |bits, (field, width)| bits << width | field);
    let mut digits: Vec<u8> = (0..7).map(|at| (bits >> (30 - 5 * at) & 31) as u8).few();
    digits.push(check(&digits));
    let text: String = digits
        .iter()
        .map(|digit| char::from(ALPHABET[usize::from(*digit)]))
        .collect();
    format!("{}-{}", &text[..4], &text[4..])
}

/// What a code says, however it was written down.
///
/// # Errors
/// Says why it says nothing.
pub fn read(code: &str) -> Result<Told, NoCode> {
    // The page writes marks of direction around it, which a copy takes along.
    let between = |it: &char| it.is_whitespace() || "-–.·\u{2066}\u{2069}".contains(*it);
    let meant = code.chars().filter(|it| !between(it));
    let mut digits = Vec::new();
    for letter in meant.take(9) {
        let letter = match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let digit = ALPHABET.iter().position(|it| char::from(*it) == letter);
        digits.push(digit.ok_or(NoCode::Characters)? as u8);
    }
    let (data, checked) = match digits.as_slice() {
        [data @ .., checked] if data.len() == 7 => (data, *checked),
        _ => return Err(NoCode::Characters),
    };
    if check(data) != checked {
        return Err(NoCode::Misread);
    }
    let mut bits = data
        .iter()
        .fold(0_u64, |bits, digit| bits << 5 | u64::from(*digit));
    let mut fields = [0; 8];
    for (field, width) in fields.iter_mut().zip(WIDTHS).rev() {
        *field = bits & ((1 << width) - 1);
        bits >>= width;
    }
    let [version, verdict, cause, rate, trip, lost, month, day] = fields;
    if version != 0 {
        return Err(NoCode::Newer);
    }
    // No page makes a code of a day that no year has: the check character has missed something.
    let day = (month as u32, day as u32);
    if day != (0, 0) && !is_day(day) {
        return Err(NoCode::Misread);
    }
    let known = (cause as usize).checked_sub(1).and_then(|at| CAUSES.get(at));
    Ok(Told {
        verdict: VERDICTS[verdict as usize],
        primary: known.copied(),
        unknown_cause: cause != NO_CAUSE && known.is_none(),
        clean_kbps: RATES.get(rate as usize).copied(),
        round_trip_ms: (trip != NO_TRIP).then(|| trip_of(trip)),
        loss: (lost != NO_LOSS).then(|| loss_of(lost)),
        day: is_day(day).then_some(day),
    })
}

/// Milliseconds: each step 13 % more, up to 2 s.
fn trip_of(step: u64) -> f64 {
    1.13_f64.powi(step as i32)
}

/// A share: none, then from 0.1 % on each step 26 % more, up to 65 %.
fn loss_of(step: u64) -> f64 {
    match step {
        0 => 0.0,
        _ => 0.001 * 1.26_f64.powi(step as i32 - 1),
    }
}

/// Of `2026-11-25T…`.
fn month_and_day(started: &str) -> Option<(u32, u32)> {
    let mut parts = started.get(..10)?.split('-').map(str::parse::<u32>);
    let (_year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    Some((month, day)).filter(|day| is_day(*day))
}

/// Whether some year has this month and day.
fn is_day((month, day): (u32, u32)) -> bool {
    const LENGTHS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let length = (month as usize).checked_sub(1).and_then(|at| LENGTHS.get(at));
    length.is_some_and(|length| (1..=*length).contains(&day))
}

/// The sum of the digits, the first times α, the next times α², and so on; α is a root of x⁵ + x² + 1.
fn check(digits: &[u8]) -> u8 {
    digits.iter().rev().fold(0, |sum, digit| times_alpha(sum ^ digit))
}

fn times_alpha(value: u8) -> u8 {
    let doubled = value << 1;
    if doubled & 32 == 0 {
        doubled
    } else {
        doubled ^ 0b10_0101
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis;
    use proptest::prelude::*;

    #[test]
    fn every_cause_has_a_number_and_keeps_it() {
        for id in diagnosis::ids() {
            assert!(
                CAUSES.contains(&id),
                "{id} has no number: add it at the end of CAUSES"
            );
        }
        // Codes that were read over the phone once mean the same for ever.
        assert_eq!(
            code(
                "blocked",
                Some("turn-blocked"),
                None,
                None,
                None,
                "2026-11-25T08:00:00Z"
            ),
            "4CFZ-ZVSQ"
        );
        assert_eq!(
            code(
                "ready",
                None,
                Some(160.0),
                Some(24.0),
                Some(0.0),
                "2026-11-25T08:00:00Z"
            ),
            "009D-GBSG"
        );
    }

    #[test]
    fn a_code_is_understood_however_it_is_written() {
        let good = code(
            "blocked",
            Some("turn-blocked"),
            Some(0.0),
            Some(31.0),
            Some(0.021),
            "2026-03-01T08:00:00Z",
        );
        let told = read(&good).unwrap();
        assert_eq!(
            (told.verdict, told.primary, told.day),
            ("blocked", Some("turn-blocked"), Some((3, 1)))
        );
        assert_eq!(told.clean_kbps, Some(0.0));
        assert!((told.round_trip_ms.unwrap() / 31.0 - 1.0).abs() < 0.13);
        assert!((told.loss.unwrap() / 0.021 - 1.0).abs() < 0.26);
        let sloppy = format!(
            "\u{2066} {} \u{2069}",
            good.to_ascii_lowercase()
                .replace('-', " ")
                .replace('0', "o")
                .replace('1', "l")
        );
        assert_eq!(read(&sloppy), Ok(told));
    }

    #[test]
    fn what_is_no_code_is_named() {
        for bad in ["", "ABC", "ABCD-EFGHJ", "ABCD-EFU!", "ABCD-EFGU"] {
            assert_eq!(read(bad), Err(NoCode::Characters), "{bad}");
        }
        // Version 1, with its check character.
        let mut digits = vec![8, 0, 0, 0, 0, 0, 0];
        digits.push(check(&digits));
        let newer: String = digits
            .iter()
            .map(|digit| char::from(ALPHABET[usize::from(*digit)]))
            .collect();
        assert_eq!(read(&newer), Err(NoCode::Newer));
    }

    #[test]
    fn a_day_that_no_year_has_is_a_wrong_character() {
        let of_day = |month: u64, day: u64| {
            let day = month << 5 | day;
            let mut digits: Vec<u8> = (0..7).map(|at| (day >> (30 - 5 * at) & 31) as u8).collect();
            digits.push(check(&digits));
            let letters = digits
                .iter()
                .map(|digit| char::from(ALPHABET[usize::from(*digit)]));
            read(&letters.collect::<String>()).map(|told| told.day)
        };
        assert_eq!(of_day(2, 29), Ok(Some((2, 29))));
        assert_eq!(of_day(0, 0), Ok(None));
        for (month, day) in [(2, 30), (4, 31), (0, 7), (7, 0), (13, 1), (15, 31)] {
            assert_eq!(of_day(month, day), Err(NoCode::Misread), "{month} {day}");
        }
    }

    #[test]
    fn a_figure_that_was_read_makes_the_same_code_again() {
        let of = |trip, loss| {
            code(
                "ready",
                None,
                None,
                Some(trip),
                Some(loss),
                "2026-01-01T08:00:00Z",
            )
        };
        for step in 1..NO_LOSS - 1 {
            let (trip, loss) = (trip_of(step), loss_of(step));
            let next_up = |it: f64| f64::from_bits(it.to_bits() + 1);
            assert_eq!(of(next_up(trip), next_up(loss)), of(trip, loss), "{step}");
        }
    }

    #[test]
    fn a_leap_day_is_a_day_and_other_texts_are_none() {
        assert_eq!(month_and_day("2028-02-29T00:00:00Z"), Some((2, 29)));
        assert_eq!(month_and_day("2026-12-31T00:00:00Z"), Some((12, 31)));
        assert_eq!(month_and_day("2026-13-01T00:00:00Z"), None);
        assert_eq!(month_and_day("yesterday"), None);
    }

    fn any_code() -> impl Strategy<Value = String> {
        (
            0..4_usize,
            prop::option::of(0..CAUSES.len()),
            prop::option::of(0.0..200.0_f64),
            prop::option::of(0.0..5000.0_f64),
            prop::option::of(0.0..1.0_f64),
        )
            .prop_map(|(verdict, cause, clean, trip, loss)| {
                code(
                    VERDICTS[verdict],
                    cause.map(|at| CAUSES[at]),
                    clean,
                    trip,
                    loss,
                    "2026-06-01T08:00:00Z",
                )
            })
    }

    proptest! {
        #[test]
        fn every_code_is_read_back(code in any_code()) {
            prop_assert!(read(&code).is_ok());
        }

        #[test]
        fn one_wrong_character_is_seen(code in any_code(), at in 0..8_usize, by in 1..32_usize) {
            let mut letters: Vec<u8> = code.replace('-', "").into_bytes();
            let digit = ALPHABET.iter().position(|it| *it == letters[at]).unwrap();
            letters[at] = ALPHABET[(digit + by) % 32];
            prop_assert_eq!(read(std::str::from_utf8(&letters).unwrap()), Err(NoCode::Misread));
        }

        #[test]
        fn two_exchanged_neighbours_are_seen(code in any_code(), at in 0..7_usize) {
            let mut letters: Vec<u8> = code.replace('-', "").into_bytes();
            prop_assume!(letters[at] != letters[at + 1]);
            letters.swap(at, at + 1);
            prop_assert_eq!(read(std::str::from_utf8(&letters).unwrap()), Err(NoCode::Misread));
        }

        #[test]
        fn nothing_panics(text: String) {
            let _ = read(&text);
        }
    }
}
