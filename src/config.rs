//! The configuration: text in, a [`Config`] or every problem at once out.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json::Json;
use crate::units::Secret;

mod assemble;
mod fields;
mod formats;
mod host;
mod ids;
mod network;
mod problem;
mod read;
#[cfg(not(target_arch = "wasm32"))]
mod schema;
mod sources;
pub(crate) mod spelling;
mod turn_url;
mod web_url;

pub use problem::{Fault, Problem, Said};
pub(crate) use read::{not_among, step};
#[cfg(not(target_arch = "wasm32"))]
pub use {problem::problem_words, schema::schema};

/// A valid configuration. Nothing is tested with a broken one.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The contact centre's name.
    pub name: String,
    /// How the applications are reached.
    pub transport: Transport,
    /// The agent's kind of phone.
    pub phone: Phone,
    /// What the agent works with.
    pub applications: Vec<Application>,
    /// The TURN servers; one verdict per URL.
    pub turn: Vec<TurnServer>,
    /// `stun:` URLs.
    pub stun: Vec<TurnUrl>,
    /// Neutral hosts that should answer when the line works at all.
    pub controls: Vec<HttpUrl>,
    /// The project's own endpoint.
    pub canary: Option<HttpUrl>,
    /// Addresses on the cloud's access list.
    pub egress_known: Vec<Network4>,
    /// What the agent does at the same time.
    pub load: Load,
    /// Whom the agent can ask.
    pub helpdesk: Option<Helpdesk>,
    /// Where results are sent, if anywhere.
    pub reporting: Reporting,
    /// Whether browsers keep the page for when its server cannot be reached.
    pub offline: bool,
    /// Logo and colour.
    pub brand: Brand,
}

/// How the applications are reached (G1). WebRTC media always needs the Internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// Over the Internet.
    #[default]
    Internet,
    /// Over a private network, for example MPLS.
    Private,
    /// Over both.
    Both,
}

/// The agent's kind of phone (G2, G5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phone {
    /// The phone inside Workspace.
    #[default]
    WebrtcEmbedded,
    /// The softphone in WebRTC mode.
    WebrtcSoftphone,
    /// A SIP phone over the private network.
    Sip,
    /// A phone behind the corporate telephone system.
    Corporate,
    /// A phone on the public telephone network.
    Pstn,
}

/// What the agent wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActivityId {
    /// Signing in.
    SignIn,
    /// Working in Agent Desktop.
    AgentDesktop,
    /// Speaking with callers.
    Voice,
    /// Having the screen recorded.
    ScreenRecording,
    /// Administrating.
    Administration,
}

/// An application to reach.
#[derive(Debug, Clone, PartialEq)]
pub struct Application {
    /// The id in the built-in catalogue, or a new one.
    pub id: String,
    /// The name people see.
    pub name: String,
    /// What is asked.
    pub url: HttpUrl,
    /// Which answer counts.
    pub check: Check,
    /// False: its failure is advice only.
    pub required: bool,
    /// What fails when it fails.
    pub activity: ActivityId,
}

/// Which answer counts.
#[derive(Debug, Clone, PartialEq)]
pub enum Check {
    /// Any answer.
    Reach,
    /// An image of this size: proves that the right server answered, without CORS.
    Image {
        /// Where the image is.
        url: HttpUrl,
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// A canary's answer.
    Canary,
}

/// An `https:` URL, or `http:` on a loopback host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpUrl {
    /// As it was written.
    pub text: String,
    /// Scheme, host and port, as in a Content-Security-Policy.
    pub origin: String,
    /// Lower-case host name or IPv4 address.
    pub host: String,
    /// The port, 443 (80) when not written.
    pub port: u16,
}

/// A TURN server.
#[derive(Debug, Clone, PartialEq)]
pub struct TurnServer {
    /// Names it.
    pub id: String,
    /// Its URLs, at least one.
    pub urls: Vec<TurnUrl>,
    /// Where credentials come from.
    pub access: TurnAccess,
}

/// Where TURN credentials come from. Its `Debug` prints none of them.
#[derive(Clone, PartialEq)]
pub enum TurnAccess {
    /// From the configuration.
    Static {
        /// The user name.
        username: String,
        /// The password.
        credential: Secret,
    },
    /// From a credential service, absolute or relative to the page.
    Fetched {
        /// Its URL.
        url: String,
    },
    /// Nowhere: the server's 401 proves that it was reached.
    Unauthorized,
}

