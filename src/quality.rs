//! Quality of a voice path: medians, and the E-model's opinion score. Pure; unknown in, unknown out.

use crate::few::{Few as _, Gather as _};
use crate::observation::Spread;
use crate::units::{Millis, Share};

/// What the E-model takes for a codec in one band of sound.
struct Band {
    /// Rating without impairments.
    best: f64,
    /// Impairment by the codec itself (Ie), on the band's scale.
    codec: f64,
    /// Packet-loss robustness (Bpl), for random loss.
    robustness: f64,
    /// What a rating is divided by before the narrow band's curve turns it into an opinion.
    scale: f64,
}

/// Telephone band, 300 to 3,400 Hz. R0 − Is with all other parameters at their defaults (ITU-T G.107, 06/2015, clause
/// 7.7, rounded as there). Opus is not in ITU-T G.113: Ie and Bpl are those that Alahmadi, Pocta and Melvin, "An adaptive
/// bitrate switching algorithm for speech applications in context of WebRTC" (ACM TOMM 17(4), 133, 2021), found for it at
/// a constant rate, here the highest of the band (11 kbps): a higher one is no worse.
const NARROW: Band = Band {
    best: 93.2,
    codec: 2.03,
    robustness: 15.95,
    scale: 1.0,
};
/// Wide band, 50 to 7,000 Hz (ITU-T G.107.1, 06/2015, clause 7.7 and Annex A). Ie and Bpl from the same source, at the
/// highest rate of the band (15 kbps).
const WIDE: Band = Band {
    best: 129.0,
    codec: 18.06,
    robustness: 18.74,
    scale: 1.29,
};
/// How many times as long as by chance losses in a row may be (BurstR): further the E-model was not tried at more than 2 % of
/// loss (ITU-T G.107, clause 7.5). Where little is lost, one packet at a time is chance.
const MOST_BURSTS: f64 = 2.0;
/// Sound in a packet.
pub const PACKET: Millis = Millis(20.0);
/// Opus at 20 ms per packet: one packet's time, plus 6.5 ms look-ahead (RFC 6716, section 2.1.7).
const CODEC_DELAY: Millis = Millis(26.5);

/// The middle value; the mean of the middle two when their number is even. `None` of nothing.
pub fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).few();
    values.sort_few_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        count if count % 2 == 1 => Some(values[middle]),
        _ => Some(f64::midpoint(values[middle - 1], values[middle])),
    }
}

/// What the E-model makes of a path: mean opinion scores, 1..=4.5.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Opinion {
    /// Of a call in telephone band.
    pub narrow: f64,
    /// Of one in wide band, on that band's own scale: the two are not compared with each other.
    pub wide: f64,
}

/// Opinion scores from the round trip to the relay, jitter and loss, by ITU-T G.107 and G.107.1. `burst` is how much sound
/// was lost at a time, in the mean; unknown, losses count as random.
///
/// The delay from mouth to ear is half the round trip, the codec's own delay and a jitter buffer of twice the jitter.
/// Delay impairment after Cole and Rosenbluth, "Voice over IP performance monitoring" (2001), a fit of G.107's Idd.
/// `None` when any of the three was not measured.
pub fn opinion(
    round_trip: Option<Millis>,
    jitter: Option<Millis>,
    loss: Option<Share>,
    burst: Option<Millis>,
) -> Option<Opinion> {
    let (round_trip, jitter, loss) = (round_trip?, jitter?, loss?);
    let delay = round_trip.0.max(0.0) / 2.0 + CODEC_DELAY.0 + 2.0 * jitter.0.max(0.0);
    let bursts = burst.map_or(1.0, |burst| (burst.0 / PACKET.0).clamp(1.0, MOST_BURSTS));
    let of = |band: &Band| {
        let impaired = delay_impairment(delay) + band.codec + loss_impairment(band, loss, bursts);
        score((band.best - impaired) / band.scale)
    };
    Some(Opinion {
        narrow: of(&NARROW),
        wide: of(&WIDE),
    })
}

fn delay_impairment(delay: f64) -> f64 {
    0.024 * delay + 0.11 * (delay - 177.3).max(0.0)
}

