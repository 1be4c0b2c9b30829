//! The wiring: one reducer, one running effect. A run is an abortable future; stopping it drops it.

mod arrive;
mod effects;
mod history;
mod load;
mod model;
mod offline;
mod sending;
mod wall;

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;

use futures_util::FutureExt as _;
use futures_util::future::{AbortHandle, LocalBoxFuture, abortable};
use wasm_bindgen_futures::spawn_local;
use yew::html::Scope;
use yew::{Callback, Component, Context, Html, Properties};

use crate::brand::{Colour, tokens};
use crate::browser::automation::{self, ReportFunction};
use crate::browser::place::{self, Subscription};
use crate::browser::{self, Browser, clock, headset, storage};
use crate::checkup::{Phase, run};
use crate::draft::Draft;
use crate::few::Gather as _;
use crate::plan::plan;
use crate::report::{Format, RunStamp};
use crate::ui::{Action, PageProps, Theme, page};
use crate::units::Millis;
use arrive::Asked;
use effects::side_effect;
use load::{Started, complete, languages, load, with_results};
use model::{Message, Model};
use wall::Wall;

/// A run waits this long for the words of its result; they are fetched from where the page just came from.
const RESULT_WORDS: Millis = Millis(3_000.0);
/// Where the chosen colours are remembered.
const THEME_KEY: &str = "clearline.theme";
/// Where the chosen format of tickets is remembered.
const FORMAT_KEY: &str = "clearline.ticket";

/// Mounts the page into `#app`.
pub fn mount() {
    automation::install_panic_hook();
    spawn_local(async {
        match load().await {
            Ok(start) => automation::mount(|root| {
                yew::Renderer::<App>::with_root_and_props(
                    root,
                    AppProps {
                        start: Rc::new(start),
                    },
                )
                .render();
            }),
            Err(reason) => automation::give_up(&reason),
        }
    });
}

#[derive(Properties)]
struct AppProps {
    start: Rc<Started>,
}

impl PartialEq for AppProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.start, &other.start)
    }
}

/// The one component with state.
struct App {
    model: Model,
    actions: Callback<Action>,
    /// The tags of all languages, and what they are called by those who speak them.
    languages: Rc<Vec<(String, String)>>,
    /// The newest report, for other programs.
    newest: Rc<RefCell<Option<String>>>,
    _function: ReportFunction,
    /// The run under way.
    run: Option<Task>,
    /// What a wallboard keeps from run to run, and what waits for its next one.
    wall: Option<Wall>,
    /// The try of the headset under way.
    headset: Option<Task>,
    /// The fetch of the words of results.
    words: Option<Task>,
    /// Results on their way.
    sending: sending::Sending,
    /// The run that the history has, and whether there is a history.
    kept: Option<u32>,
    earlier: bool,
    /// What is kept for when the server is away.
    offline: offline::Offline,
    shown: Shown,
    /// What came before the whole app was here; `None` since then.
    waiting: Option<Vec<Message>>,
    /// The address changes.
    fragments: Option<Subscription>,
    /// The helpdesk's part of the app is here.
    desk_here: bool,
    /// Files are dropped.
    drops: Vec<Subscription>,
    /// The browser asks before it leaves what is not saved.
    leaving: Option<Subscription>,
}

/// For what was last shown each effect ran; it runs again when this changes.
#[derive(Default)]
struct Shown {
    run: Option<(Option<u32>, bool)>,
    headset: Option<(u32, bool)>,
    outside: Option<(Phase, u32, bool, u32, bool)>,
    words: Option<(bool, String)>,
    look: Option<(Theme, Option<String>)>,
    focus: Option<(Phase, u32)>,
    kiosk: Option<(bool, u32)>,
    kept: Option<(Phase, u32, u32)>,
    unsaved: Option<bool>,
}

fn changes<T: PartialEq>(shown: &mut Option<T>, now: T) -> bool {
    let now = Some(now);
    let changed = *shown != now;
    *shown = now;
    changed
}

/// Work that is dropped with this.
struct Task(AbortHandle);

