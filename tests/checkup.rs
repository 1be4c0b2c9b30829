//! The run, over a scripted network in virtual time: order, deadlines, cancelling, late events.

#![cfg(not(target_arch = "wasm32"))]

#[path = "checkup/scripted.rs"]
mod scripted;
#[path = "checkup/slow.rs"]
mod slow;

use std::cell::RefCell;
use std::rc::Rc;

use clearline::checkup::{Event, Phase, State, run};
use clearline::config::{Config, HttpUrl};
use clearline::link::{Depth, Link};
use clearline::observation::{ANSWERS, AnswersSeen, Seen};
use clearline::plan::{LADDER, Plan, plan};
use clearline::units::{Kbps, Millis};
use scripted::{Does, Scripted};

const CONFIG: &str = r#"{
    "schema": "clearline.config/1",
    "name": "Test",
    "applications": [
        { "id": "agent-desktop", "url": "https://desk.cloud.example/" },
        { "id": "agent-setup", "url": "https://setup.cloud.example/" }
    ],
    "turn": [
        { "id": "one", "urls": ["turn:one.example:443?transport=tcp"], "username": "u", "credential": "c" },
        { "id": "two", "urls": ["turn:two.example:443?transport=tcp"], "credentials_url": "/turn" }
    ]
}"#;

fn config() -> Config {
    Config::parse(CONFIG).expect("valid")
}

fn page() -> HttpUrl {
    HttpUrl::parse("https://page.example/").expect("valid")
}

fn planned(depth: Depth) -> Plan {
    plan(
        &config(),
        &Link {
            depth,
            ..Link::default()
        },
        &page(),
    )
}

/// Runs a plan to its end and gives the events and the state they lead to.
fn play(network: &Scripted, plan: &Plan) -> (Vec<Event>, State) {
    let events = RefCell::new(Vec::new());
    let emit = |event| events.borrow_mut().push(event);
    network
        .clock
        .run_until(Millis(60_000.0), run(&Rc::new(plan.clone()), network, &emit))
        .expect("ends");
    let events = events.into_inner();
    let config = config();
    let state = events
        .iter()
        .cloned()
        .fold(State::default(), |state, event| state.apply(1, event, &config));
    (events, state)
}

fn asked(network: &Scripted, id: &str) -> Option<f64> {
    network
        .asked
        .borrow()
        .iter()
        .find(|(asked, _)| asked == id)
        .map(|(_, at)| *at)
}

#[test]
fn a_healthy_line_is_measured_to_the_top_without_follow_up_questions() {
    let network = Scripted::new(&[]);
    let (events, state) = play(&network, &planned(Depth::Full));
    assert_eq!(state.phase, Phase::Done);
    assert_eq!(state.steps.last().map(|step| step.target), Some(Kbps(160.0)));
    assert!(state.elapsed.0 < 9_000.0, "{}", state.elapsed);
    assert!(matches!(events.last(), Some(Event::Finished(_))));
    for id in [
        "turns:one",
        "name:desk.cloud.example",
        "name:one.example",
        "call:two",
    ] {
        assert_eq!(asked(&network, id), None, "{id} was not needed");
    }
    assert_eq!(network.open.get(), 0);
}

#[test]
fn quick_is_quicker() {
    let (_, state) = play(&Scripted::new(&[]), &planned(Depth::Quick));
    assert_eq!(state.steps.last().map(|step| step.target), Some(Kbps(160.0)));
    assert!(state.elapsed.0 < 3_500.0, "{}", state.elapsed);
}

#[test]
fn the_call_waits_until_everything_else_is_answered() {
    let network = Scripted::new(&[("https:agent-setup", Does::Answers(900.0))]);
    play(&network, &planned(Depth::Quick));
    assert!(asked(&network, "call:one").is_some_and(|at| at >= 900.0));
}

