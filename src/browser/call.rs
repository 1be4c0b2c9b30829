//! A call between two peer connections of this page, relayed on both sides, with noise for a voice.

use std::cell::Cell;
use std::rc::Rc;

use futures_util::future::join;
use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaStreamTrack, RtcRtpSender};

use super::bell::Bell;
use super::clock;
use super::fetch::left;
use super::noise::{Ear, Noise, said};
use super::pairing::Pairing;
use super::peer::{Ice, Peer};
use super::window::{object, property, put, window};
use crate::few::Put as _;
use crate::observation::{CallSeen, MediaSample};
use crate::probe::{Call, CallProbe, Credentials};
use crate::sdp::constant_opus;
use crate::stats::media_sample;
use crate::units::{Kbps, Millis};

/// The highest rate Opus knows (RFC 6716, section 2.1.1): the description sets no other limit, the sender's parameters do.
const HIGHEST: Kbps = Kbps(510.0);
/// How long the browser may take to start the noise.
const NOISE_LIMIT: Millis = Millis(3000.0);
/// Statistics are looked at this often while media is awaited.
const LOOK_EVERY: Millis = Millis(50.0);
/// ICE that failed may recover when one more relay candidate arrives: it has to stay failed for so long.
const FAILED_FOR: Millis = Millis(1000.0);
/// Kept of the deadline for a last look at the statistics.
const LAST_LOOK: Millis = Millis(250.0);
/// A browser that takes longer for its statistics does not tell.
const SAMPLE_LIMIT: Millis = Millis(1000.0);
/// Bytes that a Send indication takes around a packet (RFC 8656, section 11): header 20, peer's address 12, header of
/// the data 4, fingerprint 8.
const SEND_INDICATION: f64 = 44.0;
/// Browsers may answer with statistics that were gathered so long ago.
const STALE: Millis = Millis(100.0);

/// A call in progress. Dropping it closes both ends and releases the noise.
#[must_use]
pub struct RelayedCall {
    near: Peer,
    far: Peer,
    sender: RtcRtpSender,
    /// The last look at the counters.
    before: Cell<Option<MediaSample>>,
    _ears: Vec<Ear>,
    noise: Noise,
}

/// Sets up a call, relayed on both sides.
pub(crate) async fn call(probe: &CallProbe, credentials: &Credentials) -> (CallSeen, Option<RelayedCall>) {
    let ice = Ice {
        url: Some(&probe.url.text),
        credentials: Some(credentials),
        relay_only: true,
    };
    set_up(ice, probe.first_rate, probe.deadline, probe.patience).await
}

/// Sets up the same call without a server, within this machine: shows what the browser's media engine does by itself.
pub async fn call_within(first_rate: Kbps, deadline: Millis) -> (CallSeen, Option<RelayedCall>) {
    set_up(Ice::default(), first_rate, deadline, Millis::ZERO).await
}

/// Connected within `deadline`, heard both ways within `patience` more.
async fn set_up(
    ice: Ice<'_>,
    first_rate: Kbps,
    deadline: Millis,
    patience: Millis,
) -> (CallSeen, Option<RelayedCall>) {
    let start = clock::now();
    let mut seen = CallSeen::default();
    let mut setup = match Setup::prepare(ice, deadline).await {
        Ok(setup) => setup,
        Err(words) => {
            seen.own_failure = Some(words);
            return (seen, None);
        }
    };
    let limit = left(deadline, start) - LAST_LOOK;
    let connected = clock::within(limit + patience, setup.connect(first_rate, limit, &mut seen)).await;
    let mut heard = match connected {
        Some(Ok(heard)) => heard,
        Some(Err(error)) => {
            seen.own_failure = Some(said(error));
            false
        }
        None => false,
    };
    if !heard {
        setup.note_states(&mut seen);
        let told = clock::within(LAST_LOOK, setup.note_stats(&mut seen)).await;
        // Of media that came in the very last moment the ladder has something to say, too.
        heard = told == Some(true) && seen.own_failure.is_none() && seen.connected && media_flows(&seen);
    }
    let Some(sender) = setup.sender.filter(|_| heard) else {
        return (seen, None);
    };
    seen.setup = Some(clock::now().since(start + setup.pairing.took()));
    let call = RelayedCall {
        near: setup.near,
        far: setup.far,
        sender,
        before: Cell::default(),
        _ears: setup.ears,
        noise: setup.noise,
    };
    (seen, Some(call))
}

/// A call that is being set up.
struct Setup {
    near: Peer,
    far: Peer,
    /// The near end's, once there is one.
    sender: Option<RtcRtpSender>,
    ears: Vec<Ear>,
    noise: Noise,
    bell: Rc<Bell>,
    relay_only: bool,
    pairing: Pairing,
}

