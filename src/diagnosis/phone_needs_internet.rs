//! `phone-needs-internet`: a WebRTC phone on a plan that has a private network only.
//!
//! - **What we saw**: configuration or link say that the applications are reached over a private network only, and that
//!   the agent's phone is a WebRTC phone.
//! - **Why calls suffer**: the voice of WebRTC phones travels over the Internet only (guide facts G2, G8, G17).
//! - **How we know**: from the plan, so before the run already. If a call of ours carried media, the line has a way to
//!   the Internet after all, and it is only the plan that is wrong: worth knowing, no more.
//! - **What fixes it**: a way to TURN over the Internet beside the private network, another kind of phone, or the right
//!   plan in the configuration.
//! - **Who can**: the network team opens the way; another kind of phone has to be provisioned by the provider (G6).

use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::catalogue::{Way, phone};
use crate::config::{ActivityId, Transport};
use crate::few::Gather as _;
use crate::fix::{Fix, Owner, ticket};
use crate::scene::Scene;
use crate::scene::evidence;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "phone-needs-internet",
    judge,
    silences: &[
        ("turn-dns-failed", Reach::Everywhere),
        ("turn-inspected", Reach::Everywhere),
        ("turn-refused", Reach::Everywhere),
        ("turn-blocked", Reach::Everywhere),
        ("media-blocked", Reach::Everywhere),
        ("media-unproven", Reach::Everywhere),
    ],
    affects: |_, finding| match finding.severity {
        Severity::Blocker => vec![ActivityId::Voice],
        _ => Vec::new(),
    },
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let config = scene.config;
    if phone(config.phone).way != Way::Internet || config.transport != Transport::Private {
        return Vec::new();
    }
    let reached = scene.turns.iter().find(|path| path.reached());
    let (severity, confidence) = match reached {
        _ if scene.media_proven() => (Severity::Info, Confidence::Certain),
        Some(_) => (Severity::Blocker, Confidence::Possible),
        None => (Severity::Blocker, Confidence::Certain),
    };
    vec![
        Finding::new(&CAUSE, severity, confidence, "")
            .because([
                say("evidence.plan-private", []),
                say("evidence.phone-internet", []),
            ])
            .although(reached.into_iter().flat_map(evidence::turn))
            .although(evidence::media_flowed(scene)),
    ]
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let correct = ticket::correct_plan(found);
    if found.iter().all(|finding| finding.severity == Severity::Info) {
        return vec![correct];
    }
    let paths: Vec<_> = scene.turns.iter().few();
    let open = Fix::new("open-internet-for-voice", Owner::Network, found, 3, &[])
        .copy([say("fix.open-internet-for-voice.copy", [])])
        .copy(ticket::firewall(&paths));
    vec![open, ticket::another_phone(found), correct]
}
