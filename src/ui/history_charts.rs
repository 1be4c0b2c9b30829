//! The history as charts: a column for each run, the newest on the right, in the same place in each chart. Each has its words
//! beside it, and all have one table.

use super::element::{El, el, group};
use super::history::{figure, word};
use super::ladder_chart::ground;
use super::mark::Tone;
use super::round_trip::caption;
use crate::history::{Figure, Run, shift};
use crate::words::{Arg, Words};

/// More columns than these are too narrow on a phone.
pub(super) const DRAWN: usize = 60;
/// In more columns than these a sign has no room.
const SIGNED: usize = 20;
/// Fewer runs are drawn as if there were so many: two columns are no wall.
const COLUMNS: usize = 8;
/// The plot's edges, in percent; before it stands its scale.
const LEFT: f64 = 8.0;
const RIGHT: f64 = 99.0;
/// Pixels from a chart's top.
const TOP: f64 = 24.0;
const GROUND: f64 = 96.0;
const HEIGHT: f64 = GROUND + 22.0;
/// A verdict's column, the worst one.
const TALL: f64 = 40.0;

/// What is drawn: the newest of all runs, and when each began.
pub(super) struct Drawn<'a> {
    all: &'a [Run],
    runs: &'a [Run],
    when: &'a [String],
}

impl<'a> Drawn<'a> {
    /// As many as have room.
    pub(super) fn of(all: &'a [Run], when: &'a [String]) -> Self {
        let older = |count: usize| count.saturating_sub(DRAWN);
        Self {
            all,
            runs: &all[older(all.len())..],
            when: &when[older(when.len())..],
        }
    }
}

/// Where the middle of a column is, and how wide it is, in percent.
fn place(at: usize, count: usize) -> (f64, f64) {
    let width = (RIGHT - LEFT) / count.max(COLUMNS) as f64;
    (LEFT + (at as f64 + 0.5) * width, width)
}

/// One column for each run; the higher, the worse, and a sign where there is room.
pub(super) fn verdicts(words: &Words, drawn: &Drawn) -> El {
    let (runs, when) = (drawn.runs, drawn.when);
    let ground_at = TALL + 18.0;
    let mut chart = el("svg role='img' width='100%'")
        .whole("height", ground_at + 22.0)
        .class("chart")
        .with(el("title").word(words, "ui.history.strip"))
        .with(ground(ground_at));
    for (at, run) in runs.iter().enumerate() {
        let tone = Tone::from(run.verdict);
        let (x, width) = place(at, runs.len());
        let height = tall(tone);
        let bar = el("rect class='arrived'")
            .percent("x", x - width * 0.4)
            .percent("width", width * 0.8)
            .px("y", ground_at - height)
            .px("height", height)
            .with(el("title").with(told(words, when.get(at), words.get(word(run.verdict)))));
        let sign =
            (runs.len() <= SIGNED).then(|| caption("sign", x, ground_at - height - 5.0).with(tone.sign()));
        chart = chart.with(el("g class='rung'").class(tone.class()).with(bar).with(sign));
    }
    el("figure class='ladder trend'")
        .with(ends(chart, ground_at + 17.0, drawn))
        .with(el("figcaption").with(el("span").word(words, "ui.history.strip")))
}

fn tall(tone: Tone) -> f64 {
    match tone {
        Tone::Good => TALL * 0.3,
        Tone::Unknown | Tone::Pending => TALL * 0.5,
        Tone::Warn => TALL * 0.7,
        Tone::Bad => TALL,
    }
}

/// When the first and the last run of a chart began, below its ground.
fn ends(chart: El, y: f64, drawn: &Drawn) -> El {
    let (count, when) = (drawn.runs.len(), drawn.when);
    let label =
        |x: f64, anchor: &str, when: &String| caption("label", x, y).set("text-anchor", anchor).with(when);
    let (x, width) = place(count.saturating_sub(1), count);
    // Both have room when there are many. The last of few stands below its own column.
    let many = count >= COLUMNS;
    let first = when.first().filter(|_| many).map(|it| label(LEFT, "start", it));
    let last = when.last().map(|it| match x > 50.0 {
        true => label(x + width / 2.0, "end", it),
        false => label(x - width / 2.0, "start", it),
    });
    chart.with(first).with(last)
}

