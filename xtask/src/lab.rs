//! `cargo xtask lab` and `cargo xtask record`: worlds run, compared, shown and kept.

use std::path::{Path, PathBuf};

use lab::{
    Outcome as Ran,
    expect::{self, Ended},
    fault::Fault,
    world::{self, Engine, World},
};
use serde_json::json;

use crate::command::{self, Failure, Outcome};
use crate::test::{Counts, Suite};
use crate::{dist, tools};

const USAGE: &str = "\
cargo xtask lab WORLD…      run these worlds and keep what they showed in lab-results/
    --all           all of them
    --times N       each N times in a row
    --hold          keep one world up for a person with a browser, until Ctrl-C
    --page DIR      the built page (default: built now)
    --browser NAME  chromium (default)
    --list          their names";

/// What was asked for.
#[derive(Debug, Default)]
struct Asked {
    names: Vec<String>,
    all: bool,
    times: u32,
    hold: bool,
    list: bool,
    page: Option<PathBuf>,
    engine: Engine,
}

/// `cargo xtask lab`.
///
/// # Errors
/// The laboratory cannot run here, or a world was not concluded as expected.
pub fn main(arguments: &[String]) -> Outcome<()> {
    let asked = parse(arguments)?;
    let worlds = chosen(&asked)?;
    if asked.list {
        for world in &worlds {
            println!("{:<24} {}", world.name, world.title);
        }
        return Ok(());
    }
    lab::ready().map_err(failure)?;
    let page = page(asked.page.as_deref())?;
    if asked.hold {
        let [world] = worlds.as_slice() else {
            return Err(Failure::new("--hold takes one world"));
        };
        return lab::hold(world, &page, |text| println!("{text}")).map_err(failure);
    }
    let counts = table(&worlds, &page, asked.times, asked.engine);
    println!("\n{} worlds as expected, {} not", counts.passed, counts.failed);
    if counts.failed == 0 {
        Ok(())
    } else {
        Err(Failure::new("the laboratory disagrees"))
    }
}

/// `cargo xtask record`: the kept reports of worlds that were concluded as expected, as test cases.
///
/// # Errors
/// A world was never run, or its report cannot be kept.
pub fn record(arguments: &[String]) -> Outcome<()> {
    let mut asked = parse(arguments)?;
    asked.all |= asked.names.is_empty();
    let folder = command::root().join("tests/cases/recorded");
    std::fs::create_dir_all(&folder)?;
    for world in chosen(&asked)? {
        let egress = [
            Fault::EgressUnknown {},
            Fault::ProxyAddress {},
            Fault::Ipv6Only {},
        ];
        if egress.iter().any(|fault| world.faults.contains(fault)) {
            println!(
                "{:<24} left out: a report shortens the very address that it turns on",
                world.name
            );
            continue;
        }
        let Ok(report) = std::fs::read_to_string(results().join(&world.name).join("report.json")) else {
            println!("{:<24} has no report", world.name);
            continue;
        };
        let report = serde_json::from_str(&report).map_err(|error| Failure::new(error.to_string()))?;
        let ended = Ended::Done(report);
        let differences = world.expect.differences(&ended);
        if !differences.is_empty() {
            println!("{:<24} left out: {}", world.name, differences.join("; "));
            continue;
        }
        let Ended::Done(report) = ended else { continue };
        // Where an expectation leaves a choice, the recording holds what was seen on that day.
        let expect = json!({
            "verdict": report["verdict"], "primary": report["primary"],
            "must": world.expect.must, "must_not": world.expect.must_not,
        });
        let case =
            json!({ "title": world.title, "config": world.config(), "expect": expect, "report": report });
        std::fs::write(folder.join(format!("{}.json", world.name)), format!("{case:#}\n"))?;
        println!("{:<24} recorded", world.name);
    }
    Ok(())
}

/// Every world once, as a suite of `cargo xtask test`.
pub fn suite(page: &Path) -> Suite {
    let name = "laboratory";
    if let Err(trouble) = lab::ready() {
        return Suite::left_out(name, trouble.to_string());
    }
    match world::load(&worlds_folder()) {
        Ok(worlds) => Suite::ran(name, table(&worlds, page, 1, Engine::default())),
        Err(trouble) => Suite::single(name, Err(failure(trouble))),
    }
}

