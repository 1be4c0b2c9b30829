//! `egress-not-known`: the applications see an address that the access list does not hold.
//!
//! - **What we saw**: the canary was asked from an address outside the configured networks.
//! - **Why calls suffer**: the cloud denies by default (guide fact G34), so the agent cannot sign in. TURN does not
//!   care (G35).
//! - **How we know**: the canary tells the address. If applications fail too, they are symptoms; if all answer, they
//!   may be open to the whole Internet (G36), and this is only worth knowing. Where TURN sees a known address at the
//!   same time, web traffic takes another way out than voice. An address that the Internet cannot route (G38) says
//!   nothing about what the applications see: the canary is asked over an inner way.
//! - **What fixes it**: the company's VPN or proxy on the way, or the new address on the access list.
//! - **Who can**: the helpdesk; the list itself is kept by the provider's customer care.

use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::config::Transport;
use crate::few::Gather as _;
use crate::fix::{Fix, Owner};
use crate::scene::Scene;
use crate::scene::egress::{Egress, Standing, standing};
use crate::scene::evidence;
use crate::scene::web::Web;
use crate::units::Address;
use crate::words::{Arg, say};

pub(super) const CAUSE: Cause = Cause {
    id: "egress-not-known",
    judge,
    silences: &[
        ("domain-blocked", Reach::Everywhere),
        ("host-unreachable", Reach::Everywhere),
        ("block-page", Reach::Everywhere),
        ("allow-list-incomplete", Reach::Everywhere),
    ],
    affects: |scene, finding| match finding.severity {
        Severity::Blocker => scene.failing_activities(),
        _ => Vec::new(),
    },
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let egress = Egress::of(scene);
    let Some(address) = egress.https else {
        return Vec::new();
    };
    let shown = |address: &Address| [("address", Arg::Address(address.clone()))];
    match standing(scene.config, address) {
        Some(Standing::Unknown) => {}
        Some(Standing::NotRoutable)
            if scene.config.transport == Transport::Internet && !scene.config.egress_known.is_empty() =>
        {
            let told = say("evidence.egress-not-routable", shown(address));
            return vec![Finding::new(&CAUSE, Severity::Info, Confidence::Possible, "").because([told])];
        }
        _ => return Vec::new(),
    }
    let refused: Vec<&Web> = scene
        .applications()
        .map(|(web, _)| web)
        .filter(|web| web.unreachable())
        .few();
    let required = scene
        .applications()
        .any(|(web, application)| application.required && web.unreachable());
    let severity = if required {
        Severity::Blocker
    } else {
        Severity::Advice
    };
    let confidence = if refused.is_empty() {
        Confidence::Possible
    } else {
        Confidence::Likely
    };
    let media_known = |it: &&Address| standing(scene.config, it) == Some(Standing::Known);
    let split = egress.media.filter(media_known);
    let split = split.map(|media| say("evidence.egress-media-known", shown(media)));
    let answered = scene
        .applications()
        .map(|(web, _)| web)
        .find(|web| web.answered());
    let finding = Finding::new(&CAUSE, severity, confidence, "")
        .because([say("evidence.egress-outside", shown(address))])
        .because(split)
        .because(refused.into_iter().map(evidence::web))
        .although(answered.map(evidence::web));
    vec![finding]
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    if found.iter().all(|it| it.severity == Severity::Info) {
        return Vec::new();
    }
    vec![
        Fix::new("use-known-egress", Owner::Helpdesk, found, 3, &[]).with_evidence(found),
        Fix::new("register-egress", Owner::Vendor, found, 2, &[])
            .copy([say("fix.register-egress.copy", [])])
            .with_evidence(found),
    ]
}
