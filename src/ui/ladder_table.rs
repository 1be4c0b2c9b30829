//! The numbers behind the ladder chart.

use std::fmt::Display;

use super::element::{El, el, group, table};
use super::ladder_chart::tone;
use super::mark::Tone;
use crate::observation::Step;
use crate::units::fixed;
use crate::words::Words;

const COLUMNS: [&str; 11] = [
    "ui.ladder.asked",
    "ui.ladder.sent",
    "ui.ladder.received",
    "ui.ladder.on-wire",
    "ui.ladder.packets",
    "ui.ladder.loss",
    "ui.ladder.jitter",
    "ui.ladder.round-trip",
    "ui.ladder.made-up",
    "ui.ladder.goodput",
    "ui.ladder.result",
];

/// The table.
pub(super) fn ladder_table(words: &Words, steps: &[Step]) -> El {
    table(
        words,
        "ui.ladder.caption",
        &COLUMNS,
        0..10,
        group().with_all(steps.iter().map(|step| row(words, step))),
    )
}

fn row(words: &Words, step: &Step) -> El {
    let cells = [
        words.figure(step.sent),
        number(words, step.received),
        number(words, step.wire),
        number(words, step.packets_per_second.map(|rate| fixed(rate, 0))),
        number(words, step.loss),
        number(words, step.jitter),
        number(words, step.round_trip),
        number(words, step.concealment),
        number(words, step.goodput),
    ];
    let tone = tone(step);
    let result = match tone {
        Tone::Good => "ui.ladder.result.clean",
        Tone::Bad => "ui.ladder.result.unclean",
        _ => "ui.ladder.result.unknown",
    };
    el("tr")
        .with(el("th scope='row' class='number'").with(words.figure(step.target)))
        .with_all(cells.map(|cell| el("td class='number'").with(cell)))
        .with(
            el("td")
                .class(tone.class())
                .with(format!("{} {}", tone.sign(), words.get(result))),
        )
}

/// Not measured is a dash, never 0.
fn number(words: &Words, value: Option<impl Display>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| words.figure(value))
}
