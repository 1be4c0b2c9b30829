//! A peer connection and what it tells while it gathers and connects. Dropping it closes it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gloo_events::EventListener;
use js_sys::{Array, JSON, Map};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MediaStreamTrack, RtcIceCandidate, RtcPeerConnection, RtcPeerConnectionIceErrorEvent,
    RtcPeerConnectionIceEvent, RtcTrackEvent,
};

use super::bell::Bell;
use super::clock;
use super::window::{object, property, put, text};
use crate::observation::{IceError, RelaySeen};
use crate::probe::Credentials;
use crate::sdp::{Candidate, renewed, wanted_most};
use crate::stats::Stats;
use crate::units::{Address, Millis};

/// The state of ICE.
const ICE: &str = "iceConnectionState";
/// The state of ICE and DTLS together.
const ALL: &str = "connectionState";
/// The component that carries RTP, and data channels (RFC 8839, section 5.1).
const RTP: u8 = 1;

/// Peer connections that are open now: a browser allows a few hundred per page, and frees them late.
static LIVE: AtomicUsize = AtomicUsize::new(0);

/// And how many there were since the page was loaded.
static MADE: AtomicUsize = AtomicUsize::new(0);

/// How many peer connections this page has made.
pub fn made_peers() -> usize {
    MADE.load(Ordering::Relaxed)
}

/// How many peer connections this page holds open.
pub fn live_peers() -> usize {
    LIVE.load(Ordering::Relaxed)
}

/// Which server helps, and which candidates count.
#[derive(Clone, Copy, Default)]
pub(crate) struct Ice<'a> {
    /// A `stun:`, `turn:` or `turns:` URL; `None` for a connection within this machine.
    pub(crate) url: Option<&'a str>,
    /// For TURN.
    pub(crate) credentials: Option<&'a Credentials>,
    /// Relay candidates only.
    pub(crate) relay_only: bool,
}

/// What a peer connection told so far.
#[derive(Default)]
pub(crate) struct Told {
    started: Millis,
    /// Candidates that the other side does not know yet.
    candidates: RefCell<Vec<RtcIceCandidate>>,
    /// The relay candidates, the one that the other side knows first.
    relays: RefCell<Vec<RtcIceCandidate>>,
    /// How often one of them was handed over anew.
    renewals: Cell<u32>,
    /// The first relay candidate.
    pub(crate) relay: RefCell<Option<RelaySeen>>,
    /// Server-reflexive candidates.
    pub(crate) reflexive: Cell<u32>,
    /// Errors, the same code only once.
    pub(crate) errors: RefCell<Vec<IceError>>,
    /// Errors that were about looking up a name.
    pub(crate) lookup_errors: Cell<u32>,
    /// The words of the errors about looking up a name.
    lookups: RefCell<Vec<String>>,
    /// Gathering ended by itself.
    pub(crate) complete: Cell<bool>,
    /// Tracks that arrive and are not played yet.
    tracks: RefCell<Vec<MediaStreamTrack>>,
}

/// A peer connection; closed when dropped.
#[must_use]
pub(crate) struct Peer {
    pub(crate) connection: RtcPeerConnection,
    pub(crate) told: Rc<Told>,
    relay_only: bool,
    _listeners: Vec<EventListener>,
}

impl Peer {
    /// Makes a peer connection that rings `bell` whenever it has something to tell.
    pub(crate) fn new(ice: Ice<'_>, bell: &Rc<Bell>) -> Result<Self, JsValue> {
        let policy = if ice.relay_only { "relay" } else { "all" };
        let configuration = object(&[("iceTransportPolicy", policy)]);
        if let Some(url) = ice.url {
            let server = object(&[("urls", url)]);
            if let Some(credentials) = ice.credentials {
                put(&server, "username", &credentials.username.as_str().into());
                put(&server, "credential", &credentials.password.expose().into());
            }
            put(&configuration, "iceServers", &Array::of1(&server));
        }
        let connection = RtcPeerConnection::new_with_configuration(configuration.unchecked_ref())?;
        LIVE.fetch_add(1, Ordering::Relaxed);
        MADE.fetch_add(1, Ordering::Relaxed);
        let told = Rc::new(Told {
            started: clock::now(),
            ..Told::default()
        });
        let listeners = listen(&connection, &told, bell);
        Ok(Self {
            connection,
            told,
            relay_only: ice.relay_only,
            _listeners: listeners,
        })
    }

    /// Makes the offer and starts to gather; returns the description.
    pub(crate) async fn offer(&self) -> Result<String, JsValue> {
        self.describe(JsFuture::from(self.connection.create_offer()).await?)
            .await
    }

    /// Makes the answer and starts to gather; returns the description.
    pub(crate) async fn answer(&self) -> Result<String, JsValue> {
        self.describe(JsFuture::from(self.connection.create_answer()).await?)
            .await
    }

    async fn describe(&self, made: JsValue) -> Result<String, JsValue> {
        let description = self.connection.set_local_description(made.unchecked_ref());
        JsFuture::from(description).await?;
        Ok(text(&made, "sdp").unwrap_or_default())
    }

    /// Takes the other side's description: an `offer` or an `answer`.
    pub(crate) async fn accept(&self, kind: &str, sdp: &str) -> Result<(), JsValue> {
        let description = object(&[("type", kind), ("sdp", sdp)]);
        let accepted = self
            .connection
            .set_remote_description(description.unchecked_ref());
        JsFuture::from(accepted).await?;
        Ok(())
    }