impl Task {
    fn start(work: impl Future<Output = ()> + 'static) -> Self {
        let work: LocalBoxFuture<'static, ()> = Box::pin(work);
        let (work, handle) = abortable(work);
        // Err only says that it was dropped.
        spawn_local(work.map(drop));
        Self(handle)
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Component for App {
    type Message = Message;
    type Properties = AppProps;

    fn create(context: &Context<Self>) -> Self {
        let newest = Rc::new(RefCell::new(None::<String>));
        let told = newest.clone();
        Self {
            model: Model::new(
                context.props().start.clone(),
                remembered_theme(),
                remembered_format(),
                arrive::view(),
            ),
            actions: context.link().callback(|action| Message::Page(action, stamp())),
            languages: Rc::new(
                languages()
                    .map(|tag| (tag.to_owned(), browser::languages::name(tag)))
                    .few(),
            ),
            newest,
            _function: ReportFunction::install(Rc::new(move || told.borrow().clone())),
            run: None,
            wall: None,
            headset: None,
            words: None,
            sending: sending::Sending::default(),
            kept: None,
            earlier: false,
            offline: offline::Offline::default(),
            shown: Shown::default(),
            waiting: Some(Vec::new()),
            fragments: None,
            desk_here: false,
            drops: Vec::new(),
            leaving: None,
        }
    }

    fn update(&mut self, context: &Context<Self>, message: Message) -> bool {
        let link = context.link();
        match (&mut self.waiting, message) {
            (waiting, Message::Whole) => {
                let waiting = waiting.take();
                self.settle(link);
                for message in waiting.into_iter().flatten() {
                    self.take(link, message);
                }
            }
            (_, Message::Elsewhere) => {
                // Another view, or none: the page begins anew there. A run goes on.
                if self.model.desk.is_some() || arrive::view().is_some() && self.run.is_none() {
                    place::reload();
                }
            }
            (Some(waiting), message) => waiting.push(message),
            (None, message) => self.take(link, message),
        }
        true
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let model = &self.model;
        page(&PageProps {
            words: model.words.clone(),
            config: model.config.clone(),
            link: model.link.clone(),
            state: model.state.clone(),
            actions: self.actions.clone(),
            whole: self.waiting.is_none() && (model.desk.is_none() || self.desk_here),
            headset: model.headset,
            notice: self.notice(),
            revealed: model.revealed,
            handed: model.handed.clone(),
            stamp: model.wanted.as_ref().map(|wanted| wanted.stamp.clone()),
            theme: model.theme,
            languages: self.languages.clone(),
            guide: model.guide.clone(),
            wallboard: model.wallboard.clone(),
            code: self.waiting.is_none().then(|| model.code()).flatten(),
            desk: model.desk.clone(),
            trouble: model.trouble.clone(),
            earlier: self.earlier,
            tried: model.tried.is_some(),
            kept: model.start.kept,
            last: model.last.clone(),
        })
    }

    fn rendered(&mut self, context: &Context<Self>, first: bool) {
        let link = context.link();
        if first {
            let whole = link.clone();
            spawn_local(async move {
                browser::whole().await;
                whole.send_message(Message::Whole);
            });
            self.start_by_itself(link);
        }
        self.look();
        self.fetch_words(link);
        if self.waiting.is_none() {
            self.follow(link);
        }
    }
}

impl App {
    /// Listens to what comes from outside. This, [`Self::take`] and [`Self::follow`] are where the first half of a split
    /// app enters the second.
    #[inline(never)]
    fn settle(&mut self, link: &Scope<Self>) {
        self.earlier = history::there();
        let fragment = link.clone();
        self.fragments = Some(place::on_fragment(move |_| {
            fragment.send_message(Message::Elsewhere);
        }));
        if self.model.desk.is_none() && arrive::view().is_some() {
            // The address changed before anybody listened.
            link.send_message(Message::Elsewhere);
        }
        let model = &mut self.model;
        model.last = offline::last(&model.link, model.words.language());
        if self.model.desk.is_some() {
            let link = link.clone();
            spawn_local(async move {
                match browser::desk_part().await {
                    true => link.send_message(Message::DeskHere),
                    false => automation::give_up("The helpdesk's part of this page did not come"),
                }
            });
        }
    }

    /// What a message does.
    #[inline(never)]
    fn take(&mut self, link: &Scope<Self>, message: Message) {
        let message = match message {
            Message::DeskHere => {
                self.desk_here = true;
                self.drops = arrive::act(link, &self.model, Asked::Begin);
                self.show_history(link);
                return;
            }
            Message::AtDesk(asked) => {
                arrive::act(link, &self.model, asked);
                return;
            }
            message => message,
        };
        if let Message::Page(action, _) = &message {
            side_effect(link, &self.model, action);
        }
        let speaks = matches!(message, Message::Language(_));
        self.model.apply(message);
        self.keep_history();
        if speaks {
            self.show_history(link);
        }
    }

    /// The effects of what is shown.
    #[inline(never)]
    fn follow(&mut self, link: &Scope<Self>) {
        self.keep_running(link);
        self.try_headset(link);
        self.tell_outside();
        self.focus();
        self.keep_board(link);
        sending::keep_sending(self, link);
        let unsaved = self.model.draft().is_some_and(Draft::is_changed);
        if changes(&mut self.shown.unsaved, unsaved) {
            self.leaving = unsaved.then(place::ask_before_leaving);
        }
        offline::keep_offline(self);
    }

    /// A word on the last action, or that it needs a moment.
    fn notice(&self) -> Option<String> {
        let model = &self.model;
        let pressed = self.waiting.as_ref().is_some_and(|waiting| !waiting.is_empty());
        let waits = pressed || model.wanted.is_some() && !model.waited;
        let moment = waits.then(|| model.words.get("ui.notice.moment").to_owned());
        model.notice.clone().or(moment)
    }

    /// `run=auto` and wallboards start by themselves.
    fn start_by_itself(&self, link: &Scope<Self>) {
        let model = &self.model;
        let itself = model.link.auto || model.link.kiosk.is_some();
        if itself && model.config.is_ok() && model.desk.is_none() {
            link.send_message(Message::Page(Action::Start, stamp()));
        }
    }

    /// The words of results: fetched as soon as the page is there, and again after a run when they did not come. A run
    /// has the line to itself.
    fn fetch_words(&mut self, link: &Scope<Self>) {
        let model = &self.model;
        let running = model.state.phase == Phase::Running;
        let now = (running, model.words.language().to_owned());
        if !changes(&mut self.shown.words, now) {
            return;
        }
        self.words = None;
        let at_desk = model.desk.is_some();
        if running || complete(&model.words, at_desk) || model.config.is_err() && !at_desk {
            return;
        }
        let (words, link) = ((*model.words).clone(), link.clone());
        self.words = Some(Task::start(async move {
            let mut come = pin!(with_results(words, at_desk));
            let words = match clock::within(RESULT_WORDS, come.as_mut()).await {
                Some(words) => words,
                None => {
                    link.send_message(Message::Words(None));
                    come.await
                }
            };
            link.send_message(Message::Words(Some(words)));
        }));
    }

    /// The running effect: starts the wanted run; the run before it, a stopped one and a closed page are dropped.
    fn keep_running(&mut self, link: &Scope<Self>) {
        let model = &self.model;
        if !model.waited {
            return;
        }
        let stopped = model.state.phase == Phase::Stopped;
        let wanted = model.wanted.as_ref();
        if !changes(&mut self.shown.run, (wanted.map(|wanted| wanted.run), stopped)) {
            return;
        }
        self.run = None;
        if let (Some(wanted), Ok(config), false) = (wanted, &model.config, stopped) {
            let plan = Rc::new(plan(config, &model.link, &model.start.page).only(&wanted.again));
            let (number, link) = (wanted.run, link.clone());
            self.run = Some(Task::start(async move {
                let emit = |event| link.send_message(Message::Event(number, event));
                run(&plan, &Browser, &emit).await;
            }));
        }
    }

    /// The try of the headset: a new one, a run and a closed page drop it.
    fn try_headset(&mut self, link: &Scope<Self>) {
        let model = &self.model;
        let wanted = model.headset.is_some();
        if !changes(&mut self.shown.headset, (model.tries, wanted)) {
            return;
        }
        self.headset = None;
        if wanted {
            let link = link.clone();
            self.headset = Some(Task::start(async move {
                let tell = |stage| link.send_message(Message::Headset(stage));
                let seen = headset::check(&tell).await;
                link.send_message(Message::HeadsetTried(seen));
            }));
        }
    }

    /// What other programs see: the state on `<html>`, the newest report, the event.
    fn tell_outside(&mut self) {
        let model = &self.model;
        let state = &model.state;
        let complete = model.words.has_results();
        let now = (state.phase, state.run, model.revealed, state.told, complete);
        if !changes(&mut self.shown.outside, now) {
            return;
        }
        match (&model.config, state.phase) {
            (Err(problems), _) if model.desk.is_none() => {
                let reason = problems
                    .first()
                    .map(|problem| format!("{}: {}", problem.path, problem.said(&model.words).what));
                automation::set_state("failed", Some(&reason.unwrap_or_default()));
            }
            (Err(_), _) | (_, Phase::Ready) => automation::set_state("idle", None),
            (Ok(_), Phase::Running) => automation::set_state("running", None),
            (Ok(_), Phase::Done | Phase::Stopped) => {
                let json = model.report().map(|report| report.to_json());
                self.newest.borrow_mut().clone_from(&json);
                automation::set_state("done", None);
                if let Some(json) = json {
                    automation::announce_report(&json);
                }
            }
        }
    }

    /// Colours.
    fn look(&mut self) {
        let config = self.model.config.as_ref().ok();
        let accent = config.and_then(|config| config.brand.accent.clone());
        let theme = self.model.theme;
        if !changes(&mut self.shown.look, (theme, accent.clone())) {
            return;
        }
        let name = match theme {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        };
        automation::set_attribute("data-theme", name);
        storage::remember(THEME_KEY, name.unwrap_or_default());
        let accent = accent.as_deref().and_then(Colour::parse);
        automation::set_tokens(&tokens(accent.unwrap_or(Colour::OWN)));
    }

    /// The button that was pressed disappears: the focus goes to what takes its place.
    fn focus(&mut self) {
        let state = &self.model.state;
        if changes(&mut self.shown.focus, (state.phase, state.run)) && self.model.link.kiosk.is_none() {
            match state.phase {
                Phase::Ready => {}
                Phase::Running => automation::focus("now"),
                Phase::Done | Phase::Stopped => automation::focus("verdict"),
            }
        }
    }
}

fn remembered_theme() -> Theme {
    match storage::recall(THEME_KEY).as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    }
}

/// How this agent copies tickets.
fn remembered_format() -> Format {
    let kept = storage::recall(FORMAT_KEY).unwrap_or_default();
    let mut all = Format::ALL.into_iter();
    all.find(|(_, name)| *name == kept)
        .map_or(Format::Plain, |it| it.0)
}

/// Names a run that may start now.
fn stamp() -> RunStamp {
    RunStamp {
        id: clock::random_id(),
        started: clock::wall_clock(),
    }
}
