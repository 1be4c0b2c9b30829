//! From observations to findings: the table of root causes. Causes silence their symptoms; "cannot tell" is an answer.
//!
//! One root cause is one file below, with its id, how it is recognised, what it silences and what fixes it. To add one:
//! write the file, put it into [`CAUSES`], give it words in `static/words/`, and two cases in `tests/cases/`: one that
//! fires and one near-miss that stays silent.

pub mod other_browser;
pub mod thresholds;

mod allow_list_incomplete;
mod application_error;
mod application_needs_internet;
mod bandwidth_low;
mod block_page;
mod browser_unsupported;
mod bufferbloat;
mod captive_portal;
mod clock_skewed;
mod dns_failed;
mod domain_blocked;
mod egress_not_known;
mod host_unreachable;
mod https_slow;
mod ipv4_missing;
mod jitter_high;
mod latency_high;
mod line_unstable;
mod local_network_blocked;
mod loss_high;
mod media_bitrate_low;
mod media_blocked;
mod media_through_proxy;
mod media_unproven;
mod microphone_blocked;
mod microphone_missing;
mod microphone_silent;
mod offline;
mod pac_wrong_route;
mod page_not_secure;
mod phone_needs_internet;
mod phone_needs_private_network;
mod recording_with_proxy;
mod recording_with_split_tunnel;
mod softphone_with_proxy;
mod speaker_missing;
mod split_tunnel_bypass;
mod test_in_background;
mod test_service_down;
mod test_unfinished;
mod tls_intercepted;
mod turn_blocked;
mod turn_credentials_rejected;
mod turn_dns_failed;
mod turn_inspected;
mod turn_quota;
mod turn_refused;
mod turn_relay_denied;
mod vdi_path_unproven;
mod vdi_unsupported;
mod vpn_detour;
mod webrtc_disabled;
pub(crate) mod workstation_overloaded;

use serde::{Deserialize, Serialize};

use crate::config::{ActivityId, Config};
use crate::few::{Few as _, Put as _};
use crate::fix::Fix;
use crate::observation::{Observation, Spread};
use crate::scene::Scene;
use crate::scene::web::{covers, host_of};
use crate::words::{Arg, Sentence, say};

/// Everything that can be concluded, the more fundamental first.
pub const CAUSES: &[Cause] = &[
    offline::CAUSE,
    captive_portal::CAUSE,
    page_not_secure::CAUSE,
    webrtc_disabled::CAUSE,
    browser_unsupported::CAUSE,
    phone_needs_internet::CAUSE,
    phone_needs_private_network::CAUSE,
    application_needs_internet::CAUSE,
    clock_skewed::CAUSE,
    egress_not_known::CAUSE,
    ipv4_missing::CAUSE,
    local_network_blocked::CAUSE,
    split_tunnel_bypass::CAUSE,
    dns_failed::CAUSE,
    allow_list_incomplete::CAUSE,
    domain_blocked::CAUSE,
    block_page::CAUSE,
    host_unreachable::CAUSE,
    application_error::CAUSE,
    turn_dns_failed::CAUSE,
    pac_wrong_route::CAUSE,
    turn_inspected::CAUSE,
    turn_refused::CAUSE,
    turn_blocked::CAUSE,
    turn_credentials_rejected::CAUSE,
    turn_quota::CAUSE,
    turn_relay_denied::CAUSE,
    media_blocked::CAUSE,
    microphone_missing::CAUSE,
    microphone_blocked::CAUSE,
    microphone_silent::CAUSE,
    speaker_missing::CAUSE,
    workstation_overloaded::CAUSE,
    tls_intercepted::CAUSE,
    line_unstable::CAUSE,
    loss_high::CAUSE,
    media_bitrate_low::CAUSE,
    latency_high::CAUSE,
    jitter_high::CAUSE,
    vpn_detour::CAUSE,
    media_through_proxy::CAUSE,
    bandwidth_low::CAUSE,
    bufferbloat::CAUSE,
    https_slow::CAUSE,
    recording_with_split_tunnel::CAUSE,
    softphone_with_proxy::CAUSE,
    test_service_down::CAUSE,
    media_unproven::CAUSE,
    vdi_unsupported::CAUSE,
    vdi_path_unproven::CAUSE,
    test_in_background::CAUSE,
    test_unfinished::CAUSE,
    recording_with_proxy::CAUSE,
];

/// The ids of everything that can be concluded.
pub fn ids() -> impl Iterator<Item = &'static str> {
    CAUSES.iter().map(|cause| cause.id)
}

/// A root cause: how it is recognised, and what follows.
pub struct Cause {
    /// Its stable id, never reused.
    pub id: &'static str,
    /// Recognises it. Missing data never fires a cause. Also given: what was concluded by the causes before it.
    pub judge: fn(&Scene, &[Finding]) -> Vec<Finding>,
    /// The causes that are only its symptoms.
    pub silences: &'static [(&'static str, Reach)],
    /// The activities that such a finding touches.
    pub affects: fn(&Scene, &Finding) -> Vec<ActivityId>,
    /// Who does what about all findings of this cause together.
    pub fixes: fn(&Scene, &[&Finding]) -> Vec<Fix>,
}

