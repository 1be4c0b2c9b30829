//! The one thing to do first: who acts, how, and the text to hand over.

use yew::prelude::*;

use super::helpdesk::helpdesk_line;
use super::{Action, ask, said};
use crate::config::Helpdesk;
use crate::fix::{Fix, Owner};
use crate::words::Words;

/// The card of the first fix.
pub(super) fn first_step(
    words: &Words,
    fix: &Fix,
    helpdesk: Option<&Helpdesk>,
    actions: &Callback<Action>,
    revealed: bool,
) -> Html {
    html! {
        <section class="card first" aria-labelledby="first" data-fix={fix.id}>
            <header>
                <h2 id="first">{ words.get("ui.first") }</h2>
                <p class="owner">{ owner(words, fix.owner) }</p>
            </header>
            <p class="title">{ said(words, &fix.title, revealed) }</p>
            { steps(words, fix, revealed) }
            <p class="row">
                if !fix.copy.is_empty() {
                    <button type="button" class="primary" data-action="copy-fix"
                        onclick={ask(actions, Action::CopyFix(0))}>
                        { words.get("ui.fix.copy") }
                    </button>
                }
                <button type="button" data-action="retest"
                    onclick={ask(actions, Action::Retest(fix.retest.clone()))}>
                    { words.get("ui.fix.retest") }
                </button>
            </p>
            if let Some(helpdesk) = helpdesk.filter(|_| fix.owner == Owner::Helpdesk) {
                { helpdesk_line(words, helpdesk) }
            }
            { request(words, fix, revealed) }
        </section>
    }
}

/// The steps of a fix.
pub(super) fn steps(words: &Words, fix: &Fix, revealed: bool) -> Html {
    html! {
        if !fix.steps.is_empty() {
            <ol class="steps">
                for step in &fix.steps {
                    <li>{ said(words, step, revealed) }</li>
                }
            </ol>
        }
    }
}

/// The text to hand over, to be read before it is copied.
pub(super) fn request(words: &Words, fix: &Fix, revealed: bool) -> Html {
    let lines: Vec<_> = fix.copy.iter().map(|line| said(words, line, revealed)).collect();
    html! {
        if !lines.is_empty() {
            <details class="request">
                <summary>{ words.get("ui.fix.read") }</summary>
                <pre>{ lines.join("\n") }</pre>
            </details>
        }
    }
}

/// Who acts, as the agent would say it.
pub(super) fn owner(words: &Words, owner: Owner) -> String {
    let key = match owner {
        Owner::Agent => "owner.agent",
        Owner::Helpdesk => "owner.helpdesk",
        Owner::Desktop => "owner.desktop",
        Owner::Network => "owner.network",
        Owner::Proxy => "owner.proxy",
        Owner::Vpn => "owner.vpn",
        Owner::Vdi => "owner.vdi",
        Owner::Vendor => "owner.vendor",
    };
    words.get(key).to_owned()
}
