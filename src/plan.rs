//! From configuration and link to the plan: which probes, in which stages, with which deadlines. Pure, and shown before
//! the run.

use crate::catalogue::bandwidth_needed;
use crate::config::{Check, Config, TurnAccess, TurnScheme, TurnTransport, TurnUrl};
use crate::link::{Depth, Link};
use crate::probe::{
    BandwidthProbe, CredentialsProbe, HttpsProbe, NameProbe, Probe, ProbeId, Role, TurnProbe,
};
use crate::units::{Kbps, Millis};

/// The payload rates of the ladder, within the 10 to 160 kbps that Opus takes in a call (G8).
pub const LADDER: [Kbps; 9] = [
    Kbps(10.0),
    Kbps(16.0),
    Kbps(24.0),
    Kbps(32.0),
    Kbps(48.0),
    Kbps(64.0),
    Kbps(96.0),
    Kbps(128.0),
    Kbps(160.0),
];

/// The quick ladder: enough to know that a call works, and whether the line has room.
pub const QUICK_LADDER: [Kbps; 3] = [Kbps(16.0), Kbps(32.0), Kbps(160.0)];

/// No longer than a real phone waits for ICE: a test that waits longer passes where the call fails.
pub const PATIENCE: Millis = Millis(8_000.0);

/// A follow-up question is asked when the answer has not come by then: on a slow line each one makes it slower.
pub const FOLLOW_UP: Millis = Millis(2_000.0);

/// A run ends here in any world, well before the contract's 45 s.
const RUN_DEADLINE: Millis = Millis(40_000.0);

/// The id of the probe that measures how much HTTPS carries.
pub const BANDWIDTH: &str = "bandwidth";
/// How many times what the agent needs is so much that nobody looks for more.
const TO_SPARE: f64 = 2.0;
/// What contract section 5 allows for each way.
const BANDWIDTH_LIMIT: Millis = Millis(2_000.0);

/// What a run will do.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// How thorough it is.
    pub depth: Depth,
    /// All at once: web servers, names, credentials, TURN URLs. [`Probe::start`] says which of them wait.
    pub reach: Vec<Probe>,
    /// Alone, once something relays: TURN URLs that may carry the call, best first. Empty when no media is measured.
    pub call: Vec<MediaPath>,
    /// The payload rates of the ladder, lowest first.
    pub ladder: Vec<Kbps>,
    /// Alone, after everything else.
    pub bandwidth: Option<BandwidthProbe>,
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

/// When a probe starts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Start<'a> {
    /// With the run.
    AtOnce,
    /// When this probe has ended.
    After(&'a str),
    /// When this probe has failed, or has not succeeded within [`FOLLOW_UP`]; not at all when it succeeds before.
    Unless(&'a str),
    /// When anything that starts with the run has failed, or has not succeeded within [`FOLLOW_UP`]; not at all when
    /// everything succeeds before.
    InDoubt,
}

impl Probe {
    /// The probe's id.
    pub fn id(&self) -> &str {
        match self {
            Self::Page => "page",
            Self::Https(probe) => &probe.id,
            Self::Name(probe) => &probe.id,
            Self::Credentials(probe) => &probe.id,
            Self::Turn(probe) => &probe.id,
        }
    }

    /// What is asked, as people may read it: a host, or a TURN URL.
    pub fn target(&self) -> String {
        match self {
            Self::Page => String::new(),
            Self::Https(probe) => probe.url.host.clone(),
            Self::Name(probe) => probe.host.clone(),
            Self::Credentials(probe) => probe.url.clone(),
            Self::Turn(probe) => probe.url.text.clone(),
        }
    }

    /// When it starts.
    pub fn start(&self) -> Start<'_> {
        match self {
            Self::Name(probe) if probe.doubt.is_empty() => Start::InDoubt,
            Self::Name(probe) => Start::Unless(&probe.doubt),
            Self::Turn(probe) => match (&probe.companion_of, &probe.credentials) {
                (Some(doubt), _) => Start::Unless(doubt),
                (None, Some(credentials)) => Start::After(credentials),
                (None, None) => Start::AtOnce,
            },
            _ => Start::AtOnce,
        }
    }
}

/// Plans a run of the page at the URL `page`.
pub fn plan(config: &Config, link: &Link, page: &crate::config::HttpUrl) -> Plan {
    let tries = if link.depth == Depth::Full { 3 } else { 1 };
    let mut reach = vec![
        Probe::Page,
        https("https:page", Role::Page, page, &Check::Reach, tries),
    ];
    for (index, control) in config.controls.iter().enumerate() {
        reach.push(https(
            &format!("https:control-{}", index + 1),
            Role::Control,
            control,
            &Check::Reach,
            tries,
        ));
    }
    for application in &config.applications {
        let mut probe = HttpsProbe {
            id: format!("https:{}", application.id),
            role: Role::Application,
            activity: Some(application.activity),
            required: application.required,
            url: application.url.clone(),
            check: application.check.clone(),
            tries,
            deadline: PATIENCE,
        };
        if let Check::Image { url, .. } = &application.check {
            probe.url = url.clone();
        }
        reach.push(Probe::Https(probe));
    }
    if let Some(canary) = &config.canary {
        reach.push(https("https:canary", Role::Canary, canary, &Check::Canary, 1));
    }
    let mut call = Vec::new();
    if config.phone.uses_browser() {
        plan_turn(config, &mut reach, &mut call);
    }
    plan_names(&mut reach);
    let (up, down) = bandwidth_needed(config.load, config.phone);
    let measured = config.canary.as_ref().filter(|_| link.depth == Depth::Full);
    let bandwidth = measured.map(|canary| BandwidthProbe {
        id: BANDWIDTH.to_owned(),
        url: canary.clone(),
        enough_up: Kbps(TO_SPARE * up.0),
        enough_down: Kbps(TO_SPARE * down.0),
        deadline: BANDWIDTH_LIMIT,
    });
    let ladder = match (call.is_empty(), link.depth) {
        (true, _) => Vec::new(),
        (false, Depth::Full) => LADDER.to_vec(),
        (false, Depth::Quick) => QUICK_LADDER.to_vec(),
    };
    let expected = match (call.is_empty(), link.depth) {
        (true, _) => Millis(2_000.0),
        (false, Depth::Full) => Millis(9_000.0),
        (false, Depth::Quick) => Millis(4_000.0),
    };
    Plan {
        depth: link.depth,
        reach,
        call,
        ladder,
        bandwidth,
        expected,
        deadline: RUN_DEADLINE,
    }
}

