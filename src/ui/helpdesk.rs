//! Whom to ask.

use std::rc::Rc;

use yew::prelude::*;

use crate::config::Helpdesk;
use crate::words::Words;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) words: Rc<Words>,
    pub(super) helpdesk: Helpdesk,
}

/// The helpdesk's name and every way to reach it.
#[component]
pub(super) fn HelpdeskLine(props: &Props) -> Html {
    let Helpdesk {
        name,
        phone,
        email,
        url,
    } = &props.helpdesk;
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
                    { props.words.get("ui.helpdesk.ticket") }
                </a>
            }
        </p>
    }
}
