//! The probes as data, and the one seam to the world: [`Network`]. A probe is what we do; what it saw is an
//! [observation](crate::observation), never an error.

use serde::{Deserialize, Serialize};

use crate::config::{ActivityId, Check, HttpUrl, TurnAccess, TurnUrl};
use crate::observation::{
    BandwidthSeen, CallSeen, CredentialsSeen, HttpsSeen, MediaSample, NameSeen, PageSeen, TurnSeen,
};
use crate::units::{Kbps, Millis, Secret};

/// Names a probe within a run and in the report, such as `https:agent-desktop` or `turn:turn-1`.
pub type ProbeId = String;

/// Whom an HTTPS probe asks, and so what its failure means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The page's own origin: always a control.
    Page,
    /// A neutral host that should answer when the line works at all.
    Control,
    /// An application of the cloud.
    Application,
    /// The project's own canary endpoint.
    Canary,
}

/// Asks a web server for an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpsProbe {
    /// Names the probe.
    pub id: ProbeId,
    /// Whom it asks.
    pub role: Role,
    /// What fails when it fails; only for applications.
    pub activity: Option<ActivityId>,
    /// False for an application that the agent can do without.
    pub required: bool,
    /// What is asked.
    pub url: HttpUrl,
    /// Which answer counts.
    pub check: Check,
    /// How often an answer is timed; a failure is retried once only when it has no cause of its own.
    pub tries: u32,
    /// Each try ends here.
    pub deadline: Millis,
}

/// Asks the local resolver for a name, by gathering ICE candidates with `stun:HOST`.
#[derive(Debug, Clone, PartialEq)]
pub struct NameProbe {
    /// Names the probe.
    pub id: ProbeId,
    /// The host name in question.
    pub host: String,
    /// The probe whose failure brings it into question; empty when any failure does.
    pub doubt: ProbeId,
    /// The probe ends here.
    pub deadline: Millis,
}

/// Fetches time-limited TURN credentials.
#[derive(Debug, Clone, PartialEq)]
pub struct CredentialsProbe {
    /// Names the probe.
    pub id: ProbeId,
    /// The `turn[].id` that needs them.
    pub server: String,
    /// Absolute or relative to the page.
    pub url: String,
    /// The probe ends here.
    pub deadline: Millis,
}

/// Asks one TURN URL for a relay.
#[derive(Debug, Clone, PartialEq)]
pub struct TurnProbe {
    /// Names the probe: `turn:ID` or, for a further URL of the same server, `turn:ID-2`; `turns:…` for companions.
    pub id: ProbeId,
    /// The `turn[].id` it belongs to.
    pub server: String,
    /// What is asked.
    pub url: TurnUrl,
    /// Where the credentials come from.
    pub access: TurnAccess,
    /// The probe that fetches them, if any.
    pub credentials: Option<ProbeId>,
    /// For the `turns:` try that tells refused, dropped and inspected apart: the probe of the same host and port.
    pub companion_of: Option<ProbeId>,
    /// The probe ends here: 8 s, no longer than a real phone waits for ICE.
    pub deadline: Millis,
}

/// Sets up a call between two peer connections of this page, relayed on both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct CallProbe {
    /// Names the probe: `call:ID`.
    pub id: ProbeId,
    /// The TURN URL that carries it.
    pub url: TurnUrl,
    /// The payload rate it starts with.
    pub first_rate: Kbps,
    /// The ends have to be connected by then.
    pub deadline: Millis,
    /// When they are, sound may take so much longer.
    pub patience: Millis,
}

/// Measures how much HTTPS carries each way: whether that is enough, not how much it is at the most.
#[derive(Debug, Clone, PartialEq)]
pub struct BandwidthProbe {
    /// Names the probe: `bandwidth`.
    pub id: ProbeId,
    /// The canary, below which bytes come from and go to (contract, section 5).
    pub url: HttpUrl,
    /// More than this from the computer need not be shown.
    pub enough_up: Kbps,
    /// More than this to the computer need not be shown.
    pub enough_down: Kbps,
    /// Each way ends here.
    pub deadline: Millis,
}

/// Any probe.
#[derive(Debug, Clone, PartialEq)]
pub enum Probe {
    /// What this browser is able to do.
    Page,
    /// See [`HttpsProbe`].
    Https(HttpsProbe),
    /// See [`NameProbe`].
    Name(NameProbe),
    /// See [`CredentialsProbe`].
    Credentials(CredentialsProbe),
    /// See [`TurnProbe`].
    Turn(TurnProbe),
}

/// A user name and its password for TURN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user name; time-limited ones carry the expiry in it.
    pub username: String,
    /// The password.
    pub password: Secret,
}

/// The one seam between the checkup and the world. Every method ends by its probe's deadline and returns what was
/// seen; dropping a future cancels its probe and releases all that it held.
#[allow(async_fn_in_trait)] // single-threaded by nature: the page has one thread
pub trait Network {
    /// A call in progress.
    type Call: Call;

    /// Now, on a monotonic clock whose zero is arbitrary.
    fn now(&self) -> Millis;
    /// The wall clock, for telling that the computer slept: the other clock may stand still then.
    fn wall(&self) -> Millis;
    /// Whether nobody can see the page: browsers slow such pages down.
    fn hidden(&self) -> bool;
    /// Returns after `time`.
    async fn sleep(&self, time: Millis);
    /// What this page and browser are able to do.
    async fn page(&self) -> PageSeen;
    /// Asks a web server.
    async fn https(&self, probe: &HttpsProbe) -> HttpsSeen;
    /// Asks the local resolver.
    async fn name(&self, probe: &NameProbe) -> NameSeen;
    /// Fetches TURN credentials; `None` when none came.
    async fn credentials(&self, probe: &CredentialsProbe) -> (CredentialsSeen, Option<Credentials>);
    /// Asks a TURN server for a relay.
    async fn turn(&self, probe: &TurnProbe, credentials: &Credentials) -> TurnSeen;
    /// Measures how much HTTPS carries.
    async fn bandwidth(&self, probe: &BandwidthProbe) -> BandwidthSeen;
    /// Sends and fetches so many bytes at once, up and down, for `limit` at the most: other traffic beside a call.
    async fn load(&self, probe: &BandwidthProbe, bytes: (u32, u32), limit: Millis);
    /// Sets up a relayed call; `None` when media did not flow.
    async fn call(&self, probe: &CallProbe, credentials: &Credentials) -> (CallSeen, Option<Self::Call>);
}

/// A call in progress: noise flows one way at a constant rate. Dropping it hangs up and releases everything.
#[allow(async_fn_in_trait)]
pub trait Call {
    /// Asks the encoder for this payload rate from now on. Zero stops sending, so that a full queue can drain.
    async fn set_rate(&self, rate: Kbps);
    /// The counters at this moment; `None` when the browser did not tell.
    async fn sample(&self) -> Option<MediaSample>;
}
