//! `ipv4-missing`: this line carries IPv6 only.
//!
//! - **What we saw**: the test's own server was reached from an IPv6 address; not one application or voice server was.
//! - **Why calls suffer**: the cloud speaks IPv4 only (guide fact G3).
//! - **How we know**: over IPv4-only names everything fails at once, for want of a route; whoever drops packets would keep
//!   us waiting. One application or voice server that answers refutes it: most lines with IPv6 have IPv4 beside it, or
//!   translate (NAT64).
//! - **What fixes it**: IPv4, or NAT64 with DNS64, from whoever runs the line.
//! - **Who can**: the network team, or the agent's provider.

use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::few::Gather as _;
use crate::fix::{Fix, Owner};
use crate::scene::Scene;
use crate::scene::egress::{Egress, Standing, standing};
use crate::scene::evidence;
use crate::scene::web::{Web, WebAnswer};
use crate::words::{Arg, say};

pub(super) const CAUSE: Cause = Cause {
    id: "ipv4-missing",
    judge,
    silences: &[
        ("dns-failed", Reach::Everywhere),
        ("domain-blocked", Reach::Everywhere),
        ("host-unreachable", Reach::Everywhere),
        ("turn-dns-failed", Reach::Everywhere),
        ("turn-inspected", Reach::Everywhere),
        ("turn-refused", Reach::Everywhere),
        ("turn-blocked", Reach::Everywhere),
    ],
    affects: |scene, _| scene.everything(),
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let Some(address) = Egress::of(scene).https else {
        return Vec::new();
    };
    let failed: Vec<&Web> = scene.applications().map(|(web, _)| web).few();
    let at_once = |web: &&Web| matches!(web.answer, WebAnswer::Failed(_));
    let voice_reached = scene
        .turns
        .iter()
        .any(|path| path.reached() || path.companion_reached());
    if standing(scene.config, address) != Some(Standing::NotIpv4)
        || failed.is_empty()
        || !failed.iter().all(at_once)
        || voice_reached
    {
        return Vec::new();
    }
    let told = say(
        "evidence.egress-ipv6",
        [("address", Arg::Address(address.clone()))],
    );
    let finding = Finding::new(&CAUSE, Severity::Blocker, Confidence::Likely, "")
        .because([told])
        .because(failed.into_iter().map(evidence::web))
        .because(scene.turns.iter().flat_map(evidence::turn));
    vec![finding]
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let fix = Fix::new("provide-ipv4", Owner::Network, found, 3, &[])
        .copy([say("fix.provide-ipv4.copy", [])])
        .with_evidence(found);
    vec![fix]
}
