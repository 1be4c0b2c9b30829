//! The ladder as bars: what was asked, what was sent, what arrived, and what it took on the line.

use std::rc::Rc;

use yew::prelude::*;

use super::mark::Tone;
use crate::observation::{Step, Unclean};
use crate::units::Kbps;
use crate::words::{Arg, Words};

const TOP: f64 = 20.0;
const PLOT: f64 = 132.0;
const HEIGHT: f64 = TOP + PLOT + 40.0;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) words: Rc<Words>,
    /// All rates that may be asked, lowest first.
    pub(super) ladder: Vec<Kbps>,
    /// The steps measured so far, in any order.
    pub(super) steps: Vec<Step>,
    /// Whether more steps are to come.
    pub(super) running: bool,
}

/// One column of the chart.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Rung<'a> {
    /// It was measured.
    Measured(&'a Step),
    /// A higher one was clean, so this one is too.
    NotNeeded,
    /// It may still come.
    Ahead,
    /// The ladder ended before it.
    NotTried,
}

/// The chart.
#[component]
pub(super) fn LadderChart(props: &Props) -> Html {
    let words = &props.words;
    let ladder = rates(&props.ladder, &props.steps);
    let top = top(&ladder, &props.steps);
    let width = 100.0 / ladder.len().max(1) as f64;
    html! {
        <figure class="ladder">
            <svg class="chart" role="img" width="100%" height={format!("{HEIGHT:.0}")}>
                <title>{ summary(words, &props.steps) }</title>
                <line class="ground" x1="0" x2="100%" y1={px(TOP + PLOT)} y2={px(TOP + PLOT)} />
                for (column, target) in ladder.iter().enumerate() {
                    { rung(rung_of(props, *target), *target, top, column as f64 * width, width) }
                }
            </svg>
            <figcaption>
                <span>{ words.get("ui.ladder.axis") }</span>
                <span class="key arrived">{ words.get("ui.ladder.arrived") }</span>
                <span class="key wire">{ words.get("ui.ladder.wire") }</span>
            </figcaption>
            if !props.running || !props.steps.is_empty() {
                <p class="reading">{ summary(words, &props.steps) }</p>
            }
        </figure>
    }
}

fn rung(rung: Rung, target: Kbps, top: f64, x: f64, width: f64) -> Html {
    let tall = |rate: Kbps| (PLOT * rate.0 / top).clamp(0.0, PLOT);
    let bar = |class: &'static str, rate: Kbps, inset: f64| {
        let height = tall(rate).max(1.5);
        html! {
            <rect {class} x={percent(x + width * inset)} y={px(TOP + PLOT - height)}
                width={percent(width * (1.0 - 2.0 * inset))} height={px(height)} rx="2" />
        }
    };
    let middle = percent(x + width / 2.0);
    let (tone, sign) = match rung {
        Rung::Measured(step) => {
            let tone = tone(step);
            (tone.class(), tone.sign())
        }
        Rung::NotNeeded => ("skipped", "✓"),
        Rung::Ahead => ("pending", ""),
        Rung::NotTried => ("skipped", "–"),
    };
    html! {
        <g class={classes!("rung", tone)}>
            if let Rung::Measured(step) = rung {
                if let Some(wire) = step.wire {
                    { bar("wire", wire, 0.1) }
                }
                { bar("sent", step.sent, 0.22) }
                { bar("arrived", step.received.unwrap_or_default(), 0.22) }
                <text class="value" x={middle.clone()} text-anchor="middle"
                    y={px(TOP + PLOT - tall(step.wire.unwrap_or_default()).max(tall(step.sent)) - 6.0)}>
                    { step.received.map_or_else(|| "–".to_owned(), |rate| format!("{:.0}", rate.0)) }
                </text>
            } else {
                { bar("asked", target, 0.22) }
            }
            <text class="label" x={middle.clone()} y={px(TOP + PLOT + 16.0)} text-anchor="middle">
                { format!("{:.0}", target.0) }
            </text>
            <text class="sign" x={middle} y={px(TOP + PLOT + 34.0)} text-anchor="middle">{ sign }</text>
        </g>
    }
}

fn rung_of(props: &Props, target: Kbps) -> Rung<'_> {
    if let Some(step) = props.steps.iter().find(|step| step.target == target) {
        return Rung::Measured(step);
    }
    if props.steps.iter().any(|step| step.clean && step.target > target) {
        Rung::NotNeeded
    } else if props.running && !props.steps.iter().any(|step| !step.clean && step.target < target) {
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
        .filter(|step| !step.clean)
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
    rates.extend(steps.iter().map(|step| step.target));
    rates.sort_by(|a, b| a.0.total_cmp(&b.0));
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

fn px(value: f64) -> String {
    format!("{value:.1}")
}

fn percent(value: f64) -> String {
    format!("{value:.2}%")
}
