//! `media-blocked`: TURN lends its relays, but speech does not get through them.
//!
//! - **What we saw**: the two ends found each other, and then the encrypted handshake or the packets stopped.
//! - **Why calls suffer**: the call connects and stays silent.
//! - **How we know**: ICE worked, so the relays and the way to them are fine; what was lost came after it. A server that
//!   refuses its own address fails earlier. A line that the call's own packets have filled is slow, not blocked:
//!   `media-bitrate-low` says so.
//! - **What fixes it**: whatever inspects the connection to TURN lets the rest of it pass, too (guide facts G23, G31).
//! - **Who can**: the network team.

use super::{Cause, Confidence, Finding, Reach, Severity, media_bitrate_low};
use crate::config::ActivityId;
use crate::fix::{Fix, Owner, ticket};
use crate::observation::CallSeen;
use crate::scene::evidence;
use crate::scene::{Scene, carried};
use crate::words::{Arg, Sentence, say};

pub(super) const CAUSE: Cause = Cause {
    id: "media-blocked",
    judge,
    silences: &[
        ("media-bitrate-low", Reach::Everywhere),
        ("loss-high", Reach::Everywhere),
    ],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let mut found = Vec::new();
    for path in &scene.turns {
        let Some((_, call)) = scene.calls.iter().find(|(id, _)| path.names_call(id)) else {
            continue;
        };
        let stalled = carried(call) && scene.stalled();
        if !carried(call) && !media_bitrate_low::crowded(scene, call).is_empty() {
            continue;
        }
        let evidence = stopped(call).or_else(|| stalled.then(|| say("evidence.media-stalled", [])));
        let Some(evidence) = evidence else { continue };
        // Media over another server means a spare is left.
        let spare = scene.media_proven() && !stalled;
        let severity = if spare {
            Severity::Degraded
        } else {
            Severity::Blocker
        };
        let finding = Finding::new(&CAUSE, severity, Confidence::Likely, &path.url.text)
            .because([evidence])
            .because(evidence::turn(path))
            .although(spare.then(|| evidence::media_flowed(scene)).flatten());
        found.push(finding);
    }
    found
}

/// Where the call stopped, if it did after ICE.
fn stopped(call: &CallSeen) -> Option<Sentence> {
    if call.own_failure.is_some() || !call.ice_connected || call.both_relayed == Some(false) {
        None
    } else if !call.connected {
        let state = call.dtls_state.clone().unwrap_or_else(|| "?".into());
        Some(say("evidence.dtls-stuck", [("state", Arg::Text(state))]))
    } else {
        match (call.received_there, call.received_here) {
            (Some(0), Some(0)) => Some(say("evidence.no-packets", [])),
            (Some(0), _) | (_, Some(0)) => Some(say("evidence.one-way", [])),
            _ => None,
        }
    }
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let paths = ticket::paths(scene, found);
    let hosts = [ticket::hosts(&paths)];
    let through = Fix::new("let-media-through", Owner::Network, found, 3, &hosts)
        .copy([say("fix.let-media-through.copy", [])])
        .copy(ticket::firewall(&paths))
        .with_evidence(found)
        .retest(ticket::retest(&paths));
    vec![through]
}
