//! The verdict: a shape, a sentence, and one line of why.

use yew::prelude::*;

use super::mark::{Tone, mark};
use super::verdict;
use crate::checkup::{Phase, State};
use crate::words::{Arg, Words};

/// The answer to the page's question.
pub(super) fn answer(words: &Words, state: &State) -> Html {
    let concluded = state.conclusion.as_ref().map(|conclusion| conclusion.verdict);
    let tone = concluded.map_or(Tone::Unknown, Tone::from);
    let stopped = state.phase == Phase::Stopped && concluded.is_some();
    html! {
        <section class={format!("verdict {}", tone.class())} aria-labelledby="verdict"
            data-verdict={concluded.map(verdict::id)}>
            { mark(tone) }
            <div>
                <h1 id="verdict" tabindex="-1">{ verdict::sentence(words, state) }</h1>
                <p class="subline">{ verdict::subline(words, state) }</p>
                if stopped {
                    <p class="subline">
                        { words.fill("ui.subline.stopped", &[("elapsed", Arg::Time(state.elapsed))]) }
                    </p>
                }
            </div>
        </section>
    }
}
