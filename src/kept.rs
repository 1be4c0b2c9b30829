//! What this browser keeps for when the page's server cannot be reached: the page itself, its configuration
//! (`static/service-worker.js`), and the last result.

use crate::diagnosis::Verdict;
use crate::units::Millis;

/// What came from this browser's memory, since the server did not answer in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// The page and all that belongs to it.
    Page,
    /// Its configuration alone.
    Config,
}

impl Kept {
    /// As the worker says it of a configuration.
    pub fn named(id: &str) -> Option<Self> {
        [Self::Page, Self::Config].into_iter().find(|it| it.id() == id)
    }

    /// Its name in the report.
    pub fn id(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Config => "config",
        }
    }

    /// A key into the words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Page => "ui.kept.page",
            Self::Config => "ui.kept.config",
        }
    }
}

/// The fragment that opens the last result.
pub const LAST: &str = "#last";

/// A report that is longer is not kept: browsers give a page room for some millions of characters.
const LONGEST: usize = 500_000;

/// What is kept of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Last<'a> {
    /// What it said.
    pub verdict: Verdict,
    /// When it ended, since 1970.
    pub when: Millis,
    /// The configuration's name in the link; empty for the usual one.
    pub config: &'a str,
    /// Its report.
    pub report: &'a str,
}

/// What is kept of a run; `None` when it is too much.
pub fn written(last: Last<'_>) -> Option<String> {
    let Last {
        verdict,
        when,
        config,
        report,
    } = last;
    let head = || [verdict.id(), &(when.0.max(0.0) as u64).to_string(), config].join(" ");
    (report.len() <= LONGEST).then(|| head() + "\n" + report)
}

/// What was kept. It may be anything: other pages of this server can write there, too.
pub fn read(text: &str) -> Option<Last<'_>> {
    let (head, report) = text.split_once('\n')?;
    let (verdict, head) = head.split_once(' ')?;
    let (when, config) = head.split_once(' ')?;
    let verdict = Verdict::ALL.into_iter().find(|it| it.id() == verdict)?;
    // What no calendar has is no moment.
    let when = when
        .parse::<u64>()
        .ok()
        .filter(|when| *when < 8_640_000_000_000_000)?;
    let when = Millis(when as f64);
    Some(Last {
        verdict,
        when,
        config,
        report,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_comes_back_as_it_was() {
        for verdict in Verdict::ALL {
            for config in ["", "berlin"] {
                let when = Millis(1_764_000_000_000.0);
                let last = Last {
                    verdict,
                    when,
                    config,
                    report: "{\n}",
                };
                let text = written(last).expect("it is short");
                assert_eq!(read(&text), Some(last));
            }
        }
        let long = "x".repeat(LONGEST + 1);
        let last = Last {
            verdict: Verdict::Ready,
            when: Millis(0.0),
            config: "",
            report: &long,
        };
        assert_eq!(written(last), None);
    }

    #[test]
    fn anything_else_is_nothing() {
        for text in [
            "",
            "\n",
            "ready",
            "ready 1",
            "ready\n{}",
            "ready 1\n{}",
            "fine 1 \n{}",
            "ready one \n{}",
            "ready -1 \n{}",
            "ready 8640000000000000 \n{}",
            "ready 99999999999999999999999 \n{}",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_worker_and_the_report_say_the_same() {
        for kept in [Kept::Page, Kept::Config] {
            assert_eq!(Kept::named(kept.id()), Some(kept));
        }
        assert_eq!(Kept::named("else"), None);
    }
}
