//! The view in which a configuration is edited: what comes into it, and what goes out.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::future::ready;
use wasm_bindgen_futures::spawn_local;
use yew::html::Scope;

use super::super::effects::tell;
use super::super::load::{config_path, missing};
use super::super::model::{Message, Model};
use super::super::{App, Task, stamp};
use super::Asked;
use crate::browser::desk::{self as fields, File};
use crate::browser::place::Subscription;
use crate::browser::{automation, clock, device, fetch_from_server, own_policy, storage};
use crate::config::{LONGEST, Problem};
use crate::draft::{Change, Draft, directives};
use crate::ui::Drafting;
use crate::units::Millis;

/// Where a draft is kept until the tab is closed; one of another configuration beside it.
const KEY: &str = "clearline.draft";
/// The field with the text.
const TEXT: &str = "draft-text";
/// Whoever types nothing for so long pauses.
const PAUSE: Millis = Millis(350.0);
/// How long the web server may take to tell the page's policy.
const POLICY: Millis = Millis(5_000.0);

/// Fetches what is edited; listens as long as the subscriptions live.
pub(super) fn begin(link: &Scope<App>, model: &Model) -> Vec<Subscription> {
    fetch(link, model);
    let dropped = link.clone();
    let mut subscriptions: Vec<Subscription> =
        fields::on_drop(move |files| dropped.send_message(Message::AtDesk(Asked::Dropped(files)))).into();
    let (link, pausing) = (link.clone(), RefCell::new(None));
    subscriptions.push(fields::on_input("draft-", move |name, text| {
        match name {
            "text" => link.send_message(Message::AtDesk(Asked::Typed(text))),
            "file" => return,
            path => return link.send_message(Message::AtDesk(Asked::Editing(path.to_owned(), text))),
        }
        let link = link.clone();
        pausing.replace(Some(Task::start(async move {
            clock::sleep(PAUSE).await;
            link.send_message(Message::AtDesk(Asked::Paused));
        })));
    }));
    subscriptions
}

fn fetch(link: &Scope<App>, model: &Model) {
    let (link, path) = (link.clone(), config_path(&model.start.link));
    spawn_local(async move {
        let policy = own_policy(POLICY).await;
        let text = fetch_from_server(&path).await;
        let text = text.map_err(|error| missing(error).at(&path));
        link.send_message(Message::AtDesk(Asked::Loaded(text, policy)));
    });
}

/// The file on the server is here, or why not: what was edited before in this tab goes on.
pub(super) fn loaded(
    link: &Scope<App>,
    model: &Model,
    text: Result<String, Problem>,
    policy: Option<String>,
) {
    let path = config_path(&model.start.link);
    if model.tried.is_some() {
        return;
    }
    // What is edited stays, unless there is something to put in its place.
    match (model.draft().cloned(), &text) {
        (Some(before), Err(why)) => return show(link, model, before.refusing(why.clone())),
        (Some(before), Ok(text)) if text.len() > LONGEST => {
            return show(link, model, before.replaced(&path, Some(text)));
        }
        _ => {}
    }
    let mut draft = match &text {
        Ok(text) if text.len() <= LONGEST => Draft::open(text, &path),
        Ok(text) => Draft::template(&path).replaced(&path, Some(text)),
        Err(_) => Draft::template(&path),
    };
    if let Some(before) = model.draft() {
        draft = draft.instead_of(before);
    } else if let Some(stored) = storage::recall_here(&key(model)) {
        draft = draft.restored(&stored);
    }
    draft.page.clone_from(&model.start.page.origin);
    draft.policy = policy;
    draft.refused = text.err().or(draft.refused);
    show(link, model, draft);
}

/// The first of the files that were dropped or chosen.
pub(super) fn dropped(link: &Scope<App>, model: &Model, files: Vec<File>) {
    let (Some(draft), Some((name, text)), None) = (model.draft(), files.into_iter().next(), &model.tried)
    else {
        return;
    };
    show(link, model, draft.clone().replaced(&name, text.as_deref()));
}

/// Takes what was typed, before anything is drawn again.
pub(super) fn typed(link: &Scope<App>, model: &Model, text: String) {
    if let Some(draft) = model.draft() {
        link.send_message(Message::Draft(Rc::new(draft.clone().typed(text))));
    }
}

