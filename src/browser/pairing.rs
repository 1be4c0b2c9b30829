//! Whether both ends of a call send on the same pair of relays.
//!
//! A browser may hold two relays at each end, and check all four pairs. On a line that these checks fill the far end may
//! settle on another pair than the near one: TURN has no channel then where the near end sends to, and each packet comes
//! down in an indication, 64 bytes longer. So the far end gets the near end's relay once more, as a new one: it checks it
//! anew, and follows. Until then nobody speaks, so that the checks have the line to themselves.

use std::cell::Cell;

use super::clock;
use super::peer::Peer;
use crate::units::Millis;

/// How long that may take.
const PATIENCE: Millis = Millis(2_000.0);

/// A selected pair: this end's port, and the other's.
type Ports = (u16, u16);

/// The pairs that both ends send on.
#[derive(Default)]
pub(super) struct Pairing {
    /// The near end's and the far end's, as far as statistics tell.
    pub(super) ports: Cell<Option<(Ports, Ports)>>,
    since: Cell<Option<Millis>>,
    /// How long it took until both were the same, or nobody waited any longer.
    took: Cell<Option<Millis>>,
    /// The near end's relay that was handed over anew.
    renewed: Cell<Option<u16>>,
}

impl Pairing {
    /// Whether the call may begin: both ends send on the same pair, or that takes too long, or cannot be seen.
    pub(super) async fn done(&self, near: &Peer, far: &Peer) -> bool {
        if self.took.get().is_some() {
            return true;
        }
        let Some((here, there)) = self.ports.get() else {
            return true;
        };
        let since = self.since.get().unwrap_or_else(clock::now);
        self.since.set(Some(since));
        let waited = clock::now().since(since);
        if here == (there.1, there.0) || waited >= PATIENCE {
            self.took.set(Some(waited));
            return true;
        }
        if self.renewed.replace(Some(here.0)) != Some(here.0) {
            near.renew_for(far, here.0).await;
        }
        false
    }

    /// How long nobody spoke for that.
    pub(super) fn took(&self) -> Millis {
        self.took.get().unwrap_or_default()
    }
}
