//! How much HTTPS carries, by the canary's bytes and its sink.

use futures_util::StreamExt as _;
use futures_util::future::join;
use futures_util::stream::FuturesUnordered;
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

use super::clock;
use super::fetch::{CORS, Fetch, left};
use super::window::{call, property, settled};
use crate::observation::{BandwidthSeen, ThroughputSeen};
use crate::probe::BandwidthProbe;
use crate::throughput::{ABREAST, DOWNLOADS, Upload, Uploads, download};
use crate::units::{Kbps, Millis};

/// Up first: of a download that is broken off, servers may have sent more than a narrow line carries in seconds.
pub(crate) async fn bandwidth(probe: &BandwidthProbe) -> BandwidthSeen {
    let uploads = push(probe).await;
    let mut seen = BandwidthSeen {
        up: uploads.seen(),
        ..BandwidthSeen::default()
    };
    let start = clock::now();
    for bytes in DOWNLOADS {
        if seen
            .down
            .is_none_or(|seen| !seen.enough && left(probe.deadline, start).0 > seen.time.0)
        {
            let url = format!("{}/bytes?n={bytes}", probe.url.text);
            let tried = pull(
                &url,
                left(probe.deadline, start),
                probe.enough_down,
                uploads.shortest(),
            )
            .await;
            seen.down = better(seen.down, tried);
        }
    }
    seen
}

/// Sends and fetches so many bytes at once, until all have passed or `limit` is over.
pub(crate) async fn load(probe: &BandwidthProbe, bytes: (u32, u32), limit: Millis) {
    let up = Upload::of(f64::from(bytes.0));
    let url = format!("{}/bytes?n={}", probe.url.text, bytes.1);
    let down = async {
        let request = Fetch::new(&url, CORS);
        request.text().await
    };
    let _ = clock::within(limit, join(send(probe, up), down)).await;
}

/// Reads an answer as it comes; what came until `limit` counts.
async fn pull(url: &str, limit: Millis, enough: Kbps, shortest: Option<Millis>) -> Option<ThroughputSeen> {
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
    let head = head?;
    // On a line that is narrow this way, the answer's own start takes long.
    let round_trip = shortest.map_or(head, |shortest| Millis(shortest.0.min(head.0)));
    download(round_trip, &marks, enough)
}

/// Sends bytes to the sink; what was acknowledged in time counts.
async fn push(probe: &BandwidthProbe) -> Uploads {
    let start = clock::now();
    let mut uploads = Uploads::new(probe.enough_up, probe.deadline);
    let train = async {
        let elapsed = || clock::now().since(start);
        let next = |uploads: &Uploads| uploads.next(elapsed()).map(|upload| send(probe, upload));
        let mut under_way = FuturesUnordered::from_iter(next(&uploads));
        let mut abreast = ABREAST;
        while let Some(Some(upload)) = under_way.next().await {
            uploads.acknowledged(upload, elapsed());
            if uploads.has_enough() {
                break;
            }
            under_way.extend((0..abreast).filter_map(|_| next(&uploads)));
            abreast = 1;
        }
    };
    let _ = clock::within(probe.deadline, train).await;
    uploads
}

/// Sends bytes that nothing on the way can shorten; the upload, if the sink took it.
async fn send(probe: &BandwidthProbe, upload: Upload) -> Option<Upload> {
    let body = noise(upload.bytes as u32);
    let request = Fetch::new(&format!("{}/sink", probe.url.text), CORS).with_body(&body);
    let answered = request.answer().await.ok()?;
    (200..300).contains(&answered.status()).then_some(upload)
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
