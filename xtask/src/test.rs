//! `cargo xtask test`: every suite that can run here, its counts, and what was left out.

use std::io::{BufRead as _, BufReader};
use std::ops::AddAssign;

use std::process::{Command, Stdio};

use ::lab::embedded::{Embedded, Options};
use ::lab::policy;

use crate::command::{self, Failure, Outcome};
use crate::tools::{self, WASM};
use crate::{
    accessibility, browser, check, crates, dist, draft, halves, history, lab, offline_page, pac, page,
    rollout, run, sending, size, system, trap, travel, wallboard,
};

/// What the laboratory, the browser tests and those of web servers are made of, as Debian names it.
///
/// Of Apache its programs alone: the whole package would start a server at port 80.
const DEBIAN: [&str; 15] = [
    "chromium",
    "chromium-driver",
    "firefox-esr",
    "coturn",
    "squid",
    "nginx",
    "libnginx-mod-http-js",
    "apache2-bin",
    "caddy",
    "dnsmasq",
    "iproute2",
    "iptables",
    "nftables",
    "libnss3-tools",
    "openssl",
];

/// How many tests passed, failed and were left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Green.
    pub passed: u32,
    /// Red.
    pub failed: u32,
    /// Not run.
    pub skipped: u32,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// One suite and what came of it.
#[derive(Clone, Debug)]
pub struct Suite {
    /// What it covers.
    pub name: &'static str,
    /// What it counted.
    pub counts: Counts,
    /// Why it was not run, if it was not.
    pub left_out: Option<String>,
    /// What went wrong, told once more below the counts: a reader of a log's end needs no other part of it.
    pub wrong: Vec<String>,
}

impl Suite {
    /// A suite that ran.
    pub fn ran(name: &'static str, counts: Counts) -> Self {
        Self {
            name,
            counts,
            left_out: None,
            wrong: Vec::new(),
        }
    }

    /// A suite that cannot run here.
    pub fn left_out(name: &'static str, why: impl Into<String>) -> Self {
        Self {
            name,
            counts: Counts {
                skipped: 1,
                ..Counts::default()
            },
            left_out: Some(why.into()),
            wrong: Vec::new(),
        }
    }

    /// A single test.
    pub fn single(name: &'static str, outcome: Outcome<()>) -> Self {
        let passed = outcome.is_ok();
        let counts = Counts {
            passed: passed.into(),
            failed: (!passed).into(),
            skipped: 0,
        };
        let mut suite = Self::ran(name, counts);
        if let Err(failure) = outcome {
            eprintln!("{name}: {failure}");
            suite.wrong.push(format!("{name}: {failure}"));
        }
        suite
    }
}

/// `cargo xtask test`.
///
/// # Errors
/// A test failed.
pub fn main() -> Outcome<()> {
    if system::can_install() {
        system::install(&DEBIAN, "the tests need them")?;
        tools::ensure_geckodriver()?;
    }
    tools::ensure_for_page()?;
    let mut suites = vec![
        Suite::single("format and lints", check::lint()),
        Suite::single("licences and sources", crates::check()),
    ];
    suites.extend(native());
    suites.push(in_the_browser());
    suites.push(on_this_computer());
    suites.push(pac::suite(&page::development_folder()));
    suites.extend(bundle());
    suites.push(rollout::suite(&command::target().join("dist")));
    suites.extend(lab::suites(&command::target().join("dist")));
    report(&suites)
}

/// The native tests, of the page and its tools.
pub fn native() -> Vec<Suite> {
    // Apart: a running program cannot be replaced on Windows, and this one is xtask.
    let most = ["test", "--workspace", "--exclude", "xtask", "--no-fail-fast"];
    let own = ["test", "--package", "xtask", "--bin", "xtask"];
    vec![
        Suite::ran("native tests", counted(&mut command::cargo(&most))),
        Suite::ran("native tests of xtask", counted(&mut command::cargo(&own))),
    ]
}

/// The page's browser room in a real Chromium.
fn in_the_browser() -> Suite {
    let name = "tests in the browser";
    if !command::root().join("tests").join("browser.rs").is_file() {
        return Suite::left_out(name, "there are none yet");
    }
    let Some(driver) = command::on_path("chromedriver") else {
        return Suite::left_out(
            name,
            "there is no chromedriver: install the one of your Chromium or Chrome",
        );
    };
    let mut cargo = command::cargo(&[
        "test",
        "--package",
        "clearline",
        "--target",
        WASM,
        "--test",
        "browser",
    ]);
    cargo
        .env("PATH", tools::path())
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            "wasm-bindgen-test-runner",
        )
        .env("CHROMEDRIVER", driver)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    // Calls go through our own TURN server, as long as `_servers` lives.
    let _servers = match test_turn() {
        Ok((runtime, servers)) => {
            cargo.env("CLEARLINE_TEST_TURN", &servers.turn_urls()[0]);
            (runtime, servers)
        }
        Err(failure) => return Suite::single(name, Err(failure)),
    };
    Suite::ran(name, counted(&mut cargo))
}

