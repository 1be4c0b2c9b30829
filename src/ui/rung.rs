//! One rung of the ladder as a column of bars.

use super::element::{El, el};
use super::ladder_chart::tone;
use super::round_trip::caption;
use crate::observation::Step;
use crate::units::{Kbps, fixed};
use crate::words::Words;

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
pub(super) fn draw(words: &Words, rung: Rung, target: Kbps, top: f64, x: f64, width: f64) -> El {
    let tall = |rate: Kbps| (PLOT * rate.0 / top).clamp(0.0, PLOT);
    let bar = |class: &'static str, rate: Kbps, inset: f64| {
        let height = tall(rate).max(1.5);
        el("rect")
            .percent("x", x + width * inset)
            .px("y", GROUND - height)
            .percent("width", width * (1.0 - 2.0 * inset))
            .px("height", height)
            .set("rx", "2")
            .class(class)
    };
    let middle = x + width / 2.0;
    let (tone, sign) = match rung {
        Rung::Measured(step) => {
            let tone = tone(step);
            (tone.class(), tone.sign())
        }
        Rung::NotNeeded => ("skipped", "(✓)"),
        Rung::Ahead => ("pending", ""),
        Rung::NotTried => ("skipped", "–"),
    };
    let column = el("g class='rung'").class(tone);
    let column = if let Rung::Measured(step) = rung {
        let above = tall(step.wire.unwrap_or_default()).max(tall(step.sent)) + 6.0;
        column
            .with(step.wire.map(|wire| bar("wire", wire, 0.1)))
            .with(bar("sent", step.sent, 0.22))
            .with(bar("arrived", step.received.unwrap_or_default(), 0.22))
            .with(
                el("text")
                    .percent("x", middle)
                    .set("text-anchor", "middle")
                    .px("y", GROUND - above)
                    .class("value")
                    .with(
                        step.received
                            .map_or_else(|| "–".to_owned(), |rate| words.figure(fixed(rate.0, 0))),
                    ),
            )
    } else {
        column.with(bar("asked", target, 0.22))
    };
    column
        .with(caption("label", middle, GROUND + 16.0).with(words.figure(fixed(target.0, 0))))
        .with(caption("sign", middle, GROUND + 34.0).with(sign))
}
