//! How this computer keeps up with its own sending.

use crate::observation::MediaSample;
use crate::units::Millis;

/// One packet of Opus holds 20 ms of sound (RFC 7587, section 4.2), as both descriptions of the call say by default.
const PACKETS_PER_SECOND: f64 = 50.0;

/// How this computer keeps up with its own sending: nothing in it has to do with the line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pace {
    /// The most packets ahead of 50 per second since the step's start.
    ahead: f64,
    /// The most that the sending fell back from there.
    behind: f64,
    /// The latest that the page's own timers were.
    pub(super) late: Option<Millis>,
}

impl Pace {
    /// How far sending fell behind, as time.
    pub(super) fn behind(self) -> Millis {
        Millis(self.behind * 1000.0 / PACKETS_PER_SECOND)
    }

    /// Takes a look at the counters.
    pub(super) fn look(&mut self, since: &MediaSample, now: &MediaSample) {
        let due = now.at.since(since.at).as_seconds() * PACKETS_PER_SECOND;
        let ahead = now.packets_sent - since.packets_sent - due;
        self.ahead = self.ahead.max(ahead);
        self.behind = self.behind.max(self.ahead - ahead);
        self.late = match (self.late, now.late) {
            (Some(worst), Some(late)) => Some(Millis(worst.0.max(late.0))),
            (worst, late) => worst.or(late),
        };
    }
}
