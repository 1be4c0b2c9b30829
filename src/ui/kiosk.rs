//! The wallboard: one word and one shape, readable across a room. Nothing to click.

use super::element::{El, el, group};
use super::mark::{Tone, mark};
use super::now::now;
use super::{PageProps, said, verdict};
use crate::checkup::{Phase, State};
use crate::config::Config;
use crate::diagnosis::Verdict;
use crate::words::{Arg, Words};

/// What a wallboard knows beyond the newest run. Times are texts as this place writes them, such as `09:12`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wallboard {
    /// Since when the verdict is what it is.
    pub since: Option<String>,
    /// When the last run ended.
    pub last: Option<String>,
    /// When the next one starts.
    pub next: Option<String>,
    /// The verdicts of the last 24 hours, oldest first; `None` where there was no run.
    pub history: Vec<Option<Verdict>>,
}

/// The wallboard.
pub(super) fn kiosk(props: &PageProps, config: &Config) -> El {
    let PageProps {
        words,
        state,
        wallboard,
        ..
    } = props;
    let verdict = state.conclusion.as_ref().map(|conclusion| conclusion.verdict);
    let tone = verdict.map_or(Tone::Pending, Tone::from);
    let word = verdict.map_or("ui.kiosk.checking", word);
    let at = |opening, key: &str, time: &Option<String>| {
        time.as_ref()
            .map(|time| el(opening).fill(words, key, &[("time", Arg::Text(time.clone()))]))
    };
    let next = if state.phase == Phase::Running {
        Some(el("span").word(words, "ui.kiosk.running"))
    } else {
        at("span", "ui.kiosk.next", &wallboard.next)
    };
    el("main data-screen='kiosk'")
        .set_some("data-verdict", verdict.map(verdict::id))
        .class("kiosk")
        .class(tone.class())
        .with(el("p class='place'").with(&config.name))
        .with(el("div role='status'").with(el("h1").with(mark(tone)).with(el("span").word(words, word))))
        .with(at("p class='since'", "ui.kiosk.since", &wallboard.since))
        .with(el("p class='todo'").with(todo(words, state)))
        .with(strip(words, &wallboard.history))
        .with(
            el("p class='runs'")
                .with(at("span", "ui.kiosk.last", &wallboard.last))
                .with(next),
        )
}

/// One line of what to do.
fn todo(words: &Words, state: &State) -> String {
    match &state.conclusion {
        None => words.say(&now(state)),
        Some(conclusion) => match conclusion.fixes.first() {
            Some(fix) if conclusion.verdict != Verdict::Ready => said(words, &fix.title, false),
            _ => words.get("ui.kiosk.nothing").to_owned(),
        },
    }
}

/// The last 24 hours, a stripe for each run.
fn strip(words: &Words, history: &[Option<Verdict>]) -> El {
    if history.is_empty() {
        return group();
    }
    let width = 100.0 / history.len() as f64;
    let mut strip = el("svg role='img' width='100%' height='40' class='strip'")
        .with(el("title").word(words, "ui.kiosk.history"));
    for (index, verdict) in history.iter().enumerate() {
        if let Some(tone) = verdict.map(Tone::from) {
            // Height tells the verdicts apart where colour cannot.
            strip = strip.with(
                el("rect")
                    .percent("x", index as f64 * width)
                    .percent("width", width * 0.8)
                    .whole("y", 40.0 - tall(tone))
                    .whole("height", tall(tone))
                    .class(tone.class()),
            );
        }
    }
    strip
}

fn tall(tone: Tone) -> f64 {
    match tone {
        Tone::Good => 12.0,
        Tone::Unknown | Tone::Pending => 20.0,
        Tone::Warn => 28.0,
        Tone::Bad => 40.0,
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ready => "ui.kiosk.ready",
        Verdict::Degraded => "ui.kiosk.degraded",
        Verdict::Blocked => "ui.kiosk.blocked",
        Verdict::Inconclusive => "ui.kiosk.inconclusive",
    }
}
