//! The tools that build the page: found, or installed with a word on what, why and how long.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::command::{self, Failure, Outcome};

/// The target of the page.
pub const WASM: &str = "wasm32-unknown-unknown";
/// The newest trunk that builds with the pinned compiler.
const TRUNK: &str = "0.21.14";
/// The newest geckodriver that builds with the pinned compiler.
const GECKODRIVER: &str = "0.37.1";
/// The newest cargo-deny.
const CARGO_DENY: &str = "0.20.2";
/// The newest cargo-fuzz.
const CARGO_FUZZ: &str = "0.13.2";
/// The release of npm's `binaryen` whose `wasm-opt` is known to work on this page.
const BINARYEN: &str = "132";
/// The release of npm's `terser` that minifies the page's JavaScript.
const TERSER: &str = "5.51.2";
/// The release of npm's `axe-core` whose rules the pages are held to.
const AXE: &str = "4.14.1";

/// PATH with the project's own tools in front.
pub fn path() -> OsString {
    let own = [own().join("bin"), own().join("node_modules").join(".bin")];
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let folders = own.into_iter().chain(std::env::split_paths(&inherited));
    std::env::join_paths(folders).unwrap_or(inherited)
}

/// A program with the project's own tools in front of PATH.
pub fn program(name: &str, arguments: &[&str]) -> Command {
    let file = own()
        .join("bin")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let mut command = match file.is_file() {
        true => command::program(file, arguments),
        false => command::program(command::on_path(name).unwrap_or_else(|| name.into()), arguments),
    };
    command.env("PATH", path());
    command
}

/// Everything that a build of the page needs.
///
/// # Errors
/// Something is missing and cannot be installed here.
pub fn ensure_for_page() -> Outcome<()> {
    ensure_target()?;
    ensure_crate("trunk", "trunk", TRUNK, "it bundles the page", 7)?;
    ensure_wasm_bindgen()
}

/// `wasm-bindgen` and its test runner, of the version in the lock file.
///
/// # Errors
/// It cannot be installed here, or the lock file does not name it.
pub fn ensure_wasm_bindgen() -> Outcome<()> {
    let version = locked("wasm-bindgen")?;
    ensure_crate(
        "wasm-bindgen-cli",
        "wasm-bindgen",
        &version,
        "it writes the page's JavaScript glue",
        3,
    )
}

/// `cargo deny`.
///
/// # Errors
/// It cannot be installed here.
pub fn ensure_cargo_deny() -> Outcome<()> {
    ensure_crate("cargo-deny", "cargo-deny", CARGO_DENY, "it checks crates", 3)
}

/// `cargo fuzz`. It needs a C++ compiler for libFuzzer, and Linux or macOS.
///
/// # Errors
/// It cannot be installed here.
pub fn ensure_cargo_fuzz() -> Outcome<()> {
    ensure_crate("cargo-fuzz", "cargo-fuzz", CARGO_FUZZ, "it runs the fuzzer", 1)
}

/// A driver for Firefox: whichever is on PATH, or the one that is known to work. Debian has none.
///
/// # Errors
/// It cannot be installed here.
pub fn ensure_geckodriver() -> Outcome<()> {
    if command::on_path("geckodriver").is_some() {
        return Ok(());
    }
    ensure_crate(
        "geckodriver",
        "geckodriver",
        GECKODRIVER,
        "the laboratory drives Firefox with it",
        3,
    )
}

