//! A report that comes from elsewhere: out of a link, or a file. It is foreign, maybe hostile: nothing of it is executed
//! or fetched, every text is bounded and plain, every list is bounded, and what is not understood is left out and counted.

use crate::few::Gather as _;
use crate::json::Json;
use crate::travel::{MOST_BYTES, Unreadable};

/// The longest text that is shown; a request for a network team has some thousand characters.
const LONGEST: usize = 6_000;
/// The most entries of a list.
const MOST: usize = 200;

/// What is read of a report.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs)] // named as in docs/contract.md
pub struct Received {
    pub id: String,
    pub config: String,
    pub ticket: Option<String>,
    /// As the other computer's clock said.
    pub started: String,
    pub duration_ms: Option<f64>,
    pub app_version: String,
    /// Page or settings came from the browser's memory.
    pub kept: bool,
    pub verdict: String,
    pub primary: Option<String>,
    pub findings: Vec<ReceivedFinding>,
    pub fixes: Vec<ReceivedFix>,
    /// Id and status.
    pub activities: Vec<(String, String)>,
    pub figures: Figures,
    pub ladder: Vec<ReceivedStep>,
    pub probes: Vec<ReceivedProbe>,
    pub browser: Option<String>,
    pub os: Option<String>,
    /// Keys into the words: what the sender's page left out, so that it fits into a link.
    pub left_out: Vec<String>,
}

/// A finding that stands: one that another explains is not shown.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs)]
pub struct ReceivedFinding {
    pub id: String,
    pub severity: String,
    pub confidence: String,
    pub subject: String,
    pub evidence: Vec<String>,
    pub against: Vec<String>,
}

/// A fix.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs)]
pub struct ReceivedFix {
    pub id: String,
    pub owner: String,
    pub title: String,
    pub steps: Vec<String>,
    pub copy: String,
}

/// A step of the ladder.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs)]
pub struct ReceivedStep {
    pub target_kbps: f64,
    pub received_kbps: Option<f64>,
    pub clean: bool,
}

/// A probe.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs)]
pub struct ReceivedProbe {
    pub id: String,
    pub target: String,
    pub outcome: String,
    pub duration_ms: Option<f64>,
}

/// The figures that matter; `None` is not measured.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[allow(missing_docs)]
pub struct Figures {
    pub highest_clean_kbps: Option<f64>,
    pub capacity_kbps: Option<f64>,
    pub round_trip_ms: Option<f64>,
    pub jitter_ms: Option<f64>,
    pub loss: Option<f64>,
    pub mos: Option<f64>,
    pub up_kbps: Option<f64>,
    pub down_kbps: Option<f64>,
}

impl Received {
    /// When it started, as people read it: `2026-11-25 08:00 UTC`. What is no such time stays as it is.
    pub fn when(&self) -> String {
        match (
            self.started.get(..10),
            self.started.get(11..16),
            self.started.ends_with('Z'),
        ) {
            (Some(day), Some(time), true) => format!("{day} {time} UTC"),
            _ => self.started.clone(),
        }
    }

    /// Reads a report's JSON.
    ///
    /// # Errors
    /// Says why it is none that this page can read.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        if text.len() > MOST_BYTES {
            return Err(Unreadable::TooLong);
        }
        let json = Json::read(text.trim_start_matches('\u{feff}')).map_err(|_| {
            match text.trim_start().starts_with('{') {
                true => Unreadable::Damaged,
                false => Unreadable::NoReport,
            }
        })?;
        let schema = json.text_of("schema").unwrap_or_default();
        match schema.strip_prefix("clearline.report/").map(str::parse::<u32>) {
            Some(Ok(1)) => {}
            Some(Ok(2..)) => return Err(Unreadable::Newer),
            _ => return Err(Unreadable::NoReport),
        }
        let verdict = json.text_of("verdict").ok_or(Unreadable::Damaged)?;
        if !["ready", "degraded", "blocked", "inconclusive"].contains(&verdict) {
            return Err(Unreadable::Newer);
        }
        let run = json.get("run").ok_or(Unreadable::Damaged)?;
        let part = |key| json.get(key).unwrap_or(&Json::Null);
        let (media, bandwidth, environment) = (part("media"), part("bandwidth"), part("environment"));
        Ok(Self {
            id: text_of(run, "id"),
            config: text_of(run, "config"),
            ticket: optional(run, "ticket"),
            started: text_of(run, "started"),
            duration_ms: positive(run, "duration_ms"),
            app_version: text_of(run, "app_version"),
            kept: run.get("kept").is_some(),
            verdict: verdict.to_owned(),
            primary: optional(&json, "primary"),
            findings: some(&json, "findings")
                .filter(|finding| finding.get("silenced_by").is_none())
                .map(ReceivedFinding::of)
                .few(),
            fixes: some(&json, "fixes").map(ReceivedFix::of).few(),
            activities: some(&json, "activities")
                .map(|one| (text_of(one, "id"), text_of(one, "status")))
                .few(),
            figures: Figures {
                highest_clean_kbps: positive(media, "highest_clean_kbps"),
                capacity_kbps: positive(media, "capacity_kbps"),
                round_trip_ms: positive(media, "round_trip_ms"),
                jitter_ms: positive(media, "jitter_ms"),
                loss: positive(media, "loss").filter(|share| *share <= 1.0),
                mos: positive(media, "mos"),
                up_kbps: positive(bandwidth, "up_kbps"),
                down_kbps: positive(bandwidth, "down_kbps"),
            },
            ladder: some(media, "ladder").filter_map(ReceivedStep::of).few(),
            probes: some(&json, "probes").map(ReceivedProbe::of).few(),
            browser: optional(environment, "browser"),
            os: optional(environment, "os"),
            left_out: texts(&json, "left_out"),
        })
    }
}

