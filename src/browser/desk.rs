//! What the helpdesk chooses, pastes and drops.

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::place::Subscription;
use super::window::{call, document, property, put, settled, text};
use crate::travel::MOST_BYTES;

/// More files at once are not read.
const MOST_FILES: u32 = 20;

/// A file's name and text; without a text it could not be read, or is too long for any report.
pub type File = (String, Option<String>);

/// What is written into, or chosen in, the field with this id.
pub fn field(id: &str) -> String {
    text(&element(id), "value").unwrap_or_default()
}

/// The same, and empties it.
pub fn taken(id: &str) -> String {
    let written = field(id);
    put(&element(id), "value", &"".into());
    written
}

/// The files that were chosen in the field with this id; it forgets them, so that the same ones can be chosen again.
pub async fn chosen_files(id: &str) -> Vec<File> {
    let input = element(id);
    let files = read(&property(&input, "files")).await;
    put(&input, "value", &"".into());
    files
}

/// Tells what is written into a field whose id begins so, and the rest of its id, each time it is edited.
pub fn on_input(begins: &'static str, tell: impl Fn(&str, String) + 'static) -> Subscription {
    let listener = EventListener::new(&document(), "input", move |event| {
        let target = property(event, "target");
        let id = text(&target, "id").unwrap_or_default();
        if let Some(name) = id.strip_prefix(begins) {
            tell(name, text(&target, "value").unwrap_or_default());
        }
    });
    listener.into()
}

/// Moves the keyboard's focus into the field with this id and selects this part of it, which scrolls there.
pub fn select(id: &str, (from, to): (u32, u32)) {
    let field = element(id);
    call(&field, "setSelectionRange", &[from.into(), from.into()]);
    // A browser scrolls to where the focus comes in.
    call(&field, "blur", &[]);
    call(&field, "focus", &[]);
    call(&field, "setSelectionRange", &[from.into(), to.into()]);
}

/// Tells of files that are dropped anywhere on the page.
pub fn on_drop(tell: impl Fn(Vec<File>) + 'static) -> [Subscription; 2] {
    let tell = Rc::new(tell);
    // The page takes the file, in place of the browser, which would show it.
    let over = |event: &web_sys::Event| event.prevent_default();
    let dropped = move |event: &web_sys::Event| {
        event.prevent_default();
        let files = property(&property(event, "dataTransfer"), "files");
        let tell = tell.clone();
        spawn_local(async move { tell(read(&files).await) });
    };
    let options = EventListenerOptions::enable_prevent_default();
    [
        EventListener::new_with_options(&document(), "dragover", options, over).into(),
        EventListener::new_with_options(&document(), "drop", options, dropped).into(),
    ]
}

async fn read(files: &JsValue) -> Vec<File> {
    let mut all = Vec::new();
    // A list of files is no array, but can be made one.
    for file in Array::from(files).iter().take(MOST_FILES as usize) {
        let name = text(&file, "name").unwrap_or_default();
        let size = property(&file, "size").as_f64().unwrap_or(f64::MAX);
        let reading = match size <= MOST_BYTES as f64 {
            true => call(&file, "text", &[]),
            false => None,
        };
        let content = match reading {
            Some(reading) => settled(&reading)
                .await
                .ok()
                .and_then(|content| content.as_string()),
            None => None,
        };
        all.push((name, content));
    }
    all
}

fn element(id: &str) -> JsValue {
    document()
        .get_element_by_id(id)
        .map_or(JsValue::UNDEFINED, JsValue::from)
}
