//! The tables of `docs/benchmark.md`.

use std::fmt::Write as _;

use super::figures::{Rate, Runs, lines, spread};
use super::lines::Line;
use super::record::{Record, Told, Tool};
use super::{better, packages};

/// How the columns are to be read.
const MEANING: &str = "\
Figures are medians, with the least and the most of the runs where they differ. An empty cell is what a tool does not
measure, or did not tell; nothing is filled in for it. A run that fails counts as failed and is not repeated.

- **Time** is from the start of the test to its result, by the browser's clock. Twilio's test runs until its caller stops
  it: 10 s, as in its README; where nothing came by then 15 s, as in its API's example and as its own limit. A page has
  a minute in the laboratory: what has no result after 58 s is \"not finished\", and what it told until then is shown.
  Where that happened twice there is no third run.
- **Bytes** are what a visit loads, compressed with brotli: Clearline's whole page with words and configuration, of the
  others the package alone, minified by esbuild, without a page around it.
- **Rate of**: Clearline tells what the line carries on the wire, all headers included, which is how the line is set; and
  only where that is less than clearly enough for an agent's work. Where it is more, the highest clean step of its ladder
  is all there is to tell. The others tell payload, of which a line carries less than its rate: a part of their error is headers, not
  inaccuracy. Jitsi counts 1024 bits as a kilobit.
- **Loss** is set each way, and the loop passes the line twice.
- **Jitter** is each tool's own: Clearline's is RFC 3550's, Jitsi's the standard deviation of ten round trips. What is set
  is reckoned for each.
- **Concluded** is what the tool itself said, in its documented result; for Clearline the verdict, the primary finding
  and the first step.

Every line carries 50 Mbit/s in both directions where nothing else is said. On one as fast as the machine, Cloudflare's
uploads end before the delays that it measures beside them are there, and now and then it breaks off.

Each tool is set up as its documentation says. Twilio and Jitsi are given Clearline's TURN server, user and password.
Cloudflare takes the server's name and port and always asks for UDP, so a fault of TURN over TCP alone does not meet it.
It makes its default measurements against the laboratory's web server. Its delay and jitter are of HTTPS, not of the
call's path, and are left out. Nothing is sent to anybody's collector.
";

/// The whole document.
pub fn document(records: &[Record], cores: usize) -> String {
    let mut text = head(records, cores);
    _ = write!(text, "\n{MEANING}\n## Where another tool does better\n\n");
    let better = better::sentences(records);
    match better.is_empty() {
        true => text += "Nowhere in these runs.\n",
        false => better.iter().for_each(|one| _ = writeln!(text, "- {one}")),
    }
    let parts = [
        ("A healthy line of 50 Mbit/s", healthy(records)),
        ("Narrow lines, TURN over TCP", narrow(records)),
        ("Loss, TURN over UDP", lossy(records)),
        ("Delay and jitter, TURN over UDP", late(records)),
        ("What is concluded when something is wrong", faults(records)),
    ];
    for (title, table) in parts {
        if !table.is_empty() {
            _ = write!(text, "\n## {title}\n\n{table}");
        }
    }
    text
}

fn head(records: &[Record], cores: usize) -> String {
    let days = || {
        records
            .iter()
            .map(|record| record.date.get(..10).unwrap_or_default())
    };
    let (first, last) = (days().min().unwrap_or_default(), days().max().unwrap_or_default());
    let days = match first == last {
        true => first.to_owned(),
        false => format!("{first} to {last}"),
    };
    let mut browsers: Vec<&str> = records.iter().map(|record| record.browser.as_str()).collect();
    browsers.sort_unstable();
    browsers.dedup();
    let version = |tool: Tool| {
        let newest = records.iter().rev().find(|record| record.tool == tool)?;
        let name = match packages::package(tool) {
            Some(package) => format!("{} is `{package}` {}", tool.name(), newest.version),
            None => format!("{} is this page, {}", tool.name(), newest.version),
        };
        Some(name)
    };
    let versions: Vec<String> = Tool::ALL.into_iter().filter_map(version).collect();
    format!(
        "# Beside other tools\n\n\
         Measured {days} (UTC) in the laboratory on {cores} cores with {}, one tool at a time, in turns.\n{}.\n\n\
         `cargo xtask bench peers --fresh --write` repeats it and writes this file; `--only`, `--tools`, `--rates` and\n\
         `--times` run a part of it.\n\n\
         ![How far the told rate is off, and the time to the result](benchmark.svg)\n",
        browsers.join(" and "),
        versions.join("; ")
    )
}

