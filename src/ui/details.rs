//! Details for engineers: all that was measured, and why the conclusion follows from it.

use super::element::{El, el, fold, section};
use super::environment::environment;
use super::evidence::evidence;
use super::ladder_chart::ladder_chart;
use super::ladder_table::ladder_table;
use super::round_trip::round_trip;
use super::waterfall::waterfall;
use super::{PageProps, pac};
use crate::config::Config;
use crate::report::capacity;
use crate::words::Arg;

/// The fold at the end of the page.
pub(super) fn details(props: &PageProps, config: &Config) -> El {
    let PageProps {
        words,
        state,
        revealed,
        ..
    } = props;
    let revealed = *revealed;
    let findings = state
        .conclusion
        .as_ref()
        .map_or(&[][..], |conclusion| &conclusion.findings);
    let ladder = (!state.steps.is_empty()).then(|| {
        section("ladder", words.get("ui.ladder"))
            .with(ladder_chart(words, &state.plan.ladder, &state.steps, false))
            .with(capacity(&state.observations).map(|rate| {
                let rate = [("rate", Arg::Rate(rate))];
                el("p class='reading'").fill(words, "ui.ladder.capacity", &rate)
            }))
            .with(el("h4").word(words, "ui.round-trip"))
            .with(round_trip(words, &state.steps))
            .with(fold(words.get("ui.table")).with(ladder_table(words, &state.steps)))
    });
    el("details id='details' class='card engineers'")
        .with(el("summary").word(words, "ui.details"))
        .with(section("waterfall", words.get("ui.waterfall")).with(waterfall(words, state, revealed)))
        .with(ladder)
        .with(section("evidence", words.get("ui.evidence")).with(evidence(words, findings, revealed)))
        .with(
            section("environment", words.get("ui.environment")).with(environment(
                words,
                config,
                &state.observations,
                revealed,
            )),
        )
        .with(props.trouble.as_ref().map(|trouble| {
            let key = if trouble.again {
                "ui.sending.again"
            } else {
                "ui.sending.refused"
            };
            let host = [("host", Arg::Text(trouble.host.clone()))];
            el("p id='sending' class='quietly'").fill(words, key, &host)
        }))
        .with(pac::checker(props, config))
}
