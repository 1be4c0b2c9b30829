//! Tests of the history.

use proptest::prelude::*;

use super::Verdict::{Blocked, Degraded, Inconclusive, Ready};
use super::*;
use crate::words::Arg;

/// 2026-11-23T10:00:00Z
const NOON: u64 = 1_795_428_000_000;

fn run(number: u64, verdict: Verdict) -> Run {
    Run {
        began: NOON + number * 3_600_000,
        mark: format!("{number:08x}"),
        verdict,
        depth: Depth::Full,
        config: None,
        cause: (verdict != Ready).then(|| "turn-blocked".to_owned()),
        clean: None,
        round_trip: None,
        jitter: None,
        loss: None,
        mos: None,
        up: None,
        down: None,
    }
}

fn all(verdicts: &[Verdict]) -> Vec<Run> {
    let numbered = verdicts.iter().enumerate();
    numbered
        .map(|(number, verdict)| run(number as u64, *verdict))
        .collect()
}

/// The text after all of these.
fn text(runs: &[Run]) -> String {
    let after = |before: String, run: &Run| kept(&before, &run.line(), false).unwrap_or(before);
    runs.iter().fold(String::new(), after)
}

/// What is said, as keys.
fn keys(runs: &[Run]) -> Vec<String> {
    says(runs, "Monday").into_iter().map(|it| it.key).collect()
}

#[test]
fn a_line_is_as_the_documentation_shows_it() {
    let run = Run {
        config: Some("berlin".to_owned()),
        clean: Some(Rate {
            kbps: 160,
            at_least: true,
        }),
        round_trip: Some(241),
        jitter: Some(30),
        loss: Some(2),
        mos: Some(44),
        up: Some(Rate {
            kbps: 900,
            at_least: true,
        }),
        down: Some(Rate {
            kbps: 4000,
            at_least: false,
        }),
        ..run(0, Degraded)
    };
    assert_eq!(
        text(std::slice::from_ref(&run)),
        "clearline.history/1\n1795428000000 00000000 df berlin turn-blocked 160+ 241 30 2 44 900+ 4000\n"
    );
    assert_eq!(runs(&text(std::slice::from_ref(&run))), [run]);
}

#[test]
fn a_run_that_is_concluded_anew_takes_its_own_place() {
    let two = text(&all(&[Blocked, Ready]));
    let other = run(0, Degraded);
    let changed = kept(&two, &other.line(), true).expect("it is another conclusion");
    assert_eq!(runs(&changed), [other.clone(), run(1, Ready)]);
    // It was cleared meanwhile, by another tab.
    assert_eq!(kept("", &other.line(), true), None);
    assert_eq!(kept(&text(&[run(1, Ready)]), &other.line(), true), None);
}

#[test]
fn the_runs_that_were_kept_first_go_first() {
    let many = all(&[Ready; MOST + 3]);
    let text = text(&many);
    assert!(text.len() <= FORMAT.len() + LONGEST);
    assert_eq!(runs(&text), many[3..]);
}

/// The clock was set back: the order in which they ended stays.
#[test]
fn a_clock_that_was_set_back_loses_nothing_and_is_said() {
    let times = [50, 51, 2, 3, 4].map(|number| run(number, Ready));
    assert_eq!(runs(&text(&times)), times);
    assert_eq!(keys(&times), ["ui.history.trend-clock"]);
    // Another tab's longer run ended after this one's.
    let mut tabs = all(&[Ready; 5]);
    tabs[3].began = tabs[2].began - 9_000;
    assert_eq!(keys(&tabs), ["ui.history.trend"]);
}

