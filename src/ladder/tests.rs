//! The ladder on a simulated line: a rate on the wire, a delay, loss, and a queue without bound.

use proptest::prelude::*;

use super::*;
use crate::plan::LADDER;

/// A line with its queue, looked at every 100 ms; packets leave every 20 ms.
struct Line {
    wire: Kbps,
    delay: f64,
    /// The most that chance adds to the delay, each way, with the state of the chance.
    restless: (f64, u64),
    highest: u32,
    loss_every: Option<u32>,
    encoder: f64,
    cut: std::ops::Range<f64>,
    now: f64,
    free_at: f64,
    arrivals: Vec<(f64, f64, u32)>,
    sample: MediaSample,
    sent: u32,
}

impl Line {
    fn new(wire: f64) -> Self {
        Self {
            wire: Kbps(wire),
            delay: 20.0,
            restless: (0.0, 1),
            highest: 0,
            loss_every: None,
            encoder: 1.0,
            cut: 0.0..0.0,
            now: 0.0,
            free_at: 0.0,
            arrivals: Vec::new(),
            sample: MediaSample {
                jitter: Some(Millis(2.0)),
                headers_sent: Some(0.0),
                round_trips: Some(1.0),
                round_trip_total: Some(Millis(48.0)),
                ..MediaSample::default()
            },
            sent: 0,
        }
    }

    fn advance(&mut self, order: Order) {
        for _ in 0..5 {
            self.now += 20.0;
            if let Order::Send(rate) = order {
                let payload = rate.0 * self.encoder * 20.0 / 8.0;
                self.sent += 1;
                self.sample.packets_sent += 1.0;
                self.sample.payload_sent += payload;
                self.sample.headers_sent = self.sample.headers_sent.map(|bytes| bytes + 20.0);
                if self
                    .loss_every
                    .is_some_and(|every| self.sent.is_multiple_of(every))
                {
                    self.sample.packets_lost += 1.0;
                    continue;
                }
                let start = if self.cut.contains(&self.now) {
                    self.cut.end
                } else {
                    self.now
                };
                self.free_at = self.free_at.max(start) + (payload + 20.0 + 66.0) * 8.0 / self.wire.0;
                let late = self.chance() + self.chance();
                self.arrivals
                    .push((self.free_at + self.delay + late, payload, self.sent));
            }
            let now = self.now;
            let (here, coming): (Vec<_>, Vec<_>) = self.arrivals.drain(..).partition(|(at, ..)| *at <= now);
            self.arrivals = coming;
            self.sample.packets_received += here.len() as f64;
            self.sample.payload_received += here.iter().map(|(_, payload, _)| payload).sum::<f64>();
            self.highest = here
                .iter()
                .fold(self.highest, |most, (.., number)| most.max(*number));
            if self.restless.0 > 0.0 {
                self.sample.packets_lost = f64::from(self.highest) - self.sample.packets_received;
            }
        }
        self.sample.at = Millis(self.now);
    }

    /// Up to `restless`, evenly (Knuth's linear congruence).
    fn chance(&mut self) -> f64 {
        let (most, state) = &mut self.restless;
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        *most * (*state >> 40) as f64 / (1_u64 << 24) as f64
    }

    fn climb(self) -> (LadderSeen, f64) {
        self.climb_on(&mut Ladder::new(&LADDER, TurnTransport::Tcp))
    }

    fn climb_on(mut self, ladder: &mut Ladder) -> (LadderSeen, f64) {
        while ladder.order() != Order::Done && self.now < 60_000.0 {
            self.advance(ladder.order());
            ladder.observe(self.sample);
        }
        (ladder.seen(Some(&self.sample), false), self.now)
    }
}

#[test]
fn an_interruption_is_kept_with_its_time_and_narrows_nothing() {
    for (from, to) in [(1_000.0, 2_500.0), (2_000.0, 3_100.0), (4_300.0, 4_900.0)] {
        let line = Line {
            cut: from..to,
            ..Line::new(10_000.0)
        };
        let (seen, time) = line.climb();
        assert_eq!(seen.highest_clean, Some(Kbps(160.0)), "{:#?}", seen.steps);
        let [gap] = seen.gaps.as_slice() else {
            panic!("{:?} for {from} to {to} in {time}: {:#?}", seen.gaps, seen.steps);
        };
        // The first look is at 100 ms, and one look may be missing at either end.
        assert!((gap.at.0 + 100.0 - from).abs() <= 120.0, "{gap:?} at {from}");
        assert!(
            (gap.length.0 - (to - from)).abs() <= 220.0,
            "{gap:?} of {}",
            to - from
        );
        assert!(time < 13_000.0, "took {time} ms");
    }
}

