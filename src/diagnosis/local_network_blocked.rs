//! `local-network-blocked`: the browser does not let this page reach servers in the local network.
//!
//! - **What we saw**: the browser's permission for the local network is denied, and servers at private addresses fail at
//!   once while others answer.
//! - **Why calls suffer**: pages from the Internet that need servers at private addresses do not get to them.
//! - **How we know**: the permission itself, and which servers fail: a private address or a local name in the
//!   configuration, or applications over a private network. A server that is silent, or one whose siblings at private
//!   addresses answer, fails for another reason: this is no firewall.
//! - **What fixes it**: the permission, in the page's settings or by policy.
//! - **Who can**: whoever manages the browsers.

use super::scene::Scene;
use super::web::{Web, WebAnswer};
use super::{Cause, Confidence, Finding, Reach, Severity, evidence};
use crate::catalogue::is_local;
use crate::config::Transport;
use crate::fix::{Fix, Owner};
use crate::observation::Permission;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "local-network-blocked",
    judge,
    silences: &[
        ("host-unreachable", Reach::Subject),
        ("domain-blocked", Reach::Subject),
        ("dns-failed", Reach::Subject),
    ],
    affects: |scene, finding| scene.activities_at(&finding.subject),
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let denied = scene
        .page
        .is_some_and(|page| page.local_network == Some(Permission::Denied));
    let own = scene.webs.iter().find(|web| web.role == crate::probe::Role::Page);
    // A page from the local network needs no permission for it.
    if !denied || own.is_some_and(|own| is_local(&own.host)) {
        return Vec::new();
    }
    let private = scene.config.transport != Transport::Internet;
    let local = |web: &&Web| web.application.is_some() && (private || is_local(&web.host));
    let at_once = |web: &Web| matches!(web.answer, WebAnswer::Failed(time) if time <= scene.refusal_limit());
    let failing: Vec<&Web> = scene
        .webs
        .iter()
        .filter(local)
        .filter(|web| !web.answered())
        .collect();
    let reached = scene.webs.iter().filter(local).any(Web::answered);
    let others = scene.webs.iter().any(|web| web.answered() && !local(&web));
    if failing.is_empty() || reached || !others || !failing.iter().all(|web| at_once(web)) {
        return Vec::new();
    }
    let finding = |web: &&Web| {
        let required = web.application.is_none_or(|application| application.required);
        let severity = if required {
            Severity::Blocker
        } else {
            Severity::Advice
        };
        let sure = if is_local(&web.host) {
            Confidence::Likely
        } else {
            Confidence::Possible
        };
        Finding::new(&CAUSE, severity, sure, &web.host)
            .because([say("evidence.local-network-denied", []), evidence::web(web)])
            .because(evidence::alive(scene, &web.host))
    };
    failing.iter().map(finding).collect()
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let own = scene.webs.iter().find(|web| web.role == crate::probe::Role::Page);
    let page = [("page", evidence::text(own.map_or("", |own| own.host.as_str())))];
    vec![
        Fix::new("allow-local-network", Owner::Desktop, found, 3, &page)
            .copy([say("fix.allow-local-network.copy", page.clone())])
            .with_evidence(found)
            .retest(["https:".into()]),
    ]
}
