//! `vpn-detour`: speech takes the VPN, and suffers from it.
//!
//! - **What we saw**: a delay, jitter or loss that people notice, on a way that leads through the company's VPN.
//! - **Why calls suffer**: every packet goes to the company first, encrypted once more (guide fact G25).
//! - **How we know**: a page cannot list VPNs. Either the agent told that one is on, or voice leaves at a known address
//!   of the company while web traffic of the same computer leaves elsewhere: then some tunnel carries voice. Without a
//!   fault of the sound nothing is said.
//! - **What fixes it**: TURN outside the tunnel; its addresses are stable and it takes the whole Internet (G26, G30, G35).
//! - **Who can**: whoever looks after the VPN.

use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::config::ActivityId;
use crate::fix::{Fix, Owner};
use crate::scene::Scene;
use crate::scene::egress::{Egress, Standing, standing};
use crate::units::Address;
use crate::words::{Arg, say};

pub(super) const CAUSE: Cause = Cause {
    id: "vpn-detour",
    judge,
    silences: &[
        ("latency-high", Reach::Everywhere),
        ("jitter-high", Reach::Everywhere),
        ("loss-high", Reach::Everywhere),
    ],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

/// How much the sound suffers, by what was concluded before.
pub(super) fn suffering(before: &[Finding]) -> Option<Severity> {
    let of_sound = |it: &&Finding| ["latency-high", "jitter-high", "loss-high"].contains(&it.id);
    let worst = before.iter().filter(of_sound).map(|it| it.severity).min();
    worst.filter(|severity| *severity <= Severity::Degraded)
}

fn judge(scene: &Scene, before: &[Finding]) -> Vec<Finding> {
    let Some(suffers) = suffering(before) else {
        return Vec::new();
    };
    let egress = Egress::of(scene);
    let stands =
        |address: Option<&Address>, how| address.and_then(|it| standing(scene.config, it)) == Some(how);
    let by_pattern = stands(egress.media, Standing::Known) && stands(egress.https, Standing::Unknown);
    let told = &scene.answers;
    let finding = |severity, confidence| Finding::new(&CAUSE, severity, confidence, "");
    let finding = match (told.vpn, told.split_tunnel) {
        (Some(false), _) => return Vec::new(),
        // Whether a split tunnel has TURN inside, nobody told: worth a try beside the fault itself.
        (Some(true), Some(true)) if !by_pattern => finding(Severity::Info, Confidence::Possible),
        (Some(true), _) => finding(suffers, Confidence::Likely),
        (None, _) if by_pattern => finding(suffers, Confidence::Likely),
        (None, _) => return Vec::new(),
    };
    let shown = egress.media.filter(|_| by_pattern);
    let finding = finding
        .because((told.vpn == Some(true)).then(|| say("evidence.vpn-told", [])))
        .because(shown.map(|it| {
            say(
                "evidence.egress-media-known",
                [("address", Arg::Address(it.clone()))],
            )
        }));
    vec![finding]
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let fix = Fix::new("take-voice-off-vpn", Owner::Vpn, found, 3, &[])
        .copy([say("fix.take-voice-off-vpn.copy", [])])
        .with_evidence(found)
        .retest(["call:".into(), "ladder:".into()]);
    vec![fix]
}
