//! The states that the page is shown in: one contact centre, seen on good and bad days.

use std::collections::BTreeMap;
use std::rc::Rc;

use clearline::activity::{Activity, Status};
use clearline::checkup::{Conclusion, Phase, State};
use clearline::config::{ActivityId, Problem};
use clearline::diagnosis::{Confidence, Finding, Severity, Verdict};
use clearline::fix::{Fix, Owner};
use clearline::link::Link;
use clearline::observation::{CredentialsSeen, Observation, Seen, Step, TurnSeen, Unclean};
use clearline::ui::{PageProps, Theme, Wallboard};
use clearline::units::{Address, Kbps, Millis, Share};
use clearline::words::{Arg, Sentence, Words, say};
use yew::Callback;

use crate::line::{call, clean, companion, config, ladder, plan, reached};

pub fn before() -> PageProps {
    page(State {
        plan: plan(),
        ..State::default()
    })
}

pub fn running_early() -> PageProps {
    let all = reached();
    page(State {
        phase: Phase::Running,
        run: 1,
        plan: plan(),
        running: vec![
            ("https:crm".into(), Millis(30.0)),
            ("turn:turn-1".into(), Millis(140.0)),
        ],
        observations: all
            .into_iter()
            .filter(|o| o.started.0 + o.duration.0 < 150.0)
            .collect(),
        elapsed: Millis(180.0),
        ..State::default()
    })
}

pub fn running_ladder() -> PageProps {
    let mut observations = reached();
    observations.push(call());
    page(State {
        phase: Phase::Running,
        run: 1,
        plan: plan(),
        running: vec![("ladder:turn-1".into(), Millis(1500.0))],
        observations,
        steps: [10.0, 32.0, 64.0].map(clean).to_vec(),
        elapsed: Millis(4200.0),
        conclusion: Some(conclude(
            Verdict::Inconclusive,
            None,
            [Status::Works, Status::Works, Status::Unknown],
        )),
    })
}

pub fn running_blocked() -> PageProps {
    let mut state = (*blocked().state).clone();
    state.phase = Phase::Running;
    state.elapsed = Millis(8800.0);
    state.running = vec![("turns:turn-1".into(), Millis(150.0))];
    state.conclusion.as_mut().expect("it is concluded").findings[0].confidence = Confidence::Certain;
    page(state)
}

pub fn ready() -> PageProps {
    let mut observations = reached();
    observations.push(call());
    let steps = [10.0, 160.0].map(clean).to_vec();
    observations.push(ladder(&steps, Some(160.0)));
    let mut conclusion = conclude(
        Verdict::Ready,
        None,
        [Status::Works, Status::Works, Status::Works],
    );
    conclusion
        .activities
        .push(activity(ActivityId::ScreenRecording, Status::Works, &[]));
    done(observations, steps, Millis(5210.0), conclusion)
}

pub fn degraded() -> PageProps {
    let mut observations = reached();
    observations.push(call());
    let mut steps = [16.0, 24.0].map(clean).to_vec();
    steps.push(Step {
        received: Some(Kbps(21.0)),
        goodput: Some(Share(0.66)),
        loss: Some(Share(0.08)),
        round_trip: Some(Millis(640.0)),
        concealment: Some(Share(0.21)),
        clean: false,
        why: Some(Unclean::Goodput),
        ..clean(32.0)
    });
    observations.push(ladder(&steps, Some(24.0)));
    let mut conclusion = conclude(
        Verdict::Degraded,
        Some("media-bitrate-low"),
        [Status::Works, Status::Works, Status::Degraded],
    );
    conclusion.findings = vec![
        finding(
            "media-bitrate-low",
            Severity::Degraded,
            Confidence::Certain,
            "Voice is clean up to 24 kbps only.",
        ),
        finding(
            "https-slow",
            Severity::Advice,
            Confidence::Likely,
            "crm.example took 1.9 s to answer, three times.",
        ),
    ];
    conclusion.fixes = vec![
        fix(
            "free-the-line",
            Owner::Agent,
            "Stop other downloads and uploads on this line, then test again.",
            &[
                "Close video, cloud backup and large downloads on every device at home.",
                "If you use WLAN, move closer to the router or use a cable.",
            ],
            &[],
        ),
        fix(
            "give-voice-priority",
            Owner::Network,
            "Ask your network team to give voice priority on this line.",
            &[],
            &[
                "Voice over turn.best-customer.example:443 (TCP) is clean up to 24 kbps only.",
                "Please reserve 200 kbps each way for it.",
            ],
        ),
    ];
    done(observations, steps, Millis(9120.0), conclusion)
}

