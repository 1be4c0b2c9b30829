//! The link's parameters: how an agent, a helpdesk or a kiosk opened the page. A link carries no secret, no host and
//! no URL to contact; what is malformed is named and ignored.

use crate::config::spelling::{nearest, printable, short};
use crate::config::{Config, Fault, Phone, Problem, Transport, not_among};
use crate::few::{Gather as _, Put as _};

/// What the link asks for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Link {
    /// `run=auto`: start without a click.
    pub auto: bool,
    /// `mode=kiosk`, with the seconds between runs (default 300, least 30).
    pub kiosk: Option<u32>,
    /// `config=NAME`.
    pub config: Option<String>,
    /// `phone=…`
    pub phone: Option<Phone>,
    /// `transport=…`
    pub transport: Option<Transport>,
    /// `ticket=TEXT`, at most 64 printable characters.
    pub ticket: Option<String>,
    /// `lang=xx`: a well-formed language tag, for which there may or may not be words.
    pub language: Option<String>,
    /// `depth=…`
    pub depth: Depth,
    /// What was malformed and ignored.
    pub problems: Vec<Problem>,
}

/// How thorough a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Depth {
    /// Stops as soon as the verdict is safe.
    Quick,
    /// Measures all that helps an engineer.
    #[default]
    Full,
}

impl Link {
    /// Reads a query string such as `?run=auto&phone=pstn`, with or without its question mark. Of a repeated
    /// parameter the first counts. Values of unknown parameters are never repeated: they may be anything.
    pub fn parse(query: &str) -> Self {
        let mut link = Self::default();
        let mut every = None;
        let mut seen: Vec<String> = Vec::new();
        let query = query.strip_prefix('?').unwrap_or(query);
        for (index, part) in query.split('&').filter(|part| !part.is_empty()).enumerate() {
            if index == MOST {
                link.problems
                    .push(Fault::of("link.long").number("most", MOST).at("?"));
                break;
            }
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let Some(name) = decoded(name) else {
                link.problems.push(undecodable().at("?"));
                continue;
            };
            if seen.contains(&name) {
                link.problems.push(Fault::of("link.twice").at(&place(&name)));
                continue;
            }
            let outcome = match decoded(value) {
                None if NAMES.contains(&name.as_str()) => Err(undecodable()),
                value => link.set(&name, &value.unwrap_or_default(), &mut every),
            };
            link.problems
                .put(outcome.err().map(|fault| fault.at(&place(&name))));
            seen.push(name);
        }
        match (&mut link.kiosk, every) {
            (Some(seconds), Some(every)) => *seconds = every,
            (None, Some(_)) => {
                link.problems.push(Fault::of("link.no-kiosk").at("?every"));
            }
            (_, None) => {}
        }
        link
    }

    /// The address of `page` with what makes another browser do the same check, and nothing else: neither a ticket nor
    /// what this page does not know, which may be anything.
    pub fn address(&self, page: &str) -> String {
        let mut address = page.to_owned();
        let mut separator = '?';
        for (name, value) in [
            ("config", self.config.as_deref()),
            ("phone", self.phone.map(Phone::id)),
            ("transport", self.transport.map(Transport::id)),
            ("lang", self.language.as_deref()),
            ("depth", (self.depth == Depth::Quick).then_some("quick")),
        ] {
            // None of these values holds a character that would have to be encoded.
            if let Some(value) = value {
                address.extend([&separator.to_string(), name, "=", value]);
                separator = '&';
            }
        }
        address
    }

