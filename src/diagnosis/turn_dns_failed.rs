//! `turn-dns-failed`: the name of the TURN server is not known here.
//!
//! - **What we saw**: the look-up of the TURN host found no address.
//! - **Why calls suffer**: voice goes through that server and nowhere else.
//! - **How we know**: the browser reports a failed look-up for every address family, while other names resolve. A
//!   resolver that knows nothing at all behind a proxy is no evidence. Where no other name was looked up, a proxy
//!   that says no fits as well.
//! - **What fixes it**: public DNS for the TURN name, which may lie under another domain than the applications
//!   (guide fact G13).
//! - **Who can**: the network team.

use super::{Cause, Confidence, Finding, Reach};
use crate::config::ActivityId;
use crate::few::Gather as _;
use crate::fix::{Fix, Owner, ticket};
use crate::scene::Scene;
use crate::scene::evidence;
use crate::scene::turn_path::Fault;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "turn-dns-failed",
    judge,
    silences: &[("media-unproven", Reach::Everywhere)],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let lost = scene
        .turns
        .iter()
        .filter(|path| path.fault(scene) == Some(Fault::NameNotFound));
    lost.map(|path| {
        let sure = scene.resolver_works();
        let confidence = if sure {
            Confidence::Certain
        } else {
            Confidence::Possible
        };
        Finding::new(&CAUSE, path.stake(scene), confidence, &path.url.text)
            .because(evidence::name(scene, &path.url.host))
            .because(evidence::turn(path))
            .because(evidence::alive(scene, &path.url.host))
            .although((!sure).then(|| say("evidence.names-elsewhere", [])))
    })
    .few()
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let paths = ticket::paths(scene, found);
    let hosts = [ticket::hosts(&paths)];
    let names = paths.iter().map(|path| format!("name:{}", path.url.host));
    let fix = Fix::new("resolve-turn-name", Owner::Network, found, 3, &hosts)
        .copy([say("fix.resolve-turn-name.copy", hosts)])
        .with_evidence(found)
        .retest(names.chain(ticket::retest(&paths)));
    // Unsure whether this computer's resolver matters: then a proxy that refuses fits as well.
    let unsure = found
        .iter()
        .all(|finding| finding.confidence == Confidence::Possible);
    let connect = unsure.then(|| super::turn_refused::allow_connect(&paths, found));
    [fix].into_iter().chain(connect).few()
}
