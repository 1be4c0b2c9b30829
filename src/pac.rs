//! The PAC checker: how browsers ask a PAC file for each configured host, which routes it gives, and which of them are
//! mistakes. The file itself is run by `static/pac-worker.js`; everything here is text in and conclusions out.

use serde::Serialize;

use crate::config::{ActivityId, Config, HttpUrl, TurnAccess, TurnScheme, TurnTransport};
use crate::few::Gather as _;
use crate::json::{Json, written};
use crate::observation::{Asker, PacFailure, PacRoute, PacSeen};
use crate::privacy::{Foreign, Known};
use crate::words::{Arg, Sentence, say};

/// What is asked of a PAC file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What it is about: a host, or a TURN URL.
    pub subject: String,
    /// The URL that the browser gives to the file, without its path.
    pub url: String,
    /// The host that the browser gives to the file.
    pub host: String,
    /// Which browsers ask so.
    pub by: Asker,
}

/// Everything that the plan sends somewhere, asked as browsers ask. TURN over TCP is asked for by Chromium as
/// `https:`, by Firefox as `http:` for `turn:`; TURN over UDP is not asked for at all.
pub fn questions(config: &Config) -> Vec<Question> {
    let mut all: Vec<Question> = Vec::new();
    let mut ask = |subject: &str, scheme: &str, host: &str, port: u16, by| {
        // A URL does not name its scheme's own port.
        let port = match (scheme, port) {
            ("https", 443) | ("http", 80) => String::new(),
            _ => format!(":{port}"),
        };
        let question = Question {
            subject: subject.to_owned(),
            url: format!("{scheme}://{host}{port}/"),
            host: host.to_owned(),
            by,
        };
        if !all.contains(&question) {
            all.push(question);
        }
    };
    let mut web = |url: &HttpUrl| {
        let scheme = url.origin.split(':').next().unwrap_or_default();
        ask(&url.host, scheme, &url.host, url.port, Asker::Both);
    };
    config.applications.iter().for_each(|it| web(&it.url));
    config.canary.iter().for_each(&mut web);
    for server in &config.turn {
        if let TurnAccess::Fetched { url } = &server.access
            && let Ok(url) = HttpUrl::parse(url)
        {
            web(&url);
        }
    }
    let tcp = |url: &&crate::config::TurnUrl| url.transport == TurnTransport::Tcp;
    for url in config.turn.iter().flat_map(|server| &server.urls).filter(tcp) {
        let (chromium, firefox) = match url.scheme {
            TurnScheme::Turns => (Asker::Both, None),
            _ => (Asker::Chromium, Some(Asker::Firefox)),
        };
        ask(&url.text, "https", &url.host, url.port, chromium);
        if let Some(firefox) = firefox {
            ask(&url.text, "http", &url.host, url.port, firefox);
        }
    }
    all
}

/// The job for the worker: the file, the questions, and what the reader says about names. The name `""` is this
/// computer's own address.
pub fn job(questions: &[Question], text: &str, names: &[(String, String)]) -> String {
    #[derive(Serialize)]
    struct Job<'a> {
        text: &'a str,
        questions: Vec<[&'a str; 2]>,
        /// Name and address.
        names: Vec<&'a (String, String)>,
        own: Option<&'a str>,
    }
    let own = names.iter().find(|(name, _)| name.is_empty());
    written(&Job {
        text,
        questions: questions.iter().map(|one| [&*one.url, &*one.host]).few(),
        names: names.iter().filter(|(name, _)| !name.is_empty()).few(),
        own: own.map(|(_, address)| &**address),
    })
}

