//! `jitter-high`: packets of speech arrive unevenly.
//!
//! - **What we saw**: interarrival jitter (RFC 3550) on the steps that the line carries.
//! - **Why calls suffer**: the jitter buffer waits longer, or audio is made up: voices sound metallic.
//! - **How we know**: the median over clean steps, so a queue of our own making does not count.
//! - **What fixes it**: a cable instead of Wi-Fi, less traffic beside the call, voice outside the VPN (guide fact G25).
//! - **Who can**: the agent first, then VPN and network.

use super::thresholds::{JITTER_ADVICE, JITTER_DEGRADED};
use super::{Cause, Confidence, Finding, Severity};
use crate::config::ActivityId;
use crate::few::Gather as _;
use crate::fix::{Fix, Owner};
use crate::scene::Scene;
use crate::units::Millis;
use crate::words::{Arg, say};

pub(super) const CAUSE: Cause = Cause {
    id: "jitter-high",
    judge,
    silences: &[],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let quality = scene.ladder.and_then(|ladder| ladder.quality);
    let Some(jitter) = quality.and_then(|quality| quality.jitter) else {
        return Vec::new();
    };
    let (severity, limit) = match jitter.0 {
        time if time >= JITTER_DEGRADED.0 => (Severity::Degraded, JITTER_DEGRADED),
        time if time >= JITTER_ADVICE.0 => (Severity::Advice, JITTER_ADVICE),
        _ => return Vec::new(),
    };
    let evidence = say(
        "evidence.jitter",
        [("time", Arg::Time(jitter)), ("limit", Arg::Time(limit))],
    );
    let spread = quality.and_then(|quality| quality.spread.jitter_ms);
    let finding = Finding::new(&CAUSE, severity, Confidence::Likely, "").because([evidence]);
    vec![finding.near_edge(spread, limit.0, |time| Arg::Time(Millis(time)))]
}

/// What to do about a restless line; loss has the same remedies.
pub(super) fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let cable =
        Fix::new("use-a-cable", Owner::Agent, found, 3, &[]).retest(["call:".into(), "ladder:".into()]);
    [cable]
        .into_iter()
        .chain(super::latency_high::fixes(scene, found))
        .few()
}
