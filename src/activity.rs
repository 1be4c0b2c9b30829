//! From findings to what the agent can do right now.

use serde::{Deserialize, Serialize};

use crate::config::{ActivityId, Application, Config};
use crate::diagnosis::workstation_overloaded::is_starved;
use crate::diagnosis::{Finding, Severity, Verdict};
use crate::few::Gather as _;
use crate::observation::{Observation, Step, Unclean};
use crate::scene::Scene;

/// What the agent can do right now.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Which activity.
    pub id: ActivityId,
    /// Whether it works.
    pub status: Status,
    /// The findings behind that.
    pub because: Vec<&'static str>,
}

/// Whether an activity works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It works.
    Works,
    /// It works, with faults a user would notice.
    Degraded,
    /// It cannot work.
    Blocked,
    /// The test could not tell.
    Unknown,
}

/// An activity on the way to its status: also whether the verdict rests on it.
pub(crate) struct Judged {
    pub(crate) id: ActivityId,
    pub(crate) required: bool,
    pub(crate) status: Status,
    pub(crate) because: Vec<&'static str>,
}

/// The status of every activity that this configuration has, in the order sign-in, desktop, voice, recording,
/// administration.
pub fn activities(config: &Config, findings: &[Finding], observations: &[Observation]) -> Vec<Activity> {
    let judged = statuses(&Scene::new(config, observations), findings);
    judged
        .into_iter()
        .map(|it| Activity {
            id: it.id,
            status: it.status,
            because: it.because,
        })
        .few()
}

/// The answer in one word, and the one finding to act on first (`None` only when ready).
///
/// Blocked goes before unknown, since one certain obstacle is enough; unknown goes before degraded, since "it works,
/// but" may be said only of what was seen to work.
pub fn verdict(
    config: &Config,
    findings: &[Finding],
    activities: &[Activity],
) -> (Verdict, Option<&'static str>) {
    let needed: Vec<&Activity> = activities
        .iter()
        .filter(|activity| required(config, activity.id))
        .few();
    let with = |status| needed.iter().filter(move |activity| activity.status == status);
    let (verdict, status) = if with(Status::Blocked).next().is_some() {
        (Verdict::Blocked, Status::Blocked)
    } else if needed.is_empty() || with(Status::Unknown).next().is_some() {
        (Verdict::Inconclusive, Status::Unknown)
    } else if with(Status::Degraded).next().is_some() {
        (Verdict::Degraded, Status::Degraded)
    } else {
        return (Verdict::Ready, None);
    };
    let behind = |finding: &&Finding| with(status).any(|activity| activity.because.contains(&finding.id));
    let standing = || findings.iter().filter(|finding| finding.stands());
    let primary = standing().find(behind).or_else(|| standing().next());
    (verdict, primary.map(|finding| finding.id))
}

/// Judges every activity.
pub(crate) fn statuses(scene: &Scene, findings: &[Finding]) -> Vec<Judged> {
    let judge = |id| {
        let touching: Vec<&Finding> = findings
            .iter()
            .filter(|it| {
                it.stands()
                    && it
                        .cause()
                        .is_some_and(|cause| (cause.affects)(scene, it).contains(&id))
            })
            .few();
        let worst = touching.iter().map(|finding| finding.severity).min();
        let status = match worst {
            Some(Severity::Blocker) => Status::Blocked,
            _ if !proven(scene, id) => Status::Unknown,
            Some(Severity::Degraded) => Status::Degraded,
            _ => Status::Works,
        };
        let counts = |finding: &&&Finding| match status {
            Status::Blocked => finding.severity == Severity::Blocker,
            Status::Degraded => finding.severity == Severity::Degraded,
            Status::Unknown => true,
            Status::Works => false,
        };
        let mut because: Vec<&'static str> = touching.iter().filter(counts).map(|finding| finding.id).few();
        because.dedup();
        Judged {
            id,
            required: required(scene.config, id),
            status,
            because,
        }
    };
    scene.everything().into_iter().map(judge).few()
}

/// Whether it was seen to work: everything required for it answered, for voice on a page that may use a microphone and
/// with at least one step of the ladder that tells something. No sample is never a pass.
fn proven(scene: &Scene, id: ActivityId) -> bool {
    if id == ActivityId::Voice {
        // A step that was not sent tells something only where it is known why.
        let tells = |step: &Step| step.why != Some(Unclean::NotSent) || is_starved(step);
        let climbed = scene.ladder.is_some_and(|ladder| ladder.steps.iter().any(tells));
        return scene.voice_proven() && climbed && scene.page.is_some_and(|page| page.secure);
    }
    let mut needed = needed_for(scene.config, id).peekable();
    needed.peek().is_some()
        && needed.all(|wanted| {
            scene
                .applications()
                .any(|(web, application)| application.id == wanted.id && web.answered())
        })
}

/// The applications an activity cannot do without; where none is required, all of them.
fn needed_for(config: &Config, id: ActivityId) -> impl Iterator<Item = &Application> {
    let of_it = move |application: &&Application| application.activity == id;
    let any_required = config
        .applications
        .iter()
        .filter(of_it)
        .any(|application| application.required);
    config
        .applications
        .iter()
        .filter(of_it)
        .filter(move |application| application.required || !any_required)
}

/// Whether the verdict rests on an activity: voice whenever it is there, others by their applications. Screen recording
/// that no application stands for cannot be tried from a page, so it is told as unknown and decides nothing.
fn required(config: &Config, id: ActivityId) -> bool {
    id == ActivityId::Voice
        || config
            .applications
            .iter()
            .any(|application| application.activity == id && application.required)
}

impl Judged {
    /// The activity's word, as in `activity.WORD`.
    pub(crate) fn word(&self) -> &'static str {
        match self.id {
            ActivityId::SignIn => "sign-in",
            ActivityId::AgentDesktop => "agent-desktop",
            ActivityId::Voice => "voice",
            ActivityId::ScreenRecording => "screen-recording",
            ActivityId::Administration => "administration",
        }
    }
}
