//! What people do to a world while it is up: mend the proxy, stop the web servers, pull the cable.

use std::{fs, io, path::Path, process::Command};

use super::{Stage, nginx};
use crate::{
    Result, Trouble,
    fault::{Fault, Side},
    hosts,
    namespace::run,
    remedy::{self, Kind},
};

/// The bytes that crossed a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Came in.
    pub received: u64,
    /// Went out.
    pub sent: u64,
}

impl Stage {
    /// Puts lines of a report where they belong: the router or the proxy, which are up. A browser's PAC file is given
    /// to the browser.
    pub fn mend(&self, kind: Kind, lines: &str) -> Result<()> {
        let place = |name: &str| self.dir.path().join(name);
        let trouble = |error: io::Error| Trouble::new(format!("the {} lines: {error}", kind.as_str()));
        match kind {
            Kind::Nftables => {
                let file = place("fix.nft");
                fs::write(&file, format!("{lines}\n")).map_err(trouble)?;
                self.corp.exec(&format!("nft -f {}", file.display())).map(drop)
            }
            Kind::Squid => {
                let file = place("squid.conf");
                let text = fs::read_to_string(&file).map_err(trouble)?;
                fs::write(&file, remedy::squid(&text, lines)).map_err(trouble)?;
                if !self.stop_squid() {
                    return Err(Trouble::new("there is no proxy to be told"));
                }
                self.start_squid()
            }
            Kind::Pac => Ok(()),
        }
    }

    pub(super) fn start_squid(&self) -> Result<()> {
        let mut squid = Command::new(self.squid_root.join("usr/sbin/squid"));
        squid.arg("-N").arg("-f").arg(self.dir.path().join("squid.conf"));
        let child = self.corp.start(&mut squid, &self.dir.path().join("squid.log"))?;
        if let Ok(mut running) = self.squid.lock() {
            *running = Some(child);
        }
        self.await_port(Side::Corp, &format!("{}:{}", hosts::GATEWAY, hosts::PROXY_PORT))
    }

    /// Ends the proxy; whether there was one.
    pub(super) fn stop_squid(&self) -> bool {
        let running = self.squid.lock().ok().and_then(|mut running| running.take());
        if let Some(mut squid) = running {
            // Already gone is as good.
            _ = squid.kill();
            _ = squid.wait();
            return true;
        }
        false
    }

    /// A proxy that opens TLS keeps the certificates that it makes.
    pub(super) fn make_certificates_of_squid(&self, faults: &[Fault], folder: &Path) -> Result<()> {
        if !faults.iter().any(|it| matches!(it, Fault::ProxyOpens { .. })) {
            return Ok(());
        }
        let kept = folder.join("certificates");
        run(
            Command::new(self.squid_root.join("usr/lib/squid/security_file_certgen"))
                .args(["-c", "-s"])
                .arg(&kept)
                .args(["-M", "4MB"]),
        )?;
        run(Command::new("chmod").args(["-R", "a+rwX"]).arg(&kept)).map(drop)
    }

    /// Stops the cloud's web servers: the page's, the canary's, and the applications'.
    pub fn stop_web(&mut self) -> Result<()> {
        let dir = self.dir().to_owned();
        run(nginx(&dir, "cloud").args(["-s", "stop"])).map(drop)
    }

    /// Starts them again.
    pub fn start_web(&mut self) -> Result<()> {
        let dir = self.dir().to_owned();
        self.start(Side::Cloud, &mut nginx(&dir, "cloud"), "nginx-cloud-again.log")?;
        self.await_port(Side::Cloud, &format!("{}:443", hosts::PAGE.address))
    }

    /// Pulls the workstation's cable out, or puts it back.
    pub fn plug(&self, into: bool) -> Result<()> {
        if !into {
            return self.agent.exec("ip link set lan down").map(drop);
        }
        self.agent.exec("ip link set lan up")?;
        self.agent
            .exec(&format!("ip route replace default via {}", hosts::GATEWAY))
            .map(drop)
    }

    /// What crossed the workstation's cable so far, in whole Ethernet frames.
    pub fn traffic(&self) -> Result<Traffic> {
        let text = self
            .agent
            .enter(|| fs::read_to_string("/proc/thread-self/net/dev"))?
            .map_err(|error| Trouble::new(error.to_string()))?;
        counted(&text, "lan").ok_or_else(|| Trouble::new(format!("no counters of the cable in\n{text}")))
    }

    /// What each program at the workstation took of the processor so far, in seconds, by its process id.
    pub fn processor(&self) -> Result<Vec<(u32, f64)>> {
        let pids = run(Command::new("ip").args(["netns", "pids", self.agent.name()]))?;
        let of = |pid: u32| {
            // It may end meanwhile.
            let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            Some((pid, seconds(&text)?))
        };
        Ok(pids
            .split_whitespace()
            .filter_map(|pid| of(pid.parse().ok()?))
            .collect())
    }
}

/// The kernel's unit of a process's time, for all architectures that a browser runs on (`USER_HZ`).
const TICKS: f64 = 100.0;

/// `PID (NAME) STATE …`: the twelfth and thirteenth word after the name are its own time and the kernel's for it.
fn seconds(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut words = rest.split_whitespace().skip(11);
    let mut ticks = || words.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / TICKS)
}

/// `  lan: BYTES PACKETS …` with eight columns for what came in before those for what went out.
fn counted(text: &str, device: &str) -> Option<Traffic> {
    let line = text
        .lines()
        .find_map(|line| line.trim_start().strip_prefix(&format!("{device}:")))?;
    let columns: Vec<u64> = line
        .split_whitespace()
        .map_while(|word| word.parse().ok())
        .collect();
    Some(Traffic {
        received: *columns.first()?,
        sent: *columns.get(8)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_processs_time_is_its_own_and_the_kernels() {
        let stat = "77 (a (b) c) S 1 1 1 0 -1 4194304 100 0 0 0 150 50 9 9 20 0 1 0 1 1 1";
        assert_eq!(seconds(stat), Some(2.0));
        assert_eq!(seconds("77"), None);
    }

    #[test]
    fn the_counters_of_a_device_are_found() {
        let text = "Inter-|   Receive  |  Transmit\n face |bytes packets\n    lo: 1 2 3 4 5 6 7 8 9 10\n   \
                    lan: 1000 10 0 0 0 0 0 0 2000 20 0 0 0 0 0 0\n";
        let traffic = Traffic {
            received: 1000,
            sent: 2000,
        };
        assert_eq!(counted(text, "lan"), Some(traffic));
        assert_eq!(counted(text, "wan"), None);
    }
}
