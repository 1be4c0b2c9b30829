//! How much HTTPS carries: is it enough, and no more data than that takes. Pure: moments and bytes come in.
//!
//! A rate is first taken with all its waiting, so it is rather too low; when that is enough, nothing more is asked.
//! Else the line is watched until it has had time to show more: TCP starts slowly, and doubles in each round trip.

use crate::observation::ThroughputSeen;
use crate::units::{Kbps, Millis};

/// Bytes that are asked for first, and when that was not enough.
pub const DOWNLOADS: [u32; 2] = [100_000, 1_000_000];
/// Bytes that are sent first: what TCP sends in one go (RFC 6928, ten segments).
pub const UPLOAD: f64 = 10_000.0;
/// Bytes that are sent then, at the least and at the most.
const UPLOADS: (f64, f64) = (30_000.0, 1_000_000.0);
/// The second upload is as big as the line should carry in this time.
const UPLOAD_TIME: Millis = Millis(1_000.0);
/// A rate that is too low counts when it was watched so long, and over so many round trips.
const WATCHED: Millis = Millis(500.0);
const ROUND_TRIPS: f64 = 5.0;

/// What a download says. `head` and the `marks` (moment, bytes so far) count from the request.
pub fn download(head: Millis, marks: &[(Millis, f64)], enough: Kbps) -> Option<ThroughputSeen> {
    let (first, last) = (*marks.first()?, *marks.last()?);
    let whole = Kbps::of_bytes(last.1, last.0)?;
    let span = last.0.since(first.0);
    let steady = Kbps::of_bytes(last.1 - first.1, span).filter(|_| span >= WATCHED);
    let rate = steady.map_or(whole, |steady| Kbps(steady.0.max(whole.0)));
    Some(seen(rate, last.1, last.0, head, enough))
}

/// What an upload of `bytes` says that was answered after `time`, where a round trip takes at most `head`.
pub fn upload(bytes: f64, time: Millis, head: Millis, enough: Kbps) -> Option<ThroughputSeen> {
    Some(seen(Kbps::of_bytes(bytes, time)?, bytes, time, head, enough))
}

/// What two uploads say together: what the bigger one took longer is the line's time alone, without the round trip.
pub fn both(first: ThroughputSeen, second: ThroughputSeen, enough: Kbps) -> ThroughputSeen {
    let more = Kbps::of_bytes(second.bytes - first.bytes, second.time - first.time);
    let rate = more.map_or(second.rate, |more| Kbps(more.0.max(second.rate.0)));
    ThroughputSeen {
        rate,
        enough: rate >= enough,
        ..second
    }
}

/// How much to send when the first upload was not enough.
pub fn next_upload(first: Kbps) -> f64 {
    (first.0 * UPLOAD_TIME.0 / 8.0).clamp(UPLOADS.0, UPLOADS.1)
}

fn seen(rate: Kbps, bytes: f64, time: Millis, head: Millis, enough: Kbps) -> ThroughputSeen {
    let watched = WATCHED.0.max(ROUND_TRIPS * head.0);
    ThroughputSeen {
        rate,
        bytes,
        time,
        enough: rate >= enough,
        sure: time.0 >= watched,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENOUGH: Kbps = Kbps(1_000.0);

    #[test]
    fn a_fast_line_has_shown_enough_at_once() {
        let seen = download(
            Millis(80.0),
            &[(Millis(85.0), 14_000.0), (Millis(330.0), 100_000.0)],
            ENOUGH,
        );
        assert!(seen.is_some_and(|seen| seen.enough && seen.rate.0 > 2_000.0));
    }

    #[test]
    fn a_narrow_line_is_measured_between_the_first_bytes_and_the_last() {
        let marks: Vec<_> = (1..=6)
            .map(|part| (Millis(320.0 * f64::from(part)), 16_000.0 * f64::from(part)))
            .collect();
        let seen = download(Millis(20.0), &marks, ENOUGH);
        assert!(seen.is_some_and(|seen| (seen.rate.0 - 400.0).abs() < 1.0 && seen.sure && !seen.enough));
    }

    #[test]
    fn a_far_line_is_not_called_narrow_for_its_slow_start() {
        let marks = [(Millis(620.0), 14_000.0), (Millis(1_990.0), 98_000.0)];
        let seen = download(Millis(600.0), &marks, ENOUGH);
        assert!(seen.is_some_and(|seen| !seen.enough && !seen.sure));
        let seen = upload(30_000.0, Millis(1_800.0), Millis(600.0), ENOUGH);
        assert!(seen.is_some_and(|seen| !seen.enough && !seen.sure));
    }

    #[test]
    fn an_upload_is_told_apart_from_its_round_trip() {
        let way = |bytes, time| upload(bytes, Millis(time), Millis(100.0), ENOUGH).unwrap_or_default();
        let seen = both(way(10_000.0, 300.0), way(50_000.0, 1_100.0), ENOUGH);
        assert!((seen.rate.0 - 400.0).abs() < 1.0 && seen.sure && !seen.enough);
        assert_eq!(next_upload(Kbps(400.0)), 50_000.0);
        assert_eq!(next_upload(Kbps(1e6)), 1_000_000.0);
    }

    #[test]
    fn nothing_carried_is_nothing_known() {
        assert_eq!(download(Millis(20.0), &[], ENOUGH), None);
    }
}
