//! `test-unfinished`: the check ended before it had seen enough.
//!
//! - **What we saw**: something that an activity needs was not asked, or its answer was not awaited.
//! - **Why calls suffer**: nobody knows whether they do. No sample is never a pass, and never a fault.
//! - **How we know**: a required application or the way of voice was left open, and no other finding says why. On a line
//!   that our own questions fill, a narrow line is why.
//! - **What fixes it**: another run, to the end.
//! - **Who can**: the agent.

use super::{Cause, Confidence, Finding, Severity, media_bitrate_low};
use crate::activity::{Judged, Status, statuses};
use crate::config::ActivityId;
use crate::few::Gather as _;
use crate::fix::{Fix, Owner};
use crate::scene::Scene;
use crate::words::{Arg, say};

pub(super) const CAUSE: Cause = Cause {
    id: "test-unfinished",
    judge,
    silences: &[],
    affects: open,
    fixes,
};

/// The activities of which too little was seen.
pub(super) fn open(scene: &Scene, _: &Finding) -> Vec<ActivityId> {
    let open = statuses(scene, &[])
        .into_iter()
        .filter(|it| it.status == Status::Unknown);
    open.map(|it| it.id).few()
}

fn judge(scene: &Scene, before: &[Finding]) -> Vec<Finding> {
    let all = statuses(scene, before);
    if !all.iter().any(|it| it.required) {
        let evidence = say("evidence.nothing-required", []);
        return vec![Finding::new(&CAUSE, Severity::Info, Confidence::Certain, "").because([evidence])];
    }
    let narrow = before
        .iter()
        .any(|it| it.stands() && it.id == media_bitrate_low::CAUSE.id);
    let waited = |it: &Judged| narrow && scene.is_slow() && it.id != ActivityId::Voice;
    let open = all
        .into_iter()
        .filter(|it| it.required && it.status == Status::Unknown && it.because.is_empty() && !waited(it));
    let evidence: Vec<_> = open
        .map(|it| {
            say(
                "evidence.not-seen",
                [("activity", Arg::Word(format!("activity.{}", it.word())))],
            )
        })
        .few();
    if evidence.is_empty() {
        return Vec::new();
    }
    vec![Finding::new(&CAUSE, Severity::Info, Confidence::Certain, "").because(evidence)]
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    vec![Fix::new("run-again", Owner::Agent, found, 2, &[])]
}
