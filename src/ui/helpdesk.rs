//! Whom to ask.

use yew::prelude::*;

use crate::config::Helpdesk;
use crate::words::Words;

/// The helpdesk's name and every way to reach it.
pub(super) fn helpdesk_line(words: &Words, helpdesk: &Helpdesk) -> Html {
    let Helpdesk {
        name,
        phone,
        email,
        url,
    } = helpdesk;
    html! {
        <p class="helpdesk">
            <span>{ name }</span>
            if let Some(phone) = phone {
                <a href={format!("tel:{}", phone.replace(' ', ""))}>{ phone }</a>
            }
            if let Some(email) = email {
                <a href={format!("mailto:{email}")}>{ email }</a>
            }
            if let Some(url) = url {
                <a href={url.clone()} target="_blank" rel="noopener noreferrer">
                    { words.get("ui.helpdesk.ticket") }
                </a>
            }
        </p>
    }
}
