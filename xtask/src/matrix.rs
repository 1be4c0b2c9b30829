//! What the laboratory's kept results add up to: which world was concluded as what, and which cause in which browser.
//! Printed after `cargo xtask lab --all`, and written into the tables of `docs/worlds.md` and `docs/browsers.md`.

use std::collections::BTreeMap;
use std::path::Path;

use clearline::diagnosis;
use lab::expect::{self, Ended};
use lab::world::{Engine, World};
use serde_json::Value;

use crate::command::{self, Failure, Outcome};

/// A table lies between these two lines of a document.
const BEGIN: &str = "<!-- written by cargo xtask lab -->";
const END: &str = "<!-- end -->";

/// The end of the last run of a world in a browser, if it was kept.
fn ended(results: &Path, engine: Engine, world: &World) -> Option<Ended> {
    let folder = lab::results_of(results, engine, &world.name);
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    match read("report.json") {
        Some(report) => serde_json::from_str(&report).ok().map(Ended::Done),
        None => read("failed.txt").map(Ended::Failed),
    }
}

/// Prints how often what was expected was concluded, and what else.
pub fn print(worlds: &[World], results: &Path, engines: &[Engine]) {
    let mut counts: BTreeMap<(String, String), BTreeMap<&str, u32>> = BTreeMap::new();
    for engine in engines {
        for world in worlds.iter().filter(|world| world.runs_in(*engine)) {
            let expected = world.expect.of(*engine);
            let concluded = match ended(results, *engine, world) {
                // An edge admits several conclusions: each of them lies on the diagonal.
                Some(ended) if expected.differences(&ended).is_empty() => expected.summary(),
                Some(ended) => expect::conclusion(&ended),
                None => "nothing kept".to_owned(),
            };
            *counts
                .entry((expected.summary(), concluded))
                .or_default()
                .entry(engine.as_str())
                .or_default() += 1;
        }
    }
    print!("\n{:<48} {:<48}", "expected", "concluded");
    for engine in engines {
        print!(" {:>9}", engine.as_str());
    }
    println!();
    let mut off = 0;
    for ((expected, concluded), by) in &counts {
        let right = expected == concluded;
        let concluded = if right { "the same" } else { concluded };
        print!("{expected:<48} {concluded:<48}");
        for engine in engines {
            let count = by.get(engine.as_str()).copied().unwrap_or_default();
            print!(" {count:>9}");
            off += if right { 0 } else { count };
        }
        println!();
    }
    println!("off the diagonal: {off}");
}

/// Writes the tables of the documents from the kept results.
///
/// # Errors
/// A document has lost the place of its table, or cannot be written.
pub fn write(worlds: &[World], results: &Path) -> Outcome<()> {
    let docs = command::root().join("docs");
    replace(&docs.join("worlds.md"), &worlds_table(worlds, results))?;
    replace(&docs.join("browsers.md"), &causes_table(worlds, results))
}

fn replace(file: &Path, table: &str) -> Outcome<()> {
    let text = std::fs::read_to_string(file)?;
    let text = with_table(&text, table)
        .ok_or_else(|| Failure::new(format!("{} has no place for its table", file.display())))?;
    std::fs::write(file, text)?;
    println!("{} is up to date.", file.display());
    Ok(())
}

fn with_table(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{table}\n{END}{after}"))
}

/// World × browser: what was expected, what was concluded, and when.
fn worlds_table(worlds: &[World], results: &Path) -> String {
    let mut table =
        "| world | expected | Chromium | time | Firefox | time |\n|---|---|---|---|---|---|\n".to_owned();
    for world in worlds {
        table += &format!("| `{}` | {} |", world.name, world.expect.summary());
        for engine in Engine::ALL {
            let expected = world.expect.of(engine);
            table += &match ended(results, engine, world) {
                _ if !world.runs_in(engine) => " - | - |".to_owned(),
                None => " not run | - |".to_owned(),
                Some(ended) => {
                    let (rate, time) = match &ended {
                        Ended::Done(report) => (rate(world, report), time(report)),
                        _ => (String::new(), "-".to_owned()),
                    };
                    let wrong = match expected.differences(&ended).is_empty() {
                        true => "",
                        false => "**wrong**: ",
                    };
                    format!(" {wrong}{}{rate} | {time} |", expect::conclusion(&ended))
                }
            };
        }
        table.push('\n');
    }
    table
}

fn rate(world: &World, report: &Value) -> String {
    if world.expect.highest_clean_kbps.is_none() {
        return String::new();
    }
    match report["media"]["highest_clean_kbps"].as_f64() {
        Some(kbps) => format!(" ({kbps} kbps)"),
        None => " (no clean step)".to_owned(),
    }
}

