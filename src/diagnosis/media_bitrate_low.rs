//! `media-bitrate-low`: the line carries less speech than the phone wants.
//!
//! - **What we saw**: the ladder's highest clean step, and a higher one that was not clean.
//! - **Why calls suffer**: under 32 kbps speech sounds narrow, under 10 it breaks up.
//! - **How we know**: rates that really left this computer and what arrived of them. Steps that the encoder did not send
//!   say nothing, a ladder that was cut short accuses nobody, and packets lost on the very first step, or as many on
//!   clean ones, are loss, not lack of room. Where no sound came at all and the answers of the two ends took longer than
//!   any way explains, or half of the web servers' did, 10 kbps alone had filled the line. HTTPS on the same line tells how
//!   wide it is, too: where it carries too little as well, that is evidence.
//! - **What fixes it**: less other traffic on the line, a cable instead of Wi-Fi, room reserved for voice.
//! - **Who can**: the agent first, then the network team.

use super::thresholds::{HTTPS_SLOW, LOOP_CROWDED, LOSS_ADVICE, VOICE_GOOD, VOICE_LEAST, VOICE_MOST};
use super::{Cause, Confidence, Finding, Reach, Severity, bandwidth_low};
use crate::config::ActivityId;
use crate::few::Gather as _;
use crate::fix::{Fix, Owner};
use crate::observation::{CallSeen, Step, Unclean};
use crate::scene::{Scene, carried};
use crate::units::{Kbps, Millis, Share};
use crate::words::{Arg, Sentence, say};

pub(super) const CAUSE: Cause = Cause {
    id: "media-bitrate-low",
    judge,
    silences: &[("bandwidth-low", Reach::Everywhere)],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let Some(ladder) = scene.ladder.filter(|ladder| !ladder.steps.is_empty()) else {
        // A call that was heard in time is no evidence, unless the ladder then came to nothing.
        let unheard = |call: &CallSeen| scene.ladder.is_some() || call.setup.is_none() || !carried(call);
        let calls = scene.calls.iter().filter(|(_, call)| unheard(call));
        let crowded = calls.map(|(_, call)| crowded(scene, call));
        return crowded
            .filter(|why| !why.is_empty())
            .map(never_heard)
            .take(1)
            .few();
    };
    let clean = ladder.highest_clean.unwrap_or(Kbps(0.0));
    let above = scene
        .steps()
        .into_iter()
        .filter(|step| !step.clean && step.target.0 > clean.0);
    let unclean = above.min_by(|a, b| a.target.0.total_cmp(&b.target.0));
    // A step that lost what the line loses at rates that it has room for, too, says nothing of room.
    let loses = |share: Share| share >= LOSS_ADVICE;
    let lossy = ladder.quality.and_then(|quality| quality.loss).is_some_and(loses);
    let of_room = |step: &&Step| !(lossy && step.why == Some(Unclean::Loss));
    let measured = scene.lossy_step().is_none() && !scene.stalled();
    let Some(unclean) = unclean.filter(of_room).filter(|_| measured) else {
        return Vec::new();
    };
    let narrow = bandwidth_low::low(scene);
    let severity = if clean.0 < VOICE_LEAST.0 && unclean.target.0 <= VOICE_LEAST.0 {
        Severity::Blocker
    } else if clean.0 < VOICE_GOOD.0 {
        Severity::Degraded
    } else if clean.0 < VOICE_MOST.0 {
        // Two measurements say the same of one line: then it matters, and voice is what to say first.
        if narrow.is_empty() {
            Severity::Advice
        } else {
            Severity::Degraded
        }
    } else {
        return Vec::new();
    };
    let carried = ladder
        .highest_clean
        .map(|rate| say("evidence.ladder-clean", [("rate", Arg::Rate(rate))]));
    let finding = Finding::new(&CAUSE, severity, Confidence::Likely, "")
        .because(carried)
        .because([failed_step(unclean)])
        .because([say(
            "evidence.ladder-wanted",
            [("least", Arg::Rate(VOICE_LEAST)), ("most", Arg::Rate(VOICE_MOST))],
        )])
        .because(narrow);
    vec![finding]
}

/// Why a call of which nothing was heard, or no step was measured, may only have waited: its own packets had filled the
/// line. Empty where nothing speaks for that.
pub(super) fn crowded(scene: &Scene, call: &CallSeen) -> Vec<Sentence> {
    if !call.ice_connected || scene.is_wide() {
        return Vec::new();
    }
    let limit = |limit: Millis| ("limit", Arg::Time(limit));
    let late = call
        .round_trip
        .filter(|trip| *trip >= LOOP_CROWDED && !carried(call));
    let late = late.map(|trip| {
        say(
            "evidence.call-crowded",
            [("time", Arg::Time(trip)), limit(LOOP_CROWDED)],
        )
    });
    let slow = scene
        .is_slow()
        .then(|| say("evidence.line-slow", [limit(HTTPS_SLOW)]));
    late.into_iter().chain(slow).few()
}

/// The call alone was too much.
fn never_heard(why: Vec<Sentence>) -> Finding {
    let wanted = [("least", Arg::Rate(VOICE_LEAST)), ("most", Arg::Rate(VOICE_MOST))];
    Finding::new(&CAUSE, Severity::Blocker, Confidence::Possible, "")
        .because(why)
        .because([say("evidence.ladder-wanted", wanted)])
}

fn failed_step(step: &Step) -> Sentence {
    let key = match step.why {
        Some(Unclean::Loss) => "evidence.step-loss",
        Some(Unclean::Queue) => "evidence.step-queue",
        Some(Unclean::Concealment) => "evidence.step-concealment",
        Some(Unclean::Stalled) => "evidence.step-stalled",
        Some(Unclean::Goodput | Unclean::NotSent) | None => "evidence.step-goodput",
    };
    say(key, [("rate", Arg::Rate(step.target))])
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let retest = || ["call:".to_owned(), "ladder:".to_owned()];
    vec![
        Fix::new("free-the-line", Owner::Agent, found, 3, &[]).retest(retest()),
        Fix::new("reserve-voice-bandwidth", Owner::Network, found, 3, &[])
            .copy([say("fix.reserve-voice-bandwidth.copy", [])])
            .with_evidence(found)
            .retest(retest()),
    ]
}
