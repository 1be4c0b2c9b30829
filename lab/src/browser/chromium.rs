//! Chromium with chromedriver.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use super::{Drive, PORT, percent, shell};
use crate::{
    Result, Trouble, certificates,
    stage::Stage,
    world::{Allowed, Microphone, World},
};

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
    arguments.extend(microphone(stage, world)?);
    Ok(Drive {
        capabilities: json!({ "goog:chromeOptions": { "args": arguments, "prefs": preferences(world) } }),
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

/// What stands in for a microphone.
fn microphone(stage: &Stage, world: &World) -> Result<Vec<String>> {
    let Some(microphone) = world.browser.microphone.filter(|it| *it != Microphone::Missing) else {
        return Ok(Vec::new());
    };
    let mut arguments = vec!["--use-fake-device-for-media-stream".to_owned()];
    if microphone == Microphone::Silent {
        let file = stage.dir().join("silence.wav");
        std::fs::write(&file, silence()).map_err(|error| Trouble::new(error.to_string()))?;
        arguments.push(format!("--use-file-for-fake-audio-capture={}", file.display()));
    }
    Ok(arguments)
}

/// A second of silence: 16 bits, one channel, 48,000 samples per second.
fn silence() -> Vec<u8> {
    const BYTES: u32 = 96_000;
    let words = |words: &[u16]| {
        words
            .iter()
            .flat_map(|word| word.to_le_bytes())
            .collect::<Vec<u8>>()
    };
    [
        b"RIFF".to_vec(),
        (BYTES + 36).to_le_bytes().to_vec(),
        b"WAVEfmt ".to_vec(),
        16_u32.to_le_bytes().to_vec(),
        words(&[1, 1]),
        48_000_u32.to_le_bytes().to_vec(),
        BYTES.to_le_bytes().to_vec(),
        words(&[2, 16]),
        b"data".to_vec(),
        BYTES.to_le_bytes().to_vec(),
        vec![0; BYTES as usize],
    ]
    .concat()
}

/// What the agent, or a policy, has decided beforehand: 1 allows, 2 forbids.
fn preferences(world: &World) -> Value {
    let mut preferences = serde_json::Map::new();
    let mut decide = |what: &str, allowed: bool| {
        let key = format!("profile.default_content_setting_values.{what}");
        preferences.insert(key, json!(if allowed { 1 } else { 2 }));
    };
    if let Some(microphone) = world.browser.microphone {
        decide("media_stream_mic", microphone != Microphone::Blocked);
    }
    if let Some(allowed) = world.browser.local_network {
        for name in ["local_network_access", "local_network", "loopback_network"] {
            decide(name, allowed == Allowed::Granted);
        }
    }
    Value::Object(preferences)
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
