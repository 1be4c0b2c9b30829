//! `split-tunnel-bypass`: with split tunnelling, the applications are asked past the tunnel from an unknown address.
//!
//! - **What we saw**: the agent says that the VPN is on and leads only some traffic through the tunnel; no proxy shows;
//!   the applications see an address that is not on the access list, or see nothing and do not answer.
//! - **Why calls suffer**: over the Internet the cloud admits the company's known addresses only, never home addresses
//!   (guide fact G34), so the agent cannot sign in.
//! - **How we know**: the agent's answers, with what the canary or the applications' silence say. An application that
//!   answers speaks against it.
//! - **What fixes it**: the corporate proxies inside the tunnel, and a PAC file on the workstation that points the
//!   applications at them (G26). TURN may stay outside.
//! - **Who can**: the VPN team.

use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::config::Transport;
use crate::few::Gather as _;
use crate::fix::{Fix, Owner, ticket};
use crate::scene::Scene;
use crate::scene::evidence;
use crate::scene::evidence::text;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "split-tunnel-bypass",
    judge,
    silences: &[
        ("egress-not-known", Reach::Everywhere),
        ("dns-failed", Reach::Everywhere),
        ("domain-blocked", Reach::Everywhere),
        ("host-unreachable", Reach::Everywhere),
        ("block-page", Reach::Everywhere),
    ],
    affects: |scene, finding| match finding.severity {
        Severity::Blocker => scene.failing_activities(),
        _ => Vec::new(),
    },
    fixes,
};

fn judge(scene: &Scene, before: &[Finding]) -> Vec<Finding> {
    let plan = scene.config.transport == Transport::Internet && scene.split_tunnel();
    if !plan || scene.proxy().is_some() {
        return Vec::new();
    }
    // The canary's word is the better one; without it, applications that are silent while the line works.
    let outside = before.iter().find(|finding| finding.id == "egress-not-known");
    let seen = scene.canary().is_some_and(|canary| canary.address.is_some());
    let lost: Vec<_> = scene
        .applications()
        .filter(|(web, known)| known.required && web.unreachable())
        .few();
    let some_answer = scene.applications().any(|(web, _)| web.answered());
    let (severity, confidence) = match outside {
        Some(finding) => (finding.severity, Confidence::Likely),
        None if !seen && !some_answer && !lost.is_empty() && scene.alive() => {
            (Severity::Blocker, Confidence::Possible)
        }
        None => return Vec::new(),
    };
    vec![
        Finding::new(&CAUSE, severity, confidence, "")
            .because([say("evidence.told-split", [])])
            .because(
                outside
                    .into_iter()
                    .flat_map(|finding| finding.evidence.iter().cloned()),
            )
            .because(
                lost.into_iter()
                    .filter(|_| outside.is_none())
                    .map(|(web, _)| evidence::web(web)),
            ),
    ]
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let hosts = ticket::listed(scene.config.applications.iter().map(|it| it.url.host.as_str()));
    vec![
        Fix::new("tunnel-the-proxies", Owner::Vpn, found, 3, &[])
            .copy([say("fix.tunnel-the-proxies.copy", [("hosts", text(hosts))])])
            .with_evidence(found),
    ]
}
