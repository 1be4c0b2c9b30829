//! What was seen. Closed types; an [`Option`] where a browser cannot say: missing is never zero.
//!
//! Observations serialise into the report's `probes[].detail`, so a saved report is also a recording that the
//! diagnosis can be run on again.

mod media;
mod told;
mod workstation;

pub use media::{Gap, LadderSeen, MediaSample, Quality, Spread, Spreads, Step, Unclean};
pub use told::{
    ANSWERS, AnswersSeen, Asker, OtherBrowser, PAC, PacFailure, PacRoute, PacSeen, Software, VdiPlatform,
};
pub use workstation::{
    AttentionSeen, BandwidthSeen, Desktop, HEADSET, HeadsetSeen, Level, LoadedSeen, MicrophoneSeen,
    Permission, ThroughputSeen,
};

use serde::{Deserialize, Serialize};

use crate::probe::{ProbeId, Role};
use crate::units::{Address, Millis};

/// What one probe saw, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// The probe that saw it.
    pub id: ProbeId,
    /// What was asked: a host, or a TURN URL. Never a secret.
    pub target: String,
    /// When the probe started, from the start of the run.
    pub started: Millis,
    /// How long it took.
    pub duration: Millis,
    /// What it saw.
    pub seen: Seen,
}

impl Observation {
    /// The same with the agent's addresses in full: only after the agent agreed.
    #[must_use]
    pub fn reveal(&self) -> Self {
        let mut shown = self.clone();
        let address = match &mut shown.seen {
            Seen::Https(HttpsSeen {
                canary: Some(canary), ..
            }) => canary.address.as_mut(),
            Seen::Turn(TurnSeen {
                relay: Some(relay), ..
            }) => relay.mapped.as_mut(),
            _ => None,
        };
        if let Some(address) = address {
            *address = address.reveal();
        }
        shown
    }
}

/// What a probe saw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Seen {
    /// The page and the browser it runs in.
    Page(PageSeen),
    /// A web server.
    Https(HttpsSeen),
    /// The local resolver.
    Name(NameSeen),
    /// The credential service.
    Credentials(CredentialsSeen),
    /// A TURN URL.
    Turn(TurnSeen),
    /// The call.
    Call(CallSeen),
    /// The ladder.
    Ladder(LadderSeen),
    /// What the agent told: no probe, but an observation like any other.
    Answers(AnswersSeen),
    /// How much HTTPS carries.
    Bandwidth(BandwidthSeen),
    /// The headset, tried on its own.
    Headset(HeadsetSeen),
    /// How the page was kept from measuring, when it was.
    Attention(AttentionSeen),
    /// The run ended before this probe did, or the computer slept through it.
    /// What a PAC file answered that the reader gave to the page.
    Pac(PacSeen),
    /// The run ended before this probe did.
    Unfinished,
}

impl Seen {
    /// The kind, as it is written.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Page(_) => "page",
            Self::Https(_) => "https",
            Self::Name(_) => "name",
            Self::Credentials(_) => "credentials",
            Self::Turn(_) => "turn",
            Self::Call(_) => "call",
            Self::Ladder(_) => "ladder",
            Self::Answers(_) => "answers",
            Self::Headset(_) => "headset",
            Self::Pac(_) => "pac",
            Self::Bandwidth(_) => "bandwidth",
            Self::Attention(_) => "attention",
            Self::Unfinished => "unfinished",
        }
    }
}

/// What this page and its browser are able to do.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PageSeen {
    /// `isSecureContext`.
    pub secure: bool,
    /// `RTCPeerConnection` exists and can be constructed.
    pub webrtc: Constructor,
    /// Opus is among the codecs the browser can send and receive; `None` where it does not say.
    pub opus: Option<bool>,
    /// `navigator.onLine`.
    pub online: bool,
    /// Name and major version, such as `Chromium 156`.
    pub browser: String,
    /// The engine's major version, when it could be read.
    pub engine: Option<Engine>,
    /// Such as `Linux`.
    pub os: String,
    /// What this page may do about servers in the local network; `None` where the browser has no such permission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_network: Option<Permission>,
    /// Whose programs hand calls of this browser over to the device in front of the agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirected_by: Option<Desktop>,
    /// The graphics device's name, which virtual ones do not hide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renderer: Option<String>,
}

