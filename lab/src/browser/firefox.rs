//! Firefox with geckodriver. What an agent's Firefox does on the line stays as it is; only what talks to Mozilla's own
//! servers, which a closed network does not have, is switched off.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use super::{Drive, PORT, percent};
use crate::{
    Result, Trouble, certificates,
    stage::Stage,
    world::{Allowed, Microphone, World},
};

/// Firefox's own remote-control port; the namespace is ours alone.
const MARIONETTE_PORT: u16 = 2828;
/// Type of proxy settings: a PAC file.
const BY_PAC: u32 = 2;
/// Type of proxy settings: none, whatever the machine around the laboratory says.
const DIRECT: u32 = 0;
/// TRR mode: off by choice; names come from the system's resolver.
const SYSTEM_RESOLVER: u32 = 5;

/// Starts the driver.
pub fn drive(stage: &mut Stage, world: &World) -> Result<Drive> {
    let profile = profile(stage, world)?;
    let mut driver = Command::new("geckodriver");
    driver
        .args(["--host", "127.0.0.1", "--port"])
        .arg(PORT.to_string());
    driver.arg("--marionette-port").arg(MARIONETTE_PORT.to_string());
    driver
        .env("HOME", stage.dir().join("home"))
        .env("TZ", "UTC")
        .env("MOZ_HEADLESS_WIDTH", "1000")
        .env("MOZ_HEADLESS_HEIGHT", "1400")
        .env("MOZ_CRASHREPORTER_DISABLE", "1");
    let log = "geckodriver.log";
    stage.start_at_agent(&mut driver, log)?;
    let arguments = ["-headless", "-profile", &profile.to_string_lossy()];
    Ok(Drive {
        capabilities: json!({ "moz:firefoxOptions": { "binary": "/usr/bin/firefox-esr", "args": arguments } }),
        console: stage.dir().join(log),
        marks: &["console.", "JavaScript error"],
    })
}

/// The command that opens the page for a person.
pub fn by_hand(stage: &Stage, world: &World, address: &str) -> Result<String> {
    let profile = profile(stage, world)?;
    Ok(format!(
        "env HOME={} firefox-esr -no-remote -profile {} '{address}'",
        stage.dir().join("home").display(),
        profile.display(),
    ))
}

/// A fresh profile with the laboratory's authorities among its own, and its settings.
fn profile(stage: &Stage, world: &World) -> Result<PathBuf> {
    let profile = stage.dir().join("profile");
    certificates::trust(stage.dir(), &profile)?;
    let write = |path: &Path, text: &str| {
        fs::write(path, text).map_err(|error| Trouble::new(format!("{}: {error}", path.display())))
    };
    write(&profile.join("user.js"), &user_js(world))?;
    fs::create_dir_all(stage.dir().join("home")).map_err(|error| Trouble::new(error.to_string()))?;
    Ok(profile)
}

fn user_js(world: &World) -> String {
    settings(world)
        .iter()
        .fold(String::new(), |mut text, (name, value)| {
            _ = writeln!(text, "user_pref(\"{name}\", {value});");
            text
        })
}

fn settings(world: &World) -> Vec<(&'static str, Value)> {
    let mut settings: Vec<(&str, Value)> = [
        "app.normandy.enabled",
        "app.update.auto",
        "browser.aboutwelcome.enabled",
        "browser.newtabpage.enabled",
        "browser.region.update.enabled",
        "browser.safebrowsing.blockedURIs.enabled",
        "browser.safebrowsing.downloads.enabled",
        "browser.safebrowsing.malware.enabled",
        "browser.safebrowsing.phishing.enabled",
        "browser.search.update",
        "browser.shell.checkDefaultBrowser",
        "datareporting.healthreport.uploadEnabled",
        "datareporting.policy.dataSubmissionEnabled",
        "dom.push.connection.enabled",
        "extensions.getAddons.cache.enabled",
        "extensions.systemAddon.update.enabled",
        "extensions.update.enabled",
        "media.gmp-manager.updateEnabled",
        "network.captive-portal-service.enabled",
        "network.connectivity-service.enabled",
        "toolkit.telemetry.enabled",
    ]
    .map(|name| (name, json!(false)))
    .to_vec();
    settings.extend([
        // The authorities of the laboratory answer no questions about revoked certificates.
        ("security.OCSP.enabled", json!(0)),
        ("services.settings.server", json!("data:,")),
        ("network.trr.mode", json!(SYSTEM_RESOLVER)),
        ("devtools.console.stdout.content", json!(true)),
    ]);
    if let Some(microphone) = world.browser.microphone {
        let decided = decision(microphone != Microphone::Blocked);
        settings.push(("permissions.default.microphone", decided));
        settings.push((
            "media.navigator.streams.fake",
            json!(microphone != Microphone::Missing),
        ));
    }
    if let Some(allowed) = world.browser.local_network {
        for name in [
            "permissions.default.local-network",
            "permissions.default.loopback-network",
        ] {
            settings.push((name, decision(allowed == Allowed::Granted)));
        }
    }
    match &world.browser.pac {
        Some(pac) => settings.extend([
            ("network.proxy.type", json!(BY_PAC)),
            (
                "network.proxy.autoconfig_url",
                json!(format!("data:application/x-ns-proxy-autoconfig,{}", percent(pac))),
            ),
        ]),
        None => settings.push(("network.proxy.type", json!(DIRECT))),
    }
    settings
}

/// What the agent, or a policy, has decided beforehand.
fn decision(allowed: bool) -> Value {
    json!(if allowed { 1 } else { 2 })
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
        let text = user_js(&world);
        assert!(text.contains("user_pref(\"network.proxy.type\", 2);\n"), "{text}");
        assert!(
            text.contains("application/x-ns-proxy-autoconfig,return%20%22PROXY%20p%3A1%22%3B\""),
            "{text}"
        );
    }

    #[test]
    fn nothing_is_weakened() {
        let world = World::parse("x", "title = 'x'\n[expect]\nverdict = 'ready'\n").expect("parses");
        let text = user_js(&world);
        for word in [
            "insecure",
            "autoplay",
            "cert_pinning",
            "peerconnection",
            "security.csp",
        ] {
            assert!(!text.to_lowercase().contains(word), "{word}");
        }
    }
}
