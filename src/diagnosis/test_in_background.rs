//! `test-in-background`: this page was hidden, or the computer slept, while the check ran.
//!
//! - **What we saw**: the page was not visible, or its clock stood still for seconds.
//! - **Why calls suffer**: they do not. Browsers slow hidden pages down, so measuring waited, and what was under way
//!   was dropped.
//! - **How we know**: the page's visibility, and wall clock and timers that jump.
//! - **What fixes it**: another run with this page in front.
//! - **Who can**: the agent.

use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::few::Gather as _;
use crate::fix::{Fix, Owner};
use crate::scene::Scene;
use crate::words::{Arg, say};

pub(super) const CAUSE: Cause = Cause {
    id: "test-in-background",
    judge,
    silences: &[("test-unfinished", Reach::Everywhere)],
    affects: super::test_unfinished::open,
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let Some(attention) = scene.attention else {
        return Vec::new();
    };
    let spent = |key: &'static str, time: crate::units::Millis| {
        (time.0 > 0.0).then(|| say(key, [("time", Arg::Time(time))]))
    };
    let dropped = f64::from(attention.dropped);
    let evidence: Vec<_> = [
        spent("evidence.hidden", attention.hidden),
        spent("evidence.slept", attention.slept),
        (dropped > 0.0).then(|| say("evidence.dropped", [("count", Arg::Number(dropped))])),
    ]
    .into_iter()
    .flatten()
    .few();
    if evidence.is_empty() {
        return Vec::new();
    }
    vec![Finding::new(&CAUSE, Severity::Info, Confidence::Certain, "").because(evidence)]
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    vec![Fix::new("keep-in-front", Owner::Agent, found, 2, &[])]
}
