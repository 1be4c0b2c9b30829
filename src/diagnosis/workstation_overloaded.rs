//! `workstation-overloaded`: this computer is too busy to send sound in time.
//!
//! - **What we saw**: the encoder sent fewer packets than are due, or fell behind its own pace again and again.
//! - **Why calls suffer**: what is not sent cannot arrive: callers hear gaps and broken words on the best of lines.
//! - **How we know**: packets are counted where they leave the encoder, before the line has anything to do with them:
//!   over TCP the browser's queue has no bound, so a full line never slows the encoder down. More than half of the steps
//!   must be starved; or no step was clean, and the page's own timers were late for a quarter of the check. Whatever came
//!   late or unevenly then is explained by it.
//! - **What fixes it**: less other work on this computer, or a stronger one.
//! - **Who can**: the agent closes programs; whoever looks after the computer does the rest.

use super::thresholds::{BEHIND_MOST, PACE_LEAST, STARVED_ALONE};
use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::config::ActivityId;
use crate::few::Gather as _;
use crate::fix::{Fix, Owner};
use crate::observation::Step;
use crate::scene::Scene;
use crate::scene::evidence;
use crate::units::{Millis, Share};
use crate::words::{Arg, say};

pub(super) const CAUSE: Cause = Cause {
    id: "workstation-overloaded",
    judge,
    silences: &[
        ("line-unstable", Reach::Everywhere),
        ("jitter-high", Reach::Everywhere),
        ("latency-high", Reach::Everywhere),
        ("loss-high", Reach::Everywhere),
        ("https-slow", Reach::Everywhere),
        ("bandwidth-low", Reach::Everywhere),
        ("bufferbloat", Reach::Everywhere),
        // A test call that could not be started, or not in time.
        ("test-service-down", Reach::Everywhere),
        ("media-blocked", Reach::Everywhere),
        ("vpn-detour", Reach::Everywhere),
    ],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let steps = scene.ladder.map_or(&[][..], |ladder| &ladder.steps);
    let starved = || steps.iter().filter(|step| is_starved(step));
    let (count, watched) = starved().fold((0, 0.0), |(count, watched), step| {
        (count + 1, step.duration.0.max(watched))
    });
    let late = scene.attention.map_or(Share(0.0), |attention| attention.late);
    let late = (late.0 > 0.0).then(|| say("evidence.page-late", [("share", Arg::Share(late))]));
    if count * 2 <= steps.len() || (count < 2 && watched < STARVED_ALONE.0) {
        // Without a ladder that tells, what the page itself got to do does.
        let unproven = !steps.iter().any(|step| step.clean);
        let late = late.filter(|_| unproven);
        let finding =
            late.map(|late| Finding::new(&CAUSE, Severity::Degraded, Confidence::Likely, "").because([late]));
        return finding.into_iter().few();
    }
    let least = starved().filter_map(|step| step.packets_sent_per_second);
    let worst = |time: fn(&Step) -> Option<Millis>| {
        let worst = starved().filter_map(time).map(|time| time.0).reduce(f64::max);
        worst.map(|time| ("time", Arg::Time(Millis(time))))
    };
    let pace = least.reduce(f64::min).map(|pace| match pace.round() {
        1.0 => say("evidence.pace-one", []),
        pace => say("evidence.pace", [("count", Arg::Number(pace))]),
    });
    let behind = worst(|step| step.behind);
    let timers = worst(|step| step.late)
        .filter(|(_, late)| matches!(late, Arg::Time(time) if time.0 >= BEHIND_MOST.0));
    let finding = Finding::new(&CAUSE, Severity::Degraded, Confidence::Likely, "")
        .because(pace)
        .because(behind.map(|time| say("evidence.behind", [time])))
        .because(timers.map(|time| say("evidence.timers-late", [time])))
        .because(late)
        .because([say("evidence.before-the-line", [])]);
    vec![finding]
}

/// Whether this computer did not keep up with its own sending while this step was measured: then what arrived, and
/// when, says nothing about the line.
pub(crate) fn is_starved(step: &Step) -> bool {
    step.packets_sent_per_second.is_some_and(|pace| pace < PACE_LEAST)
        || step.behind.is_some_and(|behind| behind.0 > BEHIND_MOST.0)
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let browser = scene.page.map_or("", |page| page.browser.as_str());
    vec![
        Fix::new("relieve-computer", Owner::Desktop, found, 4, &[])
            .copy([say(
                "fix.relieve-computer.copy",
                [("browser", evidence::text(browser))],
            )])
            .with_evidence(found)
            .retest(["call:".into(), "ladder:".into()]),
    ]
}
