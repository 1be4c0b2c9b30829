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

/// The verdict and the moment of a run, since 1970; behind them its report.
pub type Last<'a> = (Verdict, Millis, &'a str);

/// What is kept of a run; `None` when it is too much.
pub fn written((verdict, when, report): Last<'_>) -> Option<String> {
    (report.len() <= LONGEST).then(|| format!("{} {}\n{report}", verdict.id(), when.0.max(0.0) as u64))
}

/// What was kept. It may be anything: other pages of this server can write there, too.
pub fn read(text: &str) -> Option<Last<'_>> {
    let (head, report) = text.split_once('\n')?;
    let (verdict, when) = head.split_once(' ')?;
    let verdict = Verdict::ALL.into_iter().find(|it| it.id() == verdict)?;
    // What no calendar has is no moment.
    let when = when
        .parse::<u64>()
        .ok()
        .filter(|when| *when < 8_640_000_000_000_000)?;
    Some((verdict, Millis(when as f64), report))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_comes_back_as_it_was() {
        for verdict in Verdict::ALL {
            let last = (verdict, Millis(1_764_000_000_000.0), "{\n}");
            let text = written(last).expect("it is short");
            assert_eq!(read(&text), Some(last));
        }
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(written((Verdict::Ready, Millis(0.0), &long)), None);
    }

    #[test]
    fn anything_else_is_nothing() {
        for text in [
            "",
            "\n",
            "ready",
            "ready 1",
            "ready\n{}",
            "fine 1\n{}",
            "ready one\n{}",
            "ready -1\n{}",
            "ready 8640000000000000\n{}",
            "ready 99999999999999999999999\n{}",
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
