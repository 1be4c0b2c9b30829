//! Where the page was opened, and in which languages; what changes about that.

use gloo_events::{EventListener, EventListenerOptions};
use js_sys::Array;

use super::window::{document, property, text, window};
use crate::few::Gather as _;

/// A subscription to something that happens; dropping it ends it.
#[must_use]
pub struct Subscription {
    _listener: EventListener,
}

impl From<EventListener> for Subscription {
    fn from(listener: EventListener) -> Self {
        Self { _listener: listener }
    }
}

/// Loads the page again, at the address that it has now.
pub fn reload() {
    let _ = window().location().reload();
}

/// The page's own URL without query and fragment.
pub fn page_url() -> String {
    let location = window().location();
    let part = |name| text(&location, name).unwrap_or_default();
    format!("{}{}", part("origin"), part("pathname"))
}

/// The link's query, with its `?`; empty when there is none.
pub fn query() -> String {
    window().location().search().unwrap_or_default()
}

/// The link's fragment, with its `#`; empty when there is none.
pub fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// The languages that the agent wants, best first, such as `de-CH`.
pub fn languages() -> Vec<String> {
    let list = property(&window().navigator(), "languages");
    if Array::is_array(&list) {
        Array::from(&list)
            .iter()
            .filter_map(|language| language.as_string())
            .few()
    } else {
        Vec::new()
    }
}

/// As long as it lives, the browser asks whether the page may be left.
pub fn ask_before_leaving() -> Subscription {
    let options = EventListenerOptions::enable_prevent_default();
    let ask = |event: &web_sys::Event| event.prevent_default();
    EventListener::new_with_options(&window(), "beforeunload", options, ask).into()
}

/// Whether the page is hidden; hidden pages get timers late.
pub fn hidden() -> bool {
    property(&document(), "hidden").as_bool().unwrap_or(false)
}

/// Tells whenever the page is hidden (`true`) or shown again.
pub fn on_hidden(mut tell: impl FnMut(bool) + 'static) -> Subscription {
    Subscription {
        _listener: EventListener::new(&document(), "visibilitychange", move |_| tell(hidden())),
    }
}

/// Tells whenever the link's fragment changes.
pub fn on_fragment(mut tell: impl FnMut(String) + 'static) -> Subscription {
    Subscription {
        _listener: EventListener::new(&window(), "hashchange", move |_| tell(fragment())),
    }
}
