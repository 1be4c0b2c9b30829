//! How much HTTPS carries: is it enough, and no more data than that takes. Pure: moments and bytes come in.
//!
//! A rate is first taken with all its waiting, so it is rather too low; when that is enough, nothing more is asked.
//! Else the line is watched until it has had time to show more: TCP starts slowly, and doubles in each round trip.

use crate::observation::ThroughputSeen;
use crate::units::{Kbps, Millis};

/// Bytes that are asked for first, and when that was not enough.
pub const DOWNLOADS: [u32; 2] = [100_000, 1_000_000];
/// Bytes that are sent first: less than TCP sends in one go (RFC 6928, ten segments), so that a fast line has shown
/// enough after two round trips.
pub const FIRST_UPLOAD: f64 = 4_000.0;
/// Uploads under way at a time: while the sink acknowledges one, the line has others to carry.
pub const ABREAST: usize = 3;
/// Each of them is as big as the line should carry in this time, within bounds: small enough for a narrow line to have
/// some acknowledged within 2 s, and not to overflow its queue.
const EACH: Millis = Millis(100.0);
const UPLOADS: (f64, f64) = (2_000.0, 60_000.0);
/// What an upload takes besides its bytes: the frames of HTTP/2 with their compressed header, in TLS records (RFC 9113,
/// RFC 8446; seen: 140 to 160).
const AROUND_UPLOAD: f64 = 150.0;
/// A steady rate needs no longer look than this.
const STEADY: Millis = Millis(1_200.0);
/// What carries the bytes of HTTPS on a narrow line: full segments of 1,448 bytes in Ethernet frames of 1,514 (RFC 894,
/// RFC 9293, RFC 7323), and TLS records of 4,096 bytes with 22 more.
const ON_THE_WIRE: f64 = 1_514.0 / 1_448.0 * 4_118.0 / 4_096.0;
/// A rate that is too low counts when it was watched so long, and over so many round trips.
const WATCHED: Millis = Millis(500.0);
const ROUND_TRIPS: f64 = 5.0;

/// What a download says. `head` and the `marks` (moment, bytes so far) count from the request.
pub fn download(head: Millis, marks: &[(Millis, f64)], enough: Kbps) -> Option<ThroughputSeen> {
    let (first, last) = (*marks.first()?, *marks.last()?);
    let whole = Kbps::of_bytes(last.1, last.0)?;
    let span = last.0.since(first.0);
    let steady = Kbps::of_bytes(last.1 - first.1, span).filter(|_| span >= WATCHED);
    // The first bytes may be what a token bucket had saved up.
    let rate = steady.unwrap_or(whole);
    Some(seen(rate, last.1, last.0, head, enough))
}

/// Uploads as the sink acknowledges them: the first alone, then several abreast.
#[derive(Debug, Clone)]
pub struct Uploads {
    enough: Kbps,
    first: Option<(f64, Millis)>,
    /// Moments from the start of the later ones, and bytes acknowledged by then.
    marks: Vec<(Millis, f64)>,
}

impl Uploads {
    /// Uploads on a line that needs to carry this.
    pub fn new(enough: Kbps) -> Self {
        Self {
            enough,
            first: None,
            marks: Vec::new(),
        }
    }

    /// The first one was acknowledged after `time`.
    pub fn first(&mut self, time: Millis) {
        self.first = Some((FIRST_UPLOAD + AROUND_UPLOAD, time));
    }

    /// How big each of the later ones is.
    pub fn each(&self) -> f64 {
        let rate = self.first.and_then(|(bytes, time)| Kbps::of_bytes(bytes, time));
        (rate.unwrap_or_default().0 * EACH.0 / 8.0).clamp(UPLOADS.0, UPLOADS.1)
    }

    /// One of the later ones was acknowledged, so long after their start.
    pub fn acknowledged(&mut self, at: Millis) {
        let before = self.marks.last().map_or(0.0, |mark| mark.1);
        self.marks.push((at, before + self.each() + AROUND_UPLOAD));
    }

    /// Whether nothing more is to be learnt.
    pub fn is_known(&self) -> bool {
        let steady = self.marks.first().zip(self.marks.last());
        let long = steady.is_some_and(|(first, last)| last.0.since(first.0) >= STEADY);
        long || self.seen().is_some_and(|seen| seen.enough)
    }

