//! The bitrate ladder: which rate to send next, when a step is clean, what the line carries. Pure: counters and times
//! come in as [`MediaSample`]s, orders and [`Step`]s go out.
//!
//! **What is looked at.** Over TCP nothing is ever lost: a line that is too narrow shows as a queue. The queue is
//! counted directly, as packets sent minus packets received minus packets lost, because both ends of the call are on
//! this page. Round trips are too rare for that (one in about 2.5 s) and go stale on a full line.
//!
//! **What breaks a step.** A step that broke is measured once more after a rest: other traffic passes, a line that is too
//! narrow is so again. A step that an interruption broke says nothing about the line's width: it is measured anew.
//!
//! **Where it starts.** At 32 kbps, the least with which a call sounds well. Clean: the ladder climbs until the first
//! step that breaks. Broken: it rests until the queue has drained, then halves its way down. Where the call's set-up
//! alone has filled the line, it drains first and climbs from its foot. Steps under a clean one are not measured: a line
//! that carries more carries less.

mod gaps;
mod judge;
pub mod loaded;
mod loss;
mod pace;
mod quality;

use crate::config::TurnTransport;
use crate::observation::{LadderSeen, MediaSample, Step, Unclean};
use crate::units::{Kbps, Millis, Share};
use gaps::Gaps;
use judge::judge;
use loss::Losses;
use pace::Pace;
use quality::mean_round_trip;

/// The least payload rate with which a call sounds well: the step that tells most.
pub const START: Kbps = Kbps(32.0);

/// After a change of rate the encoder and the path need this long, at least, to show it.
const SETTLE: Millis = Millis(250.0);
/// After a rest TCP starts anew, too.
const SETTLE_AFTER_REST: Millis = Millis(500.0);
/// A queue left over from before may need this long to empty while the step already runs.
const SETTLE_LONGEST: Millis = Millis(1_500.0);
/// Nothing arrives for this long while packets are sent: the line stands still.
const STALL: Millis = Millis(1_200.0);
/// So many steps may be broken by interruptions before a line that stands still is called that.
const MOST_INTERRUPTED: u32 = 4;
/// More packets than this at the start, where a long way does not account for them: the line is still full of the call's
/// set-up.
const BACKLOG_AT_START: f64 = 4.0;
/// What a long way accounts for, in packets per second of its round trip: of the 50 that are sent in a second, half are
/// on their way, and as many the far end lost before its own handshake was done. A quarter more for jitter.
const BACKLOG_OF_TRIP: f64 = 62.5;
/// A queue has drained when nothing arrives for this long.
const QUIET: Millis = Millis(400.0);
/// RTCP reports of both ends are no queue.
const REPORT_BYTES: f64 = 400.0;
/// Over UDP lost packets never arrive, and over TCP a back-off lasts: wait this long at least when some are missing.
const QUIET_LONG: Millis = Millis(2_500.0);
/// Draining ends here in any case.
const DRAIN_LONGEST: Millis = Millis(10_000.0);

/// Bytes on the line around each RTP packet: SRTP tag 10 (RFC 3711), ChannelData 4 (RFC 8656), IPv4 20, and TCP with
/// time stamps 32 or UDP 8.
const fn overhead(transport: TurnTransport) -> f64 {
    match transport {
        TurnTransport::Tcp => 66.0,
        TurnTransport::Udp => 42.0,
    }
}

/// What TURN adds to a packet in a channel (RFC 8656, section 12.4).
const CHANNEL_DATA: f64 = 4.0;

/// RTP header with the usual extensions, where the browser does not count header bytes.
const RTP_HEADER: f64 = 20.0;

/// What the call shall do now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Order {
    /// Send at this payload rate.
    Send(Kbps),
    /// Send nothing, so that the queue drains.
    Rest,
    /// Nothing more is to be learnt.
    Done,
}

