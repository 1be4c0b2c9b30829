//! The helpdesk's view: make a link, read a code, open results, compare them.

use super::element::{El, card, el, group};
use super::history::history;
use super::notices::problem;
use super::qr::qr;
use super::received::opened;
use super::{Action, PageProps};
use crate::desk::{AgentLink, Cell, Comparison, Desk, Opened, compare};
use crate::few::Gather as _;
use crate::phone_code::{NoCode, Told};
use crate::units::{Kbps, Millis, Share};
use crate::words::Words;

/// The helpdesk's view, or a result alone; or what stands above a check with a draft that was edited here.
#[inline(never)]
pub(super) fn desk(props: &PageProps, desk: Option<&Desk>) -> El {
    let words = &props.words;
    let Some(desk) = desk else {
        return super::draft::banner(props);
    };
    if !words.has("ui.desk.title") {
        return el("p class='lead'").word(words, "ui.notice.moment");
    }
    if desk.history {
        return group().with(desk.earlier.as_ref().map(|it| history(words, &props.actions, it)));
    }
    if desk.edits {
        return super::draft::draft(props, desk.draft.as_deref());
    }
    let head = desk.tools.then(|| {
        el("section class='hero'")
            .with(el("h1").word(words, "ui.desk.title"))
            .with(el("p class='lead'").word(words, "ui.desk.lead"))
    });
    let comparison = compare(&desk.readable()).map(|it| side_by_side(words, &it));
    // One result is read as a whole; several are compared first.
    let alone = desk.opened.len() == 1;
    let results = desk.opened.iter().map(|it| match alone {
        true => group().with(opened(words, it, alone)),
        false => el("details class='card result'")
            .with(el("summary").with(summary(words, it)))
            .with(opened(words, it, alone)),
    });
    group()
        .with(head)
        .with(comparison)
        .with_all(results)
        .with(open(props, desk))
        .with(desk.tools.then(|| link(props, desk.link.as_ref())))
        .with(desk.tools.then(|| code(props, desk)))
        .with((!desk.tools).then(|| el("p").with(el("a href='#'").word(words, "ui.received.shown"))))
}

fn summary(words: &Words, it: &Opened) -> String {
    match &it.report {
        Ok(report) => format!(
            "{} · {}",
            report.when(),
            words.get(&format!("verdict.{}", report.verdict))
        ),
        Err(why) => format!("{} · {}", it.name, words.get(why.key())),
    }
}

fn open(props: &PageProps, desk: &Desk) -> El {
    let (words, actions) = (&props.words, &props.actions);
    let heading = match desk.opened.is_empty() {
        true => "ui.desk.open",
        false => "ui.desk.open.another",
    };
    let files = el("input type='file' id='desk-files' multiple='' accept='.json,application/json'")
        .on_change(actions, Action::OpenFiles);
    let pasted =
        el("textarea id='desk-pasted' rows='3' spellcheck='false' autocapitalize='off' autocomplete='off'");
    let button = el("button type='button' data-action='open-link'").on_click(actions, Action::OpenPasted);
    card("desk-open-heading", words.get(heading))
        .set("id", "desk-open")
        .with(el("p").with(el("label").word(words, "ui.desk.open.files").with(files)))
        .with(el("p").with(el("label").word(words, "ui.desk.open.link").with(pasted)))
        .with(el("p class='row'").with(button.word(words, "ui.desk.open.button")))
}

/// Where the choices of a link stand: parameter, the field's id, its label, and its choices as value and key into the
/// words; without choices it is a text.
type Field = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const FIELDS: [Field; 6] = [
    ("desk-config", "ui.desk.config", &[]),
    (
        "desk-phone",
        "ui.desk.phone",
        &[
            ("", "ui.desk.as-configured"),
            ("webrtc-embedded", "ui.phone.webrtc-embedded"),
            ("webrtc-softphone", "ui.phone.webrtc-softphone"),
            ("sip", "ui.phone.sip"),
            ("corporate", "ui.phone.corporate"),
            ("pstn", "ui.phone.pstn"),
        ],
    ),
    (
        "desk-transport",
        "ui.desk.transport",
        &[
            ("", "ui.desk.as-configured"),
            ("internet", "ui.desk.transport.internet"),
            ("private", "ui.desk.transport.private"),
            ("both", "ui.desk.transport.both"),
        ],
    ),
    (
        "desk-depth",
        "ui.desk.depth",
        &[("", "ui.desk.depth.full"), ("quick", "ui.desk.depth.quick")],
    ),
    (
        "desk-start",
        "ui.desk.start",
        &[
            ("", "ui.desk.start.click"),
            ("auto", "ui.desk.start.auto"),
            ("kiosk", "ui.desk.start.kiosk"),
        ],
    ),
    ("desk-ticket", "ui.desk.ticket", &[]),
];

fn link(props: &PageProps, link: Option<&AgentLink>) -> El {
    let (words, actions) = (&props.words, &props.actions);
    let fields = FIELDS.iter().map(|(id, label, choices)| {
        let field = match choices.is_empty() {
            true => el("input type='text' autocomplete='off' maxlength='64'").set("id", id),
            false => select(id, choices.iter().map(|(value, key)| (*value, words.get(key)))),
        };
        el("label").word(words, label).with(field)
    });
    let browsers = ("", words.get("ui.desk.language.browser"));
    let tongues = props.languages.iter().map(|(tag, name)| (&**tag, &**name));
    let language = el("label")
        .word(words, "ui.desk.language")
        .with(select("desk-language", [browsers].into_iter().chain(tongues)));
    let make = el("button type='button' class='primary' data-action='make-link'")
        .on_click(actions, Action::MakeLink);
    card("desk-link", words.get("ui.desk.link"))
        .with(el("div class='fields'").with_all(fields).with(language))
        .with(el("p class='row'").with(make.word(words, "ui.desk.make")))
        .with(link.map(|link| made(props, link)))
}

