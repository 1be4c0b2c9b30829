//! The history of this browser's runs: one short line for each, in one text that the browser keeps. Addresses, hosts, tickets
//! and secrets have no place in a line.
//!
//! Whoever writes takes lines as they are, so that a run of another tab, or of a newer page, is kept although this one may not
//! understand it. Whoever reads takes a line as a whole or leaves it out.

#[cfg(test)]
mod tests;
mod trend;

pub use trend::{Figure, Value, says, shift};

use crate::canary::epoch;
use crate::diagnosis::Verdict;
use crate::few::Gather as _;
use crate::link::Depth;
use crate::plan::Plan;
use crate::report::Report;
use crate::units::Millis;

/// Where it is kept.
pub const KEY: &str = "clearline.history";
/// No more runs than these are kept; those that were kept first go first.
pub const MOST: usize = 500;
/// The first line.
const FORMAT: &str = "clearline.history/1\n";
/// A line is not longer.
const LINE_LONGEST: usize = 200;
/// And all lines are not.
const LONGEST: usize = MOST * (LINE_LONGEST + 1);
/// A name of a configuration or of a cause is not longer.
const NAME_LONGEST: usize = 40;
/// So many digits of a run's id tell it from another one of the same millisecond.
const MARK: usize = 8;
/// The last millisecond of the year 9999.
const LAST_MOMENT: u64 = 253_402_300_799_999;
/// A figure is not larger.
const FIGURE_MOST: f64 = 99_999_999.0;

/// What was kept of a run. Figures are whole numbers, so that what is written is read again to the bit; `None` was not measured
/// in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// When it began, in milliseconds since 1970, as this computer's clock said.
    pub began: u64,
    /// The beginning of its id.
    pub mark: String,
    /// What it said.
    pub verdict: Verdict,
    /// How thorough it was.
    pub depth: Depth,
    /// The configuration's name in the link; the usual one has none.
    pub config: Option<String>,
    /// The id of the cause to act on first.
    pub cause: Option<String>,
    /// The highest clean step.
    pub clean: Option<Rate>,
    /// Tenths of a millisecond.
    pub round_trip: Option<u32>,
    /// Tenths of a millisecond.
    pub jitter: Option<u32>,
    /// Lost packets of a thousand.
    pub loss: Option<u32>,
    /// Tenths.
    pub mos: Option<u32>,
    /// HTTPS from this computer.
    pub up: Option<Rate>,
    /// HTTPS to this computer.
    pub down: Option<Rate>,
}

/// A rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// In whole kbps.
    pub kbps: u32,
    /// It may be more: nobody looked further.
    pub at_least: bool,
}

/// All that the view of the history shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Earlier {
    /// What is kept, as it is.
    pub text: String,
    /// When each of its runs began, as its reader writes it.
    pub when: Vec<String>,
    /// The day of the first.
    pub since: String,
}

/// The line of a run that is over. A part of a plan that is tested again keeps what was seen before, and that is no figure of
/// this run: `plan` says what it measured. `None` when it began at no time.
pub fn line(report: &Report, config: Option<&str>, plan: &Plan) -> Option<String> {
    let media = report.media.as_ref().filter(|_| !plan.call.is_empty());
    let bandwidth = plan.bandwidth.as_ref().map(|_| &report.bandwidth);
    let clean = media.and_then(|it| it.highest_clean_kbps);
    // A quick run leaves steps out; the highest one is not the most that a line carries.
    let more = plan.depth == Depth::Quick || clean >= plan.ladder.last().map(|top| top.0);
    let began = epoch(&report.run.started)?.clamp(0.0, LAST_MOMENT as f64) as u64;
    let mut line = begin(began, report.run.id.get(..MARK)?);
    line.push(verdict_letter(report.verdict));
    line.push(depth_letter(report.run.depth));
    put(&mut line, config);
    put(&mut line, report.primary.as_deref());
    let up_to = |at_least: Option<bool>| at_least == Some(true);
    for (figure, parts, at_least) in [
        (clean, 1.0, more),
        (media.and_then(|it| it.round_trip_ms), 10.0, false),
        (media.and_then(|it| it.jitter_ms), 10.0, false),
        (media.and_then(|it| it.loss), 1000.0, false),
        (media.and_then(|it| it.mos), 10.0, false),
        (
            bandwidth.and_then(|it| it.up_kbps),
            1.0,
            up_to(report.bandwidth.up_at_least),
        ),
        (
            bandwidth.and_then(|it| it.down_kbps),
            1.0,
            up_to(report.bandwidth.down_at_least),
        ),
    ] {
        let figure = figure.map(|it| (it * parts).round().clamp(0.0, FIGURE_MOST) as u32);
        put_figure(&mut line, figure, at_least);
    }
    Some(line)
}

/// What a line begins with, and no other run's.
fn begin(began: u64, mark: &str) -> String {
    began.to_string() + " " + mark + " "
}

fn put(line: &mut String, word: Option<&str>) {
    line.push(' ');
    line.push_str(word.unwrap_or("-"));
}

fn put_figure(line: &mut String, figure: Option<u32>, at_least: bool) {
    put(line, figure.map(|it| it.to_string()).as_deref());
    if figure.is_some() && at_least {
        line.push('+');
    }
}

