//! What one run of one tool on one line told, kept as a line of JSON so that the benchmark can be run in parts.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::lines::Line;
use crate::command::{Failure, Outcome};

/// The tools, in the tables' order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tool {
    Clearline,
    Twilio,
    Jitsi,
    Cloudflare,
}

impl Tool {
    pub const ALL: [Self; 4] = [Self::Clearline, Self::Twilio, Self::Jitsi, Self::Cloudflare];

    /// As options spell it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Clearline => "clearline",
            Self::Twilio => "twilio",
            Self::Jitsi => "jitsi",
            Self::Cloudflare => "cloudflare",
        }
    }

    /// As tables and the chart call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clearline => "Clearline",
            Self::Twilio => "Twilio",
            Self::Jitsi => "Jitsi",
            Self::Cloudflare => "Cloudflare",
        }
    }

    pub fn named(name: &str) -> Outcome<Self> {
        let known = Self::ALL.into_iter().find(|tool| tool.id() == name);
        known.ok_or_else(|| {
            Failure::new(format!(
                "no tool {name}; there are: clearline, twilio, jitsi, cloudflare"
            ))
        })
    }
}

/// What a tool told; `None` is what it did not measure, or could not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// Whether it came to its own end; if not, this is what it told until then.
    pub finished: bool,
    pub duration_ms: Option<f64>,
    /// What the call's path carries.
    pub rate_kbps: Option<f64>,
    pub https_down_kbps: Option<f64>,
    pub https_up_kbps: Option<f64>,
    /// Where the tool itself calls its rate a lower bound.
    pub https_down_at_least: bool,
    pub https_up_at_least: bool,
    pub highest_clean_kbps: Option<f64>,
    /// A share.
    pub loss: Option<f64>,
    pub jitter_ms: Option<f64>,
    pub round_trip_ms: Option<f64>,
    /// The tool's own words.
    pub concluded: String,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// When, in UTC.
    pub date: String,
    pub tool: Tool,
    pub version: String,
    /// The browser with its version.
    pub browser: String,
    pub line: Line,
    /// Bytes of brotli that a visit loads in all.
    pub bytes: Option<u64>,
    /// Of these, until the page is there.
    pub bytes_first: Option<u64>,
    /// What it told, or why there is nothing.
    pub outcome: Result<Told, String>,
}

impl Record {
    pub fn told(&self) -> Option<&Told> {
        self.outcome.as_ref().ok()
    }
}

impl Told {
    /// Out of the report of a page: Clearline's own, or that of the harness around another tool.
    pub fn of(tool: Tool, report: &Value) -> Result<Self, String> {
        match tool {
            Tool::Clearline => Ok(Self::of_clearline(report)),
            _ => serde_json::from_value(report.clone()).map_err(|error| format!("no report: {error}")),
        }
    }

    fn of_clearline(report: &Value) -> Self {
        let (media, bandwidth) = (&report["media"], &report["bandwidth"]);
        let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
        let mut concluded = text(&report["verdict"]);
        if let Some(primary) = report["primary"].as_str() {
            concluded += &format!(": {primary}");
        }
        let fix = &report["fixes"][0];
        if let Some(title) = fix["title"].as_str() {
            concluded += &format!("; first step, for {}: {title}", text(&fix["owner"]));
        }
        Self {
            finished: true,
            duration_ms: report["run"]["duration_ms"].as_f64(),
            rate_kbps: media["capacity_kbps"].as_f64(),
            https_down_kbps: bandwidth["down_kbps"].as_f64(),
            https_up_kbps: bandwidth["up_kbps"].as_f64(),
            https_down_at_least: bandwidth["down_at_least"] == true,
            https_up_at_least: bandwidth["up_at_least"] == true,
            highest_clean_kbps: media["highest_clean_kbps"].as_f64(),
            loss: media["loss"].as_f64(),
            jitter_ms: media["jitter_ms"].as_f64(),
            round_trip_ms: media["round_trip_ms"].as_f64(),
            concluded,
        }
    }
}

/// Adds a run to the file.
pub fn append(file: &Path, record: &Record) -> Outcome<()> {
    let line = serde_json::to_string(record).map_err(|error| Failure::new(error.to_string()))?;
    let mut file = fs::OpenOptions::new().create(true).append(true).open(file)?;
    Ok(writeln!(file, "{line}")?)
}

/// All runs of the file; none where there is no file.
pub fn load(file: &Path) -> Outcome<Vec<Record>> {
    if !file.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(file)?;
    let read = |line: &str| {
        serde_json::from_str(line).map_err(|error| Failure::new(format!("{}: {error}", file.display())))
    };
    text.lines().map(read).collect()
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A run for tests.
    pub fn record(tool: Tool, line: Line, told: Told) -> Record {
        Record {
            date: "2026-11-25T18:00:00Z".into(),
            tool,
            version: "1.2.3".into(),
            browser: "Chromium 156".into(),
            line,
            bytes: Some(9_000),
            bytes_first: None,
            outcome: Ok(told),
        }
    }

    #[test]
    fn a_report_of_the_harness_is_taken_as_it_is() {
        let report = serde_json::json!({
            "finished": true, "duration_ms": 10010.3, "rate_kbps": 42.6, "loss": null, "jitter_ms": null,
            "round_trip_ms": null, "https_down_kbps": null, "https_up_kbps": null, "concluded": "averageBitrate 43",
        });
        let told = Told::of(Tool::Twilio, &report).expect("reads");
        assert_eq!(
            (told.rate_kbps, told.loss, told.finished),
            (Some(42.6), None, true)
        );
        assert!(Told::of(Tool::Jitsi, &Value::Null).is_err());
    }

    #[test]
    fn clearlines_conclusion_is_verdict_cause_and_first_step() {
        let report = serde_json::json!({
            "verdict": "blocked", "primary": "turn-blocked", "run": { "duration_ms": 8_000.0 },
            "fixes": [{ "owner": "network", "title": "Open the way to TURN" }],
            "media": null, "bandwidth": { "down_kbps": 900.0, "down_at_least": true },
        });
        let told = Told::of(Tool::Clearline, &report).expect("reads");
        assert_eq!(
            told.concluded,
            "blocked: turn-blocked; first step, for network: Open the way to TURN"
        );
        assert_eq!((told.rate_kbps, told.https_down_kbps), (None, Some(900.0)));
        assert!(told.https_down_at_least && !told.https_up_at_least);
    }

    #[test]
    fn runs_survive_the_file() {
        let kept = [
            record(Tool::Jitsi, Line::Narrow(40), Told::default()),
            Record {
                outcome: Err("it did not end".into()),
                ..record(Tool::Twilio, Line::Fault("turn-dropped".into()), Told::default())
            },
        ];
        let file = std::env::temp_dir().join(format!("clearline-peers-{}.jsonl", std::process::id()));
        _ = fs::remove_file(&file);
        for one in &kept {
            append(&file, one).expect("is written");
        }
        let read = load(&file).expect("reads");
        fs::remove_file(&file).expect("was there");
        assert_eq!(read, kept);
    }
}
