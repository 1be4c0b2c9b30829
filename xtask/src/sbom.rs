//! The bundle's list of what it is made of (a software bill of materials), as CycloneDX 1.5: the crates in the wasm, who
//! needs whom, and the files of code with their hashes. It is the same for the same sources: neither time nor dice.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::command::{self, Failure, Outcome};
use crate::crates::{self, Crate};
use crate::size;

/// Its name in the bundle.
pub const FILE: &str = "sbom.cdx.json";

/// Writes the list for the bundle in `folder`, before anything of it is compressed.
///
/// # Errors
/// Cargo does not resolve the page, or a file cannot be read or written.
pub fn write(folder: &Path) -> Outcome<()> {
    let lock = std::fs::read_to_string(command::root().join("Cargo.lock"))?;
    let list = list(
        &crates::of_the_page()?,
        &checksums(&lock),
        &compiler()?,
        &code(folder)?,
    )?;
    let text = serde_json::to_string_pretty(&list).map_err(|error| Failure::new(error.to_string()))?;
    std::fs::write(folder.join(FILE), text + "\n")?;
    Ok(())
}

/// The compiler's version: its standard library is in the wasm too.
fn compiler() -> Outcome<String> {
    let printed = command::output(&mut command::program("rustc", &["--version"]));
    let version = printed.as_deref().and_then(|it| it.split_whitespace().nth(1));
    version
        .map(str::to_owned)
        .ok_or_else(|| Failure::new("rustc does not tell its version"))
}

/// The files of code in a bundle, by name, with their SHA-256.
fn code(folder: &Path) -> Outcome<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for file in size::files(folder)? {
        let is_code = file
            .extension()
            .is_some_and(|kind| kind == "js" || kind == "wasm");
        if is_code {
            let name = file.strip_prefix(folder).unwrap_or(&file);
            all.insert(
                name.to_string_lossy().replace('\\', "/"),
                sha256(&std::fs::read(&file)?),
            );
        }
    }
    Ok(all)
}

/// Name and version of each crate in the lock file, with the SHA-256 of what crates.io sends for it.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let field = |package: &str, name: &str| {
        let start = format!("{name} = \"");
        let line = package
            .lines()
            .find_map(|line| line.strip_prefix(&*start)?.strip_suffix('"'));
        line.map(str::to_owned)
    };
    let packages = lock.split("[[package]]").skip(1);
    packages
        .filter_map(|it| {
            Some((
                (field(it, "name")?, field(it, "version")?),
                field(it, "checksum")?,
            ))
        })
        .collect()
}

fn list(
    page: &BTreeMap<Crate, Vec<Crate>>,
    checksums: &BTreeMap<(String, String), String>,
    compiler: &str,
    code: &BTreeMap<String, String>,
) -> Outcome<Value> {
    let mut components = Vec::new();
    let mut itself = None;
    for one in page.keys() {
        let mut component = json!({
            "type": "library",
            "bom-ref": purl(one),
            "name": one.name,
            "version": one.version,
            "licenses": [{ "expression": one.licence }],
            "purl": purl(one),
        });
        match checksums.get(&(one.name.clone(), one.version.clone())) {
            Some(hash) => {
                component["hashes"] = json!([{ "alg": "SHA-256", "content": hash }]);
                components.push(component);
            }
            // The page itself comes from no registry.
            None if one.name == "clearline" => {
                component["type"] = json!("application");
                itself = Some(component);
            }
            None => {
                return Err(Failure::new(format!(
                    "Cargo.lock has no checksum of {}",
                    one.name
                )));
            }
        }
    }
    let itself = itself.ok_or_else(|| Failure::new("the page is not among its own crates"))?;
    components.push(json!({
        "type": "library",
        "bom-ref": "rust-std",
        "name": "rust-std",
        "version": compiler,
        "description": "Rust's standard library for wasm32-unknown-unknown",
        "licenses": [{ "expression": "MIT OR Apache-2.0" }],
    }));
    components.extend(code.iter().map(|(name, hash)| {
        json!({
            "type": "file",
            "bom-ref": format!("file:{name}"),
            "name": name,
            "hashes": [{ "alg": "SHA-256", "content": hash }],
        })
    }));
    let needs = page.iter().map(
        |(one, needed)| json!({ "ref": purl(one), "dependsOn": needed.iter().map(purl).collect::<Vec<_>>() }),
    );
    let mut list = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": itself },
        "components": components,
        "dependencies": needs.collect::<Vec<_>>(),
    });
    list["serialNumber"] = json!(serial_number(&list));
    Ok(list)
}

