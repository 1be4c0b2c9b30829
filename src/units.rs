//! Numbers with a meaning: every rate, time and share carries its unit in its type.

use std::fmt;
use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// A time span, or a moment on the run's monotonic clock, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub f64);

/// A bit rate in kbit/s (1 kbps = 1000 bit/s).
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kbps(pub f64);

/// A part of a whole, 0..=1.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Share(pub f64);

impl Millis {
    /// No time at all.
    pub const ZERO: Self = Self(0.0);

    /// `seconds` as milliseconds.
    pub const fn seconds(seconds: f64) -> Self {
        Self(seconds * 1000.0)
    }

    /// This time in seconds.
    pub fn as_seconds(self) -> f64 {
        self.0 / 1000.0
    }

    /// The time from `earlier` to this moment, never negative.
    pub fn since(self, earlier: Self) -> Self {
        Self((self.0 - earlier.0).max(0.0))
    }
}

impl Add for Millis {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Millis {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Kbps {
    /// The rate of `bytes` in `time`; `None` when no time has passed.
    pub fn of_bytes(bytes: f64, time: Millis) -> Option<Self> {
        (time.0 > 0.0).then(|| Self(bytes * 8.0 / time.0))
    }
}

impl Share {
    /// `part` of `whole`, clamped to 0..=1; `None` when the whole is empty: no sample is never a pass.
    pub fn of(part: f64, whole: f64) -> Option<Self> {
        (whole > 0.0).then(|| Self((part / whole).clamp(0.0, 1.0)))
    }

    /// This share in percent.
    pub fn percent(self) -> f64 {
        self.0 * 100.0
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (value, decimals, unit) = match self.0 {
            10_000.0.. => (self.0 / 1000.0, 0, " s"),
            1000.0.. => (self.0 / 1000.0, 1, " s"),
            _ => (self.0, 0, " ms"),
        };
        f.write_str(&fixed(value, decimals))?;
        f.write_str(unit)
    }
}

impl fmt::Display for Kbps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = u32::from(self.0 < 100.0 && self.0.fract().abs() > 0.05);
        f.write_str(&fixed(self.0, decimals))?;
        f.write_str(" kbps")
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = u32::from(self.0 > 0.0 && self.0 < 0.1);
        f.write_str(&fixed(self.percent(), decimals))?;
        f.write_str(" %")
    }
}

/// A number with this many decimals, at most three. The standard library's float formatting weighs 10 kB in the page.
pub fn fixed(value: f64, decimals: u32) -> String {
    let scale = 10_u64.pow(decimals);
    let scaled = (value.abs() * scale as f64).round() as u64;
    let sign = if value < 0.0 && scaled > 0 { "-" } else { "" };
    let mut text = format!("{sign}{}", scaled / scale);
    if decimals > 0 {
        let rest = (scale + scaled % scale).to_string();
        text.push('.');
        text.push_str(&rest[1..]);
    }
    text
}

/// An address of the agent. It is shortened wherever it is shown or written (`25.77.0.x`), unless the agent
/// agreed to show it: redaction is a matter of the type, not of remembering.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    text: String,
    revealed: bool,
}

impl Address {
    /// An address as a server or the browser told it.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            revealed: false,
        }
    }

    /// The same address, shown in full from here on: only after the agent agreed.
    #[must_use]
    pub fn reveal(&self) -> Self {
        Self {
            text: self.text.clone(),
            revealed: true,
        }
    }

    /// The whole address, for comparing only: never for showing or writing.
    pub fn for_comparison(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.revealed {
            return f.write_str(&self.text);
        }
        let numbers = |text: &str| {
            text.bytes()
                .all(|it| it.is_ascii_hexdigit() || b".:".contains(&it))
        };
        match self.text.rsplit_once('.') {
            Some((network, _)) if numbers(network) => write!(f, "{network}.x"),
            None if self.text.contains(':') => {
                // What `::` stands for begins behind the network, or is all of it.
                let group = |group: &&str| !group.is_empty() && numbers(group);
                for group in self.text.split(':').take_while(group).take(3) {
                    write!(f, "{group}:")?;
                }
                f.write_str("x")
            }
            // A name, as browsers give in place of an address (mDNS).
            _ => f.write_str("x"),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

impl Serialize for Address {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// A password or token: it can be used, but neither printed nor written.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, to hand to the browser and nobody else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_the_decimals_asked_for() {
        for value in [
            0.0, 0.04, 0.96, 1.0, -1.7, 3.1, 9.99, 12.345, 99.949, 1234.5678, 160_000.0,
        ] {
            for decimals in 0..=3 {
                let expected = format!("{value:.*}", decimals as usize);
                assert_eq!(fixed(value, decimals), expected);
            }
        }
        assert_eq!(fixed(-0.04, 1), "0.0");
    }

    #[test]
    fn an_address_is_shortened_until_revealed() {
        let address = Address::new("25.77.0.3");
        assert_eq!(format!("{address} {address:?}"), "25.77.0.x Address(25.77.0.x)");
        assert_eq!(serde_json::to_string(&address).ok(), Some("\"25.77.0.x\"".into()));
        assert_eq!(address.reveal().to_string(), "25.77.0.3");
        for (full, short) in [
            ("2001:db8:1:2::3", "2001:db8:1:x"),
            ("fe80::1", "fe80:x"),
            ("::1", "x"),
            ("::ffff:25.77.0.3", "::ffff:25.77.0.x"),
            ("3f2a77e1-0b5c.local", "x"),
            ("workstation", "x"),
        ] {
            assert_eq!(Address::new(full).to_string(), short);
            assert_eq!(Address::new(short).to_string(), short);
        }
    }

    #[test]
    fn a_secret_is_never_printed() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(…)");
    }

    #[test]
    fn a_share_of_nothing_is_unknown() {
        assert_eq!(Share::of(0.0, 0.0), None);
        assert_eq!(Share::of(3.0, 2.0), Some(Share(1.0)));
    }
}
