//! `cargo xtask fuzz`: the readers of foreign text, fed with what nobody would write.
//!
//! The targets are in `fuzz/`, a workspace of its own. libFuzzer needs unstable flags of the compiler: `RUSTC_BOOTSTRAP=1`
//! lets the pinned one take them, and it brings the address sanitizer's library along.

use std::path::PathBuf;
use std::process::Command;

use crate::command::{self, Failure, Outcome};
use crate::tools;

/// How long each target runs, unless `--seconds` says otherwise.
const SECONDS: u64 = 60;

const USAGE: &str = "usage: cargo xtask fuzz [TARGET…] [--seconds N]";

/// What came of one target.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ran {
    name: String,
    executions: Option<u64>,
    coverage: Option<u64>,
    /// The inputs that broke something.
    found: Vec<PathBuf>,
}

/// Runs the targets one after the other and prints what they did.
///
/// # Errors
/// There is no such target, a tool is missing, or something was found.
pub fn main(arguments: &[String]) -> Outcome<()> {
    let all = targets()?;
    let (chosen, seconds) = chosen(arguments, &all)?;
    tools::ensure_cargo_fuzz()?;
    command::finish(&mut cargo_fuzz("build", &[]))?;
    let mut ran = Vec::new();
    for name in &chosen {
        println!("{name}: {seconds} s");
        ran.push(run(name, seconds)?);
    }
    println!("\n{}", table(&ran));
    let found: Vec<&PathBuf> = ran.iter().flat_map(|one| &one.found).collect();
    for file in &found {
        println!("{}", file.display());
    }
    match found.len() {
        0 => Ok(()),
        count => Err(Failure::new(format!(
            "{count} found: mend the reader, and keep the file in fuzz/seeds/TARGET/, where `cargo test` reads it"
        ))),
    }
}

/// All targets, by their files.
fn targets() -> Outcome<Vec<String>> {
    let folder = std::fs::read_dir(command::root().join("fuzz").join("targets"))?;
    let files = folder.filter_map(|file| file.ok()?.path().file_stem()?.to_str().map(str::to_owned));
    let mut names: Vec<String> = files.collect();
    names.sort();
    Ok(names)
}

/// The targets and the seconds that were asked for.
fn chosen(arguments: &[String], all: &[String]) -> Outcome<(Vec<String>, u64)> {
    let (mut names, mut seconds) = (Vec::new(), SECONDS);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--seconds" => {
                let number = rest.next().and_then(|number| number.parse().ok());
                seconds = number
                    .filter(|number| *number > 0)
                    .ok_or_else(|| Failure::new(USAGE))?;
            }
            name if all.iter().any(|it| it == name) => names.push(name.to_owned()),
            other => {
                return Err(Failure::new(format!(
                    "there is no target `{other}`, only: {}\n{USAGE}",
                    all.join(", ")
                )));
            }
        }
    }
    Ok((if names.is_empty() { all.to_vec() } else { names }, seconds))
}

fn cargo_fuzz(what: &str, arguments: &[&str]) -> Command {
    let mut cargo = command::cargo(&["fuzz", what, "--fuzz-dir", "fuzz"]);
    cargo
        .args(arguments)
        .env("PATH", tools::path())
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", command::target().join("fuzz"));
    cargo
}

/// What libFuzzer makes up stays in `target/`; the seeds are only read.
fn run(name: &str, seconds: u64) -> Outcome<Ran> {
    let folder = |kind: &str| command::target().join("fuzz").join(kind).join(name);
    let (corpus, found) = (folder("corpus"), folder("found"));
    let seeds = command::root().join("fuzz").join("seeds").join(name);
    std::fs::create_dir_all(&corpus)?;
    std::fs::create_dir_all(&found)?;
    let before = files(&found)?;
    let time = format!("-max_total_time={seconds}");
    let kept = format!("-artifact_prefix={}/", found.display());
    let mut cargo = cargo_fuzz("run", &[name]);
    cargo.args([&corpus, &seeds]).arg("--");
    cargo.args([&*time, &*kept, "-print_final_stats=1", "-timeout=10"]);
    let output = cargo.output()?;
    let printed = String::from_utf8_lossy(&output.stderr);
    let mut new = files(&found)?;
    new.retain(|file| !before.contains(file));
    if !output.status.success() {
        let lines: Vec<&str> = printed.lines().collect();
        eprintln!("{}", lines[lines.len().saturating_sub(60)..].join("\n"));
        if new.is_empty() {
            return Err(Failure::new(format!("{name} did not run to its end")));
        }
    }
    Ok(Ran {
        name: name.to_owned(),
        executions: number_after(&printed, "stat::number_of_executed_units:"),
        coverage: number_after(&printed, " cov: "),
        found: new,
    })
}

fn files(folder: &PathBuf) -> Outcome<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?
        .filter_map(|file| Some(file.ok()?.path()))
        .collect();
    files.sort();
    Ok(files)
}

/// The number behind the last of these words.
fn number_after(printed: &str, words: &str) -> Option<u64> {
    let (_, rest) = printed.rsplit_once(words)?;
    rest.split_whitespace().next()?.parse().ok()
}

fn table(ran: &[Ran]) -> String {
    let number = |number: Option<u64>| number.map_or("-".to_owned(), |number| number.to_string());
    let mut lines = vec![format!(
        "{:<12} {:>12} {:>10} {:>6}",
        "target", "executions", "coverage", "found"
    )];
    for one in ran {
        lines.push(format!(
            "{:<12} {:>12} {:>10} {:>6}",
            one.name,
            number(one.executions),
            number(one.coverage),
            one.found.len()
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_and_seconds_are_understood() {
        let all = ["json".to_owned(), "link".to_owned()];
        let asked = |words: &str| {
            let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
            chosen(&words, &all).map_err(|failure| failure.to_string())
        };
        assert_eq!(asked(""), Ok((all.to_vec(), SECONDS)));
        assert_eq!(asked("link --seconds 5"), Ok((vec!["link".to_owned()], 5)));
        assert!(asked("xml").is_err_and(|words| words.contains("json, link")));
        assert!(asked("--seconds 0").is_err() && asked("--seconds").is_err());
    }

    #[test]
    fn what_libfuzzer_prints_is_read() {
        let printed = "#2 INITED cov: 7 ft: 8\n#1000 DONE   cov: 919 ft: 3182 corp: 889/108Kb\n\
                       Done 1000 runs\nstat::number_of_executed_units: 1000\nstat::average_exec_per_sec: 10\n";
        assert_eq!(number_after(printed, " cov: "), Some(919));
        assert_eq!(
            number_after(printed, "stat::number_of_executed_units:"),
            Some(1000)
        );
        assert_eq!(number_after("", " cov: "), None);
    }

    #[test]
    fn every_target_has_seeds() {
        for name in targets().expect("fuzz/targets") {
            assert!(
                command::root().join("fuzz").join("seeds").join(&name).is_dir(),
                "{name}"
            );
        }
    }
}
