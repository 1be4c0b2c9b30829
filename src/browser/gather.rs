//! What ICE gathering tells about a name and about a TURN URL.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::bell::Bell;
use super::clock;
use super::peer::{Ice, Peer};
use crate::config::TurnAccess;
use crate::observation::{NameSeen, TurnSeen};
use crate::probe::{Credentials, NameProbe, TurnProbe};
use crate::units::Millis;

/// After the server said no, a relay over another address family may still come for so long.
const AFTER_REJECTION: Millis = Millis(300.0);
/// After one way to the server failed, another (IPv4 after IPv6, another interface) may still answer for so long. On a
/// line with a second of round trip a relay takes two seconds.
const AFTER_FAILURE: Millis = Millis(3000.0);
/// After both address families' look-ups failed, the end of gathering may still come for so long.
const AFTER_LOOKUP: Millis = Millis(300.0);

/// Asks the local resolver for a name.
pub(crate) async fn name(probe: &NameProbe) -> NameSeen {
    let bell = Rc::new(Bell::default());
    let url = format!("stun:{}", probe.host);
    let ice = Ice {
        url: Some(&url),
        ..Ice::default()
    };
    let Ok(peer) = Peer::new(ice, &bell) else {
        return NameSeen::default();
    };
    let told = peer.told.clone();
    let mut families_failed: Option<Millis> = None;
    let verdict_is_safe = || {
        if told.reflexive.get() > 0 || told.complete.get() {
            return Wait::Enough;
        }
        if told.lookup_errors.get() < 2 {
            return Wait::Longer(probe.deadline);
        }
        until(*families_failed.get_or_insert_with(clock::now), AFTER_LOOKUP)
    };
    let _ = clock::within(probe.deadline, gather(&peer, &bell, verdict_is_safe)).await;
    NameSeen {
        lookup_errors: told.lookup_errors.get(),
        candidates: told.reflexive.get(),
        complete: told.complete.get(),
        wordless: told.errors.borrow().iter().any(|error| error.text.is_empty()),
    }
}

/// Asks a TURN server for a relay.
pub(crate) async fn turn(probe: &TurnProbe, credentials: &Credentials) -> TurnSeen {
    let start = clock::now();
    let bell = Rc::new(Bell::default());
    let mut seen = TurnSeen {
        companion: probe.companion_of.is_some(),
        expects_unauthorized: probe.access == TurnAccess::Unauthorized,
        ..TurnSeen::default()
    };
    // With all kinds of candidates allowed, a relay candidate tells the address that TURN saw.
    let ice = Ice {
        url: Some(&probe.url.text),
        credentials: Some(credentials),
        relay_only: false,
    };
    if let Ok(peer) = Peer::new(ice, &bell) {
        let told = peer.told.clone();
        let verdict_is_safe = || {
            if told.relay.borrow().is_some() || told.complete.get() {
                return Wait::Enough;
            }
            let errors = told.errors.borrow();
            match (errors.iter().find(|error| error.code < 700), errors.first()) {
                (Some(rejected), _) => until(start + rejected.at, AFTER_REJECTION),
                (None, Some(failed)) => until(start + failed.at, AFTER_FAILURE),
                (None, None) => Wait::Longer(probe.deadline),
            }
        };
        let _ = clock::within(probe.deadline, gather(&peer, &bell, verdict_is_safe)).await;
        seen.relay = told.relay.take();
        seen.errors = told.errors.take();
        seen.complete = told.complete.get();
    }
    seen.waited = clock::now().since(start);
    seen
}

/// Whether to listen on.
enum Wait {
    Longer(Millis),
    Enough,
}

fn until(moment: Millis, patience: Millis) -> Wait {
    let rest = patience.since(clock::now().since(moment));
    if rest.0 > 0.0 {
        Wait::Longer(rest)
    } else {
        Wait::Enough
    }
}

/// Gathers candidates until `wait` has enough.
async fn gather(peer: &Peer, bell: &Bell, mut wait: impl FnMut() -> Wait) -> Result<(), JsValue> {
    let _channel = peer.connection.create_data_channel("clearline");
    peer.offer().await?;
    while let Wait::Longer(rest) = wait() {
        let _ = clock::within(rest, bell.heard()).await;
    }
    Ok(())
}
