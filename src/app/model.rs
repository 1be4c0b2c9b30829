//! All state of the page, and the one reducer that changes it. No effects here.

use std::rc::Rc;

use yew::Reducible;

use super::load::Started;
use crate::checkup::{Event, Phase, State};
use crate::config::{Config, Problem};
use crate::link::Link;
use crate::observation::{ANSWERS, Seen};
use crate::plan::plan;
use crate::report::{Report, RunStamp};
use crate::ui::{Action, Theme, Wallboard};

/// All state of the page.
#[derive(Clone)]
pub(super) struct Model {
    pub(super) start: Rc<Started>,
    /// The configuration with the link's and the agent's choices applied.
    pub(super) config: Result<Rc<Config>, Rc<Vec<Problem>>>,
    pub(super) link: Rc<Link>,
    pub(super) state: Rc<State>,
    /// The run that is wanted: its number, its stamp, and which probes (all when empty).
    pub(super) wanted: Option<Rc<Wanted>>,
    pub(super) notice: Option<String>,
    pub(super) revealed: bool,
    pub(super) theme: Theme,
    pub(super) wallboard: Wallboard,
}

#[derive(Debug, PartialEq)]
pub(super) struct Wanted {
    pub(super) run: u32,
    pub(super) stamp: RunStamp,
    pub(super) again: Vec<String>,
}

pub(super) enum Message {
    Page(Action, RunStamp),
    Event(u32, Event),
    Notice(Option<String>),
    Wallboard(Wallboard),
}

impl Model {
    /// The page before the first run.
    pub(super) fn new(start: Rc<Started>, theme: Theme) -> Self {
        let link = Rc::new(start.link.clone());
        Self {
            config: start
                .config
                .clone()
                .map(|config| Rc::new(config.with_link(&link))),
            link,
            start,
            state: Rc::default(),
            wanted: None,
            notice: None,
            revealed: false,
            theme,
            wallboard: Wallboard::default(),
        }
        .planned()
    }

    /// With the plan of what a run would do, so that it can be shown before.
    fn planned(mut self) -> Self {
        if let Ok(config) = &self.config
            && self.state.phase == Phase::Ready
        {
            let plan = plan(config, &self.link, &self.start.page);
            self.state = Rc::new(State {
                plan,
                observations: self.state.observations.clone(),
                told: self.state.told,
                ..State::default()
            });
        }
        self
    }

    fn act(mut self, action: Action, stamp: RunStamp) -> Self {
        match action {
            Action::Start => self.start_run(stamp, Vec::new()),
            Action::Retest(again) => self.start_run(stamp, again),
            Action::Stop => {
                if let (Ok(config), Phase::Running) = (&self.config, self.state.phase) {
                    let stopped = Event::Stopped(self.state.elapsed);
                    self.state = Rc::new(State::clone(&self.state).apply(self.state.run, stopped, config));
                }
                self
            }
            Action::RevealAddresses(revealed) => Self { revealed, ..self },
            Action::SetPhone(phone) => {
                self.link = Rc::new(Link {
                    phone: Some(phone),
                    ..Link::clone(&self.link)
                });
                self.config = self
                    .start
                    .config
                    .clone()
                    .map(|config| Rc::new(config.with_link(&self.link)));
                self.planned()
            }
            Action::Answer(answers) => self.tell(ANSWERS, Seen::Answers(answers)),
            Action::SetTheme(theme) => Self { theme, ..self },
            Action::SetLanguage(_)
            | Action::CopyTicket
            | Action::CopyFix(_)
            | Action::SaveReport
            | Action::Print => self,
        }
    }

    fn tell(mut self, id: &str, seen: Seen) -> Self {
        if let Ok(config) = &self.config {
            self.state = Rc::new(State::clone(&self.state).tell(id, seen, config));
        }
        self
    }

    fn start_run(mut self, stamp: RunStamp, again: Vec<String>) -> Self {
        if self.config.is_ok() && self.state.phase != Phase::Running {
            let run = self.wanted.as_ref().map_or(0, |wanted| wanted.run) + 1;
            self.wanted = Some(Rc::new(Wanted { run, stamp, again }));
        }
        self
    }

    /// The report of the last run, when it is over.
    pub(super) fn report(&self) -> Option<Report> {
        let (config, wanted) = (self.config.as_ref().ok()?, self.wanted.as_ref()?);
        let over = matches!(self.state.phase, Phase::Done | Phase::Stopped);
        over.then(|| {
            Report::new(
                config,
                &self.link,
                &self.state,
                &wanted.stamp,
                &self.start.words,
                self.revealed,
            )
        })
    }
}

impl Reducible for Model {
    type Action = Message;

    fn reduce(self: Rc<Self>, message: Message) -> Rc<Self> {
        let model = Self::clone(&self);
        Rc::new(match message {
            Message::Page(action, stamp) => model.act(action, stamp),
            Message::Event(run, event) => {
                let Ok(config) = &model.config else { return self };
                let state = State::clone(&model.state).apply(run, event, config);
                Self {
                    state: Rc::new(state),
                    ..model
                }
            }
            Message::Notice(notice) => Self { notice, ..model },
            Message::Wallboard(wallboard) => Self { wallboard, ..model },
        })
    }
}
