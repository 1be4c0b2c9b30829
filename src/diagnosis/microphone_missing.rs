//! `microphone-missing`: this computer has no microphone.
//!
//! - **What we saw**: the browser found no device to listen with.
//! - **Why calls suffer**: the caller hears nothing of the agent.
//! - **How we know**: the browser's own word (`NotFoundError`), after the agent agreed to the try.
//! - **What fixes it**: a headset that is plugged in and switched on in the system.
//! - **Who can**: the agent first, then whoever looks after the computer.

use super::{Cause, Confidence, Finding, Severity};
use crate::config::ActivityId;
use crate::few::Gather as _;
use crate::fix::{Fix, Owner};
use crate::observation::{HEADSET, MicrophoneSeen};
use crate::scene::Scene;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "microphone-missing",
    judge,
    silences: &[],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let missing = scene
        .own_headset()
        .is_some_and(|headset| headset.microphone == MicrophoneSeen::Missing);
    let finding = Finding::new(&CAUSE, Severity::Blocker, Confidence::Certain, "");
    let finding = finding.because([say("evidence.microphone-missing", [])]);
    missing.then_some(finding).into_iter().few()
}

/// What to do about a missing device; the loudspeaker has the same remedies.
pub(super) fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    vec![
        Fix::new("connect-headset", Owner::Agent, found, 3, &[])
            .with_evidence(found)
            .retest([HEADSET.to_owned()]),
    ]
}
