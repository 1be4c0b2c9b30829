//! What keeps a run from measuring: a hidden page, a computer that sleeps. Both are noticed, waited for and told; what
//! they spoilt is dropped.

use super::Event;
use super::drive::{Run, TICK};
use crate::few::Put as _;
use crate::observation::{Answer, AttentionSeen, Seen};
use crate::probe::Network;
use crate::units::{Millis, Share};

/// A clock that jumps by so much stood still: the computer slept, or the browser froze the page. Hidden pages get their
/// timers once a second, and busy machines are late by tenths.
const ASLEEP: Millis = Millis(5_000.0);
/// A page whose timers are late for this part of the time was slow itself, whatever the line is: idle machines are late
/// for a twentieth of it.
const BUSY: Share = Share(0.25);
/// Timers were watched long enough to call a page starved: its own start does not count for much.
const TICKED: Millis = Millis(3_000.0);

/// What kept the run from measuring so far.
#[derive(Default)]
pub(super) struct Watch {
    /// Both clocks when somebody last looked.
    looked: (Millis, Millis),
    hidden: bool,
    pub(super) seen: AttentionSeen,
    /// When the page was last hidden, and when the computer last slept.
    last_hidden: Option<Millis>,
    last_asleep: Option<Millis>,
    pub(super) rung: Rung,
}

/// By how much the run's own timers were late while the page was in front, and in what time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rung {
    late: Millis,
    time: Millis,
}

impl Rung {
    /// What came after `before`.
    pub(super) fn since(self, before: Self) -> Self {
        Self {
            late: self.late - before.late,
            time: self.time - before.time,
        }
    }

    fn share(self) -> Share {
        Share::of(self.late.0, self.time.0).unwrap_or_default()
    }

    /// Whether the page was slow itself.
    pub(super) fn is_busy(self) -> bool {
        self.share() > BUSY
    }
}

impl Watch {
    /// Starts to watch.
    pub(super) fn over(network: &impl Network) -> Self {
        Self {
            looked: (network.now(), network.wall()),
            hidden: network.hidden(),
            ..Self::default()
        }
    }
}

impl<N: Network> Run<'_, N> {
    /// Notes whether the page is hidden and whether the clocks jumped.
    pub(super) fn look_around(&self) {
        let (now, wall, hidden) = (self.network.now(), self.network.wall(), self.network.hidden());
        let mut watch = self.watch.borrow_mut();
        let passed = now.since(watch.looked.0);
        let gap = Millis(passed.0.max(wall.since(watch.looked.1).0));
        watch.looked = (now, wall);
        let at = Some(now.since(self.start));
        let asleep = gap >= ASLEEP;
        if asleep {
            watch.seen.slept = watch.seen.slept + gap;
            watch.last_asleep = at;
        } else if hidden || watch.hidden {
            watch.seen.hidden = watch.seen.hidden + passed;
        }
        if hidden || watch.hidden {
            watch.last_hidden = at;
        }
        let changed = hidden != watch.hidden;
        watch.hidden = hidden;
        drop(watch);
        if changed {
            (self.emit)(Event::Paused(hidden));
        }
    }

    /// Whether the page was hidden, or the computer asleep, after `moment`.
    pub(super) fn spoilt_since(&self, moment: Millis) -> bool {
        let watch = self.watch.borrow();
        let since = |last: Option<Millis>| last.is_some_and(|last| last > moment);
        watch.hidden || since(watch.last_hidden) || since(watch.last_asleep)
    }

    /// Measuring waits until the page can be seen.
    pub(super) async fn in_front(&self) {
        while self.network.hidden() {
            self.network.sleep(TICK).await;
        }
    }

    /// A timer that was due then has rung.
    pub(super) fn rang(&self, due: Millis) {
        let late = self.now().since(due);
        let mut watch = self.watch.borrow_mut();
        if !watch.hidden && late < ASLEEP {
            watch.rung.late = watch.rung.late + late;
            watch.rung.time = watch.rung.time + TICK + late;
        }
    }

    pub(super) fn tell_attention(&self) {
        let watch = self.watch.borrow();
        let busy = watch.rung.time >= TICKED && watch.rung.is_busy();
        let late = if busy {
            watch.rung.share()
        } else {
            Share::default()
        };
        let seen = AttentionSeen { late, ..watch.seen };
        drop(watch);
        if seen != AttentionSeen::default() {
            self.observed("attention", "", Millis::ZERO, Seen::Attention(seen));
        }
    }

    /// What can be believed of `seen`: a failure during the computer's sleep is none, and a hidden page's times are not
    /// the line's.
    pub(super) fn believed(&self, started: Millis, mut seen: Seen) -> Seen {
        let mut watch = self.watch.borrow_mut();
        let since = |moment: Option<Millis>| moment.is_some_and(|moment| moment >= started);
        let timed = matches!(seen, Seen::Bandwidth(_));
        if (since(watch.last_asleep) || (timed && since(watch.last_hidden))) && !seen.is_good() {
            watch.seen.dropped += 1;
            return Seen::Unfinished;
        }
        if let (Seen::Https(https), true) = (&mut seen, since(watch.last_hidden) || since(watch.last_asleep))
        {
            // One answer is proof enough, and too few to tell how fast it was.
            let answered = https.tries.iter().position(|one| one.answer == Answer::Answered);
            let kept = answered.unwrap_or(https.tries.len().saturating_sub(1));
            let one = https.tries.drain(..).nth(kept);
            https.tries.put(one);
        }
        seen
    }
}