/// How far a cause silences a symptom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Wherever it shows.
    Everywhere,
    /// Only on the same host or URL, or on hosts of the same domain.
    Subject,
}

/// A root cause that was concluded.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Its stable id, such as `turn-blocked`.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// How sure we are.
    pub confidence: Confidence,
    /// What it is about: a host or a URL; empty when it is the whole line or this page.
    pub subject: String,
    /// What speaks for it, one sentence each.
    pub evidence: Vec<Sentence>,
    /// What speaks against it.
    pub against: Vec<Sentence>,
    /// The finding of which this is only a symptom.
    pub silenced_by: Option<&'static str>,
}

/// How bad a finding is, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// A required activity cannot work.
    Blocker,
    /// It works, but with faults that a user would notice.
    Degraded,
    /// Works; could be better.
    Advice,
    /// Worth knowing.
    Info,
}

/// How sure a finding is, surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Nothing else explains what was seen.
    Certain,
    /// Something speaks for it, nothing against.
    Likely,
    /// It fits, and so does something else.
    Possible,
}

/// The answer to "can I take calls from here?".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Everything required works.
    Ready,
    /// It works, but with faults that a user would notice.
    Degraded,
    /// A required activity cannot work.
    Blocked,
    /// The test itself could not tell.
    Inconclusive,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ready, Self::Degraded, Self::Blocked, Self::Inconclusive];

    /// As the report has it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Degraded => "degraded",
            Self::Blocked => "blocked",
            Self::Inconclusive => "inconclusive",
        }
    }
}

impl Finding {
    /// A finding without evidence yet.
    pub fn new(
        cause: &Cause,
        severity: Severity,
        confidence: Confidence,
        subject: impl Into<String>,
    ) -> Self {
        Self {
            id: cause.id,
            severity,
            confidence,
            subject: subject.into(),
            evidence: Vec::new(),
            against: Vec::new(),
            silenced_by: None,
        }
    }

    /// Adds what speaks for it.
    #[must_use]
    #[inline(never)]
    pub fn because(mut self, evidence: impl IntoIterator<Item = Sentence>) -> Self {
        self.evidence.put(evidence);
        self
    }

    /// Says so where the line's own value may as well lie under the limit, and takes the finding for less sure.
    #[must_use]
    pub fn near_edge(self, spread: Option<Spread>, limit: f64, arg: fn(f64) -> Arg) -> Self {
        let Some(spread) = spread.filter(|it| it.least < limit) else {
            return self;
        };
        let args = [
            ("least", arg(spread.least)),
            ("most", arg(spread.most)),
            ("samples", Arg::Number(spread.samples)),
        ];
        let confidence = Confidence::Possible;
        Self { confidence, ..self }.although([say("evidence.near-edge", args)])
    }

    /// Adds what speaks against it.
    #[must_use]
    #[inline(never)]
    pub fn although(mut self, against: impl IntoIterator<Item = Sentence>) -> Self {
        self.against.put(against);
        self
    }

    /// Whether it is a problem of its own.
    pub fn stands(&self) -> bool {
        self.silenced_by.is_none()
    }

    /// The cause it is a finding of; `None` for a finding from elsewhere, such as a newer report.
    pub fn cause(&self) -> Option<&'static Cause> {
        CAUSES.iter().find(|cause| cause.id == self.id)
    }
}

/// Concludes the root causes from what was seen, most important first; silenced ones last.
pub fn diagnose(config: &Config, observations: &[Observation]) -> Vec<Finding> {
    let scene = Scene::new(config, observations);
    let mut findings: Vec<Finding> = Vec::new();
    for cause in CAUSES {
        let found = (cause.judge)(&scene, &findings);
        findings.put(found);
    }
    other_browser::weigh(&scene, &mut findings);
    silence(&mut findings);
    let rank = |finding: &Finding| CAUSES.iter().position(|cause| cause.id == finding.id);
    findings.sort_few_by_key(|it| (!it.stands(), it.severity, it.confidence, rank(it)));
    findings
}

/// Marks symptoms. The findings come in the order of the table, so a cause is judged before its symptoms; a symptom
/// silences nothing, and a small matter does not silence a bigger one.
fn silence(findings: &mut [Finding]) {
    for symptom in 0..findings.len() {
        let silencer = findings.iter().enumerate().find(|(index, root)| {
            *index != symptom && root.stands() && root.severity <= findings[symptom].severity && {
                let silences = root.cause().map_or(&[][..], |cause| cause.silences);
                silences.iter().any(|(id, reach)| {
                    *id == findings[symptom].id
                        && (*reach == Reach::Everywhere
                            || same_subject(&root.subject, &findings[symptom].subject))
                })
            }
        });
        findings[symptom].silenced_by = silencer.map(|(_, root)| root.id);
    }
}

fn same_subject(root: &str, symptom: &str) -> bool {
    covers(root, symptom) || covers(root, &host_of(symptom))
}