pub fn blocked() -> PageProps {
    let mut observations = reached();
    for observation in &mut observations {
        if let Seen::Turn(turn) = &mut observation.seen {
            observation.duration = Millis(8000.0);
            *turn = TurnSeen {
                companion: turn.companion,
                waited: Millis(8000.0),
                ..TurnSeen::default()
            };
        }
    }
    observations.push(companion());
    let mut conclusion = conclude(
        Verdict::Blocked,
        Some("turn-inspected"),
        [Status::Works, Status::Works, Status::Blocked],
    );
    let mut silenced = finding(
        "media-blocked",
        Severity::Blocker,
        Confidence::Possible,
        "No call was possible.",
    );
    silenced.silenced_by = Some("turn-inspected");
    conclusion.findings = vec![
        Finding {
            subject: "turn:turn.best-customer.example:443?transport=tcp".into(),
            against: vec![plain(
                "One TURN server only is configured, so a fault of that server looks the same.",
            )],
            evidence: vec![
                plain(
                    "Voice traffic reaches the server's door (port 443), but something on the way stops it.",
                ),
                say(
                    "The voice server sees {address}.",
                    [("address", Arg::Address(Address::new("25.77.0.3")))],
                ),
            ],
            ..finding("turn-inspected", Severity::Blocker, Confidence::Likely, "")
        },
        finding(
            "https-slow",
            Severity::Advice,
            Confidence::Likely,
            "crm.example took 1.9 s to answer, three times.",
        ),
        silenced,
    ];
    conclusion.fixes = vec![
        fix(
            "exempt-turn-from-inspection",
            Owner::Network,
            "Send this to your network team: they have to let voice traffic through.",
            &[
                "Switch off TLS inspection for turn.best-customer.example, TCP port 443.",
                "Let connections to it stay open for hours.",
            ],
            &[
                "Please exempt turn.best-customer.example:443 (TCP, outgoing) from TLS and protocol inspection.",
                "Allow: agents' network -> turn.best-customer.example, TCP 443, direction out.",
            ],
        ),
        fix(
            "ask-the-crm",
            Owner::Vendor,
            "Ask why crm.example answers late.",
            &[],
            &["crm.example took 1.9 s."],
        ),
        fix(
            "try-without-vpn",
            Owner::Agent,
            "Turn off the VPN and test again (2 minutes, you).",
            &[],
            &[],
        ),
    ];
    let mut page = done(observations, Vec::new(), Millis(9800.0), conclusion);
    page.link = Rc::new(Link {
        ticket: Some("INC-20417".into()),
        ..Link::default()
    });
    page
}

pub fn inconclusive() -> PageProps {
    let mut observations = reached();
    for observation in &mut observations {
        if let Seen::Credentials(credentials) = &mut observation.seen {
            *credentials = CredentialsSeen::Status(503);
        }
    }
    observations.retain(|o| !matches!(o.seen, Seen::Turn(_)));
    let mut conclusion = conclude(
        Verdict::Inconclusive,
        Some("test-service-down"),
        [Status::Works, Status::Works, Status::Unknown],
    );
    conclusion.findings = vec![finding(
        "test-service-down",
        Severity::Info,
        Confidence::Certain,
        "The service that hands out passwords for this test answered 503.",
    )];
    conclusion.fixes = vec![fix(
        "mend-the-test-service",
        Owner::Helpdesk,
        "Tell your helpdesk that the test's own service is down.",
        &["Nothing on your side is known to be wrong."],
        &["The credential service answers 503."],
    )];
    let mut page = done(observations, Vec::new(), Millis(2100.0), conclusion);
    page.notice = Some("Copied".into());
    page.revealed = true;
    page
}

pub fn stopped() -> PageProps {
    let mut page = running_ladder();
    let mut state = (*page.state).clone();
    state.phase = Phase::Stopped;
    state.running.clear();
    page.state = Rc::new(state);
    page
}

pub fn broken() -> PageProps {
    let problem = |path: &str, what: &str, remedy: &str| Problem {
        path: path.into(),
        what: what.into(),
        remedy: remedy.into(),
    };
    PageProps {
        config: Err(Rc::new(vec![
            problem(
                "$.turn[1].urls[0]",
                "“turn.best-customer.example” has no scheme.",
                "Write turn:HOST:PORT?transport=tcp.",
            ),
            problem(
                "$.egress.known[0]",
                "10.0.0.0/8 is never seen on the Internet.",
                "Name the public addresses that the access list holds.",
            ),
            problem("$.colour", "There is no such key.", "Did you mean brand.accent?"),
        ])),
        ..page(State::default())
    }
}

