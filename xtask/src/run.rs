//! `cargo xtask run`: the page and its own test servers on this computer, in the person's browser or, with
//! `--check`, once in a headless one.

use std::time::{Duration, Instant};

use lab::embedded::{Embedded, Options};
use lab::policy;
use serde_json::Value;

use crate::browser::{self, Browser};
use crate::command::{Failure, Outcome};
use crate::devtools::Page;
use crate::page::{self, Build};
use crate::{config, tools};

/// The longest that a headless check may take, browser start included.
const CHECK_LIMIT: Duration = Duration::from_secs(60);

/// What was asked for on the command line.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    check: bool,
    quiet: bool,
    http_port: Option<u16>,
    turn_port: Option<u16>,
}

/// `cargo xtask run`.
///
/// # Errors
/// A tool is missing, the page does not build, a port is taken, or the check's verdict is not `ready`.
pub fn main(arguments: &[String]) -> Outcome<()> {
    let asked = parse(arguments)?;
    let browser = if asked.check { Some(browser::find()?) } else { None };
    tools::ensure_for_page()?;
    page::build(Build::Development, &page::development_folder())?;

    let runtime = tokio::runtime::Runtime::new()?;
    let servers = runtime.block_on(start(&asked))?;
    println!("Clearline is at {}", servers.url());
    match browser {
        Some(program) => check(&program, servers.url()),
        None => {
            if !asked.quiet && browser::open(servers.url()).is_err() {
                println!("Open that address in a browser.");
            }
            println!("Ctrl-C ends it.");
            runtime.block_on(tokio::signal::ctrl_c())?;
            Ok(())
        }
    }
}

async fn start(asked: &Asked) -> Outcome<Embedded> {
    let options = Options {
        page_dir: page::development_folder(),
        http_port: asked.http_port,
        turn_port: asked.turn_port,
        // Everything that the embedded configuration names is of the page's own origin.
        content_security_policy: policy::content_security_policy(&[], &[]),
        users: Vec::new(),
        reporting: None,
    };
    let servers = Embedded::start(options)
        .await
        .map_err(|error| Failure::new(format!("the test servers do not start: {error}")))?;
    // A configuration that does not pass the page's own checks would be our mistake: say so before the browser does.
    config::content_security_policy(servers.config_json())?;
    Ok(servers)
}

fn parse(arguments: &[String]) -> Outcome<Asked> {
    let mut asked = Asked::default();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut port = || {
            let value = rest.next().and_then(|text| text.parse().ok());
            value
                .map(Some)
                .ok_or_else(|| Failure::new(format!("{argument} wants a port, 1 to 65535")))
        };
        match argument.as_str() {
            "--check" => asked.check = true,
            "--no-open" => asked.quiet = true,
            "--http-port" => asked.http_port = port()?,
            "--turn-port" => asked.turn_port = port()?,
            other => return Err(Failure::new(format!("`cargo xtask run` does not know `{other}`"))),
        }
    }
    Ok(asked)
}

/// Runs the test once without a window and prints what came out.
fn check(program: &std::path::Path, url: &str) -> Outcome<()> {
    let deadline = Instant::now() + CHECK_LIMIT;
    let (_browser, devtools) = Browser::start(program)?;
    let mut page = Page::open(&devtools, &format!("{url}?run=auto"))?;
    loop {
        let state = page.evaluate("document.documentElement?.dataset.clearline ?? null")?;
        match state.as_str() {
            Some("done") => break,
            Some("failed") => {
                let why = page.evaluate("document.documentElement.dataset.clearlineError ?? null")?;
                return Err(Failure::new(format!(
                    "The page could not run: {}",
                    why.as_str().unwrap_or("?")
                )));
            }
            _ if Instant::now() > deadline => {
                let state = state.as_str().unwrap_or("not loaded");
                return Err(Failure::new(format!(
                    "The check did not end within 60 s; the page is {state}."
                )));
            }
            _ => std::thread::sleep(Duration::from_millis(100)),
        }
    }
    let report = page.evaluate("JSON.stringify(window.clearline.report())")?;
    let report: Value = serde_json::from_str(report.as_str().unwrap_or("null"))
        .map_err(|error| Failure::new(format!("the report is no JSON: {error}")))?;
    print!("{}", summary(&report));
    match report["verdict"].as_str() {
        Some("ready") => Ok(()),
        verdict => Err(Failure::new(format!(
            "The verdict is {}.",
            verdict.unwrap_or("missing")
        ))),
    }
}

/// Verdict, first step and ladder, for a terminal.
fn summary(report: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("—").to_owned();
    let mut lines = vec![format!("Verdict     {}", text(&report["verdict"]))];
    if let Some(primary) = report["primary"].as_str() {
        lines.push(format!("Cause       {primary}"));
    }
    lines.push(match report["fixes"].get(0) {
        Some(fix) => format!("First step  {} ({})", text(&fix["title"]), text(&fix["owner"])),
        None => "First step  nothing to do".into(),
    });
    if let Some(duration) = report["run"]["duration_ms"].as_f64() {
        lines.push(format!("Took        {:.1} s", duration / 1000.0));
    }
    let steps = report["media"]["ladder"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    if steps.is_empty() {
        lines.push("Ladder      not measured".into());
    } else {
        lines.push("Ladder      kbps asked   sent  received   loss  jitter ms  round trip ms  clean".into());
    }
    for step in steps {
        let number = |key: &str, digits: usize| match step[key].as_f64() {
            Some(number) => format!("{number:.digits$}"),
            None => "—".into(),
        };
        let loss = step["loss"]
            .as_f64()
            .map_or("—".into(), |share| format!("{:.1}%", share * 100.0));
        let clean = if step["clean"] == true { "yes" } else { "no" };
        lines.push(format!(
            "            {:>10} {:>6} {:>9} {loss:>6} {:>10} {:>14}  {clean}",
            number("target_kbps", 0),
            number("sent_kbps", 1),
            number("received_kbps", 1),
            number("jitter_ms", 1),
            number("round_trip_ms", 0),
        ));
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn asked(line: &str) -> Outcome<Asked> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn ports_and_flags_are_read() {
        let all = asked("--check --http-port 8080 --turn-port 3478 --no-open").expect("all known");
        assert_eq!(
            all,
            Asked {
                check: true,
                quiet: true,
                http_port: Some(8080),
                turn_port: Some(3478)
            }
        );
        for bad in ["--http-port", "--http-port x", "--turn-port 70000", "--chekc"] {
            assert!(asked(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_summary_names_verdict_first_step_and_every_rung() {
        let report = json!({
            "verdict": "degraded", "primary": "media-bitrate-low", "run": { "duration_ms": 4210 },
            "fixes": [{ "title": "Use a cable", "owner": "agent" }],
            "media": { "ladder": [
                { "target_kbps": 10, "sent_kbps": 10.0, "received_kbps": 9.96, "loss": 0.0, "jitter_ms": null,
                  "round_trip_ms": 24, "clean": true },
                { "target_kbps": 16, "sent_kbps": 16.0, "received_kbps": 9.0, "loss": 0.4375, "jitter_ms": 31.0,
                  "round_trip_ms": 400, "clean": false }
            ] }
        });
        let text = summary(&report);
        for part in [
            "degraded",
            "Use a cable (agent)",
            "4.2 s",
            "43.8%",
            "—",
            "yes",
            "no",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(summary(&json!({ "verdict": "ready" })).contains("not measured"));
    }
}
