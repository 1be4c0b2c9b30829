//! `page-not-secure`: this page was opened over plain HTTP.
//!
//! - **What we saw**: the browser does not treat the page as secure.
//! - **Why calls suffer**: they need not; but a browser withholds the microphone and more from such a page, so what we
//!   measure here says little about the real phone, which runs on a secure page.
//! - **How we know**: the browser says so itself.
//! - **What fixes it**: the same page with `https:`.
//! - **Who can**: the helpdesk, which handed out the link.

use super::{Cause, Confidence, Finding, Severity};
use crate::config::ActivityId;
use crate::few::Gather as _;
use crate::fix::{Fix, Owner};
use crate::scene::Scene;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "page-not-secure",
    judge,
    silences: &[],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let insecure = scene.page.is_some_and(|page| !page.secure);
    let finding = || {
        Finding::new(&CAUSE, Severity::Advice, Confidence::Certain, "")
            .because([say("evidence.page-not-secure", [])])
    };
    insecure.then(finding).into_iter().few()
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    vec![Fix::new("open-over-https", Owner::Helpdesk, found, 2, &[])]
}
