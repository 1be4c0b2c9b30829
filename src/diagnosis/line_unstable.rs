//! `line-unstable`: the line drops and comes back.
//!
//! - **What we saw**: moments in which nothing arrived although sound was sent, each with its time.
//! - **Why calls suffer**: whole words are missing, and callers ask whether the agent is still there.
//! - **How we know**: nothing at all arrives, on a line that had no queue before, and then all that is due comes at once. A
//!   line that is too narrow goes on delivering; a busy workstation sends less; jitter is shorter. A web server that
//!   failed once and answered then counts beside an interruption, not alone: browsers do that when they start.
//! - **What fixes it**: a cable instead of Wi-Fi or mobile data; else whoever runs the line looks at those moments.
//! - **Who can**: the agent first, then the network team.

use super::thresholds::{GAP_HEARD, GAP_LONG};
use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::config::ActivityId;
use crate::few::Gather as _;
use crate::fix::{Fix, Owner};
use crate::observation::{Answer, Gap};
use crate::scene::Scene;
use crate::scene::evidence::text;
use crate::scene::web::Web;
use crate::words::{Arg, say};

pub(super) const CAUSE: Cause = Cause {
    id: "line-unstable",
    judge,
    silences: &[
        ("jitter-high", Reach::Everywhere),
        ("loss-high", Reach::Everywhere),
        ("https-slow", Reach::Everywhere),
    ],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let gaps: Vec<&Gap> = scene
        .ladder
        .iter()
        .flat_map(|ladder| &ladder.gaps)
        .filter(|gap| gap.length >= GAP_HEARD)
        .few();
    let failed_once = |web: &&Web| {
        web.answered()
            && web
                .seen
                .tries
                .iter()
                .any(|attempt| attempt.answer == Answer::Failed)
    };
    let webs: Vec<&Web> = scene.webs.iter().filter(failed_once).few();
    let (severity, confidence) = match gaps.as_slice() {
        [_, _, ..] => (Severity::Degraded, Confidence::Likely),
        [gap] if gap.length >= GAP_LONG || !webs.is_empty() => (Severity::Advice, Confidence::Possible),
        _ => return Vec::new(),
    };
    let gap = |gap: &Gap| {
        let at = scene.ladder_began + gap.at;
        say(
            "evidence.gap",
            [("at", Arg::Time(at)), ("length", Arg::Time(gap.length))],
        )
    };
    let web = |web: &Web| say("evidence.web-failed-once", [("host", text(&web.host))]);
    let finding = Finding::new(&CAUSE, severity, confidence, "")
        .because(gaps.into_iter().map(gap))
        .because(webs.into_iter().map(web));
    vec![finding]
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let retest = || ["call:".to_owned(), "ladder:".to_owned()];
    vec![
        Fix::new("steady-the-line", Owner::Agent, found, 3, &[]).retest(retest()),
        Fix::new("find-interruptions", Owner::Network, found, 2, &[])
            .copy([say("fix.find-interruptions.copy", [])])
            .with_evidence(found)
            .retest(retest()),
    ]
}
