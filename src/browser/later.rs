//! The second half of the app: a release build is split in two, and the page is there before the second half is.

use super::window::{property, settled, window};

/// Returns when all of the app is here: at once where the build has not split it. Where the second half does not come,
/// `boot.js` says so on the page, and this waits on.
pub async fn whole() {
    // What is not a promise is settled already.
    let _ = settled(&property(&window(), "clearlineLater")).await;
}