    /// What they say: from the first acknowledgement to the last the line was never idle, and round trips do not count.
    pub fn seen(&self) -> Option<ThroughputSeen> {
        let (bytes, time) = self.first?;
        let whole = Kbps::of_bytes(bytes, time)?;
        let all = self.marks.last().map_or(0.0, |mark| mark.1);
        let span = self.marks.first().zip(self.marks.last());
        let span = span.map(|(first, last)| (last.0.since(first.0), last.1 - first.1));
        let steady = span.and_then(|(time, bytes)| Kbps::of_bytes(bytes, time));
        // Two acknowledgements may come together; the first upload alone has what a token bucket had saved up.
        let rate = match (steady, span) {
            (Some(steady), Some((time, _))) if time >= WATCHED => steady,
            (Some(steady), _) if self.marks.len() >= ABREAST => {
                Kbps(steady.0.min(whole.0.max(self.rate_so_far())))
            }
            _ => whole,
        };
        let took = self.marks.last().map_or(time, |mark| time + mark.0);
        Some(ThroughputSeen {
            rate,
            bytes: bytes + all,
            time: took,
            enough: rate >= self.enough,
            sure: span.is_some_and(|(time, _)| time >= WATCHED),
        })
    }

    /// The later ones with all their waiting: rather too low.
    fn rate_so_far(&self) -> f64 {
        let last = self.marks.last();
        last.and_then(|(time, bytes)| Kbps::of_bytes(*bytes, *time))
            .unwrap_or_default()
            .0
    }
}

/// What a rate of HTTPS takes on the line.
pub fn on_the_wire(rate: Kbps) -> Kbps {
    Kbps(rate.0 * ON_THE_WIRE)
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
    fn what_a_token_bucket_had_saved_up_does_not_count() {
        let marks: Vec<_> = (0..4)
            .map(|part| {
                (
                    Millis(120.0 + 546.0 * f64::from(part)),
                    4_096.0 * f64::from(part + 1),
                )
            })
            .collect();
        let seen = download(Millis(20.0), &marks, ENOUGH).unwrap_or_default();
        assert!((seen.rate.0 - 60.0).abs() < 0.1, "{seen:?}");
    }

    #[test]
    fn a_far_line_is_not_called_narrow_for_its_slow_start() {
        let marks = [(Millis(620.0), 14_000.0), (Millis(1_990.0), 98_000.0)];
        let seen = download(Millis(600.0), &marks, ENOUGH);
        assert!(seen.is_some_and(|seen| !seen.enough && !seen.sure));
    }

    /// What a line says whose rate on HTTPS is `rate`, after a token bucket has let `burst` bytes through at once.
    fn uploaded(rate: Kbps, burst: f64, round_trip: f64, limit: f64) -> Uploads {
        let carried = |bytes: f64| bytes * 8.0 / rate.0;
        let mut uploads = Uploads::new(ENOUGH);
        let first = round_trip + carried(FIRST_UPLOAD + AROUND_UPLOAD - burst);
        uploads.first(Millis(first));
        let each = carried(uploads.each() + AROUND_UPLOAD);
        let (mut at, mut free) = (0.0, round_trip / 2.0);
        // As many as are abreast at once, then one more for each that is acknowledged.
        while at + first < limit && !uploads.is_known() {
            free += each.max(round_trip / ABREAST as f64);
            at = free + round_trip / 2.0;
            if at + first < limit {
                uploads.acknowledged(Millis(at));
            }
        }
        uploads
    }

    #[test]
    fn a_narrow_line_is_told_within_two_seconds_and_five_percent() {
        for rate in [40.0, 60.0, 100.0, 150.0, 300.0] {
            for round_trip in [10.0, 80.0] {
                let seen = uploaded(Kbps(rate), 3_000.0, round_trip, 2_000.0)
                    .seen()
                    .unwrap_or_default();
                assert!(
                    seen.sure && !seen.enough && seen.time.0 <= 2_000.0,
                    "{rate}: {seen:?}"
                );
                assert!((seen.rate.0 / rate - 1.0).abs() < 0.02, "{rate}: {seen:?}");
            }
        }
    }

    #[test]
    fn a_wide_line_has_shown_enough_soon() {
        for (round_trip, soon) in [(10.0, 100.0), (80.0, 600.0)] {
            let uploads = uploaded(Kbps(20_000.0), 0.0, round_trip, 2_000.0);
            let seen = uploads.seen().unwrap_or_default();
            assert!(
                uploads.is_known() && seen.enough && seen.time.0 < soon,
                "{seen:?}"
            );
        }
    }

    #[test]
    fn an_upload_that_was_never_acknowledged_says_nothing() {
        assert_eq!(Uploads::new(ENOUGH).seen(), None);
        let mut uploads = Uploads::new(ENOUGH);
        uploads.first(Millis(900.0));
        assert!(uploads.seen().is_some_and(|seen| !seen.enough && !seen.sure));
    }

    #[test]
    fn payload_takes_a_twentieth_more_on_the_wire() {
        assert!((on_the_wire(Kbps(95.1)).0 - 100.0).abs() < 0.1);
    }

    #[test]
    fn nothing_carried_is_nothing_known() {
        assert_eq!(download(Millis(20.0), &[], ENOUGH), None);
    }
}
