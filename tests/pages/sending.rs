//! What is sent of a result, read back with OpenTelemetry's own types, and what the page says of it.

use std::rc::Rc;

use clearline::config::{Config, HttpUrl, Reporting};
use clearline::report::{Report, RunStamp};
use clearline::sending::{Delivery, Kind, Trouble, deliveries, targets};
use clearline::ui::{Page, PageProps};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::metrics::v1::{metric::Data, number_data_point};
use serde_json::Value as Json;
use yew::LocalServerRenderer;

use crate::fixtures;

const ID: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
/// 2026-03-01T09:12:00.250Z
const STARTED: u64 = 1_772_356_320_250;
const HOOK: &str = "https://hooks.best-customer.example/T0/not-to-be-seen";

fn report(props: &PageProps, reveal: bool) -> Report {
    let config = props.config.as_ref().expect("a configuration");
    let stamp = RunStamp {
        id: ID.into(),
        started: "2026-03-01T09:12:00.250Z".into(),
    };
    Report::new(config, &props.link, &props.state, &stamp, &props.words, reveal)
}

fn url(text: &str) -> Option<HttpUrl> {
    Some(HttpUrl::parse(text).expect("an address"))
}

fn reporting() -> Reporting {
    Reporting {
        otlp_url: url("https://telemetry.best-customer.example/v1/logs"),
        webhook_url: url(HOOK),
    }
}

fn made(props: &PageProps) -> (Report, Vec<Delivery>) {
    let report = report(props, false);
    let made = deliveries(&report, &targets(&reporting()), 3);
    (report, made)
}

fn said<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a Value> {
    let one = attributes.iter().find(|it| it.key == key)?;
    one.value.as_ref()?.value.as_ref()
}

fn text<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a str> {
    match said(attributes, key)? {
        Value::StringValue(text) => Some(text),
        other => panic!("{key} is {other:?}"),
    }
}

