//! One rung of the ladder as a column of bars.

use yew::prelude::*;

use super::ladder_chart::tone;
use crate::observation::Step;
use crate::units::Kbps;

/// Where the bars stand, in pixels from the chart's top.
pub(super) const GROUND: f64 = 152.0;
/// The chart's height in pixels.
pub(super) const HEIGHT: f64 = GROUND + 40.0;

const PLOT: f64 = 132.0;

/// One column of the chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Rung<'a> {
    /// It was measured.
    Measured(&'a Step),
    /// A higher one was clean, so this one is too.
    NotNeeded,
    /// It may still come.
    Ahead,
    /// The ladder ended before it.
    NotTried,
}

/// Draws one column of this width at `x`, both in percent; `top` is the rate that fills the plot.
pub(super) fn draw(rung: Rung, target: Kbps, top: f64, x: f64, width: f64) -> Html {
    let tall = |rate: Kbps| (PLOT * rate.0 / top).clamp(0.0, PLOT);
    let bar = |class: &'static str, rate: Kbps, inset: f64| {
        let height = tall(rate).max(1.5);
        html! {
            <rect {class} x={percent(x + width * inset)} y={px(GROUND - height)}
                width={percent(width * (1.0 - 2.0 * inset))} height={px(height)} rx="2" />
        }
    };
    let middle = percent(x + width / 2.0);
    let (tone, sign) = match rung {
        Rung::Measured(step) => {
            let tone = tone(step);
            (tone.class(), tone.sign())
        }
        Rung::NotNeeded => ("skipped", "(✓)"),
        Rung::Ahead => ("pending", ""),
        Rung::NotTried => ("skipped", "–"),
    };
    html! {
        <g class={format!("rung {tone}")}>
            if let Rung::Measured(step) = rung {
                if let Some(wire) = step.wire {
                    { bar("wire", wire, 0.1) }
                }
                { bar("sent", step.sent, 0.22) }
                { bar("arrived", step.received.unwrap_or_default(), 0.22) }
                <text class="value" x={middle.clone()} text-anchor="middle"
                    y={px(GROUND - tall(step.wire.unwrap_or_default()).max(tall(step.sent)) - 6.0)}>
                    { step.received.map_or_else(|| "–".to_owned(), |rate| format!("{:.0}", rate.0)) }
                </text>
            } else {
                { bar("asked", target, 0.22) }
            }
            <text class="label" x={middle.clone()} y={px(GROUND + 16.0)} text-anchor="middle">
                { format!("{:.0}", target.0) }
            </text>
            <text class="sign" x={middle} y={px(GROUND + 34.0)} text-anchor="middle">{ sign }</text>
        </g>
    }
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

fn percent(value: f64) -> String {
    format!("{value:.2}%")
}
