//! Time, and what is different every time.

use std::rc::Rc;

use futures_util::future::{Either, LocalBoxFuture, select};
use gloo_timers::callback::Timeout;
use js_sys::{Date, Uint8Array};
use wasm_bindgen::JsValue;

use super::bell::Bell;
use super::window::{call, property, window};
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
pub fn sleep(time: Millis) -> LocalBoxFuture<'static, ()> {
    let bell = Rc::new(Bell::default());
    let ring = bell.clone();
    let timer = Timeout::new(time.0.clamp(0.0, f64::from(i32::MAX)) as u32, move || ring.ring());
    Box::pin(async move {
        bell.heard().await;
        drop(timer);
    })
}

/// What `future` returns, or `None` after `limit`; then the future is dropped.
///
/// In boxes, here as elsewhere: the compiler else writes every future out in all that wait for it.
pub fn within<'a, T: 'a>(
    limit: Millis,
    future: impl Future<Output = T> + 'a,
) -> LocalBoxFuture<'a, Option<T>> {
    boxed_within(limit, Box::pin(future))
}

#[inline(never)]
fn boxed_within<'a, T: 'a>(limit: Millis, future: LocalBoxFuture<'a, T>) -> LocalBoxFuture<'a, Option<T>> {
    Box::pin(async move {
        match select(future, sleep(limit)).await {
            Either::Left((output, _)) => Some(output),
            Either::Right(_) => None,
        }
    })
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

/// The local time of day of a moment since 1970, such as `14:05`; with its date where that is more than a day ago.
pub fn time_of_day(moment: Millis) -> String {
    let time = Date::new(&JsValue::from_f64(moment.0));
    let two = |number: u32| format!("{}{}", number / 10, number % 10);
    let of_day = two(time.get_hours()) + ":" + &two(time.get_minutes());
    if epoch() - moment.0 < 86_400_000.0 {
        return of_day;
    }
    let day = two(time.get_month() + 1) + "-" + &two(time.get_date());
    format!("{}-{day} {of_day}", time.get_full_year())
}

/// How far the local time is ahead of UTC.
pub fn ahead_of_utc() -> Millis {
    Millis(-60_000.0 * Date::new_0().get_timezone_offset())
}

/// Any number: nothing secret.
pub fn random() -> u16 {
    (js_sys::Math::random() * 65_536.0) as u16
}

/// A number from 0 to 1, for what should not happen everywhere at once.
pub fn chance() -> f64 {
    js_sys::Math::random()
}

/// 32 random hexadecimal digits: names a run, or a question to a canary.
pub fn random_id() -> String {
    let bytes = Uint8Array::new_with_length(16);
    let crypto = property(&window(), "crypto");
    if call(&crypto, "getRandomValues", &[bytes.clone().into()]).is_none() {
        for index in 0..bytes.length() {
            bytes.set_index(index, (js_sys::Math::random() * 256.0) as u8);
        }
    }
    bytes.to_vec().iter().map(|byte| format!("{byte:02x}")).collect()
}
