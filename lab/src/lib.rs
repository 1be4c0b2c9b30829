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

use std::{fmt, path::Path, time::Duration};

use serde_json::Value;

pub mod delay;
pub mod embedded;
pub mod expect;
pub mod fault;
pub mod hosts;
pub mod nginx;
pub mod patch;
pub mod policy;
pub mod servers;
pub mod shaping;
pub mod world;

#[cfg(target_os = "linux")]
pub mod browser;
#[cfg(target_os = "linux")]
pub mod certificates;
#[cfg(target_os = "linux")]
pub mod interrupt;
#[cfg(target_os = "linux")]
pub mod namespace;
#[cfg(target_os = "linux")]
pub mod stage;

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

/// The programs that a world is made of, with the Debian package of each.
pub const PROGRAMS: [(&str, &str); 12] = [
    ("ip", "iproute2"),
    ("tc", "iproute2"),
    ("iptables", "iptables"),
    ("nginx", "nginx"),
    ("turnserver", "coturn"),
    ("squid", "squid"),
    ("dnsmasq", "dnsmasq-base"),
    ("openssl", "openssl"),
    ("certutil", "libnss3-tools"),
    ("chromium", "chromium"),
    ("chromedriver", "chromium-driver"),
    ("chmod", "coreutils"),
];

/// Debian packages that are missing here.
#[must_use]
pub fn missing_packages() -> Vec<&'static str> {
    let mut directories: Vec<_> =
        std::env::var_os("PATH").iter().flat_map(std::env::split_paths).collect();
    directories.extend(["/usr/sbin", "/sbin"].map(Into::into));
    let mut missing: Vec<&str> = PROGRAMS
        .iter()
        .filter(|(program, _)| !directories.iter().any(|directory| directory.join(program).is_file()))
        .map(|(_, package)| *package)
        .collect();
    missing.dedup();
    missing
}

/// Whether this machine can be a laboratory; if not, why.
#[cfg(target_os = "linux")]
pub fn ready() -> Result<()> {
    if !nix::unistd::geteuid().is_root() {
        return Err(Trouble::new("the laboratory needs root, for network namespaces"));
    }
    let missing = missing_packages();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Trouble::new(format!("the laboratory needs these packages: {}", missing.join(" "))))
    }
}

/// Whether this machine can be a laboratory; if not, why.
#[cfg(not(target_os = "linux"))]
pub fn ready() -> Result<()> {
    Err(Trouble::new("the laboratory needs Linux, as root, for network namespaces"))
}

/// Runs a world once, around the built page in `page`, and keeps what it showed in `results` if given.
#[cfg(target_os = "linux")]
pub fn run(
    world: &world::World,
    page: &Path,
    engine: browser::Engine,
    results: Option<&Path>,
) -> Result<Outcome> {
    ready()?;
    interrupt::watch();
    interrupt::check()?;
    namespace::sweep();
    let mut stage = stage::Stage::bring_up(world, page)?;
    let ride = browser::ride(&mut stage, world, engine)?;
    let outcome = Outcome {
        differences: world.expect.differences(&ride.ended),
        ended: ride.ended,
        took: ride.took,
        config: world.config(),
    };
    if let Some(results) = results {
        keep(&results.join(&world.name), &outcome, &ride.console, ride.screenshot.as_deref())
            .map_err(|error| Trouble::new(format!("{}: {error}", results.display())))?;
    }
    Ok(outcome)
}

/// Brings a world up, tells through `say` how to enter it, and keeps it up until Ctrl-C.
#[cfg(target_os = "linux")]
pub fn hold(world: &world::World, page: &Path, say: impl Fn(&str)) -> Result<()> {
    ready()?;
    interrupt::watch();
    namespace::sweep();
    let stage = stage::Stage::bring_up(world, page)?;
    let home = browser::home(&stage)?;
    let arguments = browser::arguments(world, &stage.dir().join("profile"));
    let quoted: Vec<String> = arguments.iter().map(|argument| format!("'{argument}'")).collect();
    say(&format!(
        "The world {:?} is up. A shell in it:\n  ip netns exec {agent} bash\nA browser in it:\n  \
         ip netns exec {agent} env HOME={} chromium {} {}\nServers' logs: {}",
        world.name,
        home.display(),
        quoted.join(" "),
        browser::address(world, false),
        stage.dir().display(),
        agent = stage.agent().name(),
    ));
    if world.changes_after_load() {
        say("This world changes after the page has loaded. Press Enter to let that happen.");
        await_enter();
        stage.strike()?;
    }
    say("Ctrl-C ends it.");
    while !interrupt::asked() {
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// Waits for Enter or Ctrl-C.
#[cfg(target_os = "linux")]
fn await_enter() {
    let (pressed, enter) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        _ = std::io::stdin().read_line(&mut String::new());
        _ = pressed.send(());
    });
    while !interrupt::asked() && enter.recv_timeout(Duration::from_millis(100)).is_err() {}
}

#[cfg(target_os = "linux")]
fn keep(dir: &Path, outcome: &Outcome, console: &str, screenshot: Option<&[u8]>) -> std::io::Result<()> {
    use std::fs;

    _ = fs::remove_dir_all(dir);
    fs::create_dir_all(dir)?;
    fs::write(dir.join("config.json"), format!("{:#}\n", outcome.config))?;
    match &outcome.ended {
        expect::Ended::Done(report) => fs::write(dir.join("report.json"), format!("{report:#}\n"))?,
        expect::Ended::Failed(why) | expect::Ended::Never(why) => fs::write(dir.join("failed.txt"), why)?,
    }
    fs::write(dir.join("console.log"), console)?;
    if let Some(png) = screenshot {
        fs::write(dir.join("screenshot.png"), png)?;
    }
    Ok(())
}
