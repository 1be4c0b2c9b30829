//! The history of this browser's runs: what they say together, how it went on, every figure, and how to clear it.

use yew::Callback;

use super::Action;
use super::element::{El, card, el, fold, group, table};
use super::history_charts::{DRAWN, Drawn, figures, verdicts};
use super::mark::{Tone, mark};
use crate::diagnosis::Verdict;
use crate::few::Gather as _;
use crate::history::{Earlier, Figure, MOST, Run, Value, runs, says};
use crate::link::Depth;
use crate::words::{Arg, Words};

/// All of it.
pub(super) fn history(words: &Words, actions: &Callback<Action>, it: &Earlier) -> El {
    let runs = runs(&it.text);
    let said: Vec<String> = says(&runs, &it.since).iter().map(|one| words.say(one)).few();
    let most = [("count", Arg::Number(MOST as f64))];
    group()
        .with(
            el("section class='hero'")
                .with(el("h1 id='history' tabindex='-1'").word(words, "ui.earlier"))
                .with(el("p class='lead'").with(said.join(" ")))
                .with(el("p class='quietly'").fill(words, "ui.history.here", &most))
                .with(el("p").with(el("a href='#'").word(words, "ui.received.shown"))),
        )
        .with((!runs.is_empty()).then(|| shown(words, actions, &runs, &it.when)))
}

fn shown(words: &Words, actions: &Callback<Action>, runs: &[Run], when: &[String]) -> El {
    let drawn = Drawn::of(runs, when);
    let cut = (runs.len() > DRAWN).then(|| {
        let count = [("count", Arg::Number(DRAWN as f64))];
        el("p class='quietly'").fill(words, "ui.history.newest", &count)
    });
    group()
        .with(
            card("history-verdicts", words.get("ui.history.verdicts"))
                .with(tally(words, runs))
                .with(verdicts(words, &drawn))
                .with(cut),
        )
        .with(card("history-figures", words.get("ui.history.figures")).with(figures(words, &drawn)))
        .with(
            el("section class='card'")
                .with(fold(words.get("ui.history.table")).with(rows(words, runs, when))),
        )
        .with(el("section class='card'").with(clear(words, actions, runs.len())))
}

/// How often each verdict came.
fn tally(words: &Words, runs: &[Run]) -> El {
    let all = [
        Verdict::Ready,
        Verdict::Degraded,
        Verdict::Blocked,
        Verdict::Inconclusive,
    ];
    let rows = all.into_iter().filter_map(|verdict| {
        let count = runs.iter().filter(|run| run.verdict == verdict).count();
        let tone = Tone::from(verdict);
        let number = words.figure(count);
        (count > 0).then(|| {
            el("li")
                .class(tone.class())
                .with(mark(tone))
                .with(el("span class='name'").word(words, word(verdict)))
                .with(el("span class='word'").with(number))
        })
    });
    el("ul class='activities'").with_all(rows)
}

/// A verdict in one word.
pub(super) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ready => "ui.kiosk.ready",
        Verdict::Degraded => "ui.kiosk.degraded",
        Verdict::Blocked => "ui.kiosk.blocked",
        Verdict::Inconclusive => "ui.kiosk.inconclusive",
    }
}

/// A figure as it is shown; a dash where it was not measured.
pub(super) fn figure(words: &Words, figure: Figure, value: Option<Value>) -> String {
    let Some(value) = value else {
        return "–".to_owned();
    };
    let shown = figure.shown(value.number);
    match value.at_least {
        true => words.fill("ui.history.at-least", &[("value", shown)]),
        false => words.shown(&shown),
    }
}

/// Every run, the newest first.
fn rows(words: &Words, runs: &[Run], when: &[String]) -> El {
    let mut columns = vec!["ui.desk.started", "ui.desk.verdict", "ui.desk.primary"];
    columns.extend(Figure::ALL.map(Figure::label));
    let numbers = 3..columns.len();
    columns.push("ui.desk.depth");
    let named = runs.iter().any(|run| run.config.is_some());
    if named {
        columns.push("ui.history.config");
    }
    let mut rows = group();
    for (run, when) in runs.iter().zip(when).rev() {
        let tone = Tone::from(run.verdict);
        let cause = run.cause.as_ref().map(|cause| {
            let title = format!("cause.{cause}.title");
            if words.has(&title) {
                words.get(&title).to_owned()
            } else {
                cause.clone()
            }
        });
        let depth = match run.depth {
            Depth::Quick => "ui.history.quick",
            Depth::Full => "ui.history.full",
        };
        let mut row =
            el("tr")
                .with(el("th scope='row'").with(when))
                .with(el("td").class(tone.class()).with(format!(
                    "{} {}",
                    tone.sign(),
                    words.get(word(run.verdict))
                )));
        row = row.with(el("td").with(cause.as_deref().unwrap_or("–")));
        for one in Figure::ALL {
            row = row.with(el("td class='number'").with(figure(words, one, one.of(run))));
        }
        row = row.with(el("td").word(words, depth));
        if named {
            row = row.with(el("td").with(run.config.as_deref().unwrap_or("–")));
        }
        rows = rows.with(row);
    }
    table(words, "ui.history.caption", &columns, numbers, rows).class("trend")
}

/// The button is behind a fold that says what it does: nobody clears the history by one press.
fn clear(words: &Words, actions: &Callback<Action>, count: usize) -> El {
    let button =
        el("button type='button' data-action='clear-history'").on_click(actions, Action::ClearHistory);
    let count = [("count", Arg::Number(count as f64))];
    fold(words.get("ui.history.clear"))
        .set("id", "history-clear")
        .with(el("p").fill(words, "ui.history.clear.sure", &count))
        .with(el("p class='row'").with(button.word(words, "ui.history.clear.now")))
}
