//! Whose page this is, its language and its colours.

use yew::prelude::*;

use super::{Action, PageProps, Theme, ask};
use crate::words::Arg;

/// The line at the top.
pub(super) fn header(props: &PageProps) -> Html {
    let words = &props.words;
    let config = props.config.as_ref().ok();
    let name = config.map_or_else(|| words.get("ui.name").to_owned(), |config| config.name.clone());
    let logo = config.and_then(|config| config.brand.logo.clone());
    html! {
        <header class="top">
            <p class="brand">
                if let Some(logo) = logo {
                    <img src={logo} alt="" height="32" />
                } else {
                    { mark() }
                }
                <span>{ name }</span>
            </p>
            if config.is_some() && props.languages.len() > 1 {
                <nav class="languages" aria-label={words.get("ui.language").to_owned()}>
                    for tag in &props.languages {
                        <button type="button" class="quiet" lang={tag.clone()} data-action="language"
                            aria-pressed={(tag == words.language()).to_string()}
                            onclick={ask(&props.actions, Action::SetLanguage(tag.clone()))}>
                            { tag.to_ascii_uppercase() }
                        </button>
                    }
                </nav>
            }
            { theme_button(props) }
        </header>
    }
}

fn theme_button(props: &PageProps) -> Html {
    let (now, next) = match props.theme {
        Theme::System => ("ui.theme.system", Theme::Light),
        Theme::Light => ("ui.theme.light", Theme::Dark),
        Theme::Dark => ("ui.theme.dark", Theme::System),
    };
    let now = Arg::Word(now.to_owned());
    let label = props.words.fill("ui.theme", &[("theme", now)]);
    html! {
        <button type="button" class="quiet icon" data-action="theme" title={label.clone()} aria-label={label}
            onclick={ask(&props.actions, Action::SetTheme(next))}>
            <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
                <circle class="outline" cx="12" cy="12" r="8.5" />
                <path d="M12 3.5a8.5 8.5 0 0 1 0 17z" />
            </svg>
        </button>
    }
}

/// The mark of this page: a line running through a diamond.
fn mark() -> Html {
    html! {
        <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <path class="ground" d="M13.9 1.9a3 3 0 0 1 4.2 0l12 12a3 3 0 0 1 0 4.2l-12 12a3 3 0 0 1-4.2 0l-12-12a3 3 0 0 1 0-4.2z" />
            <path class="wave" d="M6.5 16h3.2c1.6 0 1.7-5 3.4-5s2 10 3.7 10 1.7-5 3.4-5h5.3" />
        </svg>
    }
}
