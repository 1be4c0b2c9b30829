//! The PAC checker's worker: runs a file that nobody trusts, and is ended when it takes too long.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Worker};

use super::bell::Bell;
use super::clock::within;
use super::window::{call, document, property, put, settled, text};
use crate::few::Gather as _;
use crate::observation::PacFailure;
use crate::units::Millis;

/// The worker's script is loaded only when someone checks a file; on a slow line that takes a while.
const LOADS: Millis = Millis(8_000.0);
/// Real files answer within milliseconds. One that fills the memory has about a second until the browser ends the whole
/// tab for it: measured in Chromium, whose workers share the page's memory.
const ANSWERS: Millis = Millis(500.0);
/// A longer file is cut off: real ones are far below.
const LONGEST: u32 = 2_000_000;

/// A worker. Dropping it ends it, whatever it does.
#[must_use]
struct Helper(Worker);

impl Drop for Helper {
    fn drop(&mut self) {
        self.0.terminate();
    }
}

/// Runs a job in the worker and gives its reply.
///
/// # Errors
/// The worker cannot be loaded, or did not answer in time.
pub async fn run(job: &str) -> Result<String, PacFailure> {
    let worker = Helper(Worker::new("pac-worker.js").map_err(|_| PacFailure::NotLoaded)?);
    let said: Rc<RefCell<Vec<Option<String>>>> = Rc::default();
    let bell = Rc::new(Bell::default());
    let listen = |kind: &'static str| {
        let (said, bell) = (said.clone(), bell.clone());
        EventListener::new(&worker.0, kind, move |event| {
            // An error in the worker is none of the page's.
            event.prevent_default();
            let message = event.dyn_ref::<MessageEvent>();
            said.borrow_mut()
                .push(message.and_then(|message| message.data().as_string()));
            bell.ring();
        })
    };
    let _listeners = [listen("message"), listen("error")];
    let next = |limit| {
        let (said, bell) = (said.clone(), bell.clone());
        async move {
            within(limit, bell.heard()).await?;
            said.borrow_mut().pop()
        }
    };
    match next(LOADS).await.flatten() {
        Some(ready) if ready == "ready" => {}
        Some(reply) => return Ok(reply),
        None => return Err(PacFailure::NotLoaded),
    }
    let posted = worker.0.post_message(&JsValue::from_str(job));
    posted.map_err(|_| PacFailure::Unreadable)?;
    match next(ANSWERS).await {
        Some(reply) => reply.ok_or(PacFailure::Broken),
        None => Err(PacFailure::TimedOut),
    }
}

/// The file that the reader chose, dropped or pasted, and the addresses of names that the reader wrote down. A chosen
/// file is put into the text field, so that it can be read and changed there.
pub async fn given() -> (String, Vec<(String, String)>) {
    let field = element("pac-text");
    let input = element("pac-file");
    let file = property(&property(&input, "files"), "0");
    if !file.is_undefined() {
        let whole = call(&file, "slice", &[0.into(), LONGEST.into()]);
        let reading = whole.and_then(|whole| call(&whole, "text", &[]));
        if let Some(reading) = reading
            && let Ok(content) = settled(&reading).await
        {
            put(&field, "value", &content);
        }
        put(&input, "value", &"".into());
    }
    let named = call(&document(), "querySelectorAll", &["[data-pac-name]".into()]);
    let named = named.map_or_else(Array::new, |named| Array::from(&named));
    let names = named.iter().filter_map(|input| {
        let address = text(&input, "value").filter(|address| !address.trim().is_empty())?;
        let name = call(&input, "getAttribute", &["data-pac-name".into()])?.as_string()?;
        Some((name, address.trim().to_owned()))
    });
    (text(&field, "value").unwrap_or_default(), names.few())
}

fn element(id: &str) -> JsValue {
    document()
        .get_element_by_id(id)
        .map_or(JsValue::UNDEFINED, JsValue::from)
}
