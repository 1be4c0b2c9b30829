//! `bandwidth-low`: the line carries less than what the agent does at the same time needs.
//!
//! - **What we saw**: how much HTTPS carried each way, on a line that was otherwise quiet.
//! - **Why calls suffer**: recording and the desktop share the line with the voice, and all of them come late.
//! - **How we know**: against what the configured activities need (guide facts G7 to G10). Only where it was watched
//!   long enough for a far line to show what it carries. A ladder that voice alone could not climb says more, and so does
//!   a computer that is too busy.
//! - **What fixes it**: less other traffic, more line, recordings that are sent later (G10).
//! - **Who can**: the network team; the agent stops what is not needed.

use super::thresholds::PAYLOAD_OF_NEED;
use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::catalogue::bandwidth_needed;
use crate::config::ActivityId;
use crate::few::Gather as _;
use crate::fix::{Fix, Owner};
use crate::observation::ThroughputSeen;
use crate::scene::Scene;
use crate::units::Kbps;
use crate::words::{Arg, Sentence, say};

pub(super) const CAUSE: Cause = Cause {
    id: "bandwidth-low",
    judge,
    silences: &[("bufferbloat", Reach::Everywhere)],
    affects: |_, _| {
        vec![
            ActivityId::AgentDesktop,
            ActivityId::Voice,
            ActivityId::ScreenRecording,
        ]
    },
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let evidence = low(scene);
    if evidence.is_empty() {
        return Vec::new();
    }
    vec![Finding::new(&CAUSE, Severity::Degraded, Confidence::Likely, "").because(evidence)]
}

/// The directions that carry too little over HTTPS.
pub(super) fn low(scene: &Scene) -> Vec<Sentence> {
    let Some(seen) = scene.bandwidth else {
        return Vec::new();
    };
    let (up, down) = bandwidth_needed(scene.config.load, scene.config.phone);
    let low = |way: Option<ThroughputSeen>, needed: Kbps, key: &'static str| {
        let way = way.filter(|way| way.sure && way.rate.0 < needed.0 * PAYLOAD_OF_NEED)?;
        Some(say(
            key,
            [
                ("rate", Arg::Rate(Kbps(way.rate.0.round()))),
                ("needed", Arg::Rate(needed)),
            ],
        ))
    };
    let evidence = [
        low(seen.up, up, "evidence.bandwidth-up"),
        low(seen.down, down, "evidence.bandwidth-down"),
    ];
    evidence.into_iter().flatten().few()
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let (up, down) = bandwidth_needed(scene.config.load, scene.config.phone);
    let needed = [("up", Arg::Rate(up)), ("down", Arg::Rate(down))];
    vec![
        Fix::new("widen-the-line", Owner::Network, found, 4, &needed)
            .copy([say("fix.widen-the-line.copy", needed.clone())])
            .with_evidence(found)
            .retest([crate::plan::BANDWIDTH.to_owned()]),
    ]
}