#[test]
fn what_is_damaged_is_left_out_and_the_rest_is_kept() {
    let two = text(&all(&[Ready, Blocked]));
    let damaged = two.replace(" rf ", " xf ") + "\n\n\nnonsense";
    assert_eq!(runs(&damaged), [run(1, Blocked)]);
    let next = kept(&damaged, &run(2, Ready).line(), false).expect("a new run");
    assert_eq!(runs(&next), [run(1, Blocked), run(2, Ready)]);
    for other in [
        "",
        "clearline.history/2\n",
        "clearline.history/1x",
        "{}",
        &format!("{FORMAT}{}", "x".repeat(LONGEST + 1)),
    ] {
        assert_eq!(runs(other), [], "{other:.30}");
        let anew = kept(other, &run(0, Ready).line(), false).expect("a new run");
        assert_eq!(anew, text(&[run(0, Ready)]));
    }
    let line = run(0, Ready).line();
    for wrong in [
        line.replace(" rf ", " rq1 "),
        line.replace("00000000", "0000000x"),
        line.replace("00000000", "0000000"),
        format!("{line} -"),
        format!("{line}+"),
        line.replace("rf - -", "rf Berlin -"),
        line.replace("rf - - - - - -", "rf - - - - - 1001"),
        line.replace("rf - - -", "rf - - 007"),
        line.replace("1795428000000", "999999999999999"),
    ] {
        assert_eq!(Run::read(&wrong), None, "{wrong}");
    }
}

#[test]
fn a_trend_says_no_more_than_the_numbers() {
    assert_eq!(keys(&[]), ["ui.history.none"]);
    assert_eq!(keys(&all(&[Ready, Blocked, Ready])), ["ui.history.few"]);
    assert_eq!(keys(&all(&[Ready; 6])), ["ui.history.trend"]);
    assert_eq!(
        keys(&all(&[Blocked, Ready, Ready, Ready])),
        ["ui.history.trend", "ui.history.row-ready"]
    );
    assert_eq!(
        keys(&all(&[Ready, Blocked, Degraded, Inconclusive])),
        ["ui.history.trend", "ui.history.row-other", "ui.history.cause"]
    );
    assert_eq!(
        keys(&all(&[Ready, Blocked, Ready, Ready])),
        ["ui.history.trend"],
        "two are no row, one is no most"
    );
    // Two causes as often as each other: neither is the most frequent.
    let mut even = all(&[Blocked, Blocked, Blocked, Blocked, Ready]);
    even[0].cause = Some("loss-high".to_owned());
    even[3].cause = Some("loss-high".to_owned());
    assert_eq!(keys(&even), ["ui.history.trend"]);
    // One that only a newer page knows is told by its id.
    even[2].cause = Some("loss-high".to_owned());
    let told = says(&even, "Monday").pop().map(|it| it.args);
    let title = Arg::Word("cause.loss-high.title".to_owned());
    assert_eq!(told, Some(vec![("count", Arg::Number(3.0)), ("cause", title)]));
    for run in &mut even {
        run.cause = Some("from-tomorrow".to_owned());
    }
    let told = says(&even, "Monday").pop().map(|it| it.args);
    assert_eq!(
        told.map(|it| it[1].1.clone()),
        Some(Arg::Text("from-tomorrow".to_owned()))
    );
}

fn round_trips(tenths: &[u32]) -> Vec<Run> {
    let numbered = tenths.iter().enumerate();
    let one = |(number, it): (usize, &u32)| Run {
        round_trip: Some(*it),
        ..run(number as u64, Ready)
    };
    numbered.map(one).collect()
}

#[test]
fn a_figure_has_changed_when_all_newest_lie_beyond_all_before() {
    let says = |tenths: &[u32]| shift(&round_trips(tenths), Figure::RoundTrip).map(|it| it.key);
    let low = [200, 220, 210, 230, 240];
    let high = [500, 520, 510, 530, 540];
    assert_eq!(says(&[low, high].concat()).as_deref(), Some("ui.history.higher"));
    assert_eq!(says(&[high, low].concat()).as_deref(), Some("ui.history.lower"));
    assert_eq!(says(&[&low[1..], &high[..]].concat()), None, "too few before");
    assert_eq!(
        says(&[&high[..2], &low[..], &high[..]].concat()),
        None,
        "it was so before"
    );
    assert_eq!(says(&[low, [250; 5]].concat()), None, "that can be chance");
    assert_eq!(says(&[]), None);
}

