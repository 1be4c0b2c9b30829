//! All probes on one time axis, with a table behind it.

use yew::prelude::*;

use super::outcome::outcome;
use super::said;
use crate::checkup::State;
use crate::few::Few as _;
use crate::observation::Observation;
use crate::units::Millis;
use crate::words::{Arg, Words};

const TOP: usize = 24;
const ROW: usize = 36;

/// The chart. Widths are shares of the page's width, so that its text keeps its size on any screen.
pub(super) fn waterfall(words: &Words, state: &State, revealed: bool) -> Html {
    let mut observations: Vec<_> = state.observations.iter().collect();
    observations.sort_few_by(|a, b| a.started.0.total_cmp(&b.started.0));
    let ends = observations.iter().map(|o| (o.started + o.duration).0);
    let span = ends.fold(state.elapsed.0, f64::max).max(1.0);
    let height = TOP + ROW * observations.len();
    let title = words.fill(
        "ui.waterfall.title",
        &[
            ("count", Arg::Number(observations.len() as f64)),
            ("time", Arg::Time(Millis(span))),
        ],
    );
    html! {
        <>
            <svg class="chart waterfall" role="img" width="100%" height={height.to_string()}>
                <title>{ title }</title>
                for at in ticks(span) {
                    { tick(at, span, height) }
                }
                for (row, observation) in observations.iter().enumerate() {
                    { bar(words, row, observation, span, revealed) }
                }
            </svg>
            <details>
                <summary>{ words.get("ui.table") }</summary>
                { table(words, &observations, revealed) }
            </details>
        </>
    }
}

fn bar(words: &Words, row: usize, observation: &Observation, span: f64, revealed: bool) -> Html {
    let (tone, sentence) = outcome(&observation.seen);
    let y = TOP + row * ROW;
    let x = 100.0 * observation.started.0 / span;
    let width = (100.0 * observation.duration.0 / span).max(0.4);
    html! {
        <g class={tone.class()}>
            <text class="label" x="0" y={(y + 15).to_string()}>{ &observation.id }</text>
            <text class="value" x="100%" y={(y + 15).to_string()} text-anchor="end">
                { format!("{} {}", said(words, &sentence, revealed), tone.sign()) }
            </text>
            <rect class="track" x="0" y={(y + 21).to_string()} width="100%" height="7" rx="3.5" />
            <rect class="bar" x={format!("{x:.2}%")} y={(y + 21).to_string()} width={format!("{width:.2}%")} height="7"
                rx="3.5" />
        </g>
    }
}

fn tick(at: f64, span: f64, height: usize) -> Html {
    let x = format!("{:.2}%", 100.0 * at / span);
    html! {
        <g class="tick">
            <line x1={x.clone()} x2={x.clone()} y1="16" y2={height.to_string()} />
            <text {x} y="11" text-anchor={if at == 0.0 { "start" } else { "middle" }}>
                { format!("{:.0} s", at / 1000.0) }
            </text>
        </g>
    }
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

fn table(words: &Words, observations: &[&Observation], revealed: bool) -> Html {
    html! {
        <div class="scroll" tabindex="0" role="region" aria-label={words.get("ui.waterfall.caption").to_owned()}>
            <table>
                <caption>{ words.get("ui.waterfall.caption") }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ words.get("ui.waterfall.probe") }</th>
                        <th scope="col">{ words.get("ui.waterfall.target") }</th>
                        <th scope="col" class="number">{ words.get("ui.waterfall.started") }</th>
                        <th scope="col" class="number">{ words.get("ui.waterfall.took") }</th>
                        <th scope="col">{ words.get("ui.waterfall.saw") }</th>
                    </tr>
                </thead>
                <tbody>
                    for observation in observations {
                        <tr>
                            <th scope="row">{ &observation.id }</th>
                            <td>{ &observation.target }</td>
                            <td class="number">{ observation.started.to_string() }</td>
                            <td class="number">{ observation.duration.to_string() }</td>
                            <td>{ said(words, &outcome(&observation.seen).1, revealed) }</td>
                        </tr>
                    }
                </tbody>
            </table>
        </div>
    }
}