/// Takes what is written into a field of the form, so that nothing that is drawn meanwhile puts the old text back.
pub(super) fn editing(link: &Scope<App>, model: &Model, path: &str, text: String) {
    if let Some(draft) = model.draft() {
        let draft = draft.clone().editing(path, Some(text));
        link.send_message(Message::Draft(Rc::new(draft)));
    }
}

/// Looks at what was typed.
pub(super) fn paused(link: &Scope<App>, model: &Model) {
    if let Some(draft) = model.draft() {
        show(link, model, draft.clone().check());
    }
}

/// Does it.
pub(super) fn act(link: &Scope<App>, model: &Model, asked: &Drafting) {
    let Some(draft) = model.draft() else { return };
    let field = |path: &str| fields::field(&format!("draft-{path}"));
    let written;
    let change = match asked {
        Drafting::Open => {
            let link = link.clone();
            spawn_local(async move {
                let files = fields::chosen_files("draft-file").await;
                link.send_message(Message::AtDesk(Asked::Dropped(files)));
            });
            return;
        }
        Drafting::Again => return fetch(link, model),
        Drafting::Undo => return show(link, model, draft.clone().undone()),
        Drafting::Go(spot) => return fields::select(TEXT, spot.selects),
        Drafting::Try => return attempt(link, model, draft.clone().check()),
        Drafting::Save => return save(link, model, draft),
        Drafting::CopyPolicy => return copy_policy(link, model, draft),
        Drafting::Back => return focus_soon(TEXT.to_owned()),
        Drafting::Field(path) => {
            written = field(path);
            Change::Field(path, &written)
        }
        Drafting::Choice(path, json) => Change::Choice(path, json),
        Drafting::Gone(path) => Change::Gone(path),
        Drafting::Application => Change::Application,
        Drafting::Turn => Change::Turn,
        Drafting::Access(index, access) => Change::Access(*index, *access),
    };
    let Some((after, _)) = draft.with(&change) else {
        return show(link, model, draft.clone().editing("", None));
    };
    let entries = |list| {
        let json = after.checked.json.as_ref();
        json.map_or(0, |json| json.list_of(list).len())
    };
    match &change {
        Change::Application => focus_soon(format!("draft-applications.{}.id", entries("applications") - 1)),
        Change::Turn => focus_soon(format!("draft-turn.{}.id", entries("turn") - 1)),
        Change::Gone(path) => focus_soon(format!(
            "draft-add-{}",
            path.split('.').next().unwrap_or_default()
        )),
        _ => {}
    }
    show(link, model, after);
}

/// Shows a draft, and keeps it for the case that the page is left.
fn show(link: &Scope<App>, model: &Model, draft: Draft) {
    storage::remember_here(&key(model), &draft.stored());
    link.send_message(Message::Draft(Rc::new(draft)));
}

fn key(model: &Model) -> String {
    let name = model.start.link.config.as_deref().unwrap_or_default();
    format!("{KEY}.{name}")
}

/// Moves the keyboard's focus to what is drawn next.
fn focus_soon(id: String) {
    spawn_local(async move {
        clock::sleep(Millis(0.0)).await;
        automation::show(&id);
    });
}

fn attempt(link: &Scope<App>, model: &Model, draft: Draft) {
    let config = draft.checked.config.clone();
    show(link, model, draft);
    if let Some(config) = config {
        link.send_message(Message::Try(config, stamp()));
    }
}

fn save(link: &Scope<App>, model: &Model, draft: &Draft) {
    let name = draft.file.rsplit('/').next().unwrap_or_default();
    let saved = device::save_text(name, "application/json", draft.whole().expose());
    if saved {
        show(link, model, draft.clone().saved());
    }
    tell(
        link,
        model,
        ready(saved),
        ["ui.notice.saved", "ui.notice.not-saved"],
    );
}

fn copy_policy(link: &Scope<App>, model: &Model, draft: &Draft) {
    let Some(config) = &draft.checked.config else {
        return;
    };
    let text = directives(config);
    let copied = async move { device::copy_text(&text).await };
    tell(link, model, copied, ["ui.notice.copied", "ui.draft.not-copied"]);
}
