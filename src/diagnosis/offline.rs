//! `offline`: nothing answers, the page's own server included.
//!
//! - **What we saw**: every server that was asked failed, among them the one this page came from.
//! - **Why calls suffer**: without a line there is nothing to call over.
//! - **How we know**: the page was loaded moments ago, so its server lives; if the browser also says that it is
//!   offline, nothing is left to doubt. A single answer from anywhere, or a TURN code, refutes it.
//!   Where all is refused at once although names are known, something near refuses it: the sign-in page of a guest
//!   network, more often than not.
//! - **What fixes it**: network cable, Wi-Fi, VPN or the sign-in page of a guest network.
//! - **Who can**: the agent.

use super::thresholds::REFUSED_WITHIN;
use super::{Cause, Confidence, Finding, Reach, Severity, captive_portal};
use crate::few::Gather as _;
use crate::fix::{Fix, Owner};
use crate::probe::Role;
use crate::scene::Scene;
use crate::scene::evidence;
use crate::scene::web::{Web, WebAnswer};
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "offline",
    judge,
    silences: &[
        ("egress-not-known", Reach::Everywhere),
        ("dns-failed", Reach::Everywhere),
        ("allow-list-incomplete", Reach::Everywhere),
        ("domain-blocked", Reach::Everywhere),
        ("host-unreachable", Reach::Everywhere),
        ("turn-dns-failed", Reach::Everywhere),
        ("turn-inspected", Reach::Everywhere),
        ("turn-refused", Reach::Everywhere),
        ("turn-blocked", Reach::Everywhere),
        ("media-blocked", Reach::Everywhere),
        ("media-bitrate-low", Reach::Everywhere),
        ("test-service-down", Reach::Everywhere),
        ("media-unproven", Reach::Everywhere),
    ],
    affects: |scene, _| scene.everything(),
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let failed: Vec<&Web> = scene.webs.iter().filter(|web| web.unreachable()).few();
    let control_failed = failed
        .iter()
        .any(|web| matches!(web.role, Role::Page | Role::Control));
    let says_offline = scene.page.is_some_and(|page| !page.online);
    if scene.alive() || !control_failed || (failed.len() < 2 && !says_offline) {
        return Vec::new();
    }
    let confidence = if says_offline {
        Confidence::Certain
    } else {
        Confidence::Likely
    };
    let browser = says_offline.then(|| say("evidence.browser-offline", []));
    let refused = refused(scene).then(|| say("evidence.refused-everywhere", []));
    let finding = Finding::new(&CAUSE, Severity::Blocker, confidence, "")
        .because(browser)
        .because(refused)
        .because(failed.into_iter().map(evidence::web));
    vec![finding]
}

/// Names are known, and everything is refused at once.
fn refused(scene: &Scene) -> bool {
    let at_once = |web: &Web| matches!(web.answer, WebAnswer::Failed(time) if time.0 <= REFUSED_WITHIN.0);
    scene.resolver_works() && scene.page.is_some_and(|page| page.online) && scene.webs.iter().all(at_once)
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let sign_in = refused(scene).then(|| captive_portal::sign_in(found));
    sign_in
        .into_iter()
        .chain([Fix::new("reconnect", Owner::Agent, found, 3, &[])])
        .few()
}
