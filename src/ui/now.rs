//! What happens right now, as one sentence.

use crate::checkup::State;
use crate::observation::Seen;
use crate::words::{Arg, Sentence, say};

/// The sentence for what is under way.
pub(super) fn now(state: &State) -> Sentence {
    let running = |prefix: &str| state.running.iter().any(|(id, _)| id.starts_with(prefix));
    let carries = state
        .observations
        .iter()
        .any(|o| matches!(&o.seen, Seen::Call(call) if call.connected));
    let measured = state
        .observations
        .iter()
        .any(|o| matches!(o.seen, Seen::Ladder(_)));
    if state.paused {
        say("ui.now.paused", [])
    } else if running(crate::plan::BANDWIDTH) {
        say("ui.now.bandwidth", [])
    } else if measured {
        say("ui.now.concluding", [])
    } else if running("ladder") || carries || !state.steps.is_empty() {
        ladder(state)
    } else if running("call") {
        say("ui.now.call", [])
    } else if running("https") && running("turn") {
        say("ui.now.all", [])
    } else if running("turn") || running("credentials") {
        say("ui.now.turn", [])
    } else if running("https") || running("name") {
        say("ui.now.https", [])
    } else {
        say("ui.now.page", [])
    }
}

fn ladder(state: &State) -> Sentence {
    match state.steps.last() {
        Some(step) if step.clean => say("ui.now.ladder-clean", [("rate", Arg::Rate(step.target))]),
        Some(step) => say("ui.now.ladder-unclean", [("rate", Arg::Rate(step.target))]),
        None => say("ui.now.ladder", []),
    }
}
