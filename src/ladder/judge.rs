//! Whether a step is clean, and when that is clear.

use crate::observation::{Step, Unclean};
use crate::quality::slope;
use crate::units::{Millis, Share};

/// A clear answer is taken from here on: 35 packets.
const SHORTEST: Millis = Millis(700.0);
/// Near the edge a step is watched this long.
const LONGEST: Millis = Millis(2_000.0);
/// Where packets come so unevenly that even then a growing queue cannot be told from chance, this long.
const UNSURE: Millis = Millis(4_000.0);
/// A slope is told from chance when it is this many standard errors away: 1 in 40 to one side.
const SURE: f64 = 2.0;
/// What a slope's standard error grows by since two looks, 100 ms apart, share half of what is under way.
const CORRELATION: f64 = 1.7;
/// Slope of the queue, in packets per second, that is no slope: 2.5 % of the 50 that are sent.
const SLOPE_CLEAN: f64 = 1.25;
/// More packets than this are under way only where a queue has built up or the line has just paused.
const GROWTH_CLEAN: f64 = 3.0;
/// Growth of the queue that no healthy line shows (120 ms of audio), in packets.
const GROWTH_BROKEN: f64 = 6.0;
/// Growth of the queue that needs no further watching (half a second of audio), in packets.
const GROWTH_HOPELESS: f64 = 25.0;
/// After the longest watch a line that falls short by 3 % is told from one that does not, in packets per second.
const SLOPE_EDGE: f64 = 1.5;
/// Share of lost packets above which a step is not clean.
const LOSS_CLEAN: Share = Share(0.03);
/// Share of made-up audio above which a step is not clean; one frame per step is normal.
const CONCEALMENT_CLEAN: Share = Share(0.2);
/// The encoder sent less than this share of what was asked: the step says nothing about the line.
const SENT_ENOUGH: f64 = 0.6;

/// Whether a step is clean; `None` while it should be watched on. After a step that was `lossy` it is watched to the end.
pub(super) fn judge(
    step: &Step,
    growths: &[(f64, f64)],
    stalled: bool,
    rested: bool,
    lossy: bool,
) -> Option<Result<(), Unclean>> {
    let (_, growth) = growths.last().copied()?;
    let not_sent = step.sent.0 < step.target.0 * SENT_ENOUGH;
    if stalled {
        return Some(Err(if not_sent {
            Unclean::NotSent
        } else {
            Unclean::Stalled
        }));
    }
    if growth >= GROWTH_HOPELESS {
        return Some(Err(Unclean::Queue));
    }
    if step.duration < SHORTEST {
        return None;
    }
    let last_look = step.duration >= LONGEST;
    if not_sent {
        return last_look.then_some(Err(Unclean::NotSent));
    }
    let slope = slope(growths, CORRELATION)?;
    let sure = slope.value - SURE * slope.error > SLOPE_EDGE;
    if growth >= GROWTH_BROKEN && sure {
        return Some(Err(Unclean::Queue));
    }
    if !last_look && (slope.value > SLOPE_CLEAN || growth > GROWTH_CLEAN) {
        return None;
    }
    if last_look && slope.value > SLOPE_EDGE {
        return (sure || step.duration >= UNSURE).then_some(Err(Unclean::Goodput));
    }
    if step.loss.is_some_and(|loss| loss > LOSS_CLEAN) {
        // A burst of two packets is no verdict: watch longer before calling it loss.
        return last_look.then_some(Err(Unclean::Loss));
    }
    // After a rest the jitter buffer starts anew and makes up audio whatever the line does.
    if !rested && step.concealment.is_some_and(|share| share > CONCEALMENT_CLEAN) {
        return last_look.then_some(Err(Unclean::Concealment));
    }
    (last_look || !lossy).then_some(Ok(()))
}
