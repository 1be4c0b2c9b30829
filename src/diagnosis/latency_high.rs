//! `latency-high`: speech takes too long on its way.
//!
//! - **What we saw**: the round trip between this browser and TURN, measured on the media path.
//! - **Why calls suffer**: both sides start to speak at once, and fall silent together.
//! - **How we know**: half the round trip against the limits of ITU-T G.114. The other half of the way, from TURN to the
//!   caller, comes on top, so this is the kind side of the truth. It never blocks: people can speak slowly.
//! - **What fixes it**: voice outside the VPN (guide facts G25, G26), a shorter way to the Internet.
//! - **Who can**: whoever looks after the VPN, else the network team.

use super::thresholds::{ONE_WAY_ADVICE, ONE_WAY_LIMIT, ONE_WAY_PREFERRED};
use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::config::ActivityId;
use crate::fix::{Fix, Owner};
use crate::scene::Scene;
use crate::units::Millis;
use crate::words::{Arg, say};

pub(super) const CAUSE: Cause = Cause {
    id: "latency-high",
    judge,
    silences: &[("https-slow", Reach::Everywhere)],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let Some(round_trip) = round_trip(scene) else {
        return Vec::new();
    };
    let one_way = round_trip.0 / 2.0;
    let (severity, limit) = match one_way {
        time if time >= ONE_WAY_LIMIT.0 => (Severity::Degraded, ONE_WAY_LIMIT),
        time if time >= ONE_WAY_PREFERRED.0 => (Severity::Degraded, ONE_WAY_PREFERRED),
        time if time >= ONE_WAY_ADVICE.0 => (Severity::Advice, ONE_WAY_ADVICE),
        _ => return Vec::new(),
    };
    let args = [
        ("time", Arg::Time(Millis(one_way))),
        ("round_trip", Arg::Time(round_trip)),
        ("limit", Arg::Time(limit)),
    ];
    let spread = scene
        .ladder
        .and_then(|ladder| ladder.quality?.spread.round_trip_ms);
    let finding = Finding::new(&CAUSE, severity, Confidence::Likely, "");
    let finding = finding.because([say("evidence.one-way-delay", args)]);
    vec![finding.near_edge(spread, limit.0 * 2.0, |time| Arg::Time(Millis(time / 2.0)))]
}

/// The round trip between browser and TURN, if it is the line's own: steps may have been measured behind our own queue.
fn round_trip(scene: &Scene) -> Option<Millis> {
    scene.ladder?.quality?.round_trip
}

/// What to do about a way that is too long or too restless; the quality causes share it.
pub(super) fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let retest = || ["call:".to_owned(), "ladder:".to_owned()];
    vec![
        Fix::new("shorten-voice-path", Owner::Network, found, 3, &[])
            .copy([say("fix.shorten-voice-path.copy", [])])
            .with_evidence(found)
            .retest(retest()),
        Fix::new("take-voice-off-vpn", Owner::Vpn, found, 3, &[])
            .copy([say("fix.take-voice-off-vpn.copy", [])])
            .with_evidence(found)
            .retest(retest()),
    ]
}
