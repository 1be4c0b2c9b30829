//! What people see. [`page`] and every view below it is a plain function of what it shows: as a component each would
//! weigh kilobytes. Values go down, actions come up, and nothing here touches the browser, so each state of the page
//! also renders natively.
//!
//! # Writing a view
//!
//! A view takes what it shows and returns an `El` of `src/ui/element.rs`. `el` starts an element from its opening tag;
//! each method after it adds one thing:
//!
//! ```text
//! let phone = helpdesk.phone.as_ref().map(|phone| el("span").with(phone));
//! el("section aria-labelledby='help' class='card'")     // the tag as in HTML, values in single quotes
//!     .set("data-owner", owner)                         // a value that is not fixed; `.class(…)` adds a class
//!     .with(el("h2 id='help'").word(words, "ui.actions"))  // words without gaps; `.fill(…)` fills gaps
//!     .with(phone)                                      // an element, a text, a list or an `Option` of an element
//!     .with_all(steps.iter().map(|step| el("li").with(said(words, step, revealed))))
//!     .with(el("button type='button'").on_click(actions, Action::Print).word(words, "ui.actions.print"))
//! ```
//!
//! `group()` holds several nodes without an element around them. `card`, `section`, `fold` and `table` are there for
//! what comes again; write a function for what comes twice. `html!` weighs ten times as much: do not use it.
//! A new state of the page becomes a snapshot in `tests/pages`.

mod activities;
mod after;
mod answer;
mod before;
mod broken;
mod compared;
mod desk;
mod details;
mod draft;
mod during;
mod element;
mod environment;
mod evidence;
mod first_step;
mod fix_list;
mod hand_over;
mod handed;
mod header;
mod headset;
mod helpdesk;
mod history;
mod history_charts;
mod kept;
mod kiosk;
mod ladder_chart;
mod ladder_table;
mod leaves;
mod mark;
mod notices;
mod now;
mod outcome;
mod pac;
mod paper;
mod progress;
mod qr;
mod questions;
mod received;
mod round_trip;
mod rung;
mod verdict;
mod waterfall;

use std::rc::Rc;

use yew::{Callback, Html, Properties, component};

pub use broken::NO_ANSWER;
pub use draft::Drafting;
pub use handed::Handed;
pub use kiosk::Wallboard;

use crate::checkup::{Phase, State};
use crate::config::{Config, Phone, Problem};
use crate::desk::Desk;
use crate::diagnosis::Verdict;
use crate::fix::Change;
use crate::guided::Guide;
use crate::kept::Kept;
use crate::link::Link;
use crate::observation::AnswersSeen;
use crate::report::{Format, RunStamp};
use crate::sending::Trouble;
use crate::units::Share;
use crate::words::{Sentence, Words};
use element::{El, Inside as _, el, group};

/// What the reader wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Start the check.
    Start,
    /// Stop it; what was seen until then counts.
    Stop,
    /// Something is different now: run the probes with these id prefixes again, all of them when empty, and compare.
    Retest(Change, Vec<String>),
    /// Copy the request that a try led to.
    CopyProof,
    /// Copy the whole result as text for a ticket.
    CopyTicket,
    /// Copy the request of the fix with this index in the conclusion.
    CopyFix(usize),
    /// Copy this page's address, to be opened in another browser.
    CopyAddress,
    /// The agent tells what the page said in another browser about the finding with this id: whether it works there.
    OtherBrowser(&'static str, bool),
    /// Copy a link that holds the report.
    Share,
    /// Make the link for an agent out of what was chosen.
    MakeLink,
    /// Copy that link.
    CopyLink,
    /// Copy a message with it.
    CopyMessage,
    /// Open the files that were chosen.
    OpenFiles,
    /// Open the link that was pasted.
    OpenPasted,
    /// Read the code that was written down.
    ReadCode,
    /// Forget all runs that this browser remembers.
    ClearHistory,
    /// Something with the configuration that is edited.
    Draft(Rc<Drafting>),
    /// Save the report as a file.
    SaveReport,
    /// Print the page.
    Print,
    /// Show and hand over addresses and names in full, or shortened again.
    RevealAddresses(bool),
    /// Show what would leave, word for word, or no more.
    ShowHanded(bool),
    /// Copy tickets so.
    SetFormat(Format),
    /// The agent uses this kind of phone.
    SetPhone(Phone),
    /// The agent tells what a page cannot see; all answers so far.
    Answer(AnswersSeen),
    /// Try microphone and loudspeaker.
    CheckHeadset,
    /// Check the PAC file that the reader gave.
    CheckPac,
    /// Go to where a PAC file is given.
    ShowPac,
    /// Speak this language.
    SetLanguage(String),
    /// Use these colours.
    SetTheme(Theme),
}

/// Where the try of the headset stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HeadsetStage {
    /// The browser asks the agent.
    Asking,
    /// The agent speaks, this loud.
    Listening(Share),
    /// The agent hears it.
    Playing,
}

/// Which colours the page uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system does.
    #[default]
    System,
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

