//! `tls-intercepted`: somebody on the way opens TLS and closes it again.
//!
//! - **What we saw**: the canary's server was asked by another program than this browser.
//! - **Why calls suffer**: what opens TLS on port 443 expects TLS there, and speech is none (guide facts G17, G31); and
//!   an application that trusts public certificates only (G18) fails behind it.
//! - **How we know**: by the client hello, see [`super::client_hello`]. A proxy that only tunnels leaves it alone. Where
//!   the canary is asked over an inner way, something of its own may stand before it: then nothing is said.
//! - **What fixes it**: an exemption for the contact centre's names and for TURN.
//! - **Who can**: whoever looks after the proxy; on a private computer, its virus scanner.

use super::{Cause, Confidence, Finding, Severity};
use crate::fix::{Fix, Owner, ticket};
use crate::scene::client_hello;
use crate::scene::egress::{Standing, standing};
use crate::scene::evidence;
use crate::scene::{ProxyHint, Scene};
use crate::words::say;

pub(super) const CAUSE: Cause = Cause {
    id: "tls-intercepted",
    judge,
    silences: &[],
    affects: |_, _| Vec::new(),
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let foreign = || {
        let (engine, canary) = (scene.page?.engine.as_ref()?, scene.canary()?);
        let inner = canary.address.as_ref().and_then(|it| standing(scene.config, it));
        (client_hello::foreign(engine, canary.tls.as_ref()?)? && inner != Some(Standing::NotRoutable))
            .then_some(scene.page?)
    };
    let Some(page) = foreign() else {
        return Vec::new();
    };
    let hello = say(
        "evidence.hello-foreign",
        [("browser", evidence::text(&page.browser))],
    );
    let headers = scene.proxy() == Some(ProxyHint::Headers);
    let finding = Finding::new(&CAUSE, Severity::Advice, Confidence::Likely, "")
        .because([hello])
        .because(headers.then(|| say("evidence.proxy-headers", [])))
        .although([say("evidence.hello-own-front", [])]);
    vec![finding]
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let applications = scene.config.applications.iter().map(|it| it.url.host.as_str());
    let voice = scene.turns.iter().map(|path| path.url.host.as_str());
    let hosts = [("hosts", evidence::text(ticket::listed(applications.chain(voice))))];
    let fix = Fix::new("exempt-from-tls-inspection", Owner::Proxy, found, 3, &hosts)
        .copy([say("fix.exempt-from-tls-inspection.copy", hosts)])
        .with_evidence(found)
        .retest(["https:canary".into()]);
    vec![fix]
}
