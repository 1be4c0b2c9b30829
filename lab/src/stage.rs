//! A world brought up: three namespaces, their links, servers and faults. Dropping it takes all of it down.

use std::{
    fs, io,
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    Result, Trouble, certificates,
    cpu::CpuShare,
    delay,
    embedded::canary,
    fault::{self, Fault, Side},
    hosts, interrupt,
    namespace::{Directory, Namespace, run},
    nginx::BYTES_FILES,
    servers::{self, Places},
    shaping::TokenBucket,
    world::World,
};

/// How long a server may take to listen.
const PATIENCE: Duration = Duration::from_secs(10);

/// A world that is up.
#[derive(Debug)]
pub struct Stage {
    // Dropped in this order: first who runs, then where.
    delay: Option<Delay>,
    children: Vec<Child>,
    agent: Namespace,
    corp: Namespace,
    cloud: Namespace,
    dir: Directory,
    later: Vec<(Side, String)>,
    cpu: Option<(CpuShare, u32)>,
}

impl Stage {
    /// Brings up a world around a built page.
    pub fn bring_up(world: &World, page: &Path) -> Result<Stage> {
        let page = page
            .canonicalize()
            .map_err(|error| Trouble::new(format!("{}: {error}", page.display())))?;
        let dir = Directory::create()?;
        let mut stage = Stage {
            delay: None,
            children: Vec::new(),
            agent: Namespace::create("agent", hosts::GATEWAY)?,
            corp: Namespace::create("corp", "127.0.0.1")?,
            cloud: Namespace::create("cloud", hosts::NAME_SERVER)?,
            dir,
            later: Vec::new(),
            cpu: (world.browser.cpu_percent)
                .map(|percent| CpuShare::create().map(|share| (share, percent)))
                .transpose()?,
        };
        stage.connect()?;
        stage.rules(fault::ordinary_rules())?;
        let (later, now): (Vec<&Fault>, Vec<&Fault>) =
            world.faults.iter().partition(|fault| fault.strikes_after_load());
        stage.rules(now.iter().flat_map(|fault| fault.commands()).collect())?;
        stage.later = later.iter().flat_map(|fault| fault.commands()).collect();
        for (rate, device) in [(world.link.up_kbps, "wan"), (world.link.down_kbps, "lan")] {
            if let Some(rate) = rate {
                stage
                    .later
                    .push((Side::Corp, TokenBucket::for_rate(rate).tc(device)));
            }
        }
        stage.serve(world, &page)?;
        Ok(stage)
    }

    /// The agent's namespace.
    #[must_use]
    pub fn agent(&self) -> &Namespace {
        &self.agent
    }

    /// The world's own directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// What happens between loading the page and starting the run.
    pub fn strike(&self) -> Result<()> {
        if let Some((share, percent)) = &self.cpu {
            share.limit(*percent)?;
        }
        self.later
            .iter()
            .try_for_each(|(side, command)| self.side(*side).exec(command).map(drop))
    }

    /// Starts a program in the agent's namespace.
    pub fn start_at_agent(&mut self, command: &mut Command, log: &str) -> Result<()> {
        let child = self.agent.start(command, &self.dir.path().join(log))?;
        if let Some((share, _)) = &self.cpu {
            share.take_in(child.id())?;
        }
        self.children.push(child);
        Ok(())
    }

    fn side(&self, side: Side) -> &Namespace {
        match side {
            Side::Agent => &self.agent,
            Side::Corp => &self.corp,
            Side::Cloud => &self.cloud,
        }
    }

    fn rules(&self, rules: Vec<(Side, String)>) -> Result<()> {
        rules
            .iter()
            .try_for_each(|(side, command)| self.side(*side).exec(command).map(drop))
    }

