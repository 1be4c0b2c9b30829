//! `turn-refused`: the connection to TURN is refused at once.
//!
//! - **What we saw**: the browser gave up on TURN within about two round trips, with and without TLS.
//! - **Why calls suffer**: voice goes through that server and nowhere else.
//! - **How we know**: dropping would be silent, inspection would treat the `turns:` try on the same port differently.
//!   A firewall that rejects, a closed port and a proxy that denies CONNECT look alike; signs of a proxy decide.
//! - **What fixes it**: TCP 443 to the TURN host (guide facts G17, G30), allowed by the proxy (G22, G23) or sent past
//!   it (G24).
//! - **Who can**: the proxy's people where there is one, else the network team.

use super::{Cause, Confidence, Finding, Reach};
use crate::config::ActivityId;
use crate::few::Gather as _;
use crate::fix::{Fix, Owner, snippet, ticket};
use crate::observation::NameVerdict;
use crate::scene::Scene;
use crate::scene::evidence;
use crate::scene::turn_path::{Fault, TurnPath};
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "turn-refused",
    judge,
    silences: &[("media-unproven", Reach::Everywhere)],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let refused = scene
        .turns
        .iter()
        .filter(|path| matches!(path.fault(scene), Some(Fault::Refused(_))));
    refused
        .map(|path| {
            // Behind a proxy the name may be unknown to it just as well; without a companion, inspection fits too.
            let unknown = scene.name(&path.url.host) == Some(NameVerdict::NotFound);
            let alone = path.companion_verdict().is_none();
            let confidence = if unknown || alone {
                Confidence::Possible
            } else {
                Confidence::Likely
            };
            Finding::new(&CAUSE, path.stake(scene), confidence, &path.url.text)
                .because(evidence::turn(path))
                .because(evidence::alive(scene, &path.url.host))
                .because(evidence::proxy(scene))
                .although(unknown.then(|| evidence::name(scene, &path.url.host)).flatten())
                .although(alone.then(|| say("evidence.no-companion", [])))
        })
        .few()
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let paths = ticket::paths(scene, found);
    let hosts = [ticket::hosts(&paths)];
    let open = Fix::new("open-turn-port", Owner::Network, found, 3, &hosts)
        .copy([say("fix.open-turn-port.copy", [])])
        .copy(ticket::firewall(&paths))
        .with_evidence(found)
        .retest(ticket::retest(&paths));
    let connect = allow_connect(&paths, found);
    if scene.proxy().is_some() {
        vec![connect, open]
    } else {
        vec![open, connect]
    }
}

/// What a proxy that stands between this computer and TURN has to allow.
pub(super) fn allow_connect(paths: &[&TurnPath], found: &[&Finding]) -> Fix {
    Fix::new(
        "allow-turn-connect",
        Owner::Proxy,
        found,
        3,
        &[ticket::hosts(paths)],
    )
    .copy([say("fix.allow-turn-connect.copy", [])])
    .copy([snippet::squid_voice(paths), snippet::pac_voice(paths)])
    .with_evidence(found)
    .retest(ticket::retest(paths))
}
