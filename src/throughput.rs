//! How much HTTPS carries: is it enough, and no more data than that takes. Pure: moments and bytes come in.
//!
//! Enough is a lower bound: so many bytes were carried between the moment they left and the moment the other end had
//! them. Too little is an upper bound, and harder: TCP starts slowly, and a far line stays empty behind it. So a rate
//! counts as the line's own only while its queue shows.

use crate::few::Gather as _;
use crate::observation::{Spread, ThroughputSeen};
use crate::units::{Kbps, Millis};

/// Bytes that are asked for first, and when that was not enough.
pub const DOWNLOADS: [u32; 2] = [100_000, 1_000_000];
/// Uploads under way at a time: while the sink acknowledges one, the line has others to carry.
pub const ABREAST: usize = 3;
/// The first upload goes alone: its time is the round trip, and hardly more on a narrow line.
const FIRST_UPLOAD: f64 = 500.0;
/// The later ones begin so small that a line of 40 kbit/s has several acknowledged within 2 s, and double in each round
/// trip, as TCP does, until the line shows a queue. With their frames they just fill one TCP segment, or two, four, …, so
/// that what was acknowledged is what has arrived, even where TCP puts several into a row of segments.
const UPLOADS: (f64, f64) = (1_300.0, 41_600.0);
/// What an upload takes besides its bytes, in TCP segments' payload: its header's frame in a TLS record of 60 to 70 bytes,
/// a data frame's and its record's 31 (RFC 9113, RFC 8446), 66 for the header's own segment, and one or two of 66 that
/// acknowledge the answer. From captures of both browsers at 60 kbit/s.
const AROUND_UPLOAD: f64 = 250.0;
/// Of a download, so many bytes may come at once: a token bucket is never smaller than two full frames (`tc-tbf`: one
/// at least).
const SAVED_UP: f64 = 4_000.0;
/// What a download takes in TCP segments' payload: the canary sends TLS records that fill a segment of 1,448 bytes, 22 of
/// them its own.
const IN_RECORDS: f64 = 1_448.0 / 1_426.0;
/// Acknowledgements come at once when this part of an upload's time is between them, a quarter of what should be.
const AT_ONCE: f64 = 0.25 / ABREAST as f64;
/// A queue shows when an upload takes this many times the shortest one so far, and so much longer: less than that may
/// be a busy server or browser.
const QUEUED: f64 = 1.5;
const QUEUED_BY: Millis = Millis(30.0);
/// Enough was carried when it held for what is needed in this time: shapers let some bytes through at once (a token
/// bucket), and fewer than a narrow line then lacks of a second's.
const HELD: Millis = Millis(1_000.0);
/// A steady rate needs no longer look than this.
const STEADY: Millis = Millis(1_200.0);
/// TCP segments of 1,448 bytes go in Ethernet frames of 1,514 (RFC 894, RFC 9293, RFC 7323).
const ON_THE_WIRE: f64 = 1_514.0 / 1_448.0;
/// A rate that is too low counts when it was watched so long.
const WATCHED: Millis = Millis(500.0);
/// And when the queue stood for so many of the shortest round trips: TCP, which starts with ten segments (RFC 6928) and
/// doubles them in each, would have carried the uploads abreast in one by then, and the queue would be gone.
const ROUND_TRIPS_UP: f64 = 3.0;
/// Or, of a download, for so many of them from its start: four doublings carry the first 100,000 bytes (five from a
/// server that starts with four segments), and whatever takes twice as long is not TCP's start.
const ROUND_TRIPS_DOWN: f64 = 8.0;

