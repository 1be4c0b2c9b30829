//! Results that are sent, from the release bundle in a real browser: each run is accepted once whatever the receiver does,
//! nothing goes out during a run, nothing at all by default, and the verdict stays as it is.

mod receiver;

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::browser;
use crate::command::{self, Failure, Outcome};
use crate::devtools::Page;
use crate::dist;
use crate::served::Served;
use crate::test::{self, Suite};
use crate::tools;
use receiver::{Heard, Receiver};

/// How long each step may take; a quick run takes 3 s.
const PATIENCE: Duration = Duration::from_secs(30);
/// What would be sent a second time, or elsewhere, is there after this.
const QUIET: Duration = Duration::from_millis(1_500);
const RUN: &str = "?run=auto&depth=quick";
const DONE: &str = "document.documentElement?.dataset.clearline === 'done'";

/// `cargo xtask sending`.
///
/// # Errors
/// A result was not sent as promised.
pub fn main() -> Outcome<()> {
    tools::ensure_for_page()?;
    let folder = command::target().join("dist");
    dist::build(&folder)?;
    test::report(&[suite(&folder)])
}

/// The test.
pub fn suite(folder: &Path) -> Suite {
    let name = "sending results";
    match browser::find() {
        Ok(program) => Suite::single(name, all(&program, folder)),
        Err(failure) => Suite::left_out(name, failure.to_string()),
    }
}

fn all(program: &Path, folder: &Path) -> Outcome<()> {
    let tests: [fn(&Path, &Path) -> Outcome<()>; 4] = [off, good_and_busy, slow_and_away, deaf];
    for test in tests {
        test(program, folder)?;
    }
    Ok(())
}

fn sure(so: bool, what: impl Into<String>) -> Outcome<()> {
    if so { Ok(()) } else { Err(Failure::new(what)) }
}

