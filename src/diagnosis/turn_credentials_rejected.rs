//! `turn-credentials-rejected`: TURN answers, but does not accept this test's user name and password.
//!
//! - **What we saw**: a STUN error such as 401 instead of a relay.
//! - **Why calls suffer**: they need not. The phone gets credentials of its own; but this test cannot go on, so voice
//!   stays untested. The answer itself shows that the way to TURN is open.
//! - **How we know**: the code. Where the configuration expects 401 it is the success. A wrong clock explains it
//!   better when credentials are limited in time.
//! - **What fixes it**: fresh credentials in the configuration or from the credential service.
//! - **Who can**: whoever runs the TURN server.

use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::config::ActivityId;
use crate::fix::{Fix, Owner, ticket};
use crate::scene::Scene;
use crate::scene::evidence;
use crate::scene::turn_path::Fault;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "turn-credentials-rejected",
    judge,
    silences: &[("media-unproven", Reach::Everywhere)],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let mut found = Vec::new();
    for path in &scene.turns {
        let Some(Fault::Rejected(code)) = path.fault(scene) else {
            continue;
        };
        let confidence = if code == 401 {
            Confidence::Certain
        } else {
            Confidence::Possible
        };
        let finding = Finding::new(&CAUSE, Severity::Advice, confidence, &path.url.text);
        found.push(finding.because(evidence::turn(path)));
    }
    found
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let paths = ticket::paths(scene, found);
    let hosts = [ticket::hosts(&paths)];
    let fix = Fix::new("renew-turn-credentials", Owner::Vendor, found, 2, &hosts)
        .copy([say("fix.renew-turn-credentials.copy", hosts)])
        .with_evidence(found)
        .retest(ticket::retest(&paths));
    vec![fix]
}
