//! Tests of the wallboard.

use proptest::prelude::*;

use super::Verdict::{Blocked, Degraded, Inconclusive, Ready};
use super::*;

const EVERY: Millis = Millis(300_000.0);
/// 2026-11-23T10:00:00Z
const NOON: f64 = 1_795_428_000_000.0;

fn after(minutes: f64) -> Millis {
    Millis(NOON + minutes * 60_000.0)
}

/// A board after one run each five minutes.
fn board(verdicts: &[Verdict]) -> Board {
    let mut board = Board::new(0);
    for (number, verdict) in verdicts.iter().enumerate() {
        board.ended(*verdict, after(number as f64 * 5.0), EVERY);
    }
    board
}

/// What is shown after each of the runs; with a mark where it is doubted.
#[track_caller]
fn shows(verdicts: &[Verdict], expected: &[(Verdict, bool)]) {
    let shown: Vec<_> = (1..=verdicts.len())
        .map(|length| {
            let board = board(&verdicts[..length]);
            (board.shown().expect("ran"), board.doubts())
        })
        .collect();
    assert_eq!(shown, expected, "{verdicts:?}");
}

#[test]
fn one_bad_run_is_not_shouted_and_two_are() {
    shows(
        &[Ready, Blocked, Ready],
        &[(Ready, false), (Ready, true), (Ready, false)],
    );
    shows(
        &[Ready, Blocked, Blocked],
        &[(Ready, false), (Ready, true), (Blocked, false)],
    );
    // Both were at least degraded; blocked was seen once.
    shows(
        &[Ready, Degraded, Blocked, Blocked],
        &[(Ready, false), (Ready, true), (Degraded, true), (Blocked, false)],
    );
    shows(
        &[Ready, Blocked, Degraded],
        &[(Ready, false), (Ready, true), (Degraded, false)],
    );
    // Not to know is no good news, and what is worse needs two again.
    shows(
        &[Blocked, Inconclusive, Blocked, Inconclusive, Inconclusive],
        &[
            (Blocked, false),
            (Blocked, true),
            (Blocked, false),
            (Blocked, true),
            (Inconclusive, false),
        ],
    );
}

#[test]
fn the_first_run_is_shown_as_it_is_and_good_news_at_once() {
    shows(
        &[Blocked, Degraded, Ready],
        &[(Blocked, false), (Degraded, false), (Ready, false)],
    );
    shows(&[Inconclusive, Ready], &[(Inconclusive, false), (Ready, false)]);
}

#[test]
fn since_is_the_start_of_what_is_shown() {
    let since = |verdicts: &[Verdict]| board(verdicts).since();
    assert_eq!(since(&[]), None);
    assert_eq!(since(&[Ready, Ready, Blocked]), Some(after(0.0)));
    assert_eq!(
        since(&[Ready, Ready, Blocked, Blocked, Blocked]),
        Some(after(10.0))
    );
    assert_eq!(since(&[Ready, Blocked, Blocked, Ready]), Some(after(15.0)));
    // What has held for days still tells since when, though its runs are forgotten.
    let days = board(&vec![Ready; 1_000]);
    assert_eq!(days.since(), Some(after(0.0)));
    assert!(days.runs.len() <= LONGEST);
}

#[test]
fn after_a_night_without_runs_the_board_begins_anew() {
    let mut board = board(&[Ready, Ready]);
    board.ended(Blocked, after(600.0), EVERY);
    assert_eq!(
        (board.shown(), board.since()),
        (Some(Blocked), Some(after(600.0)))
    );
    assert_eq!(board.runs.len(), 3, "the strip keeps them");
    board.forget_stale(after(610.0), EVERY);
    assert_eq!(board.shown(), Some(Blocked));
    board.forget_stale(after(700.0), EVERY);
    assert_eq!(board.shown(), None);
}