fn table(worlds: &[World], page: &Path, times: u32, engine: Engine) -> Counts {
    let mut counts = Counts::default();
    println!(
        "{:<24} {:<36} {:<36} {:>7} {:>7}",
        "world", "expected", "concluded", "run", "wall"
    );
    for world in worlds {
        for _ in 0..times.max(1) {
            if lab::interrupted() {
                counts.skipped += 1;
                continue;
            }
            let (row, well) = match lab::run(world, page, engine, Some(&results())) {
                Ok(ran) => row(world, &ran),
                Err(trouble) => (format!("{:<36} the laboratory itself: {trouble}", ""), false),
            };
            println!("{:<24} {:<36} {row}", world.name, world.expect.summary());
            if well {
                counts.passed += 1;
            } else {
                counts.failed += 1;
            }
        }
    }
    counts
}

fn row(world: &World, ran: &Ran) -> (String, bool) {
    let run = match &ran.ended {
        Ended::Done(report) => report["run"]["duration_ms"]
            .as_f64()
            .map_or("?".to_owned(), |ms| format!("{:.1} s", ms / 1000.0)),
        _ => "-".to_owned(),
    };
    let wall = format!("{:.1} s", ran.took.as_secs_f64());
    let well = ran.differences.is_empty();
    let verdict = if well {
        "ok".to_owned()
    } else {
        format!("WRONG: {}", ran.differences.join("; "))
    };
    let ladder = match &ran.ended {
        Ended::Done(report) if world.expect.highest_clean_kbps.is_some() => {
            format!(" ({} kbps)", report["media"]["highest_clean_kbps"])
        }
        _ => String::new(),
    };
    let mended = ran.mended.filter(|_| well);
    let mended = mended.map_or(String::new(), |lines| format!("; ready with its {lines} lines"));
    let concluded = expect::conclusion(&ran.ended) + &ladder + &mended;
    (format!("{concluded:<36} {run:>7} {wall:>7} {verdict}"), well)
}

fn chosen(asked: &Asked) -> Outcome<Vec<World>> {
    let worlds = world::load(&worlds_folder()).map_err(failure)?;
    if asked.all || asked.list {
        return Ok(worlds);
    }
    if asked.names.is_empty() {
        return Err(Failure::new(USAGE));
    }
    asked
        .names
        .iter()
        .map(|name| {
            let world = worlds.iter().find(|world| &world.name == name);
            world
                .cloned()
                .ok_or_else(|| Failure::new(format!("there is no world {name}; --list names them")))
        })
        .collect()
}

fn page(given: Option<&Path>) -> Outcome<PathBuf> {
    if let Some(given) = given {
        return Ok(given.to_path_buf());
    }
    tools::ensure_for_page()?;
    let folder = command::target().join("dist");
    dist::build(&folder)?;
    Ok(folder)
}

fn worlds_folder() -> PathBuf {
    command::root().join("lab").join("worlds")
}

fn results() -> PathBuf {
    command::root().join("lab-results")
}

fn failure(trouble: lab::Trouble) -> Failure {
    Failure::new(trouble.to_string())
}

fn parse(arguments: &[String]) -> Outcome<Asked> {
    let mut asked = Asked {
        times: 1,
        ..Asked::default()
    };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || {
            arguments
                .next()
                .ok_or_else(|| Failure::new(format!("{argument} needs a value\n{USAGE}")))
        };
        match argument.as_str() {
            "--all" => asked.all = true,
            "--hold" => asked.hold = true,
            "--list" => asked.list = true,
            "--page" => asked.page = Some(PathBuf::from(value()?)),
            "--times" => {
                asked.times = value()?
                    .parse()
                    .map_err(|_| Failure::new("--times takes a number"))?;
            }
            "--browser" => asked.engine = value()?.parse().map_err(|error: String| Failure::new(error))?,
            unknown if unknown.starts_with('-') => {
                return Err(Failure::new(format!("no option {unknown}\n{USAGE}")));
            }
            name => asked.names.push(name.to_owned()),
        }
    }
    Ok(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn names_and_options_come_in_any_order() {
        let asked = parse(&words("healthy --times 10 --page some/where turn-reset")).expect("all known");
        assert_eq!(asked.names, ["healthy", "turn-reset"]);
        assert_eq!(asked.times, 10);
        assert_eq!(asked.page.as_deref(), Some(Path::new("some/where")));
        assert!(parse(&words("--sideways")).is_err() && parse(&words("--times")).is_err());
        assert!(parse(&words("healthy --browser mosaic")).is_err());
    }
}
