//! `allow-list-incomplete`: further hosts that the applications call are not let through.
//!
//! - **What we saw**: a host for sign-in, telemetry, recording crypto or playback failed, and a main application answered.
//! - **Why calls suffer**: the application opens, and then cannot do what it needs that host for (guide fact G14).
//! - **How we know**: by the pattern over hosts. Two or more such hosts speak for a list that somebody wrote; one alone may
//!   be down itself. Where main applications fail too, or the name is unknown, it is something else.
//! - **What fixes it**: all hosts in use on the allow list, or the whole domain (G22).
//! - **Who can**: whoever looks after the proxy.

use super::dns_failed::severity;
use super::{Cause, Confidence, Finding, Reach};
use crate::catalogue;
use crate::few::Gather as _;
use crate::fix::{Fix, Owner, snippet, ticket};
use crate::scene::Scene;
use crate::scene::evidence;
use crate::scene::web::Web;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "allow-list-incomplete",
    judge,
    silences: &[("host-unreachable", Reach::Subject)],
    affects: |scene, finding| scene.activities_at(&finding.subject),
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let further = |further: bool| {
        scene
            .applications()
            .filter(move |(_, application)| catalogue::is_further_host(&application.id) == further)
            .map(|(web, _)| web)
    };
    let Some(main) = further(false).find(|web| web.answered()) else {
        return Vec::new();
    };
    let mut failed: Vec<&Web> = Vec::new();
    for web in further(true).filter(|web| web.unreachable() && !scene.name_missing(&web.host)) {
        if web.host != main.host && failed.iter().all(|it| it.host != web.host) {
            failed.push(web);
        }
    }
    let alone = failed.len() == 1;
    let confidence = if alone {
        Confidence::Possible
    } else {
        Confidence::Likely
    };
    let conclude = |web: &Web| {
        Finding::new(&CAUSE, severity(scene, &web.host), confidence, &web.host)
            .because([evidence::web(web), evidence::web(main)])
            .although(alone.then(|| say("evidence.may-be-down", [("host", evidence::text(&web.host))])))
    };
    failed.into_iter().map(conclude).few()
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let hosts = [ticket::subjects(found)];
    let fix = Fix::new("complete-allow-list", Owner::Proxy, found, 3, &hosts)
        .copy([say("fix.complete-allow-list.copy", hosts)])
        .copy([snippet::squid_web(found, false), snippet::nftables_web()])
        .with_evidence(found)
        .retest(["https:".into()]);
    vec![fix]
}