/// What a download says. The `marks` (moment, bytes so far) count from the request; `round_trip` is the shortest that was
/// seen, with or without a queue.
pub fn download(round_trip: Millis, marks: &[(Millis, f64)], enough: Kbps) -> Option<ThroughputSeen> {
    let last = *marks.last()?;
    let whole = Kbps::of_bytes(last.1 * IN_RECORDS, last.0)?;
    let first = marks.iter().find(|mark| mark.1 >= SAVED_UP).unwrap_or(&last);
    let span = last.0.since(first.0);
    let steady = Kbps::of_bytes((last.1 - first.1) * IN_RECORDS, span).filter(|_| span >= WATCHED);
    let rate = steady.unwrap_or(whole);
    let after = marks.iter().filter(|mark| mark.0 >= first.0);
    let carried: Vec<_> = after.map(|mark| (mark.0, mark.1 * IN_RECORDS)).few();
    Some(ThroughputSeen {
        rate,
        bytes: last.1,
        time: last.0,
        enough: rate >= enough,
        sure: steady.is_some() && last.0.0 >= ROUND_TRIPS_DOWN * round_trip.0,
        spread: steady.and_then(|_| spread(&carried)),
    })
}

/// An upload under way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Upload {
    left: Millis,
    /// How many bytes it sends.
    pub bytes: f64,
}

impl Upload {
    /// One alone, of so many bytes.
    pub fn of(bytes: f64) -> Self {
        Self {
            left: Millis::ZERO,
            bytes,
        }
    }
}

/// Uploads as the sink acknowledges them: the first alone, then [`ABREAST`].
#[derive(Debug, Clone)]
pub struct Uploads {
    enough: Kbps,
    deadline: Millis,
    /// How big the next one is.
    each: f64,
    /// How many of that size were carried without a queue.
    quick: usize,
    /// When the acknowledged ones left, and their bytes on the line.
    carried: Vec<(Millis, f64)>,
    /// The least that the line carries, shown by a second's worth of what is needed.
    least: Option<Kbps>,
    shortest: Option<Millis>,
    /// How long the last one took.
    last: Millis,
    /// While a queue shows: when each upload in it was acknowledged, and what was carried until then since the first.
    queue: Vec<(Millis, f64)>,
    ended: Millis,
}

impl Uploads {
    /// Uploads on a line that needs to carry this, acknowledged before `deadline`.
    pub fn new(enough: Kbps, deadline: Millis) -> Self {
        Self {
            enough,
            deadline,
            each: FIRST_UPLOAD,
            quick: 0,
            carried: Vec::new(),
            least: None,
            shortest: None,
            last: Millis::ZERO,
            queue: Vec::new(),
            ended: Millis::ZERO,
        }
    }

    /// The next one, which leaves now; moments count from the first one's. `None` when no more is to be learnt, or when
    /// it would come too late: what is left in the line's queue would disturb whatever is measured next.
    pub fn next(&self, now: Millis) -> Option<Upload> {
        let late = now + self.last > self.deadline;
        (!late && !self.has_enough() && self.steady(STEADY).is_none()).then_some(Upload {
            left: now,
            bytes: self.each,
        })
    }

    /// The sink has acknowledged one.
    pub fn acknowledged(&mut self, upload: Upload, now: Millis) {
        let took = now.since(upload.left);
        let bytes = upload.bytes + AROUND_UPLOAD;
        let shortest = self.shortest.map_or(took.0, |shortest| shortest.0.min(took.0));
        self.shortest = Some(Millis(shortest));
        self.last = took;
        self.ended = now;
        if took.0 > QUEUED * shortest + QUEUED_BY.0 {
            // From the first acknowledgement on the line is never idle, and round trips do not count. Those that come
            // at once with the first were carried before it: it had to wait for them, in a segment or a server's look.
            let since = self.queue.first().map_or(now, |first| first.0);
            let before = self.queue.last().map_or(0.0, |last| last.1);
            if now.since(since).0 < took.0 * AT_ONCE {
                self.queue.clear();
                self.queue.push((now, 0.0));
            } else {
                self.queue.push((now, before + bytes));
            }
        } else {
            self.queue.clear();
            self.quick += usize::from(upload.bytes >= self.each);
            // One alone may be quick because a token bucket let it through.
            if self.quick > 1 || upload.bytes < UPLOADS.0 {
                self.each = (2.0 * self.each).clamp(UPLOADS.0, UPLOADS.1);
                self.quick = 0;
            }
        }
        self.carried.push((upload.left, bytes));
        let held = self.enough.0 * HELD.0 / 8.0;
        for (start, _) in &self.carried {
            let later = self.carried.iter().filter(|(left, _)| left >= start);
            let bytes = later.map(|(_, bytes)| bytes).sum::<f64>();
            let rate = Kbps::of_bytes(bytes, now.since(*start)).filter(|_| bytes >= held);
            self.least = rate
                .filter(|rate| self.least.is_none_or(|least| *rate > least))
                .or(self.least);
        }
    }

