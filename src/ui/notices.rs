//! What the link brought: the ticket, and what was malformed in it and ignored.

use std::rc::Rc;

use yew::prelude::*;

use crate::link::Link;
use crate::words::{Arg, Words};

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) words: Rc<Words>,
    pub(super) link: Rc<Link>,
}

/// Small notices above everything else.
#[component]
pub(super) fn Notices(props: &Props) -> Html {
    let words = &props.words;
    html! {
        <>
            if let Some(ticket) = &props.link.ticket {
                <p class="ticket">{ words.fill("ui.ticket", &[("ticket", Arg::Text(ticket.clone()))]) }</p>
            }
            if !props.link.problems.is_empty() {
                <div class="aside">
                    <p>{ words.get("ui.link.ignored") }</p>
                    <ul>
                        for problem in &props.link.problems {
                            <li><code>{ &problem.path }</code>{ " " }{ &problem.what }{ " " }{ &problem.remedy }</li>
                        }
                    </ul>
                </div>
            }
        </>
    }
}
