//! `microphone-blocked`: the browser may not, or cannot, use the microphone.
//!
//! - **What we saw**: the microphone was asked for, after the agent agreed, and refused.
//! - **Why calls suffer**: the caller hears nothing of the agent.
//! - **How we know**: the browser's own word. A refusal by the system, or a device that another program holds, is the same
//!   for every page; a refusal by the browser holds for this page and perhaps not for the phone's. A question that was
//!   closed is no refusal.
//! - **What fixes it**: the permission in browser or system; closing the other program.
//! - **Who can**: the agent, where policies leave it to them; else whoever looks after the computer.

use super::{Cause, Confidence, Finding, Severity};
use crate::config::ActivityId;
use crate::fix::{Fix, Owner};
use crate::observation::{HEADSET, MicrophoneSeen};
use crate::scene::Scene;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "microphone-blocked",
    judge,
    silences: &[],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let (severity, confidence, key) = match scene.own_headset().map(|headset| headset.microphone) {
        Some(MicrophoneSeen::BlockedBySystem) => (
            Severity::Blocker,
            Confidence::Certain,
            "evidence.microphone-system",
        ),
        Some(MicrophoneSeen::Busy) => (Severity::Blocker, Confidence::Likely, "evidence.microphone-busy"),
        Some(MicrophoneSeen::Blocked) => (Severity::Advice, Confidence::Possible, "evidence.microphone-page"),
        _ => return Vec::new(),
    };
    vec![Finding::new(&CAUSE, severity, confidence, "").because([say(key, [])])]
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    vec![
        Fix::new("allow-microphone", Owner::Agent, found, 4, &[])
            .with_evidence(found)
            .retest([HEADSET.to_owned()]),
    ]
}