    /// Hands the candidates found since the last time to the other side, which has a description by now.
    pub(crate) async fn hand_candidates_to(&self, other: &Peer) {
        for candidate in self.told.candidates.take() {
            // One relay is enough: every further pair is checked all the time, and a narrow line feels it.
            let known = self.relay_only && !self.told.relays.borrow().is_empty();
            self.told.relays.borrow_mut().push(candidate.clone());
            if !known {
                let line = text(&candidate, "candidate").unwrap_or_default();
                other.take(&candidate, &wanted_most(&line)).await;
            }
        }
    }

    /// Hands the relay candidate with this port to the other side as if it were a new one.
    pub(crate) async fn renew_for(&self, other: &Peer, port: u16) {
        let of_port = |candidate: &&RtcIceCandidate| {
            Candidate::parse(&candidate.candidate()).is_some_and(|it| it.port == port)
        };
        let found = self.told.relays.borrow().iter().find(of_port).cloned();
        if let Some(candidate) = found {
            self.told.renewals.set(self.told.renewals.get() + 1);
            let line = renewed(&candidate.candidate(), self.told.renewals.get());
            other.take(&candidate, &line).await;
        }
    }

    /// Takes the other side's `candidate`, told in this line.
    async fn take(&self, candidate: &RtcIceCandidate, line: &str) {
        let mid = text(candidate, "sdpMid").unwrap_or_default();
        let handed = object(&[("candidate", line), ("sdpMid", &mid)]);
        let added = self
            .connection
            .add_ice_candidate_with_opt_rtc_ice_candidate_init(Some(handed.unchecked_ref()));
        // A candidate that this side cannot use is no failure: another one may do.
        let _ = JsFuture::from(added).await;
    }

    /// The tracks that arrived since the last time.
    pub(crate) fn new_tracks(&self) -> Vec<MediaStreamTrack> {
        self.told.tracks.take()
    }

    /// ICE found a way.
    pub(crate) fn ice_connected(&self) -> bool {
        self.is(ICE, "connected") || self.is(ICE, "completed")
    }

    /// ICE found a way and DTLS is done.
    pub(crate) fn connected(&self) -> bool {
        self.is(ALL, "connected")
    }

    /// There is no way, for good.
    pub(crate) fn failed(&self) -> bool {
        self.is(ALL, "failed") || self.is(ICE, "failed")
    }

    fn is(&self, state: &str, wanted: &str) -> bool {
        text(&self.connection, state).as_deref() == Some(wanted)
    }

    /// The statistics of this moment.
    pub(crate) async fn stats(&self) -> Option<Stats> {
        let report = JsFuture::from(self.connection.get_stats()).await.ok()?;
        let entries = Array::from(&report.unchecked_ref::<Map>().values());
        let json: String = JSON::stringify(&entries).ok()?.into();
        Stats::read(&json)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.connection.close();
        LIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

fn listen(connection: &RtcPeerConnection, told: &Rc<Told>, bell: &Rc<Bell>) -> Vec<EventListener> {
    let on = |name: &'static str, note: fn(&Told, &web_sys::Event)| {
        let (told, bell) = (told.clone(), bell.clone());
        EventListener::new(connection, name, move |event| {
            note(&told, event);
            bell.ring();
        })
    };
    vec![
        on("icecandidate", |told, event| {
            told.candidate(event.unchecked_ref())
        }),
        on("icecandidateerror", |told, event| {
            told.error(event.unchecked_ref())
        }),
        on("icegatheringstatechange", Told::gathering),
        on("iceconnectionstatechange", |_, _| {}),
        on("connectionstatechange", |_, _| {}),
        on("track", |told, event| {
            told.tracks
                .borrow_mut()
                .push(event.unchecked_ref::<RtcTrackEvent>().track());
        }),
    ]
}

impl Told {
    fn candidate(&self, event: &RtcPeerConnectionIceEvent) {
        let Some(found) = event.candidate() else {
            return; // the end of gathering, told by its own event as well
        };
        let Some(candidate) = Candidate::parse(&found.candidate()) else {
            return; // the end of one component's candidates
        };
        // Firefox offers a way for RTCP alone as well, and may find that one's relay first. The answer wants RTP and
        // RTCP on one way (RFC 8843, section 9.3): who is handed the other way only finds nobody there.
        if candidate.component != RTP {
            return;
        }
        match candidate.kind.as_str() {
            "relay" if self.relay.borrow().is_none() => {
                self.relay.replace(Some(RelaySeen {
                    at: clock::now().since(self.started),
                    protocol: text(&found, "relayProtocol").filter(|protocol| !protocol.is_empty()),
                    mapped: candidate.related.map(Address::new),
                }));
            }
            "srflx" => self.reflexive.set(self.reflexive.get() + 1),
            _ => {}
        }
        self.candidates.borrow_mut().push(found);
    }

    fn error(&self, event: &RtcPeerConnectionIceErrorEvent) {
        let (code, words) = (event.error_code(), event.error_text());
        let lower = words.to_ascii_lowercase();
        if lower.contains("lookup") || lower.contains("resol") || lower.contains("dns") {
            self.lookup_errors.set(self.lookup_errors.get() + 1);
            // One for each address family: the first of each kind comes for every name that has IPv4 addresses only.
            let mut lookups = self.lookups.borrow_mut();
            if !lookups.contains(&words) {
                lookups.push(words);
                return;
            }
        }
        let mut errors = self.errors.borrow_mut();
        if errors.iter().all(|error| error.code != code) {
            errors.push(IceError {
                code,
                text: words,
                at: clock::now().since(self.started),
            });
        }
    }

    fn gathering(&self, event: &web_sys::Event) {
        let state = text(&property(event, "target"), "iceGatheringState");
        self.complete.set(state.as_deref() == Some("complete"));
    }
}