fn told(words: &Words, when: Option<&String>, what: &str) -> String {
    let when = when.map_or("", |when| when);
    format!("{when}{}{what}", words.get("ui.comma"))
}

/// A chart for each figure; one that no run measured says so.
pub(super) fn figures(words: &Words, it: &Drawn) -> El {
    let hollow = it.runs.iter().any(|run| {
        Figure::DRAWN
            .into_iter()
            .filter_map(|one| one.of(run))
            .any(|it| it.at_least)
    });
    let key = |key: &str| el("p class='quietly'").word(words, key);
    group()
        .with_all(Figure::DRAWN.map(|one| trend(words, one, it)))
        .with(key("ui.history.gap").class("trend"))
        .with(hollow.then(|| key("ui.history.hollow")))
}

fn trend(words: &Words, one: Figure, it: &Drawn) -> El {
    let newest = it.runs.iter().rev().find_map(|run| one.of(run));
    let head = el("h3").word(words, one.label());
    if newest.is_none() {
        let unmeasured = el("p class='quietly'").word(words, "ui.history.unmeasured");
        return el("figure class='trend'").with(head).with(unmeasured);
    }
    let mut reading = words.fill(
        "ui.history.reading",
        &[("value", Arg::Text(figure(words, one, newest)))],
    );
    let mut also = |text: String| {
        reading.push(' ');
        reading.push_str(&text);
    };
    if let Some((middle, count)) = one.middle(it.all).filter(|(_, count)| *count > 2) {
        let args = [("count", Arg::Number(count as f64)), ("value", one.shown(middle))];
        also(words.fill("ui.history.middle", &args));
    }
    if let Some(shift) = shift(it.all, one) {
        also(words.say(&shift));
    }
    let title = format!("{}: {reading}", words.get(one.label()));
    el("figure class='round-trip trend'")
        .with(head)
        .with(ends(points(words, one, it, &title), GROUND + 17.0, it))
        .with(el("figcaption class='quietly'").with(reading))
}

/// Points, with lines between those of neighbours: a run that did not measure it leaves a gap.
fn points(words: &Words, one: Figure, it: &Drawn, title: &str) -> El {
    let (runs, when) = (it.runs, it.when);
    let values = runs.iter().map(|run| one.of(run));
    let top = values
        .clone()
        .flatten()
        .map(|it| it.number)
        .fold(one.reach(), f64::max);
    let y = |number: f64| GROUND - (GROUND - TOP) * (number / top).clamp(0.0, 1.0);
    let scale = |text: String, y: f64| el("text x='0' class='value'").px("y", y).with(text);
    let mut chart = el("svg role='img' width='100%'")
        .whole("height", HEIGHT)
        .class("chart")
        .with(el("title").with(title))
        .with(ground(TOP))
        .with(ground(GROUND))
        .with(scale(words.shown(&one.shown(top)), TOP - 9.0))
        .with(scale(words.figure(0), GROUND - 4.0));
    let (mut before, mut points) = (None, group());
    for (at, value) in values.enumerate() {
        let here = value.map(|value| (place(at, runs.len()).0, y(value.number)));
        if let (Some((from, low)), Some((to, high))) = (before, here) {
            let line = el("line class='path'").percent("x1", from).px("y1", low);
            chart = chart.with(line.percent("x2", to).px("y2", high));
        }
        if let (Some((x, y)), Some(value)) = (here, value) {
            let point = el("circle r='4'")
                .percent("cx", x)
                .px("cy", y)
                .class_if(value.at_least, "least")
                .with(el("title").with(told(words, when.get(at), &figure(words, one, Some(value)))));
            let tone = Tone::from(runs[at].verdict);
            points = points.with(el("g").class(tone.class()).with(point));
        }
        before = here;
    }
    chart.with(points)
}
