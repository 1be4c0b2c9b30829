//! Link rates as token-bucket parameters of the kernel (`tc tbf`).

/// How long a full queue takes to drain. A consumer's router queues between half a second and several: long
/// enough for congestion to show as delay, short enough for a run to see the queue drain between two steps.
pub const QUEUE_MS: u32 = 1500;

/// Two full Ethernet frames: below that a full-sized packet could never pass, above it a "rate" has bursts that a
/// short measurement mistakes for capacity.
pub const BURST_BYTES: u32 = 2 * 1514;

/// A token bucket for one direction of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenBucket {
    /// Rate in kbit/s, Ethernet headers included.
    pub rate_kbps: u32,
    /// Bytes that may pass at once.
    pub burst_bytes: u32,
    /// Bytes that may wait; everything beyond is dropped.
    pub limit_bytes: u32,
}

impl TokenBucket {
    /// The bucket for a link of this rate.
    #[must_use]
    pub fn for_rate(rate_kbps: u32) -> Self {
        // kbit/s × ms = bits
        let queue_bytes = rate_kbps.saturating_mul(QUEUE_MS) / 8;
        // The kernel refills by its timer; from some rate on one refill is more than two frames.
        let refill_bytes = rate_kbps.saturating_mul(10) / 8;
        let burst_bytes = BURST_BYTES.max(refill_bytes);
        TokenBucket {
            rate_kbps,
            burst_bytes,
            limit_bytes: queue_bytes + burst_bytes,
        }
    }

    /// The arguments of `tc` that put this bucket on a device.
    #[must_use]
    pub fn tc(&self, device: &str) -> String {
        let TokenBucket {
            rate_kbps,
            burst_bytes,
            limit_bytes,
        } = self;
        format!(
            "tc qdisc replace dev {device} root tbf rate {rate_kbps}kbit burst {burst_bytes} limit {limit_bytes}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_link_still_passes_a_full_frame_and_queues_for_a_second_and_a_half() {
        let bucket = TokenBucket::for_rate(60);
        assert_eq!(bucket.burst_bytes, 3028);
        assert_eq!(bucket.limit_bytes - bucket.burst_bytes, 60_000 / 8 * 3 / 2);
    }

    #[test]
    fn a_fast_link_gets_a_bucket_for_ten_milliseconds() {
        assert_eq!(TokenBucket::for_rate(10_000).burst_bytes, 12_500);
    }

    #[test]
    fn the_command_is_what_tc_reads() {
        assert_eq!(
            TokenBucket::for_rate(100).tc("wan"),
            "tc qdisc replace dev wan root tbf rate 100kbit burst 3028 limit 21778"
        );
    }
}