#[test]
fn a_narrow_or_lossy_line_is_not_interrupted() {
    for wire in [42.0, 62.0, 90.0, 150.0, 10_000.0] {
        assert_eq!(Line::new(wire).climb().0.gaps, [], "{wire} kbps");
    }
    let lossy = Line {
        loss_every: Some(10),
        ..Line::new(10_000.0)
    };
    assert_eq!(lossy.climb().0.gaps, []);
}

#[test]
fn silence_counts_at_a_rate_that_the_line_carries_and_not_at_one_that_is_too_much() {
    let gaps = |from: f64| {
        let line = Line {
            cut: from..from + 700.0,
            ..Line::new(70.0)
        };
        let (seen, _) = line.climb();
        assert_eq!(seen.highest_clean, Some(Kbps(32.0)), "{from}: {:#?}", seen.steps);
        let stalled = |step: &Step| (step.why == Some(Unclean::Stalled)).then_some(step.target);
        (seen.steps.iter().find_map(stalled), seen.gaps.len())
    };
    assert_eq!(gaps(600.0), (Some(Kbps(32.0)), 1));
    assert_eq!(gaps(1200.0), (Some(Kbps(48.0)), 0));
}

/// The highest rate of the ladder that fits on the wire, by the simulation's own packet sizes.
fn truth(wire: f64) -> Option<Kbps> {
    LADDER
        .into_iter()
        .rev()
        .find(|rate| rate.0 + 86.0 * 8.0 / 20.0 <= wire)
}

#[test]
fn a_wide_line_is_climbed_to_the_top_in_six_steps() {
    let (seen, time) = Line::new(10_000.0).climb();
    assert_eq!(seen.highest_clean, Some(Kbps(160.0)));
    assert_eq!(seen.steps.len(), 6);
    assert!(seen.steps.iter().all(|step| step.clean), "{seen:?}");
    assert!(time < 7_000.0, "took {time} ms");
    let quality = seen.quality.expect("measured");
    assert_eq!(
        (quality.round_trip, quality.loss),
        (Some(Millis(24.0)), Some(Share(0.0)))
    );
}

#[test]
fn narrow_lines_end_at_their_true_edge() {
    for wire in [42.0, 48.0, 56.0, 62.0, 75.0, 90.0, 110.0, 150.0, 185.0, 250.0] {
        let (seen, time) = Line::new(wire).climb();
        assert_eq!(seen.highest_clean, truth(wire), "{wire} kbps: {:#?}", seen.steps);
        assert!(time < 24_000.0, "{wire} kbps took {time} ms");
    }
}

#[test]
fn the_first_unclean_step_says_why() {
    let (seen, _) = Line::new(110.0).climb();
    let last = seen.steps.last().expect("steps");
    assert!(
        !last.clean && matches!(last.why, Some(Unclean::Queue | Unclean::Goodput)),
        "{last:?}"
    );
}

#[test]
fn a_line_that_carries_nothing_has_no_clean_step() {
    let (seen, _) = Line::new(20.0).climb();
    assert_eq!(seen.highest_clean, None);
    assert!(!seen.steps.is_empty());
}

#[test]
fn loss_breaks_steps_and_is_measured_all_the_same() {
    let line = Line {
        loss_every: Some(10),
        ..Line::new(10_000.0)
    };
    let (seen, _) = line.climb();
    assert_eq!(seen.highest_clean, None);
    assert!(seen.steps.iter().all(|step| step.why == Some(Unclean::Loss)));
    let loss = seen.quality.and_then(|quality| quality.loss).expect("measured");
    assert!((loss.0 - 0.1).abs() < 0.02, "{loss:?}");
}

#[test]
fn a_lossy_line_is_told_whatever_chance_does_on_one_step() {
    // Packets that are lost, by their number; a burst on the first look, next to none on the second.
    let lost = |number: u32| match number {
        0..120 => number.is_multiple_of(8),
        120..200 => false,
        _ => number.is_multiple_of(12),
    };
    let seen = climb_losing(&lost);
    let loss = seen.quality.and_then(|quality| quality.loss).expect("measured");
    assert!(loss.0 > 0.05, "{loss:?}: {:#?}", seen.steps);
}

