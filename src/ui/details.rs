//! Details for engineers: all that was measured, and why the conclusion follows from it.

use yew::prelude::*;

use super::environment::environment;
use super::evidence::evidence;
use super::ladder_chart::ladder_chart;
use super::ladder_table::ladder_table;
use super::round_trip::round_trip;
use super::waterfall::waterfall;
use crate::checkup::State;
use crate::words::Words;

/// The fold at the end of the page.
pub(super) fn details(words: &Words, state: &State, revealed: bool) -> Html {
    let findings = state
        .conclusion
        .as_ref()
        .map_or(&[][..], |conclusion| &conclusion.findings);
    html! {
        <details class="card engineers" id="details">
            <summary>{ words.get("ui.details") }</summary>
            <section aria-labelledby="waterfall">
                <h3 id="waterfall">{ words.get("ui.waterfall") }</h3>
                { waterfall(words, state, revealed) }
            </section>
            if !state.steps.is_empty() {
                <section aria-labelledby="ladder">
                    <h3 id="ladder">{ words.get("ui.ladder") }</h3>
                    { ladder_chart(words, &state.plan.ladder, &state.steps, false) }
                    <h4>{ words.get("ui.round-trip") }</h4>
                    { round_trip(words, &state.steps) }
                    <details>
                        <summary>{ words.get("ui.table") }</summary>
                        { ladder_table(words, &state.steps) }
                    </details>
                </section>
            }
            <section aria-labelledby="evidence">
                <h3 id="evidence">{ words.get("ui.evidence") }</h3>
                { evidence(words, findings, revealed) }
            </section>
            <section aria-labelledby="environment">
                <h3 id="environment">{ words.get("ui.environment") }</h3>
                { environment(words, &state.observations, revealed) }
            </section>
        </details>
    }
}
