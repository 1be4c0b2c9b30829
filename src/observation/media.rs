//! What was seen of media: counters of a call, and the steps of the ladder made of them.

use serde::{Deserialize, Serialize};

use crate::units::{Kbps, Millis, Share};

/// The media counters of both ends at one moment, as the browser tells them. Cumulative unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MediaSample {
    /// When, on the run's clock.
    pub at: Millis,
    /// RTP packets sent.
    pub packets_sent: f64,
    /// RTP payload bytes sent.
    pub payload_sent: f64,
    /// RTP header bytes sent; `None` where the browser does not count them.
    pub headers_sent: Option<f64>,
    /// Packets the sender's socket refused to take.
    pub discarded_on_send: Option<f64>,
    /// Bytes that TURN adds to each sent packet, where it is not ChannelData.
    pub framing: Option<f64>,
    /// RTP packets received.
    pub packets_received: f64,
    /// All bytes that arrived on both ends' transports, old media that is dropped for its age included.
    pub bytes_arrived: Option<f64>,
    /// RTP packets lost (may go down when late ones arrive).
    pub packets_lost: f64,
    /// RTP payload bytes received.
    pub payload_received: f64,
    /// RTP header bytes received.
    pub headers_received: Option<f64>,
    /// Interarrival jitter (RFC 3550, section 6.4.1), present value.
    pub jitter: Option<Millis>,
    /// Sum over all emitted samples of the time each spent in the jitter buffer.
    pub jitter_buffer_delay: Option<Millis>,
    /// Samples the jitter buffer emitted.
    pub jitter_buffer_emitted: Option<f64>,
    /// Samples played, concealed ones included.
    pub samples: Option<f64>,
    /// Samples made up because nothing had arrived.
    pub samples_concealed: Option<f64>,
    /// Sum of all connectivity-check round trips over the relayed loop.
    pub round_trip_total: Option<Millis>,
    /// How many connectivity-check answers that sum holds.
    pub round_trips: Option<f64>,
    /// How many times samples had to be made up, however many in a row.
    pub concealments: Option<f64>,
    /// The newest round trip by RTCP, present value.
    pub rtcp_round_trip: Option<Millis>,
    /// How late the page's own timer was that led to this look.
    pub late: Option<Millis>,
}

/// What the ladder measured.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LadderSeen {
    /// The steps in the order they were measured.
    pub steps: Vec<Step>,
    /// The highest clean step; `None` when none was clean.
    pub highest_clean: Option<Kbps>,
    /// The ladder was cut short by the deadline or the end of the call.
    pub cut_short: bool,
    /// The line's quality as far as it could be measured on clean steps.
    pub quality: Option<Quality>,
    /// Interruptions: nothing arrived for 400 ms or longer, on a line without a queue.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
}

/// An interruption of the line.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Gap {
    /// When it began, from the start of the ladder.
    pub at: Millis,
    /// How long nothing arrived.
    pub length: Millis,
}

/// The line's quality for voice.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Quality {
    /// Round trip between this browser and TURN: half the loop's, whose path is double.
    pub round_trip: Option<Millis>,
    /// Interarrival jitter, median.
    pub jitter: Option<Millis>,
    /// Packets lost.
    pub loss: Option<Share>,
    /// Mean opinion score by the E-model in telephone band, 1..=4.5.
    pub mos: Option<f64>,
    /// The same in wide band, on that band's own scale.
    #[serde(default)]
    pub mos_wide: Option<f64>,
    /// How much sound had to be made up at a time, in the mean, where packets were lost.
    #[serde(default)]
    pub burst: Option<Millis>,
    /// How sure all that is.
    #[serde(default)]
    pub spread: Spreads,
}

/// How sure the numbers of a line's quality are.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Spreads {
    /// The round trip, in milliseconds.
    pub round_trip_ms: Option<Spread>,
    /// The jitter, in milliseconds.
    pub jitter_ms: Option<Spread>,
    /// The loss, as a share.
    pub loss: Option<Spread>,
}

/// How sure a number is.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Spread {
    /// Of how many it is made: steps of the ladder, or packets where it is a share of them.
    pub samples: f64,
    /// The least of them; of a share the lower end of what it may be.
    pub least: f64,
    /// The most of them; of a share the upper end of what it may be.
    pub most: f64,
}

impl Spread {
    /// Of values; `None` of none.
    pub fn of(values: &[f64]) -> Option<Self> {
        let least = values.iter().copied().reduce(f64::min)?;
        Some(Self {
            samples: values.len() as f64,
            least,
            most: values.iter().copied().fold(least, f64::max),
        })
    }
}

/// One step of the ladder.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Step {
    /// The payload rate that was asked for.
    pub target: Kbps,
    /// The payload rate that the encoder sent.
    pub sent: Kbps,
    /// The payload rate that arrived.
    pub received: Option<Kbps>,
    /// What the sent packets take on the line, all headers included.
    pub wire: Option<Kbps>,
    /// Packets that arrived per second.
    pub packets_per_second: Option<f64>,
    /// Packets that left the encoder per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packets_sent_per_second: Option<f64>,
    /// How far the encoder fell behind its own pace of 50 packets per second, at the worst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind: Option<Millis>,
    /// How late the page's own timers were, at the worst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<Millis>,
    /// Packets lost.
    pub loss: Option<Share>,
    /// Interarrival jitter at the end of the step.
    pub jitter: Option<Millis>,
    /// Mean round trip of the relayed loop during the step.
    pub round_trip: Option<Millis>,
    /// Share of played audio that was made up.
    pub concealment: Option<Share>,
    /// How many times audio was made up, however much in a row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concealments: Option<f64>,
    /// Payload received over payload sent, 1 when all arrives in time.
    pub goodput: Option<Share>,
    /// How long it was measured.
    pub duration: Millis,
    /// True when the line carries this rate.
    pub clean: bool,
    /// Why not, when not.
    pub why: Option<Unclean>,
}

/// Why a step is not clean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unclean {
    /// Less arrives than is sent: a queue builds up, or packets vanish.
    Goodput,
    /// Packets are lost.
    Loss,
    /// The round trip grows while the step lasts: a queue builds up.
    Queue,
    /// Audio had to be made up.
    Concealment,
    /// Nothing arrives any more.
    Stalled,
    /// The encoder did not send what was asked, so the step says nothing about the line.
    NotSent,
}
