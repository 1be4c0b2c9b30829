//! Quality of a voice path: medians, and the E-model's opinion score. Pure; unknown in, unknown out.

use crate::few::{Few as _, Gather as _};
use crate::observation::Spread;
use crate::units::{Millis, Share};

/// Default transmission rating without impairments: R0 − Is with all other parameters at their defaults
/// (ITU-T G.107, 06/2015, clause 7.7, rounded as there).
const RATING_DEFAULT: f64 = 93.2;

/// Packet-loss robustness of a codec with concealment. Opus is not tabled in ITU-T G.113; its Appendix I gives 25.1
/// for G.711 with concealment, which Opus does not fall short of.
const LOSS_ROBUSTNESS: f64 = 25.1;

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

/// Mean opinion score 1..=4.5 (narrow band) from the round trip to the relay, jitter and loss, by ITU-T G.107.
///
/// The delay from mouth to ear is half the round trip, the codec's own delay and a jitter buffer of twice the jitter.
/// Delay impairment after Cole and Rosenbluth, "Voice over IP performance monitoring" (2001), a fit of G.107's Idd.
/// `None` when any of them was not measured.
pub fn mos(round_trip: Option<Millis>, jitter: Option<Millis>, loss: Option<Share>) -> Option<f64> {
    let (round_trip, jitter, loss) = (round_trip?, jitter?, loss?);
    let delay = round_trip.0.max(0.0) / 2.0 + CODEC_DELAY.0 + 2.0 * jitter.0.max(0.0);
    Some(opinion(
        RATING_DEFAULT - delay_impairment(delay) - loss_impairment(loss),
    ))
}

fn delay_impairment(delay: f64) -> f64 {
    0.024 * delay + 0.11 * (delay - 177.3).max(0.0)
}

/// Ie,eff for random loss (ITU-T G.107, clause 7.5, BurstR = 1, Ie = 0).
fn loss_impairment(loss: Share) -> f64 {
    let percent = loss.percent().clamp(0.0, 100.0);
    95.0 * percent / (percent + LOSS_ROBUSTNESS)
}

/// MOS of a rating (ITU-T G.107, Annex B). Below 6.5 the polynomial dips under 1, so it is clamped there.
fn opinion(rating: f64) -> f64 {
    let rating = rating.clamp(0.0, 100.0);
    (1.0 + 0.035 * rating + rating * (rating - 60.0) * (100.0 - rating) * 7e-6).clamp(1.0, 4.5)
}

/// What a share may be of which `part` of `whole` was seen: 95 of 100 such ranges hold the true one (E. B. Wilson,
/// "Probable inference, the law of succession, and statistical inference", 1927). It takes the cases for independent;
/// losses in bursts may lie further off. `None` of nothing.
pub fn share_range(part: f64, whole: f64) -> Option<Spread> {
    /// Standard deviations that hold 95 % of a normal distribution.
    const Z: f64 = 1.96;
    let share = Share::of(part, whole)?.0;
    let spread = Z * Z / whole;
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

    fn score(round_trip: f64, jitter: f64, loss: f64) -> f64 {
        mos(Some(Millis(round_trip)), Some(Millis(jitter)), Some(Share(loss))).unwrap_or(f64::NAN)
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
        assert_eq!(mos(None, Some(Millis(1.0)), Some(Share(0.0))), None);
        assert_eq!(mos(Some(Millis(1.0)), None, Some(Share(0.0))), None);
        assert_eq!(mos(Some(Millis(1.0)), Some(Millis(1.0)), None), None);
    }

    #[test]
    fn good_and_bad_lines_score_as_expected() {
        assert!(score(20.0, 2.0, 0.0) > 4.3);
        assert!(
            (3.0..4.2).contains(&score(500.0, 10.0, 0.0)),
            "{}",
            score(500.0, 10.0, 0.0)
        );
        assert!(score(900.0, 60.0, 0.3) < 2.0);
    }

    #[test]
    fn a_share_of_few_is_less_sure_than_one_of_many() {
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
    }

    proptest! {
        #[test]
        fn worse_is_never_better(rt in 0.0..4000.0, jitter in 0.0..500.0, loss in 0.0..1.0f64, more in 0.0..500.0) {
            let base = score(rt, jitter, loss);
            prop_assert!((1.0..=4.5).contains(&base));
            prop_assert!(score(rt + more, jitter, loss) <= base + 1e-9);
            prop_assert!(score(rt, jitter + more, loss) <= base + 1e-9);
            let lossier = f64::min(loss + more / 500.0, 1.0);
            prop_assert!(score(rt, jitter, lossier) <= base + 1e-9);
        }

        #[test]
        fn there_are_no_holes(rt in 0.0..4000.0, jitter in 0.0..500.0, loss in 0.0..1.0f64) {
            prop_assert!((score(rt, jitter, loss) - score(rt + 1.0, jitter, loss)).abs() < 0.01);
        }
    }
}
