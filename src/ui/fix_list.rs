//! What else was found: the fixes after the first one, by who acts.

use yew::Callback;

use super::element::{El, el};
use super::first_step::{buttons, owner, request, steps};
use super::{Action, said};
use crate::fix::{Fix, Owner};
use crate::words::{Arg, Words};

/// The remaining fixes, of all: the first one is included, because their places count.
pub(super) fn fix_list(words: &Words, fixes: &[Fix], actions: &Callback<Action>, revealed: bool) -> El {
    let count = Arg::Number((fixes.len() - 1) as f64);
    let mut list =
        el("details class='card also'").with(el("summary").fill(words, "ui.also", &[("count", count)]));
    let mut owners: Vec<Owner> = Vec::new();
    for fix in &fixes[1..] {
        if owners.contains(&fix.owner) {
            continue;
        }
        owners.push(fix.owner);
        let mut section = el("section").with(el("h3").with(owner(words, fix.owner)));
        for (index, other) in fixes.iter().enumerate().skip(1) {
            if other.owner == fix.owner {
                section = section.with(show(words, index, other, actions, revealed));
            }
        }
        list = list.with(section);
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
