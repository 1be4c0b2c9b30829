//! `vdi-path-unproven`: this page runs on a virtual desktop, so what it measured is that desktop's line.
//!
//! - **What we saw**: the objects that programs of virtual desktops put into a page, a graphics device that only virtual
//!   machines have, or the agent's word.
//! - **Why calls suffer**: they need not. But a phone that hands its sound over to the device in front of the agent takes
//!   that device's line, which nobody has measured here.
//! - **How we know**: such an object is certain, a device's name only likely; the agent's word goes before a device.
//! - **What fixes it**: this check on the device in front of the agent as well.
//! - **Who can**: whoever looks after virtual desktops says which way the sound takes.

use super::{Cause, Confidence, Finding, Severity};
use crate::fix::{Fix, Owner};
use crate::observation::Desktop;
use crate::privacy::Foreign;
use crate::scene::Scene;
use crate::words::{Arg, Sentence, say};

pub(super) const CAUSE: Cause = Cause {
    id: "vdi-path-unproven",
    judge,
    silences: &[],
    affects: |_, _| Vec::new(),
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let Some((_, confidence, why)) = scene.desktop() else {
        return Vec::new();
    };
    let own = scene.voice_wanted().then(|| say("evidence.vdi-voice", []));
    let says = [why, say("evidence.vdi-line", [])].into_iter().chain(own);
    vec![Finding::new(&CAUSE, Severity::Info, confidence, "").because(says)]
}

impl Scene<'_> {
    /// On whose virtual desktop the page runs, how sure that is, and why; `None` when nothing speaks for one.
    pub fn desktop(&self) -> Option<(Desktop, Confidence, Sentence)> {
        use crate::environment::desktop_of;
        use crate::observation::VdiPlatform::{
            CitrixElux, CitrixWindows, Horizon2008, Horizon2012, None as Real, Other,
        };
        let told = || say("evidence.vdi-told", []);
        if let Some(by) = self.page.and_then(|page| page.redirected_by) {
            return Some((by, Confidence::Certain, say("evidence.vdi-redirection", [])));
        }
        let desktop = match self.answers.vdi {
            Some(Real) => return None,
            Some(CitrixWindows | CitrixElux) => Desktop::Citrix,
            Some(Horizon2012 | Horizon2008) => Desktop::Horizon,
            Some(Other) => Desktop::Other,
            None => {
                let renderer = self.page?.renderer.as_deref()?;
                let why = say(
                    "evidence.vdi-renderer",
                    [("name", Arg::Foreign(Foreign::device(renderer)))],
                );
                return Some((desktop_of(renderer)?, Confidence::Possible, why));
            }
        };
        Some((desktop, Confidence::Certain, told()))
    }
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    vec![
        Fix::new("test-at-the-endpoint", Owner::Vdi, found, 3, &[])
            .copy([say("fix.test-at-the-endpoint.copy", [])])
            .with_evidence(found),
    ]
}
