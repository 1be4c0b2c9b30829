//! The configuration cannot be used: every problem at once, with its place and its remedy.

use yew::prelude::*;

use super::mark::{Tone, mark};
use crate::config::Problem;
use crate::words::{Arg, Words};

/// The screen instead of a check.
pub(super) fn broken(words: &Words, problems: &[Problem]) -> Html {
    let count = Arg::Number(problems.len() as f64);
    html! {
        <>
            <section class="verdict unknown" aria-labelledby="verdict">
                { mark(Tone::Unknown) }
                <div>
                    <h1 id="verdict" tabindex="-1">{ words.get("ui.broken.title") }</h1>
                    <p class="subline">{ words.get("ui.broken.lead") }</p>
                </div>
            </section>
            <section class="card" aria-labelledby="problems">
                <h2 id="problems">{ words.fill("ui.broken.problems", &[("count", count)]) }</h2>
                <ol class="problems">
                    for problem in problems {
                        <li>
                            <code>{ &problem.path }</code>
                            <p>{ &problem.what }</p>
                            <p class="remedy">{ &problem.remedy }</p>
                        </li>
                    }
                </ol>
            </section>
        </>
    }
}
