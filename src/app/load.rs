//! What the page starts with: words, configuration, link.

use std::rc::Rc;

use crate::browser::{self, TextError, automation, clock, fetch_config, fetch_text, place, storage};
use crate::config::{Config, Fault, HttpUrl, Problem};
use crate::few::Put as _;
use crate::kept::Kept;
use crate::link::Link;
use crate::ui::NO_ANSWER;
use crate::units::Millis;
use crate::words::Words;

/// The languages there are words for, English first.
pub(super) fn languages() -> impl Iterator<Item = &'static str> {
    env!("CLEARLINE_LANGUAGES").split(' ')
}

/// Where the agent's choice of a language is remembered.
pub(super) const LANGUAGE_KEY: &str = "clearline.language";

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
    /// What came from this browser's memory.
    pub(super) kept: Option<Kept>,
}

/// Loads words and configuration.
pub(super) async fn load() -> Result<Started, String> {
    let mut link = Link::parse(&place::query());
    let chosen = storage::recall(LANGUAGE_KEY);
    let wanted = link
        .language
        .iter()
        .cloned()
        .chain(chosen)
        .chain(place::languages());
    let language = wanted
        .filter_map(|tag| known_language(&tag))
        .next()
        .unwrap_or("en");
    let words_path = format!("words/{language}.json");
    let config_path = config_path(&link);
    let (words, config) = futures_util::join!(fetch_text(&words_path), fetch_config(&config_path));
    let mut words = first_words(language, &words_path, words)?;
    let (config, kept) = match config {
        Ok((text, kept)) => (Config::parse(&text), kept),
        Err(error) => (Err(vec![missing(error).at(&config_path)]), None),
    };
    let page = HttpUrl::of_page(&place::page_url())
        .ok_or("The page was opened from a file; open it from a web server.")?;
    if let Ok(config) = &config {
        link.problems.put(config.link_problems(&link));
    }
    if config.is_err() || !link.problems.is_empty() {
        add_problems(&mut words).await;
    }
    speak(&words);
    Ok(Started {
        words: Rc::new(words),
        link,
        config: config.map(Rc::new).map_err(Rc::new),
        page,
        kept,
    })
}

/// Where the configuration is that a link asks for.
pub(super) fn config_path(link: &Link) -> String {
    match &link.config {
        Some(name) => format!("configs/{name}.json"),
        None => "config.json".to_owned(),
    }
}

/// Fetches the words of results, and of the helpdesk's view, and adds them to `words`. The line may be what is broken:
/// asks until they come.
pub(super) async fn with_results(mut words: Words, at_desk: bool) -> Words {
    let mut pause = AGAIN;
    while !complete(&words, at_desk) {
        for part in parts(at_desk) {
            if let Ok(text) = fetch_text(&format!("words/{part}/{}.json", words.language())).await {
                // Broken words are asked for again.
                let _ = words.add(&text);
            }
        }
        if !complete(&words, at_desk) {
            clock::sleep(pause).await;
            pause = Millis(pause.0 * 2.0);
        }
    }
    words
}

/// Whether the words that come behind the page are there; the helpdesk's view needs further ones.
pub(super) fn complete(words: &Words, at_desk: bool) -> bool {
    words.has_results() && (!at_desk || words.has("ui.desk.title") && words.has("link.language"))
}

fn parts(at_desk: bool) -> &'static [&'static str] {
    match at_desk {
        true => &["results", "desk", "problems"],
        false => &["results"],
    }
}

/// The words of another language: all that there were before. `None` when they do not come.
pub(super) async fn translated(before: Rc<Words>, language: String) -> Option<Words> {
    let path = format!("words/{language}.json");
    let mut words = first_words(&language, &path, fetch_text(&path).await).ok()?;
    if before.has("link.language") {
        add_problems(&mut words).await;
    }
    for (part, key) in [("results", "evidence.alive"), ("desk", "ui.desk.title")] {
        if before.has(key) {
            let path = format!("words/{part}/{language}.json");
            words.add(&fetch_text(&path).await.ok()?).ok()?;
        }
    }
    Some(words)
}

/// Tells the browser which language the page speaks, and in which direction it is written.
pub(super) fn speak(words: &Words) {
    automation::set_attribute("lang", Some(words.language()));
    automation::set_attribute("dir", Some(words.get("ui.direction")));
}

fn first_words(language: &str, path: &str, text: Result<String, TextError>) -> Result<Words, String> {
    let text = text.map_err(|error| match error {
        TextError::Status(status) => format!("{path}: the server answered {status}"),
        TextError::Failed => format!("{path}: no answer came"),
    })?;
    let words = Words::parse(language, &text).map_err(|error| format!("{path}: {error}"))?;
    Ok(words.with_numerals(browser::languages::numerals(language)))
}

/// The words of problems; without them a problem's key is shown.
async fn add_problems(words: &mut Words) {
    let path = format!("words/problems/{}.json", words.language());
    if let Some(Ok(text)) = clock::within(PROBLEM_WORDS, fetch_text(&path)).await {
        let _ = words.add(&text);
    }
}

/// The language that a reader of `tag` is given: that one, or another kind of it.
fn known_language(tag: &str) -> Option<&'static str> {
    let primary = |tag: &str| tag.split('-').next().unwrap_or(tag).to_ascii_lowercase();
    let same = languages().find(|language| language.eq_ignore_ascii_case(tag));
    same.or_else(|| languages().find(|language| primary(language) == primary(tag)))
}

/// The page's words have these, since the words of problems may be missing too.
pub(super) fn missing(error: TextError) -> Fault {
    match error {
        TextError::Status(status) => Fault::of("ui.broken.status").number("status", status.into()),
        TextError::Failed => Fault::of(NO_ANSWER),
    }
}
