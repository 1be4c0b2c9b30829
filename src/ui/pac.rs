//! The PAC checker: a file is pasted, chosen or dropped, and every configured host is asked for.

use super::element::{El, el, fold, group, table};
use super::{Action, PageProps, said};
use crate::config::Config;
use crate::observation::{Asker, PacFailure, PacSeen, Seen};
use crate::pac::{self, Mistake};
use crate::words::{Arg, Words};

/// The fold with the checker and, once a file was checked, what it answered.
pub(super) fn checker(props: &PageProps, config: &Config) -> El {
    let words = &props.words;
    let seen = props.state.observations.iter().find_map(|it| match &it.seen {
        Seen::Pac(pac) => Some(pac),
        _ => None,
    });
    let check = || Action::CheckPac;
    let file =
        el("input type='file' id='pac-file' accept='.pac,.dat,.js,.txt'").on_change(&props.actions, check());
    let text =
        el("textarea id='pac-text' rows='8' spellcheck='false' autocapitalize='off' autocomplete='off'");
    let button = el("button type='button' data-action='check-pac'").on_click(&props.actions, check());
    fold(words.get("ui.pac"))
        .class("pac")
        .with(el("p").word(words, "ui.pac.lead"))
        .with(el("p").with(el("label").word(words, "ui.pac.file").with(file)))
        .with(el("p").with(el("label").word(words, "ui.pac.text").with(text)))
        .with(seen.map(|seen| names(words, seen)))
        .with(el("p class='row'").with(button.word(words, "ui.pac.check")))
        .with(seen.map(|seen| answer(words, config, seen)))
}

/// The names that the file looked up, for the reader to say their addresses.
fn names(words: &Words, seen: &PacSeen) -> El {
    let asked = pac::asked(seen);
    if asked.is_empty() {
        return group();
    }
    let legend = el("legend").word(words, "ui.pac.names");
    // The key keeps what was written into a field with its name.
    let fields = asked.into_iter().map(|name| {
        let label = if name.is_empty() {
            words.get("ui.pac.own")
        } else {
            name
        };
        let input = el("input type='text' inputmode='decimal' placeholder='192.0.2.1' autocomplete='off'");
        let input = input.set("data-pac-name", name);
        el("label").key(label).with(label).with(input)
    });
    el("fieldset class='names'").with(legend).with_all(fields)
}

fn answer(words: &Words, config: &Config, seen: &PacSeen) -> El {
    if let Some(failed) = seen.failed {
        let key = match failed {
            PacFailure::NotLoaded => "ui.pac.not-loaded",
            PacFailure::Unprotected => "ui.pac.unprotected",
            PacFailure::Broken => "ui.pac.broken",
            PacFailure::NoFunction => "ui.pac.no-function",
            PacFailure::TimedOut => "ui.pac.timed-out",
            PacFailure::Unreadable => "ui.pac.unreadable",
        };
        let error = seen.error.as_ref().map(|error| el("pre").with(error));
        return el("div role='status'")
            .set("data-pac", "failed")
            .with(el("p").word(words, key))
            .with(error);
    }
    let mistakes = pac::mistakes(config, seen);
    let wrong = mistakes.iter().filter(|it| it.wrong).count();
    let summary = if wrong == 0 {
        "ui.pac.right"
    } else {
        "ui.pac.wrong"
    };
    let list = mistakes.iter().map(|it| {
        el("li")
            .set("data-mistake", it.kind)
            .with(said(words, &it.sentence(), true))
    });
    let columns = [
        "ui.pac.subject",
        "ui.pac.asked",
        "ui.pac.browser",
        "ui.pac.route",
        "ui.pac.plan",
    ];
    let rows = seen.routes.iter().map(|one| {
        let by = match one.by {
            Asker::Both => "ui.pac.both",
            Asker::Chromium => "ui.pac.chromium",
            Asker::Firefox => "ui.pac.firefox",
        };
        let off = |it: &&Mistake| it.wrong && it.subject == one.subject;
        let plan = if mistakes.iter().any(|it| off(&it)) {
            "ui.pac.off-plan"
        } else {
            "ui.pac.on-plan"
        };
        let route = one.route.as_ref().or(one.error.as_ref());
        el("tr")
            .with(el("th scope='row'").with(&one.subject))
            .with(el("td").with(el("code").with(&one.url)))
            .with(el("td").word(words, by))
            .with(el("td").with(el("code").with(route.map_or("", String::as_str))))
            .with(el("td").word(words, plan))
    });
    el("div role='status'")
        .set("data-pac", if wrong == 0 { "right" } else { "wrong" })
        .with(el("p").fill(words, summary, &[("count", Arg::Number(wrong as f64))]))
        .with(el("ul").with_all(list))
        .with(table(
            words,
            "ui.pac.table",
            &columns,
            0..0,
            group().with_all(rows),
        ))
}
