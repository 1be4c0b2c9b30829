//! All state of the page, and the one reducer that changes it. No effects here.

use std::rc::Rc;

use super::arrive::Asked;
use super::load::Started;
use crate::checkup::{Event, Phase, State};
use crate::config::{Config, Problem};
use crate::desk::{AgentLink, Desk, Opened};
use crate::diagnosis::Verdict;
use crate::draft::Draft;
use crate::fix::Change;
use crate::guided::Guide;
use crate::history::Earlier;
use crate::link::Link;
use crate::observation::{ANSWERS, AnswersSeen, HEADSET, HeadsetSeen, OtherBrowser, Seen};
use crate::phone_code::{NoCode, Told};
use crate::plan::plan;
use crate::report::{ComparedPart, Format, Report, RunStamp, phone_code};
use crate::sending::Trouble;
use crate::ui::{Action, Drafting, Handed, HeadsetStage, Theme, Wallboard};
use crate::words::{Arg, Words};

/// All state of the page.
pub(super) struct Model {
    pub(super) start: Rc<Started>,
    pub(super) words: Rc<Words>,
    /// The words of results are here, or were waited for long enough: a run may start.
    pub(super) waited: bool,
    /// The configuration with the link's and the agent's choices applied.
    pub(super) config: Result<Rc<Config>, Rc<Vec<Problem>>>,
    pub(super) link: Rc<Link>,
    pub(super) state: Rc<State>,
    /// The run that is wanted: its number, its stamp, and which probes (all when empty).
    pub(super) wanted: Option<Wanted>,
    pub(super) notice: Option<String>,
    pub(super) revealed: bool,
    /// How tickets are copied.
    pub(super) format: Format,
    /// What would leave is shown.
    pub(super) shows: bool,
    pub(super) handed: Option<Rc<Handed>>,
    pub(super) theme: Theme,
    pub(super) wallboard: Wallboard,
    /// How often the headset was to be tried, and where that stands.
    pub(super) tries: u32,
    pub(super) headset: Option<HeadsetStage>,
    pub(super) guide: Rc<Guide>,
    /// The helpdesk's view, in place of a check.
    pub(super) desk: Option<Rc<Desk>>,
    /// A receiver does not take the result.
    pub(super) trouble: Option<Trouble>,
    /// When this browser's last check was, and what it said.
    pub(super) last: Option<(String, Verdict)>,
    /// A draft that is tried in place of the configuration.
    pub(super) tried: Option<Tried>,
}

/// A draft that is tried, and the view that it came from.
pub(super) struct Tried {
    config: Rc<Config>,
    desk: Option<Rc<Desk>>,
}

pub(super) struct Wanted {
    pub(super) run: u32,
    pub(super) stamp: RunStamp,
    pub(super) again: Vec<String>,
}

pub(super) enum Message {
    Page(Action, RunStamp),
    Event(u32, Event),
    /// The reader gave something to the page that counts as seen.
    Told(&'static str, Seen),
    Notice(Option<String>),
    Wallboard(Wallboard),
    Headset(HeadsetStage),
    HeadsetTried(HeadsetSeen),
    /// The words of results are here, or let wait for themselves.
    Words(Option<Words>),
    /// The words of the language that the reader chose.
    Language(Words),
    /// A result was opened.
    Opened(Opened),
    /// A link for an agent was made.
    Made(AgentLink),
    /// How sending the result goes.
    Sending(Option<Trouble>),
    /// The history was read.
    History(Rc<Earlier>),
    /// A code was read.
    Code(Result<Told, NoCode>),
    /// Something for the helpdesk's part of the app.
    AtDesk(Asked),
    /// The draft was edited.
    Draft(Rc<Draft>),
    /// Try this configuration, in a run with this name.
    Try(Rc<Config>, RunStamp),
    /// All of the app is here.
    Whole,
    /// The helpdesk's part of the app is here.
    DeskHere,
    /// The address has another fragment.
    Elsewhere,
}

impl Model {
    /// The page before the first run.
    pub(super) fn new(start: Rc<Started>, theme: Theme, format: Format, desk: Option<Desk>) -> Self {
        let link = Rc::new(start.link.clone());
        let mut model = Self {
            config: chosen(&start, &link),
            link,
            words: start.words.clone(),
            waited: false,
            start,
            state: Rc::default(),
            wanted: None,
            notice: None,
            revealed: false,
            format,
            shows: false,
            handed: None,
            theme,
            wallboard: Wallboard::default(),
            tries: 0,
            headset: None,
            guide: Rc::default(),
            desk: desk.map(Rc::new),
            trouble: None,
            tried: None,
            last: None,
        };
        model.make_plan();
        model
    }