/// The folder below which a squid is that can open TLS: `/`, or where Debian's `squid-openssl` is unpacked beside the
/// usual squid, which it would replace.
///
/// # Errors
/// There is none, and it cannot be had here.
#[cfg(target_os = "linux")]
pub fn ensure_squid_openssl() -> Outcome<PathBuf> {
    const SQUID: &str = "usr/sbin/squid";
    let opens = |root: &Path| {
        let said = command::output(Command::new(root.join(SQUID)).arg("-v"));
        said.is_some_and(|said| said.contains("--with-openssl"))
    };
    let unpacked = own().join("squid-openssl");
    if let Some(found) = [Path::new("/"), &unpacked].into_iter().find(|root| opens(root)) {
        return Ok(found.to_owned());
    }
    if !crate::system::can_install() {
        return Err(Failure::new(
            "there is no squid with OpenSSL: Debian's is squid-openssl",
        ));
    }
    println!("Unpacking squid-openssl: the rollout's proxy opens TLS with it (3 MB).");
    let folder = own().join("packages");
    std::fs::create_dir_all(&folder)?;
    command::finish(
        Command::new("apt-get")
            .args(["download", "--quiet", "squid-openssl"])
            .current_dir(&folder),
    )?;
    let package = std::fs::read_dir(&folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|file| file.extension().is_some_and(|ending| ending == "deb"))
        .ok_or_else(|| Failure::new("apt-get downloaded no package"))?;
    command::finish(Command::new("dpkg").arg("-x").arg(package).arg(&unpacked))?;
    match opens(&unpacked) {
        true => Ok(unpacked),
        false => Err(Failure::new("squid-openssl does not run here")),
    }
}

/// Whether `wasm-opt` is there, installed by npm if need be.
pub fn ensure_wasm_opt() -> bool {
    let wanted = format!("version {BINARYEN}");
    let smaller = "the wasm is left unoptimised by wasm-opt (about 10 % larger)";
    ensure_node_tool("wasm-opt", &wanted, &format!("binaryen@{BINARYEN}"), smaller)
}

/// Whether `terser` is there, installed by npm if need be.
pub fn ensure_terser() -> bool {
    let larger = "the JavaScript is left unminified (2 kB larger)";
    ensure_node_tool(
        "terser",
        &format!("terser {TERSER}"),
        &format!("terser@{TERSER}"),
        larger,
    )
}

/// The script of `axe-core`, installed by npm if need be.
///
/// # Errors
/// It is not there and cannot be installed.
pub fn axe() -> Outcome<String> {
    let package = own().join("node_modules").join("axe-core");
    let wanted = format!("\"version\": \"{AXE}\"");
    let fits = std::fs::read_to_string(package.join("package.json")).is_ok_and(|it| it.contains(&wanted));
    if !fits {
        println!(
            "Installing npm's axe-core@{AXE} into target/tools: the pages' accessibility is tested with it (1 minute)."
        );
        install_node_packages(&own(), &[format!("axe-core@{AXE}")])?;
    }
    Ok(std::fs::read_to_string(package.join("axe.min.js"))?)
}

/// Whether a program of an npm package is there; `prints` is in what it says of its version.
fn ensure_node_tool(name: &str, prints: &str, package: &str, otherwise: &str) -> bool {
    let fits = || {
        command::output(&mut program_with_own_node_tools(name, &["--version"]))
            .is_some_and(|printed| printed.contains(prints))
    };
    if fits() {
        return true;
    }
    if command::on_path("npm").is_none() {
        println!("npm is not here: {otherwise}.");
        return false;
    }
    println!("Installing npm's {package} into target/tools: it makes the page smaller (1 minute).");
    let installed = install_node_packages(&own(), &[package.to_owned()]);
    if let Err(failure) = installed {
        println!("{failure}: {otherwise}.");
        return false;
    }
    fits()
}

/// Installs npm packages, each `name@version`, by name into a folder; their own scripts are not run.
///
/// # Errors
/// There is no npm, or it fails.
pub fn install_node_packages(folder: &Path, packages: &[String]) -> Outcome<()> {
    let npm = command::on_path("npm").ok_or_else(|| Failure::new("npm is not here"))?;
    std::fs::create_dir_all(folder)?;
    // Saved in a package.json of that folder, so that the next package does not push this one out.
    let prefix = folder.to_string_lossy();
    let options = [
        "install",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--prefix",
        &*prefix,
    ];
    command::finish(command::program(npm, &options).args(packages))
}

