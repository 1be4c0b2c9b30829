//! `loss-high`: packets of speech get lost.
//!
//! - **What we saw**: the share of packets that did not arrive, on clean steps or already on the lowest one.
//! - **Why calls suffer**: syllables are missing, and audio is made up to fill the holes.
//! - **How we know**: sequence numbers, and how many packets they were: a share of few packets is a range. Loss that
//!   begins only at higher rates is lack of room and another cause. Over TCP lost packets come late instead, so loss is
//!   seen over UDP mostly.
//! - **What fixes it**: a cable instead of Wi-Fi, a line that is not overfull or faulty.
//! - **Who can**: the agent first, then the network team.

use super::thresholds::{LOSS_ADVICE, LOSS_BLOCKED, LOSS_DEGRADED};
use super::{Cause, Confidence, Finding, Severity};
use crate::config::ActivityId;
use crate::quality::share_range;
use crate::scene::Scene;
use crate::units::Share;
use crate::words::{Arg, say};

pub(super) const CAUSE: Cause = Cause {
    id: "loss-high",
    judge,
    silences: &[],
    affects: |_, _| vec![ActivityId::Voice],
    fixes: super::jitter_high::fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let quality = scene.ladder.and_then(|ladder| ladder.quality);
    let lowest = scene.lossy_step().and_then(|step| step.loss);
    let Some(loss) = quality.and_then(|quality| quality.loss).or(lowest) else {
        return Vec::new();
    };
    let spread = quality.and_then(|quality| quality.spread.loss);
    // Two packets of sixty may have been chance: then the line is worth a look, no more. Several in a row make the line's own
    // share less sure, but whoever spoke just then would have noticed.
    let as_single = spread.and_then(|it| share_range(loss.0 * it.samples, it.samples, 1.0));
    let chance = as_single.is_some_and(|range| range.least < LOSS_ADVICE.0);
    let (severity, limit) = match loss.0 {
        share if share >= LOSS_BLOCKED.0 => (Severity::Blocker, LOSS_BLOCKED),
        share if share >= LOSS_DEGRADED.0 && !chance => (Severity::Degraded, LOSS_DEGRADED),
        share if share >= LOSS_ADVICE.0 => (Severity::Advice, LOSS_ADVICE),
        _ => return Vec::new(),
    };
    let evidence = say(
        "evidence.loss",
        [("share", Arg::Share(loss)), ("limit", Arg::Share(limit))],
    );
    let finding = Finding::new(&CAUSE, severity, Confidence::Likely, "").because([evidence]);
    vec![finding.near_edge(spread, limit.0, |share| Arg::Share(Share(share)))]
}