fn table(head: &[&str], rows: Vec<Vec<String>>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(head.iter().map(|cell| (*cell).to_owned()).collect());
    text += &format!("|{}\n", "---|".repeat(head.len()));
    for row in rows {
        text += &line(row.iter().map(|cell| cell.replace('|', "\\|")).collect());
    }
    text
}

/// The tools that ran on a line, with their runs.
fn on<'a>(records: &'a [Record], line: &Line) -> Vec<(Tool, Runs<'a>)> {
    Tool::ALL
        .into_iter()
        .map(|tool| (tool, Runs::of(records, line, tool)))
        .filter(|(_, runs)| !runs.0.is_empty())
        .collect()
}

/// Seconds, and how many runs had no end or no result.
fn time(runs: &Runs<'_>) -> String {
    let mut said: Vec<String> = Vec::new();
    let times = spread(&runs.times(), 1);
    if !times.is_empty() {
        said.push(times);
    }
    let all = runs.0.len();
    if let Some((seconds, count)) = runs.unfinished() {
        said.push(format!("not finished in {seconds:.0} ({count} of {all})"));
    }
    let failures = runs.failures();
    if let Some(why) = failures.first() {
        said.push(format!("no result ({} of {all}): {why}", failures.len()));
    }
    said.join("; ")
}

/// What the runs concluded, each once.
fn concluded(runs: &Runs<'_>) -> String {
    let mut said: Vec<String> = Vec::new();
    for record in &runs.0 {
        let one = match &record.outcome {
            Ok(told) if told.finished => told.concluded.clone(),
            Ok(told) => {
                let seconds = told.duration_ms.unwrap_or_default() / 1000.0;
                match told.concluded.is_empty() {
                    true => format!("nothing within {seconds:.0} s"),
                    false => format!("not finished within {seconds:.0} s; so far: {}", told.concluded),
                }
            }
            Err(why) => format!("no result: {why}"),
        };
        if !said.contains(&one) {
            said.push(one);
        }
    }
    said.join(" / ")
}

fn healthy(records: &[Record]) -> String {
    let rows = on(records, &Line::Healthy).into_iter().map(|(tool, runs)| {
        let newest = runs.0.last();
        let bytes = newest.and_then(|record| record.bytes);
        let first = newest.and_then(|record| record.bytes_first);
        let bytes = match (bytes, first) {
            (Some(all), Some(first)) => format!("{all} ({first} until the page is there)"),
            (Some(all), None) => all.to_string(),
            _ => String::new(),
        };
        // Rates differ from run to run: one of them stands for all.
        let said = Runs(runs.0.last().copied().into_iter().collect());
        vec![tool.name().to_owned(), time(&runs), bytes, concluded(&said)]
    });
    table(
        &["tool", "time, s", "bytes, brotli", "concluded (the last run)"],
        rows.collect(),
    )
}

fn narrow(records: &[Record]) -> String {
    let mut rows = Vec::new();
    for line in lines(records, |line| matches!(line, Line::Narrow(_))) {
        let Line::Narrow(kbps) = line else { continue };
        for (tool, runs) in on(records, &line) {
            let mut first = true;
            for rate in Rate::ALL {
                let Some(name) = rate.name(tool) else { continue };
                let bound = runs.told().any(|told| rate.at_least(told));
                let told = spread(&runs.values(|told| rate.of(told)), 0);
                let errors = runs.values(|told| rate.error(told, f64::from(kbps)));
                let clean = match rate {
                    Rate::Call => spread(&runs.values(|told| told.highest_clean_kbps), 0),
                    _ => String::new(),
                };
                rows.push(vec![
                    kbps.to_string(),
                    tool.name().to_owned(),
                    name.to_owned(),
                    match bound {
                        true => format!("at least {told}"),
                        false => told,
                    },
                    spread(&errors, 1),
                    clean,
                    match first {
                        true => time(&runs),
                        false => String::new(),
                    },
                ]);
                first = false;
            }
        }
    }
    table(
        &[
            "line, kbit/s",
            "tool",
            "rate of",
            "told, kbit/s",
            "error, %",
            "highest clean step, kbps",
            "time, s",
        ],
        rows,
    )
}

fn lossy(records: &[Record]) -> String {
    let mut rows = Vec::new();
    for line in lines(records, |line| matches!(line, Line::Lossy(_))) {
        let Some(set) = line.loss() else { continue };
        for (tool, runs) in on(records, &line) {
            let percent = |told: &Told| told.loss.map(|share| share * 100.0);
            rows.push(vec![
                format!("{set:.1}"),
                tool.name().to_owned(),
                spread(&runs.values(percent), 1),
                spread(&runs.values(|told| Some(percent(told)? - set)), 1),
                time(&runs),
            ]);
        }
    }
    table(
        &["loss set, %", "tool", "told, %", "error, points", "time, s"],
        rows,
    )
}

