//! What the page hands to the agent's machine: the clipboard, a file, the printer.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, HtmlAnchorElement, HtmlElement, Url};

use super::clock;
use super::window::{call, document, object, property, put, settled, window};
use crate::units::Millis;

/// Browsers read a file's address a moment after the click that saves it.
const SAVING: Millis = Millis(3000.0);

/// A blob's address; revoked when dropped.
#[must_use]
pub(crate) struct BlobUrl(String);

impl BlobUrl {
    /// An address for `bytes` of this media type.
    pub(crate) fn new(bytes: &[u8], media_type: &str) -> Option<Self> {
        let options = object(&[("type", media_type)]);
        let parts = Array::of1(&js_sys::Uint8Array::from(bytes));
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, options.unchecked_ref()).ok()?;
        Self::of(&blob)
    }

    /// An address for a blob.
    pub(crate) fn of(blob: &Blob) -> Option<Self> {
        Url::create_object_url_with_blob(blob).ok().map(Self)
    }

    /// The address.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for BlobUrl {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.0);
    }
}

/// Puts a text on the clipboard; false when the browser refuses, so that the page can show the text to be copied by hand.
pub async fn copy_text(text: &str) -> bool {
    let clipboard = property(&window().navigator(), "clipboard");
    if let Some(written) = call(&clipboard, "writeText", &[text.into()])
        && settled(&written).await.is_ok()
    {
        return true;
    }
    copy_by_selection(text).unwrap_or(false)
}

/// The way from before the clipboard had an interface of its own: select the text in a field, then the copy command.
fn copy_by_selection(text: &str) -> Option<bool> {
    let document = document();
    let body = document.body()?;
    let field: HtmlElement = document.create_element("textarea").ok()?.unchecked_into();
    put(&field, "value", &JsValue::from_str(text));
    put(&field, "readOnly", &JsValue::TRUE);
    field.set_attribute("aria-hidden", "true").ok()?;
    body.append_child(&field).ok()?;
    let copied = call(&field, "select", &[])
        .and_then(|_| call(&document, "execCommand", &["copy".into()]))
        .is_some_and(|done| done.is_truthy());
    field.remove();
    Some(copied)
}

/// Saves a text as a file; false when the browser refuses.
pub fn save_text(name: &str, media_type: &str, text: &str) -> bool {
    let Some(url) = BlobUrl::new(text.as_bytes(), media_type) else {
        return false;
    };
    let Ok(element) = document().create_element("a") else {
        return false;
    };
    let anchor: HtmlAnchorElement = element.unchecked_into();
    anchor.set_href(url.as_str());
    anchor.set_download(name);
    anchor.click();
    // A task of a few seconds keeps the address until the browser has read it.
    spawn_local(async move {
        clock::sleep(SAVING).await;
        drop(url);
    });
    true
}

/// Opens the print dialogue; false when the browser refuses.
pub fn print() -> bool {
    window().print().is_ok()
}
