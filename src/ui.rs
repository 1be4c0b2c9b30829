//! What people see. The one component is [`Page`], a function of its props; below it, a view is a plain function, which
//! weighs 2 kB less in the page. Values go down, callbacks come up, and nothing here touches the browser, so each
//! state of the page also renders natively.

mod activities;
mod after;
mod answer;
mod before;
mod broken;
mod details;
mod during;
mod environment;
mod evidence;
mod first_step;
mod fix_list;
mod hand_over;
mod header;
mod helpdesk;
mod kiosk;
mod ladder_chart;
mod ladder_table;
mod leaves;
mod mark;
mod notices;
mod now;
mod outcome;
mod progress;
mod round_trip;
mod rung;
mod verdict;
mod waterfall;

use std::rc::Rc;

use yew::prelude::*;

pub use kiosk::Wallboard;

use crate::checkup::{Phase, State};
use crate::config::{Config, Phone, Problem};
use crate::link::Link;
use crate::observation::AnswersSeen;
use crate::words::{Arg, Sentence, Words};

/// What the reader wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Start the check.
    Start,
    /// Stop it; what was seen until then counts.
    Stop,
    /// Run the probes with these id prefixes again; all of them when empty.
    Retest(Vec<String>),
    /// Copy the whole result as text for a ticket.
    CopyTicket,
    /// Copy the request of the fix with this index in the conclusion.
    CopyFix(usize),
    /// Save the report as a file.
    SaveReport,
    /// Print the page.
    Print,
    /// Show and hand over addresses in full, or shortened again.
    RevealAddresses(bool),
    /// The agent uses this kind of phone.
    SetPhone(Phone),
    /// The agent tells what a page cannot see; all answers so far.
    Answer(AnswersSeen),
    /// Speak this language.
    SetLanguage(String),
    /// Use these colours.
    SetTheme(Theme),
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
#[derive(Properties, PartialEq, Clone)]
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
    /// A word on the last action, such as "Copied".
    #[prop_or_default]
    pub notice: Option<String>,
    /// Whether addresses are shown in full.
    #[prop_or_default]
    pub revealed: bool,
    /// The colours in use.
    #[prop_or_default]
    pub theme: Theme,
    /// The tags of all languages that can be chosen.
    #[prop_or_default]
    pub languages: Vec<String>,
    /// What a wallboard knows beyond this run.
    #[prop_or_default]
    pub wallboard: Wallboard,
}

/// The whole page.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let config = match &props.config {
        Ok(config) => config,
        Err(problems) => {
            return html! {
                <div class="page" data-screen="broken">
                    { header::header(props) }
                    <main>{ broken::broken(&props.words, problems) }</main>
                </div>
            };
        }
    };
    if props.link.kiosk.is_some() {
        return kiosk::kiosk(props, config);
    }
    let screen = match props.state.phase {
        Phase::Ready => "before",
        Phase::Running => "during",
        Phase::Done | Phase::Stopped => "after",
    };
    html! {
        <div class="page" data-screen={screen}>
            { header::header(props) }
            <main>
                <p class="visually-hidden" role="status" aria-live="polite">{ announcement(props) }</p>
                { notices::notices(&props.words, &props.link) }
                // The key keeps one screen's open folds from the next one's.
                <key={screen}>{ show(props, config) }</>
            </main>
            <p class="toast" role="status">
                if let Some(notice) = &props.notice {
                    <span>{ notice }</span>
                }
            </p>
        </div>
    }
}

fn show(props: &PageProps, config: &Config) -> Html {
    match props.state.phase {
        Phase::Ready => before::before(props, config),
        Phase::Running => during::during(props),
        Phase::Done | Phase::Stopped => after::after(props, config),
    }
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

/// Says a sentence; addresses of the agent in full only when the agent agreed.
fn said(words: &Words, sentence: &Sentence, revealed: bool) -> String {
    if !revealed {
        return words.say(sentence);
    }
    let args: Vec<_> = sentence
        .args
        .iter()
        .map(|(name, arg)| match arg {
            Arg::Address(address) => (*name, Arg::Address(address.reveal())),
            other => (*name, other.clone()),
        })
        .collect();
    words.fill(&sentence.key, &args)
}

/// A callback that asks for `action`, whatever the event.
fn ask<E>(actions: &Callback<Action>, action: Action) -> Callback<E> {
    let actions = actions.clone();
    Callback::from(move |_: E| actions.emit(action.clone()))
}
