//! What else was found: the fixes after the first one, by who acts.

use yew::Callback;

use super::element::{El, el, group};
use super::first_step::{buttons, owner, request, steps};
use super::{Action, said};
use crate::few::Gather as _;
use crate::fix::{Fix, Owner};
use crate::words::{Arg, Words};

/// The remaining fixes, of all: the first one is included, because their places count.
pub(super) fn fix_list(words: &Words, fixes: &[Fix], actions: &Callback<Action>, revealed: bool) -> El {
    let count = Arg::Number((fixes.len() - 1) as f64);
    let others: Vec<&Fix> = fixes[1..].iter().few();
    let list = by_owner(words, &others, &|fix| {
        let index = fixes.iter().position(|it| std::ptr::eq(it, fix));
        show(words, index.unwrap_or_default(), fix, actions, revealed)
    });
    el("details class='card also'")
        .with(el("summary").fill(words, "ui.also", &[("count", count)]))
        .with(list)
}

/// Fixes under the person who acts.
pub(super) fn by_owner(words: &Words, fixes: &[&Fix], show: &dyn Fn(&Fix) -> El) -> El {
    let mut list = group();
    let mut owners: Vec<Owner> = Vec::new();
    for fix in fixes {
        if owners.contains(&fix.owner) {
            continue;
        }
        owners.push(fix.owner);
        let section = el("section").with(el("h3").with(owner(words, fix.owner)));
        let own = fixes.iter().filter(|it| it.owner == fix.owner);
        list = list.with(section.with_all(own.map(|fix| show(fix))));
    }
    list
}

fn show(words: &Words, index: usize, fix: &Fix, actions: &Callback<Action>, revealed: bool) -> El {
    el("article")
        .set("data-fix", fix.id)
        .with(el("p class='title'").with(said(words, &fix.title, revealed)))
        .with(steps(words, fix, revealed))
        .with(buttons(words, index, fix, actions))
        .with(request(words, fix, revealed))
}
