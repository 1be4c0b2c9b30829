//! What actions do outside the page's state.

use futures_util::future::{LocalBoxFuture, ready};
use wasm_bindgen_futures::spawn_local;
use yew::html::Scope;

use super::arrive::{self, Asked};
use super::load::{LANGUAGE_KEY, speak, translated};
use super::model::{Message, Model};
use super::{App, FORMAT_KEY};
use crate::browser::{self, automation, clock, device, storage};
use crate::few::Gather as _;
use crate::observation::{PAC, Seen};
use crate::pac;
use crate::report::Format;
use crate::ui::Action;
use crate::units::Millis;
use crate::words::Arg;

/// A word such as "Copied" stays this long.
const NOTICE: Millis = Millis(4_000.0);

/// What an action does outside the page's state.
pub(super) fn side_effect(link: &Scope<App>, model: &Model, action: &Action) {
    match action {
        Action::CopyTicket
        | Action::CopyFix(_)
        | Action::CopyProof
        | Action::CopyAddress
        | Action::CopyLink
        | Action::CopyMessage => {
            if let Some(text) = to_copy(model, action) {
                let copied = async move { device::copy_text(&text).await };
                tell(link, model, copied, ["ui.notice.copied", "ui.notice.not-copied"]);
            }
        }
        Action::SaveReport => {
            let Some(report) = model.report() else { return };
            let name = format!("clearline-{}.json", report.run.started.replace(':', "-"));
            let saved = device::save_text(&name, "application/json", &report.to_json());
            tell(
                link,
                model,
                ready(saved),
                ["ui.notice.saved", "ui.notice.not-saved"],
            );
        }
        Action::SetLanguage(language) => {
            let (link, before, language) = (link.clone(), model.words.clone(), language.clone());
            spawn_local(async move {
                let Some(words) = translated(before.clone(), language).await else {
                    return notify(&link, before.get("ui.notice.no-language")).await;
                };
                // Only words that have come: the page would not start with others.
                storage::remember(LANGUAGE_KEY, words.language());
                speak(&words);
                link.send_message(Message::Language(words));
            });
        }
        Action::SetFormat(format) => {
            let name = Format::ALL.iter().find(|it| it.0 == *format).map(|it| it.1);
            storage::remember(FORMAT_KEY, name.unwrap_or_default());
        }
        Action::Share => share(link, model),
        Action::MakeLink => at_desk(link, model, Asked::Link),
        Action::OpenFiles => at_desk(link, model, Asked::Files),
        Action::OpenPasted => at_desk(link, model, Asked::Pasted),
        Action::ReadCode => at_desk(link, model, Asked::Code),
        Action::ClearHistory => at_desk(link, model, Asked::Clear(model.words.clone())),
        Action::Draft(it) => at_desk(link, model, Asked::Draft(it.clone())),
        Action::CheckPac => check_pac(link, model),
        Action::ShowPac => automation::show("pac-file"),
        Action::Print => {
            device::print();
        }
        _ => {}
    }
}

fn at_desk(link: &Scope<App>, model: &Model, asked: Asked) {
    arrive::act(link, model, asked);
}

/// Copies a link that holds the report: the helpdesk's part of the app makes it.
fn share(link: &Scope<App>, model: &Model) {
    let Some(report) = model.report() else { return };
    let (link, words) = (link.clone(), model.words.clone());
    spawn_local(async move {
        match browser::desk_part().await {
            true => link.send_message(Message::AtDesk(Asked::Share(words, report.to_json()))),
            false => notify(&link, words.get("ui.notice.not-shared")).await,
        }
    });
}

/// Runs the PAC file that the reader gave, and tells what it answered.
fn check_pac(link: &Scope<App>, model: &Model) {
    let Ok(config) = model.config.clone() else { return };
    let link = link.clone();
    spawn_local(async move {
        let (text, names) = browser::pac::given().await;
        if text.trim().is_empty() {
            return;
        }
        let questions = pac::questions(&config);
        let reply = browser::pac::run(&pac::job(&questions, &text, &names)).await;
        let seen = match reply {
            Ok(reply) => pac::read(questions, &reply),
            Err(why) => pac::failed(why),
        };
        link.send_message(Message::Told(PAC, Seen::Pac(seen)));
    });
}

/// What an action copies; `None` when there is nothing.
fn to_copy(model: &Model, action: &Action) -> Option<String> {
    let words = &model.words;
    let agent_link = || Some(model.desk.as_ref()?.link.as_ref()?.address.clone());
    match action {
        Action::CopyAddress => return Some(model.link.address(&browser::place::page_url())),
        Action::CopyLink => return agent_link(),
        Action::CopyMessage => {
            return Some(words.fill("ui.desk.message", &[("link", Arg::Text(agent_link()?))]));
        }
        _ => {}
    }
    let report = model.report()?;
    match action {
        Action::CopyFix(index) => Some(report.fixes.get(*index)?.copy.clone()),
        Action::CopyProof => {
            let request = model.guide.compared.as_ref()?.request.as_ref()?;
            let lines: Vec<String> = request
                .copy
                .iter()
                .map(|line| words.said(line, model.revealed))
                .few();
            Some(lines.join("\n"))
        }
        _ => Some(report.ticket(words, model.format)),
    }
}

/// Says for a while whether this went well.
pub(super) fn tell(
    link: &Scope<App>,
    model: &Model,
    work: impl Future<Output = bool> + 'static,
    keys: [&str; 2],
) {
    let link = link.clone();
    let work: LocalBoxFuture<'static, bool> = Box::pin(work);
    let [well, badly] = keys.map(|key| model.words.get(key).to_owned());
    spawn_local(async move {
        notify(&link, if work.await { &well } else { &badly }).await;
    });
}

pub(super) async fn notify(link: &Scope<App>, text: &str) {
    link.send_message(Message::Notice(Some(text.to_owned())));
    clock::sleep(NOTICE).await;
    link.send_message(Message::Notice(None));
}
