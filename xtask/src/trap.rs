//! The release bundle in a browser: it starts, and when its code traps, readable words are left behind.

use std::path::Path;
use std::time::Duration;

use crate::browser;
use crate::command::{Failure, Outcome};
use crate::served::Served;
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
    let mut served = Served::open(program, folder, "")?;
    let page = &mut served.page;
    page.until(PATIENCE, "!!document.querySelector('#app button')")?;
    page.evaluate(TRAP)?;
    page.until(
        PATIENCE,
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