impl ReceivedFinding {
    fn of(json: &Json) -> Self {
        Self {
            id: text_of(json, "id"),
            severity: text_of(json, "severity"),
            confidence: text_of(json, "confidence"),
            subject: text_of(json, "subject"),
            evidence: texts(json, "evidence"),
            against: texts(json, "against"),
        }
    }
}

impl ReceivedFix {
    fn of(json: &Json) -> Self {
        Self {
            id: text_of(json, "id"),
            owner: text_of(json, "owner"),
            title: text_of(json, "title"),
            steps: texts(json, "steps"),
            copy: text_of(json, "copy"),
        }
    }
}

impl ReceivedStep {
    fn of(json: &Json) -> Option<Self> {
        Some(Self {
            target_kbps: positive(json, "target_kbps")?,
            received_kbps: positive(json, "received_kbps"),
            clean: json.flag_of("clean")?,
        })
    }
}

impl ReceivedProbe {
    fn of(json: &Json) -> Self {
        Self {
            id: text_of(json, "id"),
            target: text_of(json, "target"),
            outcome: text_of(json, "outcome"),
            duration_ms: positive(json, "duration_ms"),
        }
    }
}

fn some<'a>(json: &'a Json, key: &str) -> impl Iterator<Item = &'a Json> {
    json.list_of(key).iter().take(MOST)
}

fn texts(json: &Json, key: &str) -> Vec<String> {
    some(json, key).filter_map(Json::text).map(plain).few()
}

fn text_of(json: &Json, key: &str) -> String {
    json.text_of(key).map(plain).unwrap_or_default()
}

fn optional(json: &Json, key: &str) -> Option<String> {
    json.text_of(key).map(plain).filter(|text| !text.is_empty())
}

/// A figure that can be one: finite, not negative, and no larger than any that this page writes.
fn positive(json: &Json, key: &str) -> Option<f64> {
    json.number_of(key).filter(|number| (0.0..1e12).contains(number))
}

/// A text as it may be shown: bounded, without control characters, and without those that turn the direction of writing
/// around, which make a text look like another one (Unicode Technical Report 36).
fn plain(text: &str) -> String {
    let shown = |letter: &char| {
        let turns = matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}');
        *letter == '\n' || !(letter.is_control() || turns)
    };
    text.chars().filter(shown).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LEAST: &str = r#"{"schema": "clearline.report/1", "verdict": "ready", "run": {"id": "7"}}"#;

    #[test]
    fn what_is_missing_stays_unknown() {
        let received = Received::read(LEAST).unwrap();
        assert_eq!((received.verdict.as_str(), received.id.as_str()), ("ready", "7"));
        assert_eq!(received.figures, Figures::default());
        assert!(received.primary.is_none() && received.findings.is_empty());
    }

    #[test]
    fn what_is_no_report_is_named() {
        let with = |from: &str, to: &str| Received::read(&LEAST.replace(from, to)).map(drop);
        assert_eq!(with("report/1", "report/2"), Err(Unreadable::Newer));
        assert_eq!(with("report/1", "config/1"), Err(Unreadable::NoReport));
        assert_eq!(with("\"ready\"", "\"splendid\""), Err(Unreadable::Newer));
        assert_eq!(with("\"run\"", "\"walk\""), Err(Unreadable::Damaged));
        assert_eq!(with("}}", "}"), Err(Unreadable::Damaged));
        assert_eq!(Received::read("<html>").map(drop), Err(Unreadable::NoReport));
        assert_eq!(
            Received::read(&" ".repeat(MOST_BYTES + 1)).map(drop),
            Err(Unreadable::TooLong)
        );
    }

    #[test]
    fn a_hostile_report_is_tamed() {
        let long = "x".repeat(LONGEST + 9);
        let probes = vec![r#"{"id": "p"}"#; MOST + 9].join(",");
        let hostile = LEAST.replace(
            "\"run\"",
            &format!(
                r#""findings": [{{"id": "\u202egnp.exe\u0007", "subject": "{long}", "evidence": [1, "a\nb"]}},
                    {{"id": "s", "silenced_by": "x"}}, 7],
                "media": {{"loss": 7, "round_trip_ms": -1, "ladder": [{{"clean": true}}]}}, "probes": [{probes}], "run""#
            ),
        );
        let received = Received::read(&hostile).unwrap();
        assert_eq!(received.findings[0].id, "gnp.exe");
        assert_eq!(received.findings[0].subject.len(), LONGEST);
        assert_eq!(received.findings[0].evidence, ["a\nb"]);
        assert_eq!(received.figures, Figures::default());
        assert_eq!(
            (
                received.findings.len(),
                received.ladder.len(),
                received.probes.len()
            ),
            (2, 0, MOST)
        );
    }

    proptest! {
        #[test]
        fn nothing_panics(text: String, inner in ".{0,40}") {
            let _ = Received::read(&text);
            let _ = Received::read(&LEAST.replace("\"7\"", &inner));
        }
    }
}
