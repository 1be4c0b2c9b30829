//! The view in which a configuration is edited: as a form, as text with its problems, to be tried and to be saved.

use std::rc::Rc;

use super::element::{El, card, el, group};
use super::{Action, PageProps};
use crate::config::{Phone, Problem, Transport};
use crate::draft::{Access, Draft, Spot, directives, forbidden};
use crate::few::Gather as _;
use crate::json::Json;
use crate::words::{Arg, Words};

/// What whoever edits a configuration wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Drafting {
    /// Open the file that was chosen, in place of the draft.
    Open,
    /// Begin again with the file on the server.
    Again,
    /// Take back what came in place of the draft before.
    Undo,
    /// What is written in the form's field of this path.
    Field(String),
    /// This value, in JSON, at this path.
    Choice(String, &'static str),
    /// The entry at this path goes.
    Gone(String),
    /// One more application.
    Application,
    /// One more TURN server.
    Turn,
    /// How the TURN server with this index gets credentials.
    Access(usize, Access),
    /// Go to this place of the text.
    Go(Spot),
    /// Run a check with the draft.
    Try,
    /// From there back to the draft.
    Back,
    /// Save the file.
    Save,
    /// Copy what the web server's policy has to say.
    CopyPolicy,
}

/// Above a check with a draft, since its result is none for anybody else.
pub(super) fn banner(props: &PageProps) -> El {
    let back = button(props, Drafting::Back, "back", "ui.draft.back");
    el("div class='aside tried'")
        .with(el("p").word(&props.words, "ui.draft.banner"))
        .with(el("p class='row'").with(back))
}

fn ask(asked: Drafting) -> Action {
    Action::Draft(Rc::new(asked))
}

fn button(props: &PageProps, asked: Drafting, name: &str, key: &str) -> El {
    el("button type='button'")
        .set("data-action", format!("draft-{name}"))
        .on_click(&props.actions, ask(asked))
        .word(&props.words, key)
}

/// The view.
pub(super) fn draft(props: &PageProps, draft: Option<&Draft>) -> El {
    let words = &props.words;
    let hero = el("section class='hero'")
        .with(el("h1").word(words, "ui.draft.title"))
        .with(el("p class='lead'").word(words, "ui.draft.lead"));
    let Some(draft) = draft else {
        return hero.with(el("p").word(words, "ui.notice.moment"));
    };
    group()
        .with(hero)
        .with(form(props, draft))
        .with(text(props, draft))
        .with(attempt(props, draft))
        .with(save(props, draft))
        .with(
            el("p").with(
                el("a")
                    .set("href", props.link.address("./"))
                    .word(words, "ui.received.shown"),
            ),
        )
}

fn text(props: &PageProps, draft: &Draft) -> El {
    let words = &props.words;
    let file = el("input type='file' id='draft-file' accept='.json,application/json'")
        .on_change(&props.actions, ask(Drafting::Open));
    let refused = draft
        .refused
        .as_ref()
        .map(|it| el("div class='aside' role='alert'").with_all(sentences(words, it)));
    let area = el(
        "textarea id='draft-text' rows='22' dir='ltr' spellcheck='false' autocapitalize='off' autocomplete='off' \
         aria-describedby='draft-count'",
    );
    let undo = draft
        .can_undo()
        .then(|| button(props, Drafting::Undo, "undo", "ui.draft.undo"));
    let kept = draft
        .has_kept()
        .then(|| el("p class='quietly'").word(words, "ui.draft.kept"));
    card("draft-as-text", words.get("ui.draft.text"))
        .class("draft")
        .with(el("p").with(el("label").word(words, "ui.draft.file").with(file)))
        .with(refused)
        .with(found(props, draft))
        .with(
            el("p").with(
                el("label")
                    .with(el("code dir='ltr'").with(&draft.file))
                    .with(area.filled(&draft.text)),
            ),
        )
        .with(kept)
        .with(
            el("p class='row'")
                .with(button(props, Drafting::Again, "again", "ui.draft.again"))
                .with(undo),
        )
}

