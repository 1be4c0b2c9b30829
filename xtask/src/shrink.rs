//! The last bytes of the release bundle. The wasm and its JavaScript glue call each other by some 250 names such as
//! `__wbg_addEventListener_344f42d3211c4765`, which no compression can help: they become short ones, in both files alike.
//! The glue then loses its blanks and its long variables. Both files get new names and hashes, since they have changed.

use std::collections::HashMap;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use sha2::{Digest as _, Sha384};

use crate::command::{self, Failure, Outcome};
use crate::{split, tools};

/// What wasm-opt prints about the names it has changed.
#[derive(Debug, Default, Deserialize)]
struct Renamed {
    /// Module, old name, new name.
    imports: Vec<(String, String, String)>,
    /// Old name, new name.
    exports: Vec<(String, String)>,
}

/// The module that wasm-opt gives all imports.
const MODULE: &str = "a";

/// Shrinks the page's wasm and its glue in the bundle `folder`. A wasm that still has the names of its functions is
/// split in parts by them.
///
/// # Errors
/// The bundle is not as trunk makes it, or wasm-opt fails.
pub fn shrink(folder: &Path, named: bool) -> Outcome<()> {
    let stem = stem(folder)?;
    let (wasm, glue) = (format!("{stem}_bg.wasm"), format!("{stem}.js"));
    let (old_wasm, old_glue) = (
        std::fs::read(folder.join(&wasm))?,
        std::fs::read_to_string(folder.join(&glue))?,
    );
    let renamed = rename_in_wasm(&folder.join(&wasm))?;
    let mut later = Vec::new();
    if named {
        let mut parts = split::split(&std::fs::read(folder.join(&wasm))?)?.into_iter();
        std::fs::write(folder.join(&wasm), parts.next().unwrap_or_default())?;
        later = ["later", "desk"].into_iter().zip(parts).collect();
    }
    let new_wasm = std::fs::read(folder.join(&wasm))?;
    std::fs::write(folder.join(&glue), rename_in_glue(&old_glue, &renamed))?;
    minify(&folder.join(&glue));
    let new_glue = std::fs::read(folder.join(&glue))?;

    let mut all = [&*new_wasm, &*new_glue].concat();
    later.iter().for_each(|(_, part)| all.extend(part));
    let hash = hash(&all);
    let base = stem.rsplit_once('-').map_or(&*stem, |(base, _)| base);
    let new_stem = format!("{base}-{hash}");
    std::fs::rename(folder.join(&wasm), folder.join(format!("{new_stem}_bg.wasm")))?;
    std::fs::rename(folder.join(&glue), folder.join(format!("{new_stem}.js")))?;

    let index = folder.join("index.html");
    let mut html = std::fs::read_to_string(&index)?
        .replace(&stem, &new_stem)
        .replace(&integrity(&old_wasm), &integrity(&new_wasm))
        .replace(&integrity(old_glue.as_bytes()), &integrity(&new_glue));
    if !html.contains(&integrity(&new_wasm)) || !html.contains(&integrity(&new_glue)) {
        return Err(Failure::new(
            "index.html does not name the hashes of the wasm and its glue",
        ));
    }
    for (part, content) in later {
        let name = format!("{base}-{part}-{hash}.wasm");
        let (app, integrity) = ("data-wasm=", integrity(&content));
        if !html.contains(app) {
            return Err(Failure::new("index.html does not tell boot.js where the app is"));
        }
        let told = format!("data-{part}=\"./{name}\" data-{part}-integrity=\"{integrity}\" {app}");
        html = html.replace(app, &told);
        std::fs::write(folder.join(name), content)?;
    }
    std::fs::write(index, html)?;
    Ok(())
}

/// Shrinks `static/boot.js` in the bundle `folder`, which trunk leaves as it is written.
///
/// # Errors
/// The bundle is not as trunk makes it.
pub fn shrink_boot(folder: &Path) -> Outcome<()> {
    let name = std::fs::read_dir(folder)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .find(|name| name.starts_with("boot-") && name.ends_with(".js"))
        .ok_or_else(|| Failure::new("the bundle has no boot.js"))?;
    let file = folder.join(&name);
    let old = std::fs::read(&file)?;
    minify(&file);
    let new = std::fs::read(&file)?;
    let new_name = format!("boot-{}.js", hash(&new));
    std::fs::rename(&file, folder.join(&new_name))?;
    let index = folder.join("index.html");
    let html = std::fs::read_to_string(&index)?
        .replace(&name, &new_name)
        .replace(&integrity(&old), &integrity(&new));
    if !html.contains(&new_name) || !html.contains(&integrity(&new)) {
        return Err(Failure::new("index.html does not name the hash of boot.js"));
    }
    std::fs::write(index, html).map_err(Failure::from)
}

