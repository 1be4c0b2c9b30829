//! The release bundle in a browser: it starts, and when its code traps, readable words are left behind.

use std::path::Path;
use std::time::{Duration, Instant};

use lab::embedded::{Embedded, Options};
use lab::policy;

use crate::browser::{self, Browser};
use crate::command::{Failure, Outcome};
use crate::devtools::Page;
use crate::test::Suite;

/// How long each step may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Traps as a panic of the release build does: a module whose start function is `unreachable`.
const TRAP: &str = "setTimeout(() => new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(\
    [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 5, 1, 3, 0, 0, 11]))))";

/// The test.
pub fn suite(folder: &Path) -> Suite {
    let name = "bundle: words after a trap";
    match browser::find() {
        Ok(program) => Suite::single(name, leaves_words(&program, folder)),
        Err(failure) => Suite::left_out(name, failure.to_string()),
    }
}

fn leaves_words(program: &Path, folder: &Path) -> Outcome<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let options = Options {
        page_dir: folder.to_owned(),
        http_port: None,
        turn_port: None,
        content_security_policy: policy::content_security_policy(&[], &[]),
        users: Vec::new(),
    };
    let servers = runtime.block_on(Embedded::start(options))?;
    let (_browser, devtools) = Browser::start(program)?;
    let mut page = Page::open(&devtools, servers.url())?;
    until(&mut page, "!!document.querySelector('#app button')")?;
    page.evaluate(TRAP)?;
    until(
        &mut page,
        "!document.getElementById('fallback').hidden \
            && document.getElementById('app').hidden \
            && document.documentElement.dataset.clearline === 'failed' \
            && document.documentElement.dataset.clearlineError.includes('unreachable')",
    )?;
    // What still runs of the app must not say that it is well.
    std::thread::sleep(Duration::from_millis(500));
    match page.evaluate("document.documentElement.dataset.clearline")? {
        state if state == "failed" => Ok(()),
        state => Err(Failure::new(format!("after the last words it said {state}"))),
    }
}

fn until(page: &mut Page, condition: &str) -> Outcome<()> {
    let deadline = Instant::now() + PATIENCE;
    while page.evaluate(condition)? != true {
        if Instant::now() > deadline {
            return Err(Failure::new(format!("this did not become true: {condition}")));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
