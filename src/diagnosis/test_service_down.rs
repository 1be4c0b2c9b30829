//! `test-service-down`: a helper of this test is down, or the page itself failed.
//!
//! - **What we saw**: no credentials, no canary, a request that the page's own policy forbids, or a test call that could
//!   not be started.
//! - **Why calls suffer**: they do not. Only our measurement does, and what depends on it stays unknown.
//! - **How we know**: the helper failed while others answered. That is never evidence against the line.
//! - **What fixes it**: the helper is repaired, or the page is delivered with the right policy.
//! - **Who can**: whoever runs this test.

use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::config::ActivityId;
use crate::few::Gather as _;
use crate::fix::{Fix, Owner, ticket};
use crate::observation::CredentialsSeen;
use crate::privacy::Known;
use crate::probe::Role;
use crate::scene::Scene;
use crate::scene::evidence;
use crate::scene::web::WebAnswer;
use crate::words::{Arg, Sentence, say};

pub(super) const CAUSE: Cause = Cause {
    id: "test-service-down",
    judge,
    silences: &[("media-unproven", Reach::Everywhere)],
    affects: |scene, finding| {
        // The canary alone decides nothing that an agent does.
        match finding.severity {
            Severity::Info => Vec::new(),
            _ => scene
                .activities_at(&finding.subject)
                .into_iter()
                .chain([ActivityId::Voice])
                .few(),
        }
    },
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut conclude = |severity, confidence, subject: &str, evidence: Vec<Sentence>| {
        found.push(Finding::new(&CAUSE, severity, confidence, subject).because(evidence));
    };
    for (_, target, seen) in scene.credentials() {
        if let Some(evidence) = credentials_failed(target, seen).filter(|_| scene.alive()) {
            conclude(Severity::Advice, Confidence::Likely, target, vec![evidence]);
        }
    }
    for web in &scene.webs {
        let (own_policy, failed) = (web.answer == WebAnswer::OwnPolicy, !web.answered());
        if own_policy && web.application.is_some_and(|application| application.required) {
            conclude(
                Severity::Advice,
                Confidence::Certain,
                &web.host,
                vec![evidence::web(web)],
            );
        } else if own_policy || (web.role == Role::Canary && failed && scene.web_alive_outside(&web.host)) {
            let others = evidence::alive(scene, &web.host);
            let evidence = [evidence::web(web)].into_iter().chain(others).few();
            conclude(Severity::Info, Confidence::Likely, &web.host, evidence);
        }
    }
    for (_, call) in &scene.calls {
        if let Some(why) = call.own_failure.as_ref().filter(|_| !scene.media_proven()) {
            let why = [("why", Arg::Foreign(Known::of(scene.config).foreign(why)))];
            let evidence = vec![say("evidence.own-failure", why)];
            conclude(Severity::Advice, Confidence::Certain, "", evidence);
        }
    }
    found
}

fn credentials_failed(target: &str, seen: &CredentialsSeen) -> Option<Sentence> {
    let target = ("host", evidence::text(target));
    Some(match seen {
        CredentialsSeen::Answered => return None,
        CredentialsSeen::Status(code) => say(
            "evidence.credentials-status",
            [target, ("code", Arg::Number(f64::from(*code)))],
        ),
        CredentialsSeen::Malformed => say("evidence.credentials-malformed", [target]),
        CredentialsSeen::Failed => say("evidence.credentials-failed", [target]),
        CredentialsSeen::Silent => say("evidence.credentials-silent", [target]),
        CredentialsSeen::OwnPolicy => say("evidence.own-policy", [target]),
    })
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let hosts = [ticket::subjects(found)];
    let fix = Fix::new("repair-test-service", Owner::Vendor, found, 2, &hosts)
        .copy([say("fix.repair-test-service.copy", [])])
        .with_evidence(found);
    vec![fix]
}
