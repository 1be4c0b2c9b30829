//! After the run: the verdict, the first step, what works, what else was found, and all of it for engineers.

use super::activities::activities;
use super::answer::answer;
use super::details::details;
use super::element::{El, card, el, group};
use super::first_step::first_step;
use super::fix_list::fix_list;
use super::hand_over::hand_over;
use super::{PageProps, progress};
use crate::activity::Status;
use crate::config::{ActivityId, Config};

/// The result.
pub(super) fn after(props: &PageProps, config: &Config) -> El {
    let PageProps {
        words,
        state,
        actions,
        revealed,
        ..
    } = props;
    let fixes = state
        .conclusion
        .as_ref()
        .map_or(&[][..], |conclusion| &conclusion.fixes);
    let helpdesk = config.helpdesk.as_ref();
    let first = fixes.first();
    let meanwhile = meanwhile(props, config).then(|| el("p class='meanwhile'").word(words, "ui.meanwhile"));
    group()
        .with(answer(words, state))
        .with(first.map(|fix| first_step(words, fix, helpdesk, actions, *revealed)))
        .with(
            card("activities", words.get("ui.activities"))
                .with(activities(words, &finished(props), false))
                .with(meanwhile),
        )
        .with(super::headset::headset(props, config))
        .with((fixes.len() > 1).then(|| fix_list(words, fixes, actions, *revealed)))
        .with(hand_over(words, helpdesk, actions, *revealed))
        .with(details(words, state, *revealed))
}

/// The rows with what was concluded, whether or not all that was planned came in.
fn finished(props: &PageProps) -> Vec<progress::Row> {
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
fn meanwhile(props: &PageProps, config: &Config) -> bool {
    let Some(conclusion) = &props.state.conclusion else {
        return false;
    };
    let is = |id, wanted: &[Status]| {
        conclusion
            .activities
            .iter()
            .any(|activity| activity.id == id && wanted.contains(&activity.status))
    };
    let in_browser = props.link.phone.unwrap_or(config.phone).uses_browser();
    in_browser && is(ActivityId::Voice, &[Status::Blocked]) && is(ActivityId::AgentDesktop, &[Status::Works])
}
