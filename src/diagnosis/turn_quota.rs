//! `turn-quota`: the TURN server has no room for this test.
//!
//! - **What we saw**: code 486 (allocation quota reached) or 508 (insufficient capacity), RFC 8656.
//! - **Why calls suffer**: they may find no room either; but this test takes four allocations where a call takes one,
//!   so nothing is proven.
//! - **How we know**: the code, from the reach test or while the test call was set up. Media that flowed over another
//!   server makes it a matter of that server alone.
//! - **What fixes it**: a higher quota per user, or waiting until other tests are over.
//! - **Who can**: whoever runs the TURN server.

use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::config::ActivityId;
use crate::fix::{Fix, Owner, ticket};
use crate::scene::evidence;
use crate::scene::turn_path::Fault;
use crate::scene::{Scene, carried};
use crate::words::{Arg, say};

pub(super) const CAUSE: Cause = Cause {
    id: "turn-quota",
    judge,
    silences: &[("media-unproven", Reach::Everywhere)],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let mut found = Vec::new();
    for path in &scene.turns {
        let call = scene
            .calls
            .iter()
            .find(|(id, call)| path.names_call(id) && !carried(call));
        let errors = call.into_iter().flat_map(|(_, call)| &call.errors);
        let in_call = errors
            .map(|error| error.code)
            .find(|code| matches!(code, 486 | 508));
        let evidence = match (path.fault(scene), in_call) {
            (Some(Fault::Quota(_)), _) => evidence::turn(path),
            (_, Some(code)) => {
                let code = ("code", Arg::Number(f64::from(code)));
                vec![say(
                    "evidence.call-quota",
                    [("url", evidence::text(&path.url.text)), code],
                )]
            }
            _ => continue,
        };
        let finding = Finding::new(&CAUSE, Severity::Advice, Confidence::Certain, &path.url.text);
        found.push(finding.because(evidence));
    }
    found
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let paths = ticket::paths(scene, found);
    let hosts = [ticket::hosts(&paths)];
    let fix = Fix::new("raise-turn-quota", Owner::Vendor, found, 2, &hosts)
        .copy([say("fix.raise-turn-quota.copy", hosts)])
        .with_evidence(found)
        .retest(ticket::retest(&paths));
    vec![fix]
}
