//! What the agent can do: a row per activity, filling while the check runs.

use yew::prelude::*;

use super::mark::{Tone, mark};
use super::progress::Row;
use crate::activity::Status;
use crate::config::ActivityId;
use crate::words::{Arg, Words};

/// All activities; `running` says whether measurements are still coming in.
pub(super) fn activities(words: &Words, rows: &[Row], running: bool) -> Html {
    html! {
        <ul class={if running { "activities filling" } else { "activities" }}>
            for row in rows {
                { show(words, row, running) }
            }
        </ul>
    }
}

fn show(words: &Words, row: &Row, running: bool) -> Html {
    let name = activity_name(words, row.id);
    let tone = row.status.map_or(Tone::Pending, Tone::from);
    let word = match row.status {
        Some(Status::Works) => words.get("ui.status.works").to_owned(),
        Some(Status::Degraded) => words.get("ui.status.degraded").to_owned(),
        Some(Status::Blocked) => words.get("ui.status.blocked").to_owned(),
        Some(Status::Unknown) if row.total == 0 => words.get("ui.status.untested").to_owned(),
        Some(Status::Unknown) => words.get("ui.status.unknown").to_owned(),
        None if row.total == 0 => words.get("ui.status.waiting").to_owned(),
        None => {
            let of = [
                ("done", Arg::Number(row.done as f64)),
                ("total", Arg::Number(row.total as f64)),
            ];
            words.fill("ui.status.running", &of)
        }
    };
    html! {
        <li class={tone.class()} data-activity={id_text(row.id)}>
            { mark(tone) }
            <span class="name">{ name.clone() }</span>
            <span class="word">{ word }</span>
            if running && row.total > 0 {
                <progress max={row.total.max(1).to_string()} value={row.done.to_string()} aria-label={name} />
            }
        </li>
    }
}

/// The activity as people call it.
pub(super) fn activity_name(words: &Words, id: ActivityId) -> String {
    words.get(&format!("activity.{}", id_text(id))).to_owned()
}

fn id_text(id: ActivityId) -> &'static str {
    match id {
        ActivityId::SignIn => "sign-in",
        ActivityId::AgentDesktop => "agent-desktop",
        ActivityId::Voice => "voice",
        ActivityId::ScreenRecording => "screen-recording",
        ActivityId::Administration => "administration",
    }
}
