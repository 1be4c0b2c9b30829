//! What the page and its tools are made of: crates, their licences and where they come from.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::command::{self, Failure, Outcome};
use crate::tools::{self, WASM};

/// Where every crate comes from.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Licences that the page's crates may have: none demands more than to be named. Kept alike in `deny.toml`.
const OF_THE_PAGE: [&str; 9] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Of tools that are not shipped also this one, which binds changes to its own files (`webdriver`).
const OF_TOOLS: &str = "MPL-2.0";

/// Crates of which the page has two versions, and not because of us: Yew 0.23 rests on gloo 0.11, which has the older.
const TWICE: [&str; 3] = ["gloo-events", "gloo-timers", "thiserror"];

/// A crate in the page's wasm, as `cargo tree` resolves it for that target.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Crate {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence, as an SPDX expression.
    pub licence: String,
}

/// The crates in the page's wasm, the page itself among them, each with the crates that it needs. Macros run at build
/// time and are not in it.
///
/// # Errors
/// Cargo does not resolve the page.
pub fn of_the_page() -> Outcome<BTreeMap<Crate, Vec<Crate>>> {
    let mut cargo = command::cargo(&["tree", "--locked", "--package", "clearline", "--target", WASM]);
    cargo.args([
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "depth",
        "--no-dedupe",
    ]);
    cargo.args(["--format", "|{p}|{l}"]);
    let printed = command::output(&mut cargo).ok_or_else(|| Failure::new("cargo tree fails"))?;
    read_tree(&printed).ok_or_else(|| Failure::new("cargo tree prints something else than expected"))
}

/// Reads lines such as `2|serde v1.0.229|MIT OR Apache-2.0`.
fn read_tree(printed: &str) -> Option<BTreeMap<Crate, Vec<Crate>>> {
    let mut all: BTreeMap<Crate, Vec<Crate>> = BTreeMap::new();
    let mut above: Vec<Crate> = Vec::new();
    for line in printed.lines().filter(|line| !line.is_empty()) {
        let mut parts = line.splitn(3, '|');
        let depth: usize = parts.next()?.parse().ok()?;
        let mut named = parts.next()?.split_whitespace();
        let one = Crate {
            name: named.next()?.to_owned(),
            version: named.next()?.strip_prefix('v')?.to_owned(),
            licence: spdx(parts.next()?),
        };
        above.truncate(depth);
        if let Some(parent) = above.last() {
            let needed = all.entry(parent.clone()).or_default();
            if !needed.contains(&one) {
                needed.push(one.clone());
                needed.sort();
            }
        }
        all.entry(one.clone()).or_default();
        above.push(one);
    }
    (!all.is_empty()).then_some(all)
}

