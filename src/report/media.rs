//! The report's parts about the line: the call, the ladder, the bandwidth.

use serde::{Deserialize, Serialize};

use super::plain_word;
use crate::catalogue::bandwidth_needed;
use crate::config::Config;
use crate::few::Gather as _;
use crate::observation::{
    BandwidthSeen, Gap, LadderSeen, Observation, Seen, Spread, Spreads, Step, ThroughputSeen,
};
use crate::throughput::on_the_wire;
use crate::units::Kbps;

/// The call and the ladder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct MediaPart {
    pub turn_url: String,
    pub relay_protocol: Option<String>,
    pub dtls_state: Option<String>,
    pub srtp_cipher: Option<String>,
    pub setup_ms: Option<f64>,
    pub round_trip_ms: Option<f64>,
    pub jitter_ms: Option<f64>,
    pub loss: Option<f64>,
    pub mos: Option<f64>,
    #[serde(default)]
    pub mos_wide: Option<f64>,
    #[serde(default)]
    pub burst_ms: Option<f64>,
    #[serde(default)]
    pub gaps: Vec<GapPart>,
    #[serde(default)]
    pub spread: Spreads,
    #[serde(default)]
    pub capacity_spread: Option<Spread>,
    pub ladder: Vec<StepPart>,
    pub highest_clean_kbps: Option<f64>,
    pub capacity_kbps: Option<f64>,
    pub limited_direction: Option<String>,
}

/// An interruption: nothing arrived.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct GapPart {
    pub at_ms: f64,
    pub length_ms: f64,
}

/// The voice while other traffic fills the line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct LoadedPart {
    pub time_ms: f64,
    pub added_delay_ms: Option<f64>,
}

/// A step of the ladder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct StepPart {
    pub target_kbps: f64,
    pub sent_kbps: f64,
    pub received_kbps: Option<f64>,
    pub wire_kbps: Option<f64>,
    pub packets_per_second: Option<f64>,
    #[serde(default)]
    pub packets_sent_per_second: Option<f64>,
    #[serde(default)]
    pub behind_ms: Option<f64>,
    #[serde(default)]
    pub late_ms: Option<f64>,
    pub loss: Option<f64>,
    pub jitter_ms: Option<f64>,
    pub round_trip_ms: Option<f64>,
    pub concealment: Option<f64>,
    pub goodput: Option<f64>,
    pub duration_ms: f64,
    pub clean: bool,
    pub why: Option<String>,
}

/// What the line gives and what the agent's work needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct BandwidthPart {
    pub up_kbps: Option<f64>,
    pub down_kbps: Option<f64>,
    pub up_at_least: Option<bool>,
    pub down_at_least: Option<bool>,
    pub needed_up_kbps: Option<f64>,
    pub needed_down_kbps: Option<f64>,
    #[serde(default)]
    pub loaded: Option<LoadedPart>,
}

/// The call and the ladder.
pub(super) fn media(observations: &[Observation]) -> Option<MediaPart> {
    let (url, call) = observations.iter().rev().find_map(|one| match &one.seen {
        Seen::Call(call) => Some((&one.target, call)),
        _ => None,
    })?;
    let ladder = ladder(observations);
    let quality = ladder.and_then(|ladder| ladder.quality).unwrap_or_default();
    Some(MediaPart {
        turn_url: url.clone(),
        relay_protocol: call.relay_protocol.clone(),
        dtls_state: call.dtls_state.clone(),
        srtp_cipher: call.srtp_cipher.clone(),
        setup_ms: call.setup.map(|time| time.0.round()),
        round_trip_ms: quality.round_trip.map(|time| tenth(time.0)),
        jitter_ms: quality.jitter.map(|time| tenth(time.0)),
        loss: quality.loss.map(|loss| thousandth(loss.0)),
        mos: quality.mos.map(tenth),
        mos_wide: quality.mos_wide.map(tenth),
        burst_ms: quality.burst.map(|time| tenth(time.0)),
        gaps: ladder
            .map(|ladder| ladder.gaps.iter().map(GapPart::of).few())
            .unwrap_or_default(),
        spread: quality.spread,
        ladder: ladder
            .map(|ladder| ladder.steps.iter().map(StepPart::of).few())
            .unwrap_or_default(),
        highest_clean_kbps: ladder.and_then(|ladder| ladder.highest_clean).map(|rate| rate.0),
        capacity_kbps: capacity(observations).map(|rate| rate.0),
        capacity_spread: capacity_spread(observations),
        limited_direction: limited_direction(observations).map(str::to_owned),
    })
}

/// What a line carries on the wire in its narrower direction, as far as that was measured. How much a wide one carries is not
/// asked.
pub fn capacity(observations: &[Observation]) -> Option<Kbps> {
    narrower(observations).map(|way| Kbps(on_the_wire(way.rate).0.round()))
}

/// How sure that is, in kbps on the wire.
fn capacity_spread(observations: &[Observation]) -> Option<Spread> {
    let spread = narrower(observations)?.spread?;
    let wire = |rate: f64| tenth(on_the_wire(Kbps(rate)).0);
    Some(Spread {
        samples: spread.samples,
        least: wire(spread.least),
        most: wire(spread.most),
    })
}

/// The narrower direction, where it has less than enough and was watched long enough to tell.
fn narrower(observations: &[Observation]) -> Option<ThroughputSeen> {
    let seen = bandwidth(observations)?;
    let known = |way: &ThroughputSeen| way.sure && !way.enough;
    let ways = [seen.up, seen.down].into_iter().flatten().filter(known);
    ways.min_by(|a, b| a.rate.0.total_cmp(&b.rate.0))
}

