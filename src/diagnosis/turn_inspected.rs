//! `turn-inspected`: the door to TURN is open, but something on the way does not let STUN through.
//!
//! - **What we saw**: the `turn:` try was reset or swallowed, while a `turns:` try on the same host and port was
//!   answered, or ended as it does at an open port.
//! - **Why calls suffer**: voice uses port 443 without HTTPS or TLS (guide fact G17); whatever insists on those kills it.
//! - **How we know**: one port, two protocols, two fates. An answer to the `turns:` try leaves no doubt; a different
//!   way of failing is strong, since refused ports fail alike and dropped packets are silent alike.
//! - **What fixes it**: inspection switched off for the TURN addresses (G31), or, at a proxy, a tunnel that is not opened
//!   (G23).
//! - **Who can**: the network team, or whoever looks after the proxy.

use super::turn_refused::allow_connect;
use super::{Cause, Confidence, Finding, Reach};
use crate::config::ActivityId;
use crate::fix::{Fix, Owner, snippet, ticket};
use crate::observation::PacRoute;
use crate::scene::egress::{Standing, standing};
use crate::scene::evidence;
use crate::scene::turn_path::{Fault, TurnPath};
use crate::scene::{ProxyHint, Scene};
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "turn-inspected",
    judge,
    silences: &[("media-unproven", Reach::Everywhere)],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let mut found = Vec::new();
    for path in &scene.turns {
        let Some(Fault::Inspected(_, tls_answered)) = path.fault(scene) else {
            continue;
        };
        let confidence = if tls_answered {
            Confidence::Certain
        } else {
            Confidence::Likely
        };
        let finding = Finding::new(&CAUSE, path.stake(scene), confidence, &path.url.text)
            .because(evidence::turn(path))
            .because(evidence::alive(scene, &path.url.host))
            .because(evidence::proxy(scene));
        found.push(finding);
    }
    found
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let paths = ticket::paths(scene, found);
    let hosts = [ticket::hosts(&paths)];
    let exempt = Fix::new("exempt-turn-from-inspection", Owner::Network, found, 3, &hosts)
        .copy([say("fix.exempt-turn-from-inspection.copy", [])])
        .copy(ticket::firewall(&paths))
        .with_evidence(found)
        .retest(ticket::retest(&paths));
    match scene.proxy() {
        None => vec![exempt],
        // A header inside of HTTPS was written by who opens it: the proxy itself is what inspects.
        Some(ProxyHint::Headers) if !goes_past(scene, &paths) => vec![allow_connect(&paths, found), exempt],
        Some(ProxyHint::Headers) => vec![exempt, allow_connect(&paths, found)],
        Some(ProxyHint::Names) => {
            let direct = Fix::new("send-turn-direct", Owner::Proxy, found, 2, &hosts)
                .copy([snippet::pac_voice(&paths)])
                .with_evidence(found)
                .retest(ticket::retest(&paths));
            vec![exempt, direct]
        }
    }
}

/// Whether something says that it was not on voice's way: a canary that stands behind something of its own, which writes
/// such headers as well, or a PAC file that sends voice past the proxy.
fn goes_past(scene: &Scene, paths: &[&TurnPath]) -> bool {
    let address = scene.canary().and_then(|canary| canary.address.as_ref());
    let inner = address.and_then(|it| standing(scene.config, it)) == Some(Standing::NotRoutable);
    let routes = scene.pac.map_or(&[][..], |pac| &pac.routes);
    let direct = |route: &PacRoute| {
        let of_voice = paths.iter().any(|path| path.url.text == route.subject);
        let first = route.route.as_deref().and_then(|it| it.split(';').next());
        of_voice && first.is_some_and(|it| it.trim().eq_ignore_ascii_case("DIRECT"))
    };
    inner || routes.iter().any(direct)
}