#[test]
fn the_call_does_not_wait_for_the_silent() {
    let network = Scripted::new(&[("https:agent-setup", Does::Silent), ("turn:one", Does::Silent)]);
    let (_, state) = play(&network, &planned(Depth::Quick));
    assert!(asked(&network, "call:two").is_some_and(|at| (2_000.0..2_300.0).contains(&at)));
    assert_eq!(asked(&network, "call:one"), None);
    assert!((8_000.0..9_500.0).contains(&state.elapsed.0), "{}", state.elapsed);
    assert!(asked(&network, "turns:one").is_some_and(|at| (2_000.0..2_200.0).contains(&at)));
    assert!(asked(&network, "name:setup.cloud.example").is_some());
}

#[test]
fn a_failure_is_asked_about_at_once() {
    let network = Scripted::new(&[("turn:one", Does::Fails(70.0))]);
    play(&network, &planned(Depth::Quick));
    assert!(asked(&network, "turns:one").is_some_and(|at| at < 200.0));
    assert!(asked(&network, "name:one.example").is_some_and(|at| at < 200.0));
}

#[test]
fn a_wrong_password_is_an_answer_that_needs_no_follow_up() {
    let network = Scripted::new(&[("turn:one", Does::Denies(70.0))]);
    play(&network, &planned(Depth::Quick));
    assert_eq!(asked(&network, "turns:one"), None);
    assert!(asked(&network, "call:two").is_some());
}

#[test]
fn turn_waits_for_its_credentials_and_is_not_asked_without() {
    let network = Scripted::new(&[("credentials:two", Does::Answers(300.0))]);
    play(&network, &planned(Depth::Quick));
    assert!(asked(&network, "turn:two").is_some_and(|at| at >= 300.0));
    assert!(network.users.borrow().contains(&"fetched".to_owned()));

    let network = Scripted::new(&[("credentials:two", Does::Fails(30.0))]);
    let (_, state) = play(&network, &planned(Depth::Quick));
    assert_eq!(asked(&network, "turn:two"), None);
    assert!(asked(&network, "call:one").is_some());
    assert_eq!(state.phase, Phase::Done);
}

#[test]
fn a_second_path_is_tried_when_the_first_carries_no_media() {
    let network = Scripted::new(&[("call:one", Does::Silent)]);
    let (_, state) = play(&network, &planned(Depth::Full));
    assert!(asked(&network, "call:two").is_some());
    assert_eq!(state.steps.last().map(|step| step.target), Some(Kbps(160.0)));
}

#[test]
fn a_narrow_line_ends_at_its_edge() {
    let network = Scripted {
        wire: 90.0,
        ..Scripted::new(&[])
    };
    let (_, state) = play(&network, &planned(Depth::Full));
    let ladder = state.observations.iter().find_map(|one| match &one.seen {
        Seen::Ladder(ladder) => Some(ladder.clone()),
        _ => None,
    });
    let ladder = ladder.expect("measured");
    assert_eq!(ladder.highest_clean, Some(Kbps(48.0)), "{ladder:#?}");
}

#[test]
fn every_run_ends_whatever_hangs() {
    for does in [Does::Silent, Does::Hangs] {
        let ids = planned(Depth::Full)
            .reach
            .iter()
            .map(|probe| probe.id().to_owned())
            .collect::<Vec<_>>();
        let script: Vec<(&str, Does)> = ids.iter().map(|id| (id.as_str(), does)).collect();
        let network = Scripted::new(&script);
        let (_, state) = play(&network, &planned(Depth::Full));
        assert_eq!(state.phase, Phase::Done);
        assert!(state.elapsed.0 <= 20_000.0, "{does:?} took {}", state.elapsed);
        assert_eq!(network.open.get(), 0, "{does:?}: everything is released");
    }
    let network = Scripted::new(&[("call:one", Does::Hangs)]);
    let (_, state) = play(&network, &planned(Depth::Full));
    assert!(state.elapsed.0 <= 40_100.0);
    assert!(
        state
            .observations
            .iter()
            .any(|one| one.id == "call:one" && one.seen == Seen::Unfinished)
    );
    assert_eq!(network.open.get(), 0);
}

#[test]
fn dropping_the_run_releases_everything() {
    let network = Scripted::new(&[("https:agent-setup", Does::Silent)]);
    let plan = planned(Depth::Full);
    let emit = |_| {};
    let ended = network
        .clock
        .run_until(Millis(3_000.0), run(&Rc::new(plan), &network, &emit));
    assert!(ended.is_none());
    assert_eq!(network.open.get(), 0);
}

