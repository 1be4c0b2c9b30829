//! One contact centre: its configuration, the plan that follows, and what its line answers on a good day.

use clearline::config::{Config, HttpUrl};
use clearline::link::Link;
use clearline::observation::*;
use clearline::plan::Plan;
use clearline::probe::Role;
use clearline::quality::share_range;
use clearline::units::{Address, Kbps, Millis, Share};

pub const CONFIG: &str = r#"{
  "schema": "clearline.config/1",
  "name": "Best Customer contact centre",
  "applications": [
    { "id": "agent-desktop", "url": "https://best-customer.example/" },
    { "id": "login", "name": "Sign-in", "url": "https://login.best-customer.example/", "activity": "sign-in" },
    { "id": "crm", "name": "Our CRM", "url": "https://crm.example/", "required": false }
  ],
  "turn": [
    { "id": "turn-1", "urls": ["turn:turn.best-customer.example:443?transport=tcp"],
      "credentials_url": "/turn-credentials" }
  ],
  "controls": ["https://control.example/"],
  "canary": { "url": "https://selftest.best-customer.example/canary" },
  "activities": { "calls": 1, "screen_recording": true },
  "helpdesk": {
    "name": "IT Service Desk", "phone": "+1 555 0100", "email": "desk@best-customer.example",
    "url": "https://desk.best-customer.example/new"
  }
}"#;

const TURN: &str = "turn:turn.best-customer.example:443?transport=tcp";

pub fn config() -> Config {
    Config::parse(CONFIG).expect("a valid configuration")
}

pub fn plan() -> Plan {
    let page = HttpUrl::parse("https://check.best-customer.example/").expect("a valid URL");
    clearline::plan::plan(&config(), &Link::default(), &page)
}

/// What a healthy line answers until the call starts.
pub fn reached() -> Vec<Observation> {
    let page = PageSeen {
        secure: true,
        webrtc: Constructor::Works,
        opus: Some(true),
        online: true,
        browser: "Chromium 156".into(),
        engine: Some(Engine::Chromium(156)),
        os: "Linux".into(),
        ..PageSeen::default()
    };
    let canary = CanarySeen {
        address: Some(Address::new("25.77.0.3")),
        clock_ahead: Some(Millis(-400.0)),
        ..CanarySeen::default()
    };
    vec![
        seen("page", "", 0.0, 4.0, Seen::Page(page)),
        answered("https:page", Role::Page, "check.best-customer.example", 5.0, 40.0),
        answered("https:control-1", Role::Control, "control.example", 6.0, 61.0),
        answered(
            "https:agent-desktop",
            Role::Application,
            "best-customer.example",
            7.0,
            96.0,
        ),
        answered(
            "https:login",
            Role::Application,
            "login.best-customer.example",
            7.0,
            84.0,
        ),
        answered("https:crm", Role::Application, "crm.example", 8.0, 390.0),
        seen(
            "https:canary",
            "selftest.best-customer.example",
            8.0,
            74.0,
            Seen::Https(HttpsSeen {
                role: Role::Canary,
                tries: tries(74.0),
                canary: Some(canary),
            }),
        ),
        seen(
            "credentials:turn-1",
            "/turn-credentials",
            9.0,
            60.0,
            Seen::Credentials(CredentialsSeen::Answered),
        ),
        turn(TurnSeen {
            relay: Some(RelaySeen {
                at: Millis(92.0),
                protocol: Some("tcp".into()),
                mapped: Some(Address::new("25.77.0.3")),
            }),
            complete: true,
            waited: Millis(130.0),
            ..TurnSeen::default()
        }),
    ]
}

/// The same without TURN's own answer.
pub fn reached_without_turn() -> Vec<Observation> {
    reached()
        .into_iter()
        .filter(|observation| observation.id != "turn:turn-1")
        .collect()
}

pub fn answered(id: &str, role: Role, host: &str, started: f64, took: f64) -> Observation {
    seen(
        id,
        host,
        started,
        took,
        Seen::Https(HttpsSeen {
            role,
            tries: tries(took),
            canary: None,
        }),
    )
}

fn tries(took: f64) -> Vec<Try> {
    [took, took * 0.8, took * 0.9]
        .map(|time| Try {
            answer: Answer::Answered,
            time: Millis(time),
        })
        .to_vec()
}

pub fn turn(turn: TurnSeen) -> Observation {
    seen("turn:turn-1", TURN, 70.0, turn.waited.0, Seen::Turn(turn))
}

/// The try over TLS that follows when TURN does not answer.
pub fn companion(turn: TurnSeen) -> Observation {
    let target = "turns:turn.best-customer.example:443?transport=tcp";
    seen(
        "turns:turn-1",
        target,
        180.0,
        turn.waited.0,
        Seen::Turn(TurnSeen {
            companion: true,
            ..turn
        }),
    )
}

pub fn call() -> Observation {
    let call = CallSeen {
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
    };
    seen("call:turn-1", TURN, 410.0, 620.0, Seen::Call(call))
}

pub fn ladder(steps: &[Step]) -> Observation {
    let clean = steps.iter().filter(|step| step.clean).map(|step| step.target);
    let ladder = LadderSeen {
        steps: steps.to_vec(),
        highest_clean: clean.max_by(|a, b| a.0.total_cmp(&b.0)),
        cut_short: false,
        gaps: Vec::new(),
        quality: Some(Quality {
            round_trip: Some(Millis(24.0)),
            jitter: Some(Millis(3.0)),
            loss: Some(Share(0.0)),
            mos: Some(4.4),
            mos_wide: Some(4.2),
            burst: None,
            spread: Spreads {
                round_trip_ms: Spread::of(&[22.0, 24.0, 31.0]),
                jitter_ms: Spread::of(&[2.0, 3.0, 3.0]),
                loss: share_range(0.0, 310.0, 1.0),
            },
        }),
    };
    seen(
        "ladder:turn-1",
        TURN,
        1040.0,
        1300.0 * steps.len() as f64,
        Seen::Ladder(ladder),
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
        ..Step::default()
    }
}

pub fn unclean(rate: f64) -> Step {
    Step {
        received: Some(Kbps(rate * 0.66)),
        goodput: Some(Share(0.66)),
        loss: Some(Share(0.08)),
        round_trip: Some(Millis(640.0)),
        concealment: Some(Share(0.21)),
        clean: false,
        why: Some(Unclean::Goodput),
        ..clean(rate)
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