/// The whole page against the embedded servers, in a headless browser, under the policy of production.
fn on_this_computer() -> Suite {
    let name = "the page on this computer";
    match browser::find() {
        Ok(_) => Suite::single(name, run::main(&["--check".into()])),
        Err(failure) => Suite::left_out(name, failure.to_string()),
    }
}

/// A TURN server for the user that the browser tests name.
fn test_turn() -> Outcome<(tokio::runtime::Runtime, Embedded)> {
    let runtime = tokio::runtime::Runtime::new()?;
    let options = Options {
        page_dir: command::root().join("static"),
        http_port: None,
        turn_port: None,
        content_security_policy: policy::content_security_policy(&[], &[]),
        users: vec![("demo".into(), "secret".into())],
        reporting: None,
    };
    let servers = runtime.block_on(Embedded::start(options))?;
    Ok((runtime, servers))
}

/// The release bundle: builds, stays within its size, and says no more than it should.
fn bundle() -> Vec<Suite> {
    let folder = command::target().join("dist");
    match dist::build(&folder) {
        Ok(()) => {
            let mut suites = size::suites(&folder);
            suites.push(trap::suite(&folder));
            suites.extend(halves::suites(&folder));
            suites.extend(travel::suites(&folder));
            suites.extend(history::suites(&folder));
            suites.extend(draft::suites(&folder));
            suites.extend(accessibility::suites(&folder));
            suites.push(sending::suite(&folder));
            suites.extend(wallboard::suites(&folder));
            suites.extend(offline_page::suites(&folder));
            suites
        }
        Err(failure) => vec![Suite::single("release bundle", Err(failure))],
    }
}

/// Prints the counts, ending with the line that says it all.
///
/// # Errors
/// A test failed.
pub fn report(suites: &[Suite]) -> Outcome<()> {
    let mut all = Counts::default();
    println!();
    for suite in suites {
        let Counts {
            passed,
            failed,
            skipped,
        } = suite.counts;
        match &suite.left_out {
            Some(why) => println!("{:<28} left out: {why}", suite.name),
            None => println!(
                "{:<28} {passed} passed, {failed} failed, {skipped} skipped",
                suite.name
            ),
        }
        all += suite.counts;
    }
    println!();
    for wrong in suites.iter().flat_map(|suite| &suite.wrong) {
        println!("{wrong}\n");
    }
    let skipped = if all.skipped > 0 {
        format!(", {} skipped", all.skipped)
    } else {
        String::new()
    };
    println!("{} passed, {} failed{skipped}", all.passed, all.failed);
    match all.failed {
        0 => Ok(()),
        failed => Err(Failure::new(format!("{failed} tests failed"))),
    }
}

/// Runs a `cargo test`, showing its output as it comes, and adds its result lines up. One that ends badly
/// without a failed test, such as a compile error, counts as one failure.
fn counted(command: &mut Command) -> Counts {
    let mut counts = Counts::default();
    let running = command.stdout(Stdio::piped()).spawn();
    let mut running = match running {
        Ok(running) => running,
        Err(error) => {
            eprintln!("cargo does not start: {error}");
            return Counts { failed: 1, ..counts };
        }
    };
    if let Some(output) = running.stdout.take() {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            if let Some(result) = result_line(&line) {
                counts += result;
            }
        }
    }
    let well = running.wait().is_ok_and(|status| status.success());
    if !well && counts.failed == 0 {
        counts.failed = 1;
    }
    counts
}

/// `test result: ok. 12 passed; 0 failed; 1 ignored; …`
fn result_line(line: &str) -> Option<Counts> {
    let (_, numbers) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
    let number = |what: &str| {
        let mut parts = numbers.split("; ").filter_map(|part| part.trim().split_once(' '));
        parts
            .find(|(_, label)| *label == what)
            .and_then(|(count, _)| count.parse().ok())
    };
    Some(Counts {
        passed: number("passed")?,
        failed: number("failed")?,
        skipped: number("ignored")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_are_counted() {
        let line = "test result: FAILED. 12 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(
            result_line(line),
            Some(Counts {
                passed: 12,
                failed: 2,
                skipped: 1
            })
        );
        let browser = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 filtered out; finished in 1.2s";
        assert_eq!(
            result_line(browser),
            Some(Counts {
                passed: 3,
                failed: 0,
                skipped: 0
            })
        );
        assert_eq!(result_line("test a_test ... ok"), None);
    }
}