/// Whether a peer connection can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Constructor {
    /// The browser has no such constructor.
    #[default]
    Missing,
    /// It is there, but refuses.
    Throws,
    /// A peer connection was made.
    Works,
}

/// A browser engine and its major version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Engine {
    /// Chromium, and all that is built on it.
    Chromium(u32),
    /// Firefox.
    Gecko(u32),
    /// Safari.
    Webkit(u32),
}

/// How a web server behaved, try by try.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HttpsSeen {
    /// Whom the probe asked.
    pub role: Role,
    /// Each try in order; at least one.
    pub tries: Vec<Try>,
    /// What the canary told, when it answered rightly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary: Option<CanarySeen>,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Try {
    /// How it ended.
    pub answer: Answer,
    /// How long that took.
    pub time: Millis,
}

/// How a try at a web server ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// The expected answer came.
    Answered,
    /// Something answered in the server's name, but not what the server would say.
    Wrong(Wrong),
    /// The browser gave up before the deadline: no such name, refused, reset or a bad certificate, not told apart.
    Failed,
    /// Nothing came until the deadline.
    Silent,
    /// The page's own Content-Security-Policy forbade the request: our mistake, not the network's.
    OwnPolicy,
}

/// In which way an answer was not the server's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wrong {
    /// The address answers, but there is no such image.
    NotTheImage,
    /// An image of another size.
    OtherSize {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// The address answers, but not as a canary does.
    NotTheCanary,
    /// The page's own address answers, but not with this page.
    NotThePage,
    /// A canary's answer to another question.
    OtherNonce,
    /// An HTTP status that says no.
    Status(u16),
}

/// What the canary saw of this browser's request.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CanarySeen {
    /// The address the request came from: the HTTPS egress.
    pub address: Option<Address>,
    /// The server's clock minus this computer's, corrected for half the round trip.
    pub clock_ahead: Option<Millis>,
    /// The `Via` header that reached the server.
    pub via: Option<String>,
    /// Whether an `X-Forwarded-For` header reached the server.
    pub forwarded: bool,
    /// The client hello as the server saw it.
    pub tls: Option<TlsSeen>,
}

/// The client hello as the canary's server saw it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TlsSeen {
    /// Such as `TLSv1.3`.
    pub protocol: Option<String>,
    /// The negotiated cipher.
    pub cipher: Option<String>,
    /// All ciphers the client offered, as OpenSSL names them; unknown ones in hexadecimal.
    pub ciphers: Option<String>,
    /// All curves the client offered.
    pub curves: Option<String>,
}

/// What the local resolver said, seen through ICE gathering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NameSeen {
    /// Look-up errors: one per address family, so one is normal for a name that has IPv4 addresses only.
    pub lookup_errors: u32,
    /// Server-reflexive candidates gathered: proof that the name resolved.
    pub candidates: u32,
    /// Gathering ended by itself before the deadline.
    pub complete: bool,
    /// The browser gave the server up without a word why. Firefox does so at once where the look-up fails, and after
    /// eleven seconds, long after the deadline, where nothing but STUN is unanswered (seen in version 153).
    #[serde(default)]
    pub wordless: bool,
}

/// What the resolver's behaviour means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameVerdict {
    /// The name has an address here.
    Resolves,
    /// Every address family was answered with an error.
    NotFound,
    /// The browser did not say.
    Unclear,
}

impl NameSeen {
    /// What this means. Two look-up errors (one for each address family) and the end of gathering: no such name.
    pub fn verdict(self) -> NameVerdict {
        if self.candidates > 0 {
            NameVerdict::Resolves
        } else if self.lookup_errors >= 2 || (self.lookup_errors == 0 && self.wordless && self.complete) {
            NameVerdict::NotFound
        } else if self.lookup_errors == 1 || !self.complete {
            // Silence until the deadline: the look-up succeeded, and STUN is unanswered.
            NameVerdict::Resolves
        } else {
            NameVerdict::Unclear
        }
    }
}

/// How the credential service behaved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CredentialsSeen {
    /// A user name and a password came.
    Answered,
    /// It answered with this HTTP status.
    Status(u16),
    /// It answered, but without `username` and `password`.
    Malformed,
    /// The request failed before the deadline.
    Failed,
    /// Nothing came until the deadline.
    Silent,
    /// The page's own Content-Security-Policy forbade the request.
    OwnPolicy,
}

