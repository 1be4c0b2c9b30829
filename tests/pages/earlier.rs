//! The history of this browser's runs.

use std::rc::Rc;

use clearline::desk::Desk;
use clearline::diagnosis::Verdict::{self, Blocked, Degraded, Inconclusive, Ready};
use clearline::history::{Earlier, Rate, Run, kept, line, runs};
use clearline::link::Depth;
use clearline::plan::Plan;
use clearline::report::{Report, RunStamp};
use clearline::ui::{Page, PageProps};
use yew::LocalServerRenderer;

use crate::fixtures;

/// One run each hour since 2026-11-23T08:00:00Z.
fn run(number: u64, verdict: Verdict, cause: Option<&str>) -> Run {
    let measured = !matches!(verdict, Blocked | Inconclusive);
    let some = |figure: u64| measured.then_some(u32::try_from(figure).unwrap_or_default());
    let rate = |figure: u64, at_least| some(figure).map(|kbps| Rate { kbps, at_least });
    let full = verdict == Degraded;
    Run {
        began: 1_795_420_800_000 + number * 3_600_000,
        mark: format!("{number:08x}"),
        verdict,
        depth: if number.is_multiple_of(5) {
            Depth::Quick
        } else {
            Depth::Full
        },
        config: None,
        cause: cause.map(str::to_owned),
        clean: rate(if full { 24 } else { 160 }, !full),
        round_trip: some(240 + number * 7 % 90),
        jitter: some(30 + number * 3 % 20),
        loss: some(if full { 31 } else { number % 3 }),
        mos: some(if full { 31 } else { 44 }),
        up: rate(if full { 410 } else { 900 }, !full),
        down: rate(4_000, true),
    }
}

fn at(runs: Vec<Run>) -> PageProps {
    let clock = |run: &Run| {
        let hours = (run.began - 1_795_392_000_000) / 3_600_000;
        format!("Nov {}, 2026, {:02}:00", 23 + hours / 24, hours % 24)
    };
    let earlier = Earlier {
        text: runs.iter().fold(String::new(), |text, run| {
            kept(&text, &run.line(), false).expect("it is another run")
        }),
        when: runs.iter().map(clock).collect(),
        since: "Nov 23, 2026".to_owned(),
    };
    PageProps {
        desk: Some(Rc::new(Desk {
            history: true,
            earlier: Some(Rc::new(earlier)),
            ..Desk::default()
        })),
        ..fixtures::before()
    }
}

pub fn history_empty() -> PageProps {
    at(Vec::new())
}

pub fn history_few() -> PageProps {
    at(vec![run(0, Blocked, Some("turn-blocked")), run(1, Ready, None)])
}

fn many() -> Vec<Run> {
    let one = |number: u64| match number {
        3 | 4 | 11 => run(number, Degraded, Some("loss-high")),
        7 => run(number, Blocked, Some("turn-blocked")),
        8 => run(number, Inconclusive, Some("test-service-down")),
        _ => run(number, Ready, None),
    };
    (0..14).map(one).collect()
}

pub fn history_many() -> PageProps {
    at(many())
}

/// More than are drawn, of several configurations; the round trip is longer than before in all of the newest.
pub fn history_full() -> PageProps {
    let mut all = many();
    all.extend((14..70).map(|number| run(number, Ready, None)));
    for (number, run) in all.iter_mut().enumerate() {
        run.config = (number % 9 == 2).then(|| "berlin".to_owned());
        if number >= 65 {
            run.round_trip = Some(1_200);
        }
    }
    at(all)
}

pub fn history_arabic() -> PageProps {
    PageProps {
        words: Rc::new(fixtures::words("ar")),
        ..history_many()
    }
}

/// The way in is there when there is something to see.
#[tokio::test(flavor = "current_thread")]
async fn earlier_checks_are_offered_where_there_are_some() {
    for (page, opens) in [
        (fixtures::before as fn() -> PageProps, "<a href=\"#history\">"),
        (
            fixtures::ready,
            "<a href=\"#history\" target=\"_blank\" rel=\"noopener\">",
        ),
    ] {
        for earlier in [false, true] {
            let props = PageProps { earlier, ..page() };
            let html = LocalServerRenderer::<Page>::with_props(props)
                .hydratable(false)
                .render()
                .await;
            assert_eq!(html.contains(opens), earlier, "{html}");
        }
    }
}

fn reported(page: &PageProps) -> Report {
    let config = page.config.as_ref().expect("a good configuration");
    let stamp = RunStamp {
        id: "0f3a2b1c0f3a2b1c0f3a2b1c0f3a2b1c".to_owned(),
        started: "2026-11-23T10:00:00.250Z".to_owned(),
    };
    Report::new(config, &page.link, &page.state, &stamp, &page.words, false)
}

/// As it is kept, and as it is read again.
fn remembered(page: &PageProps, config: Option<&str>, plan: &Plan) -> (String, Run) {
    let line = line(&reported(page), config, plan).expect("it began at some time");
    let text = kept("", &line, false).expect("it is the first");
    let [run] = &runs(&text)[..] else {
        panic!("{text} is read as something else")
    };
    (line, run.clone())
}

/// No address, host or ticket is kept.
#[test]
fn a_run_is_kept_as_its_figures_and_nothing_else() {
    let page = fixtures::degraded();
    let (_, run) = remembered(&page, Some("berlin"), &page.state.plan);
    assert_eq!((run.began, &*run.mark), (1_795_428_000_250, "0f3a2b1c"));
    assert_eq!((run.verdict, run.clean.map(|it| it.kbps)), (Degraded, Some(24)));
    assert_eq!(run.config.as_deref(), Some("berlin"));
    let blocked = fixtures::blocked();
    let (line, _) = remembered(&blocked, None, &blocked.state.plan);
    assert_eq!(line, "1795428000250 0f3a2b1c bf - turn-inspected - - - - - - -");
}

/// The highest step is not the most that a line carries, and a quick run leaves steps out.
#[test]
fn what_nobody_looked_beyond_is_at_least_so_much() {
    let at_least = |page: &PageProps, depth| {
        let plan = Plan {
            depth,
            ..(*page.state.plan).clone()
        };
        remembered(page, None, &plan).1.clean.map(|it| it.at_least)
    };
    assert_eq!(at_least(&fixtures::ready(), Depth::Full), Some(true));
    assert_eq!(at_least(&fixtures::degraded(), Depth::Full), Some(false));
    assert_eq!(at_least(&fixtures::degraded(), Depth::Quick), Some(true));
}

/// What a run did not measure itself is no figure of it, though its report still has it from the run before.
#[test]
fn a_part_that_is_tested_again_brings_no_figures_of_before() {
    let page = fixtures::degraded();
    let (_, measured) = remembered(&page, None, &page.state.plan);
    assert!(measured.clean.is_some());
    let part = Plan {
        call: Vec::new(),
        bandwidth: None,
        ..(*page.state.plan).clone()
    };
    let (line, run) = remembered(&page, None, &part);
    assert_eq!(run.verdict, measured.verdict);
    assert!(line.ends_with(" - - - - - - -"), "{line}");
}
