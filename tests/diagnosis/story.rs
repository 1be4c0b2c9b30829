//! Stories: a situation in a few lines of TOML. Each starts from a whole one (`like = "healthy"`) and tells only what is
//! different; one compact line per probe, `not asked` to leave one out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clearline::config::{
    ActivityId, Application, Check, Config, HttpUrl, Load, Network4, Phone, Transport, TurnAccess,
    TurnScheme, TurnServer, TurnTransport, TurnUrl,
};
use clearline::observation::Observation;
use clearline::units::{Millis, Secret};
use serde::Deserialize;

use crate::line::seen;

/// A situation and what follows from it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    pub title: String,
    /// The story that this one differs from.
    #[serde(default)]
    pub like: Option<String>,
    #[serde(default)]
    pub config: Setup,
    #[serde(default)]
    pub seen: BTreeMap<String, String>,
    #[serde(default)]
    pub expect: Expect,
}

/// What differs in the configuration.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    phone: Option<Phone>,
    transport: Option<Transport>,
    /// `ID ACTIVITY URL`, with `optional` at the end for what the agent can do without.
    applications: Option<Vec<String>>,
    /// `ID ACCESS URL…`, where the access is `static`, `unauthorized` or the URL of a credential service.
    turn: Option<Vec<String>>,
    /// The networks on the access list.
    egress: Option<Vec<String>>,
    screen_recording: Option<bool>,
}

/// What follows.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    #[serde(default)]
    pub verdict: String,
    pub primary: Option<String>,
    #[serde(default)]
    pub activities: BTreeMap<String, String>,
    /// All findings, in order, silenced ones included.
    #[serde(default)]
    pub finding: Vec<ExpectedFinding>,
    /// The first fixes, in order.
    #[serde(default)]
    pub fix: Vec<ExpectedFix>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedFinding {
    pub id: String,
    pub severity: Option<String>,
    pub confidence: Option<String>,
    pub subject: Option<String>,
    pub silenced_by: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedFix {
    pub id: String,
    pub owner: Option<String>,
}

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// Every story, by name.
pub fn all() -> Vec<(String, Story)> {
    let entries = fs::read_dir(folder()).expect("tests/cases exists");
    let paths = entries.map(|entry| entry.expect("a readable folder").path());
    let mut names: Vec<String> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| (name.clone(), read(&name)))
        .collect()
}

/// One story, with all that it takes over from others.
pub fn read(name: &str) -> Story {
    let text = fs::read_to_string(folder().join(format!("{name}.toml")))
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut story: Story = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    if let Some(like) = &story.like {
        let whole = read(like);
        let mut seen = whole.seen;
        seen.append(&mut story.seen);
        story.seen = seen;
        let (own, other) = (story.config, whole.config);
        story.config = Setup {
            phone: own.phone.or(other.phone),
            transport: own.transport.or(other.transport),
            applications: own.applications.or(other.applications),
            turn: own.turn.or(other.turn),
            egress: own.egress.or(other.egress),
            screen_recording: own.screen_recording.or(other.screen_recording),
        };
    }
    story
}

impl Story {
    pub fn config(&self) -> Config {
        let setup = &self.config;
        let list = |list: &Option<Vec<String>>| list.clone().unwrap_or_default();
        Config {
            name: "Best Customer".into(),
            transport: setup.transport.unwrap_or_default(),
            phone: setup.phone.unwrap_or_default(),
            applications: list(&setup.applications)
                .iter()
                .map(|line| application(line))
                .collect(),
            turn: list(&setup.turn).iter().map(|line| server(line)).collect(),
            stun: Vec::new(),
            controls: Vec::new(),
            canary: None,
            egress_known: list(&setup.egress).iter().map(|line| network(line)).collect(),
            load: Load {
                calls: 1,
                screen_recording: setup.screen_recording.unwrap_or_default(),
            },
            helpdesk: None,
            offline: true,
            reporting: Default::default(),
            brand: Default::default(),
        }
    }

    pub fn observations(&self, config: &Config) -> Vec<Observation> {
        let asked = self.seen.iter().filter(|(_, line)| *line != "not asked");
        asked
            .map(|(id, line)| Observation {
                id: id.clone(),
                target: target(config, id),
                started: Millis::ZERO,
                duration: match line.strip_suffix(" late") {
                    Some(_) => Millis(2_000.0),
                    None => Millis(100.0),
                },
                seen: seen(id, line.strip_suffix(" late").unwrap_or(line))
                    .unwrap_or_else(|| panic!("{}: cannot read {id} = {line:?}", self.title)),
            })
            .collect()
    }
}

fn target(config: &Config, id: &str) -> String {
    let (kind, subject) = id.split_once(':').unwrap_or((id, ""));
    let of_turn = || {
        config.turn.iter().find_map(|server| {
            let rest = subject.strip_prefix(&server.id)?;
            let index: usize = if rest.is_empty() {
                1
            } else {
                rest.strip_prefix('-')?.parse().ok()?
            };
            Some(server.urls.get(index - 1)?.text.clone())
        })
    };
    match (kind, subject) {
        ("https", "page") => "clearline.example".into(),
        ("https", "canary") => "selftest.helper.example".into(),
        ("https", application) => {
            let known = config.applications.iter().find(|it| it.id == application);
            known.map_or_else(|| format!("{application}.example"), |it| it.url.host.clone())
        }
        ("turn" | "turns" | "call" | "ladder", _) => of_turn().unwrap_or_default(),
        ("credentials", _) => "https://credentials.example/turn".into(),
        _ => subject.into(),
    }
}

fn application(line: &str) -> Application {
    let words: Vec<&str> = line.split(' ').collect();
    let activity: ActivityId = serde_json::from_value(words[1].into()).expect("an activity");
    let url = words[2].to_owned();
    let host = url
        .trim_start_matches("https://")
        .trim_end_matches('/')
        .to_owned();
    Application {
        id: words[0].into(),
        name: words[0].into(),
        url: HttpUrl {
            origin: url.trim_end_matches('/').into(),
            text: url,
            host,
            port: 443,
        },
        check: Check::Reach,
        required: words.get(3) != Some(&"optional"),
        activity,
    }
}

fn server(line: &str) -> TurnServer {
    let words: Vec<&str> = line.split(' ').collect();
    let access = match words[1] {
        "static" => TurnAccess::Static {
            username: "demo".into(),
            credential: Secret::new("secret"),
        },
        "unauthorized" => TurnAccess::Unauthorized,
        url => TurnAccess::Fetched { url: url.into() },
    };
    TurnServer {
        id: words[0].into(),
        urls: words[2..].iter().map(|url| turn_url(url)).collect(),
        access,
    }
}

fn turn_url(text: &str) -> TurnUrl {
    let (scheme, rest) = text.split_once(':').expect("a scheme");
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, port) = place.split_once(':').expect("a port");
    TurnUrl {
        text: text.into(),
        scheme: if scheme == "turns" {
            TurnScheme::Turns
        } else {
            TurnScheme::Turn
        },
        host: host.into(),
        port: port.parse().expect("a port number"),
        transport: if query.ends_with("udp") {
            TurnTransport::Udp
        } else {
            TurnTransport::Tcp
        },
    }
}

fn network(text: &str) -> Network4 {
    let (address, prefix) = text.split_once('/').expect("a prefix");
    let address: std::net::Ipv4Addr = address.parse().expect("an address");
    Network4 {
        address: address.octets(),
        prefix: prefix.parse().expect("a prefix"),
    }
}
