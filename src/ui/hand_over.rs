//! What to do with the result: run again, copy, save, print, and whom to ask.

use std::rc::Rc;

use yew::prelude::*;

use super::helpdesk::HelpdeskLine;
use super::{Action, ask};
use crate::config::Helpdesk;
use crate::words::Words;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) words: Rc<Words>,
    pub(super) helpdesk: Option<Helpdesk>,
    pub(super) actions: Callback<Action>,
    pub(super) revealed: bool,
}

/// The row of buttons below the result.
#[component]
pub(super) fn HandOver(props: &Props) -> Html {
    let Props {
        words,
        actions,
        revealed,
        ..
    } = props;
    html! {
        <section class="actions" aria-label={words.get("ui.actions").to_owned()}>
            <button type="button" id="start" class="primary" data-action="start" onclick={ask(actions, Action::Start)}>
                { words.get("ui.actions.again") }
            </button>
            <button type="button" data-action="copy-ticket" onclick={ask(actions, Action::CopyTicket)}>
                { words.get("ui.actions.ticket") }
            </button>
            <button type="button" data-action="save" onclick={ask(actions, Action::SaveReport)}>
                { words.get("ui.actions.save") }
            </button>
            <button type="button" data-action="print" onclick={ask(actions, Action::Print)}>
                { words.get("ui.actions.print") }
            </button>
            <label class="check">
                <input type="checkbox" id="full-addresses" checked={*revealed}
                    onchange={ask(actions, Action::RevealAddresses(!revealed))} />
                <span>{ words.get("ui.actions.addresses") }</span>
            </label>
            if let Some(helpdesk) = &props.helpdesk {
                <HelpdeskLine words={words.clone()} helpdesk={helpdesk.clone()} />
            }
        </section>
    }
}
