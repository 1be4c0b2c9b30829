//! `cargo xtask bench`: what is measured, not asserted. `lines`: how exact the page is on narrow lines; `quality`: how
//! exact delay, jitter and loss are; `time`: where a run's time goes; `soak`: what many runs leave behind; `size`: what a
//! first visit loads, file by file; `peers`: the page beside three npm packages.

#[cfg(target_os = "linux")]
mod kiosk;
mod lines;
mod peers;
mod quality;
mod soak;
mod start;
mod time;

use std::path::PathBuf;

use lab::expect::Ended;
use lab::world::{Engine, World};
use serde_json::Value;

use crate::command::{self, Failure, Outcome};
use crate::{dist, size, tools};

const USAGE: &str = "\
cargo xtask bench size     what a first visit loads, file by file
cargo xtask bench lines    runs on narrow lines in the laboratory: capacity, direction, highest clean step
    --rates A,B…    kbit/s (default: 40,60,80,100,150,200,250,300)
    --ways A,B…     which direction is narrow: both, up, down (default: all of them)
    --transport T   tcp or udp between browser and TURN (default: tcp)
cargo xtask bench quality  runs on lines with a known delay, jitter and loss: what the page measures of it
cargo xtask bench time     runs on a healthy line: where the time goes until the verdict
cargo xtask bench start    the page beside a bare Yew page: when it can be used, and what holds the main thread
cargo xtask bench soak     many runs in one tab: what stays behind of memory and connections
    --runs N        (default: 500)
cargo xtask bench kiosk    a wallboard for hours, in the laboratory: what it says, what it takes, what stays behind
    --runs N        (default: 200, at least 12)
    --every N       seconds (default: 30)
    --depth D       quick or full (default: quick)
cargo xtask bench peers    the page beside three npm packages; each run is kept in target/bench-peers/, and all are printed
    --only A,B…     healthy, links, quality, faults (default: all of them)
    --tools A,B…    clearline, twilio, jitsi, cloudflare (default: all of them)
    --rates A,B…    kbit/s of the narrow lines (default: 40,100,300,2000)
    --fresh         forgets the runs that are kept
    --write         writes docs/benchmark.md and docs/benchmark.svg instead; with --times 0 without a run
    lines, quality, time and peers:
    --times N       runs on each line (default: 3; peers: 5)
    --browser NAME  chromium or firefox (default: chromium)
    --page DIR      the built page (default: built now)";

/// How browser and TURN speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transport {
    Tcp,
    Udp,
}

impl Transport {
    fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }

    fn named(name: &str) -> Outcome<Self> {
        let known = [Self::Tcp, Self::Udp].into_iter().find(|it| it.as_str() == name);
        known.ok_or_else(|| Failure::new(format!("no transport {name}; there are: tcp, udp")))
    }

    /// The part of a world that lets the call take it.
    fn config(self) -> String {
        format!(
            "[config]\nturn = [{{ id = 'turn-1', urls = ['turn:turn.voice-cloud.example:443?transport={}'], \
             username = 'demo', credential = 'swordfish-4711' }}]\n",
            self.as_str()
        )
    }
}

/// What every benchmark in the laboratory is told.
struct Common {
    times: u32,
    engine: Engine,
    page: Option<PathBuf>,
}

impl Common {
    fn new() -> Self {
        Self {
            times: 3,
            engine: Engine::Chromium,
            page: None,
        }
    }

    /// Takes `option`, if it is one of these.
    fn take<'a>(&mut self, option: &str, value: &mut dyn FnMut() -> Outcome<&'a String>) -> Outcome<bool> {
        match option {
            "--times" => self.times = number(value()?)?,
            "--browser" => self.engine = value()?.parse().map_err(|error: String| Failure::new(error))?,
            "--page" => self.page = Some(PathBuf::from(value()?)),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Of arguments that are these options alone.
    fn parse(arguments: &[String]) -> Outcome<Self> {
        let mut common = Self::new();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| Failure::new(USAGE));
            if !common.take(argument, &mut value)? {
                return Err(Failure::new(USAGE));
            }
        }
        Ok(common)
    }

    fn page(&mut self) -> Outcome<PathBuf> {
        self.page.take().map_or_else(built, Ok)
    }
}

fn number(text: &str) -> Outcome<u32> {
    text.parse()
        .map_err(|_| Failure::new(format!("{text} is no number")))
}

/// `cargo xtask bench`.
///
/// # Errors
/// Nothing can be measured here.
pub fn main(arguments: &[String]) -> Outcome<()> {
    match arguments.split_first() {
        #[cfg(target_os = "linux")]
        Some((what, rest)) if what == "kiosk" => kiosk::main(rest),
        Some((what, rest)) if what == "lines" => lines::main(rest),
        Some((what, rest)) if what == "peers" => peers::main(rest),
        Some((what, rest)) if what == "quality" => quality::main(rest),
        Some((what, rest)) if what == "start" => start::main(rest),
        Some((what, rest)) if what == "soak" => soak::main(rest),
        Some((what, rest)) if what == "time" => time::main(rest),
        Some((what, [])) if what == "size" => sizes(),
        _ => Err(Failure::new(USAGE)),
    }
}

/// One run in this world, and its report.
fn run(world: &str, engine: Engine, page: &std::path::Path) -> Outcome<Value> {
    if lab::interrupted() {
        return Err(Failure::new("interrupted"));
    }
    let world = World::parse("bench", world).map_err(failure)?;
    match lab::run(&world, page, engine, None).map_err(failure)?.ended {
        Ended::Done(report) => Ok(report),
        other => Err(Failure::new(format!("a run did not end: {other:?}"))),
    }
}

/// The middle one; of an even number the upper of the two.
fn median(values: &[f64]) -> Option<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// `48 (32 to 48)`
fn spread(values: &[f64], decimals: usize) -> String {
    let least = values.iter().copied().reduce(f64::min);
    let most = values.iter().copied().reduce(f64::max);
    match (median(values), least, most) {
        (Some(middle), Some(least), Some(most)) => {
            format!("{middle:.decimals$} ({least:.decimals$} to {most:.decimals$})")
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
    println!("| until the page is there | | {} |", size::first_load(&folder)?);
    println!("| all | | {} |", size::whole(&folder)?);
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
        assert_eq!(spread(&[48.0, 32.0, 48.0], 0), "48 (32 to 48)");
        assert_eq!(spread(&[], 0), "not told");
    }
}
