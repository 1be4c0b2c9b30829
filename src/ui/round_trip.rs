//! Round trip over time: one point for each step of the ladder, in the order they were measured.

use yew::prelude::*;

use super::ladder_chart::tone;
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
pub(super) fn round_trip(words: &Words, steps: &[Step]) -> Html {
    let points = points(steps);
    let most = points.iter().map(|point| point.time.0).fold(0.0, f64::max);
    if points.is_empty() {
        return html! {};
    }
    let title = words.fill("ui.round-trip.title", &[("time", Arg::Time(Millis(most)))]);
    html! {
        <figure class="round-trip">
            <svg class="chart" role="img" width="100%" height={HEIGHT.to_string()}>
                <title>{ title }</title>
                <line class="ground" x1="0" x2="100%" y1={GROUND.to_string()} y2={GROUND.to_string()} />
                for pair in points.windows(2) {
                    <line class="path" x1={percent(pair[0].x)} y1={px(pair[0].y)} x2={percent(pair[1].x)}
                        y2={px(pair[1].y)} />
                }
                for point in &points {
                    { dot(point) }
                }
            </svg>
        </figure>
    }
}

fn dot(point: &Point) -> Html {
    html! {
        <g class={tone(point.step).class()}>
            <circle cx={percent(point.x)} cy={px(point.y)} r="4" />
            <text class="value" x={percent(point.x)} y={px(point.y - 10.0)} text-anchor="middle">
                { point.time.to_string() }
            </text>
            <text class="label" x={percent(point.x)} y={px(GROUND + 18.0)} text-anchor="middle">
                { point.step.target.to_string() }
            </text>
        </g>
    }
}

fn points(steps: &[Step]) -> Vec<Point<'_>> {
    let measured: Vec<_> = steps
        .iter()
        .filter_map(|step| Some((step, step.round_trip?)))
        .collect();
    let most = measured.iter().map(|(_, time)| time.0).fold(1.0, f64::max);
    let width = 100.0 / measured.len().max(1) as f64;
    let mut points = Vec::new();
    for (index, (step, time)) in measured.into_iter().enumerate() {
        let (x, y) = ((index as f64 + 0.5) * width, GROUND - PLOT * time.0 / most);
        points.push(Point { x, y, time, step });
    }
    points
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

fn percent(value: f64) -> String {
    format!("{value:.2}%")
}
