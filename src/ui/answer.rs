//! The verdict: a shape, a sentence, and one line of why.

use super::element::{El, el};
use super::mark::{Tone, mark};
use super::verdict;
use crate::checkup::{Phase, State};
use crate::diagnosis::Verdict;
use crate::words::{Arg, Words};

/// The answer to the page's question.
pub(super) fn answer(words: &Words, state: &State) -> El {
    let concluded = state.conclusion.as_ref().map(|conclusion| conclusion.verdict);
    let tone = concluded.map_or(Tone::Unknown, Tone::from);
    let stopped = (state.phase == Phase::Stopped && concluded.is_some()).then(|| {
        let elapsed = [("elapsed", Arg::Time(state.elapsed))];
        el("p class='subline'").fill(words, "ui.subline.stopped", &elapsed)
    });
    el("section aria-labelledby='verdict'")
        .set_some("data-verdict", concluded.map(Verdict::id))
        .class("verdict")
        .class(tone.class())
        .with(mark(tone))
        .with(
            el("div")
                .with(el("h1 id='verdict' tabindex='-1'").with(verdict::sentence(words, state)))
                .with(el("p class='subline'").with(verdict::subline(words, state)))
                .with(stopped),
        )
}
