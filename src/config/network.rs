//! IPv4 networks as they stand on an access list.

use std::fmt;
use std::net::Ipv4Addr;

use super::{Fault, Network4};
use crate::catalogue;

impl Network4 {
    /// Reads `ADDRESS/PREFIX`; an address alone is a network of one.
    ///
    /// # Errors
    /// Says what is wrong and what would be right. Bits behind the prefix must be zero: a network with them is a slip
    /// of the pen in either half.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if text.matches(':').count() > 1 {
            return Err(Fault::of("network.ipv6").quoting(text));
        }
        let (address, prefix) = text.split_once('/').unwrap_or((text, "32"));
        let Ok(address) = address.parse::<Ipv4Addr>() else {
            return Err(Fault::of("network.malformed").quoting(text));
        };
        let digits = (1..=2).contains(&prefix.len()) && prefix.bytes().all(|b| b.is_ascii_digit());
        let prefix = match prefix.parse::<u8>() {
            Ok(prefix) if digits && prefix <= 32 => prefix,
            _ => return Err(Fault::of("network.prefix").quoting(text)),
        };
        let network = Self {
            address: address.octets(),
            prefix,
        };
        let first = network.first();
        if first.address != network.address {
            let alone = Self {
                prefix: 32,
                ..network
            };
            return Err(Fault::of("network.inside")
                .text("network", &network.to_string())
                .text("first", &first.to_string())
                .text("alone", &alone.to_string()));
        }
        Ok(network)
    }

    /// Whether the two have an address in common.
    pub fn overlaps(self, other: Self) -> bool {
        let mask = mask(self.prefix.min(other.prefix));
        u32::from_be_bytes(self.address) & mask == u32::from_be_bytes(other.address) & mask
    }

    fn first(self) -> Self {
        let address = u32::from_be_bytes(self.address) & mask(self.prefix);
        Self {
            address: address.to_be_bytes(),
            ..self
        }
    }
}

impl fmt::Display for Network4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", Ipv4Addr::from(self.address), self.prefix)
    }
}

/// Reads a network that may stand on the cloud's access list: routable on the Internet (G34, G38).
pub(super) fn on_access_list(text: &str) -> Result<Network4, Fault> {
    let network = Network4::parse(text)?;
    let Some((reserved, what)) = catalogue::not_routable(network) else {
        return Ok(network);
    };
    let key = match reserved.prefix <= network.prefix {
        true => "network.reserved",
        false => "network.wide",
    };
    Err(Fault::of(key)
        .text("network", &network.to_string())
        .text("reserved", &reserved.to_string())
        .word("what", what))
}

fn mask(prefix: u8) -> u32 {
    u32::MAX.checked_shl(32 - u32::from(prefix.min(32))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks() {
        assert_eq!(
            Network4::parse("25.77.0.0/29").unwrap().to_string(),
            "25.77.0.0/29"
        );
        assert_eq!(Network4::parse("25.77.0.3").unwrap().prefix, 32);
        for wrong in [
            "",
            "/",
            "25.77.0.0/33",
            "25.77.0.0/",
            "25.77.0.0/+8",
            "25.77.0/24",
            "025.77.0.0/24",
            "::1/128",
        ] {
            assert!(Network4::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            Network4::parse("25.77.0.3/29").unwrap_err().at("$").to_string(),
            "$: 25.77.0.3/29 does not start at the first address of a network. Write 25.77.0.0/29 for the whole network, or 25.77.0.3/32 for this address alone."
        );
    }

    #[test]
    fn only_routable_networks_are_on_an_access_list() {
        for right in ["25.77.0.0/29", "9.0.0.0/8", "172.32.0.0/16", "100.63.255.0/24"] {
            assert!(on_access_list(right).is_ok(), "{right}");
        }
        for wrong in [
            "10.1.2.0/24",
            "0.0.0.0/0",
            "172.16.0.0/11",
            "192.168.1.1",
            "128.0.0.0/1",
            "239.1.1.1/32",
        ] {
            assert!(on_access_list(wrong).is_err(), "{wrong}");
        }
    }
}
