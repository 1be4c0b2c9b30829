//! `speaker-missing`: this computer has nothing to listen with.
//!
//! - **What we saw**: no device for sound in the browser's list.
//! - **Why calls suffer**: the agent hears nothing of the caller.
//! - **How we know**: Chromium lists one device for sound at least wherever there is one. Other browsers may not list them,
//!   so an empty list says nothing there.
//! - **What fixes it**: a headset that is plugged in and switched on in the system.
//! - **Who can**: the agent first, then whoever looks after the computer.

use super::{Cause, Confidence, Finding, Severity};
use crate::config::ActivityId;
use crate::few::Gather as _;
use crate::observation::Engine;
use crate::scene::Scene;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "speaker-missing",
    judge,
    silences: &[],
    affects: |_, _| vec![ActivityId::Voice],
    fixes: super::microphone_missing::fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let lists = scene
        .page
        .is_some_and(|page| matches!(page.engine, Some(Engine::Chromium(_))));
    let none = scene
        .own_headset()
        .is_some_and(|headset| headset.speakers == Some(0));
    let finding = Finding::new(&CAUSE, Severity::Blocker, Confidence::Likely, "");
    let finding = finding.because([say("evidence.speaker-missing", [])]);
    (lists && none).then_some(finding).into_iter().few()
}
