//! A world brought up: three namespaces, their links, servers and faults. Dropping it takes all of it down.

pub mod hands;
mod line;

use std::{
    fs, io,
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command},
    sync::{Arc, Mutex, atomic::Ordering},
    thread,
    time::{Duration, Instant},
};

use line::{Delay, Flaps};
use serde_json::Value;

use crate::{
    Result, Trouble, certificates,
    cpu::CpuShare,
    delay::{self, Lateness},
    embedded::canary,
    fault::{self, Fault, Side},
    hosts, interrupt,
    namespace::{Directory, Namespace, run},
    servers::{self, Places},
    shaping::TokenBucket,
    site::BYTES_FILES,
    speed,
    world::{Tunnel, World},
};

/// How long a server may take to listen.
const PATIENCE: Duration = Duration::from_secs(10);

/// A world that is up.
#[derive(Debug)]
pub struct Stage {
    // Dropped in this order: first who runs, then where.
    delays: Vec<Delay>,
    flaps: Option<Flaps>,
    flapping: Mutex<Option<thread::JoinHandle<()>>>,
    children: Vec<Child>,
    agent: Namespace,
    corp: Namespace,
    cloud: Namespace,
    dir: Directory,
    later: Vec<(Side, String)>,
    cpu: Option<(CpuShare, u32)>,
    /// The company's web proxy, which a fix may change while the world is up.
    squid: Mutex<Option<Child>>,
    /// Where that proxy's programs are.
    squid_root: PathBuf,
}

impl Stage {
    /// Brings up a world around a built page.
    pub fn bring_up(world: &World, page: &Path) -> Result<Stage> {
        let page = page
            .canonicalize()
            .map_err(|error| Trouble::new(format!("{}: {error}", page.display())))?;
        let dir = Directory::create()?;
        let mut stage = Stage {
            delays: Vec::new(),
            flaps: None,
            flapping: Mutex::default(),
            children: Vec::new(),
            agent: Namespace::create("agent", hosts::GATEWAY)?,
            corp: Namespace::create("corp", "127.0.0.1")?,
            cloud: Namespace::create("cloud", hosts::NAME_SERVER)?,
            dir,
            later: Vec::new(),
            cpu: (world.browser.cpu_percent)
                .map(|percent| CpuShare::create().map(|share| (share, percent)))
                .transpose()?,
            squid: Mutex::default(),
            squid_root: servers::squid_root(&world.faults),
        };
        stage.connect()?;
        match world.link.tunnel {
            Tunnel::None => {}
            Tunnel::Everything => stage.tunnel("default")?,
            Tunnel::Voice => stage.tunnel(hosts::TURN.address)?,
        }
        if world.faults.contains(&Fault::Ipv6Only {}) {
            stage.only_six()?;
        }
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
        stage.flaps = world.faults.iter().find_map(|fault| match fault {
            Fault::Flap { after_ms, ms } => Some(Flaps {
                corp: stage.corp.name().to_owned(),
                after: after_ms
                    .iter()
                    .map(|ms| Duration::from_millis((*ms).into()))
                    .collect(),
                length: Duration::from_millis((*ms).into()),
                stop: Arc::default(),
            }),
            _ => None,
        });
        stage.serve(world, &page)?;
        if let Some(ms) = world.link.delay_ms {
            let from = match world.link.tunnel {
                Tunnel::None => "lan",
                Tunnel::Everything | Tunnel::Voice => "tunnel",
            };
            stage.lengthen(from, Lateness::new(ms, 0))?;
        }
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
        if let (Some(flaps), Ok(mut flapping)) = (self.flaps.clone(), self.flapping.lock()) {
            *flapping = Some(thread::spawn(move || flaps.play()));
        }
        self.later
            .iter()
            .try_for_each(|(side, command)| self.side(*side).exec(command).map(drop))
    }

    /// The workstation's way to `what` is a tunnel to the company's router; a tunnel's packets are smaller.
    fn tunnel(&self, what: &str) -> Result<()> {
        let (near, far) = hosts::TUNNEL;
        let ends = [
            (&self.agent, hosts::GATEWAY, near),
            (&self.corp, hosts::AGENT, far),
        ];
        for (end, other, address) in ends {
            end.exec(&format!(
                "ip link add tunnel type vxlan id 77 remote {other} dev lan dstport 4789"
            ))?;
            end.exec("ip link set tunnel mtu 1380 up")?;
            end.exec(&format!("ip address add {address}/24 dev tunnel"))?;
        }
        self.agent
            .exec(&format!("ip route replace {what} via {far}"))
            .map(drop)
    }

    /// The workstation has IPv6 instead of IPv4; the router forwards both.
    fn only_six(&self) -> Result<()> {
        for (side, forwards) in [(&self.agent, "0"), (&self.corp, "1"), (&self.cloud, "0")] {
            side.enter(|| {
                let scope = Path::new("/proc/sys/net/ipv6/conf");
                for device in ["all", "default", "lo", "lan", "wan"] {
                    // Addresses are there at once and stay: a browser takes a late one for a change of network. Not
                    // every side has every device.
                    for (setting, value) in [("accept_dad", "0"), ("accept_ra", "0"), ("disable_ipv6", "0")] {
                        _ = fs::write(scope.join(device).join(setting), value);
                    }
                }
                fs::write(scope.join("all/forwarding"), forwards)
            })?
            .map_err(|error| Trouble::new(format!("no IPv6 here: {error}")))?;
        }
        let (agent, router) = hosts::AGENT_SIX;
        let (near, far) = hosts::WAN_SIX;
        self.agent.exec("ip -4 address flush dev lan")?;
        self.agent
            .exec(&format!("ip address add {agent}/64 dev lan nodad"))?;
        self.corp
            .exec(&format!("ip address add {router}/64 dev lan nodad"))?;
        self.corp
            .exec(&format!("ip address add {near}/64 dev wan nodad"))?;
        let servers = hosts::SIX.iter().map(|(_, address)| *address);
        for address in servers.chain([far]) {
            self.cloud
                .exec(&format!("ip address add {address}/64 dev wan nodad"))?;
        }
        self.agent
            .exec(&format!("ip -6 route add default via {router}"))?;
        self.cloud.exec(&format!("ip -6 route add default via {near}"))?;
        self.agent.resolve_with(router)
    }

