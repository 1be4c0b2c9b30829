//! Details for engineers: all that was measured, and why the conclusion follows from it.

use std::rc::Rc;

use yew::prelude::*;

use super::environment::Environment;
use super::evidence::Evidence;
use super::ladder_chart::LadderChart;
use super::ladder_table::LadderTable;
use super::round_trip::RoundTrip;
use super::waterfall::Waterfall;
use crate::checkup::State;
use crate::words::Words;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) words: Rc<Words>,
    pub(super) state: Rc<State>,
    pub(super) revealed: bool,
}

/// The fold at the end of the page.
#[component]
pub(super) fn Details(props: &Props) -> Html {
    let Props {
        words,
        state,
        revealed,
    } = props;
    let findings = state
        .conclusion
        .as_ref()
        .map_or_else(Vec::new, |conclusion| conclusion.findings.clone());
    html! {
        <details class="card engineers" id="details">
            <summary>{ words.get("ui.details") }</summary>
            <section aria-labelledby="waterfall">
                <h3 id="waterfall">{ words.get("ui.waterfall") }</h3>
                <Waterfall words={words.clone()} observations={state.observations.clone()} elapsed={state.elapsed}
                    revealed={*revealed} />
            </section>
            if !state.steps.is_empty() {
                <section aria-labelledby="ladder">
                    <h3 id="ladder">{ words.get("ui.ladder") }</h3>
                    <LadderChart words={words.clone()} ladder={state.plan.ladder.clone()} steps={state.steps.clone()}
                        running={false} />
                    <h4>{ words.get("ui.round-trip") }</h4>
                    <RoundTrip words={words.clone()} steps={state.steps.clone()} />
                    <details>
                        <summary>{ words.get("ui.table") }</summary>
                        <LadderTable words={words.clone()} steps={state.steps.clone()} />
                    </details>
                </section>
            }
            <section aria-labelledby="evidence">
                <h3 id="evidence">{ words.get("ui.evidence") }</h3>
                <Evidence words={words.clone()} {findings} revealed={*revealed} />
            </section>
            <section aria-labelledby="environment">
                <h3 id="environment">{ words.get("ui.environment") }</h3>
                <Environment words={words.clone()} observations={state.observations.clone()} revealed={*revealed} />
            </section>
        </details>
    }
}
