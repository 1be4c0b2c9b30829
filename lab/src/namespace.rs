//! Network namespaces: made, entered, and taken down with everything that runs in them.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sched::{CloneFlags, setns},
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{Result, Trouble, cpu};

/// Every namespace and directory of the laboratory is called `clearline-PID-…`, so that a later run can tell what a
/// dead one left behind.
pub(crate) const PREFIX: &str = "clearline-";

/// A network namespace; dropping it kills every process in it and removes it.
#[derive(Debug)]
pub struct Namespace {
    name: String,
}

impl Namespace {
    /// Makes a namespace for this process, with loopback up, without IPv6, with `resolver` as its DNS server.
    pub fn create(role: &str, resolver: &str) -> Result<Namespace> {
        let name = format!("{PREFIX}{}-{role}", std::process::id());
        let etc = etc_directory(&name);
        fs::create_dir_all(&etc).map_err(|error| Trouble::new(format!("{}: {error}", etc.display())))?;
        write_resolver(&name, resolver)?;
        run(Command::new("ip").args(["netns", "add", &name]))?;
        let namespace = Namespace { name };
        namespace.exec("ip link set lo up")?;
        namespace.enter(|| {
            // A kernel without IPv6 has no such file.
            for scope in ["all", "default"] {
                _ = fs::write(format!("/proc/sys/net/ipv6/conf/{scope}/disable_ipv6"), "1");
            }
        })?;
        Ok(namespace)
    }

    /// Gives it another DNS server.
    pub fn resolve_with(&self, resolver: &str) -> Result<()> {
        write_resolver(&self.name, resolver)
    }

    /// Its name, as `ip netns` knows it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs a command in it, split at blanks, to its end.
    pub fn exec(&self, command: &str) -> Result<String> {
        run(Command::new("ip")
            .args(["netns", "exec", &self.name])
            .args(command.split_whitespace()))
    }

    /// Starts a program in it that stays; what it says goes to `log`.
    pub fn start(&self, command: &mut Command, log: &Path) -> Result<Child> {
        let output =
            File::create(log).map_err(|error| Trouble::new(format!("{}: {error}", log.display())))?;
        let errors = output
            .try_clone()
            .map_err(|error| Trouble::new(error.to_string()))?;
        let mut inside = Command::new("ip");
        inside
            .args(["netns", "exec", &self.name])
            .arg(command.get_program())
            .args(command.get_args());
        for (key, value) in command.get_envs() {
            if let Some(value) = value {
                inside.env(key, value);
            }
        }
        // A group of its own: Ctrl-C is for us, and we end the others in order.
        std::os::unix::process::CommandExt::process_group(&mut inside, 0);
        inside
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .spawn()
            .map_err(|error| Trouble::new(format!("{command:?}: {error}")))
    }

    /// A way in, for a thread that lives longer than a call.
    pub fn entrance(&self) -> Result<Entrance> {
        let path = format!("/run/netns/{}", self.name);
        File::open(&path)
            .map(Entrance)
            .map_err(|error| Trouble::new(format!("{path}: {error}")))
    }

    /// Does `work` on a thread of ours that has entered the namespace.
    pub fn enter<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T> {
        let entrance = self.entrance()?;
        thread::scope(|scope| {
            scope
                .spawn(|| entrance.enter_this_thread().map(|()| work()))
                .join()
                .unwrap_or_else(|_| Err(Trouble::new("a laboratory thread panicked")))
        })
    }
}

/// An open door into a namespace.
#[derive(Debug)]
pub struct Entrance(File);

impl Entrance {
    /// Moves the calling thread, and it alone, into the namespace for good.
    pub fn enter_this_thread(self) -> Result<()> {
        setns(self.0, CloneFlags::CLONE_NEWNET)
            .map_err(|error| Trouble::new(format!("cannot enter a network namespace: {error}")))
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        remove(&self.name);
    }
}

/// A directory of this run, removed when dropped.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
}

impl Directory {
    /// Makes it, empty, readable for the servers' users.
    pub fn create() -> Result<Directory> {
        let path = std::env::temp_dir().join(format!("{PREFIX}{}-world", std::process::id()));
        _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).map_err(|error| Trouble::new(format!("{}: {error}", path.display())))?;
        Ok(Directory { path })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.path);
    }
}

/// Removes what laboratories whose process is dead have left behind.
pub fn sweep() {
    for name in names_in(Path::new("/run/netns")).chain(names_in(Path::new("/etc/netns"))) {
        if owner_is_dead(&name) {
            remove(&name);
        }
    }
    for folder in cpu::folders() {
        for name in names_in(folder).filter(|name| owner_is_dead(name)) {
            _ = fs::remove_dir(folder.join(name));
        }
    }
    let temporary = std::env::temp_dir();
    for name in names_in(&temporary).filter(|name| owner_is_dead(name)) {
        _ = fs::remove_dir_all(temporary.join(name));
    }
}

/// Runs a command to its end; its output, or what it complained about.
pub fn run(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Trouble::new(format!("{}: {error}", command.get_program().display())))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(Trouble::new(format!("{command:?}: {}", complaint.trim())))
}

fn names_in(directory: &Path) -> impl Iterator<Item = String> + use<> {
    fs::read_dir(directory)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
}

fn owner_is_dead(name: &str) -> bool {
    owner(name).is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists())
}

fn owner(name: &str) -> Option<u32> {
    name.strip_prefix(PREFIX)?.split_once('-')?.0.parse().ok()
}

fn write_resolver(name: &str, resolver: &str) -> Result<()> {
    let text = format!("nameserver {resolver}\noptions timeout:2 attempts:2\n");
    fs::write(etc_directory(name).join("resolv.conf"), text)
        .map_err(|error| Trouble::new(format!("resolv.conf of {name}: {error}")))
}

fn etc_directory(name: &str) -> PathBuf {
    Path::new("/etc/netns").join(name)
}

/// Kills whatever runs in the namespace (all of it is ours: we made the namespace), then removes it.
fn remove(name: &str) {
    let end = Instant::now() + Duration::from_secs(5);
    while Instant::now() < end {
        let Ok(pids) = run(Command::new("ip").args(["netns", "pids", name])) else {
            break;
        };
        let mut any = false;
        for pid in pids.split_whitespace().filter_map(|pid| pid.parse::<i32>().ok()) {
            if pid != std::process::id().cast_signed() {
                any = true;
                _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
            }
        }
        if !any {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    _ = run(Command::new("ip").args(["netns", "delete", name]));
    _ = fs::remove_dir_all(etc_directory(name));
    // Shared with other users of namespaces: goes only when empty.
    _ = fs::remove_dir("/etc/netns");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_is_in_the_name() {
        assert_eq!(owner("clearline-4711-agent"), Some(4711));
        assert_eq!(owner("clearline-agent"), None);
        assert_eq!(owner("somebody-4711-agent"), None);
        assert!(!owner_is_dead(&format!("clearline-{}-agent", std::process::id())));
    }
}
