//! `domain-blocked`: every host of one domain fails, all else answers.
//!
//! - **What we saw**: two hosts or more under one domain, and not one of them answered.
//! - **Why calls suffer**: sign-in and the agent's desktop live there.
//! - **How we know**: other servers answer over the same line at the same time, so it is about the domain. One answer
//!   from within refutes it.
//! - **What fixes it**: the domain on the proxy's allow list (guide fact G22).
//! - **Who can**: whoever looks after the proxy.

use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::few::Gather as _;
use crate::fix::{Fix, Owner, snippet, ticket};
use crate::scene::Scene;
use crate::scene::evidence;
use crate::scene::web::{Web, covers, domain_of};
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "domain-blocked",
    judge,
    silences: &[
        ("host-unreachable", Reach::Subject),
        ("test-service-down", Reach::Subject),
    ],
    affects: |scene, finding| scene.activities_at(&finding.subject),
    fixes,
};

fn judge(scene: &Scene, before: &[Finding]) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (web, _) in scene.applications() {
        let domain = domain_of(&web.host);
        if found.iter().any(|it| it.subject == domain) {
            continue;
        }
        let inside: Vec<&Web> = scene.webs.iter().filter(|it| covers(domain, &it.host)).few();
        let all_fail = inside
            .iter()
            .all(|it| it.unreachable() && !scene.name_missing(&it.host));
        let several = inside.iter().any(|it| it.host != web.host);
        // Further hosts of applications that answer are a list's gaps, under whichever domain they are.
        let listed = |it: &&Web| {
            before
                .iter()
                .any(|found| found.id == "allow-list-incomplete" && found.subject == it.host)
        };
        if !all_fail || !several || inside.iter().all(listed) || !scene.web_alive_outside(domain) {
            continue;
        }
        let required = scene
            .applications()
            .any(|(it, app)| app.required && covers(domain, &it.host));
        let severity = if required {
            Severity::Blocker
        } else {
            Severity::Advice
        };
        let finding = Finding::new(&CAUSE, severity, Confidence::Likely, domain)
            .because(inside.into_iter().map(evidence::web))
            .because(evidence::alive(scene, domain));
        found.push(finding);
    }
    found
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let hosts = [ticket::subjects(found)];
    let fix = Fix::new("allow-domain", Owner::Proxy, found, 3, &hosts)
        .copy([say("fix.allow-domain.copy", hosts)])
        .copy([snippet::squid_web(found, true), snippet::nftables_web()])
        .with_evidence(found)
        .retest(["https:".into()]);
    vec![fix]
}
