//! The link's parameters: how an agent, a helpdesk or a kiosk opened the page. A link carries no secret, no host and
//! no URL to contact; what is malformed is named and ignored.

use crate::config::{Phone, Problem, Transport};

/// What the link asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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
    /// `lang=xx`
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
