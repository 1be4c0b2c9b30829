//! `phone-needs-private-network`: a SIP phone on a plan that has the Internet only.
//!
//! - **What we saw**: configuration or link say that everything is reached over the Internet, and that the agent's phone
//!   registers by SIP.
//! - **Why calls suffer**: SIP and its voice are taken over a private network only (guide facts G2, G5); the provider's
//!   private interfaces are never published to the Internet (G32).
//! - **How we know**: from the plan, so before the run already. A VPN may lead into a private network (G44, G45): when
//!   the agent says that one is on, this page cannot tell, and it is only worth knowing.
//! - **What fixes it**: the way into the private network, over VPN for example; another kind of phone; or the right
//!   plan in the configuration.
//! - **Who can**: the VPN team; another kind of phone has to be provisioned by the provider (G6).

use super::{Cause, Confidence, Finding, Severity};
use crate::config::ActivityId;
use crate::fix::{Fix, Owner, ticket};
use crate::scene::Scene;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "phone-needs-private-network",
    judge,
    silences: &[],
    affects: |_, finding| match finding.severity {
        Severity::Blocker => vec![ActivityId::Voice],
        _ => Vec::new(),
    },
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    if !scene.phone_lacks_private_network() {
        return Vec::new();
    }
    let vpn = scene.answers.vpn;
    let (severity, confidence) = match vpn {
        Some(true) => (Severity::Info, Confidence::Possible),
        Some(false) => (Severity::Blocker, Confidence::Certain),
        None => (Severity::Blocker, Confidence::Likely),
    };
    vec![
        Finding::new(&CAUSE, severity, confidence, "")
            .because([
                say("evidence.plan-internet", []),
                say("evidence.phone-private", []),
            ])
            .because((vpn == Some(false)).then(|| say("evidence.told-vpn-off", [])))
            .although((vpn == Some(true)).then(|| say("evidence.told-vpn-on", []))),
    ]
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let correct = ticket::correct_plan(found);
    if found.iter().all(|finding| finding.severity == Severity::Info) {
        return vec![correct];
    }
    let vpn = Fix::new("reach-private-network", Owner::Vpn, found, 3, &[])
        .copy([say("fix.reach-private-network.copy", [])]);
    vec![vpn, ticket::another_phone(found), correct]
}
