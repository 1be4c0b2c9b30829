//! The history of a browser's runs, in a real browser: kept, shown, cleared; and a storage that is denied, full or damaged.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use crate::browser;
use crate::command::{self, Failure, Outcome};
use crate::devtools::Page;
use crate::served::Served;
use crate::test::{self, Suite};

/// How long each step may take; a quick run takes 3 s.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the browser opens first; the page follows when its storage is as the test wants it.
const BLANK: &str = "canary?nonce=0";

const RUN: &str = "?run=auto&depth=quick";

const DONE: &str = "document.documentElement?.dataset.clearline === 'done'";

/// The lines that are kept: the first says what they are, and behind the last is nothing.
const LINES: &str = "(localStorage.getItem('clearline.history') ?? '').split('\\n')";

/// The way in.
const LINK: &str = "!!document.querySelector('main a[href=\"#history\"]')";

/// A microphone that the browser withholds.
const MUTE: &str = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('withheld', 'NotAllowedError')); 0";

/// A storage that a policy denies.
const DENIED: &str = "Object.defineProperty(window, 'localStorage', \
    { get() { throw new DOMException('denied', 'SecurityError'); } });";

/// A storage in which nothing has room any more.
const FULL: &str = "localStorage.clear(); for (let size = 4e6; size >= 1; size = Math.floor(size / 2)) \
    for (let more = true; more;) \
        try { localStorage.setItem('f' + localStorage.length, 'x'.repeat(size)); } catch { more = false; }";

/// `cargo xtask history`: the tests alone, with the bundle that `cargo xtask dist` has left.
///
/// # Errors
/// A test failed.
pub fn main() -> Outcome<()> {
    test::report(&suites(&command::root().join("dist")))
}

/// The tests.
pub fn suites(folder: &Path) -> Vec<Suite> {
    type Test = fn(&Path, &Path) -> Outcome<()>;
    const ALL: [(&str, Test); 3] = [
        ("history: kept and cleared", kept),
        ("history: storage denied", denied),
        ("history: storage damaged", damaged),
    ];
    match browser::find() {
        Ok(program) => ALL
            .map(|(name, test)| Suite::single(name, test(&program, folder)))
            .to_vec(),
        Err(failure) => ALL
            .map(|(name, _)| Suite::left_out(name, failure.to_string()))
            .to_vec(),
    }
}

fn expect(page: &mut Page, what: &str, condition: &str) -> Outcome<()> {
    page.expect(PATIENCE, what, condition)
}

