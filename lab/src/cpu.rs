//! A share of the processor for the browser alone: a control group, so that the servers keep what they need.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::Duration,
};

use crate::{Result, Trouble, namespace::PREFIX};

/// Where the kernel keeps its control groups for the processor, the first version's and the second's.
const FIRST: &str = "/sys/fs/cgroup/cpu";
const SECOND: &str = "/sys/fs/cgroup";
/// The span that a share is a share of, in microseconds: the kernel's own choice.
const PERIOD: u32 = 100_000;

/// A control group; dropping it removes it, once nothing runs in it.
#[derive(Debug)]
pub struct CpuShare {
    path: PathBuf,
}

impl CpuShare {
    /// A group without a limit yet.
    pub fn create() -> Result<CpuShare> {
        // A browser that was killed may still be leaving the last one.
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PREFIX}{}-cpu-{count}", std::process::id());
        let root = if Path::new(FIRST).join("cpu.cfs_quota_us").exists() {
            FIRST
        } else {
            // Without it the group has no limits to set; where it is there already the kernel does not mind.
            write(&Path::new(SECOND).join("cgroup.subtree_control"), "+cpu")?;
            SECOND
        };
        let path = Path::new(root).join(name);
        fs::create_dir(&path).map_err(|error| Trouble::new(format!("{}: {error}", path.display())))?;
        Ok(CpuShare { path })
    }

    /// Takes a process in, and with it all that it starts from now on.
    pub fn take_in(&self, process: u32) -> Result<()> {
        write(&self.path.join("cgroup.procs"), &process.to_string())
    }

    /// From now on all of them together get so many percent of one core.
    pub fn limit(&self, percent: u32) -> Result<()> {
        let quota = PERIOD / 100 * percent;
        if self.path.starts_with(FIRST) {
            write(&self.path.join("cpu.cfs_period_us"), &PERIOD.to_string())?;
            write(&self.path.join("cpu.cfs_quota_us"), &quota.to_string())
        } else {
            write(&self.path.join("cpu.max"), &format!("{quota} {PERIOD}"))
        }
    }
}

impl Drop for CpuShare {
    fn drop(&mut self) {
        // While a process is in it, it cannot be removed; what stays is removed at the next laboratory's start.
        for _ in 0..20 {
            if fs::remove_dir(&self.path).is_ok() {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
    }
}

/// The folders of groups that dead laboratories may have left behind.
pub(crate) fn folders() -> [&'static Path; 2] {
    [Path::new(FIRST), Path::new(SECOND)]
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(|error| Trouble::new(format!("{}: {error}", path.display())))
}
