//! What the page starts with: words, configuration, link.

use std::rc::Rc;

use crate::browser::{TextError, automation, clock, fetch_text, place};
use crate::config::{Config, Fault, HttpUrl, Problem};
use crate::few::Put as _;
use crate::link::Link;
use crate::units::Millis;
use crate::words::Words;

/// The languages there are words for.
pub(super) const LANGUAGES: [&str; 1] = ["en"];

/// How long the page waits for the words of a problem; it can name a problem without them.
const PROBLEM_WORDS: Millis = Millis(5_000.0);

/// Words that did not come are asked for again after this, and then after twice as long.
const AGAIN: Millis = Millis(1_000.0);

/// What the page starts with.
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
    let words = words.map_err(|error| match error {
        TextError::Status(status) => format!("{words_path}: the server answered {status}"),
        TextError::Failed => format!("{words_path}: no answer came"),
    })?;
    let mut words = Words::parse(language, &words).map_err(|error| format!("{words_path}: {error}"))?;
    let config = match config {
        Ok(text) => Config::parse(&text),
        Err(error) => Err(vec![missing(error).at(&config_path)]),
    };
    let page = HttpUrl::of_page(&place::page_url())
        .ok_or("The page was opened from a file; open it from a web server.")?;
    if let Ok(config) = &config {
        link.problems.put(config.link_problems(&link));
    }
    if config.is_err() || !link.problems.is_empty() {
        let path = format!("words/problems/{language}.json");
        if let Some(Ok(text)) = clock::within(PROBLEM_WORDS, fetch_text(&path)).await {
            // Broken words are no words: the problem's key is shown.
            let _ = words.add(&text);
        }
    }
    automation::set_attribute("lang", Some(language));
    Ok(Started {
        words: Rc::new(words),
        link,
        config: config.map(Rc::new).map_err(Rc::new),
        page,
    })
}

/// Fetches the words of results and adds them to `words`. The line may be what is broken: asks until they come.
pub(super) async fn with_results(mut words: Words) -> Words {
    let path = format!("words/results/{}.json", words.language());
    let mut pause = AGAIN;
    loop {
        if let Ok(text) = fetch_text(&path).await
            && words.add(&text).is_ok()
            && words.has_results()
        {
            return words;
        }
        clock::sleep(pause).await;
        pause = Millis(pause.0 * 2.0);
    }
}

fn known_language(tag: &str) -> Option<&'static str> {
    let primary = tag.split('-').next().unwrap_or(tag);
    LANGUAGES
        .into_iter()
        .find(|language| language.eq_ignore_ascii_case(primary))
}

/// The page's words have these, since the words of problems may be missing too.
fn missing(error: TextError) -> Fault {
    match error {
        TextError::Status(status) => Fault::of("ui.broken.status").number("status", status.into()),
        TextError::Failed => Fault::of("ui.broken.no-answer"),
    }
}