#[test]
fn what_is_at_least_so_much_is_not_less_than_anything() {
    let rates = |all: [(u32, bool); 10]| {
        let one = |(number, (kbps, at_least)): (usize, (u32, bool))| Run {
            up: Some(Rate { kbps, at_least }),
            ..run(number as u64, Ready)
        };
        let runs: Vec<Run> = all.into_iter().enumerate().map(one).collect();
        (
            shift(&runs, Figure::Up).map(|it| it.key),
            Figure::Up.middle(&runs),
        )
    };
    let of = |old, new| [old, old, old, old, old, new, new, new, new, new];
    let (exact, bound) = ((400, false), (2000, true));
    assert_eq!(
        rates(of(bound, exact)),
        (Some("ui.history.lower".to_owned()), None)
    );
    assert_eq!(
        rates(of(exact, bound)),
        (Some("ui.history.higher".to_owned()), None)
    );
    assert_eq!(rates(of(bound, (5000, true))), (None, None));
    assert_eq!(
        rates(of((5000, true), exact)).0.as_deref(),
        Some("ui.history.lower")
    );
    assert_eq!(rates(of((400, true), (2000, false))), (None, None));
    assert_eq!(rates(of(exact, (100, false))).1, Some((400.0, 10)));
}

fn any_rate() -> impl Strategy<Value = Option<Rate>> {
    prop::option::of((0..100_000_000_u32, any::<bool>()).prop_map(|(kbps, at_least)| Rate { kbps, at_least }))
}

fn any_run() -> impl Strategy<Value = Run> {
    let figure = || prop::option::of(0..100_000_000_u32);
    (
        (
            0..=LAST_MOMENT,
            "[0-9a-f]{8}",
            prop::sample::select(VERDICTS.to_vec()),
            any::<bool>(),
        ),
        (
            prop::option::of("[a-z0-9][a-z0-9-]{0,39}"),
            prop::option::of("[a-z][a-z0-9-]{0,39}"),
        ),
        (any_rate(), any_rate(), any_rate()),
        (
            figure(),
            figure(),
            prop::option::of(0..=1000_u32),
            prop::option::of(0..=50_u32),
        ),
    )
        .prop_map(
            |((began, mark, verdict, quick), (config, cause), rates, figures)| Run {
                began,
                mark,
                verdict,
                depth: if quick { Depth::Quick } else { Depth::Full },
                config,
                cause,
                clean: rates.0,
                round_trip: figures.0,
                jitter: figures.1,
                loss: figures.2,
                mos: figures.3,
                up: rates.1,
                down: rates.2,
            },
        )
}

proptest! {
    #[test]
    fn what_is_written_is_read(all in prop::collection::vec(any_run(), 0..20)) {
        let written = text(&all);
        prop_assert_eq!(runs(&written), all);
        prop_assert!(written.split('\n').all(|line| line.len() <= LINE_LONGEST));
    }

    /// Two tabs that write one after the other keep the runs of both.
    #[test]
    fn no_tab_loses_anothers_runs(mine in any_run(), theirs in any_run(), again in any_run()) {
        prop_assume!(mine.began != theirs.began);
        let both = text(&[mine.clone(), theirs.clone()]);
        let again = Run { began: mine.began, mark: mine.mark.clone(), ..again };
        let after = kept(&both, &again.line(), true).unwrap_or(both);
        prop_assert_eq!(runs(&after), [again, theirs]);
    }

    #[test]
    fn any_text_is_read_and_written_behind(before in any::<String>(), run in any_run()) {
        prop_assert_eq!(runs(&before), []);
        let after = kept(&before, &run.line(), false);
        prop_assert_eq!(after.map(|it| runs(&it)), Some(vec![run]));
    }

    /// Close to what is written, but anything.
    #[test]
    fn nearly_right_texts_do_no_harm(
        lines in prop::collection::vec("[0-9]{1,15} [0-9a-g]{7,9} [rdibx][qf]( (-|[a-z+-]{1,41}|[0-9]{1,9}\\+?|é)){8,10}", 0..30),
        run in any_run(),
    ) {
        let before = format!("{FORMAT}{}", lines.join("\n"));
        let there = runs(&before);
        says(&there, "");
        for figure in Figure::ALL {
            shift(&there, figure);
            figure.middle(&there);
        }
        let after = kept(&before, &run.line(), false).expect("a new run");
        prop_assert!(after.len() <= FORMAT.len() + LONGEST);
        prop_assert!(runs(&after).ends_with(std::slice::from_ref(&run)));
    }
}
