//! Status as a shape: each tone has its own outline and its own sign, so that it survives without colour.

use super::element::{El, el};
use crate::activity::Status;
use crate::diagnosis::{Severity, Verdict};

/// How something went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// It works.
    Good,
    /// It works with faults.
    Warn,
    /// It does not work.
    Bad,
    /// The test could not tell.
    Unknown,
    /// Not known yet.
    Pending,
}

impl Tone {
    /// Its class name.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Unknown => "unknown",
            Self::Pending => "pending",
        }
    }

    /// Its sign, for charts.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Warn => "!",
            Self::Bad => "✕",
            Self::Unknown => "?",
            Self::Pending => "…",
        }
    }
}

impl From<Verdict> for Tone {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Ready => Self::Good,
            Verdict::Degraded => Self::Warn,
            Verdict::Blocked => Self::Bad,
            Verdict::Inconclusive => Self::Unknown,
        }
    }
}

impl From<Status> for Tone {
    fn from(status: Status) -> Self {
        match status {
            Status::Works => Self::Good,
            Status::Degraded => Self::Warn,
            Status::Blocked => Self::Bad,
            Status::Unknown => Self::Unknown,
        }
    }
}

impl From<Severity> for Tone {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Blocker => Self::Bad,
            Severity::Degraded => Self::Warn,
            Severity::Advice | Severity::Info => Self::Unknown,
        }
    }
}

/// The shape for a tone. It is always accompanied by a word, so screen readers skip it.
pub(super) fn mark(tone: Tone) -> El {
    let (shape, sign) = match tone {
        Tone::Good => (
            "circle cx='12' cy='12' r='11'",
            "path d='M7 12.5l3.4 3.4L17 8.8' class='sign'",
        ),
        Tone::Warn => (
            "path d='M12 1.6 23 21.6H1z'",
            "path d='M12 8.6v6M12 17.8v.6' class='sign'",
        ),
        Tone::Bad => (
            "path d='M7.4 1h9.2L23 7.4v9.2L16.6 23H7.4L1 16.6V7.4z'",
            "path d='M8 8l8 8M16 8l-8 8' class='sign'",
        ),
        Tone::Unknown => (
            "path d='M12 .8 23.2 12 12 23.2.8 12z'",
            "path d='M9.3 9.8a2.7 2.7 0 1 1 4 2.3c-.9.5-1.3.9-1.3 1.9M12 16.9v.5' class='sign'",
        ),
        Tone::Pending => ("circle cx='12' cy='12' r='9.5' class='ring'", ""),
    };
    el("svg viewBox='0 0 24 24' aria-hidden='true' focusable='false' class='mark'")
        .class(tone.class())
        .with(el(shape))
        .with(el(sign))
}
