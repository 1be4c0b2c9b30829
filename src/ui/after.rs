//! After the run: the verdict, the first step, what works, what else was found, and all of it for engineers.

use std::rc::Rc;

use yew::prelude::*;

use super::activities::Activities;
use super::answer::Answer;
use super::details::Details;
use super::first_step::FirstStep;
use super::fix_list::FixList;
use super::hand_over::HandOver;
use super::{Action, progress};
use crate::activity::Status;
use crate::checkup::State;
use crate::config::{ActivityId, Config};
use crate::link::Link;
use crate::words::Words;

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
            <Answer words={words.clone()} state={state.clone()} />
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
            <HandOver words={words.clone()} helpdesk={config.helpdesk.clone()} actions={actions.clone()}
                revealed={*revealed} />
            <Details words={words.clone()} state={state.clone()} revealed={*revealed} />
        </>
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
    let in_browser = props.link.phone.unwrap_or(props.config.phone).uses_browser();
    in_browser && is(ActivityId::Voice, &[Status::Blocked]) && is(ActivityId::AgentDesktop, &[Status::Works])
}
