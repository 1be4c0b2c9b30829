//! What this browser remembers of the agent's choices. A browser that remembers nothing is no fault.

use web_sys::Storage;

use super::window::window;

/// What was remembered under `key`.
pub fn recall(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Remembers `value` under `key`; false when the browser refuses.
pub fn remember(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// Remembers nothing under `key` any more.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

/// What was remembered under `key` until this tab is closed.
pub fn recall_here(key: &str) -> Option<String> {
    tab()?.get_item(key).ok()?
}

/// Remembers `value` under `key` until this tab is closed.
pub fn remember_here(key: &str, value: &str) {
    if let Some(storage) = tab() {
        let _ = storage.set_item(key, value);
    }
}

fn tab() -> Option<Storage> {
    window().session_storage().ok()?
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}
