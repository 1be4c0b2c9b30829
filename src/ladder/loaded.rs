//! How much later the voice comes while other traffic fills the line. Pure: looks at the call's counters come in.

use super::backlog;
use crate::observation::{BandwidthSeen, LoadedSeen, MediaSample, ThroughputSeen};
use crate::quality::{PACKET, median};
use crate::units::{Kbps, Millis};

/// What the other traffic is at the most, in bytes up and down: lines of 5.7 and 11.4 Mbit/s are full of it for as long
/// as it may last.
pub const LOAD: (u32, u32) = (500_000, 1_000_000);
/// And how long.
pub const LONGEST: Millis = Millis(700.0);
/// A line that took all of it sooner was never full.
const LEAST: Millis = Millis(500.0);
/// Looks before the load begins; the ladder has shown that there is no queue.
pub const LOOKS_IDLE: usize = 1;
/// Of the last looks under load the least counts: a single late packet is no queue.
const LAST_LOOKS: usize = 3;
/// Of the packets that are due, so many must have been sent: a computer that is busy with the load itself says nothing of
/// the line.
const SENT: f64 = 0.9;
/// And so late its timers may be.
const LATE: Millis = Millis(100.0);

/// Whether the load may fill a line that showed this: it has room for the work, and not for all of the load at once.
pub fn may_fill(seen: &BandwidthSeen) -> bool {
    let (Some(up), Some(down)) = (seen.up, seen.down) else {
        return false;
    };
    let at_once = |way: ThroughputSeen, bytes| {
        Kbps::of_bytes(f64::from(bytes), LEAST).is_some_and(|rate| way.rate >= rate)
    };
    up.enough && down.enough && !(at_once(up, LOAD.0) && at_once(down, LOAD.1))
}

/// A call under load, as it is watched.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    looks: Vec<MediaSample>,
}

impl Loaded {
    /// Takes a look at the counters: first [`LOOKS_IDLE`] without load, then with it.
    pub fn look(&mut self, sample: MediaSample) {
        self.looks.push(sample);
    }

    /// What was seen of a load that lasted for `time`.
    pub fn seen(&self, time: Millis) -> LoadedSeen {
        LoadedSeen {
            time,
            added: self.added().filter(|_| time >= LEAST && self.is_steady()),
        }
    }

    /// How much longer the queue got, both ways together.
    fn added(&self) -> Option<Millis> {
        let (idle, busy) = self.looks.split_at_checked(LOOKS_IDLE)?;
        let idle = median(idle.iter().map(backlog))?;
        let last = busy.get(busy.len().checked_sub(LAST_LOOKS)?..)?;
        let queue = last.iter().map(backlog).fold(f64::INFINITY, f64::min);
        Some(Millis((queue - idle).max(0.0) * PACKET.0))
    }

    /// Whether the sound was sent on time all the while.
    fn is_steady(&self) -> bool {
        let (Some(first), Some(last)) = (self.looks.first(), self.looks.last()) else {
            return false;
        };
        let due = last.at.since(first.at).0 / PACKET.0;
        let mut late = self.looks.iter().filter_map(|look| look.late);
        last.packets_sent - first.packets_sent >= SENT * due && late.all(|late| late <= LATE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks each 100 ms at a call whose queue has these lengths, in packets.
    fn looks(queues: &[f64], pace: f64, late: f64) -> Loaded {
        let mut loaded = Loaded::default();
        for (number, queue) in queues.iter().enumerate() {
            let sent = 100.0 + number as f64 * pace;
            loaded.look(MediaSample {
                at: Millis(number as f64 * 100.0),
                packets_sent: sent,
                packets_received: sent - queue,
                late: Some(Millis(late)),
                ..MediaSample::default()
            });
        }
        loaded
    }

    #[test]
    fn only_a_line_with_room_is_filled_and_none_that_is_too_wide_for_that() {
        let way = |rate, enough| {
            Some(ThroughputSeen {
                rate: Kbps(rate),
                enough,
                ..ThroughputSeen::default()
            })
        };
        let fills = |up, down| {
            may_fill(&BandwidthSeen {
                up,
                down,
                loaded: None,
            })
        };
        assert!(fills(way(2_400.0, true), way(50_000.0, true)));
        assert!(fills(way(20_000.0, true), way(9_000.0, true)));
        assert!(!fills(way(20_000.0, true), way(50_000.0, true)));
        assert!(!fills(way(400.0, false), way(50_000.0, true)));
        assert!(!fills(None, way(9_000.0, true)));
    }

    const FULL: [f64; 9] = [1.0, 2.0, 2.0, 3.0, 8.0, 20.0, 31.0, 29.0, 40.0];

    #[test]
    fn a_queue_that_stays_is_told_in_time() {
        let seen = looks(&FULL, 5.0, 3.0).seen(Millis(900.0));
        assert_eq!(seen.added, Some(Millis(28.0 * 20.0)));
        let seen = looks(&[1.0; 9], 5.0, 3.0).seen(Millis(900.0));
        assert_eq!(seen.added, Some(Millis::ZERO));
    }

    #[test]
    fn a_wide_line_was_never_full_and_a_busy_computer_tells_nothing() {
        assert_eq!(looks(&FULL, 5.0, 3.0).seen(Millis(200.0)).added, None);
        assert_eq!(looks(&FULL, 4.0, 3.0).seen(Millis(900.0)).added, None);
        assert_eq!(looks(&FULL, 5.0, 300.0).seen(Millis(900.0)).added, None);
        assert_eq!(looks(&FULL[..3], 5.0, 3.0).seen(Millis(900.0)).added, None);
        assert_eq!(Loaded::default().seen(Millis(900.0)).added, None);
    }
}
