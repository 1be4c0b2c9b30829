//! The numbers behind the ladder chart.

use std::fmt::Display;
use yew::prelude::*;

use super::ladder_chart::tone;
use super::mark::Tone;
use crate::observation::Step;
use crate::words::Words;

const COLUMNS: [&str; 9] = [
    "ui.ladder.sent",
    "ui.ladder.received",
    "ui.ladder.on-wire",
    "ui.ladder.packets",
    "ui.ladder.loss",
    "ui.ladder.jitter",
    "ui.ladder.round-trip",
    "ui.ladder.made-up",
    "ui.ladder.goodput",
];

/// The table.
pub(super) fn ladder_table(words: &Words, steps: &[Step]) -> Html {
    html! {
        <div class="scroll" tabindex="0" role="region" aria-label={words.get("ui.ladder.caption").to_owned()}>
            <table>
                <caption>{ words.get("ui.ladder.caption") }</caption>
                <thead>
                    <tr>
                        <th scope="col" class="number">{ words.get("ui.ladder.asked") }</th>
                        for key in COLUMNS {
                            <th scope="col" class="number">{ words.get(key) }</th>
                        }
                        <th scope="col">{ words.get("ui.ladder.result") }</th>
                    </tr>
                </thead>
                <tbody>
                    for step in steps {
                        { row(words, step) }
                    }
                </tbody>
            </table>
        </div>
    }
}

fn row(words: &Words, step: &Step) -> Html {
    let cells = [
        step.sent.to_string(),
        number(step.received),
        number(step.wire),
        number(step.packets_per_second.map(|rate| format!("{rate:.0}"))),
        number(step.loss),
        number(step.jitter),
        number(step.round_trip),
        number(step.concealment),
        number(step.goodput),
    ];
    let tone = tone(step);
    let result = match tone {
        Tone::Good => "ui.ladder.result.clean",
        Tone::Bad => "ui.ladder.result.unclean",
        _ => "ui.ladder.result.unknown",
    };
    html! {
        <tr>
            <th scope="row" class="number">{ step.target.to_string() }</th>
            for cell in cells {
                <td class="number">{ cell }</td>
            }
            <td class={tone.class()}>{ format!("{} {}", tone.sign(), words.get(result)) }</td>
        </tr>
    }
}

/// Not measured is a dash, never 0.
fn number(value: Option<impl Display>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| value.to_string())
}
