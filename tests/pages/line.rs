//! One contact centre: its configuration, the plan that follows, and what its line answers.

use clearline::config::*;
use clearline::link::Depth;
use clearline::observation::*;
use clearline::plan::{MediaPath, Plan};
use clearline::probe::*;
use clearline::units::{Address, Kbps, Millis, Share};

const RATES: [f64; 9] = [10.0, 16.0, 24.0, 32.0, 48.0, 64.0, 96.0, 128.0, 160.0];

pub fn config() -> Config {
    let application = |id: &str, name: &str, host: &str, activity| Application {
        id: id.into(),
        name: name.into(),
        url: https(host),
        check: Check::Reach,
        required: true,
        activity,
    };
    Config {
        name: "Best Customer contact centre".into(),
        transport: Transport::Internet,
        phone: Phone::WebrtcEmbedded,
        applications: vec![
            application(
                "sign-in",
                "Sign-in",
                "login.best-customer.example",
                ActivityId::SignIn,
            ),
            application(
                "agent-desktop",
                "Agent Desktop",
                "best-customer.example",
                ActivityId::AgentDesktop,
            ),
            application("crm", "Our CRM", "crm.example", ActivityId::AgentDesktop),
        ],
        turn: vec![TurnServer {
            id: "turn-1".into(),
            urls: vec![turn_url(TurnScheme::Turn)],
            access: TurnAccess::Fetched {
                url: "/turn-credentials".into(),
            },
        }],
        stun: Vec::new(),
        controls: vec![https("control.example")],
        canary: None,
        egress_known: Vec::new(),
        load: Load {
            calls: 1,
            screen_recording: true,
        },
        helpdesk: Some(Helpdesk {
            name: "IT Service Desk".into(),
            phone: Some("+1 555 0100".into()),
            email: Some("desk@best-customer.example".into()),
            url: Some("https://desk.best-customer.example/new".into()),
        }),
        reporting: Reporting::default(),
        brand: Brand::default(),
    }
}

pub fn plan() -> Plan {
    let ask = |id: &str, role, activity, host: &str| {
        Probe::Https(HttpsProbe {
            id: id.into(),
            role,
            activity,
            required: true,
            url: https(host),
            check: Check::Reach,
            tries: 3,
            deadline: Millis(8000.0),
        })
    };
    let turn = |id: &str, scheme, companion: bool| {
        Probe::Turn(TurnProbe {
            id: id.into(),
            server: "turn-1".into(),
            url: turn_url(scheme),
            access: TurnAccess::Fetched {
                url: "/turn-credentials".into(),
            },
            credentials: Some("credentials:turn-1".into()),
            companion_of: companion.then(|| "turn:turn-1".into()),
            deadline: Millis(8000.0),
        })
    };
    let application = Role::Application;
    Plan {
        depth: Depth::Full,
        reach: vec![
            Probe::Page,
            ask("https:page", Role::Page, None, "check.best-customer.example"),
            ask("https:control.example", Role::Control, None, "control.example"),
            ask(
                "https:sign-in",
                application,
                Some(ActivityId::SignIn),
                "login.best-customer.example",
            ),
            ask(
                "https:agent-desktop",
                application,
                Some(ActivityId::AgentDesktop),
                "best-customer.example",
            ),
            ask(
                "https:crm",
                application,
                Some(ActivityId::AgentDesktop),
                "crm.example",
            ),
            Probe::Name(NameProbe {
                id: "name:best-customer.example".into(),
                host: "best-customer.example".into(),
                doubt: "https:agent-desktop".into(),
                deadline: Millis(4000.0),
            }),
            Probe::Credentials(CredentialsProbe {
                id: "credentials:turn-1".into(),
                server: "turn-1".into(),
                url: "/turn-credentials".into(),
                deadline: Millis(5000.0),
            }),
            turn("turn:turn-1", TurnScheme::Turn, false),
            turn("turns:turn-1", TurnScheme::Turns, true),
        ],
        call: vec![MediaPath {
            probe: "turn:turn-1".into(),
            server: "turn-1".into(),
            url: turn_url(TurnScheme::Turn),
        }],
        ladder: RATES.map(Kbps).to_vec(),
        expected: Millis(8600.0),
        deadline: Millis(45_000.0),
    }
}

