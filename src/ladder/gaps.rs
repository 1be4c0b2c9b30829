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
/// A packet holds so much sound (`ptime`, RFC 7587).
const PACKET: Millis = Millis(20.0);

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
    /// How long nothing arrived for certain: from one look to another.
    silence: Millis,
    /// Nothing had arrived for so long when it was looked at, by the packets that were due before and not there.
    already: Millis,
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
                let already = last.map_or(Millis::ZERO, |last| {
                    let arrived = Millis((sample.packets_received - last.received) * PACKET.0);
                    // More than a look is not its own silence.
                    Millis(sample.at.since(last.at).since(arrived).0.min(SILENT.0))
                });
                self.found.put(ended.map(|last| {
                    let gap = Gap {
                        at: last.at.since(start),
                        length: last.length(sample.at),
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
                    already,
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
    /// The likeliest length of the silence after this, which was seen to be over at `end`: it began before the look, by
    /// what was missing then, and ended somewhere between the last two looks.
    fn length(&self, end: Millis) -> Millis {
        let over = end.since(self.at + self.silence);
        self.already + self.silence + Millis(over.0 / 2.0)
    }

    fn interrupts(&self) -> bool {
        self.calm && self.silence >= LEAST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told of a silence of this length from this moment on: a packet every 20 ms, a look every 100 ms, and all
    /// that was held back arrives at once.
    fn told(from: f64, length: f64) -> Vec<f64> {
        let mut gaps = Gaps::default();
        for look in 0..40 {
            let at = f64::from(look) * 100.0;
            let sent = (at / PACKET.0).floor();
            let silent = at > from && at < from + length;
            let sample = MediaSample {
                at: Millis(at),
                packets_sent: sent,
                packets_received: if silent { (from / PACKET.0).floor() } else { sent },
                ..MediaSample::default()
            };
            gaps.observe(&sample, 0, 0.0, TurnTransport::Tcp);
        }
        gaps.under(1).iter().map(|gap| gap.length.0).collect()
    }

    #[test]
    fn a_silence_is_told_as_long_as_it_was() {
        for length in [500.0, 800.0, 1500.0] {
            let phases = [0.0, 10.0, 30.0, 50.0, 70.0, 90.0];
            let each: Vec<f64> = phases
                .iter()
                .flat_map(|phase| told(1000.0 + phase, length))
                .collect();
            assert_eq!(each.len(), phases.len());
            assert!(
                each.iter().all(|it| (it - length).abs() <= 70.0),
                "{length}: {each:?}"
            );
            let mean = each.iter().sum::<f64>() / each.len() as f64;
            assert!((mean - length).abs() <= 0.05 * length, "{length}: {mean}");
        }
    }

    #[test]
    fn a_short_silence_is_none() {
        assert!(told(1030.0, 300.0).is_empty());
    }
}
