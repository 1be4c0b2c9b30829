//! The line's quality for voice, out of what the ladder's steps show of it.

use super::Ladder;
use crate::few::Gather as _;
use crate::observation::{MediaSample, Quality, Step, Unclean};
use crate::quality::{median, mos};
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
        let jitter = median(used.iter().filter_map(|step| step.jitter).map(|jitter| jitter.0)).map(Millis);
        let loss = if self.steps.iter().all(|step| step.clean) {
            self.losses.share()
        } else {
            // Every look at a rate that the line has room for: to take the clean ones only would be to choose the loss.
            let room = self.clean.map_or(lowest, |rung| self.rates[rung].0);
            let fits = |step: &Step| {
                step.target.0 <= room && matches!(step.why, None | Some(Unclean::Loss | Unclean::Concealment))
            };
            let any_fits = self.steps.iter().any(fits);
            let on_used = |((lost, received), step): (&(f64, f64), &Step)| {
                let counts = if any_fits { fits(step) } else { counts(&step) };
                counts.then_some((*lost, *received))
            };
            let (lost, received) = (self.arrivals.iter().zip(&self.steps))
                .filter_map(on_used)
                .fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
            let lost = f64::max(lost, 0.0);
            Share::of(lost, lost + received)
        };
        let looped = self.round_trip(&used, last);
        let round_trip = looped.map(|time| Millis(time.0 / 2.0));
        Some(Quality {
            round_trip,
            jitter,
            loss,
            mos: mos(round_trip, jitter, loss),
        })
    }

    /// The loop's round trip. Where our own traffic has filled the line, only the least is the line's own; and where
    /// nothing was measured after that, it is unknown.
    fn round_trip(&self, used: &[&Step], last: Option<&MediaSample>) -> Option<Millis> {
        let on_steps = || {
            used.iter()
                .filter(|step| step.clean)
                .filter_map(|step| step.round_trip)
                .map(|time| time.0)
        };
        if self.too_much() != usize::MAX {
            // The call's set-up may have left a queue that the first steps did not lengthen: what is known of the line
            // itself is known from after a rest.
            let rest = self.steps.iter().position(|step| !step.clean).unwrap_or_default();
            let after = self.steps[rest..].iter().filter(|step| step.clean);
            let times = after.filter_map(|step| step.round_trip).map(|time| time.0);
            return times.min_by(f64::total_cmp).map(Millis);
        }
        if self.doubted.is_some() {
            return on_steps().min_by(f64::total_cmp).map(Millis);
        }
        let last = last?;
        let over_run = self.first.and_then(|first| mean_round_trip(&first, last));
        // Before any answer within the ladder there are those of the call's set-up.
        let since_setup = || mean_round_trip(&MediaSample::default(), last).filter(|_| !self.rested);
        median(on_steps()).map(Millis).or(over_run).or_else(since_setup)
    }
}

/// The mean of the round trips that were answered between two samples.
pub(super) fn mean_round_trip(from: &MediaSample, to: &MediaSample) -> Option<Millis> {
    let answers = to.round_trips? - from.round_trips.unwrap_or(0.0);
    let total = to.round_trip_total?.0 - from.round_trip_total.map_or(0.0, |time| time.0);
    (answers >= 1.0).then(|| Millis(total / answers))
}
