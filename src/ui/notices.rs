//! What the link brought: the ticket, and what was malformed in it and ignored.

use yew::prelude::*;

use crate::link::Link;
use crate::words::{Arg, Words};

/// Small notices above everything else.
pub(super) fn notices(words: &Words, link: &Link) -> Html {
    html! {
        <>
            if let Some(ticket) = &link.ticket {
                <p class="ticket">{ words.fill("ui.ticket", &[("ticket", Arg::Text(ticket.clone()))]) }</p>
            }
            if !link.problems.is_empty() {
                <div class="aside">
                    <p>{ words.get("ui.link.ignored") }</p>
                    <ul>
                        for problem in &link.problems {
                            <li><code>{ &problem.path }</code>{ " " }{ &problem.what }{ " " }{ &problem.remedy }</li>
                        }
                    </ul>
                </div>
            }
        </>
    }
}