#[test]
fn a_line_that_loses_on_every_step_has_a_round_trip_and_a_score() {
    let seen = climb_losing(&|number| number.is_multiple_of(9));
    assert_eq!(seen.highest_clean, None, "{:#?}", seen.steps);
    let quality = seen.quality.expect("measured");
    assert_eq!(quality.round_trip, Some(Millis(24.0)));
    assert!(quality.mos.is_some_and(|mos| mos < 4.0), "{quality:?}");
    let spread = quality.spread.loss.expect("measured");
    assert!((spread.least..spread.most).contains(&(1.0 / 9.0)), "{spread:?}");
    assert!(
        spread.samples > 150.0 && spread.most - spread.least < 0.11,
        "{spread:?}"
    );
}

#[test]
fn loss_above_a_clean_rung_is_looked_at_once_more_below() {
    // Lucky on the first rung: the second breaks, and the look back finds what the luck had hidden.
    let seen = climb_losing(&|number| number > 60 && number.is_multiple_of(10));
    assert_eq!(seen.highest_clean, Some(START));
    let back = seen.steps.last().expect("steps");
    assert_eq!(
        (back.target, back.why),
        (START, Some(Unclean::Loss)),
        "{:#?}",
        seen.steps
    );
    assert!(back.duration.0 >= 2_000.0, "{back:?}");
    let loss = seen.quality.and_then(|quality| quality.loss).expect("measured");
    assert!(loss.0 > 0.05, "{loss:?}");
}

/// Climbs a wide line over UDP that loses packets by their number.
fn climb_losing(lost: &dyn Fn(u32) -> bool) -> LadderSeen {
    let mut line = Line::new(10_000.0);
    let mut ladder = Ladder::new(&LADDER, TurnTransport::Udp);
    let (mut looked, mut counted) = (line.sample, 0);
    let mut all_lost = 0.0;
    while ladder.order() != Order::Done && line.now < 60_000.0 {
        line.advance(ladder.order());
        all_lost += (counted + 1..=line.sent).filter(|number| lost(*number)).count() as f64;
        counted = line.sent;
        looked = MediaSample {
            packets_received: line.sample.packets_received - all_lost,
            packets_lost: all_lost,
            // A connectivity check each second, with 48 ms.
            round_trips: Some((line.now / 1_000.0).floor()),
            round_trip_total: Some(Millis((line.now / 1_000.0).floor() * 48.0)),
            ..line.sample
        };
        ladder.observe(looked);
    }
    ladder.seen(Some(&looked), false)
}

#[test]
fn a_starved_encoder_says_nothing_about_the_line() {
    let (seen, _) = Line {
        encoder: 0.1,
        ..Line::new(10_000.0)
    }
    .climb();
    assert_eq!(seen.steps.len(), 1);
    assert_eq!(seen.steps[0].why, Some(Unclean::NotSent));
}

#[test]
fn a_short_pause_of_the_line_does_not_break_a_step() {
    let (seen, _) = Line {
        cut: 1_500.0..1_700.0,
        ..Line::new(10_000.0)
    }
    .climb();
    assert_eq!(seen.highest_clean, Some(Kbps(160.0)), "{:#?}", seen.steps);
}

#[test]
fn a_break_that_does_not_come_again_is_not_the_line() {
    let (seen, _) = Line {
        cut: 1_500.0..3_000.0,
        ..Line::new(10_000.0)
    }
    .climb();
    assert_eq!(seen.highest_clean, Some(Kbps(160.0)), "{:#?}", seen.steps);
    let broken: Vec<_> = seen.steps.iter().filter(|step| !step.clean).collect();
    assert_eq!(broken.len(), 1, "{broken:#?}");
    assert_eq!(broken[0].why, Some(Unclean::Stalled));
}

#[test]
fn a_report_of_the_crowded_set_up_is_no_round_trip() {
    let mut line = Line::new(10_000.0);
    line.sample = MediaSample {
        packets_sent: 50.0,
        rtcp_round_trip: Some(Millis(1_178.6)),
        round_trips: None,
        round_trip_total: None,
        ..line.sample
    };
    let (seen, _) = line.climb();
    assert!(
        seen.steps.iter().all(|step| step.round_trip.is_none()),
        "{:#?}",
        seen.steps
    );
    assert_eq!(seen.quality.and_then(|quality| quality.round_trip), None);
}

