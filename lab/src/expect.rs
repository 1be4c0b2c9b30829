//! What a world must make the page conclude, and whether a report does.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::world::Engine;

/// Every run must end within this, whatever the network does (contract, section 4).
const LIMIT_S: u32 = 45;

/// The `[expect]` table of a world.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The verdict, or any one of a list where the truth lies on an edge; absent only where the page cannot run.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    pub verdict: Names,
    /// The page must refuse to run, with these words in `data-clearline-error`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
    /// The finding to act on first; any one of a list. Must be null where the verdict is `ready`.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    pub primary: Names,
    /// Findings that must be there, silenced or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must: Vec<String>,
    /// Findings that must not be there as a problem of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must_not: Vec<String>,
    /// The ladder's highest clean step lies between these, ends included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub highest_clean_kbps: Option<Range>,
    /// The narrower direction that the report must name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limited_direction: Option<String>,
    /// What the report must list as not measurable in this browser.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_measurable: Vec<String>,
    /// No finding above `info`.
    #[serde(default)]
    pub silent_above_info: bool,
    /// Seconds that the run may take.
    #[serde(default = "limit_s")]
    pub limit_s: u32,
    /// What Firefox must make of it, whole, where it cannot see what Chromium sees; with the reason as a comment.
    #[serde(default, skip_serializing)]
    pub firefox: Option<Box<Expect>>,
}

/// One name, or several of which any will do.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Names {
    /// This one.
    One(String),
    /// Any of these.
    AnyOf(Vec<String>),
}

/// A closed range of rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Least, kbps; 0 also admits "no clean step".
    pub least: u32,
    /// Most, kbps.
    pub most: u32,
}

/// How the page ended.
#[derive(Debug, Clone)]
pub enum Ended {
    /// `data-clearline=done`, with the report.
    Done(Value),
    /// `data-clearline=failed`, with `data-clearline-error`.
    Failed(String),
    /// Neither, until the laboratory's patience ended.
    Never(String),
}

impl Expect {
    /// What a whole line must conclude.
    #[must_use]
    pub fn healthy() -> Expect {
        Expect {
            verdict: Names::One("ready".to_owned()),
            silent_above_info: true,
            limit_s: limit_s(),
            ..Expect::default()
        }
    }

    /// What this browser must make of it.
    #[must_use]
    pub fn of(&self, engine: Engine) -> &Expect {
        match (engine, &self.firefox) {
            (Engine::Firefox, Some(own)) => own,
            _ => self,
        }
    }

    /// A contradiction in the expectation itself.
    pub fn check(&self) -> Result<(), String> {
        let known = ["ready", "degraded", "blocked", "inconclusive"];
        match (self.verdict.is_empty(), &self.failed) {
            (true, None) => Err("expect needs a verdict, or failed".to_owned()),
            (false, Some(_)) => Err("a page that fails gives no verdict".to_owned()),
            _ => match self
                .verdict
                .all()
                .iter()
                .find(|verdict| !known.contains(&verdict.as_str()))
            {
                Some(verdict) => Err(format!("there is no verdict {verdict}")),
                None => Ok(()),
            },
        }
    }

    /// Whether this finding is what it is about.
    #[must_use]
    pub fn names(&self, id: &str) -> bool {
        self.primary.has(id) || self.must.iter().any(|must| must == id)
    }

    /// In a few words, for the table.
    #[must_use]
    pub fn summary(&self) -> String {
        match (self.verdict.is_empty(), self.primary.is_empty()) {
            (true, _) => "refuses to run".to_owned(),
            (false, true) => self.verdict.text(),
            (false, false) => format!("{}: {}", self.verdict.text(), self.primary.text()),
        }
    }

    /// Everything about the ending that is not as expected.
    #[must_use]
    pub fn differences(&self, ended: &Ended) -> Vec<String> {
        match (ended, &self.failed) {
            (Ended::Never(state), _) => vec![format!("the run never ended: {state}")],
            (Ended::Failed(error), Some(words)) if error.contains(words.as_str()) => Vec::new(),
            (Ended::Failed(error), Some(words)) => vec![format!("failed with {error:?}, wanted {words:?}")],
            (Ended::Failed(error), None) => vec![format!("the page failed: {error}")],
            (Ended::Done(_), Some(_)) => vec!["the page ran, but must refuse".to_owned()],
            (Ended::Done(report), None) => self.report_differences(report),
        }
    }

