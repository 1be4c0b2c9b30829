//! While the check runs: one line of what happens now, a row per activity, the ladder as it grows.

use yew::prelude::*;

use super::activities::activities;
use super::ladder_chart::ladder_chart;
use super::mark::{Tone, mark};
use super::now::now;
use super::{Action, PageProps, ask, progress, said, verdict};
use crate::checkup::State;
use crate::diagnosis::{Confidence, Finding, Severity};
use crate::words::Arg;

/// The running screen.
pub(super) fn during(props: &PageProps) -> Html {
    let PageProps {
        words,
        state,
        actions,
        revealed,
        ..
    } = props;
    let expected = state.plan.expected.0.max(1.0);
    let time = [
        (
            "elapsed",
            Arg::Number((state.elapsed.as_seconds() * 10.0).round() / 10.0),
        ),
        ("expected", Arg::Number(state.plan.expected.as_seconds().ceil())),
    ];
    html! {
        <>
            <section class="running" aria-labelledby="now">
                <h1 id="now" tabindex="-1">{ words.get("ui.during.title") }</h1>
                <p class="lead">{ words.say(&now(state)) }</p>
                <div class="clock">
                    <progress max={format!("{expected:.0}")} value={format!("{:.0}", state.elapsed.0.min(expected))}
                        aria-label={words.get("ui.during.progress").to_owned()} />
                    <span>{ words.fill(time_key(state), &time) }</span>
                    <button type="button" data-action="stop" onclick={ask(actions, Action::Stop)}>
                        { words.get("ui.during.stop") }
                    </button>
                </div>
            </section>
            for finding in certain(state) {
                <section class="certain bad">
                    { mark(Tone::Bad) }
                    <div>
                        <p class="subline">{ words.get("ui.during.certain") }</p>
                        <p><strong>{ verdict::title(words, finding) }</strong></p>
                        for sentence in finding.evidence.iter().take(1) {
                            <p>{ said(words, sentence, *revealed) }</p>
                        }
                    </div>
                </section>
            }
            <section class="card" aria-labelledby="activities">
                <h2 id="activities">{ words.get("ui.activities") }</h2>
                { activities(words, &progress::rows(state), true) }
            </section>
            if !state.plan.call.is_empty() {
                <section class="card" aria-labelledby="ladder">
                    <h2 id="ladder">{ words.get("ui.ladder") }</h2>
                    { ladder_chart(words, &state.plan.ladder, &state.steps, true) }
                </section>
            }
        </>
    }
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
