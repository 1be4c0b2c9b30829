//! The wallboard: one word and one shape, readable across a room. Nothing to click.

use yew::prelude::*;

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
pub(super) fn kiosk(props: &PageProps, config: &Config) -> Html {
    let PageProps {
        words,
        state,
        wallboard,
        ..
    } = props;
    let verdict = state.conclusion.as_ref().map(|conclusion| conclusion.verdict);
    let tone = verdict.map_or(Tone::Pending, Tone::from);
    let word = verdict.map_or("ui.kiosk.checking", word);
    html! {
        <main class={format!("kiosk {}", tone.class())} data-screen="kiosk" data-verdict={verdict.map(verdict::id)}>
            <p class="place">{ &config.name }</p>
            <div role="status"><h1>{ mark(tone) }<span>{ words.get(word) }</span></h1></div>
            if let Some(since) = &wallboard.since {
                <p class="since">{ words.fill("ui.kiosk.since", &[("time", Arg::Text(since.clone()))]) }</p>
            }
            <p class="todo">{ todo(words, state) }</p>
            { strip(words, &wallboard.history) }
            <p class="runs">
                if let Some(last) = &wallboard.last {
                    <span>{ words.fill("ui.kiosk.last", &[("time", Arg::Text(last.clone()))]) }</span>
                }
                if state.phase == Phase::Running {
                    <span>{ words.get("ui.kiosk.running") }</span>
                } else if let Some(next) = &wallboard.next {
                    <span>{ words.fill("ui.kiosk.next", &[("time", Arg::Text(next.clone()))]) }</span>
                }
            </p>
        </main>
    }
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
fn strip(words: &Words, history: &[Option<Verdict>]) -> Html {
    if history.is_empty() {
        return html! {};
    }
    let width = 100.0 / history.len() as f64;
    html! {
        <svg class="strip" role="img" width="100%" height="40">
            <title>{ words.get("ui.kiosk.history") }</title>
            for (index, verdict) in history.iter().enumerate() {
                if let Some(tone) = verdict.map(Tone::from) {
                    // Height tells the verdicts apart where colour cannot.
                    <rect class={tone.class()} x={format!("{:.2}%", index as f64 * width)}
                        width={format!("{:.2}%", width * 0.8)} y={(40 - tall(tone)).to_string()}
                        height={tall(tone).to_string()} />
                }
            }
        </svg>
    }
}

fn tall(tone: Tone) -> u32 {
    match tone {
        Tone::Good => 12,
        Tone::Unknown | Tone::Pending => 20,
        Tone::Warn => 28,
        Tone::Bad => 40,
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
