//! `https-slow`: answers over HTTPS take longer than people bear.
//!
//! - **What we saw**: the median of several right answers is beyond the limit.
//! - **Why calls suffer**: the agent's desktop crawls, callers wait.
//! - **How we know**: a median over three answers, so that one slow start accuses nobody. Two hosts or more: the line.
//!   One host among quick ones: that host, and only an advice. High latency explains it better where it was measured.
//! - **What fixes it**: less traffic on the line, a shorter way, a proxy with room.
//! - **Who can**: the network team.

use super::thresholds::{HTTPS_SLOW, HTTPS_TRIES};
use super::{Cause, Confidence, Finding, Severity};
use crate::few::{Few as _, Gather as _};
use crate::fix::{Fix, Owner};
use crate::scene::Scene;
use crate::scene::evidence;
use crate::units::Millis;
use crate::words::{Arg, say};

pub(super) const CAUSE: Cause = Cause {
    id: "https-slow",
    judge,
    silences: &[],
    affects: |scene, finding| match finding.severity {
        Severity::Degraded => scene.config.applications.iter().map(|it| it.activity).few(),
        _ => Vec::new(),
    },
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    // Of each host its last; a host may serve several applications.
    let mut medians: Vec<(&str, Millis)> = Vec::new();
    for web in &scene.webs {
        if let Some(median) = web.median(HTTPS_TRIES) {
            medians.retain(|(host, _)| *host != web.host);
            medians.push((&web.host, median));
        }
    }
    medians.sort_few_by(|a, b| a.0.cmp(b.0));
    let slow: Vec<_> = medians
        .iter()
        .filter(|(_, median)| median.0 >= HTTPS_SLOW.0)
        .few();
    let evidence = slow.iter().map(|(host, time)| {
        let limit = ("limit", Arg::Time(HTTPS_SLOW));
        say(
            "evidence.https-slow",
            [("host", evidence::text(*host)), ("time", Arg::Time(*time)), limit],
        )
    });
    let wide = slow.len() >= 2 && slow.len() * 2 > medians.len();
    match slow.first() {
        None => Vec::new(),
        Some(_) if wide => {
            vec![Finding::new(&CAUSE, Severity::Degraded, Confidence::Likely, "").because(evidence)]
        }
        Some((host, _)) => {
            vec![Finding::new(&CAUSE, Severity::Advice, Confidence::Possible, *host).because(evidence)]
        }
    }
}

fn fixes(_: &Scene, found: &[&Finding]) -> Vec<Fix> {
    vec![
        Fix::new("speed-up-https", Owner::Network, found, 3, &[])
            .with_evidence(found)
            .retest(["https:".into()]),
    ]
}
