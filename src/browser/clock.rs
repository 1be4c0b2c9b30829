//! Time, and what is different every time.

use std::pin::pin;

use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Date, Uint8Array};
use wasm_bindgen::JsValue;

use super::window::{function, property, window};
use crate::units::Millis;

/// Now, on the page's monotonic clock.
pub fn now() -> Millis {
    Millis(
        window()
            .performance()
            .map_or_else(Date::now, |performance| performance.now()),
    )
}

/// Returns after `time`; the timer is cleared when the future is dropped.
pub async fn sleep(time: Millis) {
    TimeoutFuture::new(time.0.clamp(0.0, f64::from(i32::MAX)) as u32).await;
}

/// What `future` returns, or `None` after `limit`; then the future is dropped.
pub async fn within<T>(limit: Millis, future: impl Future<Output = T>) -> Option<T> {
    match select(pin!(future), pin!(sleep(limit))).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(_) => None,
    }
}

/// A moment of the browser's own count since 1970, which starts with the page, on the page's clock.
pub(crate) fn on_page_clock(moment: Millis) -> Millis {
    let origin = window()
        .performance()
        .map_or(0.0, |performance| performance.time_origin());
    moment - Millis(origin)
}

/// The wall clock, in milliseconds since 1970.
pub fn epoch() -> f64 {
    Date::now()
}

/// The wall clock as `2026-11-23T10:00:00.000Z`.
pub fn wall_clock() -> String {
    Date::new_0().to_iso_string().into()
}

/// The local time of day `ahead` milliseconds from now, such as `14:05`.
pub fn time_of_day(ahead: f64) -> String {
    let time = Date::new(&JsValue::from_f64(epoch() + ahead));
    format!("{:02}:{:02}", time.get_hours(), time.get_minutes())
}

/// 32 random hexadecimal digits: names a run, or a question to a canary.
pub fn random_id() -> String {
    let bytes = Uint8Array::new_with_length(16);
    let crypto = property(&window(), "crypto");
    let filled = function(&crypto, "getRandomValues").is_some_and(|fill| fill.call1(&crypto, &bytes).is_ok());
    if !filled {
        for index in 0..bytes.length() {
            bytes.set_index(index, (js_sys::Math::random() * 256.0) as u8);
        }
    }
    bytes.to_vec().iter().map(|byte| format!("{byte:02x}")).collect()
}