/// The text to keep after the run of this line, of what is kept now. A run that is concluded anew (`again`) takes its own
/// line's place: `None` where that was cleared meanwhile, and stays so.
pub fn kept(before: &str, line: &str, again: bool) -> Option<String> {
    let name = line.find(' ').and_then(|at| line.get(..at + MARK + 2))?;
    let count = lines(before).count();
    let mut found = false;
    let mut text = FORMAT.to_owned();
    let mut add = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    for (at, other) in lines(before).enumerate() {
        if other.starts_with(name) {
            found = true;
            add(line);
        } else if count - at < MOST {
            add(other);
        }
    }
    if !found {
        add(line);
    }
    (found || !again).then_some(text)
}

/// The runs of a text that was kept, as far as they can be read, in the order in which they ended.
pub fn runs(text: &str) -> Vec<Run> {
    let all = lines(text).filter_map(Run::read).few();
    let more = all.len().saturating_sub(MOST);
    all.into_iter().skip(more).few()
}

/// The lines behind the first, if the text is one of this version; what is too long for a run is none.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let known = text.strip_prefix(FORMAT).filter(|it| it.len() <= LONGEST);
    let lines = known.unwrap_or_default().split('\n');
    lines.filter(|line| (1..=LINE_LONGEST).contains(&line.len()))
}

impl Run {
    /// As a moment of the wall clock.
    pub fn moment(&self) -> Millis {
        Millis(self.began as f64)
    }

    /// As it is kept.
    pub fn line(&self) -> String {
        let mut line = begin(self.began, &self.mark);
        line.push(verdict_letter(self.verdict));
        line.push(depth_letter(self.depth));
        put(&mut line, self.config.as_deref());
        put(&mut line, self.cause.as_deref());
        let rate = |rate: Option<Rate>| (rate.map(|it| it.kbps), rate.is_some_and(|it| it.at_least));
        for (figure, at_least) in [
            rate(self.clean),
            (self.round_trip, false),
            (self.jitter, false),
            (self.loss, false),
            (self.mos, false),
            rate(self.up),
            rate(self.down),
        ] {
            put_figure(&mut line, figure, at_least);
        }
        line
    }

    /// Reads what [`Self::line`] wrote. All of it is right, or none of it is taken.
    fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let began = number(words.next()?, 15).filter(|it| *it <= LAST_MOMENT)?;
        let mark = words.next()?;
        let hexadecimal = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
        if mark.len() != MARK || !mark.bytes().all(hexadecimal) {
            return None;
        }
        let mut letters = words.next()?.chars();
        let (verdict, depth) = (letters.next()?, letters.next()?);
        if letters.next().is_some() {
            return None;
        }
        let run = Self {
            began,
            mark: mark.to_owned(),
            verdict: VERDICTS.into_iter().find(|it| verdict_letter(*it) == verdict)?,
            depth: [Depth::Quick, Depth::Full]
                .into_iter()
                .find(|it| depth_letter(*it) == depth)?,
            config: name(words.next()?)?,
            cause: name(words.next()?)?,
            clean: rate(words.next()?)?,
            round_trip: figure(words.next()?)?,
            jitter: figure(words.next()?)?,
            loss: figure(words.next()?)?.filter(|it| *it <= 1000),
            mos: figure(words.next()?)?.filter(|it| *it <= 50),
            up: rate(words.next()?)?,
            down: rate(words.next()?)?,
        };
        // What was too large is no figure that this page wrote.
        (words.next().is_none() && run.line() == line).then_some(run)
    }
}

const VERDICTS: [Verdict; 4] = [
    Verdict::Ready,
    Verdict::Degraded,
    Verdict::Inconclusive,
    Verdict::Blocked,
];

fn verdict_letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::Ready => 'r',
        Verdict::Degraded => 'd',
        Verdict::Inconclusive => 'i',
        Verdict::Blocked => 'b',
    }
}

fn depth_letter(depth: Depth) -> char {
    match depth {
        Depth::Quick => 'q',
        Depth::Full => 'f',
    }
}

fn number(word: &str, longest: usize) -> Option<u64> {
    let plain = (1..=longest).contains(&word.len()) && word.bytes().all(|it| it.is_ascii_digit());
    plain.then(|| word.parse().ok()).flatten()
}

/// A figure, or `-` for none.
fn figure(word: &str) -> Option<Option<u32>> {
    match word {
        "-" => Some(None),
        word => Some(Some(u32::try_from(number(word, 8)?).ok()?)),
    }
}

fn rate(word: &str) -> Option<Option<Rate>> {
    let bare = word.strip_suffix('+');
    let kbps = figure(bare.unwrap_or(word))?;
    let at_least = bare.is_some();
    Some(kbps.map(|kbps| Rate { kbps, at_least }))
}

/// A name such as `turn-blocked`, or `-` for none.
fn name(word: &str) -> Option<Option<String>> {
    let plain = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    match word {
        "-" => Some(None),
        _ if (1..=NAME_LONGEST).contains(&word.len()) && word.bytes().all(plain) => {
            Some(Some(word.to_owned()))
        }
        _ => None,
    }
}
