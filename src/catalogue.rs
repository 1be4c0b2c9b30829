//! The cloud as data: its applications, the kinds of phones, what they need of a line. G-numbers name the facts of the
//! cloud provider's availability guide (2020-11-19).

pub mod vdi;

use crate::config::{ActivityId, Load, Network4, Phone};
use crate::units::Kbps;

/// Over which of the three transports something is reachable (G1, G2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Over the Internet only.
    Internet,
    /// Over a private network only.
    Private,
    /// Over the Internet and a private network alike.
    Either,
    /// Over the public telephone network.
    Telephone,
}

/// Whom the cloud admits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Only the customer's known addresses (G34, G37).
    KnownAddresses,
    /// May be open to everyone who signs in with a second factor (G36).
    SecondFactor,
    /// Everyone, always (G35).
    Everyone,
}

/// An application of the cloud, or a further host that an application calls (G11, G12, G14).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// Its id in the configuration.
    pub id: &'static str,
    /// The name people know it by.
    pub name: &'static str,
    /// How it is reachable.
    pub way: Way,
    /// Whom it admits.
    pub access: Access,
    /// What fails when it fails.
    pub activity: ActivityId,
    /// What it needs of the line, where the guide tells.
    pub need: Option<Need>,
    /// Whether it follows the browser's proxy settings (G20); the installed recorder knows no proxy (G21).
    pub follows_proxy: bool,
}

/// What a kind of phone is and uses (G2, G5, G12).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnownPhone {
    /// Which kind.
    pub phone: Phone,
    /// How its voice travels.
    pub way: Way,
    /// Whether its voice crosses this computer's line at all.
    pub on_this_line: bool,
    /// Whether its voice is WebRTC, which this page's browser can measure. The embedded phone is this browser; the
    /// softphone is a program of its own that takes the same way.
    pub webrtc: bool,
    /// What a call needs of this computer's line.
    pub need: Option<Need>,
}

/// What one use needs of the line, each way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Need {
    /// The fact in the guide.
    pub fact: &'static str,
    /// From this computer.
    pub up: Kbps,
    /// To this computer.
    pub down: Kbps,
    /// How often it is needed.
    pub per: Per,
}

/// How often a [`Need`] arises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// Once per call.
    Call,
    /// Once while the agent's screens are recorded, however many calls there are.
    Recording,
}

/// A call of the SIP phone: RTP with G.711, headers included.
pub const SIP_CALL: Need = Need {
    fact: "G7",
    up: Kbps(100.0),
    down: Kbps(100.0),
    per: Per::Call,
};

/// A WebRTC call at its best: [`WEBRTC_HIGHEST`] and [`WEBRTC_OVERHEAD`].
pub const WEBRTC_CALL: Need = Need {
    fact: "G8",
    up: Kbps(WEBRTC_HIGHEST.0 + WEBRTC_OVERHEAD.0),
    down: Kbps(WEBRTC_HIGHEST.0 + WEBRTC_OVERHEAD.0),
    per: Per::Call,
};

/// The desktop's traffic.
pub const DESKTOP: Need = Need {
    fact: "G9",
    up: Kbps(16.0),
    down: Kbps(16.0),
    per: Per::Call,
};

/// Recording of two screens, which only sends.
pub const SCREEN_RECORDING: Need = Need {
    fact: "G10",
    up: Kbps(350.0),
    down: Kbps(0.0),
    per: Per::Recording,
};

/// The lowest payload rate of a WebRTC call (G8).
pub const WEBRTC_LOWEST: Kbps = Kbps(10.0);

/// The highest payload rate of a WebRTC call (G8).
pub const WEBRTC_HIGHEST: Kbps = Kbps(160.0);

/// What RTP, SRTP, TURN and TCP/IP headers add to a WebRTC call's payload: about 75 bytes on each of 50 packets per
/// second.
pub const WEBRTC_OVERHEAD: Kbps = Kbps(30.0);