/// What a healthy line answers until the call starts.
pub fn reached() -> Vec<Observation> {
    let answered = |id: &str, role, host: &str, started: f64, took: f64| {
        let tries = [took, took * 0.8, took * 0.9]
            .map(|time| Try {
                answer: Answer::Answered,
                time: Millis(time),
            })
            .to_vec();
        seen(
            id,
            host,
            started,
            took,
            Seen::Https(HttpsSeen {
                role,
                tries,
                canary: None,
            }),
        )
    };
    let relay = RelaySeen {
        at: Millis(92.0),
        protocol: Some("tcp".into()),
        mapped: Some(Address::new("25.77.0.3")),
    };
    let turn = "turn:turn.best-customer.example:443?transport=tcp";
    vec![
        seen(
            "page",
            "this browser",
            0.0,
            4.0,
            Seen::Page(PageSeen {
                secure: true,
                webrtc: Constructor::Works,
                opus: Some(true),
                online: true,
                browser: "Chromium 156".into(),
                engine: Some(Engine::Chromium(156)),
                os: "Linux".into(),
            }),
        ),
        answered("https:page", Role::Page, "check.best-customer.example", 5.0, 40.0),
        answered(
            "https:control.example",
            Role::Control,
            "control.example",
            6.0,
            61.0,
        ),
        answered(
            "https:sign-in",
            Role::Application,
            "login.best-customer.example",
            6.0,
            84.0,
        ),
        answered(
            "https:agent-desktop",
            Role::Application,
            "best-customer.example",
            7.0,
            96.0,
        ),
        answered("https:crm", Role::Application, "crm.example", 7.0, 390.0),
        seen(
            "credentials:turn-1",
            "/turn-credentials",
            9.0,
            60.0,
            Seen::Credentials(CredentialsSeen::Answered),
        ),
        seen(
            "turn:turn-1",
            turn,
            140.0,
            130.0,
            Seen::Turn(TurnSeen {
                relay: Some(relay),
                complete: true,
                waited: Millis(130.0),
                ..TurnSeen::default()
            }),
        ),
    ]
}

/// The try over TLS that follows when TURN does not answer.
pub fn companion() -> Observation {
    seen(
        "turns:turn-1",
        "turns:turn.best-customer.example:443",
        8160.0,
        160.0,
        Seen::Turn(TurnSeen {
            companion: true,
            errors: vec![IceError {
                code: 701,
                text: "TURN allocate request timed out.".into(),
                at: Millis(158.0),
            }],
            complete: true,
            waited: Millis(160.0),
            ..TurnSeen::default()
        }),
    )
}

pub fn call() -> Observation {
    seen(
        "call:turn-1",
        "turn:turn.best-customer.example:443?transport=tcp",
        410.0,
        620.0,
        Seen::Call(CallSeen {
            relays: 2,
            ice_connected: true,
            connected: true,
            dtls_state: Some("connected".into()),
            srtp_cipher: Some("SRTP_AES128_CM_HMAC_SHA1_80".into()),
            both_relayed: Some(true),
            relay_protocol: Some("tcp".into()),
            codec: Some("audio/opus".into()),
            received_there: Some(24),
            received_here: Some(23),
            decoded: Some(true),
            setup: Some(Millis(410.0)),
            ..CallSeen::default()
        }),
    )
}

pub fn ladder(steps: &[Step], highest: Option<f64>) -> Observation {
    seen(
        "ladder:turn-1",
        "turn:turn.best-customer.example:443?transport=tcp",
        1040.0,
        3900.0,
        Seen::Ladder(LadderSeen {
            steps: steps.to_vec(),
            highest_clean: highest.map(Kbps),
            cut_short: false,
            quality: Some(Quality {
                round_trip: Some(Millis(24.0)),
                jitter: Some(Millis(3.0)),
                loss: Some(Share(0.0)),
                mos: Some(4.4),
            }),
        }),
    )
}

pub fn clean(rate: f64) -> Step {
    Step {
        target: Kbps(rate),
        sent: Kbps(rate),
        received: Some(Kbps(rate)),
        wire: Some(Kbps(rate + 31.2)),
        packets_per_second: Some(50.0),
        loss: Some(Share(0.0)),
        jitter: Some(Millis(3.0)),
        round_trip: Some(Millis(48.0)),
        concealment: Some(Share(0.002)),
        goodput: Some(Share(1.0)),
        duration: Millis(1000.0),
        clean: true,
        why: None,
    }
}

fn seen(id: &str, target: &str, started: f64, duration: f64, seen: Seen) -> Observation {
    Observation {
        id: id.into(),
        target: target.into(),
        started: Millis(started),
        duration: Millis(duration),
        seen,
    }
}

fn https(host: &str) -> HttpUrl {
    HttpUrl {
        text: format!("https://{host}/"),
        origin: format!("https://{host}"),
        host: host.into(),
        port: 443,
    }
}

fn turn_url(scheme: TurnScheme) -> TurnUrl {
    let name = if scheme == TurnScheme::Turns {
        "turns"
    } else {
        "turn"
    };
    TurnUrl {
        text: format!("{name}:turn.best-customer.example:443?transport=tcp"),
        scheme,
        host: "turn.best-customer.example".into(),
        port: 443,
        transport: TurnTransport::Tcp,
    }
}