fn kept(program: &Path, folder: &Path) -> Outcome<()> {
    let mut served = Served::open(program, folder, RUN)?;
    let page = &mut served.page;
    expect(page, "the first run", DONE)?;
    expect(page, "it is kept", &format!("{LINES}.length === 3"))?;
    expect(page, "the way to it", LINK)?;
    // What the agent does after the run, and what follows from it, belongs to the same run.
    page.evaluate(MUTE)?;
    page.evaluate("document.querySelector('[data-action=headset]').click()")?;
    let anew = format!("{LINES}.length === 3 && / bq - [a-z]/.test({LINES}[1])");
    expect(page, "it is concluded anew", &anew)?;
    page.evaluate("document.getElementById('start').click()")?;
    expect(
        page,
        "it runs again",
        "document.documentElement.dataset.clearline === 'running'",
    )?;
    expect(page, "the second run", DONE)?;
    expect(page, "both are kept", &format!("{LINES}.length === 4"))?;
    let plain = format!(
        "{LINES}.slice(1, -1).every(it => /^\\d{{13}} [0-9a-f]{{8}} bq - [a-z-]+ [-0-9+ ]+$/.test(it))"
    );
    expect(page, "as figures and nothing else", &plain)?;

    let mut view = served.tab("?depth=quick#history")?;
    expect(
        &mut view,
        "both are shown",
        "document.querySelectorAll('tbody tr').length === 2 && document.querySelectorAll('svg.chart .rung.bad').length === 2",
    )?;
    expect(
        &mut view,
        "their figures are drawn",
        "document.querySelectorAll('.round-trip circle').length >= 4",
    )?;
    expect(
        &mut view,
        "nothing is run or claimed",
        "!document.getElementById('start') && document.querySelector('.lead').textContent.includes('too few')",
    )?;
    let asked =
        "performance.getEntriesByType('resource').filter(it => /canary|credentials/.test(it.name)).length";
    let asked = view.evaluate(asked)?;
    if asked != 0 {
        return Err(Failure::new(format!("the view asked servers {asked} times")));
    }
    for (language, time) in [
        ("de", "^\\d\\d\\.\\d\\d\\.\\d{4}, \\d\\d:\\d\\d$"),
        ("en", ", \\d{4}, "),
    ] {
        view.evaluate(&format!(
            "document.querySelector('#languages [lang={language}]').click()"
        ))?;
        expect(
            &mut view,
            "each with its time as the language writes it",
            &format!(
                "document.documentElement.lang === '{language}' && [...document.querySelectorAll('tbody th')].every(it => /{time}/.test(it.textContent))"
            ),
        )?;
    }
    view.evaluate("localStorage.setItem('clearline.last', '{}')")?;
    expect(
        &mut view,
        "the button is behind a fold",
        "!document.getElementById('history-clear').open && !!document.querySelector('[data-action=clear-history]')",
    )?;
    view.evaluate("document.querySelector('#history-clear summary').click()")?;
    view.evaluate("document.querySelector('[data-action=clear-history]').click()")?;
    expect(
        &mut view,
        "it is cleared, and the last report too",
        "localStorage.getItem('clearline.history') === null && localStorage.getItem('clearline.last') === null",
    )?;
    expect(
        &mut view,
        "the page says so",
        "document.querySelector('.toast').textContent.includes('cleared') && !document.querySelector('tbody tr')",
    )?;
    expect(
        &mut view,
        "the focus is at the top of what is left",
        "document.activeElement?.id === 'history'",
    )?;
    // A moment later, so that the answer is not lost with the page.
    view.evaluate("setTimeout(() => document.querySelector('a[href=\"#\"]').click(), 50)")?;
    expect(
        &mut view,
        "the way back, with the link's parameters",
        &format!("location.search === '?depth=quick' && !!document.getElementById('start') && !({LINK})"),
    )
}

/// The page at `place`, whose storage was made ready by `script` before any of its own code.
fn prepared(program: &Path, folder: &Path, script: &str, place: &str) -> Outcome<Served> {
    let mut served = Served::open(program, folder, BLANK)?;
    let url = served.address(place);
    let page = &mut served.page;
    page.until(
        PATIENCE,
        "location.pathname === '/canary' && document.readyState === 'complete'",
    )?;
    page.call("Page.enable", json!({}))?;
    match script {
        DENIED => page.call(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": script }),
        )?,
        _ => page.evaluate(script)?,
    };
    page.call("Page.navigate", json!({ "url": url }))?;
    Ok(served)
}

fn denied(program: &Path, folder: &Path) -> Outcome<()> {
    let mut served = prepared(program, folder, DENIED, RUN)?;
    let url = served.address("?depth=quick#history");
    let page = &mut served.page;
    let ready = "document.querySelector('[data-verdict]')?.dataset.verdict === 'ready'";
    expect(
        page,
        "a run without a storage",
        &format!("{DONE} && {ready} && !({LINK})"),
    )?;
    page.call("Page.navigate", json!({ "url": url }))?;
    expect(
        page,
        "an empty history",
        "document.querySelector('.lead')?.textContent.startsWith('No check') \
            && !document.querySelector('[data-action=clear-history]')",
    )
}

fn damaged(program: &Path, folder: &Path) -> Outcome<()> {
    let full = prepared(program, folder, FULL, RUN)?;
    let mut page = full.page;
    expect(&mut page, "a run with a full storage", DONE)?;
    drop(page);
    let script = "localStorage.setItem('clearline.history', \
        'clearline.history/1\\n1 2 3\\n\\u0000\\ud800\\n1795428000000 00000000 bf - turn-blocked - - - - - - -\\n' + 'x'.repeat(300))";
    let mut served = prepared(program, folder, script, RUN)?;
    let url = served.address("?depth=quick#history");
    let page = &mut served.page;
    expect(
        page,
        "a run with a damaged history",
        &format!("{DONE} && {LINES}.at(-2)?.includes(' rq ')"),
    )?;
    page.call("Page.navigate", json!({ "url": url }))?;
    expect(
        page,
        "what can be read is shown",
        "document.querySelectorAll('tbody tr').length === 2",
    )
}
