//! `application-needs-internet`: an application that is reached over the Internet only, on a private network only.
//!
//! - **What we saw**: configuration or link say that everything is reached over a private network, and name an
//!   application that the cloud offers over the Internet only.
//! - **Why calls suffer**: calls do not, but the administrator pages of Recording, QM and Speech Analytics and of
//!   Predictive Routing cannot be opened (guide fact G2).
//! - **How we know**: from the plan, so before the run already; not when the application answered.
//! - **What fixes it**: a way to it over the Internet, for example by the company's proxy; or the right plan in the
//!   configuration.
//! - **Who can**: the network team.

use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::catalogue::{Way, application};
use crate::config::{ActivityId, Transport};
use crate::few::Gather as _;
use crate::fix::{Fix, Owner, ticket};
use crate::scene::Scene;
use crate::scene::evidence::text;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "application-needs-internet",
    judge,
    silences: &[
        ("dns-failed", Reach::Subject),
        ("domain-blocked", Reach::Subject),
        ("host-unreachable", Reach::Subject),
    ],
    affects: |scene, finding| scene.activities_at(&finding.subject),
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let config = scene.config;
    if config.transport != Transport::Private {
        return Vec::new();
    }
    let answered = |id: &str| {
        scene
            .applications()
            .any(|(web, known)| known.id == id && web.answered())
    };
    // The phone's own page is the phone's matter.
    let lost = config.applications.iter().filter(|it| {
        let internet_only = application(&it.id).is_some_and(|known| known.way == Way::Internet);
        internet_only && it.activity != ActivityId::Voice && !answered(&it.id)
    });
    lost.map(|it| {
        let severity = if it.required {
            Severity::Blocker
        } else {
            Severity::Advice
        };
        Finding::new(&CAUSE, severity, Confidence::Certain, &it.url.host).because([
            say("evidence.plan-private", []),
            say("evidence.application-internet", [("host", text(&it.url.host))]),
        ])
    })
    .few()
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let hosts = [ticket::subjects(found)];
    let open = Fix::new("open-internet-for-application", Owner::Network, found, 2, &hosts)
        .copy([say("fix.open-https.copy", hosts)]);
    vec![open, ticket::correct_plan(found)]
}