/// The direction that is at most half as wide as the other, where it holds the voice back.
fn limited_direction(observations: &[Observation]) -> Option<&'static str> {
    let limited = ladder(observations)?.steps.iter().any(|step| !step.clean);
    let seen = bandwidth(observations)?;
    let (up, down) = (seen.up?, seen.down?);
    let narrow = |way: ThroughputSeen, other: ThroughputSeen| {
        limited && way.sure && !way.enough && way.rate.0 * 2.0 <= other.rate.0
    };
    narrow(up, down)
        .then_some("up")
        .or_else(|| narrow(down, up).then_some("down"))
}

/// What the ladder measured.
pub(super) fn ladder(observations: &[Observation]) -> Option<&LadderSeen> {
    observations.iter().rev().find_map(|one| match &one.seen {
        Seen::Ladder(ladder) => Some(ladder),
        _ => None,
    })
}

impl GapPart {
    fn of(gap: &Gap) -> Self {
        Self {
            at_ms: gap.at.0.round(),
            length_ms: gap.length.0.round(),
        }
    }
}

impl StepPart {
    fn of(step: &Step) -> Self {
        Self {
            target_kbps: step.target.0,
            sent_kbps: tenth(step.sent.0),
            received_kbps: step.received.map(|rate| tenth(rate.0)),
            wire_kbps: step.wire.map(|rate| tenth(rate.0)),
            packets_per_second: step.packets_per_second.map(tenth),
            packets_sent_per_second: step.packets_sent_per_second.map(tenth),
            behind_ms: step.behind.map(|time| time.0.round()),
            late_ms: step.late.map(|time| time.0.round()),
            loss: step.loss.map(|share| thousandth(share.0)),
            jitter_ms: step.jitter.map(|time| tenth(time.0)),
            round_trip_ms: step.round_trip.map(|time| tenth(time.0)),
            concealment: step.concealment.map(|share| thousandth(share.0)),
            goodput: step.goodput.map(|share| thousandth(share.0)),
            duration_ms: step.duration.0.round(),
            clean: step.clean,
            why: step.why.map(|why| plain_word(&why)),
        }
    }
}

impl BandwidthPart {
    pub(super) fn of(config: &Config, observations: &[Observation]) -> Self {
        let way = |of: fn(BandwidthSeen) -> Option<ThroughputSeen>| bandwidth(observations).and_then(of);
        let (up, down) = (way(|seen| seen.up), way(|seen| seen.down));
        let rate = |way: Option<ThroughputSeen>| way.map(|way| way.rate.0.round());
        let (needed_up, needed_down) = bandwidth_needed(config.load, config.phone);
        Self {
            up_kbps: rate(up),
            down_kbps: rate(down),
            up_at_least: up.map(|way| way.enough),
            down_at_least: down.map(|way| way.enough),
            needed_up_kbps: Some(needed_up.0),
            needed_down_kbps: Some(needed_down.0),
            loaded: bandwidth(observations)
                .and_then(|seen| seen.loaded)
                .map(|loaded| LoadedPart {
                    time_ms: loaded.time.0.round(),
                    added_delay_ms: loaded.added.map(|time| time.0.round()),
                }),
        }
    }
}

/// How much HTTPS carries.
fn bandwidth(observations: &[Observation]) -> Option<BandwidthSeen> {
    observations.iter().rev().find_map(|one| match one.seen {
        Seen::Bandwidth(seen) => Some(seen),
        _ => None,
    })
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn thousandth(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn seen(clean: bool, up: ThroughputSeen, down: ThroughputSeen) -> [Observation; 2] {
        let step = Step {
            clean,
            ..Step::default()
        };
        let ladder = LadderSeen {
            steps: vec![step],
            ..LadderSeen::default()
        };
        let bandwidth = BandwidthSeen {
            up: Some(up),
            down: Some(down),
            loaded: None,
        };
        [
            ("ladder:turn-1", Seen::Ladder(ladder)),
            ("bandwidth", Seen::Bandwidth(bandwidth)),
        ]
        .map(|(id, seen)| Observation {
            id: id.to_owned(),
            target: String::new(),
            started: crate::units::Millis::ZERO,
            duration: crate::units::Millis::ZERO,
            seen,
        })
    }

    fn way(rate: f64, sure: bool) -> ThroughputSeen {
        ThroughputSeen {
            rate: Kbps(rate),
            sure,
            ..ThroughputSeen::default()
        }
    }

    #[test]
    fn the_narrower_direction_that_was_watched_long_enough_is_the_capacity() {
        let narrow = seen(false, way(57.4, true), way(95.64, true));
        assert_eq!(capacity(&narrow), Some(Kbps(60.0)));
        assert_eq!(limited_direction(&narrow), None);
        let narrow = seen(false, way(800.0, false), way(95.64, true));
        assert_eq!(capacity(&narrow), Some(Kbps(100.0)));
        assert_eq!(limited_direction(&narrow), Some("down"));
    }

    #[test]
    fn a_line_that_has_enough_or_was_not_watched_has_none() {
        let enough = ThroughputSeen {
            enough: true,
            ..way(2_000.0, true)
        };
        assert_eq!(capacity(&seen(true, enough, enough)), None);
        assert_eq!(capacity(&seen(true, way(286.9, true), enough)), Some(Kbps(300.0)));
        assert_eq!(capacity(&seen(false, way(57.4, false), way(57.4, false))), None);
    }
}