#[test]
fn late_events_and_those_of_other_runs_change_nothing() {
    let config = config();
    let (events, done) = play(&Scripted::new(&[]), &planned(Depth::Quick));
    let late = events
        .iter()
        .skip(1)
        .cloned()
        .fold(done.clone(), |state, event| state.apply(1, event, &config));
    assert_eq!(late, done);
    let running = State::default().apply(2, Event::Started(planned(Depth::Quick).into()), &config);
    assert_eq!(
        running.clone().apply(1, Event::Ticked(Millis(5.0)), &config),
        running
    );
}

#[test]
fn stopping_keeps_what_was_seen() {
    let config = config();
    let state = State::default().apply(1, Event::Started(planned(Depth::Quick).into()), &config);
    let state = state.apply(
        1,
        Event::ProbeStarted {
            id: "turn:one".into(),
            at: Millis(1.0),
        },
        &config,
    );
    let state = state.apply(1, Event::Stopped(Millis(500.0)), &config);
    assert_eq!(state.phase, Phase::Stopped);
    assert_eq!(state.observations.len(), 1);
    assert_eq!(state.observations[0].seen, Seen::Unfinished);
    assert!(state.conclusion.is_some());
}

#[test]
fn testing_again_asks_only_what_the_fix_touches_and_keeps_the_rest() {
    let config = config();
    let whole = planned(Depth::Quick);
    let (_, done) = play(
        &Scripted::new(&[("https:agent-setup", Does::Fails(20.0))]),
        &whole,
    );
    let part = whole.clone().only(&["https:agent-setup".to_owned()]);
    let ids: Vec<&str> = part.reach.iter().map(clearline::probe::Probe::id).collect();
    assert_eq!(
        ids,
        [
            "page",
            "https:page",
            "https:agent-setup",
            "name:page.example",
            "name:setup.cloud.example"
        ]
    );
    assert!(part.call.is_empty());
    let state = done.apply(2, Event::Started(part.into()), &config);
    assert!(
        state
            .observations
            .iter()
            .any(|one| matches!(one.seen, Seen::Ladder(_))),
        "the ladder is kept"
    );
    assert!(!state.observations.iter().any(|one| one.id == "https:agent-setup"));

    let part = whole.clone().only(&["turn:one".to_owned()]);
    assert!(!part.call.is_empty());
    assert!(part.reach.iter().any(|probe| probe.id() == "turns:one"));
    assert!(part.reach.iter().any(|probe| probe.id() == "credentials:two"));
    assert!(!part.reach.iter().any(|probe| probe.id() == "https:agent-setup"));
}

#[test]
fn the_plan_of_a_phone_outside_the_browser_has_no_voice() {
    let config = Config {
        phone: clearline::config::Phone::Pstn,
        ..config()
    };
    let plan = plan(&config, &Link::default(), &page());
    assert!(plan.call.is_empty() && plan.ladder.is_empty());
    assert!(!plan.reach.iter().any(|probe| probe.id().starts_with("turn")));
    assert_eq!(LADDER.len(), 9);
}

#[test]
fn what_the_agent_tells_is_concluded_anew_and_kept_for_the_next_run() {
    let told = |vpn| {
        Seen::Answers(AnswersSeen {
            vpn: Some(vpn),
            ..AnswersSeen::default()
        })
    };
    let config = config();
    let before = State::default().tell(ANSWERS, told(true), &config);
    assert_eq!(before.conclusion, None, "nothing was seen yet");
    assert_eq!(before.answers().vpn, Some(true));

    let (events, _) = play(&Scripted::new(&[]), &planned(Depth::Quick));
    let done = events
        .iter()
        .cloned()
        .fold(before, |state, event| state.apply(1, event, &config));
    assert_eq!(done.phase, Phase::Done);
    assert_eq!(done.answers().vpn, Some(true), "a run keeps what was told");

    let changed = done.clone().tell(ANSWERS, told(false), &config);
    assert_eq!(
        changed.observations.len(),
        done.observations.len(),
        "the newer answer counts"
    );
    assert_eq!(changed.answers().vpn, Some(false));
    assert_eq!(changed.told, done.told + 1);
    assert!(changed.conclusion.is_some());
    let again = events
        .into_iter()
        .fold(changed, |state, event| state.apply(2, event, &config));
    assert_eq!(again.answers().vpn, Some(false));
}

