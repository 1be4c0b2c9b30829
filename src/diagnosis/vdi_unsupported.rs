//! `vdi-unsupported`: the provider does not support this software on this virtual desktop.
//!
//! - **What we saw**: what the agent told of the virtual desktop and of what is installed there.
//! - **Why calls suffer**: what nobody supports may work today and stop tomorrow, and nobody will help.
//! - **How we know**: the guide's matrix (G39 to G42). What runs in the browser alone works on every virtual desktop, and
//!   WebRTC phones there are the customer's own responsibility (G43).
//! - **What fixes it**: a supported combination, or the phone on the device in front of the agent (G44).
//! - **Who can**: whoever looks after virtual desktops.

use super::{Cause, Confidence, Finding, Severity};
use crate::catalogue::vdi::{Support, support};
use crate::fix::{Fix, Owner};
use crate::observation::VdiPlatform;
use crate::scene::Scene;
use crate::words::{Arg, say};

pub(super) const CAUSE: Cause = Cause {
    id: "vdi-unsupported",
    judge,
    silences: &[],
    affects: |_, _| Vec::new(),
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let (Some(platform), Some(installed)) = (scene.answers.vdi, &scene.answers.installed) else {
        return Vec::new();
    };
    let (confidence, evidence) = match support(platform, installed) {
        Support::No(fact) => (
            Confidence::Certain,
            say(
                "evidence.vdi-unsupported",
                [("fact", crate::scene::evidence::text(fact))],
            ),
        ),
        Support::NotListed => (Confidence::Possible, say("evidence.vdi-not-listed", [])),
        Support::Yes(_) if platform == VdiPlatform::Horizon2008 => {
            (Confidence::Certain, say("evidence.vdi-server-2008", []))
        }
        Support::Yes(_) | Support::NotNeeded => return Vec::new(),
    };
    let has = |software: &crate::observation::Software| Arg::Word(crate::report::word("software", software));
    let named = installed
        .iter()
        .map(|software| say("evidence.vdi-installed", [("software", has(software))]));
    vec![
        Finding::new(&CAUSE, Severity::Advice, confidence, "")
            .because([evidence])
            .because(named),
    ]
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    vec![
        Fix::new("choose-supported-desktop", Owner::Vdi, found, 3, &[])
            .copy([say("fix.choose-supported-desktop.copy", [])])
            .with_evidence(found),
    ]
}