    /// The one reducer.
    pub(super) fn apply(&mut self, message: Message) {
        // These change nothing of what leaves, and some come many times a second.
        let passing = matches!(
            message,
            Message::Notice(_) | Message::Headset(_) | Message::Wallboard(_) | Message::Sending(_)
        );
        self.change(message);
        if !passing {
            let report = self.shows.then(|| self.report()).flatten();
            self.handed = report.map(|it| Rc::new(Handed::of(&it, &self.words, self.format)));
        }
    }

    fn change(&mut self, message: Message) {
        match message {
            Message::Page(action, stamp) => self.act(action, stamp),
            Message::Event(run, event) => {
                let running = self.state.phase == Phase::Running;
                self.turn(|state, config| state.apply(run, event, config));
                if let (true, Phase::Done, Ok(config)) = (running, self.state.phase, &self.config) {
                    let guide = Rc::unwrap_or_clone(std::mem::take(&mut self.guide));
                    self.guide = Rc::new(guide.end(config, &self.state));
                }
            }
            Message::Told(id, seen) => self.tell(id, seen),
            Message::Notice(notice) => self.notice = notice,
            Message::Headset(stage) => self.headset = self.headset.and(Some(stage)),
            Message::HeadsetTried(seen) => {
                self.headset = None;
                self.tell(HEADSET, Seen::Headset(seen));
            }
            Message::Wallboard(wallboard) => self.wallboard = wallboard,
            Message::Words(words) => {
                self.waited = true;
                if let Some(words) = words {
                    self.words = Rc::new(words);
                }
            }
            Message::Language(words) => self.words = Rc::new(words),
            Message::Opened(opened) => self.at_desk(|desk| *desk = std::mem::take(desk).with(opened)),
            Message::Made(link) => self.at_desk(|desk| desk.link = Some(link)),
            Message::History(earlier) => self.at_desk(|desk| desk.earlier = Some(earlier)),
            Message::Code(code) => self.at_desk(|desk| desk.code = Some(code)),
            Message::Draft(draft) => self.at_desk(|desk| desk.draft = Some(draft)),
            Message::Try(config, stamp) => {
                let desk = self.desk.take();
                self.begin_with(Some(Tried { config, desk }));
                self.want(stamp, None, Vec::new());
            }
            Message::Whole | Message::DeskHere | Message::Elsewhere | Message::AtDesk(_) => {}
            Message::Sending(trouble) => self.trouble = trouble,
        }
    }

    fn act(&mut self, action: Action, stamp: RunStamp) {
        match action {
            Action::Start => self.want(stamp, None, Vec::new()),
            Action::Retest(change, again) => self.want(stamp, Some(change), again),
            Action::Stop => {
                let (run, stopped) = (self.state.run, Event::Stopped(self.state.elapsed));
                self.turn(|state, config| state.apply(run, stopped, config));
            }
            Action::RevealAddresses(revealed) => self.revealed = revealed,
            Action::ShowHanded(shows) => self.shows = shows,
            Action::SetFormat(format) => self.format = format,
            Action::SetPhone(phone) => {
                Rc::make_mut(&mut self.link).phone = Some(phone);
                self.choose();
            }
            Action::Answer(answers) => self.tell(ANSWERS, Seen::Answers(answers)),
            Action::OtherBrowser(about, works) => {
                let other_browser = Some(OtherBrowser {
                    about: about.to_owned(),
                    works,
                });
                let answers = AnswersSeen {
                    other_browser,
                    ..self.state.answers()
                };
                self.tell(ANSWERS, Seen::Answers(answers));
            }
            Action::CheckHeadset if self.state.phase != Phase::Running => {
                self.tries += 1;
                self.headset = Some(HeadsetStage::Asking);
            }
            Action::SetTheme(theme) => self.theme = theme,
            Action::Draft(it) => {
                let tried = match *it {
                    Drafting::Back => self.tried.take(),
                    _ => None,
                };
                if let Some(tried) = tried {
                    self.begin_with(None);
                    self.desk = tried.desk;
                }
            }
            Action::CheckHeadset
            | Action::SetLanguage(_)
            | Action::CheckPac
            | Action::ShowPac
            | Action::CopyTicket
            | Action::CopyFix(_)
            | Action::CopyProof
            | Action::CopyAddress
            | Action::SaveReport
            | Action::Share
            | Action::MakeLink
            | Action::CopyLink
            | Action::CopyMessage
            | Action::OpenFiles
            | Action::OpenPasted
            | Action::ReadCode
            | Action::ClearHistory
            | Action::Print => {}
        }
    }

    /// Begins with a draft, or without one again: nothing of a run with another configuration is left.
    fn begin_with(&mut self, tried: Option<Tried>) {
        let mut link = self.start.link.clone();
        if tried.is_some() {
            // What the address asks for is meant for what is deployed.
            link = Link {
                language: link.language,
                depth: link.depth,
                ..Link::default()
            };
        }
        self.link = Rc::new(link);
        self.tried = tried;
        self.state = Rc::default();
        self.guide = Rc::default();
        self.wanted = None;
        self.choose();
    }

