//! `recording-with-split-tunnel`: screen recording over a VPN that lets Internet traffic past the tunnel.
//!
//! - **What we saw**: the screen is to be recorded, everything is reached over the Internet, and the agent says that the
//!   VPN is on and leads only some traffic through the tunnel.
//! - **Why calls suffer**: calls do not, but recordings are missing: with split tunnelling over the Internet the
//!   applications are reached through the company's proxies, and the recorder knows no proxy (guide facts G21, G28). It
//!   goes out directly, from a home address that the cloud does not admit (G34).
//! - **How we know**: from the configuration and the agent's answers. Over a private network it works (G28), so a plan
//!   with both only gets the advice.
//! - **What fixes it**: leading the recorder's traffic through the tunnel, or recording over the private network.
//! - **Who can**: the VPN team.

use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::config::{ActivityId, Transport};
use crate::fix::{Fix, Owner};
use crate::scene::Scene;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "recording-with-split-tunnel",
    judge,
    silences: &[("recording-with-proxy", Reach::Everywhere)],
    affects: |_, _| vec![ActivityId::ScreenRecording],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    if !scene.config.load.screen_recording || !scene.split_tunnel() {
        return Vec::new();
    }
    let (severity, confidence) = match scene.config.transport {
        Transport::Private => return Vec::new(),
        Transport::Both => (Severity::Advice, Confidence::Possible),
        Transport::Internet => (Severity::Blocker, Confidence::Certain),
    };
    vec![Finding::new(&CAUSE, severity, confidence, "").because([
        say("evidence.told-split", []),
        say("evidence.recorder-no-proxy", []),
    ])]
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    vec![
        Fix::new("tunnel-recording", Owner::Vpn, found, 3, &[])
            .copy([say("fix.tunnel-recording.copy", [])])
            .with_evidence(found),
    ]
}
