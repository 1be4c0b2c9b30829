//! Every state of the page that `tests/pages.rs` wrote.

use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::rules::Tally;
use super::{media, nothing, too_wide, wide};
use crate::browser::Browser;
use crate::command::{self, Failure, Outcome};
use crate::devtools::Page;

/// How long a page may take to be there.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most sheets of paper that a result takes.
const SHEETS: usize = 2;

/// Papers, in inches: A4, and what is used in North America.
const PAPERS: [(&str, f64, f64); 2] = [("A4", 8.27, 11.69), ("Letter", 8.5, 11.0)];

/// What is wrong with a printed result whose reader likes it dark: something to press, dark ground, or that it does not say
/// which run it was and whom to ask.
const ON_PAPER: &str = "(() => { const seen = it => it.checkVisibility(); const all = [...document.querySelectorAll('body *')].filter(seen); \
    const dark = it => { const [r, g, b, a] = getComputedStyle(it).backgroundColor.match(/[0-9.]+/g).map(Number); \
        return a !== 0 && r + g + b < 600; }; \
    const there = what => { const it = document.querySelector(what); return it && seen(it); }; \
    return [...all.filter(it => it.matches('button, input, select, textarea')), ...all.filter(dark)] \
        .map(it => it.outerHTML.slice(0, 80)) \
        .concat(['.verdict', '.paper', '.helpdesk'].filter(it => document.querySelector('.paper') && !there(it)), \
            getComputedStyle(document.documentElement).backgroundColor === 'rgb(255, 255, 255)' ? [] : ['the ground']) \
        .join(' | '); })()";

/// Windows that no page may be wider than: the narrowest that WCAG names, a phone, 1280 pixels at 200 %, a desk's.
const WIDTHS: [u32; 4] = [320, 360, 640, 1280];

/// How a page is looked at: a name, the window's width, media features and the reader's choice of colours.
type Look = (
    &'static str,
    u32,
    &'static [(&'static str, &'static str)],
    &'static str,
);

const LOOKS: [Look; 5] = [
    ("light, 320 px", 320, &[("prefers-color-scheme", "light")], ""),
    ("dark, 320 px", 320, &[("prefers-color-scheme", "dark")], ""),
    (
        "chosen light in a dark system, 1280 px",
        1280,
        &[("prefers-color-scheme", "dark")],
        "light",
    ),
    (
        "chosen dark in a light system, 1280 px",
        1280,
        &[("prefers-color-scheme", "light")],
        "dark",
    ),
    (
        "forced colours, 1280 px",
        1280,
        &[("forced-colors", "active")],
        "",
    ),
];

/// All pages: the rules in every look, no scrolling to the side, results on two sheets of paper.
pub(super) fn pages(program: &Path, axe: &str) -> Outcome<()> {
    let files = files()?;
    let (_browser, devtools) = Browser::start(program)?;
    let mut page = Page::open(&devtools, "about:blank")?;
    let (mut tally, mut wrong, mut printed) = (Tally::default(), Vec::new(), 0);
    for file in &files {
        let name = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        // On Windows a path starts with a letter, and its folders are parted by backslashes.
        let path = file.to_string_lossy().replace('\\', "/");
        let url = format!("file:///{}", path.trim_start_matches('/'));
        page.call("Page.navigate", json!({ "url": url }))?;
        page.until(
            PATIENCE,
            &format!("document.readyState === 'complete' && document.title === '{name}'"),
        )?;
        media(&mut page, &[("prefers-color-scheme", "light")])?;
        if page.evaluate("!!document.getElementById('verdict')")? == true {
            printed += 1;
            for (paper, width, height) in PAPERS {
                let sheets = sheets(&mut page, width, height)?;
                if sheets > SHEETS {
                    wrong.push(format!("{name}: {sheets} sheets of {paper}"));
                }
            }
            wrong.extend(on_paper(&mut page, &name)?);
        }
        for open in [false, true] {
            page.evaluate(&format!(
                "document.querySelectorAll('details').forEach(it => {{ it.open = {open}; }})"
            ))?;
            let folds = if open { "open" } else { "closed" };
            for width in WIDTHS {
                wide(&mut page, width)?;
                wrong.extend(too_wide(
                    &mut page,
                    &format!("{name}, {width} px, folds {folds}"),
                )?);
            }
        }
        for (look, width, features, theme) in LOOKS {
            wide(&mut page, width)?;
            media(&mut page, features)?;
            page.evaluate(&format!("document.documentElement.dataset.theme = '{theme}'"))?;
            tally.run(&mut page, axe, &format!("{name} ({look})"))?;
        }
    }
    println!("{} pages, {printed} of them printed: {tally}", files.len());
    wrong.append(&mut tally.violations);
    nothing(&wrong)
}

fn files() -> Outcome<Vec<PathBuf>> {
    let folder = command::target().join("pages");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|file| file.extension().is_some_and(|it| it == "html"))
        .collect();
    files.sort();
    match files.is_empty() {
        true => Err(Failure::new(
            "target/pages is empty: `cargo test --test pages` writes it",
        )),
        false => Ok(files),
    }
}

/// What should not be on paper, or is missing there.
fn on_paper(page: &mut Page, name: &str) -> Outcome<Option<String>> {
    let theme = |theme| format!("document.documentElement.dataset.theme = '{theme}'");
    page.evaluate(&theme("dark"))?;
    page.call("Emulation.setEmulatedMedia", json!({ "media": "print" }))?;
    let wrong = page.evaluate(ON_PAPER)?;
    page.call("Emulation.setEmulatedMedia", json!({ "media": "" }))?;
    page.evaluate(&theme(""))?;
    let wrong = wrong.as_str().filter(|it| !it.is_empty());
    Ok(wrong.map(|wrong| format!("{name} on paper: {wrong}")))
}

/// How many sheets of paper of this size the page takes.
fn sheets(page: &mut Page, width: f64, height: f64) -> Outcome<usize> {
    let paper = json!({ "paperWidth": width, "paperHeight": height, "preferCSSPageSize": true });
    let printed = page.call("Page.printToPDF", paper)?;
    let pdf = STANDARD
        .decode(printed["data"].as_str().unwrap_or_default())
        .map_err(|error| Failure::new(format!("the printed page: {error}")))?;
    let pdf = String::from_utf8_lossy(&pdf);
    let after = pdf
        .match_indices("/Type /Page")
        .map(|(at, it)| &pdf[at + it.len()..]);
    match after.filter(|rest| !rest.starts_with('s')).count() {
        0 => Err(Failure::new("the printed page has no sheets that can be counted")),
        sheets => Ok(sheets),
    }
}
