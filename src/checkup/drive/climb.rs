//! Climbing the ladder on a call, and what other traffic does to that call.

use futures_util::future::{Either, select};
use futures_util::pin_mut;

use super::{Run, TICK};
use crate::checkup::Event;
use crate::ladder::loaded::{LOAD, LONGEST, LOOKS_IDLE, Loaded};
use crate::ladder::{Ladder, Order, START};
use crate::observation::{LoadedSeen, MediaSample, Seen};
use crate::plan::MediaPath;
use crate::probe::{BandwidthProbe, Call, Network};
use crate::units::{Kbps, Millis};

/// The ladder ends here with what it has.
const LADDER_DEADLINE: Millis = Millis(24_000.0);
/// It ends this long before the run does, in any case: what it has measured by then is told.
const LADDER_LAST_WORDS: Millis = Millis(300.0);
/// After the ladder's last step the call gets so long to go on at the rate that is wanted under load.
const SETTLE_DOWN: Millis = Millis(100.0);

impl<N: Network> Run<'_, N> {
    /// Measures step by step, and tells what the ladder has shown; true when its top was clean.
    pub(super) async fn climb(&self, path: &MediaPath, id: &str, call: &N::Call, mut ladder: Ladder) -> bool {
        let started = self.now();
        (self.emit)(Event::ProbeStarted {
            id: id.to_owned(),
            at: started,
        });
        let mut last = None;
        let rest = self.plan.deadline.since(started) - LADDER_LAST_WORDS;
        let end = self.network.sleep(rest);
        let cut_short = {
            let steps = self.steps(&mut ladder, &mut last, call);
            pin_mut!(steps, end);
            match select(steps, end).await {
                Either::Left((cut_short, _)) => cut_short,
                Either::Right(_) => true,
            }
        };
        self.crowded.set(ladder.is_crowded());
        let seen = ladder.seen(last.as_ref(), cut_short);
        let top = seen.highest_clean == self.plan.ladder.last().copied();
        self.observed(id, &path.url.text, started, Seen::Ladder(seen));
        top
    }

    /// Watches the call while other traffic fills the line.
    pub(super) async fn under_load(&self, probe: &BandwidthProbe, call: &N::Call) -> Option<LoadedSeen> {
        let from = self.now();
        call.set_rate(START).await;
        self.network.sleep(SETTLE_DOWN).await;
        let mut loaded = Loaded::default();
        let look = |loaded: &mut Loaded, due: Millis, sample: Option<MediaSample>| {
            let late = Some(self.now().since(due));
            sample
                .into_iter()
                .for_each(|sample| loaded.look(MediaSample { late, ..sample }));
        };
        for _ in 0..LOOKS_IDLE {
            let due = self.now() + TICK;
            self.network.sleep(TICK).await;
            look(&mut loaded, due, call.sample().await);
        }
        let started = self.now();
        let load = self.network.load(probe, LOAD, LONGEST);
        let looking = async {
            loop {
                let due = self.now() + TICK;
                self.network.sleep(TICK).await;
                look(&mut loaded, due, call.sample().await);
            }
        };
        {
            pin_mut!(load, looking);
            select(load, looking).await;
        }
        let time = self.now().since(started);
        self.look_around();
        (!self.spoilt_since(from)).then(|| loaded.seen(time))
    }

    /// Measures step by step; whether that had to end before the ladder was done. `last` is the newest sample.
    async fn steps(&self, ladder: &mut Ladder, last: &mut Option<MediaSample>, call: &N::Call) -> bool {
        let started = self.now();
        let mut order = None;
        let (mut paused, mut looked) = (Millis::ZERO, started);
        while ladder.order() != Order::Done {
            self.look_around();
            if self.spoilt_since(looked) {
                // Nothing is sent while nobody listens; then the step begins anew.
                self.watch.borrow_mut().seen.dropped += u32::from(ladder.pause());
                let since = self.now();
                call.set_rate(Kbps(0.0)).await;
                order = None;
                self.in_front().await;
                self.look_around();
                paused = paused + self.now().since(since);
            }
            looked = self.now();
            if order != Some(ladder.order()) {
                order = Some(ladder.order());
                call.set_rate(match ladder.order() {
                    Order::Send(rate) => rate,
                    Order::Rest | Order::Done => Kbps(0.0),
                })
                .await;
            }
            let due = self.now() + TICK;
            self.network.sleep(TICK).await;
            let late = Some(self.now().since(due));
            if let Some(sample) = call.sample().await {
                let sample = MediaSample { late, ..sample };
                *last = Some(sample);
                if let Some(step) = ladder.observe(sample) {
                    (self.emit)(Event::StepMeasured(step));
                }
            }
            if self.now().since(started) >= LADDER_DEADLINE + paused {
                return true;
            }
        }
        false
    }
}
