//! `turn-blocked`: packets to TURN vanish.
//!
//! - **What we saw**: silence from TURN until the deadline, and the same from a `turns:` try on that host and port.
//! - **Why calls suffer**: voice goes through that server and nowhere else.
//! - **How we know**: a refusal would come at once, and inspection that lets TLS through would answer the `turns:` try.
//!   Where TURN speaks no TLS, inspection that swallows in silence looks just like dropping: then this is only
//!   possible, and the request asks for both, to let it through and to exempt it. In Firefox a proxy's refusal looks
//!   like this, too. On a line that the check's own questions fill, silence counts only when the call, alone, meets it.
//! - **What fixes it**: TCP 443 to the stable TURN addresses (guide facts G17, G30), without inspection (G31).
//! - **Who can**: the network team; for Firefox behind a proxy, whoever looks after that proxy. A phone's hotspot shows in a minute whether it is this network at all.

use super::{Cause, Confidence, Finding, Reach, turn_refused};
use crate::config::ActivityId;
use crate::few::Gather as _;
use crate::fix::{Fix, Owner, ticket};
use crate::scene::Scene;
use crate::scene::evidence;
use crate::scene::turn_path::Fault;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "turn-blocked",
    judge,
    silences: &[("media-unproven", Reach::Everywhere)],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let dropped = scene
        .turns
        .iter()
        .filter(|path| matches!(path.fault(scene), Some(Fault::Dropped(_))));
    dropped
        .map(|path| {
            // STUN passes on the same port elsewhere, so it is about this host, not about the protocol.
            let passes = scene.turns.iter().find(|other| {
                other.reached()
                    && other.url.host != path.url.host
                    && other.url.port == path.url.port
                    && other.url.transport == path.url.transport
            });
            let confidence = if passes.is_some() {
                Confidence::Likely
            } else {
                Confidence::Possible
            };
            let doubt = if path.companion_verdict().is_some() {
                "evidence.swallowing"
            } else {
                "evidence.no-companion"
            };
            Finding::new(&CAUSE, path.stake(scene), confidence, &path.url.text)
                .because(evidence::turn(path))
                .because(evidence::alive(scene, &path.url.host))
                .because(passes.into_iter().flat_map(evidence::turn))
                .although(passes.is_none().then(|| say(doubt, [])))
                .although(
                    scene
                        .proxy_refuses_silently(path)
                        .then(|| say("evidence.refusal-untold", [])),
                )
        })
        .few()
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let paths = ticket::paths(scene, found);
    let hosts = [ticket::hosts(&paths)];
    let open = Fix::new("let-turn-through", Owner::Network, found, 4, &hosts)
        .copy([say("fix.let-turn-through.copy", [])])
        .copy(ticket::firewall(&paths))
        .with_evidence(found)
        .retest(ticket::retest(&paths));
    if !paths.iter().any(|path| scene.proxy_refuses_silently(path)) {
        return vec![open];
    }
    let connect = turn_refused::allow_connect(&paths, found);
    if scene.proxy().is_some() {
        vec![connect, open]
    } else {
        vec![open, connect]
    }
}
