//! What the page starts with: words, configuration, link.

use std::rc::Rc;

use crate::browser::{TextError, automation, fetch_text, place};
use crate::config::{Config, HttpUrl, Problem};
use crate::link::Link;
use crate::words::Words;

/// The languages there are words for.
pub(super) const LANGUAGES: [&str; 1] = ["en"];

/// What the page starts with.
#[derive(PartialEq)]
pub(super) struct Started {
    pub(super) words: Rc<Words>,
    pub(super) link: Link,
    pub(super) config: Result<Rc<Config>, Rc<Vec<Problem>>>,
    pub(super) page: HttpUrl,
}

/// Loads words and configuration.
pub(super) async fn load() -> Result<Started, String> {
    let mut link = Link::parse(&place::query());
    let wanted = link.language.iter().cloned().chain(place::languages());
    let language = wanted
        .filter_map(|tag| known_language(&tag))
        .next()
        .unwrap_or(LANGUAGES[0]);
    let words_path = format!("words/{language}.json");
    let config_path = match &link.config {
        Some(name) => format!("configs/{name}.json"),
        None => "config.json".to_owned(),
    };
    let (words, config) = futures_util::join!(fetch_text(&words_path), fetch_text(&config_path));
    let words = words.map_err(|error| format!("{words_path} {}", missing(error)))?;
    let words = Rc::new(Words::parse(language, &words)?);
    let config = match config {
        Ok(text) => Config::parse(&text).map(Rc::new).map_err(Rc::new),
        Err(error) => Err(Rc::new(vec![Problem {
            path: config_path,
            what: missing(error),
            remedy: "Put the configuration beside index.html on the same server.".to_owned(),
        }])),
    };
    let page = HttpUrl::of_page(&place::page_url())
        .ok_or("The page was opened from a file; open it from a web server.")?;
    if let Ok(config) = &config {
        link.problems.extend(config.link_problems(&link));
    }
    automation::set_attribute("lang", Some(language));
    Ok(Started {
        words,
        link,
        config,
        page,
    })
}

fn known_language(tag: &str) -> Option<&'static str> {
    let primary = tag.split('-').next().unwrap_or(tag);
    LANGUAGES
        .into_iter()
        .find(|language| language.eq_ignore_ascii_case(primary))
}

fn missing(error: TextError) -> String {
    match error {
        TextError::Status(status) => format!("could not be loaded: the server answered {status}"),
        TextError::Failed => "could not be loaded: no answer came".to_owned(),
    }
}
