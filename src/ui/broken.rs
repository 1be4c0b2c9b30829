//! The configuration cannot be used: every problem at once, with its place and its remedy.

use super::element::{El, card, el, group};
use super::mark::{Tone, mark};
use crate::config::Problem;
use crate::words::{Arg, Words};

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
    let edit = el("a href='#configuration'").word(words, "ui.broken.edit");
    group()
        .with(
            el("section aria-labelledby='verdict' class='verdict unknown'")
                .with(mark(Tone::Unknown))
                .with(
                    el("div")
                        .with(el("h1 id='verdict' tabindex='-1'").word(words, "ui.broken.title"))
                        .with(el("p class='subline'").word(words, "ui.broken.lead")),
                ),
        )
        .with(
            card("problems", &words.fill("ui.broken.problems", &[("count", count)]))
                .with(el("ol class='problems'").with_all(problems.iter().map(problem))),
        )
        .with(el("p class='quietly'").with(edit))
}