/// All that the page shows.
#[derive(Properties, Clone)]
pub struct PageProps {
    /// The language's words.
    pub words: Rc<Words>,
    /// The configuration, or all that is wrong with it.
    pub config: Result<Rc<Config>, Rc<Vec<Problem>>>,
    /// How the page was opened.
    pub link: Rc<Link>,
    /// The run.
    pub state: Rc<State>,
    /// Told what the reader wants done.
    pub actions: Callback<Action>,
    /// Whether all of the app is here: what diagnoses comes behind the page.
    pub whole: bool,
    /// A word on the last action, such as "Copied".
    #[prop_or_default]
    pub notice: Option<String>,
    /// Whether addresses and names are shown in full.
    #[prop_or_default]
    pub revealed: bool,
    /// What would leave, while it is shown.
    #[prop_or_default]
    pub handed: Option<Rc<Handed>>,
    /// Which run this is.
    #[prop_or_default]
    pub stamp: Option<RunStamp>,
    /// The try of the headset, while it lasts.
    #[prop_or_default]
    pub headset: Option<HeadsetStage>,
    /// The colours in use.
    #[prop_or_default]
    pub theme: Theme,
    /// The tags of all languages that can be chosen, and what they are called by those who speak them.
    #[prop_or_default]
    pub languages: Rc<Vec<(String, String)>>,
    /// What the last run proved, and what is done.
    #[prop_or_default]
    pub guide: Rc<Guide>,
    /// What a wallboard knows beyond this run.
    #[prop_or_default]
    pub wallboard: Wallboard,
    /// The result in eight characters.
    #[prop_or_default]
    pub code: Option<String>,
    /// The helpdesk's view, in place of a check.
    #[prop_or_default]
    pub desk: Option<Rc<Desk>>,
    /// A receiver does not take the result.
    #[prop_or_default]
    pub trouble: Option<Trouble>,
    /// Whether this browser remembers runs.
    #[prop_or_default]
    pub earlier: bool,
    /// Whether the configuration is a draft that is tried.
    #[prop_or_default]
    pub tried: bool,
    /// What came from this browser's memory.
    #[prop_or_default]
    pub kept: Option<Kept>,
    /// When this browser's last check was, and what it said.
    #[prop_or_default]
    pub last: Option<(String, Verdict)>,
}

impl PartialEq for PageProps {
    /// Each is something new to show.
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// The whole page as a component, to be rendered without an app.
#[component]
pub fn Page(props: &PageProps) -> Html {
    page(props)
}

/// The whole page.
pub fn page(props: &PageProps) -> Html {
    show(props).node()
}

fn show(props: &PageProps) -> El {
    let words = &props.words;
    if let Some(desk) = &props.desk {
        let shown = props.whole.then(|| desk::desk(props, Some(desk)));
        return el("div data-screen='desk' class='page'")
            .with(header::header(props))
            .with(el("main").with(shown))
            .with(toast(props));
    }
    let config = match &props.config {
        Ok(config) => config,
        Err(problems) => {
            return el("div data-screen='broken' class='page'")
                .with(header::header(props))
                .with(el("main").with(broken::broken(words, problems)));
        }
    };
    if props.link.kiosk.is_some() {
        return kiosk::kiosk(props, config);
    }
    let (screen, shown) = match props.state.phase {
        Phase::Ready => ("before", before::before(props, config)),
        Phase::Running => ("during", during::during(props)),
        Phase::Done | Phase::Stopped => ("after", after::after(props, config)),
    };
    let announced = el("p role='status' aria-live='polite' class='visually-hidden'");
    el("div")
        .set("data-screen", screen)
        .class("page")
        .with(header::header(props))
        .with(
            el("main")
                .with(announced.with(announcement(props)))
                .with(props.tried.then(|| desk::desk(props, None)))
                .with(notices::notices(words, &props.link))
                // The key keeps one screen's open folds from the next one's.
                .with(group().key(screen).with(shown)),
        )
        .with(toast(props))
}

/// A word on the last action.
fn toast(props: &PageProps) -> El {
    let notice = props.notice.as_ref().map(|notice| el("span").with(notice));
    el("p role='status' class='toast'").with(notice)
}

/// What a screen reader is told: changes of phase and the verdict, nothing in between.
fn announcement(props: &PageProps) -> String {
    let words = &props.words;
    match props.state.phase {
        Phase::Ready => String::new(),
        Phase::Running => words.get("ui.announce.running").to_owned(),
        Phase::Done | Phase::Stopped => verdict::sentence(words, &props.state),
    }
}

/// Says a sentence; addresses and names of the agent in full only when the agent agreed.
fn said(words: &Words, sentence: &Sentence, revealed: bool) -> String {
    words.said(sentence, revealed)
}

/// Puts a line for each sentence into a list.
fn all_said(list: El, words: &Words, sentences: &[Sentence], revealed: bool) -> El {
    list.with_all(
        sentences
            .iter()
            .map(|sentence| el("li").with(said(words, sentence, revealed))),
    )
}
