//! While the check runs: one line of what happens now, a row per activity, the ladder as it grows.

use super::activities::activities;
use super::element::{El, card, el, group};
use super::ladder_chart::ladder_chart;
use super::mark::{Tone, mark};
use super::now::now;
use super::{Action, PageProps, progress, said, verdict};
use crate::checkup::State;
use crate::diagnosis::{Confidence, Finding, Severity};
use crate::words::{Arg, Words};

/// The running screen.
#[inline(never)]
pub(super) fn during(props: &PageProps) -> El {
    let PageProps {
        words,
        state,
        revealed,
        ..
    } = props;
    let ladder = (!state.plan.call.is_empty()).then(|| {
        card("ladder", words.get("ui.ladder")).with(ladder_chart(
            words,
            &state.plan.ladder,
            &state.steps,
            true,
        ))
    });
    group()
        .with(
            el("section aria-labelledby='now' class='running'")
                .with(el("h1 id='now' tabindex='-1'").word(words, "ui.during.title"))
                .with(el("p class='lead'").with(words.say(&now(state))))
                .with(clock(props)),
        )
        .with_all(certain(state).map(|finding| early(words, finding, *revealed)))
        .with(card("activities", words.get("ui.activities")).with(activities(
            words,
            &progress::rows(state),
            true,
        )))
        .with(ladder)
}

/// How long it takes, and the way out.
fn clock(props: &PageProps) -> El {
    let PageProps { words, state, .. } = props;
    let expected = state.plan.expected.0.max(1.0);
    let time = [
        (
            "elapsed",
            Arg::Number((state.elapsed.as_seconds() * 10.0).round() / 10.0),
        ),
        ("expected", Arg::Number(state.plan.expected.as_seconds().ceil())),
    ];
    let progress = el("progress")
        .whole("max", expected)
        .set("aria-label", words.get("ui.during.progress"))
        .whole("value", state.elapsed.0.min(expected));
    let stop = el("button type='button' data-action='stop'").on_click(&props.actions, Action::Stop);
    el("div class='clock'")
        .with(progress)
        .with(el("span").fill(words, time_key(state), &time))
        .with(stop.word(words, "ui.during.stop"))
}

/// A finding that is certain already.
fn early(words: &Words, finding: &Finding, revealed: bool) -> El {
    let first = finding.evidence.first();
    el("section class='certain bad'").with(mark(Tone::Bad)).with(
        el("div")
            .with(el("p class='subline'").word(words, "ui.during.certain"))
            .with(el("p").with(el("strong").with(verdict::title(words, finding))))
            .with(first.map(|sentence| el("p").with(said(words, sentence, revealed)))),
    )
}

fn time_key(state: &State) -> &'static str {
    if state.elapsed.0 > state.plan.expected.0 * 1.2 {
        "ui.during.longer"
    } else {
        "ui.during.time"
    }
}

/// What is certain before the end: nothing that is still to come can take it back.
fn certain(state: &State) -> impl Iterator<Item = &Finding> {
    state
        .conclusion
        .iter()
        .flat_map(|conclusion| &conclusion.findings)
        .filter(|finding| {
            finding.severity == Severity::Blocker
                && finding.confidence == Confidence::Certain
                && finding.silenced_by.is_none()
        })
}
