//! The page that is kept for when its server cannot be reached: `static/offline.js` registers what keeps it.

use super::window::{call, window};

/// Has the page kept with the words of a language and this configuration, or no longer. Where a browser keeps nothing,
/// nothing happens.
pub fn keep(wanted: bool, language: &str, config: &str) {
    call(
        &window(),
        "clearlineOffline",
        &[wanted.into(), language.into(), config.into()],
    );
}
