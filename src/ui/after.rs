//! After the run: the verdict, the first step, what works, what else was found, and all of it for engineers.

use super::activities::activities;
use super::answer::answer;
use super::compared::compared;
use super::details::details;
use super::element::{El, card, el, fold, group};
use super::first_step::first_step;
use super::fix_list::fix_list;
use super::hand_over::hand_over;
use super::handed::handed;
use super::kept::kept;
use super::mark::{Tone, mark};
use super::paper::paper;
use super::questions::questions;
use super::{PageProps, progress};
use crate::activity::Status;
use crate::config::{Config, Reporting};
use crate::few::Gather as _;
use crate::meanwhile::{Alternative, Usable};
use crate::words::{Arg, Words};

/// The result.
#[inline(never)]
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
    let all = state.conclusion.as_ref().map_or(&[][..], |it| &it.meanwhile);
    let meanwhile = meanwhile(words, all);
    let lacking = (!words.has_results()).then(|| el("p class='aside'").word(words, "ui.words"));
    group()
        .with(answer(words, state))
        .with(kept(props))
        .with(compared(words, &props.guide, actions, *revealed))
        .with(lacking)
        .with(first.map(|fix| first_step(words, fix, helpdesk, actions, *revealed)))
        .with(
            card("activities", words.get("ui.activities"))
                .with(activities(words, &finished(props), false))
                .with(meanwhile),
        )
        .with(questions(props, config))
        .with(super::headset::headset(props, config))
        .with((fixes.len() > 1).then(|| fix_list(words, fixes, actions, *revealed)))
        .with(hand_over(
            words,
            helpdesk,
            actions,
            *revealed,
            props.handed.is_some(),
        ))
        .with((props.handed.as_ref()).map(|it| {
            // Of a draft that is tried nothing is sent.
            let nowhere = Reporting::default();
            let reporting = if props.tried { &nowhere } else { &config.reporting };
            handed(words, it, reporting, actions)
        }))
        .with(props.code.as_ref().map(|code| {
            // In a sentence from right to left its halves would change places: the marks keep them.
            let code = match words.get("ui.direction") {
                "rtl" => format!("\u{2066}{code}\u{2069}"),
                _ => code.clone(),
            };
            let code = [("code", Arg::Text(code))];
            el("p class='quietly code'").fill(words, "ui.code", &code)
        }))
        .with(props.earlier.then(|| {
            // In a tab of its own: the result stays here.
            let link = el("a href='#history' target='_blank' rel='noopener'").word(words, "ui.earlier");
            el("p class='quietly'").with(link)
        }))
        .with(details(props, config))
        .with(paper(props, config))
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

/// What the agent may use until it is mended: one line, and the rest to open.
fn meanwhile(words: &Words, all: &[Alternative]) -> Option<El> {
    let helps = |it: &&Alternative| it.usable != Usable::NoHelp;
    // What works, and the best of the rest.
    let works = all.iter().filter(|it| it.usable == Usable::Now);
    let next = all.iter().filter(helps).find(|it| it.usable != Usable::Now);
    let line: Vec<String> = works.chain(next).map(|it| words.say(&it.sentence())).few();
    if line.is_empty() {
        return None;
    }
    let what = Arg::Text(line.join(" "));
    let list = el("ul").with_all(all.iter().map(|it| {
        el("li")
            .set("data-meanwhile", it.id)
            .with(mark(match it.usable {
                Usable::Now => Tone::Good,
                Usable::Try | Usable::Provision => Tone::Unknown,
                Usable::NoHelp => Tone::Bad,
            }))
            .with(el("span").with(words.say(&it.sentence())))
    }));
    Some(
        el("div class='meanwhile'")
            .with(el("p").fill(words, "ui.meanwhile", &[("what", what)]))
            .with(fold(words.get("ui.meanwhile.all")).with(list)),
    )
}
