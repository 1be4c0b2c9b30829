//! `captive-portal`: a guest network wants a sign-in, and until then it answers for everyone.
//!
//! - **What we saw**: this page's own server gave somebody else's answer, and no server gave a right one.
//! - **Why calls suffer**: nothing but the sign-in page is let through.
//! - **How we know**: what this page's server sends is known, and so is the canary's answer. A web filter leaves some host
//!   alone, one that opens TLS leaves the answers alone, and a line that is down answers nothing. One right answer, or
//!   a TURN server that was reached, refutes it. Where the portal's certificate is not trusted, all fails at once: that
//!   is told as `offline`, with this as the first thing to try.
//! - **What fixes it**: the sign-in.
//! - **Who can**: the agent.

use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::few::Gather as _;
use crate::fix::{Fix, Owner};
use crate::observation::Wrong;
use crate::probe::Role;
use crate::scene::Scene;
use crate::scene::evidence;
use crate::scene::web::{Web, WebAnswer};

pub(super) const CAUSE: Cause = Cause {
    id: "captive-portal",
    judge,
    silences: &[
        ("tls-intercepted", Reach::Everywhere),
        ("dns-failed", Reach::Everywhere),
        ("allow-list-incomplete", Reach::Everywhere),
        ("domain-blocked", Reach::Everywhere),
        ("block-page", Reach::Everywhere),
        ("host-unreachable", Reach::Everywhere),
        ("application-error", Reach::Everywhere),
        ("turn-dns-failed", Reach::Everywhere),
        ("turn-inspected", Reach::Everywhere),
        ("turn-refused", Reach::Everywhere),
        ("turn-blocked", Reach::Everywhere),
        ("test-service-down", Reach::Everywhere),
        ("media-unproven", Reach::Everywhere),
    ],
    affects: |scene, _| scene.everything(),
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let Some(page) = scene.webs.iter().find(|web| web.role == Role::Page) else {
        return Vec::new();
    };
    let of_us = |web: &&Web| matches!(web.role, Role::Page | Role::Canary | Role::Control);
    let odd: Vec<&Web> = scene.webs.iter().filter(|web| foreign(web)).few();
    let page_failed = foreign(page) || page.unreachable();
    // One odd answer may be that server's own affair.
    let voice_failed = scene.turns.iter().any(|path| path.verdict().is_some());
    let more = odd.len() >= 2 || scene.webs.iter().any(Web::unreachable) || voice_failed;
    if scene.right_answer() || !page_failed || !odd.iter().any(of_us) || !more {
        return Vec::new();
    }
    let confidence = if foreign(page) {
        Confidence::Likely
    } else {
        Confidence::Possible
    };
    let failed = scene.webs.iter().filter(|web| web.unreachable());
    let finding = Finding::new(&CAUSE, Severity::Blocker, confidence, "")
        .because(odd.into_iter().map(evidence::web))
        .because(failed.map(evidence::web));
    vec![finding]
}

/// Somebody else's answer: other content, a redirect that leads away, or 511, which is for this (RFC 6585, section 6).
fn foreign(web: &Web) -> bool {
    match web.answer {
        WebAnswer::Wrong(Wrong::Status(code)) => matches!(code, 302 | 511),
        WebAnswer::Wrong(_) => true,
        _ => false,
    }
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    vec![sign_in(found)]
}

/// The sign-in page of a guest network.
pub(super) fn sign_in(found: &[&Finding]) -> Fix {
    Fix::new("sign-in-to-network", Owner::Agent, found, 3, &[])
}
