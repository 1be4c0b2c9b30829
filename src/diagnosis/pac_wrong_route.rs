//! `pac-wrong-route`: a PAC file sends a host another way than the plan says.
//!
//! - **What we saw**: a PAC file that somebody gave to this page, asked for every configured host as Chromium and Firefox
//!   would ask.
//! - **Why calls suffer**: voice that is sent to a web proxy is not HTTPS, and most proxies refuse or open it (guide
//!   facts G21, G23); an application that goes another way than the desktop comes from another address, which the cloud
//!   may not admit (G34, G36).
//! - **How we know**: the file was run. That the browser uses this very file is not known, so what fails as well makes
//!   it likely, and what works all the same makes it only worth knowing.
//! - **What fixes it**: a rule at the beginning of the file for the hosts named.
//! - **Who can**: whoever looks after the PAC file, mostly the proxy team.

use super::{Cause, Confidence, Finding, Reach, Severity};
use crate::config::ActivityId;
use crate::few::Gather as _;
use crate::fix::{Fix, Owner, snippet, ticket};
use crate::observation::{PAC, PacFailure};
use crate::pac;
use crate::privacy::Known;
use crate::scene::Scene;
use crate::words::{Arg, say};

pub(super) const CAUSE: Cause = Cause {
    id: "pac-wrong-route",
    judge,
    silences: &[
        ("turn-refused", Reach::Subject),
        ("turn-inspected", Reach::Subject),
        ("turn-blocked", Reach::Subject),
        ("dns-failed", Reach::Subject),
        ("host-unreachable", Reach::Subject),
    ],
    affects: |scene, finding| match finding.severity {
        Severity::Blocker | Severity::Degraded if finding.subject.starts_with("turn") => {
            vec![ActivityId::Voice]
        }
        Severity::Blocker => scene.activities_at(&finding.subject),
        _ => Vec::new(),
    },
    fixes,
};

fn judge(scene: &Scene, _: &[Finding]) -> Vec<Finding> {
    let Some(seen) = scene.pac else {
        return Vec::new();
    };
    if matches!(
        seen.failed,
        Some(PacFailure::Broken | PacFailure::NoFunction | PacFailure::TimedOut)
    ) {
        let error = Known::of(scene.config).foreign(seen.error.as_deref().unwrap_or_default());
        let finding = Finding::new(&CAUSE, Severity::Advice, Confidence::Possible, "")
            .because([say("evidence.pac-unusable", [("error", Arg::Foreign(error))])]);
        return vec![finding];
    }
    let mut found: Vec<Finding> = Vec::new();
    for mistake in pac::mistakes(scene.config, seen)
        .into_iter()
        .filter(|it| it.wrong)
    {
        let sentence = mistake.sentence();
        match found.iter_mut().find(|it| it.subject == mistake.subject) {
            Some(known) => known.evidence.push(sentence),
            None => {
                let (severity, confidence) = weight(scene, &mistake.subject);
                found.push(Finding::new(&CAUSE, severity, confidence, mistake.subject).because([sentence]));
            }
        }
    }
    found
}

/// How bad a mistake is about this host or TURN URL: by whether it works.
fn weight(scene: &Scene, subject: &str) -> (Severity, Confidence) {
    if let Some(path) = scene.turns.iter().find(|path| path.url.text == subject) {
        return match path.verdict() {
            _ if path.works() => (Severity::Info, Confidence::Possible),
            Some(_) if !path.reached() => (path.stake(scene), Confidence::Likely),
            _ => (Severity::Advice, Confidence::Possible),
        };
    }
    let mut asked = scene.applications().filter(|(web, _)| web.host == subject);
    match asked.next() {
        Some((web, _)) if web.answered() => (Severity::Info, Confidence::Possible),
        Some((web, known)) if web.unreachable() && known.required => (Severity::Blocker, Confidence::Likely),
        _ => (Severity::Advice, Confidence::Possible),
    }
}

fn fixes(scene: &Scene, found: &[&Finding]) -> Vec<Fix> {
    let bad: Vec<&Finding> = found
        .iter()
        .copied()
        .filter(|it| it.severity < Severity::Info)
        .few();
    if bad.is_empty() {
        return Vec::new();
    }
    let paths = ticket::paths(scene, &bad);
    let mut fix = Fix::new("correct-pac", Owner::Proxy, &bad, 3, &[]).copy([say("fix.correct-pac.copy", [])]);
    if !paths.is_empty() {
        fix = fix.copy([snippet::pac_voice(&paths)]);
    }
    vec![fix.with_evidence(&bad).retest([PAC.to_owned()])]
}