pub fn kiosk_ready() -> PageProps {
    wallboard(ready())
}

pub fn kiosk_blocked() -> PageProps {
    wallboard(blocked())
}

fn wallboard(page: PageProps) -> PageProps {
    let verdicts = [
        Verdict::Ready,
        Verdict::Ready,
        Verdict::Degraded,
        Verdict::Ready,
        Verdict::Blocked,
    ];
    PageProps {
        link: Rc::new(Link {
            kiosk: Some(300),
            ..Link::default()
        }),
        wallboard: Wallboard {
            since: Some("09:12".into()),
            last: Some("11:40".into()),
            next: Some("11:45".into()),
            history: (0..48).map(|n| (n > 5).then(|| verdicts[n / 10])).collect(),
        },
        ..page
    }
}

fn page(state: State) -> PageProps {
    PageProps {
        words: Rc::new(words()),
        config: Ok(Rc::new(config())),
        link: Rc::default(),
        state: Rc::new(state),
        actions: Callback::noop(),
        notice: None,
        revealed: false,
        theme: Theme::System,
        languages: Vec::new(),
        wallboard: Wallboard::default(),
    }
}

fn done(
    observations: Vec<Observation>,
    steps: Vec<Step>,
    elapsed: Millis,
    conclusion: Conclusion,
) -> PageProps {
    page(State {
        phase: Phase::Done,
        run: 1,
        plan: plan(),
        running: Vec::new(),
        observations,
        steps,
        elapsed,
        conclusion: Some(conclusion),
    })
}

/// The words that ship; those that are not there yet are stood in for.
fn words() -> Words {
    let shipped = std::fs::read_to_string("static/words/en.json").expect("the words are there");
    let mut table: BTreeMap<String, String> = serde_json::from_str(&shipped).expect("flat JSON");
    for (key, text) in [
        ("activity.agent-desktop", "Desktop"),
        ("activity.screen-recording", "Screen recording"),
        ("activity.sign-in", "Sign-in"),
        ("activity.voice", "Voice"),
        ("cause.https-slow.title", "An application answers slowly"),
        (
            "cause.media-bitrate-low.title",
            "The line carries too little voice",
        ),
        (
            "cause.media-blocked.title",
            "The call's media does not get through",
        ),
        ("cause.test-service-down.title", "The test's own service is down"),
        (
            "cause.turn-inspected.title",
            "Voice traffic is inspected and stopped",
        ),
        ("owner.agent", "you"),
        ("owner.helpdesk", "your helpdesk"),
        ("owner.network", "your network team"),
        ("owner.vendor", "the provider"),
        ("verdict.blocked", "You can't take calls on this connection yet."),
        (
            "verdict.degraded",
            "You can take calls, but callers may hear you break up.",
        ),
        (
            "verdict.inconclusive",
            "We couldn't tell whether calls work, because our own test server didn't answer.",
        ),
        ("verdict.ready", "You can take calls from here."),
    ] {
        table.entry(key.into()).or_insert_with(|| text.into());
    }
    Words::parse("en", &serde_json::to_string(&table).expect("a table of texts")).expect("flat JSON")
}

fn conclude(
    verdict: Verdict,
    primary: Option<&'static str>,
    [sign_in, desktop, voice]: [Status; 3],
) -> Conclusion {
    let because: Vec<_> = primary.into_iter().collect();
    Conclusion {
        verdict,
        primary,
        findings: Vec::new(),
        fixes: Vec::new(),
        activities: vec![
            activity(ActivityId::SignIn, sign_in, &[]),
            activity(ActivityId::AgentDesktop, desktop, &[]),
            activity(ActivityId::Voice, voice, &because),
        ],
    }
}

fn activity(id: ActivityId, status: Status, because: &[&'static str]) -> Activity {
    Activity {
        id,
        status,
        because: because.to_vec(),
    }
}

fn finding(id: &'static str, severity: Severity, confidence: Confidence, evidence: &str) -> Finding {
    Finding {
        id,
        severity,
        confidence,
        subject: String::new(),
        evidence: vec![plain(evidence)],
        against: Vec::new(),
        silenced_by: None,
    }
}

fn fix(id: &'static str, owner: Owner, title: &str, steps: &[&str], copy: &[&str]) -> Fix {
    Fix {
        id,
        owner,
        resolves: Vec::new(),
        title: plain(title),
        steps: steps.iter().copied().map(plain).collect(),
        copy: copy.iter().copied().map(plain).collect(),
        retest: vec!["turn:turn-1".into()],
    }
}

/// Words that have no key are shown as they are.
fn plain(text: &str) -> Sentence {
    say(text, [])
}
