//! Round trip over time: one point for each step of the ladder, in the order they were measured.

use super::element::{El, el, group};
use super::ladder_chart::{ground, tone};
use crate::few::Gather as _;
use crate::observation::Step;
use crate::units::Millis;
use crate::words::{Arg, Words};

const TOP: f64 = 24.0;
const PLOT: f64 = 72.0;
const GROUND: f64 = TOP + PLOT;
const HEIGHT: f64 = GROUND + 24.0;

/// A point of the chart: its place in percent and pixels, and what it shows.
struct Point<'a> {
    x: f64,
    y: f64,
    time: Millis,
    step: &'a Step,
}

/// The chart; nothing when no round trip was measured. Its table is the ladder's.
pub(super) fn round_trip(words: &Words, steps: &[Step]) -> El {
    let points = points(steps);
    let most = points.iter().map(|point| point.time.0).fold(0.0, f64::max);
    if points.is_empty() {
        return group();
    }
    let mut chart = el("svg role='img' width='100%'")
        .whole("height", HEIGHT)
        .class("chart")
        .with(el("title").fill(words, "ui.round-trip.title", &[("time", Arg::Time(Millis(most)))]))
        .with(ground(GROUND));
    for pair in points.windows(2) {
        chart = chart.with(
            el("line")
                .percent("x1", pair[0].x)
                .px("y1", pair[0].y)
                .percent("x2", pair[1].x)
                .px("y2", pair[1].y)
                .class("path"),
        );
    }
    el("figure class='round-trip'").with(chart.with_all(points.iter().map(|point| dot(words, point))))
}

fn dot(words: &Words, point: &Point) -> El {
    el("g")
        .class(tone(point.step).class())
        .with(
            el("circle")
                .percent("cx", point.x)
                .px("cy", point.y)
                .set("r", "4"),
        )
        .with(caption("value", point.x, point.y - 10.0).with(words.figure(point.time)))
        .with(caption("label", point.x, GROUND + 18.0).with(words.figure(point.step.target)))
}

/// A text of a chart, centred at `x` percent.
pub(super) fn caption(class: &str, x: f64, y: f64) -> El {
    el("text")
        .percent("x", x)
        .px("y", y)
        .set("text-anchor", "middle")
        .class(class)
}

fn points(steps: &[Step]) -> Vec<Point<'_>> {
    let measured: Vec<_> = steps
        .iter()
        .filter_map(|step| Some((step, step.round_trip?)))
        .few();
    let most = measured.iter().map(|(_, time)| time.0).fold(1.0, f64::max);
    let width = 100.0 / measured.len().max(1) as f64;
    let mut points = Vec::new();
    for (index, (step, time)) in measured.into_iter().enumerate() {
        let (x, y) = ((index as f64 + 0.5) * width, GROUND - PLOT * time.0 / most);
        points.push(Point { x, y, time, step });
    }
    points
}
