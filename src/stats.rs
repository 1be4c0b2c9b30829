//! What `getStats` tells, decoded: an entry is a plain JSON object, every field may be missing, and missing is never zero.

use crate::json::Json;
use crate::observation::MediaSample;
use crate::units::Millis;

/// What one side's statistics tell about its connection.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Connection {
    /// Whether both candidates of the selected pair are relayed.
    pub relayed: Option<bool>,
    /// The protocol between this browser and TURN.
    pub relay_protocol: Option<String>,
    /// The DTLS transport's state.
    pub dtls_state: Option<String>,
    /// The SRTP cipher.
    pub srtp_cipher: Option<String>,
    /// The codec of the audio that arrives (or, before that, leaves).
    pub codec: Option<String>,
    /// RTP packets that arrived.
    pub packets_received: Option<u32>,
    /// Audio samples played, concealed ones included.
    pub samples: Option<f64>,
    /// The newest round trip of a connectivity check.
    pub round_trip: Option<Millis>,
    /// The ports of the selected pair: this end's, and the other's.
    pub ports: Option<(u16, u16)>,
}

/// All that one side told at one moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stats {
    entries: Vec<Json>,
}

impl Stats {
    /// Reads the entries of a statistics report, a JSON list in any order; `None` when it is none.
    pub fn read(text: &str) -> Option<Self> {
        match Json::read(text) {
            Ok(Json::List(entries)) => Some(Self { entries }),
            _ => None,
        }
    }

    /// The moment of these statistics, in milliseconds since 1970 by the browser's own count.
    pub fn taken(&self) -> Option<Millis> {
        let stream = self.audio("outbound-rtp").or_else(|| self.audio("inbound-rtp"))?;
        number(stream, "timestamp").map(Millis)
    }

    /// What it tells about the connection.
    pub fn connection(&self) -> Connection {
        let transport = self.of_type("transport");
        let pair = self.selected_pair();
        let inbound = self.audio("inbound-rtp");
        let end = |name| {
            pair.and_then(|pair| text(pair, name))
                .and_then(|id| self.by_id(id))
        };
        let (local, remote) = (end("localCandidateId"), end("remoteCandidateId"));
        let port = |candidate: Option<&Json>| number(candidate?, "port").map(|port| port as u16);
        let kind = |candidate: Option<&Json>| {
            candidate
                .and_then(|candidate| text(candidate, "candidateType"))
                .map(|kind| kind == "relay" || kind == "relayed")
        };
        Connection {
            relayed: kind(local),
            relay_protocol: owned(local, "relayProtocol"),
            dtls_state: owned(transport, "dtlsState"),
            srtp_cipher: owned(transport, "srtpCipher"),
            codec: inbound
                .or_else(|| self.audio("outbound-rtp"))
                .and_then(|stream| text(stream, "codecId"))
                .and_then(|id| self.by_id(id))
                .and_then(|codec| owned(Some(codec), "mimeType")),
            packets_received: inbound
                .and_then(|stream| number(stream, "packetsReceived"))
                .map(|count| count as u32),
            samples: inbound.and_then(|stream| number(stream, "totalSamplesReceived")),
            round_trip: pair.and_then(|pair| seconds(pair, "currentRoundTripTime")),
            ports: port(local).zip(port(remote)),
        }
    }

    /// Bytes that arrived on the transport, or on the pair in use.
    fn arrived(&self) -> Option<f64> {
        [self.of_type("transport"), self.selected_pair()]
            .into_iter()
            .find_map(|entry| number(entry?, "bytesReceived"))
    }

    fn of_type(&self, kind: &str) -> Option<&Json> {
        self.entries
            .iter()
            .find(|entry| text(entry, "type") == Some(kind))
    }

    fn by_id(&self, id: &str) -> Option<&Json> {
        self.entries.iter().find(|entry| text(entry, "id") == Some(id))
    }

