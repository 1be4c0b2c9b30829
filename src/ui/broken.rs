//! The configuration cannot be used: every problem at once, with its place and its remedy.

use super::element::{El, card, el, group};
use super::mark::{Tone, mark};
use crate::config::Problem;
use crate::words::{Arg, Words};

/// It did not come.
pub const NO_ANSWER: &str = "ui.broken.no-answer";

/// The screen instead of a check.
pub(super) fn broken(words: &Words, problems: &[Problem]) -> El {
    let count = Arg::Number(problems.len() as f64);
    let problem = |problem: &Problem| {
        let said = problem.said(words);
        el("li")
            .with(el("code").with(&problem.path))
            .with(el("p").with(&said.what))
            .with(el("p class='remedy'").with(&said.remedy))
    };
    // That it did not come is no mistake of it.
    let away = problems.iter().all(|problem| problem.fault.key == NO_ANSWER);
    let [title, lead] = match away {
        true => ["ui.broken.away", "ui.broken.away.lead"],
        false => ["ui.broken.title", "ui.broken.lead"],
    };
    group()
        .with(
            el("section aria-labelledby='verdict' class='verdict unknown'")
                .with(mark(Tone::Unknown))
                .with(
                    el("div")
                        .with(el("h1 id='verdict' tabindex='-1'").word(words, title))
                        .with(el("p class='subline'").word(words, lead)),
                ),
        )
        .with((!away).then(|| {
            let list = el("ol class='problems'").with_all(problems.iter().map(problem));
            let edit = el("a href='#configuration'").word(words, "ui.broken.edit");
            group()
                .with(card("problems", &words.fill("ui.broken.problems", &[("count", count)])).with(list))
                .with(el("p class='quietly'").with(edit))
        }))
}
