//! While the check runs: one line of what happens now, a row per activity, the ladder as it grows.

use std::rc::Rc;

use yew::prelude::*;

use super::activities::Activities;
use super::ladder_chart::LadderChart;
use super::mark::{Mark, Tone};
use super::now::now;
use super::{Action, ask, progress, said, verdict};
use crate::checkup::State;
use crate::diagnosis::{Confidence, Finding, Severity};
use crate::words::{Arg, Words};

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) words: Rc<Words>,
    pub(super) state: Rc<State>,
    pub(super) actions: Callback<Action>,
    pub(super) revealed: bool,
}

/// The running screen.
#[component]
pub(super) fn During(props: &Props) -> Html {
    let words = &props.words;
    let state = &props.state;
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
                    <button type="button" data-action="stop" onclick={ask(&props.actions, Action::Stop)}>
                        { words.get("ui.during.stop") }
                    </button>
                </div>
            </section>
            for finding in certain(state) {
                <section class="certain bad">
                    <Mark tone={Tone::Bad} />
                    <div>
                        <p class="subline">{ words.get("ui.during.certain") }</p>
                        <p><strong>{ verdict::title(words, finding) }</strong></p>
                        for sentence in finding.evidence.iter().take(1) {
                            <p>{ said(words, sentence, props.revealed) }</p>
                        }
                    </div>
                </section>
            }
            <section class="card" aria-labelledby="activities">
                <h2 id="activities">{ words.get("ui.activities") }</h2>
                <Activities words={words.clone()} rows={progress::rows(state)} running={true} />
            </section>
            if !state.plan.call.is_empty() {
                <section class="card" aria-labelledby="ladder">
                    <h2 id="ladder">{ words.get("ui.ladder") }</h2>
                    <LadderChart words={words.clone()} ladder={state.plan.ladder.clone()} steps={state.steps.clone()}
                        running={true} />
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
