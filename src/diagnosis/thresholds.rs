//! Every limit that a judgement rests on: its name, its value and where it comes from.

use crate::units::{Kbps, Millis, Share};

/// One-way delay that a conversation bears without anyone noticing: ITU-T G.114 (05/2003), clause 4.
pub const ONE_WAY_PREFERRED: Millis = Millis(150.0);
/// One-way delay beyond which planning a network is not acceptable: ITU-T G.114, clause 4.
pub const ONE_WAY_LIMIT: Millis = Millis(400.0);
/// One-way delay of the network alone that leaves the phones 50 ms of the preferred 150: the 100 ms of
/// ITU-T Y.1541 (12/2011), class 0.
pub const ONE_WAY_ADVICE: Millis = Millis(100.0);

/// Delay variation that a de-jitter buffer still hides: ITU-T Y.1541, class 0 (50 ms).
pub const JITTER_DEGRADED: Millis = Millis(50.0);
/// Delay variation worth a look: one 20 ms packet and a half late, as telephone makers commonly recommend.
pub const JITTER_ADVICE: Millis = Millis(30.0);

/// Packet loss that conversational voice bears: ITU-T G.1010 (11/2001), annex A (3 %).
pub const LOSS_DEGRADED: Share = Share(0.03);
/// Packet loss that costs some four points of the E-model's rating (ITU-T G.107, Ie-eff, see [`crate::quality`]).
pub const LOSS_ADVICE: Share = Share(0.01);
/// Packet loss that brings the E-model's rating (ITU-T G.107) down to 50, below which ITU-T G.109 recommends no
/// connection.
pub const LOSS_BLOCKED: Share = Share(0.20);

/// An interruption that costs a word: two syllables, and far more than concealment hides, which fades to silence after
/// 60 ms (ITU-T G.711, appendix I, 09/1999).
pub const GAP_HEARD: Millis = Millis(400.0);
/// An interruption that alone is worth a word: as long as a pause that makes people ask whether the other is still there
/// (ITU-T P.1305 (07/2016) takes delays in turns up to this for effects on the conversation).
pub const GAP_LONG: Millis = Millis(1000.0);

/// The least that a WebRTC call takes: guide fact G8 (10 to 160 kbps).
pub const VOICE_LEAST: Kbps = Kbps(10.0);
/// Full-band speech quality of Opus begins about here: RFC 6716, section 2.1.1 (28 to 40 kbit/s).
pub const VOICE_GOOD: Kbps = Kbps(32.0);
/// The most that a WebRTC call takes: guide fact G8.
pub const VOICE_MOST: Kbps = Kbps(160.0);

/// A round trip of the test call's own loop that no way explains, only a queue: a geostationary satellite is 35,786 km
/// up, so light takes 0.24 s there and down again; the loop's four ways make 1 s, and this leaves half as much for the
/// rest. Our own limit.
pub const LOOP_CROWDED: Millis = Millis(1500.0);

/// How much of what is needed on the wire must be left for the payload of HTTPS: 1,460 of 1,538 bytes of a frame are
/// payload (RFC 894 and RFC 9293), which makes 0.95, and a measurement of one second is off by as much again.
pub const PAYLOAD_OF_NEED: f64 = 0.9;

/// A web server's median answer above what people prefer for a whole page: ITU-T G.1010 (11/2001), annex A (2 s).
pub const HTTPS_SLOW: Millis = Millis(2000.0);
/// How many answers a median needs before it may accuse anyone.
pub const HTTPS_TRIES: usize = 3;

/// A refusal comes within two round trips, and at the latest after this on a line that is not very slow: measured on
/// real refusals (0.1 s), with room for a proxy in between.
pub const REFUSED_WITHIN: Millis = Millis(1500.0);
/// When the third TCP SYN leaves, the last one with time for an answer before a probe ends (RFC 6298, section 2).
pub const THIRD_SYN: Millis = Millis(3000.0);
/// Silence counts only when we listened so long: the third TCP SYN leaves after 3 s (RFC 6298, section 2).
pub const SILENCE_AFTER: Millis = Millis(4000.0);

/// A call sends 50 packets per second (20 ms each, RFC 7587). Below this, one in ten is missing before the line has
/// anything to do with it: three times what ITU-T G.1010 lets speech lose. Idle machines sent 48.4 to 55.
pub const PACE_LEAST: f64 = 45.0;
/// How far sending may fall behind its own pace: the 50 ms that a de-jitter buffer hides (ITU-T Y.1541, class 0) and
/// the 30 ms that two looks at the counters may be off. Idle machines fell 15 to 40 ms behind.
pub const BEHIND_MOST: Millis = Millis(80.0);
/// A starved step counts alone when it was watched for so long; else there must be two.
pub const STARVED_ALONE: Millis = Millis(1500.0);

/// How wrong a clock may be: the tolerance of Kerberos (RFC 4120, section 7.5.8 recommends 5 minutes), and half of the
/// shortest life that TURN credentials are usually given.
pub const CLOCK_TOLERANCE: Millis = Millis(300_000.0);

/// The oldest Chromium that runs this page's WebAssembly (reference types) and obeys encoding rates.
pub const CHROMIUM_LEAST: u32 = 96;
/// The oldest Firefox that tells `icecandidateerror`, so that a TURN server that refuses is told from one that is silent.
/// Seen besides: 140 sends silence once it has rested, so that no rate can be measured after that.
pub const GECKO_LEAST: u32 = 150;
/// The oldest Safari, for the same reasons.
pub const WEBKIT_LEAST: u32 = 15;

/// A microphone whose loudest sample stays below this (-60 dB of full scale) delivers silence: speech is normally between
/// -40 and -10 (ITU-T P.56 levels of telephony, -26 dBov), and an open microphone hears the room.
pub const SILENCE: Share = Share(0.001);

/// More samples than this at the end of the scale are told as too loud: 3 ms of three seconds. Our own measure; advice
/// beside the meter only, since nobody is kept from a call by it.
pub const CRACKLES: Share = Share(0.001);