/// How many problems there are, which a screen reader is told, and what they are.
fn found(props: &PageProps, draft: &Draft) -> El {
    let (words, checked) = (&props.words, &draft.checked);
    let number = |number: usize| [("count", Arg::Number(number as f64))];
    let count = el("p role='status' id='draft-count'");
    let count = match checked.count {
        0 => count.word(words, "ui.draft.fine"),
        some => count.fill(words, "ui.draft.wrong", &number(some)),
    };
    let problem = |(problem, spot): &(Problem, Option<Spot>)| {
        let go = spot.map(|spot| {
            let place = |number: usize| Arg::Number(number as f64);
            let place = [("line", place(spot.line)), ("column", place(spot.column))];
            el("button type='button' class='quiet' data-action='draft-go'")
                .on_click(&props.actions, ask(Drafting::Go(spot)))
                .fill(words, "ui.draft.at", &place)
        });
        el("li")
            .set("data-problem", problem.fault.key)
            .with_all(sentences(words, problem))
            .with(go)
    };
    let more = checked.count - checked.problems.len();
    group()
        .with(count.set("data-count", checked.count.to_string()))
        .with(
            (checked.count > 0)
                .then(|| el("ol class='problems'").with_all(checked.problems.iter().map(problem))),
        )
        .with((more > 0).then(|| el("p").fill(words, "ui.draft.more", &number(more))))
}

fn sentences(words: &Words, problem: &Problem) -> [El; 3] {
    let said = problem.said(words);
    [
        el("code dir='ltr'").with(&problem.path),
        el("p").with(&said.what),
        el("p class='remedy'").with(&said.remedy),
    ]
}

fn attempt(props: &PageProps, draft: &Draft) -> El {
    let words = &props.words;
    let config = draft.checked.config.as_ref();
    let policy = draft.policy.as_deref().unwrap_or_default();
    let unreached = config.map_or(Vec::new(), |config| forbidden(config, policy, &draft.page));
    let blocked = (!unreached.is_empty()).then(|| {
        let host = |host: &String| el("li").with(el("code dir='ltr'").with(host));
        el("div class='aside' id='draft-forbidden'")
            .with(el("p").word(words, "ui.draft.forbidden"))
            .with(el("ul").with_all(unreached.iter().map(host)))
    });
    let start = button(props, Drafting::Try, "try", "ui.draft.try.button").class("primary");
    card("draft-try", words.get("ui.draft.try"))
        .with(el("p").word(words, "ui.draft.try.lead"))
        .with(config.map(|config| super::before::plan_warnings(props, config)))
        .with(blocked)
        .with(match config {
            Some(_) => el("p class='row'").with(start),
            None => el("p").word(words, "ui.draft.try.broken"),
        })
}

fn save(props: &PageProps, draft: &Draft) -> El {
    let (words, checked) = (&props.words, &draft.checked);
    let file = [("file", Arg::Text(draft.file.clone()))];
    let card = card("draft-save", words.get("ui.draft.save"));
    if checked.json.is_none() {
        return card.with(el("p").word(words, "ui.draft.save.broken"));
    }
    let policy = checked.config.as_ref().map(|config| {
        group()
            .with(el("p").word(words, "ui.draft.policy"))
            .with(
                el("p").with(el("code class='address' dir='ltr' id='draft-policy'").with(directives(config))),
            )
            .with(el("p class='row'").with(button(
                props,
                Drafting::CopyPolicy,
                "policy",
                "ui.draft.policy.copy",
            )))
    });
    let wrong = checked
        .config
        .is_none()
        .then(|| el("p").word(words, "ui.draft.save.wrong"));
    let open = checked
        .has_passwords()
        .then(|| el("p class='aside'").word(words, "ui.draft.passwords"));
    card.with(el("p").fill(words, "ui.draft.save.where", &file))
        .with(el("p").word(words, "ui.draft.save.another"))
        .with(wrong)
        .with(open)
        .with(el("p class='row'").with(button(props, Drafting::Save, "save", "ui.draft.save.button")))
        .with(policy)
}

