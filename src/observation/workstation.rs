//! What was seen of the computer that the page runs on.

use serde::{Deserialize, Serialize};

use crate::units::{Kbps, Millis};

/// How a page was kept from measuring: hidden pages are slowed down, and a computer that sleeps stands still.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct AttentionSeen {
    /// How long the page was hidden.
    pub hidden: Millis,
    /// How long the computer slept, or the browser stood still.
    pub slept: Millis,
    /// How many measurements were dropped for it.
    pub dropped: u32,
}

/// How much HTTPS carries.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct BandwidthSeen {
    /// From this computer; `None` when it could not be tried.
    pub up: Option<ThroughputSeen>,
    /// To this computer.
    pub down: Option<ThroughputSeen>,
}

/// How much HTTPS carries one way.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct ThroughputSeen {
    /// The rate of what was carried, without the headers of TCP and TLS.
    pub rate: Kbps,
    /// How many bytes that took.
    pub bytes: f64,
    /// And how long.
    pub time: Millis,
    /// It was more than enough, so nobody looked for the most.
    pub enough: bool,
    /// It was watched over so many round trips that a rate that is too low is the line's.
    pub sure: bool,
}

/// What a page may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// Allowed, by the agent or a policy.
    Granted,
    /// Forbidden, by the agent or a policy.
    Denied,
    /// The browser will ask.
    Prompt,
}

/// Whose virtual desktop it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Desktop {
    /// Citrix.
    Citrix,
    /// Omnissa (VMware) Horizon.
    Horizon,
    /// Azure Virtual Desktop and Windows 365.
    Azure,
    /// Amazon WorkSpaces and DCV.
    Amazon,
    /// A virtual machine of another make.
    Other,
}
