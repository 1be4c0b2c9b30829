//! Recordings: reports that the laboratory took in real browsers behind faults it had built itself. What was seen is
//! read back from `probes[].detail` and judged anew, so a better diagnosis needs no new recording. Addresses in a report
//! are shortened, so nothing that compares them can be judged here.

use std::fs;

use clearline::checkup::Conclusion;
use clearline::config::Config;
use clearline::observation::{Observation, Seen};
use clearline::units::Millis;
use serde::Deserialize;
use serde_json::Value;

/// A run in the laboratory, and what it should lead to.
pub struct Recording {
    pub title: String,
    pub config: Config,
    pub observations: Vec<Observation>,
    pub expect: Expect,
}

/// What a recording should lead to; what is left out is not compared.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    verdict: Option<String>,
    primary: Option<String>,
    /// Findings that must stand.
    must: Vec<String>,
    /// Findings that must not stand.
    must_not: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    config: Value,
    report: Report,
    expect: Expect,
}

#[derive(Deserialize)]
struct Report {
    probes: Vec<Probe>,
}

#[derive(Deserialize)]
struct Probe {
    id: String,
    target: String,
    started_ms: f64,
    duration_ms: f64,
    detail: Seen,
}

/// Every recording there is, by name.
pub fn all() -> Vec<(String, Recording)> {
    let entries = fs::read_dir(crate::story::folder().join("recorded"))
        .into_iter()
        .flatten()
        .flatten();
    let paths = entries.map(|entry| entry.path());
    let mut paths: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|it| it == "json"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).expect("a text file");
            let recording = read(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, recording)
        })
        .collect()
}

fn read(text: &str) -> Result<Recording, String> {
    let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let config = Config::parse(&file.config.to_string()).map_err(|problems| format!("{problems:?}"))?;
    let observed = |probe: Probe| Observation {
        id: probe.id,
        target: probe.target,
        started: Millis(probe.started_ms),
        duration: Millis(probe.duration_ms),
        seen: probe.detail,
    };
    let observations = file.report.probes.into_iter().map(observed).collect();
    Ok(Recording {
        title: file.title,
        config,
        observations,
        expect: file.expect,
    })
}

impl Expect {
    /// Everything in which the conclusion is not what the laboratory built.
    pub fn differences(&self, seen: &Conclusion) -> Vec<String> {
        let mut wrong = Vec::new();
        let verdict = crate::named(seen.verdict);
        if self.verdict.as_ref().is_some_and(|wanted| *wanted != verdict) {
            wrong.push(format!("verdict {verdict} instead of {:?}", self.verdict));
        }
        if self.primary.is_some() && self.primary.as_deref() != seen.primary {
            wrong.push(format!(
                "primary {:?} instead of {:?}",
                seen.primary, self.primary
            ));
        }
        let stands = |id: &String| seen.findings.iter().any(|it| it.stands() && it.id == id);
        wrong.extend(
            self.must
                .iter()
                .filter(|id| !stands(id))
                .map(|id| format!("{id} is missing")),
        );
        wrong.extend(
            self.must_not
                .iter()
                .filter(|id| stands(id))
                .map(|id| format!("{id} should not stand")),
        );
        wrong
    }
}

#[test]
fn a_recording_is_read_back() {
    let text = r#"{
        "title": "Port 443 to the voice server is closed",
        "config": { "schema": "clearline.config/1", "name": "Lab", "applications": [{ "id": "desk", "name": "Desk", "url": "https://desk.lab.example/" }],
                    "turn": [{ "id": "turn-1", "urls": ["turn:turn.lab.example:443?transport=tcp"],
                               "username": "demo", "credential": "secret" }] },
        "report": { "schema": "clearline.report/1", "probes": [
            { "id": "turn:turn-1", "kind": "turn", "target": "turn:turn.lab.example:443?transport=tcp",
              "outcome": "failed", "started_ms": 10, "duration_ms": 90,
              "detail": { "kind": "turn", "companion": false, "relay": null, "complete": true, "waited": 90,
                          "errors": [{ "code": 701, "text": "Failed to establish connection", "at": 80 }] } }
        ] },
        "expect": { "verdict": "blocked", "primary": "turn-refused", "must": ["turn-refused"], "must_not": ["turn-blocked"] }
    }"#;
    let recording = read(text).unwrap_or_else(|error| panic!("{error}"));
    let conclusion = crate::conclude(&recording.config, &recording.observations);
    assert_eq!(recording.expect.differences(&conclusion), Vec::<String>::new());
}