/// A program of an npm package, of the project's own folder first.
pub fn program_with_own_node_tools(name: &str, arguments: &[&str]) -> Command {
    let file = own().join("node_modules").join(".bin").join(match cfg!(windows) {
        true => format!("{name}.cmd"),
        false => name.to_owned(),
    });
    match file.exists() {
        true => command::program(file, arguments),
        false => program(name, arguments),
    }
}

/// The standard library of the page's target.
///
/// # Errors
/// It is missing and there is no rustup to install it.
pub fn ensure_target() -> Outcome<()> {
    let installed = rustlib()?.join(WASM).join("lib");
    if installed.is_dir() {
        return Ok(());
    }
    println!("Installing Rust's {WASM} target: the page is WebAssembly (half a minute).");
    command::finish(&mut command::program("rustup", &["target", "add", WASM])).map_err(|failure| {
        Failure::new(format!(
            "{failure}\nWithout rustup, install the standard library of {WASM} by hand."
        ))
    })
}

/// Whether the standard library's source is there, installed by rustup if need be.
pub fn ensure_std_source() -> bool {
    let is_there = || {
        rustlib().is_ok_and(|folder| {
            let library = folder.join("src").join("rust").join("library");
            library.join("Cargo.lock").is_file()
        })
    };
    if is_there() {
        return true;
    }
    println!(
        "Installing the standard library's source: compiled for size it makes the page a tenth smaller (half a minute)."
    );
    let install = &mut command::program("rustup", &["component", "add", "rust-src"]);
    if let Err(failure) = command::finish(install) {
        println!("{failure}: the page is built with the precompiled standard library (about 10 % larger).");
    }
    is_there()
}

/// Where the compiler keeps its libraries.
fn rustlib() -> Outcome<PathBuf> {
    let sysroot = command::output(&mut command::program("rustc", &["--print", "sysroot"]))
        .ok_or_else(|| Failure::new("rustc does not run: install Rust from https://rustup.rs"))?;
    Ok(PathBuf::from(sysroot.trim()).join("lib").join("rustlib"))
}

/// Installs a program by `cargo install` unless this version is there. A different version that somebody
/// installed stays as it is: ours then goes to target/tools.
fn ensure_crate(package: &str, name: &str, version: &str, why: &str, minutes: u32) -> Outcome<()> {
    let found = command::output(&mut program(name, &["--version"]));
    if found
        .as_deref()
        .is_some_and(|printed| printed.split_whitespace().nth(1) == Some(version))
    {
        return Ok(());
    }
    let root = own();
    let root = root.to_string_lossy();
    let mut arguments = vec!["install", package, "--version", version, "--locked"];
    let place = match found {
        Some(_) => {
            arguments.extend(["--root", &*root]);
            "target/tools, beside the other version that is installed"
        }
        None => "cargo's bin folder",
    };
    println!(
        "Installing {package} {version} into {place}: {why} (once, about {minutes} minutes on two cores)."
    );
    let start = Instant::now();
    // Its own build must not be steered by this workspace's settings.
    command::finish(
        command::cargo(&arguments)
            .current_dir(std::env::temp_dir())
            .env_remove("CARGO_TARGET_DIR"),
    )?;
    println!(
        "Installed {package} {version} in {} s.",
        start.elapsed().as_secs()
    );
    Ok(())
}

/// The version of a package in Cargo.lock.
fn locked(package: &str) -> Outcome<String> {
    let lock = std::fs::read_to_string(command::root().join("Cargo.lock"))?;
    version_in(&lock, package).ok_or_else(|| Failure::new(format!("Cargo.lock has no {package}")))
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?;
    Some(
        version
            .strip_prefix("version = \"")?
            .strip_suffix('"')?
            .to_owned(),
    )
}

fn own() -> PathBuf {
    command::target().join("tools")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_says_which_wasm_bindgen() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.126\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.126"));
        assert_eq!(version_in(lock, "trunk"), None);
    }
}
