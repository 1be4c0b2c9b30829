//! From configuration and link to the plan: which probes, in which stages, with which deadlines. Pure, and shown before
//! the run.

use crate::config::{Config, TurnUrl};
use crate::link::{Depth, Link};
use crate::probe::{Probe, ProbeId};
use crate::units::{Kbps, Millis};

/// What a run will do.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// How thorough it is.
    pub depth: Depth,
    /// All at once: web servers, names, credentials, TURN URLs.
    pub reach: Vec<Probe>,
    /// Alone, once something relays: TURN URLs that may carry the call, best first. Empty when no media is measured.
    pub call: Vec<MediaPath>,
    /// The payload rates of the ladder, lowest first.
    pub ladder: Vec<Kbps>,
    /// How long a healthy line needs.
    pub expected: Millis,
    /// The run ends here, whatever the network does.
    pub deadline: Millis,
}

/// A TURN URL that may carry the call.
#[derive(Debug, Clone, PartialEq)]
pub struct MediaPath {
    /// The probe that asks it for a relay.
    pub probe: ProbeId,
    /// Its `turn[].id`.
    pub server: String,
    /// The URL.
    pub url: TurnUrl,
}

/// Plans a run.
pub fn plan(_config: &Config, _link: &Link, _page: &str) -> Plan {
    Plan::default()
}
