//! Running and holding worlds.

use std::{fs, io, path::Path, time::Duration};

use serde_json::Value;

use crate::{
    Outcome, Result, Trouble, browser, expect, hosts, interrupt, missing_packages, namespace,
    remedy::{self, Kind},
    results_of,
    stage::Stage,
    world::{Engine, World},
};

/// Whether this machine can be a laboratory with this browser; if not, why.
pub fn ready(engine: Engine) -> Result<()> {
    if !nix::unistd::geteuid().is_root() {
        return Err(Trouble::new("the laboratory needs root, for network namespaces"));
    }
    let missing = missing_packages(engine);
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Trouble::new(format!(
            "the laboratory needs these packages: {}",
            missing.join(" ")
        )))
    }
}

/// Runs a world once, around the built page in `page`, and keeps what it showed in `results` if given.
pub fn run(world: &World, page: &Path, engine: Engine, results: Option<&Path>) -> Result<Outcome> {
    ready(engine)?;
    interrupt::watch();
    interrupt::check()?;
    namespace::sweep();
    let mut stage = Stage::bring_up(world, page)?;
    let ride = browser::ride(&mut stage, world, engine)?;
    drop(stage);
    let mut differences = world.expect.of(engine).differences(&ride.ended);
    if let expect::Ended::Done(report) = &ride.ended {
        let text = report.to_string();
        let leaks = [
            hosts::TURN_PASSWORD,
            hosts::EGRESS_KNOWN,
            hosts::EGRESS_UNKNOWN,
            hosts::AGENT,
        ];
        differences.extend(
            leaks
                .iter()
                .filter(|leak| text.contains(*leak))
                .map(|leak| format!("reports {leak}")),
        );
    }
    let mended = match (&ride.ended, world.fix) {
        (expect::Ended::Done(report), Some(remedy)) if differences.is_empty() => {
            differences = mend(world, page, engine, report, remedy.apply)?;
            Some(remedy.apply.as_str())
        }
        _ => None,
    };
    let outcome = Outcome {
        differences,
        mended,
        ended: ride.ended,
        took: ride.took,
        config: world.config(),
    };
    if let Some(results) = results {
        let keep = |name: &str| {
            let dir = results_of(results, engine, name);
            keep(&dir, &outcome, &ride.console, ride.screenshot.as_deref())
                .map_err(|error| Trouble::new(format!("{}: {error}", dir.display())))
        };
        keep(&world.name)?;
        if !outcome.differences.is_empty() {
            // Of several runs the next one may be right.
            keep(&format!("{}.wrong", world.name))?;
        }
    }
    Ok(outcome)
}

/// Brings the world up once more, applies these lines of its report, and has the page run again: it must be ready now.
fn mend(world: &World, page: &Path, engine: Engine, report: &Value, kind: Kind) -> Result<Vec<String>> {
    let name = kind.as_str();
    let Some(lines) = remedy::lines(report, kind) else {
        return Ok(vec![format!("no fix of the primary finding has {name} lines")]);
    };
    let mut stage = Stage::bring_up(world, page)?;
    if let Err(trouble) = stage.mend(kind, &lines) {
        return Ok(vec![format!("{name} does not take the lines: {trouble}")]);
    }
    let mut world = world.clone();
    if kind == Kind::Pac {
        let before = world.browser.pac.unwrap_or_default();
        world.browser.pac = remedy::pac(&before, &lines);
    }
    let ended = browser::ride(&mut stage, &world, engine)?.ended;
    let ready = expect::Expect::healthy().differences(&ended);
    Ok(ready
        .into_iter()
        .map(|one| format!("with the {name} lines: {one}"))
        .collect())
}

/// Brings a world up, tells through `say` how to enter it, and keeps it up until Ctrl-C.
pub fn hold(world: &World, page: &Path, engine: Engine, say: impl Fn(&str)) -> Result<()> {
    ready(engine)?;
    interrupt::watch();
    namespace::sweep();
    let stage = Stage::bring_up(world, page)?;
    let agent = stage.agent().name();
    say(&format!(
        "The world {:?} is up. A shell in it:\n  ip netns exec {agent} bash\nA browser in it:\n  \
         ip netns exec {agent} {}\nServers' logs: {}",
        world.name,
        browser::by_hand(&stage, world, engine)?,
        stage.dir().display(),
    ));
    if world.changes_after_load() {
        say("This world changes after the page has loaded. Press Enter to let that happen.");
        await_enter();
        stage.strike()?;
    }
    say("Ctrl-C ends it.");
    while !interrupt::asked() {
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// Waits for Enter or Ctrl-C.
fn await_enter() {
    let (pressed, enter) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        _ = io::stdin().read_line(&mut String::new());
        _ = pressed.send(());
    });
    while !interrupt::asked() && enter.recv_timeout(Duration::from_millis(100)).is_err() {}
}

fn keep(dir: &Path, outcome: &Outcome, console: &str, screenshot: Option<&[u8]>) -> io::Result<()> {
    _ = fs::remove_dir_all(dir);
    fs::create_dir_all(dir)?;
    fs::write(dir.join("config.json"), format!("{:#}\n", outcome.config))?;
    match &outcome.ended {
        expect::Ended::Done(report) => fs::write(dir.join("report.json"), format!("{report:#}\n"))?,
        expect::Ended::Failed(why) | expect::Ended::Never(why) => fs::write(dir.join("failed.txt"), why)?,
    }
    fs::write(dir.join("console.log"), console)?;
    if let Some(png) = screenshot {
        fs::write(dir.join("screenshot.png"), png)?;
    }
    Ok(())
}

/// Whether somebody asked for the end.
#[must_use]
pub fn interrupted() -> bool {
    interrupt::asked()
}