/// What the worker replied. The file had its hands on that, so nothing in it is taken as it comes.
pub fn read(questions: Vec<Question>, reply: &str) -> PacSeen {
    let reply = match Json::read(reply) {
        Ok(object @ Json::Object(_)) if reply.len() <= LONGEST => object,
        _ => return failed(PacFailure::Unreadable),
    };
    let text = |of: &Json, key: &str, most| of.text_of(key).map(|text| plain(text, most));
    let error = text(&reply, "error", 200);
    if let Some(why) = reply.get("failed") {
        let failed = why.text().and_then(failure).or(Some(PacFailure::Unreadable));
        return PacSeen {
            routes: Vec::new(),
            failed,
            error,
        };
    }
    let answers = reply.list_of("answers");
    if answers.len() != questions.len() {
        return failed(PacFailure::Unreadable);
    }
    let mut routes = Vec::new();
    for (answer, question) in answers.iter().zip(questions) {
        if !matches!(answer, Json::Object(_)) {
            return failed(PacFailure::Unreadable);
        }
        let flag = |key| answer.flag_of(key).unwrap_or_default();
        let names = answer.list_of("names").iter().take(50);
        routes.push(PacRoute {
            subject: question.subject,
            url: question.url,
            by: question.by,
            route: text(answer, "route", 400).map(|route| without_password(&route)),
            error: text(answer, "error", 200),
            names: names.filter_map(|name| Some(plain(name.text()?, 253))).few(),
            own: flag("own"),
            clock: flag("clock"),
            extended: flag("extended"),
        });
    }
    PacSeen {
        routes,
        failed: None,
        error,
    }
}

/// The failures that the worker itself tells.
fn failure(text: &str) -> Option<PacFailure> {
    Some(match text {
        "unprotected" => PacFailure::Unprotected,
        "broken" => PacFailure::Broken,
        "no-function" => PacFailure::NoFunction,
        _ => return None,
    })
}

/// A check that gave no routes.
pub fn failed(why: PacFailure) -> PacSeen {
    PacSeen {
        failed: Some(why),
        ..PacSeen::default()
    }
}

/// A reply longer than this is none.
const LONGEST: usize = 400_000;

fn plain(text: &str, most: usize) -> String {
    text.chars().filter(|it| !it.is_control()).take(most).collect()
}

/// `PROXY user:password@host` is no route that browsers take, but someone may have written it.
fn without_password(route: &str) -> String {
    let hops = route
        .split(';')
        .map(|hop| match (hop.split_once(' '), hop.rsplit_once('@')) {
            (Some((kind, _)), Some((_, host))) => format!("{kind} …@{host}"),
            _ => hop.to_owned(),
        });
    hops.few().join(";")
}

/// The first way that a browser tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hop {
    /// Straight out.
    Direct,
    /// Through a proxy.
    Proxy,
}

/// The first way that a route names; browsers skip what they do not know. `None` when there is nothing that they know:
/// then they go straight out.
pub fn first_hop(route: &str) -> Option<Hop> {
    if route.trim().is_empty() {
        return Some(Hop::Direct);
    }
    route.split(';').find_map(|hop| {
        let mut words = hop.split_whitespace();
        let kind = words.next()?.to_ascii_uppercase();
        match (kind.as_str(), words.next()) {
            ("DIRECT", None) => Some(Hop::Direct),
            ("PROXY" | "HTTP" | "HTTPS" | "SOCKS" | "SOCKS4" | "SOCKS5", Some(_)) => Some(Hop::Proxy),
            _ => None,
        }
    })
}

/// The kinds of mistakes: first those that send something another way than planned, then weaknesses.
pub const KINDS: &[&str] = &[
    "turn-to-proxy",
    "address-literal",
    "sign-in-forgotten",
    "another-way",
    "browsers-differ",
    "unknown-word",
    "error",
    "slow-dns",
    "extended",
    "own-address",
    "clock",
];

/// What is wrong in a PAC file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Which kind; its words are `evidence.pac-KIND`.
    pub kind: &'static str,
    /// A host or a TURN URL; the names in question where it is about the whole file.
    pub subject: String,
    /// The route that the file gave, or its error.
    pub route: Foreign,
    /// Whether something goes another way than the plan says; else it is a weakness.
    pub wrong: bool,
}

impl Mistake {
    /// The mistake in words.
    pub fn sentence(&self) -> Sentence {
        say(
            format!("evidence.pac-{}", self.kind),
            [
                ("subject", Arg::Text(self.subject.clone())),
                ("route", Arg::Foreign(self.route.clone())),
            ],
        )
    }
}

