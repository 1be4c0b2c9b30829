//! The ways in which a world is broken, and the commands that break it.
//!
//! Faults in the path are packet-filter rules on the company's router; faults in servers are settings that
//! [`crate::servers`] reads from here.

use std::path::PathBuf;

use serde::Deserialize;

use crate::hosts;

/// One fault. Hosts are named as in DNS.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Fault {
    /// Packets to these hosts vanish.
    Drop {
        /// Where to.
        hosts: Vec<String>,
    },
    /// Connections to these hosts are refused at once.
    Reset {
        /// Where to.
        hosts: Vec<String>,
    },
    /// Something recognises STUN on TCP 443 and resets the connection.
    InspectReset {},
    /// Something recognises STUN on TCP 443 and swallows it without a word.
    InspectSwallow {},
    /// Nothing but the proxy gets out of the company.
    DirectClosed {},
    /// The firewall forwards nothing but connections to these hosts.
    OnlyAllowed {
        /// Where to.
        hosts: Vec<String>,
    },
    /// The web proxy answers CONNECT to these hosts with 403.
    ProxyDenies {
        /// Where to.
        hosts: Vec<String>,
    },
    /// The company's resolver does not know these names.
    NameMissing {
        /// Which names.
        hosts: Vec<String>,
    },
    /// The company's resolver gives these names a private address of its own, which leads to the same servers.
    PrivateName {
        /// Which name.
        host: String,
    },
    /// The page's TURN-credential service answers 503.
    CredentialsDown {},
    /// The agent desktop's server answers 503, and lets every page read that.
    DesktopError {},
    /// The TURN server refuses its own address as a peer.
    RelayDenied {},
    /// A web filter answers in the name of these hosts, with a certificate of the company's own CA.
    BlockPage {
        /// In whose name.
        hosts: Vec<String>,
    },
    /// The company leaves through an address that the cloud's access list does not hold.
    EgressUnknown {},
    /// TURN is further away: so many milliseconds more each way.
    TurnDelay {
        /// Milliseconds, each way.
        ms: u32,
        /// Every packet up to so many milliseconds later still, evenly spread.
        #[serde(default)]
        jitter_ms: u32,
        /// Of a hundred datagrams so many are lost, in each direction.
        #[serde(default)]
        loss_percent: u32,
        /// So many datagrams in a row, in the mean; 0 and 1 are one.
        #[serde(default)]
        burst: u32,
        /// TCP stands still for so many milliseconds every two seconds.
        #[serde(default)]
        stall_ms: u32,
    },
    /// So many of a hundred UDP packets to and from TURN are lost, by chance.
    Lossy {
        /// Of a hundred, in each direction.
        percent: u32,
    },
    /// The TURN server lends this user one relay at a time.
    TurnQuota {},
    /// Something lets TURN over UDP pass, and the checks within, but not the handshake of the media (DTLS).
    MediaSwallowed {},
    /// Something opens TLS to every web server and closes it again, with certificates of the company's own CA.
    InterceptTls {},
    /// A guest network's portal answers for everyone once the page has loaded.
    CaptivePortal {
        /// Whether the browser trusts its certificate.
        trusted: bool,
    },
    /// Every way out goes silent for a while, again and again, once the page has loaded.
    Flap {
        /// When, in milliseconds from the start of the run.
        after_ms: Vec<u32>,
        /// For how long, in milliseconds.
        ms: u32,
    },
    /// The proxy has an Internet address of its own.
    ProxyAddress {},
    /// The proxy opens the TLS that it tunnels, with certificates of the company's own CA. Debian's usual squid cannot.
    ProxyOpens {
        /// Where a squid with OpenSSL is unpacked; `/` for the system's own.
        root: PathBuf,
    },
    /// No TURN password lasts: the page's nginx hands credentials out, and coturn knows the secret that they are made of.
    SharedSecret {},
    /// The workstation has IPv6 and no IPv4. The test's own servers have both, the cloud has IPv4 only.
    Ipv6Only {},
    /// The network cable is pulled out once the page has loaded.
    Unplugged {},
    /// The company's Internet line goes silent once the page has loaded.
    UplinkLost {},
}

/// In which namespace a command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The workstation.
    Agent,
    /// The company's router.
    Corp,
    /// The servers.
    Cloud,
}

