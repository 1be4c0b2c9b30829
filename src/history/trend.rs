//! What the runs say together. Nothing is said that their numbers do not carry.

use super::{Rate, Run};
use crate::diagnosis::{self, Verdict};
use crate::few::{Few as _, Gather as _};
use crate::units::{Kbps, Millis, Share};
use crate::words::{Arg, Sentence, say};

/// Fewer runs than these have no trend.
const FEW: usize = 4;
/// So many of the same kind in a row are worth a word.
const ROW: usize = 3;
/// So many runs beyond all of at least as many before them: in any order of the same figures once in 252 times by chance.
const SHIFTED: usize = 5;
/// A run lasts less than this, so a later one of another tab may have begun before; by more only where the clock was set.
const SET_BACK: u64 = 60_000;

/// A figure of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // named as in docs/contract.md
pub enum Figure {
    RoundTrip,
    Loss,
    Clean,
    Up,
    Down,
    Jitter,
    Mos,
}

/// What a run measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Value {
    /// In the figure's own unit.
    pub number: f64,
    /// It may be more.
    pub at_least: bool,
}

impl Figure {
    /// All, in the order in which they stand beside each other.
    pub const ALL: [Self; 7] = [
        Self::Clean,
        Self::RoundTrip,
        Self::Jitter,
        Self::Loss,
        Self::Mos,
        Self::Up,
        Self::Down,
    ];
    /// Those that are drawn.
    pub const DRAWN: [Self; 5] = [Self::RoundTrip, Self::Loss, Self::Clean, Self::Up, Self::Down];

    /// What a run measured of it.
    pub fn of(self, run: &Run) -> Option<Value> {
        let rate = |rate: Option<Rate>| {
            rate.map(|it| Value {
                number: it.kbps.into(),
                at_least: it.at_least,
            })
        };
        let part = |figure: Option<u32>, parts: f64| {
            figure.map(|it| Value {
                number: f64::from(it) / parts,
                at_least: false,
            })
        };
        match self {
            Self::Clean => rate(run.clean),
            Self::RoundTrip => part(run.round_trip, 10.0),
            Self::Jitter => part(run.jitter, 10.0),
            Self::Loss => part(run.loss, 1000.0),
            Self::Mos => part(run.mos, 10.0),
            Self::Up => rate(run.up),
            Self::Down => rate(run.down),
        }
    }

    /// A number of it, to be shown.
    pub fn shown(self, number: f64) -> Arg {
        match self {
            Self::Clean | Self::Up | Self::Down => Arg::Rate(Kbps(number)),
            Self::RoundTrip | Self::Jitter => Arg::Time(Millis(number)),
            Self::Loss => Arg::Share(Share(number)),
            Self::Mos => Arg::Number(number),
        }
    }

    /// A key into the words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Clean => "ui.desk.clean",
            Self::RoundTrip => "ui.fact.round-trip",
            Self::Jitter => "ui.fact.jitter",
            Self::Loss => "ui.fact.loss",
            Self::Mos => "ui.fact.mos",
            Self::Up => "ui.desk.up",
            Self::Down => "ui.desk.down",
        }
    }

    /// A chart reaches at least to here, so that chance does not look like mountains.
    pub fn reach(self) -> f64 {
        match self {
            Self::Clean => 160.0,
            Self::RoundTrip | Self::Jitter => 100.0,
            Self::Loss => 0.02,
            Self::Mos => 4.5,
            Self::Up | Self::Down => 1000.0,
        }
    }

    /// How far two of it may lie apart by chance, in its unit and as a share of the larger: as the helpdesk's comparison has
    /// them.
    fn chance(self) -> (f64, f64) {
        match self {
            Self::Clean => (0.0, 0.0),
            Self::RoundTrip => (10.0, 0.1),
            Self::Jitter => (6.0, 0.1),
            Self::Loss => (0.01, 0.3),
            Self::Mos => (0.2, 0.0),
            Self::Up | Self::Down => (0.0, 0.25),
        }
    }
}

