//! All probes on one time axis, with a table behind it.

use super::element::{El, el, fold, group, table};
use super::outcome::outcome;
use super::said;
use crate::checkup::State;
use crate::few::{Few as _, Gather as _};
use crate::observation::Observation;
use crate::units::{Millis, fixed};
use crate::words::{Arg, Words};

const TOP: f64 = 24.0;
const ROW: f64 = 36.0;
const COLUMNS: [&str; 5] = [
    "ui.waterfall.probe",
    "ui.waterfall.target",
    "ui.waterfall.started",
    "ui.waterfall.took",
    "ui.waterfall.saw",
];

/// The chart. Widths are shares of the page's width, so that its text keeps its size on any screen.
pub(super) fn waterfall(words: &Words, state: &State, revealed: bool) -> El {
    let mut observations: Vec<_> = state.observations.iter().few();
    observations.sort_few_by(|a, b| a.started.0.total_cmp(&b.started.0));
    let ends = observations.iter().map(|o| (o.started + o.duration).0);
    let span = ends.fold(state.elapsed.0, f64::max).max(1.0);
    let count = observations.len() as f64;
    let height = TOP + ROW * count;
    let title = if count == 1.0 {
        "ui.waterfall.title-one"
    } else {
        "ui.waterfall.title"
    };
    let args = [("count", Arg::Number(count)), ("time", Arg::Time(Millis(span)))];
    let mut chart = el("svg role='img' width='100%'")
        .whole("height", height)
        .class("chart waterfall")
        .with(el("title").fill(words, title, &args))
        .with_all(ticks(span).map(|at| tick(words, at, span, height)));
    let mut y = TOP;
    for observation in &observations {
        chart = chart.with(bar(words, y, observation, span, revealed));
        y += ROW;
    }
    let rows = observations
        .iter()
        .map(|observation| row(words, observation, revealed));
    let rows = group().with_all(rows);
    group().with(chart).with(fold(words.get("ui.table")).with(table(
        words,
        "ui.waterfall.caption",
        &COLUMNS,
        2..4,
        rows,
    )))
}

fn bar(words: &Words, y: f64, observation: &Observation, span: f64, revealed: bool) -> El {
    let (tone, sentence) = outcome(&observation.seen);
    let x = 100.0 * observation.started.0 / span;
    let width = (100.0 * observation.duration.0 / span).max(0.4);
    el("g")
        .class(tone.class())
        .with(
            el("text x='0'")
                .whole("y", y + 15.0)
                .class("label")
                .with(&observation.id),
        )
        .with(
            el("text x='100%' y='' text-anchor='end' class='value'")
                .whole("y", y + 15.0)
                .with(format!("{} {}", said(words, &sentence, revealed), tone.sign())),
        )
        .with(el("rect x='0' y='' width='100%' height='7' rx='3.5' class='track'").whole("y", y + 21.0))
        .with(
            el("rect x='' y='' width='' height='7' rx='3.5' class='bar'")
                .percent("x", x)
                .whole("y", y + 21.0)
                .percent("width", width),
        )
}

fn tick(words: &Words, at: f64, span: f64, height: f64) -> El {
    let x = 100.0 * at / span;
    let anchor = if at == 0.0 { "start" } else { "middle" };
    el("g class='tick'")
        .with(
            el("line x1='' x2='' y1='16'")
                .percent("x1", x)
                .percent("x2", x)
                .whole("y2", height),
        )
        .with(
            el("text x='' y='11'")
                .percent("x", x)
                .set("text-anchor", anchor)
                .with(words.figure(fixed(at / 1000.0, 0) + " s")),
        )
}

/// Whole seconds, at most eight of them, none at the very edge.
fn ticks(span: f64) -> impl Iterator<Item = f64> {
    let step = [1000.0, 2000.0, 5000.0, 10_000.0]
        .into_iter()
        .find(|step| span / step < 8.0)
        .unwrap_or(20_000.0);
    (0..9)
        .map(move |n| f64::from(n) * step)
        .filter(move |at| *at < span * 0.97)
}

fn row(words: &Words, observation: &Observation, revealed: bool) -> El {
    el("tr")
        .with(el("th scope='row'").with(&observation.id))
        .with(el("td").with(&observation.target))
        .with(el("td class='number'").with(words.figure(observation.started)))
        .with(el("td class='number'").with(words.figure(observation.duration)))
        .with(el("td").with(said(words, &outcome(&observation.seen).1, revealed)))
}
