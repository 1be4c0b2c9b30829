//! `softphone-with-proxy`: the agent's softphone cannot take the way through the proxy that this browser takes.
//!
//! - **What we saw**: the phone is the softphone in WebRTC mode, and a proxy stands between this browser and the
//!   Internet.
//! - **Why calls suffer**: the softphone does not follow the browser's proxy settings. Its signalling uses a proxy only
//!   when one is set for it, without a password, and its media cannot use one at all (guide fact G21). What works here in
//!   the browser may fail there.
//! - **How we know**: the proxy shows in the canary's headers, or in names that only it knows. That the softphone has no
//!   direct way is not known, so this is advice.
//! - **What fixes it**: a direct way for its media to TURN, and the proxy in the softphone's own settings for the rest.
//! - **Who can**: the network team, and whoever looks after the workstation.

use super::{Cause, Confidence, Finding, Severity};
use crate::config::Phone;
use crate::few::Gather as _;
use crate::fix::{Fix, Owner, ticket};
use crate::scene::Scene;
use crate::scene::evidence;
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "softphone-with-proxy",
    judge,
    silences: &[],
    affects: |_, _| Vec::new(),
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let softphone = scene.config.phone == Phone::WebrtcSoftphone;
    let proxy = softphone.then(|| evidence::proxy(scene)).flatten();
    let told = |proxy| {
        Finding::new(&CAUSE, Severity::Advice, Confidence::Possible, "")
            .because([proxy, say("evidence.softphone-no-proxy", [])])
    };
    proxy.map(told).into_iter().few()
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let paths: Vec<_> = scene.turns.iter().few();
    let hosts = [ticket::hosts(&paths)];
    vec![
        Fix::new("set-softphone-proxy", Owner::Desktop, found, 3, &hosts)
            .copy([
                say("fix.set-softphone-proxy.copy", []),
                say("fix.set-softphone-proxy.setting", []),
            ])
            .copy([say("fix.open-internet-for-voice.copy", [])])
            .copy(ticket::firewall(&paths)),
    ]
}