#[test]
fn on_a_narrow_line_the_way_is_known_from_after_a_rest() {
    let way = |wire: f64| {
        let mut line = Line::new(wire);
        let mut ladder = Ladder::new(&LADDER, TurnTransport::Tcp);
        while ladder.order() != Order::Done && line.now < 60_000.0 {
            line.advance(ladder.order());
            // Until the first rest each answer waits behind what the call's set-up has left.
            let answer = if ladder.rested { 48.0 } else { 900.0 };
            line.sample.round_trips = line.sample.round_trips.map(|answers| answers + 1.0);
            line.sample.round_trip_total = line.sample.round_trip_total.map(|total| Millis(total.0 + answer));
            ladder.observe(line.sample);
        }
        let seen = ladder.seen(Some(&line.sample), false);
        seen.quality.and_then(|quality| quality.round_trip)
    };
    assert_eq!(way(60.0), Some(Millis(24.0)));
    // Where nothing is clean after the rest, nobody knows.
    assert_eq!(way(70.0), None);
    // A line with room has no queue: the long way is its own.
    assert_eq!(way(10_000.0), Some(Millis(450.0)));
}

#[test]
fn no_rates_no_steps() {
    let ladder = Ladder::new(&[], TurnTransport::Tcp);
    assert_eq!(ladder.order(), Order::Done);
    assert_eq!(ladder.seen(None, false).quality, None);
}

#[test]
fn a_long_way_at_the_start_is_no_full_line() {
    let first_order = |round_trip: f64| {
        let mut ladder = Ladder::new(&LADDER, TurnTransport::Tcp);
        ladder.observe(MediaSample {
            packets_sent: 9.0,
            packets_received: 1.0,
            round_trips: Some(2.0),
            round_trip_total: Some(Millis(round_trip * 2.0)),
            ..MediaSample::default()
        });
        ladder.order()
    };
    assert_eq!(first_order(160.0), Order::Send(START));
    assert_eq!(first_order(40.0), Order::Rest);
}

#[test]
fn a_restless_line_is_not_narrow_and_loses_nothing() {
    let wrong = (1..=300_u64).filter(|seed| {
        let line = Line {
            restless: (170.0, *seed << 20),
            ..Line::new(10_000.0)
        };
        let mut ladder = Ladder::new(&LADDER, TurnTransport::Udp);
        let (seen, _) = line.climb_on(&mut ladder);
        let loss = seen.quality.and_then(|quality| quality.loss);
        seen.highest_clean != Some(Kbps(160.0)) || loss.is_none_or(|loss| loss >= Share(0.01))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), [0_u64; 0]);
}

#[test]
fn overtaken_packets_are_not_lost() {
    // Each look comes while two packets are overtaken; they arrive before the next.
    let mut line = Line::new(10_000.0);
    let mut ladder = Ladder::new(&LADDER, TurnTransport::Udp);
    let mut looked = line.sample;
    while ladder.order() != Order::Done {
        line.advance(ladder.order());
        looked = MediaSample {
            packets_received: line.sample.packets_received - 2.0,
            packets_lost: 2.0,
            ..line.sample
        };
        ladder.observe(looked);
    }
    let seen = ladder.seen(Some(&looked), false);
    assert_eq!(seen.highest_clean, Some(Kbps(160.0)), "{:#?}", seen.steps);
    assert_eq!(seen.quality.and_then(|quality| quality.loss), Some(Share(0.0)));
}

proptest! {
    #[test]
    fn every_climb_ends_and_never_flatters(wire in 5.0..400.0) {
        let (seen, time) = Line::new(wire).climb();
        prop_assert!(time < 30_000.0);
        // A fresh queue of a few packets may hide a shortage of some percent, never a whole step.
        let flattering = truth(wire * 1.06).map_or(0.0, |rate| rate.0);
        prop_assert!(seen.highest_clean.map_or(0.0, |rate| rate.0) <= flattering);
    }

    #[test]
    fn a_wider_line_is_never_worse(wire in 5.0..400.0, more in 20.0..200.0) {
        let rate = |wire| Line::new(wire).climb().0.highest_clean.map_or(0.0, |rate| rate.0);
        prop_assert!(rate(wire + more) >= rate(wire));
    }
}