#[test]
fn runs_of_five_minutes_are_one_and_the_worst_counts() {
    let mut board = Board::new(0);
    for (minute, verdict) in [(0.0, Ready), (1.0, Blocked), (2.0, Ready), (5.0, Ready)] {
        board.ended(verdict, after(minute), Millis::seconds(30.0));
    }
    let verdicts: Vec<_> = board.runs.iter().map(|ran| ran.verdict).collect();
    assert_eq!(verdicts, [Blocked, Ready]);
    for run in 0..2 * 2_880 {
        board.ended(Ready, after(6.0 + f64::from(run) / 2.0), Millis::seconds(30.0));
    }
    assert!(board.runs.len() <= LONGEST);
    let span = board.last().unwrap() - millis(board.runs[0].at);
    assert!(span.0 > 0.98 * DAY.0, "{span} of a day");
}

#[test]
fn a_clock_that_was_set_breaks_nothing() {
    for jump in [-1.0, -90.0, -1_500.0, 90.0, 1_500.0, 1e7, -2.9e7] {
        let mut board = board(&[Ready, Ready, Ready]);
        let now = after(15.0 + jump);
        board.ended(Ready, now, EVERY);
        assert!(
            board.runs.windows(2).all(|two| two[0].at <= two[1].at),
            "{jump}: {board:?}"
        );
        assert!(board.since().unwrap().0 <= now.0, "{jump}");
        assert_eq!(board.last().unwrap(), millis(seconds(now)), "{jump}");
        let strip = board.strip(EVERY, Millis::ZERO);
        assert!(
            strip
                .stretches
                .iter()
                .all(|it| 0.0 <= it.from && it.from < it.to && it.to <= 1.0)
        );
        assert_eq!(Board::read(&board.written()), Some(board), "{jump}");
    }
}

#[test]
fn doubts_are_settled_sooner() {
    let doubting = board(&[Ready, Blocked]);
    assert_eq!(
        doubting.wait(after(4.8), after(5.0), EVERY),
        Millis::seconds(60.0)
    );
    assert_eq!(
        doubting.wait(after(4.8), after(5.0), Millis::seconds(40.0)),
        Millis::seconds(40.0)
    );
}

#[test]
fn a_timer_that_is_late_skips_no_run_of_the_shortest_interval() {
    let board = Board::new(0);
    for late in [0.0, 0.005, 1.9] {
        // Its own moment is the full half minute.
        let started = Millis::seconds(1_800_000_000.0 + late);
        let ended = started + Millis::seconds(2.6);
        let wait = board.wait(started, ended, NEAREST);
        assert!(
            (wait.0 - (30_000.0 - 2_600.0 - late * 1000.0)).abs() < 1.0,
            "{wait} after {late} s"
        );
    }
}

#[test]
fn a_thousand_boards_are_spread() {
    let mut starts: Vec<u64> = (0..1_000)
        .map(|number| Board::new(number * 65).wait(after(-0.2), after(0.0), EVERY))
        .map(seconds)
        .collect();
    starts.sort_unstable();
    let most = starts.chunk_by(|a, b| a == b).map(<[u64]>::len).max();
    assert!(most.unwrap() <= 8, "{most:?} in one second");
}

#[test]
fn the_strip_has_gaps_where_nothing_ran() {
    let mut board = Board::new(0);
    for (minute, verdict) in [
        (0.0, Ready),
        (5.0, Ready),
        (10.0, Blocked),
        (190.0, Ready),
        (195.0, Ready),
    ] {
        board.ended(verdict, after(minute), EVERY);
    }
    let strip = board.strip(EVERY, Millis::ZERO);
    let drawn: Vec<_> = strip
        .stretches
        .iter()
        .map(|it| ((it.from * 1440.0).round(), (it.to * 1440.0).round(), it.verdict))
        .collect();
    assert_eq!(
        drawn,
        [
            (1240.0, 1250.0, Ready),
            (1250.0, 1255.0, Blocked),
            (1430.0, 1440.0, Ready)
        ]
    );
    assert_eq!(Board::new(0).strip(EVERY, Millis::ZERO), Strip::default());
}