/// A choice, the first of all being chosen: options are put into a page from the last to the first, and a browser would
/// keep the one that came first.
fn select<'a>(id: &str, choices: impl Iterator<Item = (&'a str, &'a str)>) -> El {
    let option = |(at, (value, text)): (usize, (&str, &str))| {
        let option = el("option").set("value", value).with(text);
        if at == 0 {
            option.set("selected", "")
        } else {
            option
        }
    };
    el("select")
        .set("id", id)
        .with_all(choices.enumerate().map(option))
}

fn made(props: &PageProps, link: &AgentLink) -> El {
    let (words, actions) = (&props.words, &props.actions);
    let ignored = (!link.problems.is_empty()).then(|| {
        el("div class='aside' role='alert'")
            .with(el("p").word(words, "ui.desk.ignored"))
            .with(el("ul").with_all(link.problems.iter().map(|it| problem(words, it))))
    });
    let button = |opening, action, key| el(opening).on_click(actions, action).word(words, key);
    el("div role='status' id='desk-made'")
        .with(ignored)
        .with(el("p").with(el("code class='address'").with(&link.address)))
        .with(
            el("p class='row'")
                .with(button(
                    "button type='button' data-action='copy-link'",
                    Action::CopyLink,
                    "ui.desk.copy-link",
                ))
                .with(button(
                    "button type='button' data-action='copy-message'",
                    Action::CopyMessage,
                    "ui.desk.copy-message",
                )),
        )
        .with(qr(&link.address, words.get("ui.desk.qr")))
}

fn code(props: &PageProps, desk: &Desk) -> El {
    let (words, actions) = (&props.words, &props.actions);
    let field = el("input type='text' id='desk-code' autocomplete='off' autocapitalize='characters' spellcheck='false' maxlength='20'")
        .on_change(actions, Action::ReadCode);
    let button = el("button type='button' data-action='read-code'").on_click(actions, Action::ReadCode);
    card("desk-code-heading", words.get("ui.desk.code"))
        .with(el("p").with(el("label").word(words, "ui.desk.code.label").with(field)))
        .with(el("p class='row'").with(button.word(words, "ui.desk.code.read")))
        .with(desk.code.as_ref().map(|it| told(words, it)))
}

fn told(words: &Words, code: &Result<Told, NoCode>) -> El {
    let told = match code {
        Ok(told) => told,
        Err(why) => {
            return el("p role='alert'")
                .set("data-code", why.key())
                .word(words, why.key());
        }
    };
    let cause = match (told.primary, told.unknown_cause) {
        (Some(cause), _) => words.get(&format!("cause.{cause}.title")).to_owned(),
        (None, true) => words.get("ui.desk.code.unknown").to_owned(),
        (None, false) => words.get("ui.desk.no-cause").to_owned(),
    };
    let facts = [
        (
            "ui.desk.verdict",
            Some(words.get(&format!("verdict.{}", told.verdict)).to_owned()),
        ),
        ("ui.desk.primary", Some(cause)),
        ("ui.desk.clean", told.clean_kbps.map(|it| words.figure(Kbps(it)))),
        (
            "ui.fact.round-trip",
            told.round_trip_ms.map(|it| words.figure(Millis(it))),
        ),
        ("ui.fact.loss", told.loss.map(|it| words.figure(Share(it)))),
        (
            "ui.desk.code.day",
            told.day.map(|(month, day)| format!("{month:02}-{day:02}")),
        ),
    ];
    let known = facts.into_iter().filter_map(|(key, value)| Some((key, value?)));
    let rows = known.map(|(key, value)| {
        el("div")
            .with(el("dt").word(words, key))
            .with(el("dd").with(value))
    });
    let list = el("dl class='code'").set("data-verdict", told.verdict);
    el("div role='status'").with(list.with_all(rows))
}

fn side_by_side(words: &Words, it: &Comparison) -> El {
    let cell = |cell: &Cell| match cell {
        Cell::Nothing => "–".to_owned(),
        Cell::Plain(text) => text.clone(),
        Cell::Of(arg) => words.shown(arg),
    };
    let rows = it.rows.iter().map(|row| {
        let label = el("th scope='row'").word(words, &row.label);
        let label = match row.differs {
            true => label
                .with(" ")
                .with(el("span class='differs'").word(words, "ui.desk.compare.differs")),
            false => label,
        };
        let cells: Vec<El> = row.cells.iter().map(|it| el("td").with(cell(it))).few();
        el("tr")
            .class_if(row.differs, "differs")
            .with(label)
            .with_all(cells)
    });
    let body = el("tbody").with_all(rows);
    let caption = el("caption class='visually-hidden'").word(words, "ui.desk.compare.caption");
    card("desk-compare", words.get("ui.desk.compare"))
        .with(el("p class='reading' role='status'").with(words.say(&it.means)))
        .with(
            el("div tabindex='0' role='group' class='scroll'")
                .set("aria-label", words.get("ui.desk.compare.caption"))
                .with(el("table").with(caption).with(body)),
        )
}
