//! `turn-relay-denied`: both ends of the test call have a relay, but the server lets them not speak to each other.
//!
//! - **What we saw**: two relay candidates, no error, and no pair of them ever worked.
//! - **Why calls suffer**: they do not. A hardened TURN server refuses its own address as a peer; a real caller has
//!   another one. Voice stays untested.
//! - **How we know**: a network that hinders STUN would have hindered the allocations on the same connection. That it
//!   hinders only what follows is possible, but nobody has seen it.
//! - **What fixes it**: the server allows its own relay address as a peer for the test's user, or another TURN server
//!   that does is configured.
//! - **Who can**: whoever runs the TURN server.

use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::config::ActivityId;
use crate::fix::{Fix, Owner, ticket};
use crate::scene::evidence;
use crate::scene::{Scene, carried};
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "turn-relay-denied",
    judge,
    silences: &[("media-unproven", Reach::Everywhere)],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let mut found = Vec::new();
    for path in &scene.turns {
        let denied = scene.calls.iter().any(|(id, call)| {
            let silent =
                call.relays >= 2 && !call.ice_connected && !carried(call) && call.own_failure.is_none();
            path.names_call(id) && silent && call.errors.iter().all(|error| error.code == 701)
        });
        if denied {
            let severity = if scene.media_proven() {
                Severity::Info
            } else {
                Severity::Advice
            };
            let url = ("url", evidence::text(&path.url.text));
            let finding = Finding::new(&CAUSE, severity, Confidence::Likely, &path.url.text)
                .because([say("evidence.relays-without-pair", [url])])
                .although([say("evidence.checks-filtered", [])]);
            found.push(finding);
        }
    }
    found
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let paths = ticket::paths(scene, found);
    let hosts = [ticket::hosts(&paths)];
    let fix = Fix::new("allow-own-relay", Owner::Vendor, found, 2, &hosts)
        .copy([say("fix.allow-own-relay.copy", hosts)])
        .with_evidence(found)
        .retest(ticket::retest(&paths));
    vec![fix]
}
