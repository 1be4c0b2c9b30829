//! `cargo xtask check`: the quick part of the tests.

use crate::command::{self, Outcome};
use crate::crates;
use crate::test::{self, Suite};
use crate::tools::{self, WASM};

/// Format, lints on both targets, native tests, licences and sources.
///
/// # Errors
/// One of them finds something.
pub fn main() -> Outcome<()> {
    tools::ensure_target()?;
    lint()?;
    let mut suites = test::native();
    suites.push(Suite::single("licences and sources", crates::check()));
    test::report(&suites)
}

/// Format and lints; nothing is counted, everything has to be clean.
///
/// # Errors
/// Something is not clean.
pub fn lint() -> Outcome<()> {
    command::finish(&mut command::cargo(&["fmt", "--all", "--check"]))?;
    let deny = ["--", "--deny", "warnings"];
    let native = ["clippy", "--quiet", "--workspace", "--all-targets"];
    let page = [
        "clippy",
        "--quiet",
        "--package",
        "clearline",
        "--lib",
        "--bins",
        "--target",
        WASM,
    ];
    command::finish(&mut command::cargo(&[&native[..], &deny].concat()))?;
    command::finish(&mut command::cargo(&[&page[..], &deny].concat()))
}
