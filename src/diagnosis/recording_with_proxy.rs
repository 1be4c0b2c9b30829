//! `recording-with-proxy`: the screen is to be recorded, and the way out is a proxy.
//!
//! - **What we saw**: a proxy stands between this browser and the Internet, and the configuration wants the screen
//!   recorded.
//! - **Why calls suffer**: calls do not. The recorder cannot use a proxy at all (guide fact G21): where there is no direct
//!   way out beside the proxy, recordings are missing.
//! - **How we know**: the proxy shows in the canary's headers, or in names that only it knows. Whether there is a direct
//!   way as well cannot be seen from a page, so this is only worth knowing.
//! - **What fixes it**: TCP 443 straight out for the recorder, where that is not so yet.
//! - **Who can**: the network team; the details say so, since nothing is known to be wrong.

use super::{Cause, Confidence, Finding, Severity};
use crate::few::Gather as _;
use crate::scene::Scene;
use crate::scene::evidence;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "recording-with-proxy",
    judge,
    silences: &[],
    affects: |_, _| Vec::new(),
    fixes: |_, _| Vec::new(),
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let proxy = scene.config.load.screen_recording.then(|| evidence::proxy(scene));
    let told = |proxy| {
        Finding::new(&CAUSE, Severity::Info, Confidence::Possible, "")
            .because([proxy, say("evidence.recorder-no-proxy", [])])
    };
    proxy.flatten().map(told).into_iter().few()
}
