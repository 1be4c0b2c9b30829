//! The report, `clearline.report/1`: the public contract, apart from the domain types, so that those can change.
//!
//! What was not measured is `null`, never 0. There is no field a password or token could get into. Addresses of the
//! agent are shortened by their type unless the agent ticked the box.

mod meanwhile;
mod media;
mod outcome;
mod ticket;

pub use meanwhile::MeanwhilePart;
pub use media::{BandwidthPart, MediaPart, StepPart, capacity};
pub use outcome::outcome;
pub use ticket::Format;

use serde::{Deserialize, Serialize};

use crate::activity::Status;
use crate::checkup::{Conclusion, State, conclude};
use crate::config::{ActivityId, Config};
use crate::diagnosis::{Confidence, Severity, Verdict};
use crate::few::Gather as _;
use crate::fix::{Change, Owner};
use crate::guided::{Compared, Outcome};
use crate::json::written;
use crate::link::{Depth, Link};
use crate::observation::{CallSeen, Desktop, Engine, Observation, PageSeen, Seen, TurnVerdict};
use crate::phone_code;
use crate::privacy::Known;
use crate::scene::Scene;
use crate::units::Millis;
use crate::words::Words;
use media::{ladder, media};

/// The schema's name and number: raised when adding fields is not enough.
pub const SCHEMA: &str = "clearline.report/1";

/// A whole report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // the fields are documented in docs/contract.md, for readers of the JSON
pub struct Report {
    pub schema: String,
    pub run: RunPart,
    pub verdict: Verdict,
    pub primary: Option<String>,
    pub findings: Vec<FindingPart>,
    pub fixes: Vec<FixPart>,
    pub activities: Vec<ActivityPart>,
    #[serde(default)]
    pub meanwhile: Vec<MeanwhilePart>,
    pub probes: Vec<ProbePart>,
    pub media: Option<MediaPart>,
    pub bandwidth: BandwidthPart,
    pub environment: EnvironmentPart,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<ComparedPart>,
}

/// This run compared with the one before it, when something was changed between them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ComparedPart {
    pub change: String,
    pub outcome: String,
    pub says: String,
    pub details: Vec<String>,
}

impl ComparedPart {
    /// In a language's words.
    pub fn of(compared: &Compared, words: &Words) -> Self {
        let outcome = match compared.outcome {
            Outcome::Works => "works",
            Outcome::Same => "same",
            Outcome::Differs => "differs",
            Outcome::SameNetwork => "same-network",
            Outcome::Unknown => "unknown",
        };
        let change = match compared.change {
            Change::Fix(id) => id,
            Change::OtherNetwork => "other-network",
            Change::VpnOff => "vpn-off",
        };
        Self {
            change: change.to_owned(),
            outcome: outcome.to_owned(),
            says: words.say(&compared.says),
            details: compared.details.iter().map(|line| words.say(line)).few(),
        }
    }
}

/// Which run this was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct RunPart {
    pub id: String,
    pub config: String,
    pub ticket: Option<String>,
    pub started: String,
    pub duration_ms: f64,
    pub depth: Depth,
    pub app_version: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub draft: bool,
    /// What of the page came from the browser's memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<String>,
}

fn is_false(it: &bool) -> bool {
    !it
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct FindingPart {
    pub id: String,
    pub severity: Severity,
    pub confidence: Confidence,
    pub subject: String,
    pub evidence: Vec<String>,
    pub against: Vec<String>,
    pub silenced_by: Option<String>,
}

/// A fix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct FixPart {
    pub id: String,
    pub owner: Owner,
    pub resolves: Vec<String>,
    pub title: String,
    pub steps: Vec<String>,
    pub copy: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub snippets: Vec<SnippetPart>,
}

/// Lines for a machine out of a fix's `copy`, alone: `kind` is `nftables`, `squid` or `pac`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct SnippetPart {
    pub kind: String,
    pub text: String,
}

/// An activity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ActivityPart {
    pub id: ActivityId,
    pub status: Status,
    pub because: Vec<String>,
}

/// A probe. `detail` is the observation itself, so that a report is also a recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ProbePart {
    pub id: String,
    pub kind: String,
    pub target: String,
    pub outcome: String,
    pub started_ms: f64,
    pub duration_ms: f64,
    pub detail: Seen,
}

/// Where the page ran.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct EnvironmentPart {
    pub browser: Option<String>,
    pub os: Option<String>,
    pub vdi: Option<String>,
    pub not_measurable: Vec<String>,
}

/// What only the browser room knows about a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunStamp {
    /// A random id.
    pub id: String,
    /// When it started, ISO 8601 in UTC.
    pub started: String,
}