/// The expression as SPDX writes it: older crates say `MIT/Apache-2.0`.
fn spdx(licence: &str) -> String {
    let words = licence.replace('/', " OR ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `cargo xtask deny`: what `cargo deny` says of all crates, the fuzzer's among them. Known vulnerabilities only with
/// `--advisories`: their database is cloned from GitHub.
///
/// # Errors
/// cargo-deny cannot be installed here, or something is wrong.
pub fn deny(arguments: &[String]) -> Outcome<()> {
    let mut what = vec!["check", "licenses", "bans", "sources"];
    let offline = match arguments {
        [] => Some("--offline"),
        [one] if one == "--advisories" => {
            what.push("advisories");
            None
        }
        _ => return Err(Failure::new("usage: cargo xtask deny [--advisories]")),
    };
    check()?;
    tools::ensure_cargo_deny()?;
    let rules = command::root().join("deny.toml");
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml"] {
        let mut deny = tools::program("cargo-deny", &["--workspace", "--manifest-path", manifest]);
        deny.arg("--config").arg(&rules).args(offline).args(&what);
        // Each of the two workspaces has a crate that the other has not.
        deny.args(["--allow", "license-exception-not-encountered"]);
        command::finish(&mut deny)?;
    }
    Ok(())
}

/// Licences that may be, sources that are known, and nothing twice in the page that is not known to be: the part of
/// `cargo deny` that every test run can have, since that one takes minutes to compile.
///
/// # Errors
/// Names what is wrong.
pub fn check() -> Outcome<()> {
    let page = of_the_page()?;
    let names: Vec<(&str, &str)> = page.keys().map(|it| (&*it.name, &*it.version)).collect();
    let mut wrong = wrong_licences_and_sources(&metadata()?, &names);
    let mut twice: Vec<&str> = names
        .windows(2)
        .filter(|pair| pair[0].0 == pair[1].0)
        .map(|pair| pair[0].0)
        .collect();
    twice.dedup();
    if twice != TWICE {
        wrong.push(format!(
            "the page has {twice:?} in two versions, expected {TWICE:?}"
        ));
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(Failure::new(wrong.join("\n"))),
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

/// Every crate of every target, as the lock file has them.
fn metadata() -> Outcome<Metadata> {
    let mut cargo = command::cargo(&["metadata", "--format-version", "1", "--locked"]);
    let printed = command::output(&mut cargo).ok_or_else(|| Failure::new("cargo metadata fails"))?;
    serde_json::from_str(&printed).map_err(|error| Failure::new(format!("cargo metadata: {error}")))
}

fn wrong_licences_and_sources(metadata: &Metadata, page: &[(&str, &str)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in &metadata.packages {
        let name = format!("{} {}", package.name, package.version);
        let own = package.source.is_none();
        if !own && package.source.as_deref() != Some(CRATES_IO) {
            wrong.push(format!("{name} comes from {:?}", package.source));
        }
        let in_page = page.contains(&(&*package.name, &*package.version));
        let licence = spdx(package.license.as_deref().unwrap_or_default());
        let may = |one: &str| OF_THE_PAGE.contains(&one) || !in_page && one == OF_TOOLS;
        if allowed(&licence, &may) != Some(true) {
            wrong.push(format!("{name} has the licence `{licence}`"));
        }
    }
    wrong
}

/// Whether an SPDX expression can be met by licences that `may` be; `None` when it is none.
fn allowed(expression: &str, may: &dyn Fn(&str) -> bool) -> Option<bool> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = either(&words, &mut at, may)?;
    (at == words.len()).then_some(met)
}

/// `A OR B`, which binds less than `AND`.
fn either(words: &[&str], at: &mut usize, may: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut met = both(words, at, may)?;
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= both(words, at, may)?;
    }
    Some(met)
}

/// `A AND B`
fn both(words: &[&str], at: &mut usize, may: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut met = single(words, at, may)?;
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= single(words, at, may)?;
    }
    Some(met)
}

/// `A`, `A WITH B` or an expression in brackets.
fn single(words: &[&str], at: &mut usize, may: &dyn Fn(&str) -> bool) -> Option<bool> {
    let word = words.get(*at)?;
    *at += 1;
    if *word == "(" {
        let met = either(words, at, may)?;
        let closed = words.get(*at) == Some(&")");
        *at += 1;
        return closed.then_some(met);
    }
    if [")", "OR", "AND", "WITH"].contains(word) {
        return None;
    }
    if words.get(*at) != Some(&"WITH") {
        return Some(may(word));
    }
    let exception = words.get(*at + 1)?;
    *at += 2;
    Some(may(&format!("{word} WITH {exception}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_weighed_as_spdx_says() {
        let may = |one: &str| OF_THE_PAGE.contains(&one);
        for (expression, met) in [
            ("MIT", Some(true)),
            ("GPL-3.0-only", Some(false)),
            ("GPL-3.0-only OR MIT", Some(true)),
            ("GPL-3.0-only AND MIT", Some(false)),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", Some(true)),
            ("MIT OR Apache-2.0 AND GPL-3.0-only", Some(true)),
            ("(MIT OR Apache-2.0) AND GPL-3.0-only", Some(false)),
            ("Apache-2.0 WITH LLVM-exception", Some(true)),
            ("MIT WITH LLVM-exception", Some(false)),
            ("", None),
            ("MIT OR", None),
            ("(MIT", None),
            ("MIT MIT", None),
        ] {
            assert_eq!(allowed(expression, &may), met, "{expression}");
        }
        assert_eq!(spdx("Apache-2.0 / MIT"), "Apache-2.0 OR MIT");
    }

    #[test]
    fn strange_crates_are_named() {
        let text = format!(
            r#"{{"packages": [
                {{"name": "own", "version": "0.1.0", "license": "MIT", "source": null}},
                {{"name": "forked", "version": "1.0.0", "license": "MIT", "source": "git+https://git.example/forked"}},
                {{"name": "tool", "version": "1.0.0", "license": "MPL-2.0", "source": "{CRATES_IO}"}},
                {{"name": "inside", "version": "1.0.0", "license": "MPL-2.0", "source": "{CRATES_IO}"}},
                {{"name": "mute", "version": "1.0.0", "license": null, "source": "{CRATES_IO}"}}]}}"#
        );
        let metadata: Metadata = serde_json::from_str(&text).unwrap();
        let wrong = wrong_licences_and_sources(&metadata, &[("inside", "1.0.0")]);
        let named: Vec<&str> = wrong
            .iter()
            .filter_map(|words| words.split_whitespace().next())
            .collect();
        assert_eq!(named, ["forked", "inside", "mute"]);
    }

    #[test]
    fn a_tree_is_read_with_who_needs_whom() {
        let printed = "0|page v0.1.0 (/somewhere)|MIT\n1|yew v0.23.0|MIT/Apache-2.0\n2|slab v0.4.12|MIT\n1|slab v0.4.12|MIT\n";
        let tree = read_tree(printed).unwrap();
        let needed: Vec<(&str, usize)> = tree
            .iter()
            .map(|(one, needed)| (&*one.name, needed.len()))
            .collect();
        assert_eq!(needed, [("page", 2), ("slab", 0), ("yew", 1)]);
        assert_eq!(tree.keys().nth(2).unwrap().licence, "MIT OR Apache-2.0");
        assert!(read_tree("error: no such package").is_none());
    }

    #[test]
    fn these_rules_and_deny_toml_know_the_same_licences() {
        let text = std::fs::read_to_string(command::root().join("deny.toml")).unwrap();
        for licence in OF_THE_PAGE
            .iter()
            .filter(|it| !it.contains(" WITH "))
            .chain([&OF_TOOLS])
        {
            assert!(text.contains(&format!("\"{licence}\"")), "{licence}");
        }
    }
}
