//! The configuration cannot be used: every problem at once, with its place and its remedy.

use std::rc::Rc;

use yew::prelude::*;

use super::mark::{Mark, Tone};
use crate::config::Problem;
use crate::words::{Arg, Words};

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) words: Rc<Words>,
    pub(super) problems: Rc<Vec<Problem>>,
}

/// The screen instead of a check.
#[component]
pub(super) fn Broken(props: &Props) -> Html {
    let words = &props.words;
    let count = Arg::Number(props.problems.len() as f64);
    html! {
        <>
            <section class="verdict unknown" aria-labelledby="verdict">
                <Mark tone={Tone::Unknown} />
                <div>
                    <h1 id="verdict" tabindex="-1">{ words.get("ui.broken.title") }</h1>
                    <p class="subline">{ words.get("ui.broken.lead") }</p>
                </div>
            </section>
            <section class="card" aria-labelledby="problems">
                <h2 id="problems">{ words.fill("ui.broken.problems", &[("count", count)]) }</h2>
                <ol class="problems">
                    for problem in props.problems.iter() {
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
