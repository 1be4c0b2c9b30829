//! How much HTTPS carries, by the canary's bytes and its sink.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

use super::clock;
use super::fetch::{CORS, Fetch, GaveUp, left};
use super::window::{call, property, settled};
use crate::observation::{BandwidthSeen, ThroughputSeen};
use crate::probe::BandwidthProbe;
use crate::throughput::{DOWNLOADS, UPLOAD, both, download, next_upload, upload};
use crate::units::{Kbps, Millis};

/// Down first: it tells the round trip.
pub(crate) async fn bandwidth(probe: &BandwidthProbe) -> BandwidthSeen {
    let mut head = None;
    let mut seen = BandwidthSeen::default();
    let start = clock::now();
    for bytes in DOWNLOADS {
        if seen
            .down
            .is_none_or(|seen| !seen.enough && left(probe.deadline, start).0 > seen.time.0)
        {
            let url = format!("{}/bytes?n={bytes}", probe.url.text);
            let limit = left(probe.deadline, start);
            let tried = pull(&url, limit, probe.enough_down, &mut head).await;
            seen.down = better(seen.down, tried);
        }
    }
    if let Some(head) = head {
        seen.up = push(probe, head).await;
    }
    seen
}

/// Reads an answer as it comes; what came until `limit` counts.
async fn pull(
    url: &str,
    limit: Millis,
    enough: Kbps,
    round_trip: &mut Option<Millis>,
) -> Option<ThroughputSeen> {
    let start = clock::now();
    let mut marks = Vec::new();
    let mut head = None;
    let reading = async {
        let request = Fetch::new(url, CORS);
        let answered = request
            .answer()
            .await
            .ok()
            .filter(|answered| answered.status() == 200)?;
        head = Some(clock::now().since(start));
        let body = answered.body();
        let reader = call(&body, "getReader", &[])?;
        let mut bytes = 0.0;
        loop {
            let chunk = settled(&call(&reader, "read", &[])?).await.ok()?;
            let Some(length) = property(&property(&chunk, "value"), "length").as_f64() else {
                return Some(());
            };
            bytes += length;
            marks.push((clock::now().since(start), bytes));
        }
    };
    let _ = clock::within(limit, reading).await;
    *round_trip = round_trip.or(head);
    download(head?, &marks, enough)
}

async fn push(probe: &BandwidthProbe, head: Millis) -> Option<ThroughputSeen> {
    let start = clock::now();
    let first = send(probe, UPLOAD, probe.deadline, head).await.ok()??;
    if first.enough || first.sure {
        return Some(first);
    }
    let limit = left(probe.deadline, start);
    let bytes = next_upload(first.rate);
    Some(match send(probe, bytes, limit, head).await {
        Ok(Some(second)) => both(first, second, probe.enough_up),
        Ok(None) => first,
        // It did not get through in time, so the line carries less than this.
        Err(GaveUp) => upload(bytes, limit, head, probe.enough_up).unwrap_or(first),
    })
}

/// Sends so many bytes that nothing on the way can shorten. `Err`: they did not get through before `limit`; `None`: the
/// sink is none.
async fn send(
    probe: &BandwidthProbe,
    bytes: f64,
    limit: Millis,
    head: Millis,
) -> Result<Option<ThroughputSeen>, GaveUp> {
    let body = noise(bytes as u32);
    let start = clock::now();
    let request = Fetch::new(&format!("{}/sink", probe.url.text), CORS).with_body(&body);
    match clock::within(limit, request.answer()).await {
        None => Err(GaveUp),
        Some(Ok(answered)) if (200..300).contains(&answered.status()) => {
            Ok(upload(bytes, clock::now().since(start), head, probe.enough_up))
        }
        Some(_) => Ok(None),
    }
}

/// Of two looks the one that has shown more, or the surer one.
fn better(one: Option<ThroughputSeen>, other: Option<ThroughputSeen>) -> Option<ThroughputSeen> {
    match (one, other) {
        (Some(one), Some(other)) if one.sure && !other.sure && !other.enough => Some(one),
        (one, other) => other.or(one),
    }
}

/// Bytes that cannot be compressed.
fn noise(length: u32) -> JsValue {
    let all = Uint8Array::new_with_length(length);
    let crypto = property(&super::window::window(), "crypto");
    // Browsers fill 65,536 bytes at a time.
    for start in (0..length).step_by(65_536) {
        let part = all.subarray(start, length.min(start + 65_536));
        call(&crypto, "getRandomValues", &[part.into()]);
    }
    all.into()
}