/// How one TURN URL behaved.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TurnSeen {
    /// True for the `turns:` companion of a `turn:` URL.
    #[serde(default)]
    pub companion: bool,
    /// The configuration expects 401 here.
    #[serde(default)]
    pub expects_unauthorized: bool,
    /// The relay, when one was allocated.
    pub relay: Option<RelaySeen>,
    /// `icecandidateerror` events for this URL, in order, the same code only once.
    #[serde(default)]
    pub errors: Vec<IceError>,
    /// Gathering ended by itself.
    pub complete: bool,
    /// How long we listened.
    pub waited: Millis,
}

/// A relay candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RelaySeen {
    /// From the start of the probe.
    pub at: Millis,
    /// `tcp`, `udp` or `tls`; `None` where the browser does not say.
    pub protocol: Option<String>,
    /// The address that TURN saw: the media path's egress.
    pub mapped: Option<Address>,
}

/// An `icecandidateerror`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IceError {
    /// A STUN error code (RFC 8489, RFC 8656), or 701: no connection to the server (W3C WebRTC, 4.8.1.2).
    pub code: u16,
    /// The browser's words.
    pub text: String,
    /// From the start of the probe.
    pub at: Millis,
}

/// The one verdict of a TURN URL.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TurnVerdict {
    /// A relay was allocated. Nothing is said about media yet.
    Relay,
    /// 401: reached, credentials not accepted.
    Unauthorized,
    /// 486 or 508: no room.
    Quota(u16),
    /// Another STUN error code: reached.
    Rejected(u16),
    /// The host name was not found (by the browser or, through a proxy, as far as can be told).
    NameNotFound(Millis),
    /// 701 after this time: refused, reset, or the connection opened and was closed.
    Failed(Millis),
    /// Nothing until the deadline.
    Silent(Millis),
}

impl TurnSeen {
    /// The one verdict. A 701 beside a relay is noise; a real STUN code says more than a 701.
    pub fn verdict(&self) -> TurnVerdict {
        if self.relay.is_some() {
            return TurnVerdict::Relay;
        }
        if let Some(error) = self.errors.iter().find(|error| error.code < 700) {
            return match error.code {
                401 => TurnVerdict::Unauthorized,
                486 | 508 => TurnVerdict::Quota(error.code),
                code => TurnVerdict::Rejected(code),
            };
        }
        match self.errors.first() {
            Some(error) if error.text.contains("lookup") => TurnVerdict::NameNotFound(error.at),
            Some(error) => TurnVerdict::Failed(error.at),
            None => TurnVerdict::Silent(self.waited),
        }
    }
}

/// What became of the relayed call.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CallSeen {
    /// How many of the two sides got a relay candidate.
    pub relays: u32,
    /// STUN error codes while allocating, such as 486 (one call makes up to four allocations).
    #[serde(default)]
    pub errors: Vec<IceError>,
    /// ICE reached `connected` or `completed`.
    pub ice_connected: bool,
    /// `connectionState` reached `connected`: DTLS is done.
    pub connected: bool,
    /// The DTLS transport's last state, such as `connected`.
    pub dtls_state: Option<String>,
    /// Such as `SRTP_AES128_CM_HMAC_SHA1_80`.
    pub srtp_cipher: Option<String>,
    /// Whether both candidates of the selected pair are relayed.
    pub both_relayed: Option<bool>,
    /// The protocol between this browser and TURN.
    pub relay_protocol: Option<String>,
    /// The codec in use, such as `audio/opus`.
    pub codec: Option<String>,
    /// Packets that arrived on the far side.
    pub received_there: Option<u32>,
    /// Packets that arrived back here, at the same time.
    pub received_here: Option<u32>,
    /// Whether the arriving audio was decoded (played into a muted element).
    pub decoded: Option<bool>,
    /// From the start to media in both directions.
    pub setup: Option<Millis>,
    /// The longest round trip of a connectivity check over the loop until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_trip: Option<Millis>,
    /// The page failed to make a call for a reason of its own, such as no noise source.
    pub own_failure: Option<String>,
}

impl CallSeen {
    /// Whether SRTP media flowed both ways.
    pub fn carries_media(&self) -> bool {
        self.connected && self.received_there.unwrap_or(0) > 0 && self.received_here.unwrap_or(0) > 0
    }
}
