//! What this computer is, and installing Debian packages by name.

use crate::command::{self, Outcome};

/// Whether these commands run as root. Never on Windows.
pub fn is_root() -> bool {
    cfg!(unix) && command::output(&mut command::program("id", &["-u"])).is_some_and(|id| id.trim() == "0")
}

/// Whether Debian packages can be installed: Debian or a child of it, and root.
pub fn can_install() -> bool {
    cfg!(target_os = "linux") && command::on_path("apt-get").is_some() && is_root()
}

/// Installs the Debian packages among `names` that are missing.
///
/// # Errors
/// apt-get fails.
pub fn install(names: &[&str], why: &str) -> Outcome<()> {
    let missing: Vec<&str> = names.iter().copied().filter(|name| !is_installed(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Installing {}: {why} (about 2 minutes).", missing.join(", "));
    let apt = |arguments: &[&str]| {
        let mut command = command::program("apt-get", arguments);
        command::finish(command.env("DEBIAN_FRONTEND", "noninteractive"))
    };
    let mut install = vec!["install", "--yes", "--quiet", "--no-install-recommends"];
    install.extend(&missing);
    // An old list names old browsers, or packages that are gone. One that cannot be had anew may do all the same.
    let updated = apt(&["update", "--quiet"]);
    apt(&install).map_err(|failure| updated.err().unwrap_or(failure))
}

fn is_installed(package: &str) -> bool {
    let arguments = ["--show", "--showformat=${db:Status-Status}", package];
    command::output(&mut command::program("dpkg-query", &arguments)).as_deref() == Some("installed")
}
