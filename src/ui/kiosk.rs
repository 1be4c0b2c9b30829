//! The wallboard: one word and one shape, readable across a room. Nothing to click.

use super::PageProps;
use super::element::{El, el, group};
use super::mark::{Tone, mark};
use super::now::now;
use crate::board::Strip;
use crate::checkup::{Phase, State};
use crate::config::Config;
use crate::diagnosis::Verdict;
use crate::words::{Arg, Sentence, Words};

/// What a wallboard shows. Times are texts as this place writes them, such as `09:12`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wallboard {
    /// The verdict that is shown; `None` before the first run has ended.
    pub shown: Option<Verdict>,
    /// The last run was worse, and is looked at again.
    pub doubted: bool,
    /// Since when the verdict is what it is.
    pub since: Option<String>,
    /// When the last run ended.
    pub last: Option<String>,
    /// When the next one starts.
    pub next: Option<String>,
    /// What to do about what is shown.
    pub todo: Option<Sentence>,
    /// The last 24 hours.
    pub strip: Strip,
}

/// The wallboard.
pub(super) fn kiosk(props: &PageProps, config: &Config) -> El {
    let PageProps {
        words,
        state,
        wallboard,
        ..
    } = props;
    let verdict = wallboard.shown;
    let tone = verdict.map_or(Tone::Pending, Tone::from);
    let word = verdict.map_or("ui.kiosk.checking", word);
    let at = |opening, key: &str, time: &Option<String>| {
        time.as_ref()
            .map(|time| el(opening).fill(words, key, &[("time", Arg::Text(time.clone()))]))
    };
    let next = match (state.phase, wallboard.doubted) {
        (Phase::Running, _) => Some(el("span").word(words, "ui.kiosk.running")),
        (_, false) => at("span", "ui.kiosk.next", &wallboard.next),
        (_, true) => at("span", "ui.kiosk.again", &wallboard.next),
    };
    el("main data-screen='kiosk'")
        .set_some("data-verdict", verdict.map(Verdict::id))
        .class("kiosk")
        .class(tone.class())
        .with(el("p class='place'").with(&config.name))
        .with(el("div role='status'").with(el("h1").with(mark(tone)).with(el("span").word(words, word))))
        .with(at("p class='since'", "ui.kiosk.since", &wallboard.since))
        .with(el("p class='todo'").with(todo(words, state, wallboard)))
        .with(strip(words, &wallboard.strip))
        .with(
            el("p class='runs'")
                .with(at("span", "ui.kiosk.last", &wallboard.last))
                .with(next),
        )
}

/// One line of what to do.
fn todo(words: &Words, state: &State, wallboard: &Wallboard) -> String {
    match (wallboard.shown, &wallboard.todo) {
        (Some(Verdict::Ready), _) => words.get("ui.kiosk.nothing").to_owned(),
        (Some(_), Some(todo)) => words.say(todo),
        // A page that has begun anew knows what was shown; what to do about it comes with the next run.
        _ if state.phase == Phase::Running => words.say(&now(state)),
        _ => words.get("ui.kiosk.checking").to_owned(),
    }
}

/// The last 24 hours, placed by their time of day.
fn strip(words: &Words, strip: &Strip) -> El {
    if strip.stretches.is_empty() {
        return group();
    }
    let mut drawn = el("svg role='img' width='100%' height='64' class='strip'")
        .with(el("title").word(words, "ui.kiosk.history"))
        .with(el("rect y='39' width='100%' height='1' class='ground'"));
    for stretch in &strip.stretches {
        let tone = Tone::from(stretch.verdict);
        // Height tells the verdicts apart where colour cannot. A single run of 30 s is still seen.
        drawn = drawn.with(
            el("rect")
                .percent("x", stretch.from * 100.0)
                .percent("width", ((stretch.to - stretch.from) * 100.0).max(0.3))
                .whole("y", 40.0 - tall(tone))
                .whole("height", tall(tone))
                .class(tone.class()),
        );
    }
    for (hour, place) in &strip.hours {
        // Those at the very edges would be cut off.
        if (0.03..0.97).contains(place) {
            let time = if *hour < 10 { "0" } else { "" }.to_owned() + &hour.to_string() + ":00";
            drawn = drawn.with(el("text y='60'").percent("x", place * 100.0).with(time));
        }
    }
    drawn
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
