//! `cargo xtask bench`: what is measured, not asserted. `lines`: how exact the page is on narrow lines; `size`: what a
//! first visit loads, file by file.

use std::path::{Path, PathBuf};

use lab::expect::Ended;
use lab::world::{Engine, World};

use crate::command::{self, Failure, Outcome};
use crate::{dist, size, tools};

const USAGE: &str = "\
cargo xtask bench size     what a first visit loads, file by file
cargo xtask bench lines    runs on narrow lines in the laboratory: capacity, direction, highest clean step
    --times N       runs on each line (default: 3)
    --rates A,B…    kbit/s (default: 40,60,80,100,150,200,250,300)
    --browser NAME  chromium or firefox (default: chromium)
    --page DIR      the built page (default: built now)";

/// Rates of the lines, in kbit/s.
const RATES: [u32; 8] = [40, 60, 80, 100, 150, 200, 250, 300];
/// Which direction is narrow, as in a world's `[link]`, and what the report should call it.
const WAYS: [(&str, &[&str], Option<&str>); 3] = [
    ("both", &["up", "down"], None),
    ("up", &["up"], Some("up")),
    ("down", &["down"], Some("down")),
];

/// `cargo xtask bench`.
///
/// # Errors
/// Nothing can be measured here.
pub fn main(arguments: &[String]) -> Outcome<()> {
    match arguments.split_first() {
        Some((what, rest)) if what == "lines" => lines(rest),
        Some((what, [])) if what == "size" => sizes(),
        _ => Err(Failure::new(USAGE)),
    }
}

/// What a run on a line told.
#[derive(Default)]
struct Told {
    highest: Vec<f64>,
    capacity: Vec<f64>,
    direction: u32,
    seconds: Vec<f64>,
    runs: u32,
}

fn lines(arguments: &[String]) -> Outcome<()> {
    let (mut times, mut rates, mut engine, mut page) = (3, RATES.to_vec(), Engine::Chromium, None);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| Failure::new(USAGE));
        let number = |text: &str| {
            text.parse()
                .map_err(|_| Failure::new(format!("{text} is no number")))
        };
        match argument.as_str() {
            "--times" => times = number(value()?)?,
            "--rates" => rates = value()?.split(',').map(number).collect::<Outcome<_>>()?,
            "--browser" => engine = value()?.parse().map_err(|error: String| Failure::new(error))?,
            "--page" => page = Some(PathBuf::from(value()?)),
            _ => return Err(Failure::new(USAGE)),
        }
    }
    let page = match page {
        Some(page) => page,
        None => built()?,
    };
    println!(
        "{times} runs each, {}; medians with the least and the most\n\n\
         | line, kbit/s | narrow | highest clean step, kbps | capacity on the wire, kbit/s | worst error | direction right | time, s |\n\
         |---|---|---|---|---|---|---|",
        engine.as_str()
    );
    for rate in rates {
        for (way, narrow, direction) in WAYS {
            let told = on(rate, narrow, direction, times, engine, &page)?;
            let worst = told
                .capacity
                .iter()
                .map(|one| (one / f64::from(rate) - 1.0).abs())
                .fold(0.0, f64::max);
            let worst = if told.capacity.is_empty() {
                String::new()
            } else {
                format!("{:.1} %", worst * 100.0)
            };
            println!(
                "| {rate} | {way} | {} | {} | {worst} | {} of {} | {} |",
                spread(told.highest),
                spread(told.capacity),
                told.direction,
                told.runs,
                spread(told.seconds),
            );
        }
    }
    Ok(())
}

/// Runs on one line.
fn on(
    rate: u32,
    narrow: &[&str],
    direction: Option<&str>,
    times: u32,
    engine: Engine,
    page: &Path,
) -> Outcome<Told> {
    let link: String = narrow
        .iter()
        .map(|way| format!("{way}_kbps = {rate}\n"))
        .collect();
    let text = format!("title = 'A line of {rate} kbit/s'\n[link]\n{link}[expect]\nverdict = 'ready'\n");
    let world = World::parse("bench", &text).map_err(failure)?;
    let mut told = Told::default();
    for _ in 0..times {
        if lab::interrupted() {
            return Err(Failure::new("interrupted"));
        }
        let ran = lab::run(&world, page, engine, None).map_err(failure)?;
        let Ended::Done(report) = ran.ended else {
            return Err(Failure::new(format!("a run did not end: {:?}", ran.ended)));
        };
        let media = &report["media"];
        told.runs += 1;
        told.direction += u32::from(media["limited_direction"].as_str() == direction);
        // No clean step is a result, no capacity is none.
        told.highest
            .push(media["highest_clean_kbps"].as_f64().unwrap_or(0.0));
        told.capacity.extend(media["capacity_kbps"].as_f64());
        told.seconds
            .extend(report["run"]["duration_ms"].as_f64().map(|ms| ms / 1000.0));
    }
    Ok(told)
}

/// `48 (32 to 48)`
fn spread(mut values: Vec<f64>) -> String {
    values.sort_by(f64::total_cmp);
    match (values.first(), values.last()) {
        (Some(least), Some(most)) => {
            let median = values[values.len() / 2];
            format!("{median:.0} ({least:.0} to {most:.0})")
        }
        _ => "not told".to_owned(),
    }
}

fn sizes() -> Outcome<()> {
    let folder = built()?;
    println!("| file | bytes | brotli |\n|---|---|---|");
    for (name, plain, loaded) in size::loaded(&folder)? {
        println!("| {name} | {plain} | {loaded} |");
    }
    println!("| all | | {} |", size::first_load(&folder)?);
    Ok(())
}

fn built() -> Outcome<PathBuf> {
    tools::ensure_for_page()?;
    let folder = command::target().join("dist");
    dist::build(&folder)?;
    Ok(folder)
}

fn failure(trouble: lab::Trouble) -> Failure {
    Failure::new(trouble.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_names_the_middle_and_both_ends() {
        assert_eq!(spread(vec![48.0, 32.0, 48.0]), "48 (32 to 48)");
        assert_eq!(spread(Vec::new()), "not told");
    }
}