    /// The audio stream of this type that carried most: a browser may list an idle one beside it.
    fn audio(&self, kind: &str) -> Option<&Json> {
        let packets = |entry: &Json| {
            number(entry, "packetsReceived")
                .or_else(|| number(entry, "packetsSent"))
                .unwrap_or_default()
        };
        self.entries
            .iter()
            .filter(|entry| {
                text(entry, "type") == Some(kind) && text(entry, "kind").is_none_or(|kind| kind == "audio")
            })
            .max_by(|a, b| packets(a).total_cmp(&packets(b)))
    }

    /// The pair in use. Browsers without `transport` entries mark it `selected`, or nominate it.
    fn selected_pair(&self) -> Option<&Json> {
        let by_transport = self
            .of_type("transport")
            .and_then(|transport| text(transport, "selectedCandidatePairId"))
            .and_then(|id| self.by_id(id));
        let pairs = || {
            self.entries
                .iter()
                .filter(|entry| text(entry, "type") == Some("candidate-pair"))
        };
        let flag = |entry: &Json, name| entry.flag_of(name) == Some(true);
        by_transport
            .or_else(|| pairs().find(|pair| flag(pair, "selected")))
            .or_else(|| {
                pairs().find(|pair| flag(pair, "nominated") && text(pair, "state") == Some("succeeded"))
            })
    }
}

/// The media counters of a stream from `sender` to `receiver`; `None` when a counter is missing that every browser has.
/// While nothing is sent a browser may list no outgoing stream (Firefox 140): then what was counted `before` stands.
pub fn media_sample(
    at: Millis,
    sender: &Stats,
    receiver: &Stats,
    before: Option<&MediaSample>,
) -> Option<MediaSample> {
    let (packets_sent, payload_sent, headers_sent) = match (sender.audio("outbound-rtp"), before) {
        (Some(outbound), _) => (
            number(outbound, "packetsSent")?,
            number(outbound, "bytesSent")?,
            number(outbound, "headerBytesSent"),
        ),
        (None, Some(before)) => (before.packets_sent, before.payload_sent, before.headers_sent),
        (None, None) => return None,
    };
    let inbound = receiver.audio("inbound-rtp")?;
    let pair = sender.selected_pair();
    let of_pair = |name| pair.and_then(|pair| number(pair, name));
    let remote = sender.audio("remote-inbound-rtp");
    Some(MediaSample {
        at,
        packets_sent,
        payload_sent,
        headers_sent,
        discarded_on_send: of_pair("packetsDiscardedOnSend"),
        framing: None,
        packets_received: number(inbound, "packetsReceived")?,
        bytes_arrived: sender
            .arrived()
            .zip(receiver.arrived())
            .map(|(one, other)| one + other),
        packets_lost: number(inbound, "packetsLost")?,
        payload_received: number(inbound, "bytesReceived")?,
        headers_received: number(inbound, "headerBytesReceived"),
        jitter: seconds(inbound, "jitter"),
        jitter_buffer_delay: seconds(inbound, "jitterBufferDelay"),
        jitter_buffer_emitted: number(inbound, "jitterBufferEmittedCount"),
        samples: number(inbound, "totalSamplesReceived"),
        samples_concealed: number(inbound, "concealedSamples"),
        concealments: number(inbound, "concealmentEvents"),
        round_trip_total: of_pair("totalRoundTripTime").map(Millis::seconds),
        round_trips: of_pair("responsesReceived"),
        rtcp_round_trip: remote.and_then(|stream| seconds(stream, "roundTripTime")),
        late: None,
    })
}

fn text<'a>(entry: &'a Json, name: &str) -> Option<&'a str> {
    entry.text_of(name)
}

fn owned(entry: Option<&Json>, name: &str) -> Option<String> {
    entry.and_then(|entry| text(entry, name)).map(str::to_owned)
}

fn number(entry: &Json, name: &str) -> Option<f64> {
    entry.number_of(name)
}

