//! The other tools: npm packages, installed by name into the target folder and bundled there, each into a small page
//! that has Clearline's automation hooks. Nothing of theirs is kept in this repository.

use std::fs;
use std::path::{Path, PathBuf};

use super::record::Tool;
use crate::command::{self, Failure, Outcome};
use crate::{dist, tools};

/// The release of npm's `esbuild` that bundles them.
const ESBUILD: &str = "0.28.2";

const HTML: &str = include_str!("page/index.html");
const HARNESS: &str = include_str!("page/harness.js");

/// A package and the script that runs it.
struct Package {
    tool: Tool,
    name: &'static str,
    version: &'static str,
    script: &'static str,
}

const PACKAGES: [Package; 3] = [
    Package {
        tool: Tool::Twilio,
        name: "@twilio/rtc-diagnostics",
        version: "1.0.1",
        script: include_str!("page/twilio.js"),
    },
    Package {
        tool: Tool::Jitsi,
        name: "@jitsi/precall-test",
        version: "1.0.6",
        script: include_str!("page/jitsi.js"),
    },
    Package {
        tool: Tool::Cloudflare,
        name: "@cloudflare/speedtest",
        version: "1.14.1",
        script: include_str!("page/cloudflare.js"),
    },
];

/// A page that the laboratory can open.
#[derive(Clone, Debug)]
pub struct Page {
    pub folder: PathBuf,
    pub version: String,
    /// Bytes of brotli that a visit loads in all, and until the page is there.
    pub bytes: (Option<u64>, Option<u64>),
}

/// The package's name on npm; none for Clearline.
pub fn package(tool: Tool) -> Option<&'static str> {
    let package = PACKAGES.iter().find(|package| package.tool == tool)?;
    Some(package.name)
}

/// Installs the package of a tool if need be, and makes its page below `folder`.
pub fn page(tool: Tool, folder: &Path) -> Outcome<Page> {
    let package = PACKAGES.iter().find(|package| package.tool == tool);
    let package = package.ok_or_else(|| Failure::new(format!("{} is no package", tool.name())))?;
    let packages = folder.join("packages");
    install(&packages)?;
    let id = tool.id();
    fs::write(packages.join("harness.js"), HARNESS)?;
    fs::write(packages.join(format!("{id}.js")), package.script)?;
    let page = folder.join("pages").join(id);
    fs::create_dir_all(&page)?;
    fs::write(page.join("index.html"), HTML)?;
    bundle(&packages, &format!("{id}.js"), &page.join("peer.js"))?;

    // Its size is the package's own: what is ours in the page's script is not its fault.
    let alone = format!("{id}-alone.js");
    let text = format!(
        "import * as all from '{}';\nglobalThis.all = all;\n",
        package.name
    );
    fs::write(packages.join(&alone), text)?;
    let bundled = folder.join("pages").join(&alone);
    bundle(&packages, &alone, &bundled)?;
    let bytes = dist::smallest_brotli(&fs::read(bundled)?)?.len() as u64;
    Ok(Page {
        folder: page,
        version: package.version.to_owned(),
        bytes: (Some(bytes), None),
    })
}

fn install(folder: &Path) -> Outcome<()> {
    let wanted: Vec<(&str, &str)> = PACKAGES
        .iter()
        .map(|package| (package.name, package.version))
        .chain([("esbuild", ESBUILD)])
        .collect();
    let is_there = |(name, version): &(&str, &str)| {
        let manifest = folder.join("node_modules").join(name).join("package.json");
        fs::read_to_string(manifest).is_ok_and(|text| version_of(&text).as_deref() == Some(*version))
    };
    if wanted.iter().all(is_there) {
        return Ok(());
    }
    let names: Vec<String> = wanted
        .iter()
        .map(|(name, version)| format!("{name}@{version}"))
        .collect();
    eprintln!(
        "Installing npm's {} into target/: the tools to compare with, and what bundles them (half a minute).",
        names.join(", ")
    );
    tools::install_node_packages(folder, &names)
}

/// In the text of a `package.json`.
fn version_of(manifest: &str) -> Option<String> {
    let manifest: serde_json::Value = serde_json::from_str(manifest).ok()?;
    Some(manifest["version"].as_str()?.to_owned())
}

/// One script of everything that `entry` imports, minified, as a site would serve it.
fn bundle(packages: &Path, entry: &str, to: &Path) -> Outcome<()> {
    let esbuild = packages.join("node_modules").join(".bin").join("esbuild");
    let to = format!("--outfile={}", to.display());
    let arguments = [
        entry,
        "--bundle",
        "--minify",
        "--format=iife",
        "--log-level=warning",
        &*to,
    ];
    command::finish(command::program(esbuild, &arguments).current_dir(packages))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_other_tool_is_a_pinned_package_whose_script_imports_it() {
        for tool in Tool::ALL {
            assert_eq!(package(tool).is_none(), tool == Tool::Clearline);
        }
        for package in PACKAGES {
            assert!(package.script.contains(&format!("from '{}'", package.name)));
            assert!(package.version.split('.').count() == 3);
        }
    }

    #[test]
    fn the_page_has_nothing_inline() {
        assert!(
            HTML.contains("<script src=\"peer.js\"></script>") && HTML.contains("data-clearline=\"idle\"")
        );
        assert_eq!(HTML.matches("<script").count(), 1);
    }

    #[test]
    fn a_manifest_tells_its_version() {
        assert_eq!(version_of(r#"{ "version": "1.0.6" }"#).as_deref(), Some("1.0.6"));
        assert_eq!(version_of("{}"), None);
    }
}
