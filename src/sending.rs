//! Results that are sent to a receiver of the contact centre: what is sent, to whom, and when again. Off unless the
//! configuration names a receiver (`reporting`), and never during a run.
//!
//! [`deliveries`] makes the bodies of a report, [`Queue`] decides which goes out next. The browser room only posts.

mod again;
mod otlp;
mod queue;

pub use again::{Answer, retry_after};
pub use queue::{MOST_BYTES, MOST_DELIVERIES, Next, Outcome, Queue};

use crate::config::{HttpUrl, Reporting};
use crate::few::Gather as _;
use crate::json::Json;
use crate::report::Report;

/// What a receiver is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A log record by OTLP/HTTP.
    Logs,
    /// Gauges by OTLP/HTTP.
    Metrics,
    /// The report itself.
    Webhook,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Logs, Self::Metrics, Self::Webhook];

    fn word(self) -> &'static str {
        match self {
            Self::Logs => "logs",
            Self::Metrics => "metrics",
            Self::Webhook => "webhook",
        }
    }
}

/// Where deliveries of one kind go.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    /// What goes there.
    pub kind: Kind,
    /// The whole address; a webhook's often is its password, so it is neither shown nor kept.
    pub url: String,
    /// What is shown of it.
    pub host: String,
    /// Tells this address from another in what is kept, without telling the address.
    pub mark: String,
}

impl Target {
    fn new(kind: Kind, url: &HttpUrl, text: String) -> Self {
        Self {
            kind,
            host: url.host.clone(),
            mark: mark(&text),
            url: text,
        }
    }
}

/// A word about a receiver that did not take a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Which deliveries.
    pub kind: Kind,
    /// The receiver.
    pub host: String,
    /// It is tried again.
    pub again: bool,
}

/// One request to come.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// The run's id, which is the idempotency key, too.
    pub run: String,
    /// What it is.
    pub kind: Kind,
    /// The mark of the address that it is for.
    pub mark: String,
    /// What is posted.
    pub body: String,
}

const LOGS: &str = "/v1/logs";
const METRICS: &str = "/v1/metrics";

/// Where results go by the configuration: nowhere by default. Metrics have an address beside that of the logs where this
/// ends as OTLP/HTTP has it.
pub fn targets(reporting: &Reporting) -> Vec<Target> {
    let mut targets = Vec::new();
    if let Some(url) = &reporting.otlp_url {
        targets.push(Target::new(Kind::Logs, url, url.text.clone()));
        if let Some(base) = url.text.strip_suffix(LOGS) {
            targets.push(Target::new(Kind::Metrics, url, format!("{base}{METRICS}")));
        }
    }
    if let Some(url) = &reporting.webhook_url {
        targets.push(Target::new(Kind::Webhook, url, url.text.clone()));
    }
    targets
}

/// What is posted to these targets about a run. `dropped` is how many deliveries were given up before, which only this
/// can tell.
pub fn deliveries(report: &Report, targets: &[Target], dropped: u32) -> Vec<Delivery> {
    let body = |kind| match kind {
        Kind::Logs => Some(otlp::logs(report, dropped)),
        Kind::Metrics => Some(otlp::metrics(report)),
        Kind::Webhook => Json::read(&report.to_json()).ok().map(|json| json.line()),
    };
    let made = targets.iter().filter_map(|target| {
        Some(Delivery {
            run: report.run.id.clone(),
            kind: target.kind,
            mark: target.mark.clone(),
            body: body(target.kind)?,
        })
    });
    made.few()
}

/// FNV-1a: enough to tell addresses apart, and short.
fn mark(text: &str) -> String {
    let mut hash = 0x811c_9dc5_u32;
    for byte in text.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash.to_string()
}
