//! Whose page this is, its language and its colours.

use super::element::{El, el};
use super::{Action, PageProps, Theme};
use crate::checkup::Phase;
use crate::words::Arg;

/// The line at the top.
pub(super) fn header(props: &PageProps) -> El {
    let config = props.config.as_ref().ok();
    let name = config.map_or_else(|| props.words.get("ui.name"), |config| &config.name);
    let logo = match config.and_then(|config| config.brand.logo.as_ref()) {
        Some(logo) => el("img alt=''").set("src", logo),
        None => mark(),
    };
    let several = props.languages.len() > 1 && props.state.phase != Phase::Running;
    let languages = several.then(|| languages(props));
    el("header class='top'")
        .with(el("p class='brand'").with(logo).with(el("span").with(name)))
        .with(languages)
        .with(theme_button(props))
}

/// A menu of all languages. A run has the line to itself: until it ends there is none.
///
/// It is a popover: the browser closes it on Escape, on a choice and on a press elsewhere, and gives the focus back.
fn languages(props: &PageProps) -> El {
    let words = &props.words;
    let button = |(tag, name): &(String, String)| {
        el("button type='button' data-action='language' popovertarget='languages' popovertargetaction='hide'")
            .set("lang", tag)
            .set("aria-pressed", (tag == words.language()).to_string())
            .class("quiet")
            .on_click(&props.actions, Action::SetLanguage(tag.clone()))
            .with(name)
    };
    // Whoever asks for what they see finds it: the visible tag is a part of the button's name.
    let shown = el("button type='button' popovertarget='languages' class='quiet'")
        .with(el("span class='visually-hidden'").with(format!("{} ", words.get("ui.language"))))
        .with(words.language().to_ascii_uppercase());
    el("nav class='languages'")
        .set("aria-label", words.get("ui.language"))
        .with(shown)
        .with(
            el("div id='languages' popover='auto' class='menu'").with_all(props.languages.iter().map(button)),
        )
}

fn theme_button(props: &PageProps) -> El {
    let (now, next) = match props.theme {
        Theme::System => ("ui.theme.system", Theme::Light),
        Theme::Light => ("ui.theme.light", Theme::Dark),
        Theme::Dark => ("ui.theme.dark", Theme::System),
    };
    let now = Arg::Word(now.to_owned());
    let label = props.words.fill("ui.theme", &[("theme", now)]);
    el("button type='button' data-action='theme'")
        .set("title", &label)
        .set("aria-label", label)
        .class("quiet icon")
        .on_click(&props.actions, Action::SetTheme(next))
        .with(
            el("svg viewBox='0 0 24 24' aria-hidden='true' focusable='false'")
                .with(el("circle cx='12' cy='12' r='8.5' class='outline'"))
                .with(el("path d='M12 3.5a8.5 8.5 0 0 1 0 17z'")),
        )
}

/// The mark of this page: a line running through a diamond.
fn mark() -> El {
    el("svg viewBox='0 0 32 32' aria-hidden='true' focusable='false' class='logo'")
        .with(el(
            "path d='M13.9 1.9a3 3 0 0 1 4.2 0l12 12a3 3 0 0 1 0 4.2l-12 12a3 3 0 0 1-4.2 0l-12-12a3 3 0 0 1 0-4.2z' \
             class='ground'",
        ))
        .with(el(
            "path d='M6.5 16h3.2c1.6 0 1.7-5 3.4-5s2 10 3.7 10 1.7-5 3.4-5h5.3' class='wave'",
        ))
}
