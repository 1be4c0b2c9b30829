//! Egress: the addresses that web servers and TURN see, compared with the access list, with what can be routed on the
//! Internet at all, and with each other. A report shortens addresses, so a recorded one compares with nothing.

use std::net::Ipv4Addr;

use crate::catalogue;
use crate::config::{Config, Network4};
use crate::scene::Scene;
use crate::units::Address;

/// Where this browser's traffic leaves to the Internet, as far as servers told.
#[derive(Debug, Clone, Copy)]
pub struct Egress<'a> {
    /// The address that the canary saw.
    pub https: Option<&'a Address>,
    /// The address that TURN saw.
    pub media: Option<&'a Address>,
}

/// How an address stands to the access list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// On it.
    Known,
    /// Not on it.
    Unknown,
    /// It can be on no list: not routable on the Internet (G38).
    NotRoutable,
    /// An IPv6 address: the cloud speaks IPv4 only (G3), so the applications see another one.
    NotIpv4,
}

impl<'a> Egress<'a> {
    /// What servers told.
    pub fn of(scene: &Scene<'a>) -> Self {
        let mapped =
            |path: &crate::scene::turn_path::TurnPath<'a>| path.seen?.relay.as_ref()?.mapped.as_ref();
        Self {
            https: scene.canary().and_then(|canary| canary.address.as_ref()),
            // A browser that tells nothing says 0.0.0.0.
            media: scene
                .turns
                .iter()
                .filter_map(mapped)
                .find(|it| it.for_comparison() != "0.0.0.0"),
        }
    }

    /// Whether both leave by the same address; `None` where one is not known.
    pub fn same(&self) -> Option<bool> {
        same(self.https?, self.media?)
    }
}

/// Whether two addresses are the same; `None` where one cannot be read.
pub fn same(one: &Address, other: &Address) -> Option<bool> {
    Some(ipv4(one)? == ipv4(other)?)
}

/// How an address stands to the access list; `None` where there is no list, or the address cannot be read.
pub fn standing(config: &Config, address: &Address) -> Option<Standing> {
    if address.for_comparison().contains(':') {
        return Some(Standing::NotIpv4);
    }
    let network = Network4 {
        address: ipv4(address)?.octets(),
        prefix: 32,
    };
    let known = &config.egress_known;
    Some(if known.iter().any(|it| it.overlaps(network)) {
        Standing::Known
    } else if catalogue::not_routable(network).is_some() {
        Standing::NotRoutable
    } else if known.is_empty() {
        return None;
    } else {
        Standing::Unknown
    })
}

fn ipv4(address: &Address) -> Option<Ipv4Addr> {
    address.for_comparison().parse().ok()
}
