//! A world as data: what is broken, how the browser is set up, and what the page must conclude.
//!
//! One TOML file per world in `lab/worlds/`; unknown keys are errors, so that a typing mistake never turns a fault
//! into a healthy world.

use std::{collections::BTreeSet, path::Path};

use serde::Deserialize;
use serde_json::Value;

use crate::{Result, Trouble, expect::Expect, fault::Fault, hosts, patch, remedy::Remedy};

/// The configuration that every world starts from.
const BASE_CONFIG: &str = include_str!("../worlds/base.config.json");

/// A laboratory network and what must be concluded in it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// File name without its ending.
    #[serde(skip)]
    pub name: String,
    /// One line for people.
    pub title: String,
    /// The only browser that can be brought into this state here; absent means every one. With the reason as a comment.
    #[serde(default)]
    pub only: Option<Engine>,
    /// `depth` of the run.
    #[serde(default)]
    pub depth: Depth,
    /// What is broken; nothing is a healthy world.
    #[serde(default)]
    pub faults: Vec<Fault>,
    /// How the browser reaches the web.
    #[serde(default)]
    pub browser: Browser,
    /// How fast the line is.
    #[serde(default)]
    pub link: Link,
    /// JSON merge patch over the base configuration.
    #[serde(default)]
    pub config: Option<Value>,
    /// The page's Content-Security-Policy; absent means one that allows every host of the laboratory.
    #[serde(skip)]
    pub policy: Option<String>,
    /// What the page must conclude.
    pub expect: Expect,
    /// With which lines of its report applied it must be ready.
    #[serde(default)]
    pub fix: Option<Remedy>,
}

/// The link parameter `depth`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Depth {
    /// Stops as soon as the verdict is safe.
    Quick,
    /// Everything.
    #[default]
    Full,
}

impl Depth {
    /// As the link spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Depth::Quick => "quick",
            Depth::Full => "full",
        }
    }
}

/// Browser settings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Browser {
    /// Text of a PAC file; absent means direct.
    pub pac: Option<String>,
    /// All that the browser gets of the processor once the page has loaded, in percent of one core; absent means all.
    pub cpu_percent: Option<u32>,
    /// Another tab lies over the page from here to here, in milliseconds from the start of the run.
    pub hidden_ms: Option<(u32, u32)>,
    /// After the run the headset is tried, with this microphone.
    pub microphone: Option<Microphone>,
    /// What the page may do about servers in the local network; absent means that the browser asks.
    pub local_network: Option<Allowed>,
}

/// The microphone of a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Microphone {
    /// One that beeps.
    Good,
    /// One that delivers silence.
    Silent,
    /// One that the browser may not use.
    Blocked,
    /// None.
    Missing,
}

/// What a policy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Allowed {
    /// Allowed.
    Granted,
    /// Forbidden.
    Denied,
}

/// The line's rates; absent means as fast as the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// From the agent to the Internet.
    pub up_kbps: Option<u32>,
    /// From the Internet to the agent.
    pub down_kbps: Option<u32>,
    /// Milliseconds more each way, to every server, over TCP; where there is a tunnel, only through it.
    pub delay_ms: Option<u32>,
    /// What the workstation reaches through a tunnel to the company.
    #[serde(default)]
    pub tunnel: Tunnel,
}

/// What goes through the tunnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tunnel {
    /// There is none.
    #[default]
    None,
    /// Everything.
    Everything,
    /// TURN alone.
    Voice,
}

/// Which browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Engine {
    /// Chromium with chromedriver.
    #[default]
    Chromium,
    /// Firefox with geckodriver.
    Firefox,
}

impl Engine {
    /// Every browser that the laboratory can drive.
    pub const ALL: [Engine; 2] = [Engine::Chromium, Engine::Firefox];

    /// As options and file names spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Engine::Chromium => "chromium",
            Engine::Firefox => "firefox",
        }
    }
}

impl std::str::FromStr for Engine {
    type Err = String;

    fn from_str(name: &str) -> std::result::Result<Self, String> {
        Engine::ALL
            .into_iter()
            .find(|engine| engine.as_str() == name)
            .ok_or_else(|| format!("no browser {name}; there are: chromium, firefox"))
    }
}

impl World {
    /// Whether this browser can be brought into this state.
    #[must_use]
    pub fn runs_in(&self, engine: Engine) -> bool {
        self.only.is_none_or(|only| only == engine)
    }