    /// The shortest that one took: a round trip, at least.
    pub fn shortest(&self) -> Option<Millis> {
        self.shortest
    }

    /// What they say.
    pub fn seen(&self) -> Option<ThroughputSeen> {
        let bytes = self.carried.iter().map(|(_, bytes)| bytes).sum();
        let whole = Kbps::of_bytes(bytes, self.ended)?;
        let steady = self.steady(WATCHED);
        let rate = self
            .least
            .filter(|_| self.has_enough())
            .or(steady)
            .unwrap_or(whole);
        Some(ThroughputSeen {
            rate,
            bytes,
            time: self.ended,
            enough: self.has_enough() || steady.is_some_and(|steady| steady >= self.enough),
            sure: steady.is_some(),
            spread: steady.and_then(|_| spread(&self.queue)),
        })
    }

    /// Whether they have shown that the line carries enough: then the others need not be waited for.
    pub fn has_enough(&self) -> bool {
        self.least.is_some_and(|least| least >= self.enough)
    }

    /// The line's own rate, once its queue was watched so long.
    fn steady(&self, least: Millis) -> Option<Kbps> {
        let (first, last) = (self.queue.first()?, self.queue.last()?);
        let (time, bytes) = (self.ended.since(first.0), last.1);
        let least = least.0.max(ROUND_TRIPS_UP * self.shortest?.0);
        Kbps::of_bytes(bytes, time).filter(|_| time.0 >= least)
    }
}

/// How sure the rate between the first mark (moment, bytes so far) and the last is, in kbps: two standard errors of a ratio
/// estimate (W. G. Cochran, "Sampling Techniques", 1977, section 6.4), which holds the mean in 95 of 100 cases. Bytes that
/// come in lumps make one interval long for another's shortness, so it is wider than it need be. `None` of fewer than three
/// intervals.
fn spread(marks: &[(Millis, f64)]) -> Option<Spread> {
    let (first, last) = (marks.first()?, marks.last()?);
    let (time, bytes) = (last.0.since(first.0).0, last.1 - first.1);
    let parts = marks.len() as f64 - 1.0;
    if parts < 3.0 || time <= 0.0 {
        return None;
    }
    let rate = bytes / time;
    let far = marks.windows(2).map(|two| {
        let off = (two[1].1 - two[0].1) - rate * two[1].0.since(two[0].0).0;
        off * off
    });
    let error = (far.sum::<f64>() * parts / (parts - 1.0)).sqrt() / time;
    let kbps = |rate: f64| 8.0 * rate;
    Some(Spread {
        samples: parts,
        least: kbps((rate - 2.0 * error).max(0.0)),
        most: kbps(rate + 2.0 * error),
    })
}

