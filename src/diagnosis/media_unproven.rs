//! `media-unproven`: TURN was reached, but nothing configured can carry media for this test.
//!
//! - **What we saw**: servers that answer 401 as expected, and no test call over a like port and transport.
//! - **Why calls suffer**: they need not. STUN comes back, so the door is open; whether speech passes was not tried.
//! - **How we know**: the configuration holds no credentials that could make a call, or only for another port or
//!   transport.
//! - **What fixes it**: one TURN server with credentials in the configuration, same port, same transport.
//! - **Who can**: the helpdesk, which keeps the configuration.

use super::{Cause, Confidence, Finding, Severity};
use crate::config::ActivityId;
use crate::few::Gather as _;
use crate::fix::{Fix, Owner};
use crate::scene::evidence;
use crate::scene::{Scene, no_credentials};
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "media-unproven",
    judge,
    silences: &[],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    if !scene.voice_wanted() {
        return Vec::new();
    }
    let unproven = if scene.config.turn.is_empty() {
        Some(vec![say("evidence.no-turn-configured", [])])
    } else {
        let lonely: Vec<_> = scene
            .turns
            .iter()
            .filter(|path| no_credentials(path.server) && path.works() && !scene.media_proven_like(path))
            .few();
        // With credentials at hand a call could have been made; if it was not, another cause says why.
        let no_call_possible = scene.config.turn.iter().all(no_credentials);
        let unlike = (no_call_possible || scene.media_proven()) && !lonely.is_empty();
        unlike.then(|| lonely.into_iter().flat_map(evidence::turn).few())
    };
    let conclude =
        |evidence: Vec<_>| Finding::new(&CAUSE, Severity::Info, Confidence::Certain, "").because(evidence);
    unproven.map(conclude).into_iter().few()
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    vec![Fix::new("configure-test-turn", Owner::Helpdesk, found, 2, &[]).with_evidence(found)]
}
