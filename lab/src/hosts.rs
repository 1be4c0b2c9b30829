//! Who lives where: every name and address of the laboratory's little Internet.
//!
//! Every host has an address of its own, so that a fault can hit one of them and leave its siblings alone.
//! The page lives under another domain than the applications: it must load where their whole domain is blocked.

/// One host of the laboratory's cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Host {
    /// Its name in DNS.
    pub name: &'static str,
    /// Its IPv4 address.
    pub address: &'static str,
}

/// The page and its configuration.
pub const PAGE: Host = Host {
    name: "clearline.helpdesk.example",
    address: "25.77.9.10",
};
/// The TURN-credential service.
pub const CREDENTIALS: Host = Host {
    name: "credentials.helpdesk.example",
    address: "25.77.9.11",
};
/// The Agent Desktop: answers plain requests from known addresses.
pub const DESKTOP: Host = Host {
    name: "best-customer.example",
    address: "25.77.9.20",
};
/// Agent Setup: serves the picture that proves the right server.
pub const SETUP: Host = Host {
    name: "setup.best-customer.example",
    address: "25.77.9.21",
};
/// The sign-in service: a further host that the applications call, under another domain.
pub const SIGN_IN: Host = Host {
    name: "sso.sign-in-cloud.example",
    address: "25.77.9.24",
};
/// Telemetry: a further host beside the applications.
pub const TELEMETRY: Host = Host {
    name: "telemetry.best-customer.example",
    address: "25.77.9.25",
};
/// The canary endpoint (contract, section 5); open to the whole Internet.
pub const SELFTEST: Host = Host {
    name: "selftest.best-customer.example",
    address: "25.77.9.22",
};
/// A neutral host that answers when the line works at all.
pub const CONTROL: Host = Host {
    name: "control.example",
    address: "25.77.9.30",
};
/// TURN and STUN, TCP and UDP 443, under another domain.
pub const TURN: Host = Host {
    name: "turn.voice-cloud.example",
    address: "25.77.9.40",
};

/// Every host that has a name.
pub const ALL: [Host; 9] = [
    PAGE,
    CREDENTIALS,
    DESKTOP,
    SETUP,
    SIGN_IN,
    TELEMETRY,
    SELFTEST,
    CONTROL,
    TURN,
];
/// The test's own servers, which have IPv6 addresses too where a world asks for that. The cloud has none.
pub const SIX: [(Host, &str); 3] = [
    (PAGE, "2001:db8:9::10"),
    (SELFTEST, "2001:db8:9::22"),
    (CONTROL, "2001:db8:9::30"),
];

/// Where coturn really listens in worlds that put a delay in front of it.
pub const TURN_BEHIND_DELAY: &str = "25.77.9.41";
/// The authoritative name server of all the domains above.
pub const NAME_SERVER: &str = "25.77.9.53";
/// The company's Internet address, on the cloud's access list.
pub const EGRESS_KNOWN: &str = "25.77.0.3";
/// A second Internet address of the company that nobody told the cloud about.
pub const EGRESS_UNKNOWN: &str = "25.77.1.3";
/// The company's third Internet address, on the access list too: its proxy's own, where a world gives it one.
pub const EGRESS_PROXY: &str = "25.77.0.4";
/// The cloud's access list for this customer.
pub const ACCESS_LIST: &str = "25.77.0.0/29";

/// The workstation, inside the company.
pub const AGENT: &str = "10.77.0.2";
/// The workstation and the company's router at the two ends of a tunnel.
pub const TUNNEL: (&str, &str) = ("10.78.0.2", "10.78.0.1");
/// Workstation and router over IPv6.
pub const AGENT_SIX: (&str, &str) = ("2001:db8:1::2", "2001:db8:1::1");
/// Router and cloud over IPv6.
pub const WAN_SIX: (&str, &str) = ("2001:db8:9::1", "2001:db8:9::2");
/// The company's router, resolver and proxy, seen from inside.
pub const GATEWAY: &str = "10.77.0.1";
/// The company's web proxy, as PAC files name it; only the company's resolver knows it.
pub const PROXY_NAME: &str = "proxy.best-customer.example";
/// The proxy's port.
pub const PROXY_PORT: u16 = 3128;

/// TURN user of the laboratory.
pub const TURN_USER: &str = "demo";
/// Its password: a word that no report would hold by chance.
pub const TURN_PASSWORD: &str = "swordfish-4711";

/// The host of that name, if the laboratory has one.
#[must_use]
pub fn by_name(name: &str) -> Option<Host> {
    ALL.into_iter().find(|host| host.name == name)
}