/// A `turn:`, `turns:` or `stun:` URL (RFC 7064, RFC 7065).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnUrl {
    /// As it was written.
    pub text: String,
    /// `turn`, `turns` or `stun`.
    pub scheme: TurnScheme,
    /// Lower-case host name or IPv4 address.
    pub host: String,
    /// The port, 3478 (5349 for `turns`) when not written.
    pub port: u16,
    /// How the browser talks to the server.
    pub transport: TurnTransport,
}

/// The scheme of a [`TurnUrl`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TurnScheme {
    /// STUN only.
    Stun,
    /// TURN.
    Turn,
    /// TURN over TLS.
    Turns,
}

/// How the browser talks to the TURN server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TurnTransport {
    /// Over TCP.
    Tcp,
    /// Over UDP.
    Udp,
}

/// An IPv4 network in CIDR notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network4 {
    /// Its first address.
    pub address: [u8; 4],
    /// How many leading bits count, 0..=32.
    pub prefix: u8,
}

/// What the agent does at the same time; drives the bandwidth budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Calls at the same time.
    pub calls: u32,
    /// Whether the screen is recorded.
    pub screen_recording: bool,
}

/// Whom the agent can ask.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Helpdesk {
    /// Its name.
    pub name: String,
    /// Its telephone number.
    pub phone: Option<String>,
    /// Its e-mail address.
    pub email: Option<String>,
    /// Where tickets are opened.
    pub url: Option<String>,
}

/// Where results are sent, if anywhere. Its `Debug` prints origins only: a webhook's path often is its password.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Reporting {
    /// An OTLP/HTTP receiver.
    pub otlp_url: Option<HttpUrl>,
    /// A plain webhook.
    pub webhook_url: Option<HttpUrl>,
}

/// Logo and colour.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Brand {
    /// Relative to the page.
    pub logo: Option<String>,
    /// `#rrggbb`.
    pub accent: Option<String>,
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// Every problem at once, in the order of the file, rules that reach over several keys last.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        // A byte-order mark is no problem.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let json = json(text).map_err(|fault| vec![fault.at("$")])?;
        let mut reading = read::check(&json, &fields::FILE);
        assemble::contradictions(&json, &mut reading);
        if reading.problems.is_empty() {
            if let Some(config) = assemble::config(&json) {
                return Ok(config);
            }
            reading.wrong(Fault::of("file.malformed"));
        }
        Err(reading.problems)
    }
}

/// No configuration is longer than this many bytes.
pub(crate) const LONGEST: usize = 256 * 1024;

fn json(text: &str) -> Result<Json, Fault> {
    if text.len() > LONGEST {
        let fault = Fault::of("file.long").number("length", text.len());
        return Err(fault.number("longest", LONGEST));
    }
    if text.trim_start().starts_with('<') {
        return Err(Fault::of("file.web-page"));
    }
    Json::read(text).map_err(|no| {
        Fault::of("file.no-json")
            .word("reason", no.reason)
            .number("line", no.line)
            .number("column", no.column)
    })
}

impl fmt::Debug for TurnAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Static { .. } => "Static(…)",
            Self::Fetched { .. } => "Fetched(…)",
            Self::Unauthorized => "Unauthorized",
        })
    }
}

impl fmt::Debug for Reporting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = |url: &Option<HttpUrl>| url.as_ref().map(|url| url.origin.clone());
        f.debug_struct("Reporting")
            .field("otlp_url", &origin(&self.otlp_url))
            .field("webhook_url", &origin(&self.webhook_url))
            .finish()
    }
}

impl Phone {
    /// Whether voice runs inside the browser, so that this page can measure it.
    pub fn uses_browser(self) -> bool {
        matches!(self, Self::WebrtcEmbedded | Self::WebrtcSoftphone)
    }
}

impl Network4 {
    /// Whether `address` (dotted quad) is inside; `None` when it is no IPv4 address.
    pub fn contains(self, address: &str) -> Option<bool> {
        let address: std::net::Ipv4Addr = address.parse().ok()?;
        let mask = u32::MAX.checked_shl(32 - u32::from(self.prefix)).unwrap_or(0);
        Some(u32::from(address) & mask == u32::from_be_bytes(self.address) & mask)
    }
}
