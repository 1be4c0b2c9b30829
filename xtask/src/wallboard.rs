//! A wallboard in a real browser: it runs, its server goes away and comes back with another deployment, and it goes on.

mod locked;
mod picture;
mod seen;

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::browser;
use crate::command::{self, Failure, Outcome};
use crate::dist::VERSION;
use crate::served::{self, Served};
use crate::test::{self, Suite};

/// With what a browser is started that nobody can do anything else with: the flags of `docs/kiosk.md`, no permission is
/// granted, nothing opens beside the page, and nothing plays without the gesture that never comes.
pub const LOCKED_DOWN: [&str; 11] = [
    "--kiosk",
    "--noerrdialogs",
    "--disable-session-crashed-bubble",
    "--disable-infobars",
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--deny-permission-prompts",
    "--block-new-web-contents",
    "--autoplay-policy=document-user-activation-required",
];

/// A quick run takes 3 s on a healthy line.
const PATIENCE: Duration = Duration::from_secs(30);

/// Until the next run has started and ended: within 42 s of the last one, or 30 s when that was doubted.
const NEXT: Duration = Duration::from_secs(60);

/// What the browser opens first; the wallboard follows when its phase is set.
const BLANK: &str = "canary?nonce=0";

/// The board of a browser whose own moment is 32 s from now, so that the test waits no longer than it has to.
const PHASE: &str = "localStorage.setItem('clearline.board', \
    `clearline.board/1 ${Math.floor((Date.now() / 1000 + 32) % 30 / 30 * 65536)} - -`)";

/// What is remembered of runs.
const RUNS: &str = "(localStorage.getItem('clearline.board') ?? '').split(' ').slice(4)";

const DONE: &str = "document.documentElement?.dataset.clearline === 'done'";

/// `cargo xtask wallboard`: the test alone, with the bundle that `cargo xtask dist` has left.
///
/// # Errors
/// The test failed.
pub fn main() -> Outcome<()> {
    test::report(&suites(&command::root().join("dist")))
}

/// The tests, on the release bundle in `folder` and on the pages in `target/pages/`.
pub fn suites(folder: &Path) -> Vec<Suite> {
    let names = ["the wallboard", "wallboard: locked down", "wallboard: from afar"];
    match browser::find() {
        Ok(program) => vec![
            Suite::single(names[0], served::apart(folder, |copy| goes_on(&program, copy))),
            Suite::single(names[1], locked::suite(&program, folder)),
            Suite::single(names[2], seen::suite(&program)),
        ],
        Err(failure) => names
            .map(|name| Suite::left_out(name, failure.to_string()))
            .to_vec(),
    }
}

fn goes_on(program: &Path, folder: &Path) -> Outcome<()> {
    let mut served = Served::open(program, folder, BLANK)?;
    served.page.until(
        PATIENCE,
        "location.pathname === '/canary' && document.readyState === 'complete'",
    )?;
    served.page.evaluate(PHASE)?;
    let url = served.address("?mode=kiosk&every=30&depth=quick");
    served.page.call("Network.enable", json!({}))?;
    served.page.call("Page.navigate", json!({ "url": url }))?;

    expect(&mut served, PATIENCE, "the first run ends", DONE)?;
    let ready = "document.querySelector('main')?.dataset.verdict === 'ready'";
    expect(&mut served, PATIENCE, "it is ready", ready)?;
    let kept = format!("/^r[0-9]+$/.test({RUNS}[0])");
    expect(&mut served, PATIENCE, "it is remembered", &kept)?;
    let since = served
        .page
        .evaluate("document.querySelector('.since').textContent")?;
    // This page is known by a mark; the next one is told in which state this one was left.
    served.page.evaluate(
        "window.mark = 1; addEventListener('pagehide', () => \
            localStorage.setItem('left', document.documentElement.dataset.clearline))",
    )?;

    // The server goes away, and meanwhile gets another deployment.
    hold(&mut served, &["*"])?;
    std::fs::write(folder.join(VERSION), "{\"version\": \"another\"}")?;
    let doubted = format!("{DONE} && document.querySelector('.runs').textContent.includes('again')");
    expect(&mut served, NEXT, "a run without a server is doubted", &doubted)?;
    expect(&mut served, PATIENCE, "and not shouted", ready)?;
    expect(
        &mut served,
        PATIENCE,
        "nothing is loaded from a server that is away",
        "window.mark === 1",
    )?;

    // It comes back.
    hold(&mut served, &[])?;
    expect(
        &mut served,
        NEXT,
        "the page begins anew",
        "window.mark === undefined",
    )?;
    expect(
        &mut served,
        PATIENCE,
        "between two runs",
        "localStorage.getItem('left') === 'done'",
    )?;
    expect(&mut served, PATIENCE, "the next run ends", DONE)?;
    let settled = format!("{ready} && !document.querySelector('.runs').textContent.includes('again')");
    expect(&mut served, PATIENCE, "it is ready again", &settled)?;
    let now = served
        .page
        .evaluate("document.querySelector('.since').textContent")?;
    same("since when it is ready", &now, &since)?;
    expect(
        &mut served,
        PATIENCE,
        "the strip is drawn",
        "!!document.querySelector('svg.strip rect.good, svg.strip rect.bad, svg.strip rect.unknown')",
    )
}

fn same(what: &str, now: &Value, before: &Value) -> Outcome<()> {
    match now == before {
        true => Ok(()),
        false => Err(Failure::new(format!("{what}: {before} became {now}"))),
    }
}

fn hold(served: &mut Served, urls: &[&str]) -> Outcome<()> {
    served
        .page
        .call("Network.setBlockedURLs", json!({ "urls": urls }))
        .map(drop)
}

fn expect(served: &mut Served, patience: Duration, what: &str, condition: &str) -> Outcome<()> {
    let page = &mut served.page;
    page.expect(patience, what, condition).map_err(|failure| {
        let board = page.evaluate("localStorage.getItem('clearline.board')");
        Failure::new(format!("{failure}\n{}", board.unwrap_or_default()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_for_administrators_names_every_flag() {
        let page = include_str!("../../docs/kiosk.md");
        let missing: Vec<_> = LOCKED_DOWN.iter().filter(|flag| !page.contains(**flag)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
