//! Building the page with trunk.

use std::path::{Path, PathBuf};

use crate::command::{self, Outcome};
use crate::tools;

/// How to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// Quickly, for this computer.
    Development,
    /// As small as possible; `wasm_opt` says whether that tool is there.
    Release { wasm_opt: bool },
}

/// Builds the page into `folder`, which is replaced.
///
/// # Errors
/// The page does not compile.
pub fn build(build: Build, folder: &Path) -> Outcome<()> {
    let dist = folder.to_string_lossy();
    let mut arguments = vec!["build", "--dist", &*dist, "--color", "never", "--log", "warn"];
    match build {
        Build::Development => {}
        Build::Release { wasm_opt: true } => arguments.push("--release"),
        // trunk looks for wasm-opt with `--release` alone; the profile is the same.
        Build::Release { wasm_opt: false } => arguments.extend(["--cargo-profile", "release"]),
    }
    std::fs::create_dir_all(folder)?;
    // A `NO_COLOR=1` of the terminal is no value that trunk understands.
    command::finish(tools::program("trunk", &arguments).env_remove("NO_COLOR"))
}

/// Where `cargo xtask run` keeps the page.
pub fn development_folder() -> PathBuf {
    command::target().join("page")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_names_its_version_when_it_cannot_run() {
        let meta = format!(
            r#"<meta name="clearline-version" content="{}">"#,
            env!("CARGO_PKG_VERSION")
        );
        assert!(include_str!("../../index.html").contains(&meta));
    }
}
