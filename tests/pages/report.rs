//! The report of what the page shows: readable JSON that can be read back.

use clearline::report::{Report, RunStamp};
use clearline::ui::PageProps;
use serde_json::Value;

use crate::fixtures;

fn report(props: &PageProps, reveal: bool) -> Report {
    let config = props.config.as_ref().expect("a configuration");
    let stamp = RunStamp {
        id: "0a1b".into(),
        started: "2026-03-01T09:12:00Z".into(),
    };
    Report::new(config, &props.link, &props.state, &stamp, &props.words, reveal)
}

fn pages() -> [PageProps; 6] {
    [
        fixtures::other_browser(),
        fixtures::ready(),
        fixtures::degraded(),
        fixtures::blocked(),
        fixtures::inconclusive(),
        fixtures::stopped(),
    ]
}

#[test]
fn a_probe_is_of_the_kind_that_its_detail_says() {
    for props in pages() {
        let json: Value = serde_json::from_str(&report(&props, false).to_json()).expect("JSON");
        let probes = json["probes"].as_array().expect("a list");
        assert_eq!(probes.len(), props.state.observations.len());
        for probe in probes {
            assert_eq!(probe["kind"], probe["detail"]["kind"]);
        }
    }
}

#[test]
fn what_is_written_can_be_read_back() {
    for props in pages() {
        let written = report(&props, false);
        let read: Report = serde_json::from_str(&written.to_json()).expect("a report");
        assert_eq!(read.findings, written.findings);
        assert_eq!(read.fixes, written.fixes);
        assert_eq!(read.environment, written.environment);
        let told = |report: &Report| -> Vec<_> {
            let probes = report.probes.iter();
            probes
                .map(|probe| (probe.observation().id, probe.detail.kind(), probe.outcome.clone()))
                .collect()
        };
        assert_eq!(told(&read), told(&written));
        assert!(!read.probes.is_empty());
    }
}

#[test]
fn what_another_browser_said_is_in_the_report() {
    let props = fixtures::other_browser();
    let report = report(&props, false);
    let json: Value = serde_json::from_str(&report.to_json()).expect("JSON");
    let probes = json["probes"].as_array().expect("a list");
    let answers = probes.iter().find(|it| it["id"] == "answers").expect("answers");
    let told = serde_json::json!({ "about": "turn-blocked", "works": true });
    assert_eq!(answers["detail"]["other_browser"], told);
    let against = &json["findings"][0]["against"];
    assert!(against.to_string().contains("another browser"), "{against}");
    assert_eq!(json["fixes"][0]["id"], "mend-this-browser");
}

#[test]
fn addresses_of_the_agent_are_shortened_unless_revealed() {
    let props = fixtures::ready();
    let (short, full) = (report(&props, false).to_json(), report(&props, true).to_json());
    assert!(short.contains("25.77.0.x") && !short.contains("25.77.0.3"));
    assert!(full.contains("25.77.0.3"));
}