impl Fault {
    /// The hosts that it names.
    #[must_use]
    pub fn hosts(&self) -> &[String] {
        match self {
            Fault::Drop { hosts }
            | Fault::Reset { hosts }
            | Fault::OnlyAllowed { hosts }
            | Fault::ProxyDenies { hosts }
            | Fault::NameMissing { hosts }
            | Fault::BlockPage { hosts } => hosts,
            Fault::PrivateName { host } => std::slice::from_ref(host),
            _ => &[],
        }
    }

    /// Whether it strikes between loading the page and starting the run.
    #[must_use]
    pub fn strikes_after_load(&self) -> bool {
        matches!(
            self,
            Fault::Unplugged {} | Fault::UplinkLost {} | Fault::CaptivePortal { .. } | Fault::Flap { .. }
        )
    }

    /// The commands that cause it; none where a server's settings do. Arguments hold no blanks.
    #[must_use]
    pub fn commands(&self) -> Vec<(Side, String)> {
        let corp = |rule: String| (Side::Corp, format!("iptables -w {rule}"));
        let inspected = |verdict: &str| {
            // The magic cookie: the second word of the payload, behind a TCP header of 20 or, with times, 32 bytes.
            [(5, 192), (8, 288)]
                .into_iter()
                .flat_map(|(words, offset)| {
                    firewall(&format!(
                        "ip daddr {} tcp dport 443 tcp doff {words} @th,{offset},32 0x2112a442 {verdict}",
                        hosts::TURN.address
                    ))
                })
                .collect()
        };
        match self {
            Fault::Drop { hosts } => addresses(hosts)
                .flat_map(|to| firewall(&format!("ip daddr {to} drop")))
                .collect(),
            Fault::Reset { hosts } => addresses(hosts)
                .flat_map(|to| {
                    ["tcp reset", "icmpx type port-unreachable"]
                        .into_iter()
                        .flat_map(move |with| {
                            let protocol = if with == "tcp reset" { "meta l4proto tcp " } else { "" };
                            firewall(&format!("ip daddr {to} {protocol}reject with {with}"))
                        })
                })
                .collect(),
            Fault::PrivateName { host } => addresses(std::slice::from_ref(host))
                .map(|to| {
                    corp(format!(
                        "-t nat -I PREROUTING -i lan -d {} -p tcp --dport 443 -j DNAT --to-destination {to}:443",
                        hosts::GATEWAY
                    ))
                })
                .collect(),
            Fault::InspectReset {} => inspected("reject with tcp reset"),
            Fault::InspectSwallow {} => inspected("drop"),
            Fault::Lossy { percent } => ["ip daddr", "ip saddr"]
                .into_iter()
                .flat_map(|end| {
                    firewall(&format!(
                        "{end} {} meta l4proto udp numgen random mod 100 < {percent} drop",
                        hosts::TURN.address
                    ))
                })
                .collect(),
            // A record's first byte (RFC 7983): behind the four bytes of ChannelData, or behind the header, the peer's
            // address and the attribute's own four of a Send or Data indication; UDP's header is eight more.
            Fault::MediaSwallowed {} => [("0x40", 12), ("0x00", 44)]
                .into_iter()
                .flat_map(|(first, offset)| {
                    firewall(&format!(
                        "ip daddr {} udp dport 443 @th,64,8 {first} @th,{},8 20-25 drop",
                        hosts::TURN.address,
                        offset * 8
                    ))
                })
                .collect(),
            Fault::OnlyAllowed { hosts } => addresses(hosts)
                .map(|to| format!("ip daddr {to} accept"))
                .chain(["ct state established,related accept", "drop"].map(str::to_owned))
                .map(|rule| (Side::Corp, format!("nft add rule inet filter forward {rule}")))
                .collect(),
            Fault::DirectClosed {} => vec![corp("-I FORWARD -i lan -j DROP".to_owned())],
            Fault::BlockPage { hosts } => addresses(hosts)
                .map(|to| {
                    corp(format!(
                        "-t nat -I PREROUTING -i lan -d {to} -p tcp --dport 443 -j DNAT --to-destination {}:8443",
                        hosts::GATEWAY
                    ))
                })
                .collect(),
            Fault::EgressUnknown {} => vec![corp(format!(
                "-t nat -I POSTROUTING -o wan -s {}/24 -j SNAT --to-source {}",
                hosts::GATEWAY,
                hosts::EGRESS_UNKNOWN
            ))],
            Fault::InterceptTls {} => hosts::ALL
                .iter()
                .filter(|host| **host != hosts::TURN)
                .flat_map(|host| {
                    // What the proxy sends out is opened behind it; what is sent on comes from the inner address.
                    ["PREROUTING -i lan".to_owned(), format!("OUTPUT -s {}", hosts::EGRESS_KNOWN)].map(|from| {
                        corp(format!(
                            "-t nat -I {from} -d {} -p tcp --dport 443 -j DNAT --to-destination {}:8444",
                            host.address,
                            hosts::GATEWAY
                        ))
                    })
                })
                .collect(),
            // Connections that are open already are cut, as the router of a guest network knows none of them.
            Fault::CaptivePortal { .. } => vec![
                corp("-I FORWARD -i lan -j DROP".to_owned()),
                corp("-I FORWARD -i lan -p tcp -j REJECT --reject-with tcp-reset".to_owned()),
                corp(format!(
                    "-t nat -I PREROUTING -i lan -p tcp --dport 443 -j DNAT --to-destination {}:8445",
                    hosts::GATEWAY
                )),
            ],
            Fault::Unplugged {} => vec![(Side::Agent, "ip link set lan down".to_owned())],
            // At the far end: the router itself must not learn that nobody listens.
            Fault::UplinkLost {} => vec![(Side::Cloud, "iptables -w -I INPUT -i wan -j DROP".to_owned())],
            Fault::ProxyDenies { .. }
            | Fault::NameMissing { .. }
            | Fault::CredentialsDown {}
            | Fault::DesktopError {}
            | Fault::Flap { .. }
            | Fault::ProxyAddress {}
            | Fault::ProxyOpens { .. }
            | Fault::SharedSecret {}
            | Fault::Ipv6Only {}
            | Fault::RelayDenied {}
            | Fault::TurnQuota {}
            | Fault::TurnDelay { .. } => Vec::new(),
        }
    }
}

