//! `application-error`: the application's server answers, but with an error of its own.
//!
//! - **What we saw**: an HTTP status that says no, from a server that lets us read it.
//! - **Why calls suffer**: what the agent does there fails, although the line is fine.
//! - **How we know**: the status. From 500 on it is the server's fault; below, a filter or the access list may speak.
//! - **What fixes it**: the provider repairs the application.
//! - **Who can**: the provider.

use super::dns_failed::severity;
use super::{Cause, Confidence, Finding};
use crate::fix::{Fix, Owner, ticket};
use crate::observation::Wrong;
use crate::scene::Scene;
use crate::scene::evidence;
use crate::scene::web::WebAnswer;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "application-error",
    judge,
    silences: &[],
    affects: |scene, finding| scene.activities_at(&finding.subject),
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (web, _) in scene.applications() {
        let WebAnswer::Wrong(Wrong::Status(code)) = web.answer else {
            continue;
        };
        if found.iter().any(|it| it.subject == web.host) {
            continue;
        }
        let confidence = if *code >= 500 {
            Confidence::Likely
        } else {
            Confidence::Possible
        };
        let finding = Finding::new(&CAUSE, severity(scene, &web.host), confidence, &web.host);
        found.push(finding.because([evidence::web(web)]));
    }
    found
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let hosts = [ticket::subjects(found)];
    let fix = Fix::new("repair-application", Owner::Vendor, found, 2, &hosts)
        .copy([say("fix.repair-application.copy", hosts)])
        .with_evidence(found)
        .retest(["https:".into()]);
    vec![fix]
}
