//! `cargo xtask bench peers`: this page beside three npm packages that answer a part of the same question, in the same
//! laboratory. What each run told is kept in `target/bench-peers/`, so that the benchmark can be run in parts.

mod better;
mod chart;
mod figures;
mod lines;
mod packages;
mod record;
mod tables;

use std::collections::BTreeMap;
use std::path::Path;

use lab::expect::Ended;

use super::{Common, USAGE, failure, number};
use crate::command::{self, Failure, Outcome};
use crate::size;
use lines::{Line, Part, RATES};
use packages::Page;
use record::{Record, Told, Tool};

/// Runs of a tool on a line where the first ones came to no end of their own: more would tell the same and take a minute
/// each.
const UNFINISHED: usize = 2;

/// What to run.
struct Wanted {
    common: Common,
    tools: Vec<Tool>,
    rates: Vec<u32>,
    parts: Vec<Part>,
    write: bool,
    fresh: bool,
}

/// One run to be.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    line: Line,
    tool: Tool,
    run: u32,
    of: u32,
}

pub fn main(arguments: &[String]) -> Outcome<()> {
    let mut wanted = parse(arguments)?;
    let folder = command::target().join("bench-peers");
    std::fs::create_dir_all(&folder)?;
    // Of each browser its own: the tables know one.
    let results = folder.join(format!("{}.jsonl", wanted.common.engine.as_str()));
    if wanted.fresh && results.exists() {
        std::fs::remove_file(&results)?;
    }
    let steps = steps(&wanted);
    if !steps.is_empty() {
        lab::ready(wanted.common.engine).map_err(failure)?;
        let pages = pages(&mut wanted, &folder)?;
        run_all(&steps, &pages, &wanted.common, &results)?;
    }
    let records = record::load(&results)?;
    if records.is_empty() {
        return Err(Failure::new("nothing was measured yet"));
    }
    let text = tables::document(&records, cores());
    if !wanted.write {
        println!("{text}");
        return Ok(());
    }
    let docs = command::root().join("docs");
    std::fs::write(docs.join("benchmark.md"), text)?;
    std::fs::write(docs.join("benchmark.svg"), chart::svg(&records))?;
    eprintln!("Written: docs/benchmark.md, docs/benchmark.svg");
    Ok(())
}

fn parse(arguments: &[String]) -> Outcome<Wanted> {
    let mut wanted = Wanted {
        common: Common::new(),
        tools: Tool::ALL.to_vec(),
        rates: RATES.to_vec(),
        parts: Part::ALL.map(|(_, part)| part).to_vec(),
        write: false,
        fresh: false,
    };
    wanted.common.times = 5;
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| Failure::new(USAGE));
        if wanted.common.take(argument, &mut value)? {
            continue;
        }
        match argument.as_str() {
            "--tools" => wanted.tools = value()?.split(',').map(Tool::named).collect::<Outcome<_>>()?,
            "--rates" => wanted.rates = value()?.split(',').map(number).collect::<Outcome<_>>()?,
            "--only" => wanted.parts = value()?.split(',').map(part).collect::<Outcome<_>>()?,
            "--write" => wanted.write = true,
            "--fresh" => wanted.fresh = true,
            _ => return Err(Failure::new(USAGE)),
        }
    }
    Ok(wanted)
}

fn part(name: &str) -> Outcome<Part> {
    let known = Part::ALL.into_iter().find(|(known, _)| *known == name);
    known.map(|(_, part)| part).ok_or_else(|| {
        Failure::new(format!(
            "no part {name}; there are: healthy, links, quality, faults"
        ))
    })
}

/// The tools take turns, so that whatever else the machine does meets all of them.
fn steps(wanted: &Wanted) -> Vec<Step> {
    let mut steps = Vec::new();
    for part in &wanted.parts {
        let of = part.times(wanted.common.times);
        for line in part.lines(&wanted.rates) {
            for run in 1..=of {
                for tool in wanted.tools.iter().copied().filter(|tool| line.is_for(*tool)) {
                    let line = line.clone();
                    steps.push(Step { line, tool, run, of });
                }
            }
        }
    }
    steps
}

fn pages(wanted: &mut Wanted, folder: &Path) -> Outcome<BTreeMap<Tool, Page>> {
    let mut pages = BTreeMap::new();
    for tool in wanted.tools.clone() {
        let page = match tool {
            Tool::Clearline => {
                let folder = wanted.common.page()?;
                let bytes = (size::whole(&folder).ok(), size::first_load(&folder).ok());
                Page {
                    folder,
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                    bytes,
                }
            }
            _ => packages::page(tool, folder)?,
        };
        pages.insert(tool, page);
    }
    Ok(pages)
}