/// What is true of every world: the company's NAT, the chains of its firewall (as Debian names them) and the cloud's
/// access list.
#[must_use]
pub fn ordinary_rules() -> Vec<(Side, String)> {
    let nat = format!(
        "iptables -w -t nat -A POSTROUTING -o wan -s {}/24 -j SNAT --to-source {}",
        hosts::GATEWAY,
        hosts::EGRESS_KNOWN
    );
    let tunnel = format!(
        "iptables -w -t nat -A POSTROUTING -o wan -s {}/24 -j SNAT --to-source {}",
        hosts::TUNNEL.1,
        hosts::EGRESS_KNOWN
    );
    let mut rules = vec![(Side::Corp, nat), (Side::Corp, tunnel)];
    rules.push((Side::Corp, "nft add table inet filter".to_owned()));
    for chain in ["forward", "output"] {
        let chain = format!(
            "nft add chain inet filter {chain} {{ type filter hook {chain} priority filter ; policy accept ; }}"
        );
        rules.push((Side::Corp, chain));
    }
    for host in [hosts::DESKTOP, hosts::SETUP] {
        let deny = format!(
            "iptables -w -A INPUT -i wan -d {} ! -s {} -j DROP",
            host.address,
            hosts::ACCESS_LIST
        );
        rules.push((Side::Cloud, deny));
    }
    rules
}

/// A rule of the company's firewall: for what it forwards, and for what its own proxy sends.
fn firewall(rule: &str) -> [(Side, String); 2] {
    ["forward", "output"].map(|chain| (Side::Corp, format!("nft add rule inet filter {chain} {rule}")))
}

fn addresses(names: &[String]) -> impl Iterator<Item = &'static str> {
    names
        .iter()
        .filter_map(|name| Some(hosts::by_name(name)?.address))
}

/// The rules that make every way out of the company silent.
pub const SILENCE: [&str; 2] = ["FORWARD", "OUTPUT -o wan"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inspection_looks_for_the_magic_cookie_on_the_way_and_behind_the_proxy() {
        let commands = Fault::InspectReset {}.commands();
        assert!(
            commands
                .iter()
                .all(|(side, command)| *side == Side::Corp && command.contains("0x2112a442"))
        );
        for chain in ["forward", "output"] {
            assert!(commands.iter().any(|(_, command)| command.contains(chain)));
        }
    }

    #[test]
    fn a_reset_matches_tcp_before_everything_else() {
        let commands = Fault::Reset {
            hosts: vec!["turn.voice-cloud.example".to_owned()],
        }
        .commands();
        assert!(commands[0].1.contains("tcp reset") && !commands[2].1.contains("tcp"));
    }

    #[test]
    fn only_a_lost_line_waits_for_the_page() {
        assert!(Fault::Unplugged {}.strikes_after_load() && Fault::UplinkLost {}.strikes_after_load());
        assert!(!Fault::DirectClosed {}.strikes_after_load());
    }
}
