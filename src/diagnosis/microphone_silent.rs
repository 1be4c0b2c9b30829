//! `microphone-silent`: the microphone is there and delivers silence.
//!
//! - **What we saw**: three seconds of sound from the microphone with next to nothing in it.
//! - **Why calls suffer**: the caller hears nothing of the agent.
//! - **How we know**: the loudest sample. An open microphone hears the room even when nobody speaks.
//! - **What fixes it**: the mute switch, the right device, its volume.
//! - **Who can**: the agent.

use super::thresholds::SILENCE;
use super::{Cause, Confidence, Finding, Severity};
use crate::config::ActivityId;
use crate::fix::{Fix, Owner};
use crate::observation::{HEADSET, MicrophoneSeen};
use crate::scene::Scene;
use crate::words::{Arg, say};

pub(super) const CAUSE: Cause = Cause {
    id: "microphone-silent",
    judge,
    silences: &[],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let Some(MicrophoneSeen::Heard(level)) = scene.own_headset().map(|headset| headset.microphone) else {
        return Vec::new();
    };
    if level.peak >= SILENCE {
        return Vec::new();
    }
    let evidence = say("evidence.microphone-silent", [("share", Arg::Share(level.peak))]);
    vec![Finding::new(&CAUSE, Severity::Blocker, Confidence::Likely, "").because([evidence])]
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    vec![
        Fix::new("unmute-microphone", Owner::Agent, found, 3, &[])
            .with_evidence(found)
            .retest([HEADSET.to_owned()]),
    ]
}
