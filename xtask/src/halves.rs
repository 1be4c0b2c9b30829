//! The release bundle whose second half is late, or never comes: see `split`.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use crate::browser;
use crate::command::Outcome;
use crate::devtools::Page;
use crate::served::Served;
use crate::test::Suite;

/// How long each step may take: the second half is asked for three times within 3 s.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the browser opens first; the page follows when its second half is held back.
const BLANK: &str = "canary?nonce=0";

/// The tests. A bundle that was built without the tools to split it is whole at once, and has nothing to test.
pub fn suites(folder: &Path) -> Vec<Suite> {
    let names = ["bundle: second half late", "bundle: second half missing"];
    let split =
        std::fs::read_to_string(folder.join("index.html")).is_ok_and(|html| html.contains("data-later"));
    match browser::find() {
        Ok(_) if !split => names
            .map(|name| Suite::left_out(name, "the bundle is not split"))
            .to_vec(),
        Ok(program) => vec![
            Suite::single(names[0], late(&program, folder)),
            Suite::single(names[1], missing(&program, folder)),
        ],
        Err(failure) => names
            .map(|name| Suite::left_out(name, failure.to_string()))
            .to_vec(),
    }
}

/// The page at `place` without its second half.
fn held_back(program: &Path, folder: &Path, place: &str) -> Outcome<Served> {
    let mut served = Served::open(program, folder, BLANK)?;
    let url = served.address(place);
    served.page.call("Network.enable", json!({}))?;
    hold(&mut served, &["*-later-*"])?;
    served.page.call("Page.navigate", json!({ "url": url }))?;
    Ok(served)
}

fn hold(served: &mut Served, urls: &[&str]) -> Outcome<()> {
    served
        .page
        .call("Network.setBlockedURLs", json!({ "urls": urls }))
        .map(drop)
}

/// What a reader asks for before all of the app is here waits, says so, and is done. The second part takes longer than
/// everything else that the first one waits for: its own timers end first.
fn late(program: &Path, folder: &Path) -> Outcome<()> {
    let mut served = held_back(program, folder, "")?;
    let page = &mut served.page;
    page.until(PATIENCE, "!!document.getElementById('start')")?;
    page.evaluate(
        "document.querySelector('select, input[type=radio]')?.click(); document.getElementById('start').click()",
    )?;
    page.until(
        PATIENCE,
        "document.querySelector('.toast').textContent.includes('moment') \
            && document.documentElement.dataset.clearline === 'idle'",
    )?;
    // The first try failed; the second is slow.
    slow(page, 5_000)?;
    hold(&mut served, &[])?;
    std::thread::sleep(Duration::from_millis(4_500));
    let page = &mut served.page;
    slow(page, 0)?;
    page.until(
        PATIENCE,
        "document.documentElement.dataset.clearline === 'running'",
    )?;
    page.until(PATIENCE, "document.querySelector('.toast').textContent === ''")?;
    page.until(PATIENCE, "document.documentElement.dataset.clearline === 'done'")
}

/// Every answer comes so much later.
fn slow(page: &mut Page, latency_ms: u32) -> Outcome<()> {
    let conditions = json!({
        "offline": false, "latency": latency_ms, "downloadThroughput": -1, "uploadThroughput": -1,
    });
    page.call("Network.emulateNetworkConditions", conditions)
        .map(drop)
}

/// Readable words, which do not blame the line, for those who start by themselves too.
fn missing(program: &Path, folder: &Path) -> Outcome<()> {
    let mut served = held_back(program, folder, "?run=auto")?;
    served.page.until(
        PATIENCE,
        "document.getElementById('fallback')?.hidden === false \
            && document.documentElement.dataset.clearline === 'failed' \
            && document.getElementById('fallback-details').textContent.includes('What happened: ')",
    )
}