/// A package URL; a `+` of a version would be read as a blank.
fn purl(one: &Crate) -> String {
    format!("pkg:cargo/{}@{}", one.name, one.version.replace('+', "%2B"))
}

/// A UUID of the content (RFC 9562, version 8: the rest is of one's own making).
fn serial_number(list: &Value) -> String {
    let mut hex = sha256(list.to_string().as_bytes());
    hex.replace_range(12..13, "8");
    hex.replace_range(16..17, "8");
    let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..32]];
    format!("urn:uuid:{}", parts.join("-"))
}

fn sha256(content: &[u8]) -> String {
    Sha256::digest(content)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Value {
        let lock = std::fs::read_to_string(command::root().join("Cargo.lock")).unwrap();
        let code = BTreeMap::from([("boot-0123.js".to_owned(), sha256(b"code"))]);
        list(
            &crates::of_the_page().unwrap(),
            &checksums(&lock),
            "1.95.0",
            &code,
        )
        .unwrap()
    }

    fn is_hash(component: &Value) -> bool {
        let hash = component["hashes"][0]["content"].as_str().unwrap_or_default();
        component["hashes"][0]["alg"] == "SHA-256"
            && hash.len() == 64
            && hash
                .bytes()
                .all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it))
    }

    /// The fields that the schema of CycloneDX 1.5 demands, and those without which the list is of no use.
    #[test]
    fn the_list_has_what_cyclonedx_demands() {
        let list = whole();
        assert_eq!(
            (&list["bomFormat"], &list["specVersion"]),
            (&json!("CycloneDX"), &json!("1.5"))
        );
        assert_eq!(list["version"], 1);
        let serial = list["serialNumber"]
            .as_str()
            .unwrap()
            .strip_prefix("urn:uuid:")
            .unwrap();
        let lengths: Vec<usize> = serial.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(list["metadata"]["component"]["name"], "clearline");
        let components = list["components"].as_array().unwrap();
        let mut known: Vec<&str> = vec![list["metadata"]["component"]["bom-ref"].as_str().unwrap()];
        for one in components {
            let kind = one["type"].as_str().unwrap();
            assert!(
                ["library", "file"].contains(&kind) && one["name"].is_string(),
                "{one}"
            );
            known.push(one["bom-ref"].as_str().unwrap());
            if kind == "file" {
                assert!(is_hash(one), "{one}");
            } else {
                assert!(
                    one["version"].is_string() && one["licenses"][0]["expression"].is_string(),
                    "{one}"
                );
            }
            if let Some(purl) = one["purl"].as_str() {
                assert!(
                    purl.starts_with("pkg:cargo/") && !purl.contains('+') && is_hash(one),
                    "{one}"
                );
            }
        }
        for name in ["yew", "wasm-bindgen", "serde", "rust-std", "boot-0123.js"] {
            assert!(components.iter().any(|one| one["name"] == name), "{name}");
        }
        // Every reference leads somewhere, and every name stands once.
        let needs = list["dependencies"].as_array().unwrap();
        for one in needs {
            let named = one["dependsOn"].as_array().unwrap().iter().chain([&one["ref"]]);
            for name in named {
                assert!(known.contains(&name.as_str().unwrap()), "{name}");
            }
        }
        let mut once = known.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), known.len());
    }

    #[test]
    fn what_is_no_part_of_the_page_is_not_listed() {
        let list = whole().to_string();
        for tool in [
            "\"tokio\"",
            "\"proptest\"",
            "\"yew-macro\"",
            "\"wasm-bindgen-test\"",
            "\"toml\"",
        ] {
            assert!(!list.contains(tool), "{tool}");
        }
    }

    #[test]
    fn it_is_the_same_every_time_and_says_nothing_of_this_computer() {
        let list = whole();
        assert_eq!(list, whole());
        assert!(!list.to_string().contains(&*command::root().to_string_lossy()));
    }
}
