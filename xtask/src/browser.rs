//! A headless Chromium, Chrome or Edge of our own: found, started with a fresh profile, ended on drop.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::command::{self, Failure, Outcome};
use crate::system;

/// Names on PATH, in the order in which they are tried.
const NAMES: [&str; 7] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
];

/// Where the browsers install themselves outside of PATH, below the folders of [`PROGRAM_FOLDERS`].
const PLACES: [&str; 6] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"Google\Chrome\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
    r"Chromium\Application\chrome.exe",
];

/// Environment variables of Windows that name the folders of programs.
const PROGRAM_FOLDERS: [&str; 3] = ["ProgramFiles", "ProgramFiles(x86)", "LocalAppData"];

/// Quiet, without traffic of its own, and without QUIC, which the page does not use.
pub const FLAGS: [&str; 10] = [
    "--headless=new",
    "--remote-debugging-port=0",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/// A browser on this computer; installed by name on Debian as root.
///
/// # Errors
/// There is none, and it cannot be installed here.
pub fn find() -> Outcome<PathBuf> {
    if let Some(found) = look() {
        return Ok(found);
    }
    if system::can_install() {
        system::install(&["chromium"], "`--check` runs the page in it")?;
        if let Some(found) = look() {
            return Ok(found);
        }
    }
    Err(Failure::new(
        "No Chromium, Chrome or Edge was found. Install one of them, or name its program file in CLEARLINE_BROWSER.",
    ))
}

fn look() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CLEARLINE_BROWSER") {
        return Some(named.into());
    }
    let folders = PROGRAM_FOLDERS
        .iter()
        .filter_map(std::env::var_os)
        .map(PathBuf::from);
    let folders: Vec<PathBuf> = std::iter::once(PathBuf::new()).chain(folders).collect();
    NAMES.iter().find_map(|name| command::on_path(name)).or_else(|| {
        let places = PLACES
            .iter()
            .flat_map(|place| folders.iter().map(move |folder| folder.join(place)));
        places
            .into_iter()
            .find(|file| file.is_absolute() && file.is_file())
    })
}

/// A running browser.
pub struct Browser {
    process: Child,
    profile: PathBuf,
}

impl Browser {
    /// Starts one; gives it and the address of its DevTools.
    ///
    /// # Errors
    /// It does not start, or says nothing within 20 s.
    pub fn start(program: &Path) -> Outcome<(Self, String)> {
        Self::start_with(program, &[])
    }

    /// The same with further flags.
    ///
    /// # Errors
    /// It does not start, or says nothing within 20 s.
    pub fn start_with(program: &Path, flags: &[&str]) -> Outcome<(Self, String)> {
        let profile = std::env::temp_dir().join(format!("clearline-browser-{}", std::process::id()));
        std::fs::create_dir_all(&profile)?;
        let mut command = Command::new(program);
        command
            .args(FLAGS)
            .args(flags)
            .arg(format!("--user-data-dir={}", profile.display()));
        if system::is_root() {
            // Chromium's sandbox does not start as root.
            command.arg("--no-sandbox");
        }
        command
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let process = command
            .spawn()
            .map_err(|error| Failure::new(format!("{} does not start: {error}", program.display())))?;
        let mut browser = Self { process, profile };
        let address = browser.devtools_address()?;
        Ok((browser, address))
    }

    fn devtools_address(&mut self) -> Outcome<String> {
        let deadline = Instant::now() + Duration::from_secs(20);
        while Instant::now() < deadline {
            if let Some(address) = devtools_of(&self.profile) {
                return Ok(address);
            }
            if let Some(status) = self.process.try_wait()? {
                return Err(Failure::new(format!("the browser ended at once, with {status}")));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(Failure::new("the browser did not open its DevTools within 20 s"))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Errors here mean that it has already ended, or that the profile is left in the temporary folder.
        let _ = self.process.kill();
        let _ = self.process.wait();
        for _ in 0..10 {
            if std::fs::remove_dir_all(&self.profile).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// Where the DevTools of the browser with this profile listen, once they do.
pub fn devtools_of(profile: &Path) -> Option<String> {
    let text = std::fs::read_to_string(profile.join("DevToolsActivePort")).ok()?;
    let (port, path) = text.trim().split_once('\n')?;
    Some(format!("ws://127.0.0.1:{port}{path}"))
}

/// Opens an address in the person's own browser.
///
/// # Errors
/// There is no program for that here.
pub fn open(url: &str) -> Outcome<()> {
    let (name, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("explorer", &[]),
        _ => ("xdg-open", &[]),
    };
    let mut command = Command::new(name);
    command
        .args(arguments)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().map(drop).map_err(Failure::from)
}