fn seconds(entry: &Json, name: &str) -> Option<Millis> {
    number(entry, name).map(Millis::seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both ends of a relayed call at 160 kbps, as Chromium 156 told it.
    const NEAR: &str = include_str!("../tests/stats/chromium-156-near.json");
    const FAR: &str = include_str!("../tests/stats/chromium-156-far.json");

    fn stats(text: &str) -> Stats {
        Stats::read(text).unwrap_or_default()
    }

    /// The same statistics from a browser that leaves these fields and entries out.
    fn without(text: &str, types: &[&str], fields: &[&str]) -> Stats {
        let mut stats = stats(text);
        stats
            .entries
            .retain(|entry| super::text(entry, "type").is_none_or(|kind| !types.contains(&kind)));
        for entry in &mut stats.entries {
            if let Json::Object(entry) = entry {
                entry.retain(|(name, _)| !fields.contains(&name.as_str()));
            }
        }
        stats
    }

    #[test]
    fn a_connection_is_read() {
        let expected = Connection {
            relayed: Some(true),
            relay_protocol: Some("tcp".into()),
            dtls_state: Some("connected".into()),
            srtp_cipher: Some("SRTP_AES128_CM_HMAC_SHA1_80".into()),
            codec: Some("audio/opus".into()),
            packets_received: Some(584),
            samples: Some(553_440.0),
            round_trip: Some(Millis(3.0)),
            ports: Some((41231, 41314)),
        };
        assert_eq!(stats(FAR).connection(), expected);
    }

    #[test]
    fn counters_come_from_the_sending_and_the_receiving_end() {
        let sample = media_sample(Millis(7.0), &stats(NEAR), &stats(FAR), None);
        let expected = MediaSample {
            at: Millis(7.0),
            packets_sent: 584.0,
            payload_sent: 117_915.0,
            headers_sent: Some(16_797.0),
            discarded_on_send: Some(0.0),
            framing: None,
            packets_received: 584.0,
            bytes_arrived: Some(152821.0),
            packets_lost: 0.0,
            payload_received: 117_915.0,
            headers_received: Some(16_797.0),
            jitter: Some(Millis(3.0)),
            jitter_buffer_delay: Some(Millis(22_329_600.0)),
            jitter_buffer_emitted: Some(552_000.0),
            samples: Some(553_440.0),
            samples_concealed: Some(1789.0),
            concealments: Some(1.0),
            round_trip_total: Some(Millis(11.0)),
            round_trips: Some(8.0),
            rtcp_round_trip: Some(Millis(1.663)),
            late: None,
        };
        assert_eq!(sample, Some(expected));
        assert_eq!(stats(NEAR).taken(), Some(Millis(1_795_461_041_153.305)));
    }

    #[test]
    fn what_a_browser_leaves_out_is_unknown_and_the_rest_counts() {
        let missing = [
            "headerBytesSent",
            "headerBytesReceived",
            "packetsDiscardedOnSend",
            "totalRoundTripTime",
        ];
        let near = without(NEAR, &["remote-inbound-rtp"], &missing);
        let sample = media_sample(Millis(7.0), &near, &without(FAR, &[], &missing), None).unwrap_or_default();
        assert_eq!(sample.payload_received, 117_915.0);
        assert_eq!((sample.headers_sent, sample.headers_received), (None, None));
        assert_eq!(
            (
                sample.round_trip_total,
                sample.rtcp_round_trip,
                sample.discarded_on_send
            ),
            (None, None, None)
        );
        assert_eq!(sample.round_trips, Some(8.0));
    }

    #[test]
    fn the_pair_in_use_is_found_without_a_transport_entry() {
        let connection = without(FAR, &["transport"], &["relayProtocol"]).connection();
        assert_eq!(
            (connection.relayed, connection.relay_protocol),
            (Some(true), None)
        );
        assert_eq!((connection.dtls_state, connection.srtp_cipher), (None, None));
    }

    /// Both ends of a relayed call, as Firefox 153 told it.
    const FIREFOX_NEAR: &str = include_str!("../tests/stats/firefox-153-near.json");
    const FIREFOX_FAR: &str = include_str!("../tests/stats/firefox-153-far.json");

    #[test]
    fn firefox_is_read_as_far_as_it_tells() {
        let near = stats(FIREFOX_NEAR).connection();
        assert_eq!(
            (near.relayed, near.relay_protocol.as_deref()),
            (Some(true), Some("tcp"))
        );
        assert_eq!(near.dtls_state.as_deref(), Some("connected"));
        assert_eq!(near.srtp_cipher.as_deref(), Some("SRTP_AEAD_AES_128_GCM"));
        assert_eq!(near.codec.as_deref(), Some("audio/opus"));
        let sample =
            media_sample(Millis(7.0), &stats(FIREFOX_NEAR), &stats(FIREFOX_FAR), None).unwrap_or_default();
        assert_eq!((sample.packets_sent, sample.packets_received), (428.0, 428.0));
        assert_eq!(
            (sample.payload_sent, sample.headers_sent),
            (17_377.0, Some(10_410.0))
        );
        assert_eq!(sample.discarded_on_send, None);
        assert_eq!(sample.rtcp_round_trip, Some(Millis(5.005)));
        // Its transport counts no bytes; the pair in use does.
        assert_eq!(sample.bytes_arrived, Some(95_823.0 + 43_126.0));
    }

    /// The shape of Safari's answer, written after WebKit's documentation and the field notes: no Safari was at hand.
    /// Neither the remote end's loss, nor the protocol of the relay, nor header bytes.
    const SAFARI_NEAR: &str = include_str!("../tests/stats/safari-shape-near.json");
    const SAFARI_FAR: &str = include_str!("../tests/stats/safari-shape-far.json");

    #[test]
    fn what_safari_leaves_out_is_missing_and_not_zero() {
        let near = stats(SAFARI_NEAR).connection();
        assert_eq!((near.relayed, near.relay_protocol), (Some(true), None));
        assert_eq!(near.srtp_cipher, None);
        let sample =
            media_sample(Millis(7.0), &stats(SAFARI_NEAR), &stats(SAFARI_FAR), None).unwrap_or_default();
        assert_eq!((sample.packets_sent, sample.packets_received), (150.0, 149.0));
        assert_eq!(
            (
                sample.headers_sent,
                sample.headers_received,
                sample.discarded_on_send
            ),
            (None, None, None)
        );
        assert_eq!(sample.rtcp_round_trip, None);
        assert_eq!(sample.samples_concealed, Some(960.0));
        // Without the counter of lost packets there is no sample: no loss is not "none lost".
        let far = without(SAFARI_FAR, &[], &["packetsLost"]);
        assert_eq!(media_sample(Millis(7.0), &stats(SAFARI_NEAR), &far, None), None);
    }

    #[test]
    fn while_nothing_is_sent_what_was_counted_before_stands() {
        let before = MediaSample {
            packets_sent: 900.0,
            payload_sent: 20_000.0,
            headers_sent: Some(18_000.0),
            ..MediaSample::default()
        };
        let resting = without(NEAR, &["outbound-rtp"], &[]);
        let sample = media_sample(Millis(7.0), &resting, &stats(FAR), Some(&before)).unwrap_or_default();
        assert_eq!((sample.packets_sent, sample.payload_sent), (900.0, 20_000.0));
        assert_eq!(
            (sample.headers_sent, sample.packets_received),
            (Some(18_000.0), 584.0)
        );
    }

    #[test]
    fn nothing_told_is_nothing_known() {
        assert_eq!(Stats::default().connection(), Connection::default());
        assert_eq!(
            media_sample(Millis(7.0), &Stats::default(), &stats(FAR), None),
            None
        );
        assert_eq!(
            media_sample(
                Millis(7.0),
                &stats(NEAR),
                &without(FAR, &[], &["bytesReceived"]),
                None
            ),
            None
        );
    }
}
