//! The release bundle's tests: small enough, hashed, pre-compressed, and free of what a strict policy forbids.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lab::policy::{SERVICE_WORKER, WORKER};

use crate::command::{Failure, Outcome};
use crate::dist;
use crate::test::Suite;

/// What a first visit may load at the most until the page is there, in bytes of brotli: html, wasm, js, css and one
/// language's words.
pub const BUDGET: u64 = 150_000;

/// With what comes behind the page: the second half of the app (see `split`; in parts it weighs 7 kB more), the words
/// of results and the configuration. Symbol hashes follow the folder that is built in, and move a build by some hundred
/// bytes: this bound leaves one percent for that.
const WHOLE: u64 = 262_000;

/// All tests of a bundle.
pub fn suites(folder: &Path) -> Vec<Suite> {
    vec![
        Suite::single(
            "bundle: first load",
            first_load(folder).and_then(|it| within(it, BUDGET)),
        ),
        Suite::single(
            "bundle: whole visit",
            whole(folder).and_then(|it| within(it, WHOLE)),
        ),
        Suite::single("bundle: nothing inline", nothing_inline(folder)),
        Suite::single("bundle: pre-compressed", precompressed(folder)),
    ]
}

/// Bytes of brotli that a first visit loads until the page is there.
///
/// # Errors
/// A file has no `.br` beside it.
pub fn first_load(folder: &Path) -> Outcome<u64> {
    let behind = |name: &str| {
        let begins = ["config.json", "words/results", "offline-"];
        begins.iter().any(|it| name.starts_with(it)) || name.contains("-later-")
    };
    let before = |name: &str| !behind(name);
    let all = loaded(folder)?.into_iter().filter(|(name, ..)| before(name));
    Ok(all.map(|(_, _, loaded)| loaded).sum())
}

/// Bytes of brotli that a first visit loads in all.
///
/// # Errors
/// A file has no `.br` beside it.
pub fn whole(folder: &Path) -> Outcome<u64> {
    Ok(loaded(folder)?.iter().map(|(_, _, loaded)| loaded).sum())
}

/// Bytes of brotli that the service worker keeps besides, when the page is at rest: itself, the parts of the app that wait
/// to be asked for, and their words.
///
/// # Errors
/// A file has no `.br` beside it.
pub fn kept(folder: &Path) -> Outcome<u64> {
    let mut all = 0;
    for file in files(folder)? {
        let name = file.strip_prefix(folder).unwrap_or(&file);
        let text = name.to_string_lossy();
        let words = ["words/desk/en.json", "words/problems/en.json"].contains(&&*text);
        let part =
            [SERVICE_WORKER, WORKER].contains(&&*text) || text.contains("-desk-") || text.ends_with(".svg");
        if words || part && name.parent() == Some(Path::new("")) && dist::is_precompressed(name) {
            all += std::fs::metadata(beside(&file, "br"))?.len();
        }
    }
    Ok(all)
}

/// The files that a first visit loads: name, bytes, and how many of brotli come over the line.
///
/// # Errors
/// A file has no `.br` beside it.
pub fn loaded(folder: &Path) -> Outcome<Vec<(String, u64, u64)>> {
    let size = |file: &Path| {
        let about = std::fs::metadata(file);
        let about = about.map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
        Ok::<_, Failure>(about.len())
    };
    let mut all = Vec::new();
    for file in files(folder)? {
        let name = file.strip_prefix(folder).unwrap_or(&file);
        if is_of_first_load(name) {
            let plain = size(&file)?;
            let loaded = match dist::is_precompressed(name) {
                true => size(&beside(&file, "br"))?,
                false => plain,
            };
            all.push((name.display().to_string(), plain, loaded));
        }
    }
    Ok(all)
}

fn is_of_first_load(name: &Path) -> bool {
    let extension = name
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    match name.parent().and_then(Path::to_str) {
        // The PAC checker's worker is loaded when somebody checks a file; what keeps the page, when it is at rest.
        Some("") if [WORKER, SERVICE_WORKER].iter().any(|it| name == Path::new(it)) => false,
        // The helpdesk's part of the app is loaded when somebody asks for it.
        Some("") if name.to_string_lossy().contains("-desk-") => false,
        Some("") => matches!(extension, "html" | "js" | "css" | "wasm") || name == Path::new("config.json"),
        Some("words" | "words/results") => {
            name.file_stem().is_some_and(|stem| stem == "en") && !matches!(extension, "br" | "gz")
        }
        _ => false,
    }
}

fn within(size: u64, budget: u64) -> Outcome<()> {
    println!("{size} bytes of brotli; budget {budget}.");
    match size <= budget {
        true => Ok(()),
        false => Err(Failure::new(format!(
            "{size} bytes of brotli are more than {budget}"
        ))),
    }
}

fn nothing_inline(folder: &Path) -> Outcome<()> {
    let html = std::fs::read_to_string(folder.join("index.html"))?;
    let forbidden = inline(&html);
    match forbidden {
        None => Ok(()),
        Some(what) => Err(Failure::new(format!(
            "index.html has {what}, which the policy forbids"
        ))),
    }
}

fn inline(html: &str) -> Option<&'static str> {
    let inline_script = html.split("<script").skip(1).any(|rest| {
        let (attributes, after) = rest.split_once('>').unwrap_or((rest, ""));
        !attributes.contains("src=") || !after.trim_start().starts_with("</script")
    });
    match html {
        _ if inline_script => Some("an inline script"),
        _ if html.contains("<style") => Some("an inline style sheet"),
        _ if html.contains(" style=") => Some("a style attribute"),
        _ if html.contains(" onload=") || html.contains(" onclick=") => Some("an event handler attribute"),
        _ => None,
    }
}

fn precompressed(folder: &Path) -> Outcome<()> {
    let files = files(folder)?;
    let there: BTreeSet<&PathBuf> = files.iter().collect();
    let missing = files
        .iter()
        .filter(|file| dist::is_precompressed(file.strip_prefix(folder).unwrap_or(file)))
        .flat_map(|file| [beside(file, "br"), beside(file, "gz")])
        .find(|file| !there.contains(file));
    match missing {
        None => Ok(()),
        Some(file) => Err(Failure::new(format!("{} is missing", file.display()))),
    }
}

/// `name.ext` → `name.ext.br`
pub fn beside(file: &Path, extension: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

/// All files below a folder.
///
/// # Errors
/// The folder cannot be read.
pub fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => found.extend(files(&entry.path())?),
            false => found.push(entry.path()),
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_load_is_what_a_first_visit_fetches() {
        for name in [
            "index.html",
            "boot-0123.js",
            "offline-0123.js",
            "clearline-0123_bg.wasm",
            "clearline-later-0123.wasm",
            "clearline-0123.css",
            "config.json",
            "words/en.json",
            "words/results/en.json",
        ] {
            assert!(is_of_first_load(Path::new(name)), "{name}");
        }
        for name in [
            "index.html.br",
            "pac-worker.js",
            "service-worker.js",
            "clearline-desk-0123.wasm",
            "sbom.cdx.json",
            "words/de.json",
            "words/results/de.json",
            "words/results/en.json.br",
            "words/problems/en.json",
            "words/problems/en.json.br",
            "words/en.json.gz",
            "server/nginx.conf",
            "icons/check-32.png",
        ] {
            assert!(!is_of_first_load(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn inline_code_is_seen() {
        assert_eq!(inline("<script type=\"module\" src=\"boot.js\"></script>"), None);
        assert!(inline("<script>1</script>").is_some());
        assert!(inline("<script src=x>1</script>").is_some());
        assert!(inline("<p style='color:red'>").is_some());
    }
}
