//! `local-network-blocked`: the browser does not let this page reach servers in the local network.
//!
//! - **What we saw**: the browser's permission for the local network is denied, or its question is not answered, and
//!   servers at private addresses fail while others answer.
//! - **Why calls suffer**: pages from the Internet that need servers at private addresses do not get to them.
//! - **How we know**: the permission itself, and which servers fail: a private address or a local name in the
//!   configuration, or applications over a private network. A server whose siblings at private addresses answer fails for
//!   another reason. Denied, a request fails at once; a silent server was dropped by a firewall. While the question is
//!   open, requests wait or fail; then nothing else may fail, since nothing says that the question ever came. Firefox
//!   calls it open where a policy has denied it, too (seen in version 153).
//! - **What fixes it**: the answer to the browser's question; the permission, in the page's settings or by policy.
//! - **Who can**: the agent, where the question is open; else whoever manages the browsers.

use super::{Cause, Confidence, Finding, Reach, Severity, host_unreachable};
use crate::catalogue::is_local;
use crate::config::Transport;
use crate::few::{Gather as _, Put as _};
use crate::fix::{Fix, Owner};
use crate::observation::Permission;
use crate::probe::Role;
use crate::scene::Scene;
use crate::scene::evidence;
use crate::scene::web::{Web, WebAnswer};
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
    let key = match scene.page.and_then(|page| page.local_network) {
        Some(Permission::Denied) => "evidence.local-network-denied",
        Some(Permission::Prompt) => "evidence.local-network-prompt",
        Some(Permission::Granted) | None => return Vec::new(),
    };
    let own = scene.webs.iter().find(|web| web.role == Role::Page);
    // A page from the local network needs no permission for it.
    if own.is_some_and(|own| is_local(&own.host)) {
        return Vec::new();
    }
    let private = scene.config.transport != Transport::Internet;
    let perhaps = |web: &&Web| web.application.is_some() && (private || is_local(&web.host));
    let failing: Vec<&Web> = scene
        .webs
        .iter()
        .filter(perhaps)
        .filter(|web| !web.answered())
        .few();
    // Where only private addresses fail, names count as the Internet's.
    let by_address = failing.iter().all(|web| is_local(&web.host));
    let local = |web: &&Web| perhaps(web) && (!by_address || is_local(&web.host));
    let reached = scene.webs.iter().filter(local).any(Web::answered);
    let others = scene.webs.iter().any(|web| web.answered() && !local(&web));
    let fits = if is_open(scene) {
        // Another browser has another question: where it is the same there, it is not for want of an answer.
        let told = scene.answers.other_browser.as_ref();
        if told.is_some_and(|told| !told.works && told.is_about(CAUSE.id)) {
            return Vec::new();
        }
        let elsewhere = |web: &Web| !perhaps(&web) && !web.answered();
        !scene.webs.iter().any(elsewhere)
            && failing
                .iter()
                .all(|web| web.unreachable() && !scene.name_missing(&web.host))
    } else {
        let limit = scene.refusal_limit();
        failing
            .iter()
            .all(|web| matches!(web.answer, WebAnswer::Failed(time) if time <= limit))
    };
    if failing.is_empty() || reached || !others || !fits {
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
            .because([say(key, []), evidence::web(web)])
            .because(evidence::alive(scene, &web.host))
    };
    failing.iter().map(finding).few()
}

/// Whether the browser's question has no answer yet.
fn is_open(scene: &Scene) -> bool {
    scene
        .page
        .is_some_and(|page| page.local_network == Some(Permission::Prompt))
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let own = scene.webs.iter().find(|web| web.role == Role::Page);
    let page = [("page", evidence::text(own.map_or("", |own| own.host.as_str())))];
    let allow = Fix::new("allow-local-network", Owner::Desktop, found, 3, &page)
        .copy([say("fix.allow-local-network.copy", page)])
        .with_evidence(found)
        .retest(["https:".into()]);
    if !is_open(scene) {
        return vec![allow];
    }
    let answer = Fix::new("answer-local-network", Owner::Agent, found, 3, &[]).retest(["https:".into()]);
    // A name may as well belong to a server that does not answer at all.
    let unsure: Vec<&Finding> = found
        .iter()
        .copied()
        .filter(|it| it.confidence == Confidence::Possible)
        .few();
    let mut fixes = vec![answer, allow];
    if !unsure.is_empty() {
        fixes.put(host_unreachable::fixes(scene, &unsure));
    }
    fixes
}
