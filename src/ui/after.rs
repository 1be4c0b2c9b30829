//! After the run: the verdict, the first step, what works, what else was found, and all of it for engineers.

use std::rc::Rc;

use yew::prelude::*;

use super::activities::Activities;
use super::details::Details;
use super::first_step::FirstStep;
use super::fix_list::FixList;
use super::helpdesk::HelpdeskLine;
use super::mark::{Mark, Tone};
use super::{Action, ask, progress, verdict};
use crate::activity::Status;
use crate::checkup::{Phase, State};
use crate::config::{ActivityId, Config, Phone};
use crate::link::Link;
use crate::words::{Arg, Words};

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) words: Rc<Words>,
    pub(super) config: Rc<Config>,
    pub(super) link: Rc<Link>,
    pub(super) state: Rc<State>,
    pub(super) actions: Callback<Action>,
    pub(super) revealed: bool,
}

/// The result.
#[component]
pub(super) fn After(props: &Props) -> Html {
    let Props {
        words,
        config,
        state,
        actions,
        revealed,
        ..
    } = props;
    let fixes = state
        .conclusion
        .as_ref()
        .map_or(&[][..], |conclusion| &conclusion.fixes);
    html! {
        <>
            { answer(props) }
            if let Some(fix) = fixes.first() {
                <FirstStep words={words.clone()} fix={fix.clone()} helpdesk={config.helpdesk.clone()}
                    actions={actions.clone()} revealed={*revealed} />
            }
            <section class="card" aria-labelledby="activities">
                <h2 id="activities">{ words.get("ui.activities") }</h2>
                <Activities words={words.clone()} rows={finished(props)} running={false} />
                if meanwhile(props) {
                    <p class="meanwhile">{ words.get("ui.meanwhile") }</p>
                }
            </section>
            if fixes.len() > 1 {
                <FixList words={words.clone()} fixes={fixes.to_vec()} actions={actions.clone()}
                    revealed={*revealed} />
            }
            { hand_over(props) }
            <Details words={words.clone()} state={state.clone()} revealed={*revealed} />
        </>
    }
}

fn answer(props: &Props) -> Html {
    let Props {
        words,
        state,
        revealed,
        ..
    } = props;
    let tone = state
        .conclusion
        .as_ref()
        .map_or(Tone::Unknown, |conclusion| conclusion.verdict.into());
    let stopped = state.phase == Phase::Stopped && state.conclusion.is_some();
    html! {
        <section class={classes!("verdict", tone.class())} aria-labelledby="verdict" data-verdict={tone.class()}>
            <Mark {tone} />
            <div>
                <h1 id="verdict" tabindex="-1">{ verdict::sentence(words, state) }</h1>
                <p class="subline">{ verdict::subline(words, state, *revealed) }</p>
                if stopped {
                    <p class="subline">
                        { words.fill("ui.subline.stopped", &[("elapsed", Arg::Time(state.elapsed))]) }
                    </p>
                }
            </div>
        </section>
    }
}

/// The rows with what was concluded, whether or not all that was planned came in.
fn finished(props: &Props) -> Vec<progress::Row> {
    let mut rows = progress::rows(&props.state);
    let activities = props
        .state
        .conclusion
        .as_ref()
        .map_or(&[][..], |conclusion| &conclusion.activities);
    for row in &mut rows {
        let status = activities
            .iter()
            .find(|activity| activity.id == row.id)
            .map(|activity| activity.status);
        row.status = Some(status.unwrap_or(Status::Unknown));
    }
    rows
}

/// Whether an ordinary telephone would help: the desktop works, only the voice in the browser does not.
fn meanwhile(props: &Props) -> bool {
    let Some(conclusion) = &props.state.conclusion else {
        return false;
    };
    let is = |id, wanted: &[Status]| {
        conclusion
            .activities
            .iter()
            .any(|activity| activity.id == id && wanted.contains(&activity.status))
    };
    let in_browser = matches!(
        props.link.phone.unwrap_or(props.config.phone),
        Phone::WebrtcEmbedded | Phone::WebrtcSoftphone
    );
    in_browser && is(ActivityId::Voice, &[Status::Blocked]) && is(ActivityId::AgentDesktop, &[Status::Works])
}

fn hand_over(props: &Props) -> Html {
    let Props {
        words,
        actions,
        revealed,
        ..
    } = props;
    html! {
        <section class="actions" aria-label={words.get("ui.actions").to_owned()}>
            <button type="button" id="start" class="primary" data-action="start" onclick={ask(actions, Action::Start)}>
                { words.get("ui.actions.again") }
            </button>
            <button type="button" data-action="copy-ticket" onclick={ask(actions, Action::CopyTicket)}>
                { words.get("ui.actions.ticket") }
            </button>
            <button type="button" data-action="save" onclick={ask(actions, Action::SaveReport)}>
                { words.get("ui.actions.save") }
            </button>
            <button type="button" data-action="print" onclick={ask(actions, Action::Print)}>
                { words.get("ui.actions.print") }
            </button>
            <label class="check">
                <input type="checkbox" id="full-addresses" checked={*revealed}
                    onchange={ask(actions, Action::RevealAddresses(!revealed))} />
                <span>{ words.get("ui.actions.addresses") }</span>
            </label>
            if let Some(helpdesk) = &props.config.helpdesk {
                <HelpdeskLine words={words.clone()} helpdesk={helpdesk.clone()} />
            }
        </section>
    }
}
