//! Building the page with trunk.

use std::path::{Path, PathBuf};

use clearline::words::source;

use crate::command::{self, Failure, Outcome};
use crate::tools;

/// How to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// Quickly, for this computer.
    Development,
    /// As small as possible, with what there is to make it so.
    Release {
        /// Whether `wasm-opt` is there.
        wasm_opt: bool,
        /// Whether the standard library's source is there: it is then compiled for size, together with the page.
        std_source: bool,
    },
}

impl Build {
    /// Whether the wasm is to be split in two: it takes names, and the tool that takes them away again.
    pub fn is_split(self) -> bool {
        self == Self::Release {
            wasm_opt: true,
            std_source: true,
        }
    }
}

/// Compiles the standard library with the page: its precompiled form is made for speed, and carries a message with a
/// place for every panic. That is a tenth of the page. `boot.js` recognises a panic by the trap that it ends in.
///
/// Four steps of LLVM are left out. They keep what was once computed in further variables, which is faster on a
/// processor with registers; in wasm every variable is a number to be written, and 3 kB of them. Inlining is left to
/// LLVM alone, which sees the whole page: 2 kB.
///
/// These flags are unstable. They are safe to rest on because `rust-toolchain.toml` names the exact compiler; a newer
/// one that has renamed them fails the build, and nothing else.
///
/// Names in v0 tell whole paths: `split` reads them.
const STD_FOR_SIZE: [(&str, &str); 4] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    (
        "RUSTFLAGS",
        "-Zunstable-options -Csymbol-mangling-version=v0 -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none \
         -Cllvm-args=-disable-lsr -Cllvm-args=-enable-pre=false -Cllvm-args=-replexitval=never \
         -Cllvm-args=-disable-machine-cse -Zinline-mir=no",
    ),
];

/// Builds the page into `folder`, which is replaced.
///
/// # Errors
/// The page does not compile.
pub fn build(build: Build, folder: &Path) -> Outcome<()> {
    let dist = folder.to_string_lossy();
    // In a release trunk warns that it cannot minify wasm-bindgen's glue: `shrink` does that.
    let level = match build {
        Build::Development => "warn",
        Build::Release { .. } => "error",
    };
    let mut arguments = vec!["build", "--dist", &*dist, "--color", "never", "--log", level];
    match build {
        Build::Development => {}
        Build::Release { wasm_opt: true, .. } => arguments.push("--release"),
        // trunk looks for wasm-opt with `--release` alone; the profile is the same.
        Build::Release { wasm_opt: false, .. } => arguments.extend(["--cargo-profile", "release"]),
    }
    std::fs::create_dir_all(folder)?;
    let mut trunk = tools::program("trunk", &arguments);
    // A `NO_COLOR=1` of the terminal is no value that trunk understands.
    trunk.env_remove("NO_COLOR");
    if let Build::Release { std_source: true, .. } = build {
        trunk.envs(STD_FOR_SIZE);
    }
    if build.is_split() {
        // The names of functions stay in until `split` has read them.
        trunk.env("CARGO_PROFILE_RELEASE_STRIP", "debuginfo");
    }
    command::finish(&mut trunk)?;
    split_words(&folder.join("words"))
}

/// Makes a file of each part of a language, from the one in which people write it.
fn split_words(folder: &Path) -> Outcome<()> {
    // All names first: the folder grows meanwhile.
    let files: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    for file in files
        .iter()
        .map(std::fs::DirEntry::path)
        .filter(|it| it.extension().is_some_and(|it| it == "json"))
    {
        let wrong = |error| Failure::new(format!("{}: {error}", file.display()));
        let text = std::fs::read_to_string(&file)?;
        let parts = source::parts(&text).map_err(wrong)?;
        for (part, (_, place)) in parts.iter().zip(source::PARTS) {
            let place = folder.join(place);
            std::fs::create_dir_all(&place)?;
            std::fs::write(
                place.join(file.file_name().unwrap_or_default()),
                source::written(part),
            )?;
        }
    }
    Ok(())
}

/// Where `cargo xtask run` keeps the page.
pub fn development_folder() -> PathBuf {
    command::target().join("page")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_fetched_in_parts() -> Outcome<()> {
        let folder = std::env::temp_dir().join(format!("clearline-words-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        std::fs::copy(
            command::root().join("static/words/en.json"),
            folder.join("en.json"),
        )?;
        split_words(&folder)?;
        for (place, key) in [
            ("en.json", "ui.before.title"),
            ("results/en.json", "evidence.alive"),
            ("problems/en.json", "link.language"),
            ("desk/en.json", "ui.desk.title"),
        ] {
            let part = std::fs::read_to_string(folder.join(place))?;
            let words = clearline::words::Words::parse("en", &part).map_err(Failure::new)?;
            assert!(words.has(key), "{place}: {key}");
        }
        std::fs::remove_dir_all(&folder)?;
        Ok(())
    }

    #[test]
    fn the_page_names_its_version_when_it_cannot_run() {
        let meta = format!(
            r#"<meta name="clearline-version" content="{}">"#,
            env!("CARGO_PKG_VERSION")
        );
        assert!(include_str!("../../index.html").contains(&meta));
    }
}
