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
    /// What this page said in another browser of the same computer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_browser: Option<OtherBrowser>,
}

/// What this page said in another browser of the same computer, on the same line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherBrowser {
    /// The finding that it was tried for: of others it says nothing.
    pub about: String,
    /// It works there; else it is the same there.
    pub works: bool,
}

impl OtherBrowser {
    /// Whether it says something about a finding with this id. A server in the local network is one matter, whether this
    /// browser keeps the page from it or it does not answer.
    pub fn is_about(&self, id: &str) -> bool {
        let local = |id| ["local-network-blocked", "host-unreachable"].contains(&id);
        self.about == id || local(&self.about) && local(id)
    }
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

/// The id of the observation that holds what a PAC file answered.
pub const PAC: &str = "pac";

/// What a PAC file answered for every configured host. The file itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PacSeen {
    /// The routes, in the order of [`crate::pac::questions`].
    pub routes: Vec<PacRoute>,
    /// Why there are none.
    pub failed: Option<PacFailure>,
    /// What the file's own error says.
    pub error: Option<String>,
}

/// What a PAC file answered for one URL, and what it asked meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PacRoute {
    /// What it is about: a host, or a TURN URL.
    pub subject: String,
    /// The URL that the file was asked for.
    pub url: String,
    /// Which browsers ask so.
    pub by: Asker,
    /// The file's answer, such as `PROXY proxy:8080; DIRECT`.
    pub route: Option<String>,
    /// The file failed here.
    pub error: Option<String>,
    /// The names that it looked up; each look-up holds the browser up.
    pub names: Vec<String>,
    /// It asked for this computer's own address.
    pub own: bool,
    /// It asked for the day or the time.
    pub clock: bool,
    /// It called functions that Firefox does not have.
    pub extended: bool,
}

/// Which browsers ask a PAC file so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asker {
    /// All of them.
    #[default]
    Both,
    /// Chromium, and all that is built on it.
    Chromium,
    /// Firefox.
    Firefox,
}

/// Why a PAC file gave no routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PacFailure {
    /// The checker's own worker could not be loaded.
    NotLoaded,
    /// The web server does not send the policy that keeps the file from the network, so it was not run.
    Unprotected,
    /// It is no JavaScript, or fails as it is read.
    Broken,
    /// It has no function `FindProxyForURL`.
    NoFunction,
    /// It did not answer in time.
    TimedOut,
    /// Its answer makes no sense.
    Unreadable,
}
