//! What else was found: the fixes after the first one, by who acts.

use std::rc::Rc;

use yew::prelude::*;

use super::first_step::{owner, request, steps};
use super::{Action, ask, said};
use crate::fix::{Fix, Owner};
use crate::words::{Arg, Words};

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) words: Rc<Words>,
    /// All fixes, the first one included: their places count.
    pub(super) fixes: Vec<Fix>,
    pub(super) actions: Callback<Action>,
    pub(super) revealed: bool,
}

/// The remaining fixes.
#[component]
pub(super) fn FixList(props: &Props) -> Html {
    let words = &props.words;
    let count = Arg::Number((props.fixes.len() - 1) as f64);
    let mut owners: Vec<Owner> = Vec::new();
    for fix in &props.fixes[1..] {
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
                    for (index, fix) in props.fixes.iter().enumerate().skip(1).filter(|(_, fix)| fix.owner == who) {
                        { show(props, index, fix) }
                    }
                </section>
            }
        </details>
    }
}

fn show(props: &Props, index: usize, fix: &Fix) -> Html {
    let Props {
        words,
        actions,
        revealed,
        ..
    } = props;
    html! {
        <article data-fix={fix.id}>
            <p class="title">{ said(words, &fix.title, *revealed) }</p>
            { steps(words, fix, *revealed) }
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
            { request(words, fix, *revealed) }
        </article>
    }
}