    /// agent `lan` — `lan` corp `wan` — `wan` cloud
    fn connect(&self) -> Result<()> {
        for (near, far, device) in [(&self.agent, &self.corp, "lan"), (&self.corp, &self.cloud, "wan")] {
            run(Command::new("ip")
                .args(["link", "add", device, "netns", near.name(), "type", "veth"])
                .args(["peer", "name", device, "netns", far.name()]))?;
            near.exec(&format!("ip link set {device} up"))?;
            far.exec(&format!("ip link set {device} up"))?;
        }
        self.agent
            .exec(&format!("ip address add {}/24 dev lan", hosts::AGENT))?;
        self.agent
            .exec(&format!("ip route add default via {}", hosts::GATEWAY))?;
        self.corp
            .exec(&format!("ip address add {}/24 dev lan", hosts::GATEWAY))?;
        for address in [hosts::EGRESS_KNOWN, hosts::EGRESS_UNKNOWN] {
            self.corp.exec(&format!("ip address add {address}/16 dev wan"))?;
        }
        self.corp
            .enter(|| fs::write("/proc/sys/net/ipv4/ip_forward", "1"))?
            .map_err(|error| Trouble::new(format!("the router cannot forward: {error}")))?;
        let servers = hosts::ALL.iter().map(|host| host.address);
        for address in servers.chain([hosts::TURN_BEHIND_DELAY, hosts::NAME_SERVER]) {
            self.cloud.exec(&format!("ip address add {address}/16 dev wan"))?;
        }
        Ok(())
    }

    fn serve(&mut self, world: &World, page: &Path) -> Result<()> {
        let dir = self.dir.path().to_owned();
        let site = dir.join("page");
        let places = Places {
            dir: &dir,
            page: &site,
        };
        let write = |name: &str, content: &[u8]| {
            fs::write(dir.join(name), content).map_err(|error| Trouble::new(format!("{name}: {error}")))
        };
        fs::create_dir(dir.join("bytes")).map_err(|error| Trouble::new(error.to_string()))?;
        certificates::make(&dir)?;
        // Some servers give up root, and must still read what is theirs.
        run(Command::new("chmod").args(["-R", "a+rX"]).arg(&dir))?;
        write("picture.png", include_bytes!("picture.png"))?;
        copy_page(page, &site, &world.config())
            .map_err(|error| Trouble::new(format!("{}: {error}", page.display())))?;
        for size in BYTES_FILES {
            write(&format!("bytes/{size}.bin"), &canary::bytes(size))?;
        }
        let faults = &world.faults;

        write("dnsmasq-cloud.conf", servers::cloud_dnsmasq(places).as_bytes())?;
        write(
            "dnsmasq-corp.conf",
            servers::corp_dnsmasq(faults, places).as_bytes(),
        )?;
        for side in [Side::Cloud, Side::Corp] {
            let name = if side == Side::Cloud { "cloud" } else { "corp" };
            let mut dnsmasq = Command::new("dnsmasq");
            dnsmasq.arg("--keep-in-foreground").arg("--log-facility=-");
            dnsmasq.arg(format!("--conf-file={}/dnsmasq-{name}.conf", dir.display()));
            self.start(side, &mut dnsmasq, &format!("dnsmasq-{name}.log"))?;
        }

        write(
            "nginx-cloud.conf",
            servers::cloud_nginx(faults, places).as_bytes(),
        )?;
        self.start(Side::Cloud, &mut nginx(&dir, "cloud"), "nginx-cloud.log")?;
        if faults
            .iter()
            .any(|fault| matches!(fault, Fault::BlockPage { .. }))
        {
            write("nginx-corp.conf", servers::block_page_nginx(places).as_bytes())?;
            self.start(Side::Corp, &mut nginx(&dir, "corp"), "nginx-corp.log")?;
        }

        write("coturn.conf", servers::coturn(faults, places).as_bytes())?;
        let mut coturn = Command::new("turnserver");
        coturn.arg("-c").arg(dir.join("coturn.conf"));
        self.start(Side::Cloud, &mut coturn, "coturn.out")?;
        let delay_ms = faults.iter().find_map(|fault| match fault {
            Fault::TurnDelay { ms } => Some(*ms),
            _ => None,
        });
        if let Some(ms) = delay_ms {
            self.delay = Some(Delay::start(&self.cloud, Duration::from_millis(ms.into()))?);
        }

        if world.browser.pac.is_some() {
            let squid_dir = dir.join("squid");
            fs::create_dir(&squid_dir).map_err(|error| Trouble::new(error.to_string()))?;
            // Squid gives up root for a user that differs between systems.
            run(Command::new("chmod").arg("a+rwx").arg(&squid_dir))?;
            write("squid.conf", servers::squid(faults, places).as_bytes())?;
            let mut squid = Command::new("squid");
            squid.arg("-N").arg("-f").arg(dir.join("squid.conf"));
            self.start(Side::Corp, &mut squid, "squid.log")?;
        }

        let web = hosts::ALL
            .iter()
            .filter(|host| **host != hosts::TURN)
            .map(|host| host.address);
        for address in web.chain([hosts::TURN.address]) {
            self.await_port(Side::Cloud, &format!("{address}:443"))?;
        }
        self.await_port(Side::Cloud, &format!("{}:53", hosts::NAME_SERVER))?;
        self.await_port(Side::Corp, &format!("{}:53", hosts::GATEWAY))?;
        if world.browser.pac.is_some() {
            self.await_port(Side::Corp, &format!("{}:{}", hosts::GATEWAY, hosts::PROXY_PORT))?;
        }
        Ok(())
    }

