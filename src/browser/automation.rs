//! What other programs hold on to: attributes of `<html>`, events on `window`, `window.clearline`, and what is left
//! when the page itself fails.

use std::rc::Rc;

use js_sys::{JSON, Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, Element, HtmlElement};

use super::window::{document, put, window};

/// The name of the page's object on `window`.
const OBJECT: &str = "clearline";

/// Sets `<html data-clearline="…">` to `idle`, `running`, `done` or `failed`, and `data-clearline-error` to the reason.
///
/// Not any more once the page has failed and left its last words: what still runs of it must not say that it is well.
pub fn set_state(state: &str, error: Option<&str>) {
    let fallback = document().get_element_by_id("fallback");
    if fallback.is_some_and(|fallback| !fallback.has_attribute("hidden")) {
        return;
    }
    if let Some(html) = document().document_element() {
        let _ = html.set_attribute("data-clearline", state);
        let _ = match error {
            Some(error) => html.set_attribute("data-clearline-error", error),
            None => html.remove_attribute("data-clearline-error"),
        };
    }
}

/// Sets or removes an attribute of `<html>`, such as `lang` or `data-theme`.
pub fn set_attribute(name: &str, value: Option<&str>) {
    if let Some(html) = document().document_element() {
        let _ = match value {
            Some(value) => html.set_attribute(name, value),
            None => html.remove_attribute(name),
        };
    }
}

/// Sets tokens of the style sheet, such as `--light-link` to `#0a5cff`.
pub fn set_tokens(tokens: &[(&'static str, String)]) {
    let html = document()
        .document_element()
        .and_then(|html| html.dyn_into::<HtmlElement>().ok());
    if let Some(html) = html {
        for (name, value) in tokens {
            let _ = html.style().set_property(name, value);
        }
    }
}

/// Moves the keyboard's focus to the element with this id, so that a reader is where things go on.
pub fn focus(id: &str) {
    let element = document()
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        // An element that cannot take it stays as it is.
        let _ = element.focus();
    }
}

/// Opens every fold around the element with this id and moves the keyboard's focus to it, which scrolls there.
pub fn show(id: &str) {
    let mut around = document().get_element_by_id(id);
    while let Some(element) = around {
        if element.tag_name() == "DETAILS" {
            let _ = element.set_attribute("open", "");
        }
        around = element.parent_element();
    }
    focus(id);
}

/// Gives `#app` to `mount`, then says with `clearline-mounted` that the app is on the page.
pub fn mount(mount: impl FnOnce(Element)) {
    match document().get_element_by_id("app") {
        Some(root) => {
            mount(root);
            dispatch("clearline-mounted", &JsValue::NULL);
        }
        None => give_up("The page has no place for the app"),
    }
}

/// The page cannot run: leaves a readable page behind that says why.
pub fn give_up(reason: &str) {
    set_state("failed", Some(reason));
    dispatch("clearline-panic", &JsValue::from_str(reason));
}

/// Sends the `clearline-report` event, with the report (a JSON text) as an object in `detail`.
pub fn announce_report(report: &str) {
    dispatch("clearline-report", &parsed(report));
}

/// `window.clearline.report()`, as long as this lives.
#[must_use]
pub struct ReportFunction {
    _closure: Closure<dyn FnMut() -> JsValue>,
}

impl ReportFunction {
    /// Installs the function; `newest` returns the newest report as a JSON text.
    pub fn install(newest: Rc<dyn Fn() -> Option<String>>) -> Self {
        let closure: Closure<dyn FnMut() -> JsValue> =
            Closure::new(move || newest().map_or(JsValue::NULL, |report| parsed(&report)));
        let object = Object::new();
        put(&object, "report", closure.as_ref().unchecked_ref());
        put(&window(), OBJECT, &object);
        Self { _closure: closure }
    }
}

impl Drop for ReportFunction {
    fn drop(&mut self) {
        let _ = Reflect::delete_property(&window(), &JsValue::from_str(OBJECT));
    }
}

/// From here on a panic sets the state to `failed` and sends `clearline-panic` with the message in `detail` (its place in
/// the source stays out), so that a readable page can be left behind.
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.to_string();
        give_up(message.lines().nth(1).unwrap_or_default());
    }));
}

fn dispatch(name: &str, detail: &JsValue) {
    let init = Object::new();
    put(&init, "detail", detail);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, init.unchecked_ref()) {
        let _ = window().dispatch_event(&event);
    }
}

fn parsed(json: &str) -> JsValue {
    JSON::parse(json).unwrap_or(JsValue::NULL)
}
