//! `webrtc-disabled`: the browser knows WebRTC, but something switched it off.
//!
//! - **What we saw**: a peer connection cannot be made, or its constructor is gone from a browser that has one.
//! - **Why calls suffer**: the phone in the browser is built on it.
//! - **How we know**: we tried to make one. On a page that is not secure, or in a browser too old, other causes
//!   explain it better.
//! - **What fixes it**: the policy or extension that removes it makes an exception.
//! - **Who can**: whoever manages the browsers.

use super::browser_unsupported::too_old;
use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::config::ActivityId;
use crate::fix::{Fix, Owner};
use crate::observation::Constructor;
use crate::scene::Scene;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "webrtc-disabled",
    judge,
    silences: &[
        ("browser-unsupported", Reach::Everywhere),
        ("media-unproven", Reach::Everywhere),
    ],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let Some(page) = scene.page.filter(|page| page.secure && scene.voice_wanted()) else {
        return Vec::new();
    };
    let modern = page.engine.is_some() && !too_old(page);
    let (confidence, key) = match page.webrtc {
        Constructor::Throws => (Confidence::Certain, "evidence.webrtc-throws"),
        Constructor::Missing if modern => (Confidence::Likely, "evidence.webrtc-removed"),
        Constructor::Missing | Constructor::Works => return Vec::new(),
    };
    let evidence = say(key, [("browser", crate::scene::evidence::text(&page.browser))]);
    vec![Finding::new(&CAUSE, Severity::Blocker, confidence, "").because([evidence])]
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    vec![Fix::new("allow-webrtc", Owner::Desktop, found, 3, &[]).with_evidence(found)]
}
