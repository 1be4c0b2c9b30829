//! What to do with the result: run again, copy, save, print, and whom to ask.

use yew::Callback;

use super::Action;
use super::element::{El, el};
use super::helpdesk::helpdesk_line;
use crate::config::Helpdesk;
use crate::words::Words;

/// The row of buttons below the result.
pub(super) fn hand_over(
    words: &Words,
    helpdesk: Option<&Helpdesk>,
    actions: &Callback<Action>,
    revealed: bool,
    shown: bool,
) -> El {
    let button = |opening, action, key: &str| el(opening).on_click(actions, action).word(words, key);
    let full = el("input type='checkbox' id='full-addresses'")
        .checked(revealed)
        .on_change(actions, Action::RevealAddresses(!revealed));
    el("section")
        .set("aria-label", words.get("ui.actions"))
        .class("actions")
        .with(button(
            "button type='button' id='start' data-action='start' class='primary'",
            Action::Start,
            "ui.actions.again",
        ))
        .with(button(
            "button type='button' data-action='copy-ticket'",
            Action::CopyTicket,
            "ui.actions.ticket",
        ))
        .with(button(
            "button type='button' data-action='save'",
            Action::SaveReport,
            "ui.actions.save",
        ))
        .with(button(
            "button type='button' data-action='share'",
            Action::Share,
            "ui.actions.share",
        ))
        .with(button(
            "button type='button' data-action='print'",
            Action::Print,
            "ui.actions.print",
        ))
        .with(words.has_results().then(|| {
            let opening = "button type='button' data-action='show-handed' class='opens'";
            button(opening, Action::ShowHanded(!shown), "ui.handed").set("aria-expanded", shown.to_string())
        }))
        .with(
            el("label class='check'")
                .with(full)
                .with(el("span").word(words, "ui.actions.addresses")),
        )
        .with(helpdesk.map(|helpdesk| helpdesk_line(words, helpdesk)))
}
