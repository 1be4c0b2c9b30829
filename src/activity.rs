//! From findings to what the agent can do right now.

use serde::{Deserialize, Serialize};

use crate::config::{ActivityId, Config};
use crate::diagnosis::{Finding, Verdict};
use crate::observation::Observation;

/// What the agent can do right now.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Which activity.
    pub id: ActivityId,
    /// Whether it works.
    pub status: Status,
    /// The findings behind that.
    pub because: Vec<&'static str>,
}

/// Whether an activity works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It works.
    Works,
    /// It works, with faults a user would notice.
    Degraded,
    /// It cannot work.
    Blocked,
    /// The test could not tell.
    Unknown,
}

/// The status of every activity that this configuration has, in the order sign-in, desktop, voice, recording,
/// administration.
pub fn activities(_config: &Config, _findings: &[Finding], _observations: &[Observation]) -> Vec<Activity> {
    Vec::new()
}

/// The answer in one word, and the one finding to act on first (`None` only when ready).
pub fn verdict(
    _config: &Config,
    _findings: &[Finding],
    _activities: &[Activity],
) -> (Verdict, Option<&'static str>) {
    (Verdict::Inconclusive, None)
}
