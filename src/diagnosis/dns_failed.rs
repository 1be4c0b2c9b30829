//! `dns-failed`: the name of an application is not known here.
//!
//! - **What we saw**: the local resolver found no address, and the request failed at once.
//! - **Why calls suffer**: without an address there is no connection.
//! - **How we know**: the browser reports a failed look-up for every address family while other names resolve. Behind
//!   a proxy that looks names up itself the local resolver has no say, and this stays silent.
//! - **What fixes it**: public DNS for these names (guide fact G13), or a forwarder that asks it.
//! - **Who can**: the network team.

use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::fix::{Fix, Owner, ticket};
use crate::scene::Scene;
use crate::scene::evidence;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "dns-failed",
    judge,
    silences: &[
        ("host-unreachable", Reach::Subject),
        ("domain-blocked", Reach::Subject),
    ],
    affects: |scene, finding| scene.activities_at(&finding.subject),
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (web, _) in scene.applications() {
        let repeated = found.iter().any(|it| it.subject == web.host);
        if repeated || !web.unreachable() || !scene.name_missing(&web.host) {
            continue;
        }
        let sure = scene.resolver_works();
        let confidence = if sure {
            Confidence::Certain
        } else {
            Confidence::Possible
        };
        let finding = Finding::new(&CAUSE, severity(scene, &web.host), confidence, &web.host)
            .because(evidence::name(scene, &web.host))
            .because([evidence::web(web)])
            .because(evidence::alive(scene, &web.host))
            .although((!sure).then(|| say("evidence.names-elsewhere", [])));
        found.push(finding);
    }
    found
}

/// How bad it is when nothing on `host` can be used.
pub(super) fn severity(scene: &Scene, host: &str) -> Severity {
    let required = scene
        .applications()
        .any(|(web, application)| application.required && web.host == host);
    if required {
        Severity::Blocker
    } else {
        Severity::Advice
    }
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let hosts = [ticket::subjects(found)];
    let fix = Fix::new("resolve-names", Owner::Network, found, 3, &hosts)
        .copy([say("fix.resolve-names.copy", hosts)])
        .with_evidence(found)
        .retest(["name:".into(), "https:".into()]);
    vec![fix]
}