fn late(records: &[Record]) -> String {
    let mut rows = Vec::new();
    for line in lines(records, |line| matches!(line, Line::Late(..))) {
        for (tool, runs) in on(records, &line) {
            let Some((trip, jitter)) = line.lateness(tool) else {
                continue;
            };
            rows.push(vec![
                tool.name().to_owned(),
                format!("{trip:.0}"),
                spread(&runs.values(|told| told.round_trip_ms), 0),
                format!("{jitter:.1}"),
                spread(&runs.values(|told| told.jitter_ms), 1),
                time(&runs),
            ]);
        }
    }
    table(
        &[
            "tool",
            "round trip set, ms",
            "told",
            "jitter set, ms",
            "told",
            "time, s",
        ],
        rows,
    )
}

fn faults(records: &[Record]) -> String {
    let mut rows = Vec::new();
    for line in lines(records, |line| matches!(line, Line::Fault(_))) {
        let title = line.world().map(|world| world.title).unwrap_or_default();
        for (tool, runs) in on(records, &line) {
            rows.push(vec![
                format!("`{}`: {title}", line.label()),
                tool.name().to_owned(),
                spread(&runs.times(), 1),
                concluded(&runs),
            ]);
        }
    }
    table(&["world", "tool", "after, s", "concluded"], rows)
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::record;
    use super::*;

    fn told(rate: Option<f64>, seconds: f64) -> Told {
        Told {
            finished: true,
            duration_ms: Some(seconds * 1000.0),
            rate_kbps: rate,
            concluded: "low | bitrate".into(),
            ..Told::default()
        }
    }

    #[test]
    fn what_is_not_measured_stays_empty() {
        let records = [
            record(Tool::Twilio, Line::Narrow(100), told(Some(43.0), 10.0)),
            record(Tool::Twilio, Line::Narrow(100), told(Some(45.0), 10.0)),
            record(Tool::Clearline, Line::Narrow(100), told(None, 16.0)),
        ];
        let text = narrow(&records);
        assert!(
            text.contains(
                "| 100 | Twilio | data channel, payload | 45 (43 to 45) | -55.0 (-57.0 to -55.0) |  | 10.0 |"
            ),
            "{text}"
        );
        assert!(
            text.contains("| 100 | Clearline | the call, on the wire |  |  |  | 16.0 |"),
            "{text}"
        );
        assert!(!text.contains("Jitsi"));
    }

    #[test]
    fn a_lower_bound_is_called_one() {
        let bound = Told {
            https_down_kbps: Some(1700.0),
            https_down_at_least: true,
            ..told(None, 8.0)
        };
        let text = narrow(&[record(Tool::Clearline, Line::Narrow(2000), bound)]);
        assert!(
            text.contains("| HTTPS down, payload | at least 1700 |  |  |  |"),
            "{text}"
        );
    }

    #[test]
    fn no_end_and_no_result_are_said() {
        let line = Line::Fault("turn-dropped".into());
        let endless = Told {
            duration_ms: Some(58_004.0),
            ..Told::default()
        };
        let mut failed = record(Tool::Twilio, line.clone(), Told::default());
        failed.outcome = Err("it did not end".into());
        let records = [record(Tool::Jitsi, line, endless), failed];
        let text = faults(&records);
        assert!(text.contains("| Jitsi |  | nothing within 58 s |"), "{text}");
        assert!(
            text.contains("| Twilio |  | no result: it did not end |"),
            "{text}"
        );
        assert!(
            text.contains("`turn-dropped`: The firewall drops packets to TURN"),
            "{text}"
        );
        assert_eq!(
            time(&Runs(vec![&records[0], &records[1]])),
            "not finished in 58 (1 of 2); no result (1 of 2): it did not end"
        );
    }

    #[test]
    fn the_document_has_what_was_run_and_no_more() {
        let records = [record(Tool::Jitsi, Line::Healthy, told(Some(49_000.0), 4.5))];
        let text = document(&records, 2);
        assert!(
            text.starts_with("# Beside other tools\n\nMeasured 2026-11-25 (UTC)"),
            "{text}"
        );
        assert!(
            text.contains("`@jitsi/precall-test` 1.2.3") && text.contains("on 2 cores with Chromium 156")
        );
        assert!(
            text.contains("| Jitsi | 4.5 | 9000 | low \\| bitrate |"),
            "{text}"
        );
        assert!(!text.contains("## Loss") && text.contains("Nowhere in these runs."));
    }
}