/// What loss adds to the codec's impairment (Ie,eff in ITU-T G.107, clause 7.5).
fn loss_impairment(band: &Band, loss: Share, bursts: f64) -> f64 {
    let percent = loss.percent().clamp(0.0, 100.0);
    (95.0 - band.codec) * percent / (percent / bursts + band.robustness)
}

/// The score of a rating (ITU-T G.107, Annex B). Below 6.5 the polynomial dips under 1, so it is clamped there.
fn score(rating: f64) -> f64 {
    let rating = rating.clamp(0.0, 100.0);
    (1.0 + 0.035 * rating + rating * (rating - 60.0) * (100.0 - rating) * 7e-6).clamp(1.0, 4.5)
}

/// What a share may be of which `part` of `whole` was seen: 95 of 100 such ranges hold the true one (E. B. Wilson,
/// "Probable inference, the law of succession, and statistical inference", 1927). Where they come `in_a_row`, so many in the
/// mean, they tell less than as many single ones: of a chain of which each state keeps to itself with the chance
/// 1 − 1/row, the mean's variance is 2·row − 1 times as large. `None` of nothing.
pub fn share_range(part: f64, whole: f64, in_a_row: f64) -> Option<Spread> {
    /// Standard deviations that hold 95 % of a normal distribution.
    const Z: f64 = 1.96;
    let share = Share::of(part, whole)?.0;
    let spread = Z * Z * (2.0 * in_a_row.max(1.0) - 1.0) / whole;
    let middle = (share + spread / 2.0) / (1.0 + spread);
    let half = (spread * (share * (1.0 - share) + spread / 4.0)).sqrt() / (1.0 + spread);
    Some(Spread {
        samples: whole,
        // Of none at all, and of all, rounding may leave the share itself outside.
        least: (middle - half).clamp(0.0, share),
        most: (middle + half).clamp(share, 1.0),
    })
}

/// A straight line through (time, value) points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slope {
    /// Value per unit of time.
    pub value: f64,
    /// Standard error of `value`, out of the points' distances from the line; 0 of two points.
    pub error: f64,
}

