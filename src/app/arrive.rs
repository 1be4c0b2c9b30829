//! Results that come from elsewhere, and the link for an agent.

mod draft;

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::html::Scope;

use super::effects::notify;
use super::model::{Message, Model};
use super::offline::LAST_KEY;
use super::{App, history};
use crate::browser::deflate::{NoText, inflated};
use crate::browser::place::Subscription;
use crate::browser::{deflate, desk as fields, device, place, storage};
use crate::config::Problem;
use crate::desk::{Desk, Opened, agent_link};
use crate::few::Gather as _;
use crate::kept::{self, LAST};
use crate::phone_code;
use crate::received::Received;
use crate::travel::{BEGINS, CHAT, MOST_BYTES, Unreadable, pack, shorter, unpack};
use crate::ui::Drafting;
use crate::words::Words;

/// What is asked of the helpdesk's part of the app.
pub(super) enum Asked {
    /// It is here: opens the result in the address, and whatever is dropped as long as the subscriptions live.
    Begin,
    /// Make the link out of what was chosen.
    Link,
    /// Open the files that were chosen.
    Files,
    /// Open the link that was pasted.
    Pasted,
    /// Read the code that was written down.
    Code,
    /// Read the history of this browser's runs, in these words.
    History(Rc<Words>),
    /// Clear it.
    Clear(Rc<Words>),
    /// The configuration came, or not; and the policy that the page has.
    Loaded(Result<String, Problem>, Option<String>),
    /// These files were dropped, or chosen, in place of the draft.
    Dropped(Vec<fields::File>),
    /// Whoever edits the draft pauses.
    Paused,
    /// Something with the draft.
    Draft(Rc<Drafting>),
    /// The draft's text was edited.
    Typed(String),
    /// A field of the draft's form is edited.
    Editing(String, String),
    /// Copy a link that holds a report (a JSON text), and say so.
    Share(Rc<Words>, String),
}

/// Does it. The one door into this part, once it is there.
#[inline(never)]
pub(super) fn act(link: &Scope<App>, model: &Model, asked: Asked) -> Vec<Subscription> {
    match asked {
        Asked::Begin => {
            open_address(link);
            let edits = model.desk.as_ref().is_some_and(|desk| desk.edits);
            return match edits {
                true => draft::begin(link, model),
                false => take_drops(link),
            };
        }
        Asked::Link => make_link(link),
        Asked::Files => open_files(link),
        Asked::Pasted => open_pasted(link),
        Asked::Code => read_code(link),
        Asked::History(words) => history::read(link, &words),
        Asked::Clear(words) => history::clear(link, words),
        Asked::Loaded(text, policy) => draft::loaded(link, model, text, policy),
        Asked::Dropped(files) => draft::dropped(link, model, files),
        Asked::Typed(text) => draft::typed(link, model, text),
        Asked::Editing(path, text) => draft::editing(link, model, &path, text),
        Asked::Paused => draft::paused(link, model),
        Asked::Draft(it) => draft::act(link, model, &it),
        Asked::Share(words, report) => share(link.clone(), words, report),
    }
    Vec::new()
}

/// The fragment of the helpdesk's view.
const HELPDESK: &str = "#helpdesk";
/// And that of the history's.
const HISTORY: &str = "#history";
/// That of the view in which a configuration is edited.
const CONFIGURATION: &str = "#configuration";

/// Which parameter of a link is chosen in which field; `desk-start` stands for two.
const FIELDS: [(&str, &str); 6] = [
    ("config", "desk-config"),
    ("phone", "desk-phone"),
    ("transport", "desk-transport"),
    ("depth", "desk-depth"),
    ("lang", "desk-language"),
    ("ticket", "desk-ticket"),
];

/// The view that the address asks for, in place of a check.
pub(super) fn view() -> Option<Desk> {
    let fragment = place::fragment();
    let [tools, history, edits, last] = [HELPDESK, HISTORY, CONFIGURATION, LAST].map(|it| fragment == it);
    (tools || history || edits || last || fragment.starts_with(BEGINS)).then(|| Desk {
        tools,
        history,
        edits,
        ..Desk::default()
    })
}

