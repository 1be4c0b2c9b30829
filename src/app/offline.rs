//! What is kept for when the page's server cannot be reached: the page, and the last result.

use std::cell::RefCell;
use std::rc::Rc;

use super::load::{complete, config_path};
use super::model::Model;
use super::{App, Task, changes};
use crate::browser::languages::Dates;
use crate::browser::{clock, offline, storage};
use crate::checkup::Phase;
use crate::diagnosis::Verdict;
use crate::kept::{self, Last};
use crate::link::Link;
use crate::units::Millis;

/// Where the last result is kept.
pub(super) const LAST_KEY: &str = "clearline.last";

/// Nobody has started a run for so long: the page is at rest, and what is kept may be fetched.
const AT_REST: Millis = Millis(2_000.0);

/// What is kept.
#[derive(Default)]
pub(super) struct Offline {
    shown: Option<(Phase, u32, bool, u32, String)>,
    /// When the newest run ended.
    ended: Option<(u32, Millis)>,
    /// The page was given to be kept in this language. Once is enough.
    asked: Rc<RefCell<String>>,
    task: Option<Task>,
}

/// When the last check with the link's configuration was, and what it said.
pub(super) fn last(link: &Link, language: &str) -> Option<(String, Verdict)> {
    let text = storage::recall(LAST_KEY)?;
    let last = kept::read(&text)?;
    let same = last.config == named(link);
    same.then(|| (Dates::of(language).moment(last.when), last.verdict))
}

fn named(link: &Link) -> &str {
    link.config.as_deref().unwrap_or_default()
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
    let language = model.words.language().to_owned();
    // What the agent tells after a run may change what it says.
    let now = (phase, run, busy, model.state.told, language.clone());
    if !changes(&mut offline.shown, now) {
        return;
    }
    offline.task = None;
    if busy {
        return;
    }
    match config.offline {
        true => keep_last(model, &mut offline.ended),
        false => storage::forget(LAST_KEY),
    }
    if *offline.asked.borrow() != language {
        let (asked, keep) = (offline.asked.clone(), config.offline);
        let config = config_path(&model.link);
        offline.task = Some(Task::start(async move {
            clock::sleep(AT_REST).await;
            offline::keep(keep, &language, &config);
            asked.replace(language);
        }));
    }
}

/// The result of the run that is over, with addresses shortened: nobody is asked how long it stays. Nobody reads it from a
/// wallboard.
fn keep_last(model: &Model, ended: &mut Option<(u32, Millis)>) {
    if model.link.kiosk.is_some() {
        return;
    }
    let Some(report) = model.report_with(false) else {
        return;
    };
    let run = model.state.run;
    let (_, when) = ended
        .filter(|(of, _)| *of == run)
        .unwrap_or((run, Millis(clock::epoch())));
    *ended = Some((run, when));
    let last = Last {
        verdict: report.verdict,
        when,
        config: named(&model.link),
        report: &report.to_json(),
    };
    match kept::written(last) {
        Some(text) if storage::remember(LAST_KEY, &text) => {}
        // An older one is not the last.
        _ => storage::forget(LAST_KEY),
    }
}
