//! `media-through-proxy`: speech goes through the web proxy.
//!
//! - **What we saw**: over TCP the voice server sees the address that web servers see, over UDP, which passes every proxy
//!   by, another one; or a relay was had by a name that only a proxy knows.
//! - **Why calls suffer**: they need not. A proxy is made for pages: it may hold speech back when it is busy.
//! - **How we know**: by the addresses alone. Where the company has one way out for everything, all are the same, and
//!   nothing is said. It is worth knowing only, unless the sound suffers at the same time.
//! - **What fixes it**: voice straight to TURN (guide fact G24), or a proxy with room for it.
//! - **Who can**: whoever looks after the proxy.

use super::{Cause, Confidence, Finding, Reach, Severity, vpn_detour};
use crate::config::{ActivityId, TurnTransport};
use crate::few::Gather as _;
use crate::fix::{Fix, Owner, snippet, ticket};
use crate::observation::NameVerdict;
use crate::scene::egress::{Egress, same};
use crate::scene::evidence;
use crate::scene::{ProxyHint, Scene};
use crate::words::{Arg, Sentence, say};

pub(super) const CAUSE: Cause = Cause {
    id: "media-through-proxy",
    judge,
    silences: &[
        ("latency-high", Reach::Everywhere),
        ("jitter-high", Reach::Everywhere),
    ],
    affects: |_, _| vec![ActivityId::Voice],
    fixes,
};

fn judge(scene: &Scene, before: &[Finding]) -> Vec<Finding> {
    let Some(evidence) = by_address(scene).or_else(|| by_name(scene)) else {
        return Vec::new();
    };
    let severity = vpn_detour::suffering(before).unwrap_or(Severity::Info);
    // The paths that go through the proxy are the subject of the fix.
    let subject = scene
        .turns
        .iter()
        .find(|path| path.reached() && path.url.transport == TurnTransport::Tcp);
    let subject = subject.map_or("", |path| path.url.text.as_str());
    vec![Finding::new(&CAUSE, severity, Confidence::Likely, subject).because(evidence)]
}

/// Over TCP the web's address, over UDP another.
fn by_address(scene: &Scene) -> Option<Vec<Sentence>> {
    let web = Egress::of(scene).https?;
    let mapped = |transport| {
        let mut paths = scene
            .turns
            .iter()
            .filter(move |path| path.url.transport == transport);
        paths.find_map(|path| path.seen?.relay.as_ref()?.mapped.as_ref())
    };
    let (through, direct) = (mapped(TurnTransport::Tcp)?, mapped(TurnTransport::Udp)?);
    let differs = same(web, through)? && !same(through, direct)?;
    differs.then(|| {
        let args = [("proxied", through), ("direct", direct)];
        let args = args.map(|(name, address)| (name, Arg::Address(address.clone())));
        vec![say("evidence.media-as-web", args)]
    })
}

/// A relay by a name that this computer cannot look up.
fn by_name(scene: &Scene) -> Option<Vec<Sentence>> {
    let unknown = |host: &str| scene.name(host) == Some(NameVerdict::NotFound);
    let mut paths = scene
        .turns
        .iter()
        .filter(|path| path.url.transport == TurnTransport::Tcp);
    let path = paths.find(|path| path.reached() && unknown(&path.url.host))?;
    (scene.proxy() == Some(ProxyHint::Names)).then(|| {
        let proxy = evidence::proxy(scene);
        evidence::turn(path).into_iter().chain(proxy).few()
    })
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    if found.iter().all(|it| it.severity == Severity::Info) {
        return Vec::new();
    }
    let paths = ticket::paths(scene, found);
    let hosts = [ticket::hosts(&paths)];
    let fix = Fix::new("send-turn-direct", Owner::Proxy, found, 2, &hosts)
        .copy([snippet::pac_voice(&paths)])
        .with_evidence(found)
        .retest(ticket::retest(&paths));
    vec![fix]
}
