//! The later parts of the app: a release build is split, and the page is there before the second part is.

use super::window::{call, property, settled, window};

/// Returns when all of the app but the helpdesk's part is here: at once where the build has not split it. Where it does
/// not come, `boot.js` says so on the page, and this waits on.
pub async fn whole() {
    // What is not a promise is settled already.
    let _ = settled(&property(&window(), "clearlineLater")).await;
}

/// Fetches the helpdesk's part, where the build has split it; whether it is here.
pub async fn desk_part() -> bool {
    match call(&window(), "clearlineDesk", &[]) {
        Some(coming) => settled(&coming).await.is_ok_and(|come| come.is_truthy()),
        None => true,
    }
}