/// The common part of the names `clearline-HASH.js` and `clearline-HASH_bg.wasm`.
fn stem(folder: &Path) -> Outcome<String> {
    std::fs::read_dir(folder)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .find_map(|name| Some(name.strip_suffix("_bg.wasm")?.to_owned()))
        .ok_or_else(|| Failure::new("the bundle has no wasm"))
}

fn rename_in_wasm(file: &Path) -> Outcome<Renamed> {
    let path = file.to_string_lossy();
    let features = features(&std::fs::read_to_string(command::root().join("index.html"))?);
    let mut arguments: Vec<&str> = features.split_whitespace().collect();
    // The names of functions stay in, for `split`.
    arguments.extend([
        "-g",
        "--minify-imports-and-exports-and-modules",
        &*path,
        "--output",
        &*path,
    ]);
    let printed = command::output(&mut tools::program_with_own_node_tools("wasm-opt", &arguments))
        .ok_or_else(|| Failure::new("wasm-opt cannot shorten the names"))?;
    serde_json::from_str(&printed).map_err(|error| Failure::new(format!("wasm-opt's list of names: {error}")))
}

/// The features that the page's wasm may use, as flags of wasm-opt: named once, in `index.html`.
fn features(index: &str) -> String {
    let after = index.split_once("data-wasm-opt-params=\"");
    let flags = after.and_then(|(_, rest)| rest.split_once('"'));
    let flags = flags.map_or("", |(flags, _)| flags).split_whitespace();
    flags
        .filter(|flag| flag.starts_with("--enable-"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Imports are names of their own; exports are what stands behind `wasm.`.
fn rename_in_glue(glue: &str, renamed: &Renamed) -> String {
    let imports: HashMap<&str, &str> = renamed
        .imports
        .iter()
        .map(|(_, old, new)| (&**old, &**new))
        .collect();
    let exports: HashMap<&str, &str> = renamed
        .exports
        .iter()
        .map(|(old, new)| (&**old, &**new))
        .collect();
    let is_name = |character: char| character.is_ascii_alphanumeric() || "_$".contains(character);
    let mut text = String::with_capacity(glue.len());
    let mut rest = glue;
    while !rest.is_empty() {
        let length = rest.find(|character| !is_name(character)).unwrap_or(rest.len());
        let name = &rest[..length];
        let new = if text.ends_with("wasm.") {
            exports.get(name)
        } else {
            imports.get(name)
        };
        text.push_str(new.unwrap_or(&name));
        let other = rest[length..].find(is_name).unwrap_or(rest.len() - length);
        text.push_str(&rest[length..length + other]);
        rest = &rest[length + other..];
    }
    match renamed.imports.first() {
        Some((module, ..)) => text.replace(&format!("\"{module}\""), &format!("\"{MODULE}\"")),
        None => text,
    }
}

/// The hash in the name of a file: sixteen hexadecimal digits.
pub fn hash(content: &[u8]) -> String {
    let digest = Sha384::digest(content);
    digest[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Takes blanks, comments and long names out of a script, where the tool is there.
pub fn minify(script: &Path) {
    if !tools::ensure_terser() {
        return;
    }
    let path = script.to_string_lossy();
    let arguments = [
        &*path,
        "--module",
        "--compress",
        "passes=2",
        "--mangle",
        "--output",
        &*path,
    ];
    if let Err(failure) = command::finish(&mut tools::program_with_own_node_tools("terser", &arguments)) {
        println!("{failure}: the JavaScript stays as it is.");
    }
}

/// As in a page's `integrity` attribute.
fn integrity(content: &[u8]) -> String {
    format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(content)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_where_they_are_meant() {
        let renamed: Renamed = serde_json::from_str(
            r#"{"imports": [["./clearline_bg.js", "__wbg_memory_0123", "$"]], "exports": [["memory", "b"]]}"#,
        )
        .unwrap();
        let glue = r#"const i = { __wbg_memory_0123: function(memory) { return wasm.memory.memory; } };
            return { "./clearline_bg.js": i };"#;
        assert_eq!(
            rename_in_glue(glue, &renamed),
            r#"const i = { $: function(memory) { return wasm.b.memory; } };
            return { "a": i };"#
        );
    }

    #[test]
    fn the_features_are_those_of_the_page() {
        let index = include_str!("../../index.html");
        assert!(features(index).contains("--enable-bulk-memory"));
        assert!(!features(index).contains("--converge"));
    }
}
