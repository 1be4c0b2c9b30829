//! Before the run: the question, how long it takes, what it does, and one big button.

use std::rc::Rc;

use yew::prelude::*;

use super::leaves::Leaves;
use super::{Action, ask};
use crate::checkup::State;
use crate::config::{Config, Phone};
use crate::link::Link;
use crate::words::{Arg, Words};

const PHONES: [(Phone, &str); 5] = [
    (Phone::WebrtcEmbedded, "ui.phone.webrtc-embedded"),
    (Phone::WebrtcSoftphone, "ui.phone.webrtc-softphone"),
    (Phone::Sip, "ui.phone.sip"),
    (Phone::Corporate, "ui.phone.corporate"),
    (Phone::Pstn, "ui.phone.pstn"),
];

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) words: Rc<Words>,
    pub(super) config: Rc<Config>,
    pub(super) link: Rc<Link>,
    pub(super) state: Rc<State>,
    pub(super) actions: Callback<Action>,
}

/// The first screen.
#[component]
pub(super) fn Before(props: &Props) -> Html {
    let words = &props.words;
    let seconds = props.state.plan.expected.as_seconds().ceil();
    let lead = if seconds > 0.0 {
        words.fill("ui.before.lead", &[("seconds", Arg::Number(seconds))])
    } else {
        words.get("ui.before.lead-short").to_owned()
    };
    html! {
        <section class="hero">
            <h1>{ words.get("ui.before.title") }</h1>
            <p class="lead">{ lead }</p>
            <p>
                <button type="button" id="start" class="primary large" data-action="start"
                    onclick={ask(&props.actions, Action::Start)}>
                    { words.get("ui.before.start") }
                </button>
            </p>
            <p class="quietly">{ words.get("ui.before.promise") }</p>
            <div class="folds">
                <details>
                    <summary>{ words.get("ui.leaves") }</summary>
                    <Leaves words={props.words.clone()} config={props.config.clone()} state={props.state.clone()} />
                </details>
                { phones(props) }
            </div>
        </section>
    }
}

fn phones(props: &Props) -> Html {
    let words = &props.words;
    let chosen = props.link.phone.unwrap_or(props.config.phone);
    let name = PHONES
        .iter()
        .find(|(phone, _)| *phone == chosen)
        .map_or("", |(_, key)| key);
    html! {
        <details>
            <summary>{ words.fill("ui.phone", &[("phone", Arg::Word(name.to_owned()))]) }</summary>
            <fieldset class="choices">
                <legend>{ words.get("ui.phone.which") }</legend>
                for (phone, key) in PHONES {
                    <label>
                        <input type="radio" name="phone" checked={phone == chosen}
                            onchange={ask(&props.actions, Action::SetPhone(phone))} />
                        <span>{ words.get(key) }</span>
                    </label>
                }
            </fieldset>
        </details>
    }
}