    fn report_differences(&self, report: &Value) -> Vec<String> {
        let mut differences = Vec::new();
        let mut differ = |text: String| differences.push(text);

        let verdict = report["verdict"].as_str();
        if !verdict.is_some_and(|verdict| self.verdict.has(verdict)) {
            differ(format!("verdict {}", verdict.unwrap_or("missing")));
        }
        let primary = report["primary"].as_str();
        let primary_right = match primary {
            None => verdict == Some("ready"),
            Some(id) => verdict != Some("ready") && (self.primary.is_empty() || self.primary.has(id)),
        };
        if !primary_right {
            differ(format!("primary {}", primary.unwrap_or("null")));
        }

        let findings = report["findings"].as_array().map_or(&[][..], Vec::as_slice);
        for id in &self.must {
            if !findings.iter().any(|finding| finding["id"] == id.as_str()) {
                differ(format!("no {id}"));
            }
        }
        for finding in findings.iter().filter(|finding| finding["silenced_by"].is_null()) {
            let id = finding["id"].as_str().unwrap_or("?");
            if self.must_not.iter().any(|unwanted| unwanted == id) {
                differ(format!("has {id}"));
            } else if self.silent_above_info && finding["severity"] != "info" {
                differ(format!(
                    "has {id} ({})",
                    finding["severity"].as_str().unwrap_or("?")
                ));
            }
        }

        let admitted = report["environment"]["not_measurable"].as_array();
        for what in &self.not_measurable {
            if !admitted.is_some_and(|all| all.iter().any(|one| one == what.as_str())) {
                differ(format!("does not say that {what} is not measurable"));
            }
        }

        if let Some(range) = self.highest_clean_kbps {
            let highest = report["media"]["highest_clean_kbps"].as_f64();
            let within = highest.map_or(range.least == 0, |kbps| {
                kbps >= f64::from(range.least) && kbps <= f64::from(range.most)
            });
            if !within {
                differ(format!(
                    "highest clean step {}",
                    report["media"]["highest_clean_kbps"]
                ));
            }
        }
        if let Some(direction) = &self.limited_direction {
            let seen = report["media"]["limited_direction"].as_str();
            if seen != Some(direction) {
                differ(format!("limited direction {}", seen.unwrap_or("null")));
            }
        }
        match report["run"]["duration_ms"].as_f64() {
            None => differ("no duration".to_owned()),
            Some(duration) if duration > f64::from(self.limit_s) * 1000.0 => {
                differ(format!(
                    "took {:.1} s, limit {} s",
                    duration / 1000.0,
                    self.limit_s
                ));
            }
            Some(_) => {}
        }
        differences
    }
}

impl Names {
    fn is_empty(&self) -> bool {
        self.all().is_empty()
    }

    fn all(&self) -> &[String] {
        match self {
            Names::One(one) => std::slice::from_ref(one),
            Names::AnyOf(names) => names,
        }
    }

    fn has(&self, name: &str) -> bool {
        self.all().iter().any(|one| one == name)
    }

    fn text(&self) -> String {
        self.all().join(" or ")
    }
}

impl Default for Names {
    fn default() -> Self {
        Names::AnyOf(Vec::new())
    }
}

/// What a page concluded, in a few words, for the table.
#[must_use]
pub fn conclusion(ended: &Ended) -> String {
    match ended {
        Ended::Done(report) => {
            let verdict = report["verdict"].as_str().unwrap_or("no verdict");
            report["primary"]
                .as_str()
                .map_or(verdict.to_owned(), |primary| format!("{verdict}: {primary}"))
        }
        Ended::Failed(_) => "refuses to run".to_owned(),
        Ended::Never(_) => "never ended".to_owned(),
    }
}

