//! What the agent can do: a row per activity, filling while the check runs.

use super::element::{El, el};
use super::mark::{Tone, mark};
use super::progress::Row;
use crate::activity::Status;
use crate::config::ActivityId;
use crate::words::{Arg, Words};

/// All activities; `running` says whether measurements are still coming in.
pub(super) fn activities(words: &Words, rows: &[Row], running: bool) -> El {
    el("ul class='activities'")
        .class_if(running, "filling")
        .with_all(rows.iter().map(|row| show(words, row, running)))
}

fn show(words: &Words, row: &Row, running: bool) -> El {
    let name = activity_name(words, row.id);
    let tone = row.status.map_or(Tone::Pending, Tone::from);
    let key = match row.status {
        Some(Status::Works) => "ui.status.works",
        Some(Status::Degraded) => "ui.status.degraded",
        Some(Status::Blocked) => "ui.status.blocked",
        Some(Status::Unknown) if row.total == 0 => "ui.status.untested",
        Some(Status::Unknown) => "ui.status.unknown",
        None if row.total == 0 => "ui.status.waiting",
        None => "ui.status.running",
    };
    let of = [
        ("done", Arg::Number(row.done as f64)),
        ("total", Arg::Number(row.total as f64)),
    ];
    let progress = (running && row.total > 0).then(|| {
        el("progress")
            .whole("max", row.total as f64)
            .set("aria-label", &name)
            .whole("value", row.done as f64)
    });
    el("li")
        .set("data-activity", id_text(row.id))
        .class(tone.class())
        .with(mark(tone))
        .with(el("span class='name'").with(&name))
        .with(el("span class='word'").fill(words, key, &of))
        .with(progress)
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
