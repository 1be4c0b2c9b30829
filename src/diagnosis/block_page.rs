//! `block-page`: something else answers in an application's name.
//!
//! - **What we saw**: an answer came, but not the image or the canary that only the right server has.
//! - **Why calls suffer**: the agent sees a filter's page, a sign-in of the network, or nothing useful.
//! - **How we know**: by the content. A picture that was moved would look the same, so a host whose domain otherwise
//!   answers rightly is a weaker case.
//! - **What fixes it**: an exception in the web filter, or a right `check` in the configuration.
//! - **Who can**: whoever looks after the proxy.

use super::dns_failed::severity;
use super::{Cause, Confidence, Finding, Reach};
use crate::fix::{Fix, Owner, ticket};
use crate::observation::Wrong;
use crate::scene::Scene;
use crate::scene::evidence;
use crate::scene::web::{WebAnswer, covers, domain_of};
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "block-page",
    judge,
    silences: &[("host-unreachable", Reach::Subject)],
    affects: |scene, finding| scene.activities_at(&finding.subject),
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (web, application) in scene.applications() {
        let foreign = matches!(web.answer, WebAnswer::Wrong(wrong) if !matches!(wrong, Wrong::Status(_)));
        if !foreign || found.iter().any(|it| it.subject == web.host) {
            continue;
        }
        let sibling = scene.webs.iter().find(|it| {
            it.answered()
                && it.application.is_some_and(|app| app.id != application.id)
                && covers(domain_of(&web.host), &it.host)
        });
        let confidence = if sibling.is_some() {
            Confidence::Possible
        } else {
            Confidence::Likely
        };
        let finding = Finding::new(&CAUSE, severity(scene, &web.host), confidence, &web.host)
            .because([evidence::web(web)])
            .although(sibling.map(evidence::web));
        found.push(finding);
    }
    found
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let hosts = [ticket::subjects(found)];
    let fix = Fix::new("unblock-application", Owner::Proxy, found, 3, &hosts)
        .copy([say("fix.unblock-application.copy", hosts)])
        .with_evidence(found)
        .retest(["https:".into()]);
    vec![fix]
}