fn states() -> [(PageProps, i32, &'static str); 5] {
    [
        (fixtures::ready(), 9, "ready"),
        (fixtures::degraded(), 13, "degraded"),
        (fixtures::blocked(), 17, "blocked"),
        (fixtures::inconclusive(), 10, "inconclusive"),
        (fixtures::stopped(), 10, "inconclusive"),
    ]
}

#[test]
fn the_log_record_is_opentelemetrys() {
    for (props, severity, verdict) in states() {
        let (report, made) = made(&props);
        let request: ExportLogsServiceRequest = serde_json::from_str(&made[0].body).expect("a logs request");
        let [of_resource] = &request.resource_logs[..] else {
            panic!("one resource")
        };
        let resource = &of_resource.resource.as_ref().expect("a resource").attributes;
        assert_eq!(text(resource, "service.name"), Some("clearline"));
        assert_eq!(text(resource, "service.version"), Some(env!("CARGO_PKG_VERSION")));
        assert_eq!(text(resource, "os.name"), report.environment.os.as_deref());
        let browser = report.environment.browser.as_deref();
        let split = browser.and_then(|it| it.rsplit_once(' '));
        assert_eq!(text(resource, "user_agent.name"), split.map(|it| it.0));
        let brands = said(resource, "browser.brands").map(|it| format!("{it:?}"));
        assert!(brands.is_none_or(|it| it.starts_with("ArrayValue") && it.contains(browser.unwrap())));

        let [of_scope] = &of_resource.scope_logs[..] else {
            panic!("one scope")
        };
        let [record] = &of_scope.log_records[..] else {
            panic!("one record")
        };
        assert_eq!(of_scope.scope.as_ref().expect("a scope").name, "clearline");
        assert_eq!(record.event_name, "clearline.run");
        assert_eq!(record.severity_number, severity);
        assert_eq!(record.trace_id.len(), 16);
        let end = (STARTED + report.run.duration_ms as u64) * 1_000_000;
        assert_eq!(
            (record.time_unix_nano, record.observed_time_unix_nano),
            (end, end)
        );
        let body = record.body.as_ref().and_then(|it| it.value.clone());
        assert_eq!(body, Some(Value::StringValue(format!("verdict.{verdict}"))));
        let attributes = &record.attributes;
        assert_eq!(text(attributes, "clearline.verdict"), Some(verdict));
        assert_eq!(text(attributes, "clearline.primary"), report.primary.as_deref());
        assert_eq!(text(attributes, "clearline.config"), Some(&*report.run.config));
        assert_eq!(text(attributes, "clearline.run.id"), Some(ID));
        assert_eq!(
            said(attributes, "clearline.sending.dropped"),
            Some(&Value::IntValue(3))
        );
        let fix = report.fixes.first().map(|fix| &*fix.id);
        assert_eq!(text(attributes, "clearline.fix"), fix);
    }
}

#[test]
fn the_gauges_are_opentelemetrys_and_only_what_was_measured() {
    for (props, _, verdict) in states() {
        let (report, made) = made(&props);
        let request: ExportMetricsServiceRequest =
            serde_json::from_str(&made[1].body).expect("a metrics request");
        let metrics = &request.resource_metrics[0].scope_metrics[0].metrics;
        let mut expected = vec![("clearline.run.duration", "ms", Some(report.run.duration_ms))];
        if let Some(media) = &report.media {
            expected.extend([
                ("clearline.media.round_trip", "ms", media.round_trip_ms),
                ("clearline.media.jitter", "ms", media.jitter_ms),
                ("clearline.media.loss", "1", media.loss),
                ("clearline.media.mos", "1", media.mos),
                ("clearline.media.clean_rate", "kbit/s", media.highest_clean_kbps),
                ("clearline.media.capacity", "kbit/s", media.capacity_kbps),
            ]);
        }
        expected.retain(|it| it.2.is_some());
        assert_eq!(metrics.len(), expected.len(), "{verdict}");
        for (metric, (name, unit, figure)) in metrics.iter().zip(expected) {
            assert_eq!((&*metric.name, &*metric.unit), (name, unit));
            let Some(Data::Gauge(gauge)) = &metric.data else {
                panic!("{name} is no gauge")
            };
            let [point] = &gauge.data_points[..] else {
                panic!("one point")
            };
            let Some(number_data_point::Value::AsDouble(value)) = point.value else {
                panic!("{name} has no number")
            };
            assert!((value - figure.unwrap()).abs() < 1e-6, "{name} {value}");
            assert_eq!(point.start_time_unix_nano, STARTED * 1_000_000);
            assert!(point.time_unix_nano > point.start_time_unix_nano);
            assert_eq!(text(&point.attributes, "clearline.verdict"), Some(verdict));
            assert_eq!(text(&point.attributes, "clearline.run.id"), Some(ID));
        }
    }
    let lengths = made(&fixtures::ready())
        .1
        .iter()
        .map(|it| it.body.len())
        .collect::<Vec<_>>();
    println!("bytes of logs, metrics, webhook: {lengths:?}");
}

/// 64-bit numbers are texts in OTLP's JSON mapping, which readers of JavaScript's numbers rely on.
#[test]
fn times_are_texts() {
    let (_, made) = made(&fixtures::ready());
    let json: Json = serde_json::from_str(&made[0].body).expect("JSON");
    let record = &json["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0];
    assert!(record["timeUnixNano"].is_string() && record["traceId"] == ID);
    assert!(record["severityNumber"].is_number());
}

#[test]
fn the_webhook_gets_the_report_with_shortened_addresses() {
    let (report, made) = made(&fixtures::ready());
    let sent: Json = serde_json::from_str(&made[2].body).expect("JSON");
    let saved: Json = serde_json::from_str(&report.to_json()).expect("JSON");
    assert_eq!((made[2].kind, sent), (Kind::Webhook, saved));
    assert!(
        made.iter()
            .all(|it| !it.body.contains("25.77.0.3") && it.run == ID)
    );
}

async fn shown(props: PageProps) -> String {
    LocalServerRenderer::<Page>::with_props(props)
        .hydratable(false)
        .render()
        .await
}

#[tokio::test(flavor = "current_thread")]
async fn before_the_first_run_the_page_says_where_results_go() {
    let mut props = fixtures::before();
    let silent = shown(props.clone()).await;
    let [sent, stays] = ["ui.leaves.sent", "ui.leaves.stays"].map(|key| props.words.get(key).to_owned());
    assert!(silent.contains(&stays) && !silent.contains(&sent));
    let mut config = (**props.config.as_ref().expect("a configuration")).clone();
    config.reporting = reporting();
    let allowed = config.connect_sources();
    props.config = Ok(Rc::new(config));
    let html = shown(props).await;
    assert!(html.contains(&sent) && !html.contains(&stays));
    for host in ["telemetry.best-customer.example", "hooks.best-customer.example"] {
        assert!(html.contains(host), "{host}");
        assert!(allowed.contains(&format!("https://{host}")), "{allowed:?}");
    }
    assert!(!html.contains("not-to-be-seen"));
}

#[tokio::test(flavor = "current_thread")]
async fn a_receiver_that_takes_nothing_is_one_quiet_line() {
    let well = shown(fixtures::ready()).await;
    for again in [true, false] {
        let trouble = Some(Trouble {
            kind: Kind::Webhook,
            host: "hooks.best-customer.example".into(),
            again,
        });
        let html = shown(PageProps {
            trouble,
            ..fixtures::ready()
        })
        .await;
        let begin = html.find("<p id=\"sending\"").expect("a line");
        let end = begin + html[begin..].find("</p>").expect("its end") + 4;
        assert!(html[begin..end].contains("hooks.best-customer.example"));
        assert_eq!(html[begin..end].contains("again by itself"), again);
        assert_eq!(html[..begin].to_owned() + &html[end..], well);
    }
}

#[test]
fn nowhere_by_default_and_no_metrics_beside_another_path() {
    assert!(targets(&Reporting::default()).is_empty());
    let other = Reporting {
        otlp_url: url("https://telemetry.best-customer.example/ingest"),
        webhook_url: None,
    };
    let kinds: Vec<_> = targets(&other).iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [Kind::Logs]);
    let all = targets(&reporting());
    assert_eq!(all[1].url, "https://telemetry.best-customer.example/v1/metrics");
    assert!(all.iter().all(|it| !it.mark.contains("not-to-be-seen")));
    let example = Config::parse(include_str!("../../static/config.json")).expect("the example");
    assert!(targets(&example.reporting).is_empty());
}