/// How the page was kept from measuring, as the run told it.
fn attention(state: &State) -> Option<clearline::observation::AttentionSeen> {
    state.observations.iter().find_map(|it| match it.seen {
        Seen::Attention(seen) => Some(seen),
        _ => None,
    })
}

fn findings(state: &State) -> Vec<&'static str> {
    let conclusion = state.conclusion.as_ref().expect("concluded");
    conclusion.findings.iter().map(|finding| finding.id).collect()
}

#[test]
fn nobody_looks_away_and_nothing_is_said_of_it() {
    let (events, state) = play(&Scripted::new(&[]), &planned(Depth::Full));
    assert_eq!(attention(&state), None);
    assert!(!events.iter().any(|event| matches!(event, Event::Paused(_))));
}

#[test]
fn a_hidden_page_waits_and_measures_the_step_anew() {
    let network = Scripted {
        hidden: 2_000.0..6_000.0,
        ..Scripted::new(&[])
    };
    let (events, state) = play(&network, &planned(Depth::Full));
    let seen = attention(&state).expect("told");
    assert!((3_900.0..4_300.0).contains(&seen.hidden.0), "{seen:?}");
    assert_eq!((seen.slept, seen.dropped), (Millis::ZERO, 1));
    let paused: Vec<bool> = events
        .iter()
        .filter_map(|event| {
            if let Event::Paused(paused) = event {
                Some(*paused)
            } else {
                None
            }
        })
        .collect();
    assert_eq!(paused, [true, false]);
    assert!(state.steps.iter().all(|step| step.clean));
    assert_eq!(state.steps.last().map(|step| step.target), Some(Kbps(160.0)));
    assert_eq!(findings(&state).first(), Some(&"test-in-background"));
    let verdict = state.conclusion.expect("concluded").verdict;
    assert_eq!(verdict, clearline::diagnosis::Verdict::Ready);
    assert_eq!(network.open.get(), 0);
}

#[test]
fn a_page_that_stays_hidden_ends_in_time_and_blames_nobody() {
    let network = Scripted {
        hidden: 10.0..1e9,
        ..Scripted::new(&[])
    };
    let (_, state) = play(&network, &planned(Depth::Full));
    assert!(state.elapsed.0 <= 45_000.0, "{}", state.elapsed);
    let conclusion = state.conclusion.as_ref().expect("concluded");
    assert_eq!(conclusion.verdict, clearline::diagnosis::Verdict::Inconclusive);
    assert_eq!(conclusion.primary, Some("test-in-background"));
    assert_eq!(asked(&network, "call:one"), None, "nobody would hear it");
    assert_eq!(network.open.get(), 0);
}

#[test]
fn what_fails_while_the_computer_sleeps_is_no_failure() {
    let network = Scripted {
        asleep: Some((3_000.0, 600_000.0)),
        ..Scripted::new(&[("https:agent-setup", Does::Fails(3_500.0))])
    };
    let (_, state) = play(&network, &planned(Depth::Full));
    let seen = attention(&state).expect("told");
    assert!(seen.slept.0 >= 600_000.0 && seen.dropped >= 1, "{seen:?}");
    let setup = state.observations.iter().find(|it| it.id == "https:agent-setup");
    assert_eq!(setup.map(|it| &it.seen), Some(&Seen::Unfinished));
    assert!(
        !findings(&state).contains(&"host-unreachable"),
        "{:?}",
        findings(&state)
    );
    assert!(findings(&state).contains(&"test-in-background"));
}

#[test]
fn a_clock_that_is_set_by_seconds_is_no_sleep() {
    let network = Scripted {
        asleep: Some((3_000.0, 3_000.0)),
        ..Scripted::new(&[])
    };
    let (_, state) = play(&network, &planned(Depth::Quick));
    assert_eq!(attention(&state), None);
}
