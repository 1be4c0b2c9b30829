//! Chromium with chromedriver.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::json;

use super::{Drive, PORT, percent, shell};
use crate::{Result, certificates, stage::Stage, world::World};

/// A fresh home directory whose browser trusts the laboratory's authorities.
fn home(stage: &Stage) -> Result<PathBuf> {
    let home = stage.dir().join("home");
    certificates::trust(stage.dir(), &home.join(".pki/nssdb"))?;
    Ok(home)
}

/// Starts the driver.
pub fn drive(stage: &mut Stage, world: &World) -> Result<Drive> {
    let mut driver = Command::new("chromedriver");
    driver.arg(format!("--port={PORT}"));
    driver.env("HOME", home(stage)?).env("TZ", "UTC");
    stage.start_at_agent(&mut driver, "chromedriver.log")?;
    let console = stage.dir().join("console.log");
    let mut arguments = arguments(world, &stage.dir().join("profile"));
    arguments.push("--headless=new".to_owned());
    arguments.push("--enable-logging".to_owned());
    arguments.push(format!("--log-file={}", console.display()));
    Ok(Drive {
        capabilities: json!({ "goog:chromeOptions": { "args": arguments } }),
        console,
        marks: &["CONSOLE"],
    })
}

/// The command that opens the page for a person.
pub fn by_hand(stage: &Stage, world: &World, address: &str) -> Result<String> {
    let home = home(stage)?;
    let arguments = arguments(world, &stage.dir().join("profile"));
    Ok(format!(
        "env HOME={} chromium {} '{address}'",
        home.display(),
        shell(&arguments)
    ))
}

/// The browser's command line.
fn arguments(world: &World, profile: &Path) -> Vec<String> {
    let mut arguments: Vec<String> = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--window-size=1000,1400",
    ]
    .map(str::to_owned)
    .to_vec();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    if let Some(pac) = &world.browser.pac {
        arguments.push(format!(
            "--proxy-pac-url=data:application/x-ns-proxy-autoconfig,{}",
            percent(pac)
        ));
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pac_file_travels_in_a_data_url() {
        let world = World::parse(
            "x",
            "title = 'x'\n[browser]\npac = 'return \"PROXY p:1\";'\n[expect]\nverdict = 'ready'\n",
        )
        .expect("parses");
        let arguments = arguments(&world, Path::new("/tmp/profile"));
        assert!(arguments.iter().any(|argument| argument
            == "--proxy-pac-url=data:application/x-ns-proxy-autoconfig,return%20%22PROXY%20p%3A1%22%3B"));
    }
}
