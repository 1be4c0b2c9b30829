//! Another browser on the same computer and line has proxy settings, policies, permissions and extensions of its own. What
//! this page said there, told by the agent, speaks for or against a cause.

use super::{Confidence, Finding, Scene};
use crate::words::say;

/// Causes that lie in this browser: another one is without them.
const OWN: [&str; 2] = ["webrtc-disabled", "local-network-blocked"];

/// Causes that lie elsewhere, and that a browser's own settings can imitate. Quality is none of them: every browser has
/// the same line.
const IMITATED: [&str; 12] = [
    "dns-failed",
    "domain-blocked",
    "allow-list-incomplete",
    "block-page",
    "host-unreachable",
    "turn-dns-failed",
    "turn-inspected",
    "turn-refused",
    "turn-blocked",
    "media-blocked",
    // Tried only where it is there and cannot be opened.
    "microphone-blocked",
    "microphone-silent",
];

/// Whether another browser may tell something about this finding.
pub fn may_tell(finding: &Finding) -> bool {
    let differs = OWN.contains(&finding.id) || IMITATED.contains(&finding.id);
    finding.stands() && finding.confidence != Confidence::Certain && differs
}

/// Whether it works in another browser what this finding, which lies elsewhere, says is impossible.
pub fn contradicts(scene: &Scene, finding: &Finding) -> bool {
    let told = scene.answers.other_browser.as_ref();
    told.is_some_and(|told| told.works && told.is_about(finding.id)) && IMITATED.contains(&finding.id)
}

/// Adds what the agent told of another browser to the findings that it is about.
pub fn weigh(scene: &Scene, findings: &mut [Finding]) {
    let Some(told) = &scene.answers.other_browser else {
        return;
    };
    let key = if told.works {
        "evidence.other-browser-works"
    } else {
        "evidence.other-browser-same"
    };
    for finding in findings.iter_mut().filter(|it| told.is_about(it.id)) {
        let own = OWN.contains(&finding.id);
        let confidence = if own == told.works {
            finding.evidence.push(say(key, []));
            // What else would fit is shared by both browsers.
            if own {
                Confidence::Likely
            } else {
                finding.confidence
            }
        } else {
            finding.against.push(say(key, []));
            Confidence::Possible
        };
        if finding.confidence != Confidence::Certain {
            finding.confidence = confidence;
        }
    }
}
