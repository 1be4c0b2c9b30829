//! From findings to the fix list: who acts, in which order, with which text for the ticket.

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::diagnosis::Finding;
use crate::observation::Observation;
use crate::words::Sentence;

/// What someone does about one or more findings.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    /// Its stable id, such as `exempt-turn-from-inspection`.
    pub id: &'static str,
    /// Who acts.
    pub owner: Owner,
    /// The ids of the findings it resolves.
    pub resolves: Vec<&'static str>,
    /// The action as one sentence.
    pub title: Sentence,
    /// Steps in plain words.
    pub steps: Vec<Sentence>,
    /// Text ready for a ticket: hosts, ports, direction, evidence filled in. One sentence or snippet per line.
    pub copy: Vec<Sentence>,
    /// Which probes to run again to see whether it worked: id prefixes such as `turn:turn-1`; empty means all.
    pub retest: Vec<String>,
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// The agent.
    Agent,
    /// The helpdesk.
    Helpdesk,
    /// Whoever looks after the workstation.
    Desktop,
    /// Whoever looks after firewall, DNS and line.
    Network,
    /// Whoever looks after the web proxy.
    Proxy,
    /// Whoever looks after the VPN.
    Vpn,
    /// Whoever looks after virtual desktops.
    Vdi,
    /// The provider of the cloud or of this test's servers.
    Vendor,
}

/// The fix list for these findings; the first one is the first step.
pub fn fixes(_config: &Config, _findings: &[Finding], _observations: &[Observation]) -> Vec<Fix> {
    Vec::new()
}
