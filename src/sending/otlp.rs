//! A report in OpenTelemetry's words: one log record and a few gauges, in the JSON mapping of OTLP (64-bit numbers are
//! texts, ids are hexadecimal, enumerations are numbers). What was not measured is not there.

use crate::canary::epoch;
use crate::diagnosis::Verdict;
use crate::few::Gather as _;
use crate::json::{Json, written};
use crate::report::{Report, word};

/// Which semantic conventions the attributes' names follow.
const CONVENTIONS: &str = "https://opentelemetry.io/schemas/1.37.0";
/// A trace's id has this many digits; a run's, too.
const TRACE_DIGITS: usize = 32;

/// The body of a request to `/v1/logs`.
pub(super) fn logs(report: &Report, dropped: u32) -> String {
    let (number, severity) = match report.verdict {
        Verdict::Ready => (9, "INFO"),
        Verdict::Inconclusive => (10, "INFO2"),
        Verdict::Degraded => (13, "WARN"),
        Verdict::Blocked => (17, "ERROR"),
    };
    let mut attributes = about_run(report);
    attributes.push(attribute("clearline.run.depth", plain(&report.run.depth)));
    if let Some(ticket) = &report.run.ticket {
        attributes.push(attribute("clearline.ticket", text(ticket)));
    }
    let standing = report.findings.iter().filter(|it| it.silenced_by.is_none());
    attributes.push(attribute("clearline.findings", texts(standing.map(|it| &it.id))));
    if let Some(fix) = report.fixes.first() {
        attributes.push(attribute("clearline.fix", text(&fix.id)));
        attributes.push(attribute("clearline.owner", plain(&fix.owner)));
    }
    if dropped > 0 {
        attributes.push(attribute("clearline.sending.dropped", whole(u64::from(dropped))));
    }
    let mut record = vec![
        ("timeUnixNano", nanoseconds(report, report.run.duration_ms)),
        (
            "observedTimeUnixNano",
            nanoseconds(report, report.run.duration_ms),
        ),
        ("severityNumber", Json::Number(number.to_string())),
        ("severityText", text(severity)),
        ("eventName", text("clearline.run")),
        (
            "body",
            value("stringValue", text(&word("verdict", &report.verdict))),
        ),
        ("attributes", Json::List(attributes)),
    ];
    let id = &report.run.id;
    if id.len() == TRACE_DIGITS && id.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        record.push(("traceId", text(id)));
    }
    request(
        report,
        ["resourceLogs", "scopeLogs", "logRecords"],
        vec![object(record)],
    )
}

/// The body of a request to `/v1/metrics`.
pub(super) fn metrics(report: &Report) -> String {
    let media = report.media.as_ref();
    let of_media = |figure: fn(&crate::report::MediaPart) -> Option<f64>| media.and_then(figure);
    let figures = [
        ("clearline.run.duration", "ms", Some(report.run.duration_ms)),
        (
            "clearline.media.round_trip",
            "ms",
            of_media(|it| it.round_trip_ms),
        ),
        ("clearline.media.jitter", "ms", of_media(|it| it.jitter_ms)),
        ("clearline.media.loss", "1", of_media(|it| it.loss)),
        ("clearline.media.mos", "1", of_media(|it| it.mos)),
        (
            "clearline.media.clean_rate",
            "kbit/s",
            of_media(|it| it.highest_clean_kbps),
        ),
        (
            "clearline.media.capacity",
            "kbit/s",
            of_media(|it| it.capacity_kbps),
        ),
    ];
    let gauge = |(name, unit, figure): (&str, &str, Option<f64>)| {
        let point = object(vec![
            ("startTimeUnixNano", nanoseconds(report, 0.0)),
            ("timeUnixNano", nanoseconds(report, report.run.duration_ms)),
            ("asDouble", Json::Number(written(&figure?))),
            ("attributes", Json::List(about_run(report))),
        ]);
        let points = value("dataPoints", Json::List(vec![point]));
        Some(object(vec![
            ("name", text(name)),
            ("unit", text(unit)),
            ("gauge", points),
        ]))
    };
    let gauges = figures.into_iter().filter_map(gauge).few();
    request(report, ["resourceMetrics", "scopeMetrics", "metrics"], gauges)
}

