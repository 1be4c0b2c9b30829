//! Before the run: the question, how long it takes, what it does, and one big button.

use super::element::{El, el, fold, group};
use super::fix_list::by_owner;
use super::helpdesk::helpdesk_line;
use super::kept::{kept, last};
use super::leaves::leaves;
use super::{Action, PageProps, verdict};
use crate::catalogue::is_local;
use crate::config::{Config, Phone, Transport};
use crate::diagnosis::{Severity, diagnose};
use crate::few::Gather as _;
use crate::fix::{Owner, fixes};
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
        .with(kept(props))
        .with(props.whole.then(|| plan_warnings(props, config)))
        .with(last(props))
        .with(el("p class='quietly'").word(words, "ui.before.promise"))
        .with(
            asks_for_local_network(config)
                .then(|| el("p class='quietly'").word(words, "ui.before.local-network")),
        )
        .with(props.earlier.then(|| {
            let link = el("a href='#history'").word(words, "ui.earlier");
            el("p class='quietly'").with(link)
        }))
        .with(
            el("div class='folds'")
                .with(fold(words.get("ui.leaves")).with(leaves(words, config, &props.state.plan)))
                .with(phones(props, config)),
        )
}

/// What cannot work by the plan, whatever the line is like: said before anybody waits for a check.
#[inline(never)]
pub(super) fn plan_warnings(props: &PageProps, config: &Config) -> El {
    let (words, seen) = (&props.words, &props.state.observations);
    let findings = diagnose(config, seen);
    let fixes = fixes(config, &findings, seen);
    let bad = findings
        .iter()
        .filter(|it| it.stands() && it.severity < Severity::Info);
    let bad = bad.map(|finding| {
        let steps = fixes.iter().filter(|fix| fix.resolves.contains(&finding.id));
        let asks = steps.clone().any(|fix| fix.owner == Owner::Helpdesk);
        let helpdesk = config.helpdesk.as_ref().filter(|_| asks);
        // Most of it is not for the agent to do, so each stands under who does it.
        let steps = by_owner(words, &steps.few(), &|fix| el("p").with(words.say(&fix.title)));
        el("aside class='card warning'")
            .set("data-finding", finding.id)
            .with(el("h2").with(verdict::title(words, finding)))
            .with(el("p").word(words, &format!("cause.{}.says", finding.id)))
            .with(steps)
            .with(helpdesk.map(|helpdesk| helpdesk_line(words, helpdesk)))
    });
    group().with_all(bad)
}

/// Whether browsers may ask before they let the page reach what is configured: then the question is no surprise.
fn asks_for_local_network(config: &Config) -> bool {
    let local = config.applications.iter().any(|it| is_local(&it.url.host));
    local || config.transport != Transport::Internet
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