/// Waits for what the receiver hears.
fn until(what: &str, receiver: &Receiver, condition: impl Fn() -> bool) -> Outcome<()> {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        if Instant::now() > deadline {
            let heard = receiver.heard();
            let heard = heard
                .iter()
                .map(|it| format!("{} {} {}", it.method, it.path, it.status));
            return Err(Failure::new(format!("{what}: {:#?}", heard.collect::<Vec<_>>())));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// Waits for the end of a run, and gives its id. On this computer every line is good.
fn finished(page: &mut Page) -> Outcome<String> {
    page.until(PATIENCE, DONE)?;
    let verdict = page.evaluate("clearline.report().verdict")?;
    sure(verdict == "ready", format!("the verdict is {verdict}"))?;
    let id = page.evaluate("clearline.report().run.id")?;
    Ok(id.as_str().unwrap_or_default().to_owned())
}

/// By default nothing is sent or kept.
fn off(program: &Path, folder: &Path) -> Outcome<()> {
    let mut served = Served::open(program, folder, RUN)?;
    finished(&mut served.page)?;
    std::thread::sleep(QUIET);
    let elsewhere = "performance.getEntriesByType('resource').filter(it => !it.name.startsWith(location.origin + '/')).length";
    let count = served.page.evaluate(elsewhere)?;
    sure(count == 0, format!("{count} requests to other hosts"))?;
    let kept = served
        .page
        .evaluate("localStorage.getItem('clearline.sending')")?;
    sure(kept == Value::Null, format!("kept: {kept}"))
}

/// A collector that takes all, and a webhook that is busy at first, while the next run begins.
fn good_and_busy(program: &Path, folder: &Path) -> Outcome<()> {
    const LOGS: &str = "/good/v1/logs";
    const METRICS: &str = "/good/v1/metrics";
    const HOOK: &str = "/busy/hook";
    let receiver = Receiver::start()?;
    let reporting = json!({ "otlp_url": receiver.url(LOGS), "webhook_url": receiver.url(HOOK) });
    let mut served = Served::open_sending(program, folder, RUN, reporting)?;
    let page = &mut served.page;
    let first = finished(page)?;
    until("the first try", &receiver, || receiver.posted(HOOK).len() == 1)?;
    // The second try is due during the second run, which has the line to itself.
    page.evaluate(
        "window.turns = []; new MutationObserver(() => turns.push([document.documentElement.dataset.clearline, Date.now()]))\
         .observe(document.documentElement, { attributes: true, attributeFilter: ['data-clearline'] });\
         document.getElementById('start').click()",
    )?;
    page.until(PATIENCE, "turns.some(it => it[0] === 'done')")?;
    let second = finished(page)?;
    sure(first != second, "both runs have one id")?;
    until("all is accepted", &receiver, || {
        [LOGS, METRICS, HOOK]
            .iter()
            .all(|path| receiver.accepted(path).len() >= 2)
    })?;
    std::thread::sleep(QUIET);
    let moment = |page: &mut Page, state: &str| {
        let found = page.evaluate(&format!("turns.find(it => it[0] === '{state}')[1]"));
        found.map(|it| it.as_f64().unwrap_or_default())
    };
    let (begin, end) = (moment(page, "running")?, moment(page, "done")?);
    let heard = receiver.heard();
    let during: Vec<_> = heard
        .iter()
        .filter(|it| it.at > begin + 100.0 && it.at < end)
        .collect();
    sure(
        end - begin > 1_000.0 && during.is_empty(),
        format!("sent during a run from {begin} to {end}: {during:#?}"),
    )?;
    for path in [LOGS, METRICS, HOOK] {
        let accepted = receiver.accepted(path);
        let keys: Vec<_> = accepted
            .iter()
            .filter_map(|it| it.header("idempotency-key"))
            .collect();
        let mut sorted = keys.clone();
        sorted.sort_unstable();
        let mut both = [&*first, &*second];
        both.sort_unstable();
        sure(sorted == both, format!("{path} accepted {keys:?}, not {both:?}"))?;
        for one in &accepted {
            as_promised(one)?;
        }
    }
    // Two refusals, whichever of the two they met, and two that went well.
    let tries = receiver.posted(HOOK).len();
    sure(tries == 4, format!("{tries} tries at the busy webhook"))?;
    let lengths = [LOGS, METRICS, HOOK].map(|path| receiver.accepted(path)[0].body.len());
    println!("Bytes of a delivery: logs, metrics, webhook: {lengths:?}");
    let trouble = page.evaluate("!!document.getElementById('sending')")?;
    sure(trouble == false, "the page still complains")
}

fn as_promised(one: &Heard) -> Outcome<()> {
    let path = &one.path;
    let media = one.header("content-type");
    sure(media == Some("application/json"), format!("{path}: {media:?}"))?;
    for header in ["cookie", "referer", "authorization"] {
        let value = one.header(header);
        sure(value.is_none(), format!("{path}: {header}: {value:?}"))?;
    }
    let id = one.header("idempotency-key").unwrap_or_default();
    sure(
        one.body.contains(id),
        format!("{path} does not hold its run's id"),
    )?;
    let body: Value =
        serde_json::from_str(&one.body).map_err(|error| Failure::new(format!("{path}: {error}")))?;
    let whole = body["schema"] == "clearline.report/1"
        || body["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0]["eventName"] == "clearline.run"
        || body["resourceMetrics"][0]["scopeMetrics"][0]["metrics"][0]["name"] == "clearline.run.duration";
    sure(whole, format!("{path}: {}", one.body))
}

/// A collector that takes its time, and a webhook that has moved: results go to the configured host alone.
fn slow_and_away(program: &Path, folder: &Path) -> Outcome<()> {
    const PATHS: [&str; 2] = ["/slow/v1/logs", "/slow/v1/metrics"];
    let receiver = Receiver::start()?;
    let reporting = json!({ "otlp_url": receiver.url(PATHS[0]), "webhook_url": receiver.url("/away/hook") });
    let mut served = Served::open_sending(program, folder, RUN, reporting)?;
    finished(&mut served.page)?;
    served.page.until(
        PATIENCE,
        "document.getElementById('sending')?.textContent.includes('not sent again')",
    )?;
    until("the slow one", &receiver, || {
        PATHS.iter().all(|path| receiver.accepted(path).len() == 1)
    })?;
    std::thread::sleep(QUIET);
    finished(&mut served.page)?;
    for (path, count) in [
        (PATHS[0], 1),
        (PATHS[1], 1),
        ("/away/hook", 1),
        ("/good/elsewhere", 0),
    ] {
        let posted = receiver.posted(path).len();
        sure(posted == count, format!("{path} was posted to {posted} times"))?;
    }
    Ok(())
}

/// A receiver that answers nothing, and hears again when the page is opened anew, in a second tab beside the first.
fn deaf(program: &Path, folder: &Path) -> Outcome<()> {
    const PATHS: [&str; 2] = ["/deaf/v1/logs", "/deaf/v1/metrics"];
    let receiver = Receiver::start()?;
    let reporting = json!({ "otlp_url": receiver.url(PATHS[0]) });
    let mut served = Served::open_sending(program, folder, RUN, reporting)?;
    let id = finished(&mut served.page)?;
    served.page.until(
        PATIENCE,
        "document.getElementById('sending')?.textContent.includes('again by itself')",
    )?;
    finished(&mut served.page)?;
    let kept = served
        .page
        .evaluate("localStorage.getItem('clearline.sending')")?;
    let kept = kept.as_str().unwrap_or_default();
    sure(kept.contains(&id), "what waits is not kept")?;
    sure(!kept.contains("/deaf/"), format!("the address is kept: {kept}"))?;
    receiver.hear();
    let mut other = served.tab("")?;
    until("what was kept", &receiver, || {
        PATHS.iter().all(|path| !receiver.accepted(path).is_empty())
    })?;
    std::thread::sleep(QUIET);
    for path in PATHS {
        let keys = receiver.accepted(path);
        let keys: Vec<_> = keys
            .iter()
            .filter_map(|it| it.header("idempotency-key"))
            .collect();
        sure(keys == [&*id], format!("{path} accepted {keys:?}"))?;
    }
    let idle = "document.documentElement.dataset.clearline === 'idle'";
    other.until(PATIENCE, idle)
}
