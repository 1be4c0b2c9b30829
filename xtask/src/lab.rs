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
use crate::{dist, matrix, tools};

const USAGE: &str = "\
cargo xtask lab WORLD…      run these worlds and keep what they showed in lab-results/
    --all           all of them
    --times N       each N times in a row
    --hold          keep one world up for a person with a browser, until Ctrl-C
    --page DIR      the built page (default: built now)
    --browser NAME  chromium, firefox or both (default: chromium; with --all every browser that is here)
    --tables        write docs/worlds.md and docs/browsers.md from what is kept; --all ends with that
    --list          their names";

/// What was asked for.
#[derive(Debug, Default)]
struct Asked {
    names: Vec<String>,
    all: bool,
    times: u32,
    hold: bool,
    list: bool,
    tables: bool,
    page: Option<PathBuf>,
    engines: Vec<Engine>,
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
    if asked.tables {
        return matrix::write(&worlds, &results());
    }
    let engines = engines(&asked)?;
    let page = page(asked.page.as_deref())?;
    if asked.hold {
        let ([world], [engine]) = (worlds.as_slice(), engines.as_slice()) else {
            return Err(Failure::new("--hold takes one world and one browser"));
        };
        return lab::hold(world, &page, *engine, |text| println!("{text}")).map_err(failure);
    }
    let (counts, _) = table(&worlds, &page, asked.times, &engines);
    println!("\n{} worlds as expected, {} not", counts.passed, counts.failed);
    if asked.all && counts.skipped == 0 {
        matrix::print(&worlds, &results(), &engines);
        if engines == Engine::ALL {
            matrix::write(&worlds, &results())?;
        }
    }
    if counts.failed == 0 {
        Ok(())
    } else {
        Err(Failure::new("the laboratory disagrees"))
    }
}

/// The browsers to run in, all of them here.
fn engines(asked: &Asked) -> Outcome<Vec<Engine>> {
    let engines = match asked.engines.as_slice() {
        [] if asked.all => {
            lab::ready(Engine::Chromium).map_err(failure)?;
            return Ok(here());
        }
        [] => vec![Engine::Chromium],
        wanted => wanted.to_vec(),
    };
    for engine in &engines {
        lab::ready(*engine).map_err(failure)?;
    }
    Ok(engines)
}

/// The browsers that the laboratory can drive here.
fn here() -> Vec<Engine> {
    let mut engines = Engine::ALL.to_vec();
    engines.retain(|engine| lab::ready(*engine).is_ok());
    engines
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
    let engine = asked.engines.first().copied().unwrap_or_default();
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
        let Ok(report) = std::fs::read_to_string(kept(engine, &world).join("report.json")) else {
            println!("{:<24} has no report", world.name);
            continue;
        };
        let report = serde_json::from_str(&report).map_err(|error| Failure::new(error.to_string()))?;
        let ended = Ended::Done(report);
        let expected = world.expect.of(engine);
        let differences = expected.differences(&ended);
        if !differences.is_empty() {
            println!("{:<24} left out: {}", world.name, differences.join("; "));
            continue;
        }
        let Ended::Done(report) = ended else { continue };
        // Where an expectation leaves a choice, the recording holds what was seen on that day.
        let expect = json!({
            "verdict": report["verdict"], "primary": report["primary"],
            "must": expected.must, "must_not": expected.must_not,
        });
        let case =
            json!({ "title": world.title, "config": world.config(), "expect": expect, "report": report });
        let file = match engine {
            Engine::Chromium => format!("{}.json", world.name),
            other => format!("{}.{}.json", world.name, other.as_str()),
        };
        std::fs::write(folder.join(file), format!("{case:#}\n"))?;
        println!("{:<24} recorded", world.name);
    }
    Ok(())
}

/// Every world once in every browser that is here, as suites of `cargo xtask test`.
pub fn suites(page: &Path) -> Vec<Suite> {
    let one = |engine: Engine| {
        let name = match engine {
            Engine::Chromium => "laboratory, Chromium",
            Engine::Firefox => "laboratory, Firefox",
        };
        if let Err(trouble) = lab::ready(engine) {
            return Suite::left_out(name, trouble.to_string());
        }
        match world::load(&worlds_folder()) {
            Ok(worlds) => {
                let (counts, wrong) = table(&worlds, page, 1, &[engine]);
                Suite {
                    wrong,
                    ..Suite::ran(name, counts)
                }
            }
            Err(trouble) => Suite::single(name, Err(failure(trouble))),
        }
    };
    Engine::ALL.map(one).to_vec()
}

/// Runs the worlds and prints a row for each: the counts, and what the wrong ones showed.
fn table(worlds: &[World], page: &Path, times: u32, engines: &[Engine]) -> (Counts, Vec<String>) {
    let mut counts = Counts::default();
    let mut wrong = Vec::new();
    println!(
        "{:<24} {:<9} {:<36} {:<36} {:>7} {:>7}",
        "world", "browser", "expected", "concluded", "run", "wall"
    );
    let runs = worlds
        .iter()
        .flat_map(|world| engines.iter().map(move |engine| (world, *engine)))
        .filter(|(world, engine)| world.runs_in(*engine));
    for (world, engine) in runs {
        for _ in 0..times.max(1) {
            if lab::interrupted() {
                counts.skipped += 1;
                continue;
            }
            let ran = lab::run(world, page, engine, Some(&results()));
            let (row, well) = match &ran {
                Ok(ran) => row(world, engine, ran),
                Err(trouble) => (format!("{:<36} the laboratory itself: {trouble}", ""), false),
            };
            let expected = world.expect.of(engine).summary();
            let row = format!("{:<24} {:<9} {expected:<36} {row}", world.name, engine.as_str());
            println!("{row}");
            if well {
                counts.passed += 1;
            } else {
                counts.failed += 1;
                wrong.push(row + &ran.map_or(String::new(), |ran| evidence(&ran.ended)));
            }
        }
    }
    (counts, wrong)
}

/// What a wrong report rests on, for whoever has only the log.
fn evidence(ended: &Ended) -> String {
    let Ended::Done(report) = ended else {
        return String::new();
    };
    let parts = ["findings", "media", "bandwidth", "meanwhile"];
    let told = parts.iter().filter(|part| !report[**part].is_null());
    told.map(|part| format!("\n  {part}: {}", report[*part]))
        .collect()
}

fn row(world: &World, engine: Engine, ran: &Ran) -> (String, bool) {
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
        Ended::Done(report) if world.expect.of(engine).highest_clean_kbps.is_some() => {
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
    if asked.all || asked.list || asked.tables {
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

fn kept(engine: Engine, world: &World) -> PathBuf {
    lab::results_of(&results(), engine, &world.name)
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
            "--tables" => asked.tables = true,
            "--browser" => {
                asked.engines = match value()?.as_str() {
                    "both" => Engine::ALL.to_vec(),
                    name => vec![name.parse().map_err(|error: String| Failure::new(error))?],
                }
            }
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
        let both = parse(&words("healthy --browser both")).expect("known");
        assert_eq!(both.engines, Engine::ALL);
    }
}
