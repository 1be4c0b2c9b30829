//! What the last run proved: did the fix work, what did the try show, and what is done so far.

use yew::Callback;

use super::element::{El, card, el, group};
use super::first_step::{owner, request};
use super::{Action, all_said, said};
use crate::guided::{Compared, Guide, Outcome};
use crate::words::{Arg, Words};

/// The card, when there is something to tell.
pub(super) fn compared(
    words: &Words,
    guide: &Guide,
    actions: &Callback<Action>,
    revealed: bool,
) -> Option<El> {
    let solved = (!guide.solved.is_empty()).then(|| {
        let list = all_said(el("ul class='solved'"), words, &guide.solved, revealed);
        group()
            .with(el("h3").word(words, "ui.compared.solved"))
            .with(list)
    });
    let last = guide.compared.as_ref();
    (last.is_some() || solved.is_some()).then(|| {
        card("compared", words.get("ui.compared"))
            .with(last.map(|it| show(words, it, actions, revealed)))
            .with(solved)
    })
}

fn show(words: &Words, it: &Compared, actions: &Callback<Action>, revealed: bool) -> El {
    let outcome = match it.outcome {
        Outcome::Works => "works",
        Outcome::Same => "same",
        _ => "open",
    };
    let details = (!it.details.is_empty()).then(|| all_said(el("ul"), words, &it.details, revealed));
    let proof = it.request.as_ref().map(|fix| {
        let to = [("owner", Arg::Text(owner(words, fix.owner)))];
        let copy = el("button type='button' class='primary' data-action='copy-proof'")
            .on_click(actions, Action::CopyProof)
            .word(words, "ui.fix.copy");
        group()
            .with(el("p").fill(words, "ui.compared.send", &to))
            .with(el("p class='row'").with(copy))
            .with(request(words, fix, revealed))
    });
    el("div")
        .set("data-outcome", outcome)
        .with(el("p class='title'").with(said(words, &it.says, revealed)))
        .with(details)
        .with(proof)
}