/// The form of what nearly everyone changes; the text has all of it.
fn form(props: &PageProps, draft: &Draft) -> El {
    let words = &props.words;
    let card = card("draft-form", words.get("ui.draft.form")).class("draft");
    let Some(json) = &draft.checked.json else {
        return card.with(el("p").word(words, "ui.draft.form.none"));
    };
    let about = |key: &str| about(words, key);
    let fields = |paths: &[&'static str]| {
        el("div class='fields'").with_all(paths.iter().map(|path| field(props, json, path, path)))
    };
    card.with(fields(&["name"]))
        .with(phones(props, json))
        .with(transports(props, json))
        .with(applications(props, json))
        .with(servers(props, json))
        .with(about("canary").with(fields(&["canary.url"])))
        .with(about("helpdesk").with(fields(&[
            "helpdesk.name",
            "helpdesk.phone",
            "helpdesk.email",
            "helpdesk.url",
        ])))
        .with(about("brand").with(fields(&["brand.logo", "brand.accent"])))
        .with(about("reporting").with(fields(&["reporting.otlp_url", "reporting.webhook_url"])))
}

/// What opens under a key and what it is about.
fn about(words: &Words, key: &str) -> El {
    el("details").with(named(words, el("summary"), key))
}

/// The last of these keys and what it is about.
fn named(words: &Words, label: El, key: &str) -> El {
    label
        .with(el("code dir='ltr'").with(key.rsplit('.').next().unwrap_or(key)))
        .with(" ")
        .word(words, &format!("$.{key}"))
}

/// What stands at a path such as `turn.0.id`.
fn value<'a>(json: &'a Json, path: &str) -> Option<&'a Json> {
    path.split('.')
        .try_fold(json, |json, name| match name.parse::<usize>() {
            Ok(index) => json.list().get(index),
            Err(_) => json.get(name),
        })
}

/// A field for a text, or for texts with blanks between them, under the words for its key.
fn field(props: &PageProps, json: &Json, path: &str, key: &str) -> El {
    let words = &props.words;
    let written = value(json, path);
    let texts: Vec<&str> = written
        .map_or(&[][..], Json::list)
        .iter()
        .filter_map(Json::text)
        .few();
    let draft = props.desk.as_ref().and_then(|desk| desk.draft.as_ref());
    let edited = draft.and_then(|draft| draft.edited(path)).map(str::to_owned);
    let shown = edited.unwrap_or_else(|| match written.and_then(Json::text) {
        Some(text) => text.to_owned(),
        None => texts.join(" "),
    });
    let input = match path.ends_with(".credential") {
        true => el("input type='password' autocomplete='new-password'"),
        false => el("input type='text' autocomplete='off' spellcheck='false' autocapitalize='off'"),
    };
    let input = input
        .set("id", format!("draft-{path}"))
        .set("dir", if key.ends_with("name") { "auto" } else { "ltr" })
        .on_change(&props.actions, ask(Drafting::Field(path.to_owned())))
        .filled(&shown);
    let label = named(words, el("span"), key);
    el("label").with(label).with(input)
}

fn choice(props: &PageProps, name: &str, chosen: bool, asked: Drafting, key: &str) -> El {
    let radio = el("input type='radio'")
        .set("name", name)
        .checked(chosen)
        .on_change(&props.actions, ask(asked));
    el("label").with(radio).with(el("span").word(&props.words, key))
}

fn choices(legend: &str) -> El {
    el("fieldset class='choices'").with(el("legend").with(legend))
}

fn phones(props: &PageProps, json: &Json) -> El {
    const JSON: [&str; 5] = [
        "\"webrtc-embedded\"",
        "\"webrtc-softphone\"",
        "\"sip\"",
        "\"corporate\"",
        "\"pstn\"",
    ];
    let now = json.text_of("phone").unwrap_or(Phone::default().id());
    let all = Phone::IDS.iter().zip(JSON).map(|(id, json)| {
        let asked = Drafting::Choice("phone".to_owned(), json);
        choice(props, "draft-phone", *id == now, asked, &format!("ui.phone.{id}"))
    });
    choices(props.words.get("$.phone")).with_all(all)
}