/// Opens the result in the address, if there is one, or the last one of this browser.
fn open_address(link: &Scope<App>) {
    let fragment = place::fragment();
    if fragment.starts_with(BEGINS) {
        open_link(link, fragment);
    } else if fragment == LAST {
        let text = storage::recall(LAST_KEY).unwrap_or_default();
        let report = kept::read(&text).ok_or(Unreadable::NoReport);
        tell(
            link,
            String::new(),
            report.and_then(|last| Received::read(last.report)),
        );
    }
}

/// Opens the link that was pasted: its fragment, or that alone.
fn open_pasted(link: &Scope<App>) {
    let pasted = fields::taken("desk-pasted");
    let text: String = pasted.split_whitespace().few().concat();
    if let Some(at) = text.find(BEGINS) {
        open_link(link, text[at..].to_owned());
    } else if text.starts_with('{') {
        // The saved file's text, pasted.
        opened(link, vec![(String::new(), Some(pasted))]);
    } else if !text.is_empty() {
        tell(link, String::new(), Err(Unreadable::NoReport));
    }
}

/// Opens the files that were chosen.
fn open_files(link: &Scope<App>) {
    let link = link.clone();
    spawn_local(async move { opened(&link, fields::chosen_files("desk-files").await) });
}

/// Opens what is dropped on the page, as long as the subscriptions live.
fn take_drops(link: &Scope<App>) -> Vec<Subscription> {
    let link = link.clone();
    fields::on_drop(move |files| opened(&link, files)).into()
}

fn opened(link: &Scope<App>, files: Vec<fields::File>) {
    for (name, text) in files {
        let report = match text {
            Some(text) => Received::read(&text),
            None => Err(Unreadable::TooLong),
        };
        tell(link, name, report);
    }
}

fn open_link(link: &Scope<App>, fragment: String) {
    let link = link.clone();
    spawn_local(async move { tell(&link, String::new(), received(&fragment).await) });
}

async fn received(fragment: &str) -> Result<Received, Unreadable> {
    let deflated = unpack(fragment)?;
    let text = inflated(&deflated, MOST_BYTES).await.map_err(|no| match no {
        NoText::TooLong => Unreadable::TooLong,
        NoText::Broken => Unreadable::Damaged,
    })?;
    Received::read(&text)
}

fn tell(link: &Scope<App>, name: String, report: Result<Received, Unreadable>) {
    link.send_message(Message::Opened(Opened { name, report }));
}

/// Makes the link out of what was chosen.
fn make_link(link: &Scope<App>) {
    let mut parameters: Vec<(&'static str, String)> =
        FIELDS.iter().map(|(name, id)| (*name, fields::field(id))).few();
    match &*fields::field("desk-start") {
        "auto" => parameters.push(("run", "auto".to_owned())),
        "kiosk" => parameters.push(("mode", "kiosk".to_owned())),
        _ => {}
    }
    link.send_message(Message::Made(agent_link(&place::page_url(), &parameters)));
}

/// Reads the code that was written down.
fn read_code(link: &Scope<App>) {
    let code = fields::field("desk-code");
    if !code.trim().is_empty() {
        link.send_message(Message::Code(phone_code::read(&code)));
    }
}

/// Copies a link that holds a report (a JSON text), and says so.
fn share(link: Scope<App>, words: Rc<Words>, report: String) {
    spawn_local(async move {
        let key = match shared(report).await {
            None => "ui.notice.not-shared",
            Some(address) if !device::copy_text(&address).await => "ui.notice.not-copied",
            Some(address) if address.len() > CHAT => "ui.notice.shared-long",
            Some(_) => "ui.notice.shared",
        };
        notify(&link, words.get(key)).await;
    });
}

/// As short as a chat wants it where that is possible; `None` where the browser cannot deflate.
async fn shared(report: String) -> Option<String> {
    let mut link = None;
    for text in shorter(&report) {
        let address = place::page_url() + &pack(&deflate::deflated(&text).await?);
        let fits = address.len() <= CHAT;
        link = Some(address);
        if fits {
            break;
        }
    }
    link
}