    /// What comes over this device and goes to the cloud over TCP takes longer.
    fn lengthen(&mut self, from: &str, late: Lateness) -> Result<()> {
        const PORT: u16 = 9000;
        self.corp.exec(&format!(
            "iptables -w -t nat -I PREROUTING -i {from} -p tcp -d {}/16 -j REDIRECT --to-ports {PORT}",
            hosts::NAME_SERVER
        ))?;
        let listen = SocketAddr::from(([0, 0, 0, 0], PORT));
        self.delays
            .push(Delay::start(&self.corp, delay::relay_redirected(listen, late))?);
        self.await_port(Side::Corp, &format!("127.0.0.1:{PORT}"))
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

    /// The namespace of this side.
    #[must_use]
    pub fn side(&self, side: Side) -> &Namespace {
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
        for address in [hosts::EGRESS_KNOWN, hosts::EGRESS_UNKNOWN, hosts::EGRESS_PROXY] {
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
        let faults = &world.faults;
        let dir = self.dir.path().to_owned();
        let site = dir.join("page");
        let places = Places {
            dir: &dir,
            page: &site,
            policy: world.policy.as_deref(),
        };
        let write = |name: &str, content: &[u8]| {
            fs::write(dir.join(name), content).map_err(|error| Trouble::new(format!("{name}: {error}")))
        };
        fs::create_dir(dir.join("bytes")).map_err(|error| Trouble::new(error.to_string()))?;
        certificates::make(&dir)?;
        // Some servers give up root, and must still read what is theirs.
        run(Command::new("chmod").args(["-R", "a+rX"]).arg(&dir))?;
        if faults.contains(&Fault::SharedSecret {}) {
            write("turn-credentials.conf", servers::credentials(places).as_bytes())?;
        }
        write("picture.png", include_bytes!("picture.png"))?;
        copy_page(page, &site, &world.config())
            .map_err(|error| Trouble::new(format!("{}: {error}", page.display())))?;
        for size in BYTES_FILES {
            write(&format!("bytes/{size}.bin"), &canary::bytes(size))?;
        }
        speed::make(&dir).map_err(|error| Trouble::new(format!("speed: {error}")))?;
        write(
            "dnsmasq-cloud.conf",
            servers::cloud_dnsmasq(faults, places).as_bytes(),
        )?;
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
        if let Some(company) = servers::company_nginx(faults, places) {
            write("nginx-corp.conf", company.as_bytes())?;
            self.start(Side::Corp, &mut nginx(&dir, "corp"), "nginx-corp.log")?;
        }

        write("coturn.conf", servers::coturn(faults, places).as_bytes())?;
        let mut coturn = Command::new("turnserver");
        coturn.arg("-c").arg(dir.join("coturn.conf"));
        self.start(Side::Cloud, &mut coturn, "coturn.out")?;
        let late = faults.iter().find_map(|fault| match fault {
            Fault::TurnDelay {
                ms,
                jitter_ms,
                loss_percent,
                burst,
                stall_ms,
            } => Some(
                Lateness::new(*ms, *jitter_ms)
                    .losing(*loss_percent, *burst)
                    .stalling(*stall_ms),
            ),
            _ => None,
        });
        if let Some(late) = late {
            let (listen, target) = (turn_at(hosts::TURN.address)?, turn_at(hosts::TURN_BEHIND_DELAY)?);
            let relay = delay::relay(listen, target, late);
            self.delays.push(Delay::start(&self.cloud, relay)?);
        }

        if world.browser.pac.is_some() {
            let squid_dir = dir.join("squid");
            fs::create_dir(&squid_dir).map_err(|error| Trouble::new(error.to_string()))?;
            // Squid gives up root for a user that differs between systems.
            run(Command::new("chmod").arg("a+rwx").arg(&squid_dir))?;
            write("squid.conf", servers::squid(faults, places).as_bytes())?;
            self.make_certificates_of_squid(faults, &squid_dir)?;
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
            self.start_squid()?;
        }
        Ok(())
    }

    /// Starts a program that ends with the world; what it says goes to `log` in the world's directory.
    pub fn start(&mut self, side: Side, command: &mut Command, log: &str) -> Result<()> {
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
        self.delays.clear();
        if let Some(flaps) = &self.flaps {
            flaps.stop.store(true, Ordering::SeqCst);
        }
        if let Some(flapping) = self.flapping.get_mut().ok().and_then(Option::take) {
            _ = flapping.join();
        }
        self.stop_squid();
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

/// Where coturn, or what stands before it, listens.
fn turn_at(address: &str) -> Result<SocketAddr> {
    format!("{address}:443")
        .parse()
        .map_err(|_| Trouble::new(format!("{address} is no address")))
}
