//! Continuity: what the agent can do today, while something is being mended (guide facts G34 to G37, G44 to G47). From
//! what works right now, the plan and the agent's answers; nothing is promised that was not seen.

use serde::{Deserialize, Serialize};

use crate::activity::{Activity, Status};
use crate::catalogue::{Access, application};
use crate::config::{ActivityId, Config, Phone, Transport};
use crate::diagnosis::Finding;
use crate::few::Few as _;
use crate::fix::Owner;
use crate::observation::AnswersSeen;
use crate::words::{Sentence, say};

/// Something that the agent may use instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alternative {
    /// What: a kind of phone, or a way to the applications.
    pub id: &'static str,
    /// Whether it can be used.
    pub usable: Usable,
    /// Who has to do something for it first.
    pub owner: Option<Owner>,
}

/// Whether an alternative can be used today, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Usable {
    /// It was seen to work.
    Now,
    /// The agent can try it without asking anyone.
    Try,
    /// Somebody has to set it up first.
    Provision,
    /// It would not help.
    NoHelp,
}

/// Each alternative with what may be said of it; its words are `meanwhile.ID-USABLE`.
pub const ALL: &[(&str, Usable)] = &[
    ("desktop", Usable::Now),
    ("voice", Usable::Now),
    ("another-line", Usable::Try),
    ("another-line", Usable::NoHelp),
    ("pstn", Usable::Provision),
    ("corporate", Usable::Provision),
    ("sip", Usable::Provision),
    ("sip", Usable::NoHelp),
    ("webrtc", Usable::Provision),
    ("vpn", Usable::Try),
    ("vpn", Usable::NoHelp),
    ("internet", Usable::Try),
    ("internet", Usable::NoHelp),
    ("proxy", Usable::Provision),
    ("proxy", Usable::NoHelp),
    ("vdi", Usable::Provision),
    ("vdi", Usable::NoHelp),
];

impl Alternative {
    /// The alternative in words.
    pub fn sentence(&self) -> Sentence {
        let usable = match self.usable {
            Usable::Now => "now",
            Usable::Try => "try",
            Usable::Provision => "provision",
            Usable::NoHelp => "no-help",
        };
        say(format!("meanwhile.{}-{usable}", self.id), [])
    }
}

/// The line itself is cut or poor: whatever takes it suffers.
const LINE: &[&str] = &[
    "offline",
    "captive-portal",
    "line-unstable",
    "latency-high",
    "jitter-high",
    "loss-high",
    "bandwidth-low",
    "media-bitrate-low",
    "vpn-detour",
];
/// Nothing gets out at all.
const CUT: &[&str] = &["offline", "captive-portal"];
/// The fault is at the other end, or in this browser: another line makes no difference.
const ELSEWHERE: &[&str] = &[
    "application-error",
    "turn-credentials-rejected",
    "turn-quota",
    "turn-relay-denied",
    "test-service-down",
    "browser-unsupported",
    "webrtc-disabled",
    "page-not-secure",
    "clock-skewed",
    "microphone-blocked",
    "microphone-missing",
    "microphone-silent",
    "speaker-missing",
    "workstation-overloaded",
];

/// What the agent may use instead, best first; empty when signing in, desktop and voice work.
pub fn meanwhile(
    config: &Config,
    findings: &[Finding],
    activities: &[Activity],
    answers: &AnswersSeen,
) -> Vec<Alternative> {
    let status = |id| activities.iter().find(|it| it.id == id).map(|it| it.status);
    let desktop = status(ActivityId::AgentDesktop);
    let voice = status(ActivityId::Voice);
    let locked_out = [desktop, status(ActivityId::SignIn)].contains(&Some(Status::Blocked));
    let mute = voice == Some(Status::Blocked);
    if !locked_out && !mute && voice != Some(Status::Degraded) {
        return Vec::new();
    }
    let found = |ids: &[&str]| findings.iter().any(|it| it.stands() && ids.contains(&it.id));
    let facts = Facts {
        config,
        answers,
        line: found(LINE),
        cut: found(CUT),
        elsewhere: found(ELSEWHERE),
    };
    let mut all = Vec::new();
    if desktop == Some(Status::Works) && !locked_out {
        all.push(now("desktop"));
    }
    if voice == Some(Status::Works) {
        all.push(now("voice"));
    }
    if voice != Some(Status::Works) && voice.is_some() {
        facts.phones(&mut all);
    }
    if locked_out {
        facts.ways(&mut all);
    }
    all.sort_few_by_key(|it| it.usable);
    all
}

