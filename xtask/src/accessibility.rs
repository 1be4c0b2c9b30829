//! Who cannot see, hear, point or bear motion uses the page too: axe-core's rules, narrow windows, the keyboard, what a
//! screen reader is told, and paper.

mod live;
mod rules;
mod still;

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::browser;
use crate::command::{self, Failure, Outcome};
use crate::devtools::Page;
use crate::test::{self, Suite};
use crate::tools;

/// `cargo xtask accessibility`: these suites alone, or those whose names hold one of `parts`, on the pages and the bundle
/// in `dist/` as they are now.
///
/// # Errors
/// A test failed.
pub fn main(parts: &[String]) -> Outcome<()> {
    test::report(&chosen(&command::root().join("dist"), parts))
}

/// The tests, on the states of the page in `target/pages/` and on the release bundle in `folder`.
pub fn suites(folder: &Path) -> Vec<Suite> {
    chosen(folder, &[])
}

fn chosen(folder: &Path, parts: &[String]) -> Vec<Suite> {
    type Test = fn(&Path, &Path, &str) -> Outcome<()>;
    const ALL: [(&str, Test); 7] = [
        ("accessibility: pages", |program, _, axe| {
            still::pages(program, axe)
        }),
        ("accessibility: bundle", live::rules),
        ("accessibility: keyboard", |program, folder, _| {
            live::keyboard(program, folder)
        }),
        ("accessibility: languages", |program, folder, _| {
            live::menu(program, folder)
        }),
        ("accessibility: announced", |program, folder, _| {
            live::announced(program, folder)
        }),
        ("accessibility: motion", |program, folder, _| {
            live::motion(program, folder)
        }),
        ("accessibility: directions", |program, folder, _| {
            live::directions(program, folder)
        }),
    ];
    let needed = browser::find().and_then(|program| Ok((program, tools::axe()?)));
    let wanted = |name: &str| parts.is_empty() || parts.iter().any(|part| name.contains(part));
    let all = ALL.iter().filter(|(name, _)| wanted(name));
    match needed {
        Ok((program, axe)) => all
            .map(|(name, test)| Suite::single(name, test(&program, folder, &axe)))
            .collect(),
        Err(failure) => all
            .map(|(name, _)| Suite::left_out(name, failure.to_string()))
            .collect(),
    }
}

/// Makes the window this wide, in CSS pixels.
fn wide(page: &mut Page, width: u32) -> Outcome<()> {
    let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
    page.call("Emulation.setDeviceMetricsOverride", size).map(drop)
}

/// Sets media features, such as `prefers-color-scheme`; those that are not named are as the system has them.
fn media(page: &mut Page, features: &[(&str, &str)]) -> Outcome<()> {
    let features: Vec<_> = features
        .iter()
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    page.call("Emulation.setEmulatedMedia", json!({ "features": features }))
        .map(drop)
}

/// How far the document is wider than its window, and what sticks out.
fn too_wide(page: &mut Page, place: &str) -> Outcome<Option<String>> {
    const OUT: &str = "(() => { const root = document.documentElement; const room = root.clientWidth; \
        if (root.scrollWidth <= room) return null; \
        const scrolled = it => it.parentElement?.closest('.scroll'); \
        const out = [...document.body.querySelectorAll('*')].filter(it => { const box = it.getBoundingClientRect(); \
            return box.width && !scrolled(it) && (box.right > room + 1 || box.left < -1); }); \
        return `${root.scrollWidth} px in ${room}: ` + out.slice(0, 5).map(it => it.outerHTML.slice(0, 80)).join(' | '); })()";
    let out = page.evaluate(OUT)?;
    Ok(out.as_str().map(|out| format!("{place}: {out}")))
}

/// Fails with all that is wrong, if anything is.
fn nothing(wrong: &[String]) -> Outcome<()> {
    match wrong.len() {
        0 => Ok(()),
        count => Err(Failure::new(format!("{count} are wrong:\n{}", wrong.join("\n")))),
    }
}

/// Where pictures are put that somebody should look at.
fn pictures() -> Outcome<PathBuf> {
    let folder = command::target().join("accessibility");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}
