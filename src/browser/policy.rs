//! The page's own Content-Security-Policy: when it forbids a request, that looks like a firewall, and is our mistake.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::SecurityPolicyViolationEvent;

use super::clock;
use super::window::{document, text};
use crate::units::Millis;

/// The violation event may come a moment after the request failed.
const EVENT_DELAY: Millis = Millis(30.0);

/// Watches for violations by requests to one origin, as long as it lives.
#[must_use]
pub(crate) struct PolicyWatch {
    violated: Rc<Cell<bool>>,
    _listener: EventListener,
}

impl PolicyWatch {
    /// Starts to watch for requests to `origin`.
    pub(crate) fn new(origin: &str) -> Self {
        let violated = Rc::new(Cell::new(false));
        let seen = violated.clone();
        let origin = origin.to_owned();
        let listener = EventListener::new(&document(), "securitypolicyviolation", move |event| {
            let event: &SecurityPolicyViolationEvent = event.unchecked_ref();
            let enforced = text(event, "disposition").as_deref() != Some("report");
            if enforced && event.blocked_uri().starts_with(&origin) {
                seen.set(true);
            }
        });
        Self {
            violated,
            _listener: listener,
        }
    }

    /// Whether the request that just failed was forbidden by the page itself.
    pub(crate) async fn forbade(&self) -> bool {
        if !self.violated.get() {
            clock::sleep(EVENT_DELAY).await;
        }
        self.violated.get()
    }
}