fn time(report: &Value) -> String {
    report["run"]["duration_ms"]
        .as_f64()
        .map_or("-".to_owned(), |ms| format!("{:.1} s", ms / 1000.0))
}

/// Cause × browser: how exactly it is concluded, and what that browser could not measure meanwhile.
fn causes_table(worlds: &[World], results: &Path) -> String {
    let mut table = "| cause | Chromium | Firefox | worlds |\n|---|---|---|---|\n".to_owned();
    for cause in diagnosis::ids() {
        let of_it: Vec<&World> = worlds.iter().filter(|world| world.expect.names(cause)).collect();
        let names: Vec<String> = of_it.iter().map(|world| format!("`{}`", world.name)).collect();
        let names = match names.is_empty() {
            true => "none: cases in `tests/cases/` only".to_owned(),
            false => names.join(", "),
        };
        let [chromium, firefox] = Engine::ALL.map(|engine| how(cause, &of_it, results, engine));
        table += &format!("| `{cause}` | {chromium} | {firefox} | {names} |\n");
    }
    let missing = Engine::ALL.map(|engine| {
        let mut fields: Vec<String> = worlds
            .iter()
            .filter_map(|world| match ended(results, engine, world)? {
                Ended::Done(report) => report["environment"]["not_measurable"].as_array().cloned(),
                _ => None,
            })
            .flatten()
            .filter_map(|field| Some(format!("`{}`", field.as_str()?)))
            .collect();
        fields.sort();
        fields.dedup();
        match fields.is_empty() {
            true => "nothing".to_owned(),
            false => fields.join(", "),
        }
    });
    table += &format!(
        "\n`not_measurable` in the reports of these runs: Chromium {}; Firefox {}.\n",
        missing[0], missing[1]
    );
    table
}

fn how(cause: &str, worlds: &[&World], results: &Path, engine: Engine) -> String {
    let worlds: Vec<&&World> = worlds.iter().filter(|world| world.runs_in(engine)).collect();
    if worlds.is_empty() {
        return "-".to_owned();
    }
    let mut ways: Vec<String> = worlds
        .iter()
        .map(|world| {
            let expected = world.expect.of(engine);
            match ended(results, engine, world) {
                None => "not run".to_owned(),
                Some(ended) if !expected.differences(&ended).is_empty() => {
                    format!("**wrong** in `{}`", world.name)
                }
                Some(_) if expected.names(cause) => "concluded".to_owned(),
                Some(Ended::Done(report)) => match report["primary"].as_str() {
                    Some(general) => format!("in general form (`{general}`)"),
                    None => "not measurable".to_owned(),
                },
                Some(_) => "not measurable".to_owned(),
            }
        })
        .collect();
    ways.sort();
    ways.dedup();
    ways.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(name: &str, expect: &str) -> World {
        World::parse(name, &format!("title = 'x'\n[expect]\n{expect}")).expect("parses")
    }

    #[test]
    fn a_table_replaces_the_one_between_the_marks() {
        let text = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let text = with_table(&text, "| new |\n").expect("marked");
        assert_eq!(text, format!("before\n{BEGIN}\n\n| new |\n\n{END}\nafter\n"));
        assert_eq!(with_table("no place", "x"), None);
    }

    #[test]
    fn what_firefox_sees_in_general_is_said_to_be_general() {
        let results = std::env::temp_dir().join(format!("clearline-matrix-{}", std::process::id()));
        let keep = |engine, name: &str, primary: &str| {
            let folder = lab::results_of(&results, engine, name);
            std::fs::create_dir_all(&folder).expect("a folder of our own");
            let report = serde_json::json!({
                "verdict": "blocked", "primary": primary, "run": { "duration_ms": 1000 },
                "findings": [{ "id": primary, "severity": "blocker", "silenced_by": null }],
            });
            std::fs::write(folder.join("report.json"), report.to_string()).expect("a file of our own");
        };
        let worlds = [world(
            "reset",
            "verdict = 'blocked'\nprimary = 'turn-refused'\n[expect.firefox]\nverdict = 'blocked'\nprimary = 'turn-blocked'\n",
        )];
        keep(Engine::Chromium, "reset", "turn-refused");
        keep(Engine::Firefox, "reset", "turn-blocked");
        let table = causes_table(&worlds, &results);
        assert!(
            table.contains("| `turn-refused` | concluded | in general form (`turn-blocked`) | `reset` |"),
            "{table}"
        );
        keep(Engine::Firefox, "reset", "offline");
        assert!(causes_table(&worlds, &results).contains("| concluded | **wrong** in `reset` |"));
        std::fs::remove_dir_all(&results).expect("ours to remove");
    }
}
