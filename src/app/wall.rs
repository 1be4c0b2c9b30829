//! A wallboard runs again and again, for weeks: what it keeps, and the page that begins anew between two runs.

use std::cell::RefCell;
use std::rc::Rc;

use yew::html::Scope;

use super::model::{Message, Model};
use super::{App, Task, changes, stamp};
use crate::board::{self, Board};
use crate::browser::wake::Awake;
use crate::browser::{clock, fetch_now, made_peers, place, storage};
use crate::checkup::Phase;
use crate::link::Link;
use crate::ui::{Action, Wallboard};
use crate::units::Millis;
use crate::words::Sentence;

/// Where a board is remembered; one of another configuration beside it.
const BOARD_KEY: &str = "clearline.board";
/// How long a look at the server may take, between two runs.
const LOOK: Millis = Millis(5_000.0);

/// What a wallboard keeps.
pub(super) struct Wall {
    board: Board,
    key: String,
    /// What to do about what is shown.
    todo: Option<Sentence>,
    /// When the run under way began, on the wall clock.
    started: Millis,
    /// The version that the server named first.
    version: Rc<RefCell<Option<String>>>,
    /// The page came from this browser's memory: whatever the server has is newer, or as new.
    kept: bool,
    _awake: Awake,
    _first_look: Task,
    /// What waits for the next run.
    next: Option<Task>,
}

impl Wall {
    fn new(link: &Link, kept: bool) -> Self {
        let mut key = BOARD_KEY.to_owned();
        if let Some(config) = &link.config {
            key.push('.');
            key.push_str(config);
        }
        let version = Rc::new(RefCell::new(None));
        let first = version.clone();
        Self {
            board: Board::recalled(storage::recall(&key).as_deref(), clock::random()),
            key,
            todo: None,
            started: Millis(clock::epoch()),
            version,
            kept,
            _awake: Awake::keep(),
            _first_look: Task::start(async move {
                let seen = newest_version().await;
                first.replace(seen);
            }),
            next: None,
        }
    }

    /// A run ended: what it said is kept, in this browser too.
    fn ended(&mut self, model: &Model, every: Millis) {
        if let Some(conclusion) = &model.state.conclusion {
            self.board
                .ended(conclusion.verdict, Millis(clock::epoch()), every);
            if self.board.shown() == Some(conclusion.verdict) {
                self.todo = conclusion.fixes.first().map(|fix| fix.title.clone());
            }
        }
        storage::remember(&self.key, &self.board.written());
    }

    fn shown(&self, every: Millis, next: Option<Millis>) -> Wallboard {
        let board = &self.board;
        Wallboard {
            shown: board.shown(),
            doubted: board.doubts(),
            since: board.since().map(clock::time_of_day),
            last: board.last().map(clock::time_of_day),
            next: next.map(clock::time_of_day),
            todo: self.todo.clone(),
            strip: board.strip(every, clock::ahead_of_utc()),
        }
    }
}

impl App {
    /// A wallboard runs again and again.
    pub(super) fn keep_board(&mut self, link: &Scope<Self>) {
        let model = &self.model;
        let (Some(seconds), None) = (model.link.kiosk, &model.desk) else {
            return;
        };
        let over = matches!(model.state.phase, Phase::Done | Phase::Stopped);
        if !changes(&mut self.shown.kiosk, (over, model.state.run)) {
            return;
        }
        let every = Millis::seconds(f64::from(seconds));
        let now = Millis(clock::epoch());
        let wall = self
            .wall
            .get_or_insert_with(|| Wall::new(&model.link, model.start.kept.is_some()));
        wall.next = None;
        // What cannot run at all is tried again: a server that was not there may have been what was wrong.
        let broken = model.config.is_err();
        let mut next = None;
        if over {
            wall.ended(model, every);
        } else {
            wall.started = now;
            wall.board.forget_stale(now, every);
        }
        if over || broken {
            let wait = wall.board.wait(wall.started, now, every);
            next = Some(now + wait);
            let (version, link, kept) = (wall.version.clone(), link.clone(), wall.kept);
            wall.next = Some(Task::start(async move {
                clock::sleep(wait).await;
                if broken {
                    loop {
                        begin_anew().await;
                        clock::sleep(every).await;
                    }
                }
                if kept || is_outdated(&version).await {
                    begin_anew().await;
                }
                link.send_message(Message::Page(Action::Start, stamp()));
            }));
        }
        link.send_message(Message::Wallboard(wall.shown(every, next)));
    }
}

async fn newest_version() -> Option<String> {
    let told = fetch_now("version.json", LOOK).await?;
    board::version(&told)
}

/// Whether the page is to begin anew. The first version that the server tells is the page's own.
async fn is_outdated(first: &RefCell<Option<String>>) -> bool {
    let newest = newest_version().await;
    let mut first = first.borrow_mut();
    let outdated = board::wants_reload(first.as_deref(), newest.as_deref(), made_peers());
    if first.is_none() {
        *first = newest;
    }
    outdated
}

/// Loads the page again if the server has it: a browser's own error page would stay for good.
async fn begin_anew() {
    let page = fetch_now(&place::page_url(), LOOK).await;
    if page.is_some_and(|text| board::is_page(&text)) {
        place::reload();
        // The page ends here; should it not, it goes on.
        clock::sleep(LOOK).await;
    }
}
