//! `clock-skewed`: this computer's clock is wrong.
//!
//! - **What we saw**: the canary's time and this computer's differ by more than a few minutes.
//! - **Why calls suffer**: sign-in and time-limited TURN credentials are valid for a span of time only.
//! - **How we know**: the canary's time, corrected for half the round trip. If TURN then refuses credentials, the clock
//!   is the better explanation.
//! - **What fixes it**: the system's time synchronisation.
//! - **Who can**: whoever looks after the workstation.

use super::thresholds::CLOCK_TOLERANCE;
use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::config::ActivityId;
use crate::fix::{Fix, Owner};
use crate::scene::Scene;
use crate::units::Millis;
use crate::words::{Arg, say};

pub(super) const CAUSE: Cause = Cause {
    id: "clock-skewed",
    judge,
    silences: &[("turn-credentials-rejected", Reach::Everywhere)],
    affects: |_, _| vec![ActivityId::SignIn, ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let ahead = scene.canary().and_then(|canary| canary.clock_ahead);
    let Some(ahead) = ahead.filter(|ahead| ahead.0.abs() > CLOCK_TOLERANCE.0) else {
        return Vec::new();
    };
    let key = if ahead.0 > 0.0 {
        "evidence.clock-behind"
    } else {
        "evidence.clock-ahead"
    };
    let evidence = say(key, [("time", Arg::Time(Millis(ahead.0.abs())))]);
    vec![Finding::new(&CAUSE, Severity::Advice, Confidence::Certain, "").because([evidence])]
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    vec![Fix::new("set-clock", Owner::Desktop, found, 2, &[]).with_evidence(found)]
}
