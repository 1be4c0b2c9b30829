//! Deflate (RFC 1951), by the browser's own streams: Chromium has them since 103, Firefox since 113, Safari since 16.4.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

use super::window::{call, construct, property, settled, window};

/// The raw form, without the headers of zlib or gzip.
const FORM: &str = "deflate-raw";

/// `text`, deflated; `None` where the browser cannot.
pub async fn deflated(text: &str) -> Option<Vec<u8>> {
    through("CompressionStream", text.as_bytes(), usize::MAX)
        .await
        .ok()
}

/// Why there is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoText {
    /// It would be longer than was asked for.
    TooLong,
    /// These bytes are no deflated text, or the browser cannot inflate.
    Broken,
}

/// The text in `bytes`, of at most so many bytes: a few that would become many are no report.
pub async fn inflated(bytes: &[u8], most: usize) -> Result<String, NoText> {
    let inflated = through("DecompressionStream", bytes, most).await?;
    String::from_utf8(inflated).map_err(|_| NoText::Broken)
}

async fn through(class: &str, bytes: &[u8], most: usize) -> Result<Vec<u8>, NoText> {
    let reader = reader(class, bytes).ok_or(NoText::Broken)?;
    let mut all = Vec::new();
    loop {
        let read = call(&reader, "read", &[]).ok_or(NoText::Broken)?;
        let read = settled(&read).await.map_err(|_| NoText::Broken)?;
        if property(&read, "done").is_truthy() {
            return Ok(all);
        }
        let chunk = property(&read, "value").dyn_into::<Uint8Array>();
        let chunk = chunk.map_err(|_| NoText::Broken)?;
        if all.len() + chunk.length() as usize > most {
            call(&reader, "cancel", &[]);
            return Err(NoText::TooLong);
        }
        all.extend_from_slice(&chunk.to_vec());
    }
}

fn reader(class: &str, bytes: &[u8]) -> Option<JsValue> {
    let window: JsValue = window().into();
    let stream = construct(&window, class, &[FORM.into()]);
    if stream.is_undefined() {
        return None;
    }
    let body = construct(&window, "Response", &[Uint8Array::from(bytes).into()]);
    let piped = call(&property(&body, "body"), "pipeThrough", &[stream])?;
    call(&piped, "getReader", &[])
}
