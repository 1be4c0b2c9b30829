//! What the agent told: a page cannot see it, and asks only what matters.

use serde::{Deserialize, Serialize};

/// The id of the observation that holds the agent's answers.
pub const ANSWERS: &str = "answers";

/// What a page cannot see and the agent can tell. `None`: not asked, or not known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AnswersSeen {
    /// Whether the company's VPN is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vpn: Option<bool>,
    /// Whether the VPN lets some traffic past the tunnel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split_tunnel: Option<bool>,
    /// On which virtual desktop the page runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vdi: Option<VdiPlatform>,
    /// What is installed there (G39 to G42); `None` when not asked, empty when nothing of it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installed: Option<Vec<Software>>,
}

/// The virtual desktops of the guide's support matrix (G39 to G42).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VdiPlatform {
    /// The browser runs on the workstation itself.
    None,
    /// Citrix 7 on Windows Server 2008 R2 or 2012 R2.
    CitrixWindows,
    /// Citrix 7 on Linux eLux.
    CitrixElux,
    /// Horizon 7 on Windows Server 2012 R2.
    Horizon2012,
    /// Horizon 7 on Windows Server 2008 R2.
    Horizon2008,
    /// One that the matrix does not have.
    Other,
}

/// Software of the guide's support matrix that is installed, not opened in the browser (G12, G39 to G42).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Software {
    /// Workspace 9.
    Workspace,
    /// The softphone, in SIP or WebRTC mode, with connector and VDI adapter.
    Softphone,
    /// The Screen Recording Service.
    ScreenRecording,
}