impl Setup {
    async fn prepare(ice: Ice<'_>, deadline: Millis) -> Result<Self, String> {
        let limit = Millis(NOISE_LIMIT.0.min(deadline.0));
        let noise = clock::within(limit, Noise::start())
            .await
            .ok_or("the noise does not start")??;
        let bell = Rc::new(Bell::default());
        Ok(Self {
            near: Peer::new(ice, &bell).map_err(said)?,
            far: Peer::new(ice, &bell).map_err(said)?,
            sender: None,
            ears: Vec::new(),
            noise,
            bell,
            relay_only: ice.relay_only,
            pairing: Pairing::default(),
        })
    }

    /// Connects both ends until media was heard in both directions, one after the other: both ends share this computer's
    /// line, and a narrow one has no room for two. False when there is no way for good, or the ends are not connected
    /// within `limit`.
    async fn connect(
        &mut self,
        first_rate: Kbps,
        limit: Millis,
        seen: &mut CallSeen,
    ) -> Result<bool, JsValue> {
        let start = clock::now();
        let (sender, far_sender) = self.negotiate(first_rate).await?;
        self.sender = Some(sender.clone());
        let mut alive = clock::now();
        loop {
            self.near.hand_candidates_to(&self.far).await;
            self.far.hand_candidates_to(&self.near).await;
            let arrived = self.near.new_tracks().into_iter().chain(self.far.new_tracks());
            self.ears
                .put(arrived.filter_map(|track: MediaStreamTrack| Ear::new(&track)));
            self.note_states(seen);
            if seen.connected && self.note_stats(seen).await && self.pairing.done(&self.near, &self.far).await
            {
                let far_speaks = some(seen.received_there) && !some(seen.received_here);
                let (near_rate, far_rate) = match far_speaks {
                    true => (Kbps(0.0), first_rate),
                    false => (first_rate, Kbps(0.0)),
                };
                send(&sender, &self.noise.track, near_rate).await;
                send(&far_sender, &self.noise.track, far_rate).await;
                if media_flows(seen) {
                    return Ok(true);
                }
            }
            if !seen.connected && clock::now().since(start) >= limit {
                return Ok(false);
            } else if !self.no_way(seen) {
                alive = clock::now();
            } else if clock::now().since(alive).0 > FAILED_FOR.0 {
                return Ok(false);
            }
            let _ = clock::within(LOOK_EVERY, self.bell.heard()).await;
        }
    }

    /// Offer and answer. Each side learns from the other's description how to encode: the near one at any rate that its
    /// sender's parameters say, the far one at the first rate only.
    async fn negotiate(&self, first_rate: Kbps) -> Result<(RtcRtpSender, RtcRtpSender), JsValue> {
        let encoding = Object::new();
        put(&encoding, "maxBitrate", &bits(first_rate));
        put(&encoding, "active", &JsValue::from_bool(self.speaks_at_once()));
        let init = object(&[("direction", "sendrecv")]);
        put(&init, "sendEncodings", &Array::of1(&encoding));
        put(&init, "streams", &Array::of1(&self.noise.stream));
        let track = &self.noise.track;
        let transceiver = self
            .near
            .connection
            .add_transceiver_with_media_stream_track_and_init(track, init.unchecked_ref());
        let offer = self.near.offer().await?;
        self.far
            .accept("offer", &constant_opus(&offer, first_rate))
            .await?;
        let far_sender = self.far.connection.add_track_0(track, &self.noise.stream);
        let answer = self.far.answer().await?;
        self.near
            .accept("answer", &constant_opus(&answer, HIGHEST))
            .await?;
        send(&far_sender, track, Kbps(0.0)).await;
        Ok((transceiver.sender(), far_sender))
    }

    /// Firefox has no channels in TURN, so it is all the same which relays it sends on.
    fn speaks_at_once(&self) -> bool {
        !self.relay_only || gecko()
    }

    fn no_way(&self, seen: &CallSeen) -> bool {
        let gathered = self.near.told.complete.get() && self.far.told.complete.get();
        let relays_missing = self.relay_only && gathered && seen.relays < 2;
        relays_missing || self.near.failed() || self.far.failed()
    }

    /// Notes how far both ends are.
    fn note_states(&self, seen: &mut CallSeen) {
        let ends = [&self.near, &self.far];
        seen.relays = ends
            .iter()
            .filter(|end| end.told.relay.borrow().is_some())
            .count() as u32;
        for error in ends.iter().flat_map(|end| end.told.errors.borrow().clone()) {
            if seen.errors.iter().all(|known| known.code != error.code) {
                seen.errors.push(error);
            }
        }
        seen.ice_connected |= ends.iter().all(|end| end.ice_connected());
        seen.connected |= ends.iter().all(|end| end.connected());
    }