/// The line through (time, value) points by least squares; `None` of fewer than two moments. The error is the textbook's
/// for independent distances, times `correlation`: looks that follow closely share their distances.
pub fn slope(points: &[(f64, f64)], correlation: f64) -> Option<Slope> {
    let count = points.len() as f64;
    let (sum_time, sum_value) = points
        .iter()
        .fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
    let (mean_time, mean_value) = (sum_time / count, sum_value / count);
    let sum = |of: fn(f64, f64) -> f64| -> f64 {
        let far = points
            .iter()
            .map(|(time, value)| of(time - mean_time, value - mean_value));
        far.sum()
    };
    let spread = sum(|time, _| time * time);
    let value = (spread > 0.0).then(|| sum(|time, value| time * value) / spread)?;
    let unexplained = (sum(|_, value| value * value) - value * value * spread).max(0.0);
    let variance = unexplained / (count - 2.0).max(1.0) / spread;
    Some(Slope {
        value,
        error: variance.sqrt() * correlation,
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scores(round_trip: f64, jitter: f64, loss: f64, burst: f64) -> [f64; 2] {
        let told = opinion(
            Some(Millis(round_trip)),
            Some(Millis(jitter)),
            Some(Share(loss)),
            Some(Millis(burst)),
        );
        told.map_or([f64::NAN; 2], |told| [told.narrow, told.wide])
    }

    #[test]
    fn a_median_of_nothing_is_unknown() {
        assert_eq!(median([]), None);
        assert_eq!(median([f64::NAN]), None);
        assert_eq!(median([3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median([4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }

    #[test]
    fn unknown_in_unknown_out() {
        let known = Some(Millis(1.0));
        assert_eq!(opinion(None, known, Some(Share(0.0)), None), None);
        assert_eq!(opinion(known, None, Some(Share(0.0)), None), None);
        assert_eq!(opinion(known, known, None, None), None);
        assert!(opinion(known, known, Some(Share(0.0)), None).is_some());
    }

    #[test]
    fn good_and_bad_lines_score_as_expected() {
        let narrow = |round_trip, jitter, loss| scores(round_trip, jitter, loss, 20.0)[0];
        assert!(narrow(20.0, 2.0, 0.0) > 4.3);
        // By hand: R = 93.2 − 2.03 − 0.024 · 40.5 = 90.2, MOS 4.34; wide (129 − 18.06 − 0.972) / 1.29 = 85.2, MOS 4.21.
        let [narrow_band, wide_band] = scores(20.0, 2.0, 0.0, 20.0);
        assert!((narrow_band - 4.34).abs() < 0.01, "{narrow_band}");
        assert!((wide_band - 4.21).abs() < 0.01, "{wide_band}");
        assert!((3.0..4.2).contains(&narrow(500.0, 10.0, 0.0)));
        assert!(narrow(900.0, 60.0, 0.3) < 2.0);
    }

    #[test]
    fn losses_in_bursts_are_worse_than_by_chance() {
        let [chance, bursts] = [20.0, 60.0].map(|burst| scores(20.0, 2.0, 0.05, burst)[0]);
        assert!(bursts < chance - 0.05, "{chance} {bursts}");
        let unknown = opinion(Some(Millis(20.0)), Some(Millis(2.0)), Some(Share(0.05)), None);
        assert_eq!(unknown.map(|told| told.narrow), Some(chance));
    }

    #[test]
    fn a_share_of_few_is_less_sure_than_one_of_many() {
        let share_range = |part, whole| super::share_range(part, whole, 1.0);
        assert_eq!(share_range(0.0, 0.0), None);
        // By hand: 10 of 100 is 5.5 % to 17.4 % (the textbook's example).
        let ten = share_range(10.0, 100.0).expect("some");
        assert!(
            (ten.least - 0.0552).abs() < 1e-3 && (ten.most - 0.1744).abs() < 1e-3,
            "{ten:?}"
        );
        let none = share_range(0.0, 300.0).expect("some");
        assert!(none.least == 0.0 && (none.most - 0.0126).abs() < 1e-3, "{none:?}");
        let all = share_range(20.0, 20.0).expect("some");
        assert!(all.most == 1.0 && all.least > 0.8, "{all:?}");
        let more = share_range(100.0, 1000.0).expect("some");
        assert!(more.most - more.least < ten.most - ten.least);
        // Three in a row: as sure as a fifth of them.
        let rows = super::share_range(100.0, 1000.0, 3.0).expect("some");
        let fifth = share_range(20.0, 200.0).expect("some");
        assert!((rows.least - fifth.least).abs() < 1e-12 && (rows.most - fifth.most).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn worse_is_never_better(
            rt in 0.0..4000.0, jitter in 0.0..500.0, loss in 0.0..1.0f64, burst in 0.0..200.0, more in 0.0..500.0
        ) {
            let lossier = f64::min(loss + more / 500.0, 1.0);
            let base = scores(rt, jitter, loss, burst);
            let worse = [
                scores(rt + more, jitter, loss, burst),
                scores(rt, jitter + more, loss, burst),
                scores(rt, jitter, loss, burst + more),
                scores(rt, jitter, lossier, burst),
            ];
            for band in 0..2 {
                prop_assert!((1.0..=4.5).contains(&base[band]));
                prop_assert!(worse.iter().all(|worse| worse[band] <= base[band] + 1e-9), "{base:?} {worse:?}");
            }
        }

        #[test]
        fn there_are_no_holes(rt in 0.0..4000.0, jitter in 0.0..500.0, loss in 0.0..1.0f64, burst in 0.0..200.0) {
            let one = scores(rt, jitter, loss, burst);
            let next = [
                scores(rt + 1.0, jitter, loss, burst),
                scores(rt, jitter + 0.5, loss, burst),
                scores(rt, jitter, loss + 1e-4, burst),
                scores(rt, jitter, loss, burst + 0.05),
            ];
            for band in 0..2 {
                prop_assert!(next.iter().all(|next| (next[band] - one[band]).abs() < 0.02), "{one:?} {next:?}");
            }
        }
    }
}