/// Compares the routes with the plan: voice goes straight out (G21, G23, G24), and all applications go the way that the
/// desktop goes, so that they see one known address (G34, G36).
pub fn mistakes(config: &Config, pac: &PacSeen) -> Vec<Mistake> {
    let mut found: Vec<Mistake> = Vec::new();
    let names = Known::of(config);
    let mut note = |kind, subject: &str, route: &str, wrong| {
        let known = |it: &Mistake| it.kind == kind && it.subject == subject;
        if !found.iter().any(known) {
            found.push(Mistake {
                kind,
                subject: subject.to_owned(),
                route: match kind {
                    "error" => names.foreign(route),
                    _ => names.foreign_route(route),
                },
                wrong,
            });
        }
    };
    let main = main_way(config, pac);
    for one in &pac.routes {
        let route = one.route.as_deref().unwrap_or_default();
        if let Some(error) = &one.error {
            note("error", &one.subject, error, true);
            continue;
        }
        let Some(hop) = first_hop(route) else {
            note("unknown-word", &one.subject, route, true);
            continue;
        };
        let literal = |host: &str| host.parse::<std::net::Ipv4Addr>().is_ok();
        if let Some(host) = turn_host(config, &one.subject) {
            let other = pac.routes.iter().filter(|it| it.subject == one.subject);
            let hops = |it: &PacRoute| it.route.as_deref().and_then(first_hop);
            if other.clone().any(|it| hops(it).is_some_and(|its| its != hop)) {
                note("browsers-differ", &one.subject, route, true);
            } else if hop == Hop::Proxy {
                let kind = if literal(host) {
                    "address-literal"
                } else {
                    "turn-to-proxy"
                };
                note(kind, &one.subject, route, true);
            }
        } else if main.is_some_and(|main| main != hop) && is_application(config, &one.subject) {
            let kind = match () {
                () if literal(&one.subject) => "address-literal",
                () if signs_in(config, &one.subject) => "sign-in-forgotten",
                () => "another-way",
            };
            note(kind, &one.subject, route, true);
        }
    }
    let mut names: Vec<&str> = Vec::new();
    for name in pac.routes.iter().flat_map(|one| &one.names) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    if !names.is_empty() {
        note("slow-dns", &names.join(", "), "", false);
    }
    let any = |seen: fn(&PacRoute) -> bool| pac.routes.iter().any(seen);
    if any(|it| it.extended) {
        note("extended", "", "", false);
    }
    if any(|it| it.own) {
        note("own-address", "", "", false);
    }
    if any(|it| it.clock) {
        note("clock", "", "", false);
    }
    found
}

/// The names that the file looked up, for the reader to say their addresses; `""` for this computer's own.
pub fn asked(pac: &PacSeen) -> Vec<&str> {
    let mut all: Vec<&str> = Vec::new();
    let own = pac.routes.iter().any(|it| it.own).then_some("");
    for name in pac
        .routes
        .iter()
        .flat_map(|it| &it.names)
        .map(String::as_str)
        .chain(own)
    {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// The way of the desktop, by which the others are judged; of the first application where there is none.
fn main_way(config: &Config, pac: &PacSeen) -> Option<Hop> {
    let desktop = |it: &&crate::config::Application| it.required && it.activity == ActivityId::AgentDesktop;
    let applications = &config.applications;
    let main = applications.iter().find(desktop).or(applications.first())?;
    let route = pac.routes.iter().find(|one| one.subject == main.url.host)?;
    first_hop(route.route.as_deref()?)
}

fn turn_host<'a>(config: &'a Config, subject: &str) -> Option<&'a str> {
    let mut urls = config.turn.iter().flat_map(|server| &server.urls);
    urls.find(|url| url.text == subject).map(|url| url.host.as_str())
}

fn is_application(config: &Config, host: &str) -> bool {
    config.applications.iter().any(|it| it.url.host == host)
}

/// Whether an application on this host is for signing in, or one that others call without the agent seeing it (G14).
fn signs_in(config: &Config, host: &str) -> bool {
    config
        .applications
        .iter()
        .any(|it| it.url.host == host && it.activity == ActivityId::SignIn)
}

#[cfg(test)]
mod tests;