    /// Notes what the statistics tell; false when they tell nothing.
    async fn note_stats(&self, seen: &mut CallSeen) -> bool {
        let (Some(near), Some(far)) = join(self.near.stats(), self.far.stats()).await else {
            return false;
        };
        let (near, far) = (near.connection(), far.connection());
        if !self.speaks_at_once() {
            self.pairing.ports.set(near.ports.zip(far.ports));
        }
        seen.received_there = far.packets_received.or(seen.connected.then_some(0));
        seen.received_here = near.packets_received.or(seen.connected.then_some(0));
        seen.decoded = near
            .samples
            .zip(far.samples)
            .map(|(here, there)| here > 0.0 && there > 0.0);
        // A far end's relay may be known by its address alone: each end tells best what it uses itself.
        let both = near.relayed.zip(far.relayed).map(|(near, far)| near && far);
        seen.both_relayed = both.or(seen.both_relayed);
        seen.relay_protocol = near
            .relay_protocol
            .or_else(|| seen.relay_protocol.take())
            .or_else(|| {
                self.near
                    .told
                    .relay
                    .borrow()
                    .as_ref()
                    .and_then(|relay| relay.protocol.clone())
            });
        seen.dtls_state = near.dtls_state.or(seen.dtls_state.take());
        seen.srtp_cipher = near.srtp_cipher.or(seen.srtp_cipher.take());
        seen.codec = near.codec.or(seen.codec.take());
        let trips = [seen.round_trip, near.round_trip, far.round_trip];
        seen.round_trip = trips.into_iter().flatten().max_by(|a, b| a.0.total_cmp(&b.0));
        true
    }
}

fn some(count: Option<u32>) -> bool {
    count.is_some_and(|count| count > 0)
}

fn media_flows(seen: &CallSeen) -> bool {
    some(seen.received_there) && some(seen.received_here) && seen.decoded != Some(false)
}

impl Call for RelayedCall {
    async fn set_rate(&self, rate: Kbps) {
        send(&self.sender, &self.noise.track, rate).await;
    }

    async fn sample(&self) -> Option<MediaSample> {
        let asked = clock::now();
        let stats = join(self.near.stats(), self.far.stats());
        let (near, far) = clock::within(SAMPLE_LIMIT, stats).await?;
        let (near, far) = (near?, far?);
        let told = clock::now();
        let middle = Millis(f64::midpoint(asked.0, told.0));
        // A busy page hears late of what was counted earlier: the browser's own moment is the better one, if it fits.
        let taken = near.taken().map(clock::on_page_clock);
        let at = taken
            .filter(|at| at.0 > asked.0 - STALE.0 && at.0 <= told.0)
            .unwrap_or(middle);
        let sample = MediaSample {
            framing: gecko().then_some(SEND_INDICATION),
            ..media_sample(at, &near, &far, self.before.get().as_ref())?
        };
        self.before.set(Some(sample));
        Some(sample)
    }
}

/// Whether this is Firefox: it has no TURN channels, and its statistics do not say so.
fn gecko() -> bool {
    !property(&window(), "mozInnerScreenX").is_undefined()
}

/// Sends `track` at this rate, or nothing at rate zero. A refusal shows: the ladder compares what arrives with what was
/// sent, and notes what was not sent.
async fn send(sender: &RtcRtpSender, track: &MediaStreamTrack, rate: Kbps) {
    let _ = set_encoding(sender, rate).await;
    // Firefox 153 goes on sending sound of an encoding that is not active; without a track it stops.
    let wanted = Some(track).filter(|_| rate.0 > 0.0);
    if sender.track().is_some() != wanted.is_some() {
        let _ = JsFuture::from(sender.replace_track(wanted)).await;
    }
}

/// Changes the first encoding of the very parameters that the sender returned: it takes no others back.
async fn set_encoding(sender: &RtcRtpSender, rate: Kbps) -> Result<(), JsValue> {
    let parameters = sender.get_parameters();
    let encodings: Object = property(&parameters, "encodings").dyn_into()?;
    let encoding = property(&encodings, "0");
    put(&encoding, "active", &JsValue::from_bool(rate.0 > 0.0));
    if rate.0 > 0.0 {
        put(&encoding, "maxBitrate", &bits(rate));
    }
    JsFuture::from(sender.set_parameters_with_parameters(&parameters)).await?;
    Ok(())
}

fn bits(rate: Kbps) -> JsValue {
    JsValue::from_f64((rate.0 * 1000.0).round())
}
