//! Splits the page's wasm in two, so that a first visit waits for half of it: what the first screen needs, and the rest,
//! which comes behind the page and is there before anybody has read it.
//!
//! Both halves are one program. They share memory, tables and globals; a call into the second half goes through a slot
//! of the function table, which the second half fills when it arrives, and a call back is an import. The program itself
//! waits at one place for the second half (`browser::whole`), and calls it only through the functions in [`DOORS`]: all that
//! can be reached through them alone is in the second half, found by walking the calls. So a new function finds its
//! half by itself, and a first half that calls the second at any other place cannot be built.
//!
//! The function table shows functions without saying who calls them: those whose names belong to [`LATER`] are the
//! second half's.

mod cut;
mod read;
#[cfg(test)]
mod tests;

use crate::command::{Failure, Outcome};
use cut::Cut;
use read::read;

/// The functions of the second half that the first may call, once it is there.
const DOORS: [&str; 8] = [
    "<clearline::app::App>::take",
    "<clearline::app::App>::follow",
    "<clearline::app::App>::settle",
    "<clearline::app::model::Model>::code",
    "clearline::ui::before::plan_warnings",
    "clearline::ui::during::during",
    "clearline::ui::after::after",
    "clearline::ui::desk::desk",
];

/// Beginnings of paths: functions under them that are called through the table belong to the second half.
const LATER: [&str; 35] = [
    "<clearline::app::App>::keep_running",
    "<clearline::app::App>::try_headset",
    "clearline::activity",
    "clearline::app::arrive",
    "clearline::app::effects",
    "clearline::app::wall",
    "clearline::board",
    "clearline::browser::Browser",
    "clearline::browser::bandwidth",
    "clearline::browser::bell",
    "clearline::browser::call",
    "clearline::browser::deflate",
    "clearline::browser::desk",
    "clearline::browser::gather",
    "clearline::browser::headset",
    "clearline::browser::https",
    "clearline::browser::noise",
    "clearline::browser::pac",
    "clearline::browser::page",
    "clearline::browser::pairing",
    "clearline::browser::peer",
    "clearline::browser::policy",
    "clearline::browser::wake",
    "clearline::checkup",
    "clearline::desk",
    "clearline::diagnosis",
    "clearline::fix",
    "clearline::ladder",
    "clearline::pac",
    "clearline::phone_code",
    "clearline::questions",
    "clearline::received",
    "clearline::report",
    "clearline::travel",
    "qrcodegen",
];

/// The two halves.
#[derive(Debug)]
pub struct Halves {
    /// Runs alone until somebody needs the second.
    pub first: Vec<u8>,
    /// Is instantiated with the exports of the first as its module `a`.
    pub later: Vec<u8>,
}

/// Splits a module that still has the names of its functions.
///
/// # Errors
/// The module is not as the compiler makes them, or a door is not there.
pub fn split(module: &[u8]) -> Outcome<Halves> {
    split_at(module, &DOORS, &LATER)
}

fn split_at(bytes: &[u8], doors: &[&str], later: &[&str]) -> Outcome<Halves> {
    let module = read(bytes)?;
    if let Some(foreign) = &module.foreign {
        return Err(broken(format!("it imports {foreign}")));
    }
    let doors = module.doors(doors)?;
    let first = module.first(&doors, later);
    let cut = Cut::new(&module, first)?;
    Ok(Halves {
        first: cut.first_half(bytes)?,
        later: cut.later_half()?,
    })
}

fn broken(error: impl std::fmt::Display) -> Failure {
    Failure::new(format!("the page's wasm cannot be split: {error}"))
}
