//! How many packets a step lost, where packets overtake one another.

use crate::observation::MediaSample;
use crate::units::Share;

/// A packet that was overtaken counts as lost until it arrives: here within this many looks of 100 ms.
const LOOKS: usize = 4;

/// What was counted as lost and received at each look, of a step or of the whole run.
#[derive(Debug, Clone, Default)]
pub(super) struct Losses(Vec<(f64, f64)>);

impl Losses {
    /// Takes a look at the counters.
    pub(super) fn look(&mut self, now: &MediaSample) {
        self.0.push((now.packets_lost, now.packets_received));
    }

    /// Packets lost and received from the first look to the last that has others behind it which could take a loss back.
    pub(super) fn counted(&self) -> (f64, f64) {
        let looks = &self.0;
        let settled = looks.len().saturating_sub(LOOKS);
        let least = |looks: &[(f64, f64)]| looks.iter().map(|look| look.0).fold(f64::INFINITY, f64::min);
        let (Some(first), Some(last)) = (looks.first(), looks.get(settled)) else {
            return (0.0, 0.0);
        };
        let before = least(looks.get(..LOOKS).unwrap_or(looks));
        (least(&looks[settled..]) - before, last.1 - first.1)
    }

    /// The share of packets lost; `None` where too few have arrived to tell.
    pub(super) fn share(&self) -> Option<Share> {
        let (lost, received) = self.counted();
        let lost = lost.max(0.0);
        Share::of(lost, lost + received)
    }
}