/// What decides between the alternatives.
struct Facts<'a> {
    config: &'a Config,
    answers: &'a AnswersSeen,
    line: bool,
    cut: bool,
    elsewhere: bool,
}

impl Facts<'_> {
    /// Other phones (G45): each kind but the present one needs provisioning by the provider (G6).
    fn phones(&self, all: &mut Vec<Alternative>) {
        let provision = |id| Alternative {
            id,
            usable: Usable::Provision,
            owner: Some(Owner::Vendor),
        };
        let phone = self.config.phone;
        if phone.uses_browser() {
            // TURN admits everyone (G35), so the same phone may work from another line.
            all.push(if self.elsewhere {
                no_help("another-line")
            } else {
                attempt("another-line")
            });
        } else if self.config.transport != Transport::Private && !self.line {
            all.push(provision("webrtc"));
        }
        if phone != Phone::Pstn {
            all.push(provision("pstn"));
        }
        if phone != Phone::Corporate {
            all.push(provision("corporate"));
        }
        if phone != Phone::Sip {
            let private = self.config.transport != Transport::Internet || self.answers.vpn == Some(true);
            all.push(if private && !self.line {
                provision("sip")
            } else {
                no_help("sip")
            });
        }
    }

    /// Other ways to the applications (G46).
    fn ways(&self, all: &mut Vec<Alternative>) {
        let vpn = self.answers.vpn;
        let stuck = self.cut || self.elsewhere;
        all.push(if stuck || vpn == Some(true) {
            no_help("vpn")
        } else {
            attempt("vpn")
        });
        if vpn == Some(true) {
            // Past the VPN the applications see a home address, which only those admit that ask for a second factor.
            let open = |it: &crate::config::Application| {
                application(&it.id).is_some_and(|known| known.access != Access::KnownAddresses)
            };
            let required = || self.config.applications.iter().filter(|it| it.required);
            all.push(if !stuck && required().count() > 0 && required().all(open) {
                attempt("internet")
            } else {
                no_help("internet")
            });
        }
        for (id, owner) in [("proxy", Owner::Proxy), ("vdi", Owner::Vdi)] {
            all.push(if stuck {
                no_help(id)
            } else {
                Alternative {
                    id,
                    usable: Usable::Provision,
                    owner: Some(owner),
                }
            });
        }
    }
}

fn now(id: &'static str) -> Alternative {
    alternative(id, Usable::Now)
}

fn attempt(id: &'static str) -> Alternative {
    alternative(id, Usable::Try)
}

fn no_help(id: &'static str) -> Alternative {
    alternative(id, Usable::NoHelp)
}

