//! Whom to ask.

use super::element::{El, el};
use crate::config::Helpdesk;
use crate::words::Words;

/// The helpdesk's name and every way to reach it.
pub(super) fn helpdesk_line(words: &Words, helpdesk: &Helpdesk) -> El {
    let phone = helpdesk.phone.as_ref().map(|phone| {
        el("a")
            .set("href", format!("tel:{}", phone.replace(' ', "")))
            .with(phone)
    });
    let email = helpdesk
        .email
        .as_ref()
        .map(|email| el("a").set("href", format!("mailto:{email}")).with(email));
    let url = helpdesk.url.as_ref().map(|url| {
        el("a href='' target='_blank' rel='noopener noreferrer'")
            .set("href", url)
            .word(words, "ui.helpdesk.ticket")
    });
    el("p class='helpdesk'")
        .with(el("span").with(&helpdesk.name))
        .with(phone)
        .with(email)
        .with(url)
}