/// `records` of one page, under the names that logs and metrics have for the three levels.
fn request(report: &Report, [resources, scopes, list]: [&'static str; 3], records: Vec<Json>) -> String {
    let version = &report.run.app_version;
    let scope = object(vec![("name", text("clearline")), ("version", text(version))]);
    let of_scope = object(vec![("scope", scope), (list, Json::List(records))]);
    let of_resource = object(vec![
        ("resource", value("attributes", Json::List(resource(report)))),
        (scopes, Json::List(vec![of_scope])),
        ("schemaUrl", text(CONVENTIONS)),
    ]);
    value(resources, Json::List(vec![of_resource])).line()
}

/// Who tells it: this page in this browser on this system.
fn resource(report: &Report) -> Vec<Json> {
    let mut attributes = vec![
        attribute("service.name", text("clearline")),
        attribute("service.version", text(&report.run.app_version)),
    ];
    if let Some(browser) = &report.environment.browser {
        attributes.push(attribute("browser.brands", texts(std::iter::once(browser))));
        if let Some((name, version)) = browser.rsplit_once(' ') {
            attributes.push(attribute("user_agent.name", text(name)));
            attributes.push(attribute("user_agent.version", text(version)));
        }
    }
    if let Some(os) = &report.environment.os {
        attributes.push(attribute("os.name", text(os)));
        let kind = match &**os {
            "Windows" => Some("windows"),
            "macOS" | "iOS" | "iPadOS" => Some("darwin"),
            "Linux" | "Android" | "ChromeOS" => Some("linux"),
            _ => None,
        };
        if let Some(kind) = kind {
            attributes.push(attribute("os.type", text(kind)));
        }
    }
    if let Some(vdi) = &report.environment.vdi {
        attributes.push(attribute("clearline.vdi", text(vdi)));
    }
    attributes
}

/// What each record says of its run.
fn about_run(report: &Report) -> Vec<Json> {
    let mut attributes = vec![
        attribute("clearline.run.id", text(&report.run.id)),
        attribute("clearline.config", text(&report.run.config)),
        attribute("clearline.verdict", plain(&report.verdict)),
    ];
    if let Some(primary) = &report.primary {
        attributes.push(attribute("clearline.primary", text(primary)));
    }
    attributes
}

/// A moment of the run, as the mapping writes it. A page without a clock tells 0, which OTLP reads as "not known".
fn nanoseconds(report: &Report, after_ms: f64) -> Json {
    let milliseconds = epoch(&report.run.started).map_or(0.0, |started| started + after_ms);
    let milliseconds = milliseconds.max(0.0) as u64;
    let zeros = if milliseconds > 0 { "000000" } else { "" };
    Json::Text(format!("{milliseconds}{zeros}"))
}

fn attribute(key: &str, value: Json) -> Json {
    object(vec![("key", self::text(key)), ("value", kind_of(value))])
}

/// An `AnyValue`.
fn kind_of(value: Json) -> Json {
    match value {
        Json::Text(_) => self::value("stringValue", value),
        Json::List(list) => {
            let values = list.into_iter().map(kind_of).few();
            self::value("arrayValue", self::value("values", Json::List(values)))
        }
        Json::Number(digits) => self::value("intValue", Json::Text(digits)),
        other => self::value("boolValue", other),
    }
}

fn text(text: &str) -> Json {
    Json::Text(text.to_owned())
}

fn texts<'a>(all: impl Iterator<Item = &'a String>) -> Json {
    Json::List(all.map(|one| text(one)).few())
}

fn whole(number: u64) -> Json {
    Json::Number(number.to_string())
}

/// A value that serialises as a plain word.
fn plain(value: &impl serde::Serialize) -> Json {
    text(written(value).trim_matches('"'))
}

fn value(name: &str, value: Json) -> Json {
    Json::Object(vec![(name.to_owned(), value)])
}

fn object(entries: Vec<(&str, Json)>) -> Json {
    let entries = entries.into_iter();
    Json::Object(entries.map(|(name, value)| (name.to_owned(), value)).few())
}