#[test]
fn hours_are_those_of_the_local_clock() {
    // The newest run's interval ends at 10:05 UTC, 11:05 in Berlin, and 15:35 in Delhi.
    let hours = |offset_minutes: f64| {
        let strip = board(&[Ready]).strip(EVERY, Millis(offset_minutes * 60_000.0));
        let told = strip.hours.iter();
        told.map(|(hour, place)| (*hour, (place * 1440.0).round() as u32))
            .collect::<Vec<_>>()
    };
    assert_eq!(hours(0.0), [(12, 115), (18, 475), (0, 835), (6, 1195)]);
    assert_eq!(hours(60.0), [(12, 55), (18, 415), (0, 775), (6, 1135)]);
    assert_eq!(hours(330.0), [(18, 145), (0, 505), (6, 865), (12, 1225)]);
}

#[test]
fn nonsense_is_no_version() {
    assert_eq!(version(r#"{"version": "0f3a"}"#).as_deref(), Some("0f3a"));
    let long = format!(r#"{{"version": "{}"}}"#, "a".repeat(65));
    for text in [
        "",
        "<html>",
        "{}",
        "[]",
        r#"{"version": 1}"#,
        r#"{"version": ""}"#,
        r#"{"version": "a b"}"#,
        &long,
    ] {
        assert_eq!(version(text), None, "{text}");
    }
}

#[test]
fn the_page_begins_anew_for_a_new_deployment_or_many_connections() {
    assert!(wants_reload(Some("a"), Some("b"), 0));
    assert!(wants_reload(None, None, PEERS_MOST + 1));
    for (first, newest) in [
        (None, None),
        (None, Some("b")),
        (Some("a"), None),
        (Some("a"), Some("a")),
    ] {
        assert!(!wants_reload(first, newest, PEERS_MOST));
    }
    assert!(is_page(include_str!("../../index.html")));
    assert!(is_page("<meta content=0.1.0 name=clearline-version>"));
    assert!(!is_page("<html>Please accept our terms</html>"));
}

fn any_verdict() -> impl Strategy<Value = Verdict> {
    prop::sample::select(vec![Ready, Degraded, Inconclusive, Blocked])
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        phase: u16,
        runs in prop::collection::vec((any_verdict(), -1_000.0..4_000.0_f64), 0..400),
    ) {
        let mut board = Board::new(phase);
        let mut now = 0.0;
        for (verdict, ahead) in runs {
            now += ahead / 60.0;
            board.ended(verdict, after(now), EVERY);
        }
        let text = board.written();
        prop_assert!(text.len() <= TEXT_LONGEST);
        prop_assert_eq!(Board::read(&text), Some(board));
    }

    #[test]
    fn any_text_is_a_board_or_not(text in any::<String>(), random: u16) {
        prop_assert_eq!(Board::recalled(Some(&text), random), Board::new(random));
    }

    /// Close to what is written, but anything.
    #[test]
    fn nearly_right_texts_do_no_harm(
        text in "clearline\\.board/1 [0-9]{1,6} (-|[rdib][0-9]{1,12}) (-|[rdibx][0-9]{0,3})( [rdib-]?[0-9é]{0,11}){0,4}",
        now in 0.0..9e12_f64,
    ) {
        let mut board = Board::recalled(Some(&text), 1);
        board.forget_stale(Millis(now), EVERY);
        board.strip(EVERY, Millis::ZERO);
        board.ended(Ready, Millis(now), EVERY);
        board.strip(EVERY, Millis(-3_600_000.0));
        prop_assert_eq!(board.last(), Some(millis(seconds(Millis(now)))));
        prop_assert!(board.written().len() <= TEXT_LONGEST);
    }

    #[test]
    fn the_next_run_is_neither_too_near_nor_skipped(
        phase: u16, now in 0.0..4e12_f64, took in -1e6..1e6_f64, every in 30.0..100_000.0_f64,
    ) {
        let every = Millis::seconds(every);
        let wait = Board::new(phase).wait(Millis(now - took), Millis(now), every);
        prop_assert!(wait.0 >= REST.0 && wait.0 <= every.0 + NEAREST.0, "{wait}");
        prop_assert!(wait.0 + took.max(0.0) >= NEAREST.0 - LATE.0, "{wait} after {took}");
        // All runs of a board start at its own moment.
        let own = ((now + wait.0) / every.0).rem_euclid(1.0) - f64::from(phase) / 65_536.0;
        prop_assert!((own - own.round()).abs() < 1e-3, "{own}");
    }
}