fn transports(props: &PageProps, json: &Json) -> El {
    const JSON: [&str; 3] = ["\"internet\"", "\"private\"", "\"both\""];
    let now = json.text_of("transport").unwrap_or(Transport::default().id());
    let all = Transport::IDS.iter().zip(JSON).map(|(id, json)| {
        let asked = Drafting::Choice("transport".to_owned(), json);
        choice(
            props,
            "draft-transport",
            *id == now,
            asked,
            &format!("ui.desk.transport.{id}"),
        )
    });
    choices(props.words.get("$.transport")).with_all(all)
}

/// An entry of a list, with what takes it away.
fn entry(props: &PageProps, path: &str, json: &Json, inside: El) -> El {
    let id = json.text_of("id").unwrap_or_default().to_owned();
    let gone = el("button type='button' data-action='draft-gone'")
        .on_click(&props.actions, ask(Drafting::Gone(path.to_owned())))
        .fill(&props.words, "ui.draft.gone", &[("id", Arg::Text(id.clone()))]);
    el("fieldset class='entry'")
        .with(el("legend").with(el("code dir='ltr'").with(id)))
        .with(inside)
        .with(el("p class='row'").with(gone))
}

fn applications(props: &PageProps, json: &Json) -> El {
    let words = &props.words;
    let all = json
        .list_of("applications")
        .iter()
        .enumerate()
        .map(|(index, entry_)| {
            let path = format!("applications.{index}");
            let one = |name: &str| {
                field(
                    props,
                    json,
                    &format!("{path}.{name}"),
                    &format!("applications.{name}"),
                )
            };
            let required = entry_.flag_of("required").unwrap_or(true);
            let other = if required { "false" } else { "true" };
            let tick = el("input type='checkbox'").checked(required).on_change(
                &props.actions,
                ask(Drafting::Choice(format!("{path}.required"), other)),
            );
            let label = named(words, el("span"), "applications.required");
            let tick = el("label class='tick'").with(tick).with(label);
            let inside = group()
                .with(
                    el("div class='fields'")
                        .with(one("id"))
                        .with(one("name"))
                        .with(one("url")),
                )
                .with(tick);
            entry(props, &path, entry_, inside)
        });
    let add = button(
        props,
        Drafting::Application,
        "application",
        "ui.draft.add.application",
    );
    about(words, "applications")
        .with_all(all)
        .with(el("p class='row'").with(add.set("id", "draft-add-applications")))
}

fn servers(props: &PageProps, json: &Json) -> El {
    let words = &props.words;
    let all = json.list_of("turn").iter().enumerate().map(|(index, server)| {
        let path = format!("turn.{index}");
        let one = |name: &str| field(props, json, &format!("{path}.{name}"), &format!("turn.{name}"));
        let now = Access::of(server);
        let ways = [
            (Access::Fetched, "ui.draft.access.fetched"),
            (Access::Static, "ui.draft.access.static"),
            (Access::Unauthorized, "ui.draft.access.unauthorized"),
        ];
        let group_name = format!("draft-access-{index}");
        let ways = ways.map(|(access, key)| {
            choice(
                props,
                &group_name,
                now == Some(access),
                Drafting::Access(index, access),
                key,
            )
        });
        let fields = el("div class='fields'").with(one("id")).with(one("urls"));
        let fields = match now {
            Some(Access::Fetched) => fields.with(one("credentials_url")),
            Some(Access::Static) => fields.with(one("username")).with(one("credential")),
            _ => fields,
        };
        let inside = group()
            .with(choices(words.get("ui.draft.access")).with_all(ways))
            .with(fields);
        entry(props, &path, server, inside)
    });
    let add = button(props, Drafting::Turn, "turn", "ui.draft.add.turn");
    about(words, "turn")
        .with_all(all)
        .with(el("p class='row'").with(add.set("id", "draft-add-turn")))
}