fn alternative(id: &'static str, usable: Usable) -> Alternative {
    Alternative {
        id,
        usable,
        owner: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::{Confidence, Severity};

    /// `transport phone vpn | sign-in desktop voice | findings -> alternatives`, as in `desktop+ pstn@vendor sip-`: `+`
    /// works now, `?` may be tried, `@` needs that owner, `-` does not help. Activities: w(orks), d(egraded), b(locked),
    /// u(nknown), `.` for none.
    const TABLE: &[(&str, &str)] = &[
        // All is well, or nobody knows: nothing to say.
        ("internet webrtc-embedded ? | w w w |", ""),
        ("internet webrtc-embedded ? | w w u | media-unproven", ""),
        ("internet pstn ? | w w . |", ""),
        // Voice is stopped on the way.
        (
            "internet webrtc-embedded ? | w w b | turn-blocked",
            "desktop+ another-line? pstn@vendor corporate@vendor sip-",
        ),
        (
            "internet webrtc-embedded yes | w w b | turn-blocked",
            "desktop+ another-line? pstn@vendor corporate@vendor sip@vendor",
        ),
        (
            "both webrtc-softphone ? | w w b | turn-inspected",
            "desktop+ another-line? pstn@vendor corporate@vendor sip@vendor",
        ),
        // A poor line is poor for a SIP phone as well.
        (
            "both webrtc-embedded ? | w w d | loss-high",
            "desktop+ another-line? pstn@vendor corporate@vendor sip-",
        ),
        // The fault is in the server: another line does not help.
        (
            "internet webrtc-embedded ? | w w b | turn-credentials-rejected",
            "desktop+ pstn@vendor corporate@vendor another-line- sip-",
        ),
        // A SIP phone without its private network.
        (
            "internet sip ? | w w b | phone-needs-private-network",
            "desktop+ webrtc@vendor pstn@vendor corporate@vendor",
        ),
        (
            "private webrtc-embedded ? | w w b | phone-needs-internet",
            "desktop+ another-line? pstn@vendor corporate@vendor sip@vendor",
        ),
        // Locked out of the applications.
        (
            "internet webrtc-embedded ? | b b w | egress-not-known",
            "voice+ vpn? proxy@proxy vdi@vdi",
        ),
        (
            "internet webrtc-embedded no | b b w | egress-not-known",
            "voice+ vpn? proxy@proxy vdi@vdi",
        ),
        (
            "internet webrtc-embedded yes | b b w | domain-blocked",
            "voice+ internet? proxy@proxy vdi@vdi vpn-",
        ),
        (
            "internet pstn ? | b b . | domain-blocked",
            "vpn? proxy@proxy vdi@vdi",
        ),
        ("internet pstn ? | b b . | application-error", "vpn- proxy- vdi-"),
        // Nothing works at all.
        (
            "internet webrtc-embedded ? | b b b | offline",
            "another-line? pstn@vendor corporate@vendor sip- vpn- proxy- vdi-",
        ),
    ];

    #[test]
    fn what_helps_follows_from_what_works_and_from_the_plan() {
        for (case, expected) in TABLE {
            let parts: Vec<Vec<&str>> = case
                .split('|')
                .map(|part| part.split_whitespace().collect())
                .collect();
            let named = |text: &str| serde_json::Value::from(text);
            let config = Config {
                transport: serde_json::from_value(named(parts[0][0])).expect("a transport"),
                phone: serde_json::from_value(named(parts[0][1])).expect("a phone"),
                ..Config::parse(
                    r#"{ "schema": "clearline.config/1", "name": "T", "phone": "pstn",
                        "applications": [{ "id": "agent-desktop", "url": "https://a.example/" }] }"#,
                )
                .expect("valid")
            };
            let answers = AnswersSeen {
                vpn: (parts[0][2] != "?").then_some(parts[0][2] == "yes"),
                ..AnswersSeen::default()
            };
            let ids = [ActivityId::SignIn, ActivityId::AgentDesktop, ActivityId::Voice];
            let activities: Vec<Activity> = ids
                .into_iter()
                .zip(&parts[1])
                .filter_map(|(id, word)| {
                    let status = match *word {
                        "w" => Status::Works,
                        "d" => Status::Degraded,
                        "b" => Status::Blocked,
                        "u" => Status::Unknown,
                        _ => return None,
                    };
                    let because = Vec::new();
                    Some(Activity { id, status, because })
                })
                .collect();
            let findings: Vec<Finding> = parts[2]
                .iter()
                .map(|id| Finding {
                    id: crate::diagnosis::ids()
                        .find(|known| known == id)
                        .expect("a cause"),
                    severity: Severity::Blocker,
                    confidence: Confidence::Likely,
                    subject: String::new(),
                    evidence: Vec::new(),
                    against: Vec::new(),
                    silenced_by: None,
                })
                .collect();
            let said: Vec<String> = meanwhile(&config, &findings, &activities, &answers)
                .into_iter()
                .map(|it| {
                    assert!(ALL.contains(&(it.id, it.usable)), "{it:?} is not in the list");
                    assert_eq!(it.owner.is_some(), it.usable == Usable::Provision);
                    match (it.usable, it.owner) {
                        (Usable::Now, _) => format!("{}+", it.id),
                        (Usable::Try, _) => format!("{}?", it.id),
                        (Usable::NoHelp, _) => format!("{}-", it.id),
                        (Usable::Provision, Some(owner)) => {
                            format!("{}@{owner:?}", it.id).to_ascii_lowercase()
                        }
                        (Usable::Provision, None) => it.id.to_owned(),
                    }
                })
                .collect();
            assert_eq!(said.join(" "), *expected, "{case}");
        }
    }
}
