//! Which of the agent's answers would decide something, so that nothing else is asked.

use crate::config::{Config, Transport};
use crate::diagnosis::{Finding, Severity};
use crate::observation::AnswersSeen;

/// The questions that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Matters {
    /// Is the VPN on?
    pub vpn: bool,
    /// Does it let some traffic past the tunnel?
    pub split_tunnel: bool,
}

/// Findings for which it makes a difference whether a VPN is on: the path may be the VPN's, or lack it.
const PATH: &[&str] = &[
    "phone-needs-private-network",
    "egress-not-known",
    "split-tunnel-bypass",
    "dns-failed",
    "domain-blocked",
    "host-unreachable",
    "allow-list-incomplete",
    "block-page",
    "turn-dns-failed",
    "turn-refused",
    "turn-blocked",
    "turn-inspected",
    "media-blocked",
    "latency-high",
    "jitter-high",
    "loss-high",
    "line-unstable",
    "media-bitrate-low",
    "bandwidth-low",
    "vpn-detour",
];

/// Findings for which it makes a difference what goes through the tunnel.
const SPLIT: &[&str] = &[
    "egress-not-known",
    "split-tunnel-bypass",
    "domain-blocked",
    "host-unreachable",
];

/// What to ask after this result. An answer that was given stays open to be changed.
pub fn matter(config: &Config, findings: &[Finding], answers: &AnswersSeen) -> Matters {
    let found = |ids: &[&str]| {
        findings
            .iter()
            .any(|it| it.severity < Severity::Info && ids.contains(&it.id))
    };
    // Whether a recorder works cannot be seen from a page; over a VPN the answer decides (G28).
    let recording = config.load.screen_recording && config.transport != Transport::Private;
    // What an answer turned into worth knowing only stays a question.
    let given = answers.vpn.is_some() || answers.split_tunnel.is_some();
    Matters {
        vpn: given || recording || found(PATH),
        split_tunnel: answers.vpn == Some(true)
            && (given && answers.split_tunnel.is_some() || recording || found(SPLIT)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Confidence;

    fn asked(config: &str, finding: Option<&'static str>, vpn: Option<bool>) -> (bool, bool) {
        let text = format!(
            r#"{{ "schema": "clearline.config/1", "name": "T", "phone": "pstn", {config}
                "applications": [{{ "id": "agent-desktop", "url": "https://a.example/" }}] }}"#
        );
        let config = Config::parse(&text).expect("valid");
        let findings: Vec<Finding> = finding
            .into_iter()
            .map(|id| Finding {
                id,
                severity: Severity::Blocker,
                confidence: Confidence::Likely,
                subject: String::new(),
                evidence: Vec::new(),
                against: Vec::new(),
                silenced_by: None,
            })
            .collect();
        let answers = AnswersSeen {
            vpn,
            ..AnswersSeen::default()
        };
        let matters = matter(&config, &findings, &answers);
        (matters.vpn, matters.split_tunnel)
    }

    #[test]
    fn only_what_decides_something_is_asked() {
        assert_eq!(
            asked("", None, None),
            (false, false),
            "a healthy line asks nothing"
        );
        assert_eq!(asked("", Some("browser-unsupported"), None), (false, false));
        assert_eq!(asked("", Some("turn-blocked"), None), (true, false));
        assert_eq!(asked("", Some("turn-blocked"), Some(true)), (true, false));
        assert_eq!(asked("", Some("egress-not-known"), Some(true)), (true, true));
        assert_eq!(asked("", Some("egress-not-known"), Some(false)), (true, false));
        let recorded = r#""activities": { "screen_recording": true },"#;
        assert_eq!(asked(recorded, None, None), (true, false));
        assert_eq!(asked(recorded, None, Some(true)), (true, true));
        let private = r#""transport": "private", "activities": { "screen_recording": true },"#;
        assert_eq!(asked(private, None, None), (false, false));
    }
}
