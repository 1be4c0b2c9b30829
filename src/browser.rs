//! The browser: the only room where JavaScript lives. No `JsValue` leaves it; every JavaScript resource in it is a
//! value whose `Drop` releases it. Cancel = drop the future.

pub mod automation;
mod bandwidth;
mod bell;
pub mod call;
pub mod clock;
pub mod deflate;
pub mod desk;
pub mod device;
mod fetch;
mod gather;
pub mod headset;
mod https;
mod image;
pub mod languages;
mod later;
mod noise;
pub mod offline;
pub mod pac;
mod page;
mod pairing;
mod peer;
pub mod place;
mod policy;
pub mod sending;
pub mod storage;
pub mod wake;
mod window;

use crate::observation::{BandwidthSeen, CallSeen, CredentialsSeen, HttpsSeen, NameSeen, PageSeen, TurnSeen};
use crate::probe::{
    BandwidthProbe, CallProbe, Credentials, CredentialsProbe, HttpsProbe, NameProbe, Network, TurnProbe,
};
use crate::units::Millis;

pub use call::RelayedCall;
pub use fetch::{TextError, fetch_config, fetch_from_server, fetch_now, fetch_text, own_policy};
pub use later::{desk_part, whole};
pub use peer::{live_peers, made_peers};

/// The world, as this browser reaches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Browser;

impl Network for Browser {
    type Call = RelayedCall;

    fn now(&self) -> Millis {
        clock::now()
    }

    fn wall(&self) -> Millis {
        Millis(clock::epoch())
    }

    fn hidden(&self) -> bool {
        place::hidden()
    }

    async fn sleep(&self, time: Millis) {
        clock::sleep(time).await;
    }

    async fn page(&self) -> PageSeen {
        page::page().await
    }

    async fn https(&self, probe: &HttpsProbe) -> HttpsSeen {
        https::https(probe).await
    }

    async fn name(&self, probe: &NameProbe) -> NameSeen {
        gather::name(probe).await
    }

    async fn credentials(&self, probe: &CredentialsProbe) -> (CredentialsSeen, Option<Credentials>) {
        fetch::credentials(probe).await
    }

    async fn turn(&self, probe: &TurnProbe, credentials: &Credentials) -> TurnSeen {
        gather::turn(probe, credentials).await
    }

    async fn bandwidth(&self, probe: &BandwidthProbe) -> BandwidthSeen {
        bandwidth::bandwidth(probe).await
    }

    async fn load(&self, probe: &BandwidthProbe, bytes: (u32, u32), limit: Millis) {
        bandwidth::load(probe, bytes, limit).await;
    }

    async fn call(&self, probe: &CallProbe, credentials: &Credentials) -> (CallSeen, Option<RelayedCall>) {
        call::call(probe, credentials).await
    }
}