impl Plan {
    /// The part of this plan that answers again what these probe ids (or prefixes of them) answered; all of it when
    /// there are none. A TURN probe brings its credentials along, and the call that rests on it.
    #[must_use]
    pub fn only(mut self, prefixes: &[String]) -> Self {
        if prefixes.is_empty() {
            return self;
        }
        let named = |id: &str| prefixes.iter().any(|prefix| id.starts_with(prefix.as_str()));
        let media = named("call:") || named("ladder:") || self.call.iter().any(|path| named(&path.probe));
        let wanted = |probe: &Probe| {
            let id = probe.id();
            id == "page"
                || id == "https:page"
                || named(id)
                || (media && id.starts_with("turn"))
                || match probe.start() {
                    Start::Unless(doubt) => named(doubt) || (media && doubt.starts_with("turn:")),
                    Start::InDoubt => true,
                    _ => media && id.starts_with("credentials:"),
                }
        };
        let canary = |probe: &Probe| named(BANDWIDTH) && probe.id() == "https:canary";
        self.reach.retain(|probe| wanted(probe) || canary(probe));
        if !media {
            self.call.clear();
        }
        self.bandwidth = self.bandwidth.filter(|_| named(BANDWIDTH));
        self
    }
}

fn https(id: &str, role: Role, url: &crate::config::HttpUrl, check: &Check, tries: u32) -> Probe {
    Probe::Https(HttpsProbe {
        id: id.to_owned(),
        role,
        activity: None,
        required: false,
        url: url.clone(),
        check: check.clone(),
        tries,
        deadline: PATIENCE,
    })
}

fn plan_turn(config: &Config, reach: &mut Vec<Probe>, call: &mut Vec<MediaPath>) {
    for server in &config.turn {
        let credentials = match &server.access {
            TurnAccess::Fetched { url } => {
                let id = format!("credentials:{}", server.id);
                reach.push(Probe::Credentials(CredentialsProbe {
                    id: id.clone(),
                    server: server.id.clone(),
                    url: url.clone(),
                    deadline: PATIENCE,
                }));
                Some(id)
            }
            TurnAccess::Static { .. } | TurnAccess::Unauthorized => None,
        };
        for (index, url) in server.urls.iter().enumerate() {
            let name = if index == 0 {
                server.id.clone()
            } else {
                format!("{}-{}", server.id, index + 1)
            };
            let probe = TurnProbe {
                id: format!("turn:{name}"),
                server: server.id.clone(),
                url: url.clone(),
                access: server.access.clone(),
                credentials: credentials.clone(),
                companion_of: None,
                deadline: PATIENCE,
            };
            if server.access != TurnAccess::Unauthorized {
                call.push(MediaPath {
                    probe: probe.id.clone(),
                    server: server.id.clone(),
                    url: url.clone(),
                });
            }
            if let Some(companion) = companion(&probe, &name) {
                reach.push(Probe::Turn(probe));
                reach.push(Probe::Turn(companion));
            } else {
                reach.push(Probe::Turn(probe));
            }
        }
    }
}

/// The `turns:` try to the same host and port. It needs no right password: whatever answers over TLS tells that the
/// port is open to TLS.
fn companion(probe: &TurnProbe, name: &str) -> Option<TurnProbe> {
    if probe.url.scheme != TurnScheme::Turn || probe.url.transport != TurnTransport::Tcp {
        return None;
    }
    let url = TurnUrl {
        text: format!("turns:{}:{}?transport=tcp", probe.url.host, probe.url.port),
        scheme: TurnScheme::Turns,
        ..probe.url.clone()
    };
    Some(TurnProbe {
        id: format!("turns:{name}"),
        url,
        companion_of: Some(probe.id.clone()),
        deadline: PATIENCE - FOLLOW_UP,
        ..probe.clone()
    })
}

/// One look-up per host name, asked only when something on that host is in doubt. The page's own name is the control: it
/// answered a moment ago, so a resolver that does not know it has no say here, as behind a proxy.
fn plan_names(reach: &mut Vec<Probe>) {
    let mut names: Vec<Probe> = Vec::new();
    for probe in reach.iter() {
        let host = match probe {
            Probe::Https(probe) => &probe.url.host,
            Probe::Turn(probe) if probe.companion_of.is_none() => &probe.url.host,
            _ => continue,
        };
        let id = format!("name:{host}");
        let literal = host.parse::<std::net::IpAddr>().is_ok() || host == "localhost";
        if !literal && !names.iter().any(|name| name.id() == id) {
            let control = probe.id() == "https:page";
            let doubt = if control {
                ProbeId::new()
            } else {
                probe.id().to_owned()
            };
            names.push(Probe::Name(NameProbe {
                id,
                host: host.clone(),
                doubt,
                deadline: Millis(4_000.0),
            }));
        }
    }
    reach.append(&mut names);
}
