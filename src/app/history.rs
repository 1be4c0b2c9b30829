//! The history of this browser's runs: kept after each, shown when it is asked for, and cleared.

use std::rc::Rc;

use yew::html::Scope;

use super::arrive::{self, Asked};
use super::effects::notify;
use super::model::Message;
use super::offline::LAST_KEY;
use super::{App, changes};
use crate::browser::languages::Dates;
use crate::browser::{automation, storage};
use crate::checkup::Phase;
use crate::diagnosis::Verdict;
use crate::few::Gather as _;
use crate::history::{Earlier, KEY, Run, kept, line, runs};
use crate::words::Words;

/// What is kept.
fn text() -> String {
    storage::recall(KEY).unwrap_or_default()
}

/// Whether anything is.
pub(super) fn there() -> bool {
    !text().is_empty()
}

impl App {
    /// A run that is over is kept: what other tabs kept meanwhile is read anew. One that the agent's answers change is the same
    /// run; one that was stopped counts where it was sure already. A browser that keeps nothing is no fault.
    pub(super) fn keep_history(&mut self) {
        let model = &self.model;
        let state = &model.state;
        if !changes(&mut self.shown.kept, (state.phase, state.run, state.told)) {
            return;
        }
        // A draft is a try, and no run of what is deployed.
        let over = model.report().filter(|_| model.tried.is_none());
        let Some(report) = over else { return };
        let unsure = state.phase == Phase::Stopped && report.verdict == Verdict::Inconclusive;
        let line = line(&report, model.link.config.as_deref(), &state.plan);
        let Some(line) = line.filter(|_| !unsure) else {
            return;
        };
        let again = self.kept == Some(state.run);
        if let Some(text) = kept(&text(), &line, again) {
            storage::remember(KEY, &text);
            self.earlier = there();
        }
        self.kept = Some(state.run);
    }

    /// Reads what is kept, with moments as the language writes them, for the view of it.
    pub(super) fn show_history(&self, link: &Scope<Self>) {
        let asked = self.model.desk.as_ref().is_some_and(|desk| desk.history);
        if asked && self.desk_here {
            arrive::act(link, &self.model, Asked::History(self.model.words.clone()));
        }
    }
}

/// Tells what is kept.
pub(super) fn read(link: &Scope<App>, words: &Words) {
    let text = text();
    let runs = runs(&text);
    let dates = Dates::of(words.language());
    let first = runs.iter().map(Run::moment).next();
    link.send_message(Message::History(Rc::new(Earlier {
        when: runs.iter().map(|run| dates.moment(run.moment())).few(),
        since: first.map(|first| dates.day(first)).unwrap_or_default(),
        text,
    })));
}

/// Forgets all runs and the last report, and says so where the reader is.
pub(super) fn clear(link: &Scope<App>, words: Rc<Words>) {
    storage::forget(KEY);
    storage::forget(LAST_KEY);
    read(link, &words);
    automation::focus("history");
    let link = link.clone();
    wasm_bindgen_futures::spawn_local(async move {
        notify(&link, words.get("ui.history.cleared")).await;
    });
}
