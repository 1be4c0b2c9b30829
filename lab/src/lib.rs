//! The network laboratory, and the embedded servers behind `cargo xtask run`.
//!
//! Three network namespaces on one Linux machine stand for the world between an agent and the cloud:
//!
//! ```text
//! agent 10.77.0.2 ── 10.77.0.1 corp 25.77.0.3 ── 25.77.9.x cloud
//! a real browser     NAT, packet filter,         nginx with TLS, coturn on 443,
//!                    resolver, web proxy         name server, access list
//! ```
//!
//! A [`world::World`] is data: what is broken in there, how the browser is set up, and what the page must conclude.
//! [`run`] brings a world up from nothing, has the browser run the page in it, compares, and takes everything down
//! again: whatever happens, nothing of it stays behind.

use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::Value;
use world::Engine;

pub mod delay;
pub mod embedded;
pub mod expect;
pub mod fault;
pub mod hosts;
pub mod patch;
pub mod policy;
pub mod remedy;
pub mod servers;
pub mod shaping;
pub mod site;
pub mod speed;
pub mod world;

#[cfg(target_os = "linux")]
pub mod browser;
#[cfg(target_os = "linux")]
pub mod certificates;
#[cfg(target_os = "linux")]
pub mod cpu;
#[cfg(target_os = "linux")]
pub mod interrupt;
#[cfg(target_os = "linux")]
mod laboratory;
#[cfg(target_os = "linux")]
pub mod namespace;
#[cfg(target_os = "linux")]
pub mod stage;

#[cfg(not(target_os = "linux"))]
#[path = "elsewhere.rs"]
mod laboratory;

pub use laboratory::{hold, interrupted, ready, run};

/// Something that kept the laboratory itself from working; never the network's fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble(String);

/// What the laboratory does may fail with a [`Trouble`].
pub type Result<T> = std::result::Result<T, Trouble>;

/// What a world made the page conclude.
#[derive(Debug)]
pub struct Outcome {
    /// How the page ended.
    pub ended: expect::Ended,
    /// Everything that is not as the world expects.
    pub differences: Vec<String>,
    /// With which lines of the report the world was mended, where it names some.
    pub mended: Option<&'static str>,
    /// From start to verdict, by the laboratory's clock.
    pub took: Duration,
    /// The configuration that the page had.
    pub config: Value,
}

impl Trouble {
    /// A trouble in words.
    pub fn new(text: impl Into<String>) -> Trouble {
        Trouble(text.into())
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Trouble {}

/// Where the results of a world in a browser are kept, below `results`.
#[must_use]
pub fn results_of(results: &Path, engine: Engine, world: &str) -> PathBuf {
    results.join(engine.as_str()).join(world)
}

/// The programs that a world is made of, with the Debian package of each.
pub const PROGRAMS: [(&str, &str); 11] = [
    ("ip", "iproute2"),
    ("tc", "iproute2"),
    ("iptables", "iptables"),
    ("nft", "nftables"),
    ("nginx", "nginx"),
    ("turnserver", "coturn"),
    ("squid", "squid"),
    ("dnsmasq", "dnsmasq-base"),
    ("openssl", "openssl"),
    ("certutil", "libnss3-tools"),
    ("chmod", "coreutils"),
];

/// The programs of a browser, with the Debian package (or cargo's) of each.
#[must_use]
pub fn browser_programs(engine: Engine) -> [(&'static str, &'static str); 2] {
    match engine {
        Engine::Chromium => [("chromium", "chromium"), ("chromedriver", "chromium-driver")],
        Engine::Firefox => [
            ("firefox-esr", "firefox-esr"),
            ("geckodriver", "geckodriver (by cargo install)"),
        ],
    }
}

/// Packages that are missing here for running worlds in this browser.
#[must_use]
pub fn missing_packages(engine: Engine) -> Vec<&'static str> {
    let mut directories: Vec<_> = std::env::var_os("PATH")
        .iter()
        .flat_map(std::env::split_paths)
        .collect();
    directories.extend(["/usr/sbin", "/sbin"].map(Into::into));
    let mut missing: Vec<&str> = PROGRAMS
        .iter()
        .chain(&browser_programs(engine))
        .filter(|(program, _)| {
            !directories
                .iter()
                .any(|directory| directory.join(program).is_file())
        })
        .map(|(_, package)| *package)
        .collect();
    missing.dedup();
    missing
}