/// A ladder being climbed.
#[derive(Debug, Clone)]
pub struct Ladder {
    rates: Vec<Kbps>,
    transport: TurnTransport,
    rung: usize,
    clean: Option<usize>,
    broken: Option<usize>,
    phase: Phase,
    /// The smallest backlog ever seen: packets that were on their way, or lost before the receiver listened.
    least_backlog: f64,
    rested: bool,
    first: Option<MediaSample>,
    /// Of the whole run.
    losses: Losses,
    gaps: Gaps,
    interrupted: u32,
    /// The rung whose first break is being looked at again.
    doubted: Option<usize>,
    /// The clean rung that is looked at again, because packets were lost on the one above it.
    control: Option<usize>,
    steps: Vec<Step>,
    /// Of each step, packets lost, less those given up before and arrived late, and packets received.
    arrivals: Vec<(f64, f64)>,
}

#[derive(Debug, Clone)]
enum Phase {
    Settle {
        since: Option<Millis>,
        last_backlog: f64,
    },
    Measure {
        since: Box<MediaSample>,
        last_arrival: Arrival,
        growths: Vec<(f64, f64)>,
        losses: Losses,
        pace: Pace,
    },
    Drain {
        since: Option<Millis>,
        last_arrival: Option<Arrival>,
    },
    Done,
}

/// When something last arrived, and how much there was by then.
#[derive(Debug, Clone, Copy)]
struct Arrival {
    at: Millis,
    amount: f64,
}

impl Arrival {
    fn of(at: Millis, amount: f64) -> Self {
        Self { at, amount }
    }

    /// How long not more than `least` has been added to the amount.
    fn silence(&mut self, at: Millis, amount: f64, least: f64) -> Millis {
        if amount > self.amount + least {
            *self = Self::of(at, amount);
        }
        at.since(self.at)
    }
}

impl Ladder {
    /// A ladder with these rates, lowest first.
    pub fn new(rates: &[Kbps], transport: TurnTransport) -> Self {
        let start = rates.iter().position(|rate| *rate >= START).unwrap_or(0);
        let phase = if rates.is_empty() {
            Phase::Done
        } else {
            Phase::settle()
        };
        Self {
            rates: rates.to_vec(),
            transport,
            rung: start,
            clean: None,
            broken: None,
            phase,
            least_backlog: f64::INFINITY,
            rested: false,
            first: None,
            losses: Losses::default(),
            gaps: Gaps::default(),
            interrupted: 0,
            doubted: None,
            control: None,
            steps: Vec::new(),
            arrivals: Vec::new(),
        }
    }

    /// The same, where the line is known to be narrow: it drains first, and is climbed from its foot.
    #[must_use]
    pub fn from_foot(mut self) -> Self {
        if !self.rates.is_empty() {
            self.go_to_foot();
        }
        self
    }

    fn go_to_foot(&mut self) {
        self.rung = 0;
        self.phase = Phase::drain();
        self.rested = true;
    }

    /// What the call shall do now.
    pub fn order(&self) -> Order {
        match self.phase {
            Phase::Done => Order::Done,
            Phase::Drain { .. } => Order::Rest,
            Phase::Settle { .. } | Phase::Measure { .. } => Order::Send(self.rates[self.rung]),
        }
    }