/// What a rate of TCP's payload takes on the line.
pub fn on_the_wire(rate: Kbps) -> Kbps {
    Kbps(rate.0 * ON_THE_WIRE)
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

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
        assert!(
            seen.is_some_and(|seen| (seen.rate.0 - 400.0 * IN_RECORDS).abs() < 1.0
                && seen.sure
                && !seen.enough)
        );
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
        assert!((seen.rate.0 - 60.0 * IN_RECORDS).abs() < 0.1, "{seen:?}");
    }

    #[test]
    fn a_far_line_is_not_called_narrow_for_its_slow_start() {
        let marks = [(Millis(620.0), 14_000.0), (Millis(1_990.0), 98_000.0)];
        let seen = download(Millis(600.0), &marks, ENOUGH);
        assert!(seen.is_some_and(|seen| !seen.enough && !seen.sure));
    }

    /// A line: its rate for HTTPS, the bytes that a token bucket lets through at once, and its round trip.
    #[derive(Debug, Clone, Copy)]
    struct Line {
        rate: f64,
        bucket: f64,
        round_trip: f64,
    }

    impl Line {
        /// What uploads show over it, sent by a TCP that starts with ten segments and doubles them.
        fn seen(self, enough: Kbps) -> ThroughputSeen {
            let mut uploads = Uploads::new(enough, Millis(2_000.0));
            let first = uploads
                .next(Millis::ZERO)
                .map(|first| (first, FIRST_UPLOAD + AROUND_UPLOAD));
            let mut waiting: VecDeque<_> = first.into_iter().collect();
            let mut under_way: VecDeque<(f64, f64, Option<Upload>)> = VecDeque::new();
            let (mut now, mut window, mut full, mut alone) = (0.0, 14_480.0, f64::MIN, true);
            loop {
                let flying = |way: &VecDeque<(f64, f64, _)>| way.iter().map(|it| it.1).sum::<f64>();
                while let Some((upload, left)) = waiting.front_mut().filter(|_| flying(&under_way) < window) {
                    let segment = left.min(1_448.0);
                    *left -= segment;
                    let arrives = now + self.round_trip / 2.0;
                    full = arrives.max(full) + segment * 8.0 / self.rate;
                    let passes = arrives.max(full - self.bucket * 8.0 / self.rate);
                    let whole = (*left <= 0.0).then_some(*upload);
                    under_way.push_back((passes + self.round_trip / 2.0, segment, whole));
                    if whole.is_some() {
                        waiting.pop_front();
                    }
                }
                let Some((acknowledged, segment, upload)) = under_way.pop_front() else {
                    break;
                };
                now = acknowledged;
                window += segment;
                if now > 2_000.0 {
                    break;
                }
                if let Some(upload) = upload {
                    uploads.acknowledged(upload, Millis(now));
                    if uploads.has_enough() {
                        break;
                    }
                    let next = uploads
                        .next(Millis(now))
                        .map(|next| (next, next.bytes + AROUND_UPLOAD));
                    waiting.extend(std::iter::repeat_n(next, if alone { ABREAST } else { 1 }).flatten());
                    alone = false;
                }
            }
            uploads.seen().unwrap_or_default()
        }
    }

    /// Buckets from none to more than shapers commonly have, round trips from the next room to a satellite.
    const BUCKETS: [f64; 4] = [0.0, 3_000.0, 8_000.0, 20_000.0];
    const ROUND_TRIPS: [f64; 10] = [1.0, 3.0, 10.0, 20.0, 50.0, 80.0, 150.0, 200.0, 300.0, 600.0];

    fn lines(rates: &[f64]) -> impl Iterator<Item = Line> {
        let all = rates
            .iter()
            .flat_map(|rate| BUCKETS.map(|bucket| (*rate, bucket)));
        all.flat_map(|(rate, bucket)| {
            ROUND_TRIPS.map(|round_trip| Line {
                rate,
                bucket,
                round_trip,
            })
        })
    }

    #[test]
    fn no_line_that_carries_enough_is_called_narrow_however_far_it_is() {
        for enough in [100.0, 700.0, 1_112.0] {
            for line in lines(&[1.1 * enough, 1.5 * enough, 5_000.0, 20_000.0, 1_000_000.0]) {
                let seen = line.seen(Kbps(enough));
                assert!(seen.enough || !seen.sure, "{line:?}: {seen:?}");
            }
        }
    }

    #[test]
    fn no_line_that_carries_too_little_has_enough_whatever_its_bucket_saved_up() {
        for enough in [700.0, 1_112.0] {
            for line in lines(&[30.0, 60.0, 150.0, 0.5 * enough, 0.7 * enough, 0.85 * enough]) {
                if (line.rate + 8.0 * line.bucket / HELD.0) > 0.95 * enough {
                    continue;
                }
                let seen = line.seen(Kbps(enough));
                assert!(!seen.enough, "{line:?}: {seen:?}");
            }
        }
    }

    #[test]
    fn a_narrow_line_is_told_within_two_seconds_and_five_percent() {
        for line in lines(&[30.0, 40.0, 60.0, 80.0, 100.0, 150.0, 200.0, 250.0, 300.0, 400.0]) {
            let seen = line.seen(ENOUGH);
            assert!(seen.time.0 <= 2_000.0, "{line:?}: {seen:?}");
            assert!(
                !seen.sure || (seen.rate.0 / line.rate - 1.0).abs() < 0.05,
                "{line:?}: {seen:?}"
            );
            // The narrowest carry too few uploads in 2 s to be sure when their way is long, too.
            let far = 4.0 * line.rate - 100.0;
            let near = line.round_trip <= far.min(150.0) && line.bucket <= 3_000.0;
            assert!(seen.sure || !near, "{line:?}: {seen:?}");
        }
    }

    #[test]
    fn a_wide_line_has_shown_enough_soon() {
        for (round_trip, soon) in [(3.0, 100.0), (20.0, 200.0), (80.0, 700.0), (200.0, 1_700.0)] {
            let line = Line {
                rate: 20_000.0,
                bucket: 0.0,
                round_trip,
            };
            let seen = line.seen(Kbps(1_112.0));
            assert!(seen.enough && seen.time.0 < soon, "{line:?}: {seen:?}");
        }
    }

    #[test]
    fn an_upload_that_was_never_acknowledged_says_nothing() {
        let mut uploads = Uploads::new(ENOUGH, Millis(2_000.0));
        assert_eq!(uploads.seen(), None);
        let first = uploads.next(Millis::ZERO).expect("the first one");
        uploads.acknowledged(first, Millis(900.0));
        assert!(uploads.seen().is_some_and(|seen| !seen.enough && !seen.sure));
    }

    #[test]
    fn what_comes_evenly_is_surer_than_what_comes_in_lumps() {
        let marks = |times: &[f64]| -> Vec<(Millis, f64)> {
            let marks = times.iter().enumerate();
            marks
                .map(|(part, time)| (Millis(*time), 1_000.0 * part as f64))
                .collect()
        };
        let even = spread(&marks(&[0.0, 100.0, 200.0, 300.0, 400.0])).expect("three and more");
        assert_eq!((even.samples, even.least, even.most), (4.0, 80.0, 80.0));
        // By hand: bytes too few for the time are 1000, -1000, 1000, -1000 halves; error sqrt(4 * 500² * 4/3) / 400.
        let lumps = spread(&marks(&[0.0, 150.0, 200.0, 350.0, 400.0])).expect("three and more");
        assert!(
            (lumps.most - 80.0 - 16.0 * (1e6_f64 * 4.0 / 3.0).sqrt() / 400.0).abs() < 1e-9,
            "{lumps:?}"
        );
        assert_eq!(spread(&marks(&[0.0, 100.0, 200.0])), None);
    }

    #[test]
    fn headers_take_a_twentieth_more_on_the_wire() {
        assert!((on_the_wire(Kbps(95.64)).0 - 100.0).abs() < 0.1);
    }

    #[test]
    fn nothing_carried_is_nothing_known() {
        assert_eq!(download(Millis(20.0), &[], ENOUGH), None);
    }
}
