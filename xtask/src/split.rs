//! Splits the page's wasm in parts, so that a first visit waits for the smallest: what the first screen needs. The second
//! comes behind the page and is there before anybody has read it; the third, for the helpdesk, only when it is asked for.
//!
//! All parts are one program. They share memory, tables and globals; a call into a later part goes through a slot of the
//! function table, which that part fills when it arrives, and a call back is an import. The program waits for the later
//! parts (`src/browser/later.rs`), and calls them only through their doors: all that can be reached through these alone is
//! in the later part, found by walking the calls. So a new function finds its part by itself.
//!
//! The function table shows functions without saying who calls them: those whose paths begin as a part's do are its own.

mod cut;
mod read;
#[cfg(test)]
mod tests;

use crate::command::{Failure, Outcome};
use cut::Cut;
use read::read;

/// A later part.
struct Part {
    /// The functions that earlier parts may call, once it is there. Each is marked `#[inline(never)]`,
    /// and too large for wasm-opt, which does not know the mark, to copy it into its caller.
    doors: &'static [&'static str],
    /// Beginnings of paths: functions under them that are called through the table are this part's.
    later: &'static [&'static str],
}

/// The second part, and that of the helpdesk.
const PARTS: [Part; 2] = [
    Part {
        doors: &[
            "<clearline::app::App>::take",
            "<clearline::app::App>::follow",
            "<clearline::app::App>::settle",
            "<clearline::app::model::Model>::code",
            "clearline::ui::before::plan_warnings",
            "clearline::ui::during::during",
            "clearline::ui::after::after",
        ],
        later: &[
            "<clearline::app::App>::keep_running",
            "<clearline::app::App>::try_headset",
            "clearline::activity",
            "clearline::app::arrive",
            "clearline::app::effects",
            "clearline::app::history",
            "clearline::app::offline",
            "clearline::app::sending",
            "clearline::app::wall",
            "clearline::board",
            "clearline::browser::Browser",
            "clearline::browser::bandwidth",
            "clearline::browser::call",
            "clearline::browser::deflate",
            "clearline::browser::desk",
            "clearline::browser::gather",
            "clearline::browser::headset",
            "clearline::browser::https",
            "clearline::browser::noise",
            "clearline::browser::offline",
            "clearline::browser::pac",
            "clearline::browser::page",
            "clearline::browser::pairing",
            "clearline::browser::peer",
            "clearline::browser::policy",
            "clearline::browser::sending",
            "clearline::browser::wake",
            "clearline::checkup",
            "clearline::desk",
            "clearline::draft",
            "clearline::diagnosis",
            "clearline::fix",
            "clearline::kept",
            "clearline::ladder",
            "clearline::pac",
            "clearline::phone_code",
            "clearline::privacy",
            "clearline::questions",
            "clearline::received",
            "clearline::report",
            "clearline::scene",
            "clearline::sending",
            "clearline::travel",
            "qrcodegen",
        ],
    },
    Part {
        doors: &[
            "<clearline::desk::Desk>::with",
            "clearline::app::arrive::act",
            "clearline::ui::desk::desk",
        ],
        // The compiler makes one function of two that are alike, under either's name: a closure of this part may be one
        // that a run calls. So all that the table shows is in the parts that a run has.
        later: &[],
    },
];

/// Splits a module that still has the names of its functions. The first part runs alone until somebody needs another;
/// each other is instantiated with the exports of those before it as its module `a`.
///
/// # Errors
/// The module is not as the compiler makes them, or a door is not there.
pub fn split(module: &[u8]) -> Outcome<Vec<Vec<u8>>> {
    split_at(module, &PARTS)
}

fn split_at(bytes: &[u8], parts: &[Part]) -> Outcome<Vec<Vec<u8>>> {
    let module = read(bytes)?;
    if let Some(foreign) = &module.foreign {
        return Err(broken(format!("it imports {foreign}")));
    }
    let mut cuts = Vec::new();
    for part in parts {
        cuts.push((module.doors(part.doors)?, part.later));
    }
    let cut = Cut::new(&module, module.parts(&cuts))?;
    let first = [cut.first(bytes)].into_iter();
    first
        .chain((1..=parts.len()).map(|number| cut.later(number)))
        .collect()
}

fn broken(error: impl std::fmt::Display) -> Failure {
    Failure::new(format!("the page's wasm cannot be split: {error}"))
}
