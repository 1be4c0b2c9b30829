//! Lines and pages that are slow themselves, and what is measured of them.

use super::*;

fn with_canary(depth: Depth) -> Plan {
    let canary = "\"canary\": { \"url\": \"https://selftest.example/canary\" }, \"turn\": [";
    let config = Config::parse(&CONFIG.replacen("\"turn\": [", canary, 1)).expect("valid");
    let link = Link {
        depth,
        ..Link::default()
    };
    plan(&config, &link, &page())
}

#[test]
fn bandwidth_is_measured_alone_and_last_where_there_is_a_canary() {
    let network = Scripted::new(&[("bandwidth", Does::Answers(300.0))]);
    let (_, state) = play(&network, &with_canary(Depth::Full));
    let ladder = state
        .observations
        .iter()
        .find(|it| matches!(it.seen, Seen::Ladder(_)));
    let ladder_end = ladder.map(|it| it.started.0 + it.duration.0).expect("climbed");
    assert!(asked(&network, "bandwidth").is_some_and(|at| at >= ladder_end));
    assert!(
        state
            .observations
            .iter()
            .any(|it| matches!(it.seen, Seen::Bandwidth(_)))
    );
    assert_eq!(network.open.get(), 0);

    let quick = Scripted::new(&[]);
    play(&quick, &with_canary(Depth::Quick));
    assert_eq!(
        asked(&quick, "bandwidth"),
        None,
        "a quick check has no time for it"
    );
    let down = Scripted::new(&[("https:canary", Does::Fails(20.0))]);
    play(&down, &with_canary(Depth::Full));
    assert_eq!(asked(&down, "bandwidth"), None, "nothing to ask");

    let again = with_canary(Depth::Full).only(&["bandwidth".to_owned()]);
    assert!(again.bandwidth.is_some() && again.call.is_empty());
    assert!(again.reach.iter().any(|probe| probe.id() == "https:canary"));
    assert_eq!(
        with_canary(Depth::Full).only(&["turn:one".to_owned()]).bandwidth,
        None
    );
}

#[test]
fn the_call_is_put_under_load_at_last_and_only_on_a_line_that_may_be_filled() {
    let under_load = |wire: f64, late: f64| {
        let network = Scripted {
            wire,
            late,
            ..Scripted::new(&[("bandwidth", Does::Answers(300.0))])
        };
        let (_, state) = play(&network, &with_canary(Depth::Full));
        assert_eq!(network.open.get(), 0, "the call that was kept is released");
        let seen = state.observations.iter().find_map(|it| match it.seen {
            Seen::Bandwidth(seen) => Some(seen),
            _ => None,
        });
        let after = asked(&network, "load").zip(asked(&network, "bandwidth"));
        assert!(after.is_none_or(|(load, bandwidth)| load > bandwidth));
        seen.and_then(|seen| seen.loaded)
    };
    // The scripted line is the call's alone: the load itself takes nothing from it.
    let told = under_load(10_000.0, 0.0).expect("a line of 10 Mbit/s may be filled");
    assert_eq!(told.added, Some(Millis::ZERO));
    assert!((500.0..1_000.0).contains(&told.time.0), "{told:?}");
    assert_eq!(under_load(10_000.0, 150.0).and_then(|told| told.added), None);
    assert_eq!(under_load(50_000.0, 0.0), None, "too wide to be filled");
    assert_eq!(under_load(90.0, 0.0), None, "no room for the voice alone");
}

#[test]
fn a_page_that_is_slow_itself_says_nothing_of_the_line() {
    let sure = |late: f64| {
        let network = Scripted {
            late,
            ..Scripted::new(&[("bandwidth", Does::Answers(1_000.0))])
        };
        let (_, state) = play(
            &network,
            &with_canary(Depth::Full).only(&["bandwidth".to_owned()]),
        );
        let seen = state.observations.iter().find_map(|it| match it.seen {
            Seen::Bandwidth(seen) => seen.up,
            _ => None,
        });
        seen.expect("measured").sure
    };
    assert!(sure(5.0));
    assert!(!sure(90.0), "a page that is slow itself says nothing of the line");
}

#[test]
fn on_a_slow_line_the_call_asks_a_server_without_a_relay_once_more() {
    let asked_again = |https: f64, turn: Does| {
        let script = [
            ("https:agent-setup", Does::Answers(https)),
            ("turn:one", turn),
            ("turn:two", turn),
        ];
        let network = Scripted::new(&script);
        play(&network, &planned(Depth::Quick));
        asked(&network, "call:one")
    };
    assert!(asked_again(5_000.0, Does::Silent).is_some_and(|at| at >= 8_000.0));
    assert!(asked_again(5_000.0, Does::Fails(4_000.0)).is_some_and(|at| at >= 5_000.0));
    for turn in [Does::Silent, Does::Fails(4_000.0)] {
        assert_eq!(
            asked_again(900.0, turn),
            None,
            "on a quick line that is proof enough"
        );
    }
}

#[test]
fn a_page_whose_timers_are_late_is_told() {
    let told = |late: f64| {
        let network = Scripted {
            late,
            ..Scripted::new(&[])
        };
        let (_, state) = play(&network, &planned(Depth::Full));
        attention(&state).map(|seen| seen.late.0)
    };
    assert_eq!(told(10.0), None);
    assert!(
        told(60.0).is_some_and(|late| (late - 60.0 / 160.0).abs() < 0.01),
        "{:?}",
        told(60.0)
    );
}

/// The ladder of a run: which rates were sent, whether it was cut short, and its end.
fn ladder(network: &Scripted) -> (Vec<f64>, bool, f64) {
    let (_, state) = play(network, &planned(Depth::Full));
    let climbed = state.observations.iter().find_map(|it| match &it.seen {
        Seen::Ladder(seen) => Some((seen, it.started.0 + it.duration.0)),
        _ => None,
    });
    let (seen, end) = climbed.expect("told whatever happened");
    let rates = seen.steps.iter().map(|step| step.target.0).collect();
    (rates, seen.cut_short, end)
}

#[test]
fn what_the_ladder_has_when_the_run_ends_is_told() {
    let late = Scripted::new(&[("call:one", Does::Answers(34_000.0))]);
    let (rates, cut_short, end) = ladder(&late);
    assert!(cut_short && !rates.is_empty(), "{rates:?}");
    assert!((39_000.0..40_000.0).contains(&end), "{end}");

    let hidden = Scripted {
        hidden: 4_000.0..1e9,
        ..Scripted::new(&[])
    };
    let (rates, cut_short, end) = ladder(&hidden);
    assert!(cut_short && !rates.is_empty(), "{rates:?}");
    assert!((39_000.0..40_000.0).contains(&end), "{end}");
}

#[test]
fn after_a_set_up_that_filled_the_line_the_ladder_begins_at_its_foot() {
    let first = |setup: f64| {
        let network = Scripted::new(&[("call:one", Does::Answers(setup))]);
        ladder(&network).0.first().copied()
    };
    assert_eq!(first(7_500.0), Some(32.0));
    assert_eq!(first(9_000.0), Some(10.0));
}
