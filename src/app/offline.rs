//! What is kept for when the page's server cannot be reached: the page, and the last result.

use std::cell::Cell;
use std::rc::Rc;

use super::load::{complete, config_path};
use super::model::Model;
use super::{App, Task, changes};
use crate::browser::{clock, offline, storage};
use crate::checkup::Phase;
use crate::diagnosis::Verdict;
use crate::kept;
use crate::units::Millis;

/// Where the last result is kept.
pub(super) const LAST_KEY: &str = "clearline.last";

/// Nobody has started a run for so long: the page is at rest, and what is kept may be fetched.
const AT_REST: Millis = Millis(2_000.0);

/// What is kept.
#[derive(Default)]
pub(super) struct Offline {
    shown: Option<(Phase, u32, bool)>,
    /// The page was given to be kept. Once is enough.
    asked: Rc<Cell<bool>>,
    task: Option<Task>,
}

/// When the last check was, and what it said.
pub(super) fn last() -> Option<(String, Verdict)> {
    let text = storage::recall(LAST_KEY)?;
    let (verdict, when, _) = kept::read(&text)?;
    Some((clock::time_of_day(when), verdict))
}

/// The effect: waits for rest, and lets go when a run is wanted, which has the line to itself.
pub(super) fn keep_offline(app: &mut App) {
    let (model, offline) = (&app.model, &mut app.offline);
    // A draft is a try: nothing of it is kept.
    let (Ok(config), None) = (&model.config, &model.tried) else {
        return;
    };
    let (phase, run) = (model.state.phase, model.state.run);
    let wanted = model.wanted.as_ref().map_or(0, |wanted| wanted.run);
    let busy = phase == Phase::Running || wanted > run || !complete(&model.words, model.desk.is_some());
    if !changes(&mut offline.shown, (phase, run, busy)) {
        return;
    }
    offline.task = None;
    if busy {
        return;
    }
    keep_last(model);
    if !offline.asked.get() {
        let (asked, keep) = (offline.asked.clone(), config.offline);
        let (language, config) = (model.words.language().to_owned(), config_path(&model.link));
        offline.task = Some(Task::start(async move {
            clock::sleep(AT_REST).await;
            asked.set(true);
            offline::keep(keep, &language, &config);
        }));
    }
}

/// The result of the run that is over, with addresses shortened as the agent wants it. Nobody reads it from a wallboard.
fn keep_last(model: &Model) {
    if model.link.kiosk.is_some() {
        return;
    }
    let Some(report) = model.report() else { return };
    let last = (report.verdict, Millis(clock::epoch()), &*report.to_json());
    match kept::written(last) {
        Some(text) if storage::remember(LAST_KEY, &text) => {}
        // An older one is not the last.
        _ => storage::forget(LAST_KEY),
    }
}