    fn set(&mut self, name: &str, value: &str, every: &mut Option<u32>) -> Result<(), Fault> {
        match name {
            "run" => self.auto = choice(value, &["auto"], |id| (id == "auto").then_some(true))?,
            "mode" => self.kiosk = choice(value, &["kiosk"], |id| (id == "kiosk").then_some(Some(EVERY)))?,
            "every" => *every = Some(seconds(value)?),
            "config" => self.config = Some(config_name(value)?),
            "phone" => self.phone = Some(choice(value, Phone::IDS, Phone::from_id)?),
            "transport" => self.transport = Some(choice(value, Transport::IDS, Transport::from_id)?),
            "ticket" => self.ticket = Some(ticket(value)?),
            "lang" => self.language = Some(language(value)?),
            "depth" => {
                self.depth = choice(value, &["quick", "full"], |id| match id {
                    "quick" => Some(Depth::Quick),
                    "full" => Some(Depth::Full),
                    _ => None,
                })?;
            }
            _ => {
                return Err(match nearest(name, NAMES) {
                    Some(meant) => Fault::of("link.meant").text("meant", meant),
                    None => Fault::of("link.unknown"),
                });
            }
        }
        Ok(())
    }
}

impl Config {
    /// This configuration as the link changes it for one agent.
    ///
    /// A WebRTC phone is taken over even when no TURN server is configured: testing another phone than the agent's
    /// would end in a promise that nobody checked. [`Config::link_problems`] names that.
    #[must_use]
    pub fn with_link(&self, link: &Link) -> Self {
        Self {
            phone: link.phone.unwrap_or(self.phone),
            transport: link.transport.unwrap_or(self.transport),
            ..self.clone()
        }
    }

    /// What the link asks for and this configuration cannot give.
    pub fn link_problems(&self, link: &Link) -> Vec<Problem> {
        let voice_untested = link.phone.is_some_and(Phone::uses_browser) && self.turn.is_empty();
        voice_untested
            .then(|| Fault::of("link.no-turn").at("?phone"))
            .into_iter()
            .few()
    }
}

/// Seconds between a kiosk's runs, when the link does not say.
const EVERY: u32 = 300;

/// The least: a run may take 45 s, and a line under test is a busy line.
const LEAST_EVERY: u32 = 30;

/// The most: a day.
const MOST_EVERY: u32 = 86_400;

/// Parameters after this many are not looked at.
const MOST: usize = 40;

/// The parameters.
const NAMES: &[&str] = &[
    "run",
    "mode",
    "every",
    "config",
    "phone",
    "transport",
    "ticket",
    "lang",
    "depth",
];

fn choice<T>(value: &str, ids: &[&'static str], from_id: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
    from_id(value).ok_or_else(|| not_among(value, ids))
}

fn seconds(value: &str) -> Result<u32, Fault> {
    let digits = (1..=6).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit());
    match value.parse() {
        Ok(seconds) if digits && (LEAST_EVERY..=MOST_EVERY).contains(&seconds) => Ok(seconds),
        _ => Err(Fault::of("link.seconds")
            .number("least", LEAST_EVERY as usize)
            .number("most", MOST_EVERY as usize)
            .quoting(value)),
    }
}

fn config_name(value: &str) -> Result<String, Fault> {
    let fits = (1..=40).contains(&value.len())
        && value
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    fits.then(|| value.to_owned())
        .ok_or_else(|| Fault::of("link.config").quoting(value))
}

fn ticket(value: &str) -> Result<String, Fault> {
    let value = value.trim();
    let fits = (1..=64).contains(&value.chars().count()) && value.chars().all(printable);
    fits.then(|| value.to_owned())
        .ok_or_else(|| Fault::of("link.ticket"))
}

fn language(value: &str) -> Result<String, Fault> {
    let mut parts = value.split('-');
    let primary = parts.next().unwrap_or_default();
    let fits = value.len() <= 35
        && (2..=3).contains(&primary.len())
        && primary.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    fits.then(|| value.to_owned())
        .ok_or_else(|| Fault::of("link.language").quoting(value))
}

/// Undoes percent-encoding, `+` included; `None` when it is malformed or no UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn undecodable() -> Fault {
    Fault::of("link.encoding")
}

/// Where a parameter is, as a problem's path; safe to show.
fn place(name: &str) -> String {
    let plain = name.len() <= 40
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    if plain {
        format!("?{name}")
    } else {
        format!("?“{}”", short(name))
    }
}
