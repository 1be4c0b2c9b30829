//! What else was found: the fixes after the first one, by who acts.

use yew::prelude::*;

use super::first_step::{owner, request, steps};
use super::{Action, ask, said};
use crate::fix::{Fix, Owner};
use crate::words::{Arg, Words};

/// The remaining fixes, of all: the first one is included, because their places count.
pub(super) fn fix_list(words: &Words, fixes: &[Fix], actions: &Callback<Action>, revealed: bool) -> Html {
    let count = Arg::Number((fixes.len() - 1) as f64);
    let mut owners: Vec<Owner> = Vec::new();
    for fix in &fixes[1..] {
        if !owners.contains(&fix.owner) {
            owners.push(fix.owner);
        }
    }
    html! {
        <details class="card also">
            <summary>{ words.fill("ui.also", &[("count", count)]) }</summary>
            for who in owners {
                <section>
                    <h3>{ owner(words, who) }</h3>
                    for (index, fix) in fixes.iter().enumerate().skip(1).filter(|(_, fix)| fix.owner == who) {
                        { show(words, index, fix, actions, revealed) }
                    }
                </section>
            }
        </details>
    }
}

fn show(words: &Words, index: usize, fix: &Fix, actions: &Callback<Action>, revealed: bool) -> Html {
    html! {
        <article data-fix={fix.id}>
            <p class="title">{ said(words, &fix.title, revealed) }</p>
            { steps(words, fix, revealed) }
            <p class="row">
                if !fix.copy.is_empty() {
                    <button type="button" data-action="copy-fix" onclick={ask(actions, Action::CopyFix(index))}>
                        { words.get("ui.fix.copy") }
                    </button>
                }
                <button type="button" data-action="retest"
                    onclick={ask(actions, Action::Retest(fix.retest.clone()))}>
                    { words.get("ui.fix.retest") }
                </button>
            </p>
            { request(words, fix, revealed) }
        </article>
    }
}