fn limit_s() -> u32 {
    LIMIT_S
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn expect(text: &str) -> Expect {
        toml::from_str(text).expect("the test's own text parses")
    }

    fn report(verdict: &str, primary: Option<&str>, findings: &Value) -> Ended {
        Ended::Done(
            json!({"verdict": verdict, "primary": primary, "findings": findings,
            "run": {"duration_ms": 4000}, "media": {"highest_clean_kbps": 32}}),
        )
    }

    fn finding(id: &str, severity: &str, silenced_by: Option<&str>) -> Value {
        json!({"id": id, "severity": severity, "silenced_by": silenced_by})
    }

    #[test]
    fn a_healthy_line_bears_info_and_nothing_above() {
        let healthy = expect("verdict = 'ready'\nsilent_above_info = true");
        let quiet = report(
            "ready",
            None,
            &json!([finding("vdi-path-unproven", "info", None)]),
        );
        assert!(healthy.differences(&quiet).is_empty());
        let loud = report("ready", None, &json!([finding("jitter-high", "advice", None)]));
        assert_eq!(healthy.differences(&loud), ["has jitter-high (advice)"]);
    }

    #[test]
    fn a_symptom_that_was_silenced_is_no_finding_of_its_own() {
        let blocked =
            expect("verdict = 'blocked'\nprimary = 'offline'\nmust = ['offline']\nmust_not = ['dns-failed']");
        let findings = json!([
            finding("offline", "blocker", None),
            finding("dns-failed", "blocker", Some("offline"))
        ]);
        assert!(
            blocked
                .differences(&report("blocked", Some("offline"), &findings))
                .is_empty()
        );
    }

    #[test]
    fn on_an_edge_any_of_several_verdicts_will_do() {
        let edge = expect("verdict = ['blocked', 'degraded']\nprimary = 'x'");
        assert!(edge.check().is_ok());
        assert!(
            edge.differences(&report("degraded", Some("x"), &json!([])))
                .is_empty()
        );
        assert_eq!(
            edge.differences(&report("inconclusive", Some("x"), &json!([]))),
            ["verdict inconclusive"]
        );
        assert!(expect("verdict = ['blocked', 'splendid']").check().is_err());
    }

    #[test]
    fn any_of_several_primaries_will_do_but_null_will_not() {
        let either = expect("verdict = 'blocked'\nprimary = ['turn-blocked', 'turn-inspected']");
        assert!(
            either
                .differences(&report("blocked", Some("turn-inspected"), &json!([])))
                .is_empty()
        );
        assert_eq!(
            either.differences(&report("blocked", None, &json!([]))),
            ["primary null"]
        );
        assert_eq!(
            either.differences(&report("blocked", Some("offline"), &json!([]))),
            ["primary offline"]
        );
    }

    #[test]
    fn the_ladder_and_the_clock_are_held_to_their_limits() {
        let narrow =
            expect("verdict = 'degraded'\nhighest_clean_kbps = { least = 48, most = 64 }\nlimit_s = 3");
        let differences = narrow.differences(&report("degraded", Some("x"), &json!([])));
        assert_eq!(differences, ["highest clean step 32", "took 4.0 s, limit 3 s"]);
    }

    #[test]
    fn no_clean_step_counts_as_zero() {
        let none = expect("verdict = 'blocked'\nhighest_clean_kbps = { least = 0, most = 10 }");
        let ended = Ended::Done(
            json!({"verdict": "blocked", "primary": "x", "findings": [], "media": null,
            "run": {"duration_ms": 1}}),
        );
        assert!(none.differences(&ended).is_empty());
    }

    #[test]
    fn a_refusal_must_say_why() {
        let refusal = expect("failed = 'turn[0]'");
        assert!(
            refusal
                .differences(&Ended::Failed("at turn[0].urls: …".to_owned()))
                .is_empty()
        );
        assert_eq!(refusal.differences(&Ended::Failed("boom".to_owned())).len(), 1);
        assert_eq!(refusal.differences(&report("ready", None, &json!([]))).len(), 1);
        assert!(expect("verdict = 'ready'").check().is_ok());
        assert!(expect("verdict = 'splendid'").check().is_err() && expect("").check().is_err());
    }
}