/// Runs them one after the other. What fails is kept as such and not tried again; only an interrupt ends it.
fn run_all(steps: &[Step], pages: &BTreeMap<Tool, Page>, common: &Common, results: &Path) -> Outcome<()> {
    let browser = browser(common);
    let mut unfinished: BTreeMap<(Line, Tool), usize> = BTreeMap::new();
    for (index, step) in steps.iter().enumerate() {
        let Step { line, tool, run, of } = step;
        let head = format!(
            "[{}/{}] {}, {}, run {run} of {of}:",
            index + 1,
            steps.len(),
            line.label(),
            tool.name()
        );
        let Some(page) = pages.get(tool) else { continue };
        let endless = unfinished.entry((line.clone(), *tool)).or_default();
        if *endless >= UNFINISHED {
            eprintln!("{head} left out, {UNFINISHED} did not finish");
            continue;
        }
        let outcome = run_one(line, *tool, page, common)?;
        match &outcome {
            Ok(told) if told.finished => eprintln!("{head} {:.1} s, {}", seconds(told), told.concluded),
            Ok(told) => {
                *endless += 1;
                eprintln!(
                    "{head} not finished in {:.0} s, {}",
                    seconds(told),
                    told.concluded
                );
            }
            Err(why) => eprintln!("{head} no result: {why}"),
        }
        let record = Record {
            date: now(),
            tool: *tool,
            version: page.version.clone(),
            browser: browser.clone(),
            line: line.clone(),
            bytes: page.bytes.0,
            bytes_first: page.bytes.1,
            outcome,
        };
        record::append(results, &record)?;
    }
    Ok(())
}

/// An `Err` is an interrupt; a run that fails is a result.
fn run_one(line: &Line, tool: Tool, page: &Page, common: &Common) -> Outcome<Result<Told, String>> {
    let world = line.world()?;
    let ran = lab::run(&world, &page.folder, common.engine, None);
    if lab::interrupted() {
        return Err(Failure::new("interrupted; what was measured so far is kept"));
    }
    Ok(match ran.map(|ran| ran.ended) {
        Ok(Ended::Done(report)) => Told::of(tool, &report),
        Ok(Ended::Failed(why)) => Err(why),
        Ok(Ended::Never(why)) => Err(format!("it did not end ({why})")),
        Err(trouble) => Err(trouble.to_string()),
    })
}

fn seconds(told: &Told) -> f64 {
    told.duration_ms.unwrap_or_default() / 1000.0
}

/// With its version, as far as it says it.
fn browser(common: &Common) -> String {
    let [(program, _), _] = lab::browser_programs(common.engine);
    let printed = command::output(&mut command::program(program, &["--version"]));
    let words: Vec<String> = printed
        .iter()
        .flat_map(|text| text.split_whitespace().map(str::to_owned))
        .collect();
    let end = words
        .iter()
        .position(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    match end {
        Some(end) => words[..=end].join(" "),
        None => common.engine.as_str().to_owned(),
    }
}

fn now() -> String {
    let printed = command::output(&mut command::program("date", &["-u", "+%Y-%m-%dT%H:%M:%SZ"]));
    printed.unwrap_or_default().trim().to_owned()
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(line: &str) -> Outcome<Wanted> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&words)
    }

    #[test]
    fn the_tools_take_turns_on_the_lines_that_are_for_them() {
        let wanted =
            wanted("--only links,quality --tools clearline,twilio --rates 40 --times 2").expect("known");
        let steps = steps(&wanted);
        let first: Vec<_> = steps.iter().take(4).map(|step| (step.tool, step.run)).collect();
        let turns = [
            (Tool::Clearline, 1),
            (Tool::Twilio, 1),
            (Tool::Clearline, 2),
            (Tool::Twilio, 2),
        ];
        assert_eq!(first, turns);
        let twilio = steps.iter().filter(|step| step.tool == Tool::Twilio);
        assert!(twilio.into_iter().all(|step| step.line == Line::Narrow(40)));
    }

    #[test]
    fn nothing_is_run_where_only_the_tables_are_wanted() {
        assert!(steps(&wanted("--times 0 --write").expect("known")).is_empty());
    }

    #[test]
    fn unknown_words_are_refused() {
        for line in [
            "--only speed",
            "--tools zoom",
            "--rates x",
            "--sideways",
            "--rates",
        ] {
            assert!(wanted(line).is_err(), "{line}");
        }
    }
}