    /// The configuration with the link's and the agent's choices.
    fn choose(&mut self) {
        self.config = match &self.tried {
            Some(tried) => Ok(Rc::new(tried.config.with_link(&self.link))),
            None => chosen(&self.start, &self.link),
        };
        self.make_plan();
    }

    /// What is edited.
    pub(super) fn draft(&self) -> Option<&Draft> {
        let desk = match &self.tried {
            Some(tried) => &tried.desk,
            None => &self.desk,
        };
        desk.as_ref()?.draft.as_deref()
    }

    /// Nobody else holds the desk: what is shown does so only while it is drawn.
    fn at_desk(&mut self, change: impl FnOnce(&mut Desk)) {
        self.desk.as_mut().and_then(Rc::get_mut).map(change);
    }

    /// Before a run: the plan of what it would do, so that it can be shown.
    fn make_plan(&mut self) {
        if let Ok(config) = &self.config
            && self.state.phase == Phase::Ready
        {
            Rc::make_mut(&mut self.state).plan = Rc::new(plan(config, &self.link, &self.start.page));
        }
    }

    fn tell(&mut self, id: &str, seen: Seen) {
        let before = self.state.clone();
        self.turn(|state, config| state.tell(id, seen, config));
        let guide = Rc::unwrap_or_clone(std::mem::take(&mut self.guide));
        self.guide = Rc::new(guide.tried(id, &before, &self.state));
    }

    fn turn(&mut self, change: impl FnOnce(State, &Config) -> State) {
        if let Ok(config) = &self.config {
            let state = Rc::unwrap_or_clone(std::mem::take(&mut self.state));
            self.state = Rc::new(change(state, config));
        }
    }

    fn want(&mut self, stamp: RunStamp, change: Option<Change>, again: Vec<String>) {
        if self.config.is_ok() && self.state.phase != Phase::Running {
            // A try changes what the agent told, and what follows it changes that back.
            let told = self.guide.told().map(|told| AnswersSeen {
                vpn: told.vpn,
                ..self.state.answers()
            });
            let guide = Rc::unwrap_or_clone(std::mem::take(&mut self.guide));
            self.guide = Rc::new(guide.begin(change, &self.state));
            let told = match change {
                Some(Change::VpnOff) => Some(AnswersSeen {
                    vpn: Some(false),
                    ..told.unwrap_or_else(|| self.state.answers())
                }),
                _ => told,
            };
            if let Some(told) = told {
                self.turn(|state, config| state.tell(ANSWERS, Seen::Answers(told), config));
            }
            let run = self.wanted.as_ref().map_or(0, |wanted| wanted.run) + 1;
            // A run measures with the line to itself, and the computer too.
            self.headset = None;
            self.trouble = None;
            self.wanted = Some(Wanted { run, stamp, again });
        }
    }

    /// The last run's result in eight characters, when it is over; nobody reads it from a wallboard.
    #[inline(never)]
    pub(super) fn code(&self) -> Option<String> {
        let state = &self.state;
        let (conclusion, wanted) = (state.conclusion.as_ref()?, self.wanted.as_ref()?);
        let asked = self.is_over() && self.link.kiosk.is_none() && self.tried.is_none();
        asked.then(|| phone_code(conclusion, &state.observations, &wanted.stamp.started))
    }

    fn is_over(&self) -> bool {
        matches!(self.state.phase, Phase::Done | Phase::Stopped)
    }

    /// The report of the last run, when it is over, as the agent wants it to leave.
    pub(super) fn report(&self) -> Option<Report> {
        self.report_with(self.revealed)
    }

    /// The same, with addresses and names in full or shortened.
    pub(super) fn report_with(&self, revealed: bool) -> Option<Report> {
        let (config, wanted) = (self.config.as_ref().ok()?, self.wanted.as_ref()?);
        self.is_over().then(|| {
            let words = &self.words;
            let mut report = Report::new(config, &self.link, &self.state, &wanted.stamp, words, revealed);
            if self.tried.is_some() {
                let name = ("name", Arg::Text(report.run.config));
                report.run.config = words.fill("ui.draft.tried", &[name]);
                report.run.draft = true;
            }
            report.run.kept = self.start.kept.map(|kept| kept.id().to_owned());
            report.compared = self.guide.compared.as_ref().map(|it| ComparedPart::of(it, words));
            report
        })
    }
}

/// The configuration with the choices that came with the link.
fn chosen(start: &Started, link: &Link) -> Result<Rc<Config>, Rc<Vec<Problem>>> {
    start.config.clone().map(|config| Rc::new(config.with_link(link)))
}