    /// Reads a world.
    pub fn parse(name: &str, text: &str) -> Result<World> {
        let mut world: World =
            toml::from_str(text).map_err(|error| Trouble::new(format!("world {name}: {error}")))?;
        name.clone_into(&mut world.name);
        for host in world.faults.iter().flat_map(Fault::hosts) {
            if hosts::by_name(host).is_none() {
                return Err(Trouble::new(format!(
                    "world {name}: the laboratory has no host {host}"
                )));
            }
        }
        for engine in Engine::ALL {
            let expect = world.expect.of(engine);
            expect
                .check()
                .map_err(|problem| Trouble::new(format!("world {name}: {problem}")))?;
        }
        Ok(world)
    }

    /// The configuration that the page gets.
    #[must_use]
    pub fn config(&self) -> Value {
        let mut config: Value =
            serde_json::from_str(BASE_CONFIG).expect("a unit test parses this very text before it ships");
        if let Some(change) = &self.config {
            patch::merge(&mut config, change);
        }
        config
    }

    /// Whether something happens to the line between loading the page and starting the run. The page itself is then
    /// loaded over a whole line: an agent's browser has it cached, and first load is another test's business.
    #[must_use]
    pub fn changes_after_load(&self) -> bool {
        self.link.up_kbps.is_some()
            || self.link.down_kbps.is_some()
            || self.browser.cpu_percent.is_some()
            || self.faults.iter().any(Fault::strikes_after_load)
    }
}

/// All worlds of a directory, by name.
pub fn load(directory: &Path) -> Result<Vec<World>> {
    let entries = std::fs::read_dir(directory)
        .map_err(|error| Trouble::new(format!("{}: {error}", directory.display())))?;
    let paths: BTreeSet<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    let mut worlds = Vec::new();
    for path in paths
        .iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
    {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Trouble::new(format!("{}: {error}", path.display())))?;
        worlds.push(World::parse(&name, &text)?);
    }
    Ok(worlds)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEALTHY: &str = "title = \"x\"\n[expect]\nverdict = \"ready\"\n";

    #[test]
    fn every_world_of_the_repository_is_readable() {
        let worlds = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("worlds")).expect("worlds parse");
        assert!(worlds.len() >= 20, "only {} worlds", worlds.len());
        for world in &worlds {
            assert!(
                !world.title.is_empty() && !world.title.ends_with('.'),
                "{}",
                world.name
            );
            assert!(world.config().is_object(), "{}", world.name);
        }
    }

    #[test]
    fn the_base_configuration_knows_the_laboratorys_turn_server() {
        let config = World::parse("x", HEALTHY).expect("parses").config();
        assert_eq!(config["turn"][0]["username"], hosts::TURN_USER);
        assert_eq!(config["turn"][0]["credential"], hosts::TURN_PASSWORD);
        assert_eq!(config["egress"]["known"][0], hosts::ACCESS_LIST);
    }

    #[test]
    fn the_least_world_is_a_title_and_an_expectation() {
        let world = World::parse("x", HEALTHY).expect("parses");
        assert_eq!(world.depth, Depth::Full);
        assert!(world.faults.is_empty() && !world.changes_after_load());
    }

    #[test]
    fn unknown_keys_faults_and_hosts_are_refused() {
        for addition in [
            "colour = 1\n",
            "[browser]\nproxy = 1\n",
            "[link]\nup = 1\n",
            "[[faults]]\nkind = \"gremlins\"\n",
            "[[faults]]\nkind = \"drop\"\nhosts = [\"control.example\"]\nmore = 1\n",
            "[[faults]]\nkind = \"drop\"\nhosts = [\"nobody.example\"]\n",
        ] {
            let text = if addition.starts_with('[') {
                format!("{HEALTHY}{addition}")
            } else {
                format!("{addition}{HEALTHY}")
            };
            assert!(World::parse("x", &text).is_err(), "accepted: {addition}");
        }
    }

    #[test]
    fn a_world_changes_the_configuration_it_names_and_nothing_else() {
        let text = format!("{HEALTHY}[config.egress]\nknown = [\"25.1.0.0/24\"]\n");
        let config = World::parse("x", &text).expect("parses").config();
        assert_eq!(config["egress"]["known"][0], "25.1.0.0/24");
        assert_eq!(config["schema"], "clearline.config/1");
    }

    #[test]
    fn a_narrow_link_strikes_after_the_page_has_loaded() {
        let world = World::parse("x", &format!("{HEALTHY}[link]\nup_kbps = 60\n")).expect("parses");
        assert!(world.changes_after_load());
    }
}