impl Report {
    /// The report of a run. With `reveal`, addresses of the agent are written in full: only after the agent agreed.
    pub fn new(
        config: &Config,
        link: &Link,
        state: &State,
        stamp: &RunStamp,
        words: &Words,
        reveal: bool,
    ) -> Self {
        let observations: Vec<Observation> = state
            .observations
            .iter()
            .map(|seen| if reveal { seen.reveal() } else { seen.clone() })
            .few();
        let known = Known::of(config);
        let conclusion = conclude(config, &observations);
        let say_all =
            |sentences: &[crate::words::Sentence]| sentences.iter().map(|one| words.said(one, reveal)).few();
        let owned = |ids: &[&'static str]| ids.iter().map(|id| (*id).to_owned()).few();
        Self {
            schema: SCHEMA.to_owned(),
            run: RunPart {
                id: stamp.id.clone(),
                config: config.name.clone(),
                ticket: link.ticket.clone(),
                started: stamp.started.clone(),
                duration_ms: state.elapsed.0.round(),
                depth: state.plan.depth,
                app_version: env!("CARGO_PKG_VERSION").to_owned(),
                draft: false,
                kept: None,
            },
            verdict: conclusion.verdict,
            primary: conclusion.primary.map(str::to_owned),
            findings: (conclusion.findings.iter())
                .map(|finding| FindingPart {
                    id: finding.id.to_owned(),
                    severity: finding.severity,
                    confidence: finding.confidence,
                    subject: finding.subject.clone(),
                    evidence: say_all(&finding.evidence),
                    against: say_all(&finding.against),
                    silenced_by: finding.silenced_by.map(str::to_owned),
                })
                .few(),
            fixes: (conclusion.fixes.iter())
                .map(|fix| FixPart {
                    id: fix.id.to_owned(),
                    owner: fix.owner,
                    resolves: owned(&fix.resolves),
                    title: words.said(&fix.title, reveal),
                    steps: say_all(&fix.steps),
                    copy: say_all(&fix.copy).join("\n"),
                    snippets: (fix.snippets())
                        .map(|(kind, text)| SnippetPart {
                            kind: kind.to_owned(),
                            text: text.to_owned(),
                        })
                        .few(),
                })
                .few(),
            activities: (conclusion.activities.iter())
                .map(|one| ActivityPart {
                    id: one.id,
                    status: one.status,
                    because: owned(&one.because),
                })
                .few(),
            meanwhile: MeanwhilePart::all(&conclusion.meanwhile, words),
            media: media(&observations),
            bandwidth: BandwidthPart::of(config, &observations),
            environment: environment(
                &observations,
                Scene::new(config, &observations).desktop().map(|it| it.0),
            ),
            probes: (observations.iter())
                .map(|seen| {
                    if reveal {
                        seen.clone()
                    } else {
                        known.shortened(seen)
                    }
                })
                .map(ProbePart::of)
                .few(),
            compared: None,
        }
    }

    /// As JSON for a file, readable.
    pub fn to_json(&self) -> String {
        written(self)
    }
}

/// A result in eight characters, to be read over the phone: what its report would say, without making one.
pub fn phone_code(conclusion: &Conclusion, observations: &[Observation], started: &str) -> String {
    let media = media(observations);
    let media = media.as_ref();
    phone_code::code(
        &plain_word(&conclusion.verdict),
        conclusion.primary,
        media.and_then(|media| media.highest_clean_kbps),
        media.and_then(|media| media.round_trip_ms),
        media.and_then(|media| media.loss),
        started,
    )
}

/// A key into the words for a value that serialises as a plain word, such as `owner.network`.
pub fn word(prefix: &str, value: &impl Serialize) -> String {
    format!("{prefix}.{}", plain_word(value))
}

/// The word itself.
fn plain_word(value: &impl Serialize) -> String {
    written(value).trim_matches('"').to_owned()
}

impl ProbePart {
    fn of(observation: Observation) -> Self {
        Self {
            id: observation.id,
            kind: observation.seen.kind().to_owned(),
            target: observation.target,
            outcome: outcome(&observation.seen).to_owned(),
            started_ms: observation.started.0.round(),
            duration_ms: observation.duration.0.round(),
            detail: observation.seen,
        }
    }

    /// The observation that this part was made of.
    pub fn observation(&self) -> Observation {
        Observation {
            id: self.id.clone(),
            target: self.target.clone(),
            started: Millis(self.started_ms),
            duration: Millis(self.duration_ms),
            seen: self.detail.clone(),
        }
    }
}

fn environment(observations: &[Observation], desktop: Option<Desktop>) -> EnvironmentPart {
    let page: Option<&PageSeen> = observations.iter().find_map(|one| match &one.seen {
        Seen::Page(page) => Some(page),
        _ => None,
    });
    let call: Option<&CallSeen> = observations.iter().rev().find_map(|one| match &one.seen {
        Seen::Call(call) if call.carries_media() => Some(call),
        _ => None,
    });
    let mut missing = Vec::new();
    let mut note = |absent: bool, what: &str| {
        if absent {
            missing.push(what.to_owned());
        }
    };
    let mut relays = observations.iter().filter_map(|one| match &one.seen {
        Seen::Turn(turn) => turn.relay.as_ref(),
        _ => None,
    });
    note(
        relays.clone().count() > 0 && relays.all(|relay| relay.mapped.is_none()),
        "media-egress",
    );
    let silent = observations
        .iter()
        .any(|one| matches!(&one.seen, Seen::Turn(turn) if matches!(turn.verdict(), TurnVerdict::Silent(_))));
    let gecko = page.is_some_and(|page| matches!(page.engine, Some(Engine::Gecko(_))));
    note(gecko && silent, "proxy-refusal");
    if let Some(call) = call {
        note(call.both_relayed.is_none(), "selected-pair");
        note(call.decoded.is_none(), "decoded");
        note(call.relay_protocol.is_none(), "relay-protocol");
        note(call.srtp_cipher.is_none(), "srtp-cipher");
        note(call.dtls_state.is_none(), "dtls-state");
    }
    if let Some(ladder) = ladder(observations).filter(|ladder| !ladder.steps.is_empty()) {
        note(
            ladder.steps.iter().all(|step| step.concealment.is_none()),
            "concealment",
        );
        note(
            ladder.quality.is_none_or(|quality| quality.round_trip.is_none()),
            "round-trip",
        );
        note(
            ladder.quality.is_none_or(|quality| quality.jitter.is_none()),
            "jitter",
        );
        note(
            ladder.quality.is_none_or(|quality| quality.loss.is_none()),
            "loss",
        );
    }
    EnvironmentPart {
        browser: page.map(|page| page.browser.clone()),
        os: page.map(|page| page.os.clone()),
        vdi: desktop.map(|desktop| plain_word(&desktop)),
        not_measurable: missing,
    }
}
