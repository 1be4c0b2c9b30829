//! The line's quality for voice, out of what the ladder's steps show of it.

use super::Ladder;
use crate::few::Gather as _;
use crate::observation::{MediaSample, Quality, Spread, Spreads, Step, Unclean};
use crate::quality::{PACKET, median, opinion, share_range};
use crate::units::{Millis, Share};

impl Ladder {
    /// Quality on clean steps; where none was clean, as it was on the lowest.
    pub(super) fn quality(&self, last: Option<&MediaSample>) -> Option<Quality> {
        let any_clean = self.steps.iter().any(|step| step.clean);
        let lowest = self
            .steps
            .iter()
            .map(|step| step.target.0)
            .fold(f64::INFINITY, f64::min);
        let counts = |step: &&Step| {
            if any_clean {
                step.clean
            } else {
                step.target.0 <= lowest
            }
        };
        let used: Vec<&Step> = self.steps.iter().filter(counts).few();
        used.first()?;
        let jitters: Vec<f64> = used.iter().filter_map(|step| step.jitter).map(|it| it.0).few();
        let jitter = median(jitters.iter().copied()).map(Millis);
        let (on, (lost, received)) = if self.steps.iter().all(|step| step.clean) {
            (used.clone(), self.losses.counted())
        } else {
            // Every look at a rate that the line has room for: to take the clean ones only would be to choose the loss.
            let room = self.clean.map_or(lowest, |rung| self.rates[rung].0);
            let fits = |step: &Step| {
                step.target.0 <= room && matches!(step.why, None | Some(Unclean::Loss | Unclean::Concealment))
            };
            let any_fits = self.steps.iter().any(fits);
            let tells = |step: &Step| if any_fits { fits(step) } else { counts(&step) };
            let arrived = (self.arrivals.iter().zip(&self.steps)).filter(|(_, step)| tells(step));
            let sum = arrived.fold((0.0, 0.0), |sum, (one, _)| (sum.0 + one.0, sum.1 + one.1));
            (self.steps.iter().filter(|step| tells(step)).few(), sum)
        };
        let lost = lost.max(0.0);
        let loss = Share::of(lost, lost + received);
        let (looped, loops) = self.round_trip(&used, last);
        let half = |time: f64| time / 2.0;
        // On the very steps that the loss is of: the clean ones alone are those on which little was lost.
        let burst = (lost > 0.0).then(|| mean_burst(&on)).flatten();
        let round_trip = looped.map(|time| Millis(half(time.0)));
        let in_a_row = burst.map_or(1.0, |burst| burst.0 / PACKET.0);
        let opinion = opinion(round_trip, jitter, loss, burst);
        Some(Quality {
            round_trip,
            jitter,
            loss,
            mos: opinion.map(|opinion| opinion.narrow),
            mos_wide: opinion.map(|opinion| opinion.wide),
            burst,
            spread: Spreads {
                round_trip_ms: loops.map(|spread| Spread {
                    least: half(spread.least),
                    most: half(spread.most),
                    ..spread
                }),
                jitter_ms: Spread::of(&jitters),
                loss: share_range(lost, lost + received, in_a_row),
            },
        })
    }

    /// The loop's round trip, and how sure it is. Where our own traffic has filled the line, only the least is the line's
    /// own; and where nothing was measured after that, it is unknown.
    fn round_trip(&self, used: &[&Step], last: Option<&MediaSample>) -> (Option<Millis>, Option<Spread>) {
        let times = |steps: &[&Step]| -> Vec<f64> {
            // Lost packets lengthen no queue.
            let tells = |step: &&&Step| step.clean || step.why == Some(Unclean::Loss);
            let told = steps.iter().filter(tells).filter_map(|step| step.round_trip);
            told.map(|time| time.0).few()
        };
        if self.too_much() != usize::MAX {
            // The call's set-up may have left a queue that the first steps did not lengthen: what is known of the line
            // itself is known from after a rest.
            let rest = self.steps.iter().position(|step| !step.clean).unwrap_or_default();
            let after: Vec<&Step> = self.steps[rest..].iter().filter(|step| step.clean).few();
            return least_of(&times(&after));
        }
        let on_steps = times(used);
        if self.doubted.is_some() {
            return least_of(&on_steps);
        }
        if let Some(middle) = median(on_steps.iter().copied()) {
            return (Some(Millis(middle)), Spread::of(&on_steps));
        }
        let Some(last) = last else {
            return (None, None);
        };
        let over_run = self.first.and_then(|first| mean_round_trip(&first, last));
        // Before any answer within the ladder there are those of the call's set-up.
        let since_setup = || mean_round_trip(&MediaSample::default(), last).filter(|_| !self.rested);
        (over_run.or_else(since_setup), None)
    }
}

/// How much sound was made up at a time, in the mean; `None` when none was.
fn mean_burst(steps: &[&Step]) -> Option<Millis> {
    let made_up = |step: &&Step| Some((step.concealment?.0 * step.duration.0, step.concealments?));
    let all = steps.iter().filter_map(made_up);
    let (time, times) = all.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    (times > 0.0).then(|| Millis(time / times))
}

/// The least time, and how sure it is.
fn least_of(times: &[f64]) -> (Option<Millis>, Option<Spread>) {
    let spread = Spread::of(times);
    (spread.map(|it| Millis(it.least)), spread)
}

/// The mean of the round trips that were answered between two samples.
pub(super) fn mean_round_trip(from: &MediaSample, to: &MediaSample) -> Option<Millis> {
    let answers = to.round_trips? - from.round_trips.unwrap_or(0.0);
    let total = to.round_trip_total?.0 - from.round_trip_total.map_or(0.0, |time| time.0);
    (answers >= 1.0).then(|| Millis(total / answers))
}
