//! Running and holding worlds.

use std::{fs, io, path::Path, time::Duration};

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
    let mended = world.fix.filter(|_| differences.is_empty());
    if let Some(remedy) = mended {
        differences = match &ride.mended {
            Some(second) => second.clone(),
            None => mend_pac(world, page, engine, &ride.ended)?,
        }
        .into_iter()
        .map(|one| format!("with the {} lines: {one}", remedy.apply.as_str()))
        .collect();
    }
    let outcome = Outcome {
        differences,
        mended: mended.map(|remedy| remedy.apply.as_str()),
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

/// Brings the world up once more, with the report's own lines in the browser's PAC file, which a browser reads at its
/// start, and has the page run again: what keeps it from being ready.
fn mend_pac(world: &World, page: &Path, engine: Engine, ended: &expect::Ended) -> Result<Vec<String>> {
    let expect::Ended::Done(report) = ended else {
        return Ok(vec!["there is no report".to_owned()]);
    };
    let Some(lines) = remedy::lines(report, Kind::Pac) else {
        return Ok(vec!["no fix of the primary finding has any".to_owned()]);
    };
    let mut world = world.clone();
    let before = world.browser.pac.unwrap_or_default();
    world.browser.pac = remedy::pac(&before, &lines.text);
    world.fix = None;
    let mut stage = Stage::bring_up(&world, page)?;
    let ended = browser::ride(&mut stage, &world, engine)?.ended;
    Ok(expect::Expect::healthy().differences(&ended))
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
