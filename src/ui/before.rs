//! Before the run: the question, how long it takes, what it does, and one big button.

use yew::prelude::*;

use super::leaves::leaves;
use super::{Action, PageProps, ask};
use crate::config::{Config, Phone};
use crate::words::Arg;

const PHONES: [(Phone, &str); 5] = [
    (Phone::WebrtcEmbedded, "ui.phone.webrtc-embedded"),
    (Phone::WebrtcSoftphone, "ui.phone.webrtc-softphone"),
    (Phone::Sip, "ui.phone.sip"),
    (Phone::Corporate, "ui.phone.corporate"),
    (Phone::Pstn, "ui.phone.pstn"),
];

/// The first screen.
pub(super) fn before(props: &PageProps, config: &Config) -> Html {
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
                    { leaves(words, config, &props.state.plan) }
                </details>
                { phones(props, config) }
            </div>
        </section>
    }
}

fn phones(props: &PageProps, config: &Config) -> Html {
    let words = &props.words;
    let chosen = props.link.phone.unwrap_or(config.phone);
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
