//! Interruptions: moments in which nothing at all arrives although packets are due, on a line that had no queue before.
//!
//! On a narrow line packets come late, but they come; where its queue overflows, TCP holds everything back for a while,
//! and then there was a queue before. Other traffic may have made that queue: silence at a rate that proves to be too
//! much for the line is put down to that. A sender that was starved owes nothing.

use super::backlog;
use crate::config::TurnTransport;
use crate::few::{Gather as _, Put as _};
use crate::observation::{Gap, MediaSample};
use crate::units::Millis;

/// The shortest silence that is kept.
const LEAST: Millis = Millis(400.0);
/// One look without an arrival: five packets should have come.
const SILENT: Millis = Millis(90.0);
/// More packets than this under way are a queue.
const CALM: f64 = 6.0;
/// So many packets must be due: 200 ms of sound.
const OWED: f64 = 10.0;

/// Watches arrivals.
#[derive(Debug, Clone, Default)]
pub(super) struct Gaps {
    start: Option<Millis>,
    last: Option<Arrival>,
    previously_sent: f64,
    /// Each with the rung at which it began.
    found: Vec<(usize, Gap)>,
}

/// The last time that something arrived, and the silence since.
#[derive(Debug, Clone, Copy)]
struct Arrival {
    at: Millis,
    rung: usize,
    received: f64,
    backlog: f64,
    calm: bool,
    silence: Millis,
}

impl Gaps {
    /// Takes a look at the counters on this rung. `least` is the backlog of the empty line.
    pub(super) fn observe(
        &mut self,
        sample: &MediaSample,
        rung: usize,
        least: f64,
        transport: TurnTransport,
    ) {
        let start = *self.start.get_or_insert(sample.at);
        let backlog = backlog(sample);
        // Over UDP what was lost stays away for good: once we send no more, silence says nothing.
        let waiting = transport == TurnTransport::Tcp || sample.packets_sent > self.previously_sent;
        self.previously_sent = sample.packets_sent;
        match &mut self.last {
            Some(last) if sample.packets_received <= last.received => {
                if waiting && backlog >= last.backlog + OWED {
                    last.silence = sample.at.since(last.at);
                }
            }
            last => {
                let ended = last.filter(|last| last.interrupts());
                self.found.put(ended.map(|last| {
                    let gap = Gap {
                        at: last.at.since(start),
                        length: last.silence,
                    };
                    (last.rung, gap)
                }));
                *last = Some(Arrival {
                    at: sample.at,
                    rung,
                    received: sample.packets_received,
                    backlog,
                    calm: backlog <= least + CALM,
                    silence: Millis::ZERO,
                });
            }
        }
    }

    /// Nobody looks for a while: what arrives meanwhile has no time.
    pub(super) fn pause(&mut self) {
        self.last = None;
    }

    /// Whether nothing arrives at this moment, on a line that had no queue.
    pub(super) fn silent(&self, at: Millis) -> bool {
        self.last
            .is_some_and(|last| last.calm && at.since(last.at) >= SILENT)
    }

    /// Whether the line was, or is, interrupted after this moment.
    pub(super) fn since(&self, moment: Millis) -> bool {
        let start = self.start.unwrap_or_default();
        let ended = |(_, gap): &(usize, Gap)| start.0 + gap.at.0 + gap.length.0 >= moment.0;
        self.found.iter().any(ended) || self.last.is_some_and(|last| last.interrupts())
    }

    /// Those under this rung, the times from the first look on.
    pub(super) fn under(&self, rung: usize) -> Vec<Gap> {
        let under = self.found.iter().filter(|(at, _)| *at < rung);
        under.map(|(_, gap)| *gap).few()
    }
}

impl Arrival {
    fn interrupts(&self) -> bool {
        self.calm && self.silence >= LEAST
    }
}