/// The applications, and further hosts that they call.
pub const APPLICATIONS: &[Known] = &{
    use ActivityId::{Administration, AgentDesktop, ScreenRecording, SignIn, Voice};
    use Way::{Either, Internet};
    [
        Known {
            need: Some(DESKTOP),
            access: Access::SecondFactor,
            ..browser("agent-desktop", "Agent Desktop", Either, AgentDesktop)
        },
        browser("webrtc-phone", "WebRTC phone", Internet, Voice),
        browser(
            "gplus-salesforce",
            "Gplus Adapter for Salesforce",
            Either,
            AgentDesktop,
        ),
        Known {
            access: Access::SecondFactor,
            ..browser("agent-setup", "Agent Setup", Either, Administration)
        },
        browser("callback", "Callback", Either, Administration),
        browser(
            "cloud-data-download",
            "Cloud Data Download Service",
            Either,
            Administration,
        ),
        browser("cx-contact", "CX Contact", Either, Administration),
        browser("designer", "Designer", Either, Administration),
        browser("developer-console", "Developer Console", Either, Administration),
        browser("cx-insights", "CX Insights", Either, Administration),
        browser("pulse", "Pulse", Either, Administration),
        browser(
            "recording-admin",
            "Recording, QM and Speech Analytics",
            Internet,
            Administration,
        ),
        browser(
            "workforce-management",
            "Workforce Management",
            Either,
            Administration,
        ),
        browser(
            "gax",
            "Management Platform Administration (GAX)",
            Either,
            Administration,
        ),
        browser(
            "predictive-routing",
            "Predictive Routing",
            Internet,
            Administration,
        ),
        Known {
            access: Access::SecondFactor,
            ..browser("portal", "Portal", Either, SignIn)
        },
        Known {
            access: Access::SecondFactor,
            ..browser("sign-in", "Sign-in service", Either, SignIn)
        },
        Known {
            access: Access::SecondFactor,
            ..browser("telemetry", "Telemetry", Either, AgentDesktop)
        },
        browser(
            "recording-crypto",
            "Recording crypto service",
            Either,
            Administration,
        ),
        browser("recording-playback", "Recording playback", Either, Administration),
        Known {
            need: Some(SCREEN_RECORDING),
            follows_proxy: false,
            ..browser(
                "screen-recording",
                "Screen Recording Service",
                Either,
                ScreenRecording,
            )
        },
    ]
};

/// Whether this is a host that applications call besides their own (G14).
pub fn is_further_host(id: &str) -> bool {
    ["sign-in", "telemetry", "recording-crypto", "recording-playback"].contains(&id)
}

/// The kinds of phones.
pub const PHONES: &[KnownPhone] = &[
    KnownPhone {
        phone: Phone::WebrtcEmbedded,
        way: Way::Internet,
        on_this_line: true,
        webrtc: true,
        need: Some(WEBRTC_CALL),
    },
    KnownPhone {
        phone: Phone::WebrtcSoftphone,
        way: Way::Internet,
        on_this_line: true,
        webrtc: true,
        need: Some(WEBRTC_CALL),
    },
    KnownPhone {
        phone: Phone::Sip,
        way: Way::Private,
        on_this_line: true,
        webrtc: false,
        need: Some(SIP_CALL),
    },
    KnownPhone {
        phone: Phone::Corporate,
        way: Way::Private,
        on_this_line: false,
        webrtc: false,
        need: None,
    },
    KnownPhone {
        phone: Phone::Pstn,
        way: Way::Telephone,
        on_this_line: false,
        webrtc: false,
        need: None,
    },
];

/// Networks that are not routable on the Internet, and what they are (G38).
pub const NOT_ROUTABLE: &[(Network4, &str)] = &[
    (network([0, 0, 0, 0], 8), "reserved.this-network"),
    (network([10, 0, 0, 0], 8), "reserved.private"),
    (network([100, 64, 0, 0], 10), "reserved.providers"),
    (network([127, 0, 0, 0], 8), "reserved.loopback"),
    (network([169, 254, 0, 0], 16), "reserved.link-local"),
    (network([172, 16, 0, 0], 12), "reserved.private"),
    (network([192, 0, 0, 0], 24), "reserved.protocols"),
    (network([192, 0, 2, 0], 24), "reserved.documentation"),
    (network([192, 88, 99, 0], 24), "reserved.6to4"),
    (network([192, 168, 0, 0], 16), "reserved.private"),
    (network([198, 18, 0, 0], 15), "reserved.benchmarks"),
    (network([198, 51, 100, 0], 24), "reserved.documentation"),
    (network([203, 0, 113, 0], 24), "reserved.documentation"),
    (network([224, 0, 0, 0], 4), "reserved.multicast"),
    (network([240, 0, 0, 0], 4), "reserved.later"),
];

