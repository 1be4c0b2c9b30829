//! A screen that stays on while a page is to be read from afar.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::place::{Subscription, hidden, on_hidden};
use super::window::{call, property, settled, window};

/// Keeps the screen on while the page is shown, as long as it lives. A browser that refuses is no fault.
#[must_use]
pub struct Awake {
    _lock: Rc<Lock>,
    _shown: Subscription,
}

impl Awake {
    /// Begins now, and again whenever the page was hidden: a browser takes the lock from a hidden page.
    pub fn keep() -> Self {
        let lock = Rc::new(Lock::default());
        let again = Rc::downgrade(&lock);
        take(Rc::downgrade(&lock));
        Self {
            _lock: lock,
            _shown: on_hidden(move |_| take(again.clone())),
        }
    }
}

/// The browser's lock; released when dropped.
#[derive(Default)]
struct Lock(RefCell<Option<JsValue>>);

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(lock) = self.0.take() {
            release(&lock);
        }
    }
}

fn release(lock: &JsValue) {
    if let Some(released) = call(lock, "release", &[]) {
        spawn_local(async move {
            let _ = settled(&released).await;
        });
    }
}

fn take(into: Weak<Lock>) {
    if hidden() {
        return;
    }
    let locks = property(&window().navigator(), "wakeLock");
    let Some(asked) = call(&locks, "request", &[JsValue::from_str("screen")]) else {
        return;
    };
    spawn_local(async move {
        let Ok(lock) = settled(&asked).await else { return };
        let before = match into.upgrade() {
            Some(into) => into.0.replace(Some(lock)),
            None => Some(lock),
        };
        if let Some(before) = before {
            release(&before);
        }
    });
}
