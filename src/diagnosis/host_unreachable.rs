//! `host-unreachable`: one host refuses or drops the connection, others answer.
//!
//! - **What we saw**: every try at this host failed, at once or at the deadline.
//! - **Why calls suffer**: what the agent does there cannot be done.
//! - **How we know**: other servers answer over the same line, and the name resolves or nobody says otherwise. Without
//!   a server that answers we conclude nothing: it might be the line.
//! - **What fixes it**: TCP 443 to any destination (guide facts G16, G29); or the server itself is down.
//! - **Who can**: the network team.

use super::dns_failed::severity;
use super::{Cause, Confidence, Finding};
use crate::fix::{Fix, Owner, snippet, ticket};
use crate::scene::Scene;
use crate::scene::evidence;
use crate::scene::web::WebAnswer;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "host-unreachable",
    judge,
    silences: &[],
    affects: |scene, finding| scene.activities_at(&finding.subject),
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (web, _) in scene.applications() {
        let repeated = found.iter().any(|it| it.subject == web.host);
        if repeated || !web.unreachable() || !scene.web_alive_outside(&web.host) {
            continue;
        }
        // A refusal may also come from the server's own side, and so may silence: we cannot look behind the host.
        let confidence = match web.answer {
            WebAnswer::Silent(_) => Confidence::Likely,
            _ => Confidence::Possible,
        };
        let finding = Finding::new(&CAUSE, severity(scene, &web.host), confidence, &web.host)
            .because([evidence::web(web)])
            .because(evidence::alive(scene, &web.host))
            .because(evidence::name(scene, &web.host));
        found.push(finding);
    }
    found
}

/// What to do about a host that nobody reaches from here.
pub(super) fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let hosts = [ticket::subjects(found)];
    let owner = if scene.proxy().is_some() {
        Owner::Proxy
    } else {
        Owner::Network
    };
    let fix = Fix::new("open-https", owner, found, 3, &hosts)
        .copy([say("fix.open-https.copy", hosts)])
        .copy([snippet::squid_web(found, false), snippet::nftables_web()])
        .with_evidence(found)
        .retest(["https:".into()]);
    vec![fix]
}