/// What all runs say together, the first sentence first. `since` is the day of the first.
pub fn says(runs: &[Run], since: &str) -> Vec<Sentence> {
    let number = |count: usize| Arg::Number(count as f64);
    let count = ("count", number(runs.len()));
    if runs.is_empty() {
        return vec![say("ui.history.none", [])];
    }
    if runs.len() < FEW {
        return vec![say("ui.history.few", [count])];
    }
    let is_ready = |run: &Run| run.verdict == Verdict::Ready;
    let ready = runs.iter().filter(|run| is_ready(run)).count();
    let parts = [count, ("ready", number(ready))];
    let mut all = vec![match was_set_back(runs) {
        true => say("ui.history.trend-clock", parts),
        false => {
            let mut parts = parts.to_vec();
            parts.push(("since", Arg::Text(since.to_owned())));
            say("ui.history.trend", parts)
        }
    }];
    let newest = runs.last().is_some_and(is_ready);
    let row = runs
        .iter()
        .rev()
        .take_while(|run| is_ready(run) == newest)
        .count();
    if row >= ROW && row < runs.len() {
        let key = match newest {
            true => "ui.history.row-ready",
            false => "ui.history.row-other",
        };
        all.push(say(key, [("count", number(row))]));
    }
    if let Some((cause, count)) = most_frequent(runs) {
        let known = diagnosis::ids().any(|id| id == cause);
        let cause = match known {
            true => Arg::Word(format!("cause.{cause}.title")),
            false => Arg::Text(cause.to_owned()),
        };
        all.push(say(
            "ui.history.cause",
            [("count", number(count)), ("cause", cause)],
        ));
    }
    all
}

/// The cause that several runs had, if none had as many.
fn most_frequent(runs: &[Run]) -> Option<(&str, usize)> {
    let mut causes: Vec<(&str, usize)> = Vec::new();
    let not_ready = runs.iter().filter(|run| run.verdict != Verdict::Ready);
    for cause in not_ready.filter_map(|run| run.cause.as_deref()) {
        match causes.iter_mut().find(|(other, _)| *other == cause) {
            Some((_, count)) => *count += 1,
            None => causes.push((cause, 1)),
        }
    }
    causes.sort_few_by_key(|(_, count)| std::cmp::Reverse(*count));
    let (first, second) = (causes.first()?, causes.get(1).map_or(1, |(_, count)| *count));
    (first.1 > second).then_some(*first)
}

/// Whether this computer's clock was set back between two runs, which then say nothing about how long ago that was.
fn was_set_back(runs: &[Run]) -> bool {
    runs.windows(2)
        .any(|pair| pair[1].began + SET_BACK < pair[0].began)
}

/// What the newest runs say of a figure, if all of them lie on one side of all that were before.
pub fn shift(runs: &[Run], figure: Figure) -> Option<Sentence> {
    let values: Vec<Value> = runs.iter().filter_map(|run| figure.of(run)).few();
    let (before, newest) = values.split_at_checked(values.len().checked_sub(SHIFTED)?)?;
    if before.len() < SHIFTED {
        return None;
    }
    let (absolute, share) = figure.chance();
    let (old, new) = (middle(before)?, middle(newest)?);
    if (new - old).abs() <= absolute.max(old.max(new) * share) {
        return None;
    }
    // Of what is at least so much nobody knows that it is less than another.
    let above = |these: &[Value], those: &[Value]| {
        those
            .iter()
            .all(|that| !that.at_least && these.iter().all(|this| this.number > that.number))
    };
    let key = if above(newest, before) {
        "ui.history.higher"
    } else if above(before, newest) {
        "ui.history.lower"
    } else {
        return None;
    };
    Some(say(key, [("count", Arg::Number(SHIFTED as f64))]))
}

/// The one in the middle of these in their order.
fn middle(values: &[Value]) -> Option<f64> {
    let mut numbers: Vec<f64> = values.iter().map(|it| it.number).few();
    numbers.sort_few_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied()
}

impl Figure {
    /// The figure in the middle of all that measured it, and how many did; `None` where some only know that it was at least so
    /// much.
    pub fn middle(self, runs: &[Run]) -> Option<(f64, usize)> {
        let values: Vec<Value> = runs.iter().filter_map(|run| self.of(run)).few();
        let exact = values.iter().all(|it| !it.at_least);
        Some((middle(&values).filter(|_| exact)?, values.len()))
    }
}
