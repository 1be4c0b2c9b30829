//! Figures out of runs: what several runs of a tool on a line say together.

use super::super::median;
use super::lines::Line;
use super::record::{Record, Told, Tool};

/// A rate that a tool tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// Of the path that a call takes.
    Call,
    HttpsDown,
    HttpsUp,
}

impl Rate {
    pub const ALL: [Self; 3] = [Self::Call, Self::HttpsDown, Self::HttpsUp];

    /// What it is the rate of; `None` where the tool does not measure such a thing.
    pub fn name(self, tool: Tool) -> Option<&'static str> {
        match (self, tool) {
            (Self::Call, Tool::Clearline) => Some("the call, on the wire"),
            (Self::Call, Tool::Twilio | Tool::Jitsi) => Some("data channel, payload"),
            (Self::HttpsDown, Tool::Clearline | Tool::Cloudflare) => Some("HTTPS down, payload"),
            (Self::HttpsUp, Tool::Clearline | Tool::Cloudflare) => Some("HTTPS up, payload"),
            _ => None,
        }
    }

    pub fn of(self, told: &Told) -> Option<f64> {
        match self {
            Self::Call => told.rate_kbps,
            Self::HttpsDown => told.https_down_kbps,
            Self::HttpsUp => told.https_up_kbps,
        }
    }

    /// Whether it was told as a lower bound.
    pub fn at_least(self, told: &Told) -> bool {
        match self {
            Self::Call => false,
            Self::HttpsDown => told.https_down_at_least,
            Self::HttpsUp => told.https_up_at_least,
        }
    }

    /// How far what was told is off the line's rate, in percent; a lower bound is off nothing.
    pub fn error(self, told: &Told, line: f64) -> Option<f64> {
        let rate = self.of(told).filter(|_| !self.at_least(told))?;
        Some((rate / line - 1.0) * 100.0)
    }
}

/// The runs of a tool on a line.
pub struct Runs<'a>(pub Vec<&'a Record>);

impl<'a> Runs<'a> {
    pub fn of(records: &'a [Record], line: &Line, tool: Tool) -> Self {
        let these = records
            .iter()
            .filter(|record| record.line == *line && record.tool == tool);
        Self(these.collect())
    }

    pub fn told(&self) -> impl Iterator<Item = &'a Told> + '_ {
        self.0.iter().filter_map(|record| record.told())
    }

    pub fn values(&self, of: impl Fn(&Told) -> Option<f64>) -> Vec<f64> {
        self.told().filter_map(of).collect()
    }

    /// In seconds, of the runs that came to their own end.
    pub fn times(&self) -> Vec<f64> {
        self.values(|told| Some(told.duration_ms.filter(|_| told.finished)? / 1000.0))
    }

    /// How long a run was that did not come to its own end, in seconds, and how many of these there are.
    pub fn unfinished(&self) -> Option<(f64, usize)> {
        let long = self.values(|told| Some(told.duration_ms.filter(|_| !told.finished)? / 1000.0));
        Some((median(&long)?, long.len()))
    }

    /// Why runs gave nothing at all.
    pub fn failures(&self) -> Vec<&'a str> {
        let failures = self.0.iter().filter_map(|record| record.outcome.as_ref().err());
        failures.map(String::as_str).collect()
    }
}

/// To end soon with nothing is no merit. Clearline always has a verdict.
pub fn says_something(told: &Told, tool: Tool) -> bool {
    tool == Tool::Clearline || Rate::ALL.into_iter().any(|rate| rate.of(told).is_some())
}

/// The lines of these records, in order, that `which` names.
pub fn lines(records: &[Record], which: impl Fn(&Line) -> bool) -> Vec<Line> {
    let mut lines: Vec<Line> = records
        .iter()
        .map(|record| record.line.clone())
        .filter(which)
        .collect();
    lines.sort();
    lines.dedup();
    lines
}
/// `48 (32 to 48)`; the one value where there is no other; nothing where there is none.
pub fn spread(values: &[f64], decimals: usize) -> String {
    let shown = |value: f64| {
        let text = format!("{value:.decimals$}");
        // No rounded nothing below zero.
        match text.trim_start_matches('-').parse() {
            Ok(0.0) => text.trim_start_matches('-').to_owned(),
            _ => text,
        }
    };
    let least = values.iter().copied().reduce(f64::min).map(shown);
    let most = values.iter().copied().reduce(f64::max).map(shown);
    match (median(values).map(shown), least, most) {
        (Some(middle), Some(least), Some(most)) if least == most => middle,
        (Some(middle), Some(least), Some(most)) => format!("{middle} ({least} to {most})"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::record;
    use super::*;

    #[test]
    fn a_spread_names_the_middle_and_both_ends() {
        assert_eq!(spread(&[48.0, 32.0, 48.0], 0), "48 (32 to 48)");
        assert_eq!(
            (spread(&[7.04], 1), spread(&[-0.2], 0)),
            ("7.0".into(), "0".into())
        );
        assert_eq!(spread(&[], 0), "");
    }

    #[test]
    fn a_lower_bound_has_no_error() {
        let mut told = Told {
            https_down_kbps: Some(90.0),
            ..Told::default()
        };
        let error = Rate::HttpsDown.error(&told, 100.0).expect("told");
        assert!((error + 10.0).abs() < 1e-9);
        told.https_down_at_least = true;
        assert_eq!(Rate::HttpsDown.error(&told, 100.0), None);
        assert_eq!(Rate::Call.error(&told, 100.0), None);
    }

    #[test]
    fn a_run_without_an_end_has_no_time() {
        let told = |finished| Told {
            finished,
            duration_ms: Some(58_000.0),
            ..Told::default()
        };
        let line = Line::Narrow(40);
        let records = [
            record(Tool::Cloudflare, line.clone(), told(false)),
            record(Tool::Jitsi, line.clone(), told(true)),
        ];
        let runs = Runs::of(&records, &line, Tool::Cloudflare);
        assert_eq!((runs.times(), runs.unfinished()), (vec![], Some((58.0, 1))));
        assert_eq!(Runs::of(&records, &line, Tool::Jitsi).times(), [58.0]);
        assert_eq!(lines(&records, |_| true), [line]);
    }
}
