//! The ladder as bars: what was asked, what was sent, what arrived, and what it took on the line.

use super::element::{El, el};
use super::mark::Tone;
use super::rung::{GROUND, HEIGHT, Rung, draw};
use crate::few::{Few as _, Put as _};
use crate::observation::{Step, Unclean};
use crate::units::Kbps;
use crate::words::{Arg, Words};

/// The chart: all rates that may be asked, the steps measured so far in any order, and whether more are to come.
pub(super) fn ladder_chart(words: &Words, ladder: &[Kbps], steps: &[Step], running: bool) -> El {
    let ladder = rates(ladder, steps);
    let top = top(&ladder, steps);
    let width = 100.0 / ladder.len().max(1) as f64;
    let mut chart = el("svg role='img' width='100%'")
        .whole("height", HEIGHT)
        .class("chart")
        .with(el("title").with(summary(words, steps)))
        .with(ground(GROUND));
    let mut skipped = false;
    for (column, target) in ladder.iter().enumerate() {
        let rung = rung_of(steps, running, *target);
        skipped |= rung == Rung::NotNeeded;
        chart = chart.with(draw(words, rung, *target, top, column as f64 * width, width));
    }
    let read = !running || !steps.is_empty();
    el("figure class='ladder'")
        .with(chart)
        .with(
            el("figcaption")
                .with(el("span").word(words, "ui.ladder.axis"))
                .with(el("span class='key arrived'").word(words, "ui.ladder.arrived"))
                .with(el("span class='key wire'").word(words, "ui.ladder.wire")),
        )
        .with(skipped.then(|| el("p class='quietly'").word(words, "ui.ladder.not-needed")))
        .with(read.then(|| el("p class='reading'").with(summary(words, steps))))
}

/// The line a chart stands on, this far from its top.
pub(super) fn ground(y: f64) -> El {
    el("line x1='0' x2='100%'")
        .whole("y1", y)
        .whole("y2", y)
        .class("ground")
}

fn rung_of(steps: &[Step], running: bool, target: Kbps) -> Rung<'_> {
    if let Some(step) = steps.iter().rev().find(|step| step.target == target) {
        return Rung::Measured(step);
    }
    if steps.iter().any(|step| step.clean && step.target > target) {
        Rung::NotNeeded
    } else if running && !steps.iter().any(|step| !step.clean && step.target < target) {
        Rung::Ahead
    } else {
        Rung::NotTried
    }
}

/// How a step went.
pub(super) fn tone(step: &Step) -> Tone {
    match step.why {
        _ if step.clean => Tone::Good,
        Some(Unclean::NotSent) => Tone::Unknown,
        _ => Tone::Bad,
    }
}

/// The ladder in one sentence: how far it is clean, and what ended it.
pub(super) fn summary(words: &Words, steps: &[Step]) -> String {
    let clean = steps
        .iter()
        .filter(|step| step.clean)
        .map(|step| step.target.0)
        .fold(0.0, f64::max);
    let rate = [("rate", Arg::Rate(Kbps(clean)))];
    let up_to = match (steps.is_empty(), clean > 0.0) {
        (true, _) => words.get("ui.ladder.nothing").to_owned(),
        (_, true) => words.fill("ui.ladder.clean", &rate),
        (_, false) => words.get("ui.ladder.none").to_owned(),
    };
    let broken = steps
        .iter()
        .filter(|step| !step.clean && step.target.0 > clean)
        .min_by(|a, b| a.target.0.total_cmp(&b.target.0));
    match broken.and_then(|step| Some((step.target, step.why?))) {
        Some((rate, why)) => format!(
            "{up_to} {}",
            words.fill(reason(why), &[("rate", Arg::Rate(rate))])
        ),
        None => up_to,
    }
}

fn reason(why: Unclean) -> &'static str {
    match why {
        Unclean::Goodput => "ui.ladder.why.goodput",
        Unclean::Loss => "ui.ladder.why.loss",
        Unclean::Queue => "ui.ladder.why.queue",
        Unclean::Concealment => "ui.ladder.why.concealment",
        Unclean::Stalled => "ui.ladder.why.stalled",
        Unclean::NotSent => "ui.ladder.why.not-sent",
    }
}

fn rates(ladder: &[Kbps], steps: &[Step]) -> Vec<Kbps> {
    let mut rates: Vec<Kbps> = ladder.to_vec();
    rates.put(steps.iter().map(|step| step.target));
    rates.sort_few_by(|a, b| a.0.total_cmp(&b.0));
    rates.dedup();
    rates
}

/// What the plot's full height stands for: the highest rate with its headers, so that nothing rescales while it grows.
fn top(ladder: &[Kbps], steps: &[Step]) -> f64 {
    let asked = ladder.last().map_or(1.0, |rate| rate.0 + 40.0);
    steps
        .iter()
        .filter_map(|step| step.wire)
        .map(|wire| wire.0)
        .fold(asked, f64::max)
}
