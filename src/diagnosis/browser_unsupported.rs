//! `browser-unsupported`: this browser cannot do what the phone needs.
//!
//! - **What we saw**: no WebRTC at all, no Opus, or an engine older than the least we name.
//! - **Why calls suffer**: the phone in the browser speaks Opus over WebRTC.
//! - **How we know**: by asking for the features, not for the name. An old engine whose test call carried media is
//!   only worth an advice.
//! - **What fixes it**: a current Chrome, Edge or Firefox.
//! - **Who can**: whoever looks after the workstation.

use super::thresholds::{CHROMIUM_LEAST, GECKO_LEAST, WEBKIT_LEAST};
use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::config::ActivityId;
use crate::fix::{Fix, Owner};
use crate::observation::{Constructor, Engine, PageSeen};
use crate::scene::Scene;
use crate::scene::evidence;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "browser-unsupported",
    judge,
    silences: &[
        ("media-unproven", Reach::Everywhere),
        ("media-blocked", Reach::Everywhere),
    ],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let Some(page) = scene.page.filter(|page| page.secure && scene.voice_wanted()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut conclude = |severity, confidence, key| {
        let evidence = say(key, [("browser", evidence::text(&page.browser))]);
        found.push(Finding::new(&CAUSE, severity, confidence, "").because([evidence]));
    };
    if page.webrtc == Constructor::Missing {
        conclude(Severity::Blocker, Confidence::Likely, "evidence.no-webrtc");
    } else if page.opus == Some(false) {
        conclude(Severity::Blocker, Confidence::Certain, "evidence.no-opus");
    } else if too_old(page) && scene.media_proven() {
        conclude(Severity::Advice, Confidence::Likely, "evidence.browser-old");
    } else if too_old(page) {
        conclude(Severity::Degraded, Confidence::Likely, "evidence.browser-old");
    }
    found
}

/// Whether the engine is known and older than the least.
pub(super) fn too_old(page: &PageSeen) -> bool {
    match page.engine {
        Some(Engine::Chromium(version)) => version < CHROMIUM_LEAST,
        Some(Engine::Gecko(version)) => version < GECKO_LEAST,
        Some(Engine::Webkit(version)) => version < WEBKIT_LEAST,
        None => false,
    }
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    vec![Fix::new("update-browser", Owner::Desktop, found, 2, &[]).with_evidence(found)]
}
