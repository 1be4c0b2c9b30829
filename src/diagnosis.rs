//! From observations to findings: the table of root causes. Causes silence their symptoms; "cannot tell" is an answer.

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::observation::Observation;
use crate::words::Sentence;

/// A root cause that was concluded.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Its stable id, such as `turn-blocked`.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// How sure we are.
    pub confidence: Confidence,
    /// What it is about: a host or a URL; empty when it is the whole line or this page.
    pub subject: String,
    /// What speaks for it, one sentence each.
    pub evidence: Vec<Sentence>,
    /// What speaks against it.
    pub against: Vec<Sentence>,
    /// The finding of which this is only a symptom.
    pub silenced_by: Option<&'static str>,
}

/// How bad a finding is, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// A required activity cannot work.
    Blocker,
    /// It works, but with faults that a user would notice.
    Degraded,
    /// Works; could be better.
    Advice,
    /// Worth knowing.
    Info,
}

/// How sure a finding is, surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Nothing else explains what was seen.
    Certain,
    /// Something speaks for it, nothing against.
    Likely,
    /// It fits, and so does something else.
    Possible,
}

/// The answer to "can I take calls from here?".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Everything required works.
    Ready,
    /// It works, but with faults that a user would notice.
    Degraded,
    /// A required activity cannot work.
    Blocked,
    /// The test itself could not tell.
    Inconclusive,
}

/// Concludes the root causes from what was seen, most important first; silenced ones last.
pub fn diagnose(_config: &Config, _observations: &[Observation]) -> Vec<Finding> {
    Vec::new()
}