/// The application with this id.
pub fn application(id: &str) -> Option<&'static Known> {
    APPLICATIONS.iter().find(|application| application.id == id)
}

/// The facts about a kind of phone.
pub fn phone(phone: Phone) -> &'static KnownPhone {
    PHONES
        .iter()
        .find(|known| known.phone == phone)
        .unwrap_or(&PHONES[0]) // every kind is there: see the tests
}

/// What this load needs of this computer's line on the wire: up, then down. Voice only of a phone that uses this line.
pub fn bandwidth_needed(load: Load, kind: Phone) -> (Kbps, Kbps) {
    let recording = load.screen_recording.then_some(SCREEN_RECORDING);
    let needs = phone(kind).need.into_iter().chain([DESKTOP]).chain(recording);
    needs.fold((Kbps(0.0), Kbps(0.0)), |(up, down), need| {
        let times = match need.per {
            Per::Call => f64::from(load.calls),
            Per::Recording => 1.0,
        };
        (Kbps(up.0 + times * need.up.0), Kbps(down.0 + times * need.down.0))
    })
}

/// Whether a host is in the local network by its name or address alone: a private or link-local address (RFC 1918,
/// RFC 3927), or a name that no public DNS has (RFC 6762, RFC 8375, and ICANN's `internal`).
pub fn is_local(host: &str) -> bool {
    if let Ok(address) = host.parse::<std::net::Ipv4Addr>() {
        return address.is_private() || address.is_link_local() || address.is_loopback();
    }
    let ending = host.rsplit_once('.').map_or("", |(_, ending)| ending);
    ending.is_empty() || ["local", "internal", "localhost"].contains(&ending) || host.ends_with(".home.arpa")
}

/// The first network of [`NOT_ROUTABLE`] that this one touches, and what that is.
pub fn not_routable(network: Network4) -> Option<(Network4, &'static str)> {
    NOT_ROUTABLE
        .iter()
        .copied()
        .find(|(reserved, _)| reserved.overlaps(network))
}

const fn browser(id: &'static str, name: &'static str, way: Way, activity: ActivityId) -> Known {
    Known {
        id,
        name,
        way,
        access: Access::KnownAddresses,
        activity,
        need: None,
        follows_proxy: true,
    }
}

const fn network(address: [u8; 4], prefix: u8) -> Network4 {
    Network4 { address, prefix }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phone_is_known_and_every_id_is_unique() {
        for kind in Phone::ALL {
            assert_eq!(phone(*kind).phone, *kind);
            assert_eq!(phone(*kind).webrtc, kind.uses_browser());
        }
        for known in APPLICATIONS {
            assert_eq!(
                APPLICATIONS.iter().filter(|other| other.id == known.id).count(),
                1,
                "{}",
                known.id
            );
        }
    }

    #[test]
    fn local_hosts_are_known_by_address_or_name() {
        for local in [
            "10.1.2.3",
            "172.20.0.1",
            "192.168.0.9",
            "169.254.1.1",
            "intranet",
            "crm.local",
            "a.internal",
        ] {
            assert!(is_local(local), "{local}");
        }
        for public in [
            "25.77.0.3",
            "best-customer.example",
            "100.64.0.1",
            "local.example",
        ] {
            assert!(!is_local(public), "{public}");
        }
    }

    #[test]
    fn needs_add_up() {
        let load = |calls, screen_recording| Load {
            calls,
            screen_recording,
        };
        let needed = bandwidth_needed;
        assert_eq!(
            needed(load(1, true), Phone::WebrtcEmbedded),
            (Kbps(556.0), Kbps(206.0))
        );
        assert_eq!(needed(load(2, true), Phone::Sip), (Kbps(582.0), Kbps(232.0)));
        assert_eq!(needed(load(1, false), Phone::Pstn), (Kbps(16.0), Kbps(16.0)));
    }
}
