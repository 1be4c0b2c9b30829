//! What the link brought: the ticket, and what was malformed in it and ignored.

use super::element::{El, el, group};
use crate::config::Problem;
use crate::link::Link;
use crate::words::{Arg, Words};

/// Small notices above everything else.
pub(super) fn notices(words: &Words, link: &Link) -> El {
    let ticket = link.ticket.as_ref().map(|ticket| {
        el("p class='ticket'").fill(words, "ui.ticket", &[("ticket", Arg::Text(ticket.clone()))])
    });
    let ignored = (!link.problems.is_empty()).then(|| {
        el("div class='aside'")
            .with(el("p").word(words, "ui.link.ignored"))
            .with(el("ul").with_all(link.problems.iter().map(|it| problem(words, it))))
    });
    group().with(ticket).with(ignored)
}

/// What is wrong, where, and what would be right, as an entry of a list.
pub(super) fn problem(words: &Words, problem: &Problem) -> El {
    let said = problem.said(words);
    el("li")
        .with(el("code").with(&problem.path))
        .with(" ")
        .with(&said.what)
        .with(" ")
        .with(&said.remedy)
}
