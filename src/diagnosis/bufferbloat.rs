//! `bufferbloat`: whatever fills the line holds speech back, in a queue that is too long.
//!
//! - **What we saw**: how much later the test call's sound came while an upload and a download filled the line.
//! - **Why calls suffer**: a router that lets a long queue build up makes speech wait behind it. A backup, a large
//!   attachment or a screen recording is enough, and the call that was good is late.
//! - **How we know**: both ends of the call are on this page, so the packets under way are counted. Only where the line was
//!   full for half a second, the voice alone had room, and the computer kept up. It is worth knowing; where the agent's own
//!   work uploads recordings beside the calls, it is advice.
//! - **What fixes it**: queue management in the router, priority for the voice, uploads at other times.
//! - **Who can**: the network team; at home the agent.

use super::thresholds::ONE_WAY_PREFERRED;
use super::{Cause, Confidence, Finding, Severity};
use crate::config::ActivityId;
use crate::fix::{Fix, Owner};
use crate::scene::Scene;
use crate::words::{Arg, say};

pub(super) const CAUSE: Cause = Cause {
    id: "bufferbloat",
    judge,
    silences: &[],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let loaded = scene.bandwidth.and_then(|seen| seen.loaded);
    let Some((added, loaded)) = loaded.and_then(|loaded| Some((loaded.added?, loaded))) else {
        return Vec::new();
    };
    if added < ONE_WAY_PREFERRED {
        return Vec::new();
    }
    let severity = match scene.config.load.screen_recording {
        true => Severity::Advice,
        false => Severity::Info,
    };
    let evidence = say(
        "evidence.loaded",
        [("added", Arg::Time(added)), ("time", Arg::Time(loaded.time))],
    );
    vec![Finding::new(&CAUSE, severity, Confidence::Likely, "").because([evidence])]
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    if found.iter().all(|it| it.severity == Severity::Info) {
        return Vec::new();
    }
    vec![
        Fix::new("shorten-the-queue", Owner::Network, found, 3, &[])
            .copy([say("fix.shorten-the-queue.copy", [])])
            .with_evidence(found)
            .retest([
                "call:".into(),
                "ladder:".into(),
                "https:canary".into(),
                crate::plan::BANDWIDTH.to_owned(),
            ]),
    ]
}
