//! Clearline's commands: `cargo xtask help` lists them.

use std::process::ExitCode;

mod accessibility;
mod bench;
mod browser;
mod check;
mod command;
mod config;
mod crates;
mod devtools;
mod dist;
mod draft;
mod fuzz;
mod halves;
mod history;
#[cfg(target_os = "linux")]
mod inside;
mod lab;
mod matrix;
mod offline;
mod offline_page;
mod pac;
mod page;
mod rollout;
mod run;
mod sbom;
mod screenshots;
mod sending;
mod served;
mod shrink;
mod size;
mod split;
mod system;
mod test;
mod tools;
mod trap;
mod travel;
mod wallboard;

const HELP: &str = "\
cargo xtask COMMAND

  run               build the page, serve it with its own test servers on this computer, open the browser
      --check         run the test once in a headless browser and print the result; exit code 0 only for `ready`
      --http-port N   port of the page (default: a free one)
      --turn-port N   port of TURN over TCP and UDP (default: a free one)
      --no-open       do not open the browser
  check             the quick part of the tests: format, lints on both targets, native tests
  test              every test that can run here; ends with the counts
  dist              the release bundle, in dist/
  config FILE…      check configurations and name everything that is wrong with them (- is the standard input)
  lab [WORLD…]      the network laboratory (Linux, as root)
  bench lines|quality|time|soak|size|kiosk
                    how exact the page is on narrow, far and lossy lines, how fast, what it loads and leaves behind
  fuzz [TARGET…]    feed the readers of foreign text with what nobody would write; prints executions and finds
      --seconds N     how long each target runs (default: 60)
  deny              `cargo deny` for all crates: licences, bans, sources
      --advisories    known vulnerabilities too; clones their database from GitHub
  accessibility [PART…]
                    axe-core's rules, keyboard, narrow windows and paper, on the pages and the release bundle as built
  pac               the PAC checker in a real browser, with right, wrong and hostile files
  rollout           a whole rollout in the laboratory: administrator, helpdesk, agent behind a proxy that opens TLS
      --page DIR      the built page (default: built now)
  sending           sending results from the release bundle in a real browser, to receivers good and bad
  offline           the release bundle in dist/ in a real browser whose server goes and comes back
  wallboard         a wallboard in a real browser, with the bundle in dist/: its server goes and comes back with a new page
  history           the history of runs in a real browser, with the bundle in dist/: kept, shown, cleared, storage denied
  draft             the configuration view in a real browser, with the bundle in dist/
  screenshots       the pictures of docs/, from the states of the page that its tests write
  record [WORLD…]   keep the laboratory's observations as test cases
  help              this text
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_else(|| "help".into());
    let rest: Vec<String> = arguments.collect();
    let takes_none = [
        "check",
        "test",
        "dist",
        "draft",
        "pac",
        "sending",
        "offline",
        "wallboard",
        "history",
        "screenshots",
    ]
    .contains(&command.as_str());
    if let Some(unknown) = rest.first().filter(|_| takes_none) {
        eprintln!("`{command}` takes no arguments, so not `{unknown}`\n\n{HELP}");
        return ExitCode::FAILURE;
    }
    let outcome = match command.as_str() {
        "accessibility" => accessibility::main(&rest),
        "run" => run::main(&rest),
        "check" => check::main(),
        "test" => test::main(),
        "dist" => dist::main(),
        "draft" => draft::main(),
        "config" => config::main(&rest),
        "fuzz" => fuzz::main(&rest),
        "deny" => crates::deny(&rest),
        "pac" => pac::main(),
        "sending" => sending::main(),
        "rollout" => rollout::main(&rest),
        "offline" => offline_page::main(),
        "wallboard" => wallboard::main(),
        "history" => history::main(),
        "screenshots" => screenshots::main(),
        "bench" => bench::main(&rest),
        "lab" => lab::main(&rest),
        "record" => lab::record(&rest),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(command::Failure::new(format!(
            "there is no command `{other}`\n\n{HELP}"
        ))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
