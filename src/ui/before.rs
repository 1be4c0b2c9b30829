//! Before the run: the question, how long it takes, what it does, and one big button.

use super::element::{El, el, fold};
use super::leaves::leaves;
use super::{Action, PageProps};
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
pub(super) fn before(props: &PageProps, config: &Config) -> El {
    let words = &props.words;
    let seconds = props.state.plan.expected.as_seconds().ceil();
    let lead = if seconds > 0.0 {
        "ui.before.lead"
    } else {
        "ui.before.lead-short"
    };
    let start = el("button type='button' id='start' data-action='start' class='primary large'");
    el("section class='hero'")
        .with(el("h1").word(words, "ui.before.title"))
        .with(el("p class='lead'").fill(words, lead, &[("seconds", Arg::Number(seconds))]))
        .with(
            el("p").with(
                start
                    .on_click(&props.actions, Action::Start)
                    .word(words, "ui.before.start"),
            ),
        )
        .with(el("p class='quietly'").word(words, "ui.before.promise"))
        .with(
            el("div class='folds'")
                .with(fold(words.get("ui.leaves")).with(leaves(words, config, &props.state.plan)))
                .with(phones(props, config)),
        )
}

fn phones(props: &PageProps, config: &Config) -> El {
    let words = &props.words;
    let chosen = props.link.phone.unwrap_or(config.phone);
    let mut name = "";
    let mut choices = el("fieldset class='choices'").with(el("legend").word(words, "ui.phone.which"));
    for (phone, key) in PHONES {
        if phone == chosen {
            name = key;
        }
        let choice = el("input type='radio' name='phone'")
            .checked(phone == chosen)
            .on_change(&props.actions, Action::SetPhone(phone));
        choices = choices.with(el("label").with(choice).with(el("span").word(words, key)));
    }
    fold(&words.fill("ui.phone", &[("phone", Arg::Word(name.to_owned()))])).with(choices)
}