    /// Takes a look at the counters; returns a step when one has been measured.
    pub fn observe(&mut self, sample: MediaSample) -> Option<Step> {
        let backlog = backlog(&sample);
        if self.first.is_none() {
            self.first = Some(sample);
            let trip = mean_round_trip(&MediaSample::default(), &sample).unwrap_or_default();
            if backlog > BACKLOG_AT_START.max(BACKLOG_OF_TRIP * trip.as_seconds()) {
                // The call's own set-up has filled the line: it is narrow.
                self.go_to_foot();
            }
        }
        self.losses.look(&sample);
        self.least_backlog = self.least_backlog.min(backlog);
        self.gaps
            .observe(&sample, self.rung, self.least_backlog, self.transport);
        match &mut self.phase {
            Phase::Done => {}
            Phase::Settle { since, last_backlog } => {
                let time = sample.at.since(*since.get_or_insert(sample.at));
                let emptying = backlog < *last_backlog - 1.0;
                *last_backlog = backlog;
                let least = if self.rested { SETTLE_AFTER_REST } else { SETTLE };
                if time >= SETTLE_LONGEST || (time >= least && !emptying) {
                    let mut losses = Losses::default();
                    losses.look(&sample);
                    self.phase = Phase::Measure {
                        since: Box::new(sample),
                        last_arrival: Arrival::of(sample.at, sample.packets_received),
                        growths: Vec::new(),
                        losses,
                        pace: Pace::default(),
                    };
                }
            }
            Phase::Measure {
                since,
                last_arrival,
                growths,
                losses,
                pace,
            } => {
                pace.look(since, &sample);
                losses.look(&sample);
                let (arrived, loss) = (losses.counted(), losses.share());
                let pace = *pace;
                growths.push((
                    sample.at.since(since.at).as_seconds(),
                    backlog - self::backlog(since),
                ));
                let stalled = last_arrival.silence(sample.at, sample.packets_received, 0.0) >= STALL;
                let (since, growths) = (**since, std::mem::take(growths));
                let step = Step {
                    behind: Some(pace.behind()),
                    late: pace.late,
                    loss,
                    ..self.measured(&since, &sample)
                };
                // In the middle of a silence nobody knows yet whether it is a queue or an interruption.
                let judged = if self.gaps.silent(sample.at) && !stalled {
                    None
                } else {
                    judge(&step, &growths, stalled, self.rested, self.lossy())
                };
                if let Some(judgement) = judged {
                    let step = Step {
                        clean: judgement.is_ok(),
                        why: judgement.err(),
                        ..step
                    };
                    let interrupted = !step.clean && self.gaps.since(since.at);
                    self.arrivals.push(arrived);
                    return Some(self.finish(step, interrupted));
                }
                if let Phase::Measure { growths: kept, .. } = &mut self.phase {
                    *kept = growths;
                }
            }
            Phase::Drain { since, last_arrival } => {
                let start = *since.get_or_insert(sample.at);
                // Old media still arrives at the transport after the receiver has given it up.
                let (arrived, least) = match sample.bytes_arrived {
                    Some(bytes) => (bytes, REPORT_BYTES),
                    None => (sample.packets_received, 0.0),
                };
                let quiet = last_arrival
                    .get_or_insert(Arrival::of(sample.at, arrived))
                    .silence(sample.at, arrived, least);
                // At the start nobody knows how much was lost before the receiver listened.
                let known = if self.steps.is_empty() {
                    0.0
                } else {
                    self.least_backlog
                };
                let drained = backlog <= known + 2.0;
                if (quiet >= QUIET && drained)
                    || quiet >= QUIET_LONG
                    || sample.at.since(start) >= DRAIN_LONGEST
                {
                    self.phase = Phase::settle();
                }
            }
        }
        None
    }

    /// Whether the last step was too much for the line, so that some of it may still be on its way.
    pub fn is_crowded(&self) -> bool {
        self.steps.last().is_some_and(|step| !step.clean)
    }

    /// Drops what is being measured: nobody looked for a while. The step is measured anew. True when there was one.
    pub fn pause(&mut self) -> bool {
        let dropped = matches!(self.phase, Phase::Measure { .. });
        self.gaps.pause();
        if !matches!(self.phase, Phase::Done) {
            self.phase = Phase::settle();
        }
        dropped
    }

    /// What the ladder has learnt. `last` is the newest sample, `cut_short` says that it had to end early.
    pub fn seen(&self, last: Option<&MediaSample>, cut_short: bool) -> LadderSeen {
        LadderSeen {
            steps: self.steps.clone(),
            highest_clean: self.clean.map(|rung| self.rates[rung]),
            cut_short,
            quality: self.quality(last),
            gaps: self.gaps.under(self.too_much()),
        }
    }

    /// The lowest rung that the line has no room for: above it silence is no interruption.
    fn too_much(&self) -> usize {
        let crowded = |step: &&Step| matches!(step.why, Some(Unclean::Queue | Unclean::Goodput));
        let rung = |step: &Step| self.rates.iter().position(|rate| *rate == step.target);
        let broken = self.broken.filter(|broken| {
            let mut steps = self.steps.iter().filter(crowded);
            steps.any(|step| rung(step) == Some(*broken))
        });
        broken.unwrap_or(usize::MAX)
    }

