//! What to do with the result: run again, copy, save, print, and whom to ask.

use yew::prelude::*;

use super::helpdesk::helpdesk_line;
use super::{Action, ask};
use crate::config::Helpdesk;
use crate::words::Words;

/// The row of buttons below the result.
pub(super) fn hand_over(
    words: &Words,
    helpdesk: Option<&Helpdesk>,
    actions: &Callback<Action>,
    revealed: bool,
) -> Html {
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
                <input type="checkbox" id="full-addresses" checked={revealed}
                    onchange={ask(actions, Action::RevealAddresses(!revealed))} />
                <span>{ words.get("ui.actions.addresses") }</span>
            </label>
            if let Some(helpdesk) = helpdesk {
                { helpdesk_line(words, helpdesk) }
            }
        </section>
    }
}