    fn start(&mut self, side: Side, command: &mut Command, log: &str) -> Result<()> {
        let child = self.side(side).start(command, &self.dir.path().join(log))?;
        self.children.push(child);
        Ok(())
    }

    fn await_port(&self, side: Side, address: &str) -> Result<()> {
        let address: SocketAddr = address
            .parse()
            .map_err(|_| Trouble::new(format!("{address} is no address")))?;
        self.side(side).enter(|| {
            let end = Instant::now() + PATIENCE;
            while TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_err() {
                interrupt::check()?;
                if Instant::now() > end {
                    return Err(Trouble::new(format!(
                        "nothing listens on {address} ({side:?}): its log says why"
                    )));
                }
                thread::sleep(Duration::from_millis(20));
            }
            Ok(())
        })?
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.delay = None;
        for child in &mut self.children {
            // Already gone is as good.
            _ = child.kill();
            _ = child.wait();
        }
    }
}

/// The page as it was built, with this world's configuration.
fn copy_page(from: &Path, to: &Path, config: &Value) -> io::Result<()> {
    copy_folder(from, to)?;
    for compressed in ["config.json.gz", "config.json.br"] {
        // There is none where the page was not built for release.
        _ = fs::remove_file(to.join(compressed));
    }
    fs::write(to.join("config.json"), format!("{config:#}\n"))
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn nginx(dir: &Path, name: &str) -> Command {
    let mut nginx = Command::new("nginx");
    nginx
        .arg("-p")
        .arg(dir)
        .arg("-c")
        .arg(dir.join(format!("nginx-{name}.conf")));
    nginx.arg("-e").arg(dir.join(format!("nginx-{name}-error.log")));
    nginx
}

/// The delay in front of TURN: a thread of ours in the cloud's namespace.
#[derive(Debug)]
struct Delay {
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Delay {
    fn start(cloud: &Namespace, delay: Duration) -> Result<Delay> {
        let address = |host: &str| -> Result<SocketAddr> {
            format!("{host}:443")
                .parse()
                .map_err(|_| Trouble::new(format!("{host} is no address")))
        };
        let (listen, target) = (address(hosts::TURN.address)?, address(hosts::TURN_BEHIND_DELAY)?);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (ready, entered) = mpsc::channel();
        let inside = cloud.entrance()?;
        let thread = thread::spawn(move || {
            let outcome = inside.enter_this_thread();
            let failed = outcome.is_err();
            _ = ready.send(outcome);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            if let (Ok(runtime), false) = (runtime, failed) {
                runtime.block_on(async {
                    tokio::select! {
                        _ = stopped => {}
                        _ = delay::relay(listen, target, delay) => {}
                    }
                });
            }
        });
        entered
            .recv()
            .map_err(|_| Trouble::new("the delay's thread died"))??;
        Ok(Delay {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Delay {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}
