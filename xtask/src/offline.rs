//! The service worker of the bundle: which files it keeps, and how the page finds it.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use lab::policy::SERVICE_WORKER;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::command::{self, Failure, Outcome};
use crate::{shrink, size};

/// What stands for version and files in `static/service-worker.js`.
const BUNDLE: &str = "'@BUNDLE@'";

/// What the page is told before.
const APP: &str = "data-wasm=";

/// Further files that the page asks for, whose names are not in `index.html`.
const UNNAMED: [&str; 1] = ["pac-worker.js"];

/// Writes the worker and the page's side of it, and tells `index.html` where that is. To be called when all other files
/// that `index.html` names are there.
///
/// # Errors
/// The bundle is not as trunk makes it, or cannot be written.
pub fn write(folder: &Path) -> Outcome<()> {
    let templates = command::root().join("static");
    let new = folder.join("offline.js");
    std::fs::copy(templates.join("offline.js"), &new)?;
    shrink::minify(&new);
    let name = format!("offline-{}.js", shrink::hash(&std::fs::read(&new)?));
    std::fs::rename(&new, folder.join(&name))?;

    let index = folder.join("index.html");
    let html = std::fs::read_to_string(&index)?;
    if !html.contains(APP) {
        return Err(Failure::new("index.html does not tell boot.js where the app is"));
    }
    let html = html.replace(APP, &format!("data-offline=\"./{name}\" {APP}"));
    std::fs::write(&index, &html)?;

    let bundle = json!({ "version": version(folder)?, "page": digest(html.as_bytes()), "files": files(folder, &html)? });
    let template = std::fs::read_to_string(templates.join(SERVICE_WORKER))?;
    let worker = folder.join(SERVICE_WORKER);
    std::fs::write(&worker, filled(&template, &bundle.to_string())?)?;
    shrink::minify(&worker);
    Ok(())
}

/// Changes with every bundle: `index.html` names most files by their hashes, and these are the rest.
///
/// # Errors
/// A file cannot be read.
pub fn version(folder: &Path) -> Outcome<String> {
    let mut all = std::fs::read(folder.join("index.html"))?;
    for file in size::files(folder)? {
        let name = file.strip_prefix(folder).unwrap_or(&file);
        let json = name.extension().is_some_and(|it| it == "json");
        if UNNAMED.iter().any(|it| name == Path::new(it)) || name.starts_with("words") && json {
            all.extend(std::fs::read(&file)?);
        }
    }
    Ok(shrink::hash(&all))
}

/// As browsers check a file.
pub fn digest(content: &[u8]) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(content)))
}

/// The files that `index.html` names, and those that it cannot, with what a browser checks them by.
fn files(folder: &Path, html: &str) -> Outcome<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let named = html.contains(&format!("./{name}")) || UNNAMED.contains(&&*name);
        if named && entry.file_type()?.is_file() {
            files.insert(name, digest(&std::fs::read(entry.path())?));
        }
    }
    Ok(files)
}

fn filled(template: &str, bundle: &str) -> Outcome<String> {
    match template.matches(BUNDLE).count() {
        1 => Ok(template.replace(BUNDLE, bundle)),
        count => Err(Failure::new(format!(
            "{SERVICE_WORKER} has {count} places for its files"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worker_has_one_place_for_its_files() -> Outcome<()> {
        let template = include_str!("../../static/service-worker.js");
        let worker = filled(template, r#"{"version":"0123","files":{}}"#)?;
        assert!(worker.contains(r#"const BUNDLE = {"version":"0123","files":{}};"#));
        assert!(filled(&worker, "{}").is_err());
        Ok(())
    }

    #[test]
    fn what_the_page_names_is_kept() -> Outcome<()> {
        let folder = std::env::temp_dir().join(format!("clearline-offline-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("words"))?;
        for name in [
            "app-0123.js",
            "app-0123.js.br",
            "pac-worker.js",
            "sbom.cdx.json",
            "words/en.json",
        ] {
            std::fs::write(folder.join(name), "1")?;
        }
        let files = files(&folder, r#"<meta content="./app-0123.js" data-wasm="./words">"#)?;
        std::fs::remove_dir_all(&folder)?;
        let names: Vec<_> = files.keys().map(String::as_str).collect();
        assert_eq!(names, ["app-0123.js", "pac-worker.js"]);
        assert!(
            files
                .values()
                .all(|it| it == "sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=")
        );
        Ok(())
    }
}