    /// What was measured between two samples, not judged yet.
    fn measured(&self, from: &MediaSample, to: &MediaSample) -> Step {
        let time = to.at.since(from.at);
        let sent = to.packets_sent - from.packets_sent;
        let received = to.packets_received - from.packets_received;
        let payload_sent = to.payload_sent - from.payload_sent;
        let payload_received = to.payload_received - from.payload_received;
        let headers = difference(to.headers_sent, from.headers_sent).unwrap_or(sent * RTP_HEADER);
        let around = overhead(self.transport) + to.framing.map_or(0.0, |framing| framing - CHANNEL_DATA);
        Step {
            target: self.rates[self.rung],
            sent: Kbps::of_bytes(payload_sent, time).unwrap_or_default(),
            received: Kbps::of_bytes(payload_received, time),
            wire: Kbps::of_bytes(payload_sent + headers + sent * around, time),
            packets_per_second: (time.0 > 0.0).then(|| received / time.as_seconds()),
            packets_sent_per_second: (time.0 > 0.0).then(|| sent / time.as_seconds()),
            behind: None,
            late: None,
            loss: None,
            jitter: to.jitter,
            round_trip: mean_round_trip(from, to).or_else(|| self.reported_round_trip(from, to)),
            concealment: difference(to.samples, from.samples)
                .zip(difference(to.samples_concealed, from.samples_concealed))
                .and_then(|(all, concealed)| Share::of(concealed, all)),
            concealments: difference(to.concealments, from.concealments),
            goodput: Share::of(payload_received, payload_sent),
            duration: time,
            clean: false,
            why: None,
        }
    }

    /// The round trip of an RTCP report that came between two samples. A report speaks of seconds ago, so on a line
    /// that our own traffic has filled it tells of that.
    fn reported_round_trip(&self, from: &MediaSample, to: &MediaSample) -> Option<Millis> {
        let new = to.rtcp_round_trip != from.rtcp_round_trip;
        to.rtcp_round_trip.filter(|_| new && !self.rested)
    }

    fn finish(&mut self, mut step: Step, interrupted: bool) -> Step {
        let rung = self.rung;
        let interrupted = interrupted && self.interrupted < MOST_INTERRUPTED;
        // A step that was not sent says nothing: there is nothing to learn by going on.
        let next = if step.why == Some(Unclean::NotSent) {
            None
        } else if self.control == Some(rung) {
            // It tells the line's own loss; that the line has room for it is known.
            None
        } else if interrupted {
            self.interrupted += 1;
            step.why = Some(Unclean::Stalled);
            Some(rung)
        } else if step.clean {
            self.clean = Some(rung);
            self.next_rung()
        } else if self.doubted != Some(rung) {
            // Other traffic passes; a line that is too narrow is so again.
            self.doubted = Some(rung);
            Some(rung)
        } else {
            self.broken = Some(rung);
            let next = self.next_rung();
            if next.is_none() && step.why == Some(Unclean::Loss) {
                self.control = self.clean;
                self.control
            } else {
                next
            }
        };
        let rested = !step.clean;
        self.rested |= rested;
        self.phase = match next {
            None => Phase::Done,
            Some(rung) => {
                self.rung = rung;
                if rested { Phase::drain() } else { Phase::settle() }
            }
        };
        self.steps.push(step.clone());
        step
    }

    /// Whether packets were lost on the last step: then chance must not decide on the next one. Of 36 packets one in
    /// five times no more than one is lost on a line that loses 8 %.
    fn lossy(&self) -> bool {
        let last = self.steps.last();
        last.is_some_and(|step| step.why == Some(Unclean::Loss))
    }

    /// Up after a clean step, half-way down after a broken one; `None` when the edge is found.
    fn next_rung(&self) -> Option<usize> {
        let top = self.broken.unwrap_or(self.rates.len());
        match self.clean {
            Some(clean) => (clean + 1 < top).then_some(clean + 1),
            None => (top > 0).then_some(top / 2),
        }
    }
}

impl Phase {
    const fn settle() -> Self {
        Self::Settle {
            since: None,
            last_backlog: f64::INFINITY,
        }
    }

    const fn drain() -> Self {
        Self::Drain {
            since: None,
            last_arrival: None,
        }
    }
}

/// Packets under way: sent, and neither received nor known to be lost.
fn backlog(sample: &MediaSample) -> f64 {
    sample.packets_sent - sample.packets_received - sample.packets_lost
}

fn difference(to: Option<f64>, from: Option<f64>) -> Option<f64> {
    Some(to? - from.unwrap_or(0.0))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
