//! The house rules of `src/lib.rs`, as tests.

#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below `folder` with this ending, as (path from the root, text).
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                let name = path
                    .strip_prefix(root())
                    .expect("below the root")
                    .to_string_lossy()
                    .replace('\\', "/");
                found.push((name, fs::read_to_string(&path).expect("a text file")));
            }
        }
    }
    found.sort();
    found
}

/// The lines that break a rule, each with its place.
fn lines_with<'a>(files: &'a [(String, String)], broken: impl Fn(&str) -> bool + 'a) -> Vec<String> {
    let of_file = |(name, text): &'a (String, String)| {
        let broken = &broken;
        let numbered = text.lines().enumerate().filter(move |(_, line)| broken(line));
        numbered
            .map(move |(number, line)| format!("{name}:{}: {}", number + 1, line.trim()))
            .collect::<Vec<_>>()
    };
    files.iter().flat_map(of_file).collect()
}

#[track_caller]
fn none(what: &str, places: Vec<String>) {
    assert!(places.is_empty(), "{what}:\n{}", places.join("\n"));
}

fn pure() -> Vec<(String, String)> {
    let mut sources = files("src", "rs");
    sources.retain(|(name, _)| {
        !["src/browser", "src/app", "src/main.rs"]
            .iter()
            .any(|room| name.starts_with(room))
    });
    assert!(sources.len() > 20, "the sources were not found");
    sources
}

fn rust() -> Vec<(String, String)> {
    ["src", "lab", "xtask", "tests", "fuzz/src", "fuzz/targets"]
        .iter()
        .flat_map(|folder| files(folder, "rs"))
        .collect()
}

#[test]
fn javascript_stays_in_the_browser_room() {
    const CRATES: [&str; 6] = [
        "web_sys::",
        "js_sys::",
        "wasm_bindgen::",
        "wasm_bindgen_futures::",
        "gloo",
        "JsValue",
    ];
    none(
        "JavaScript outside src/browser",
        lines_with(&pure(), |line| {
            !line.trim_start().starts_with("//") && CRATES.iter().any(|name| line.contains(name))
        }),
    );
}

#[test]
fn the_app_hands_no_javascript_values_around() {
    let mut app = files("src", "rs");
    app.retain(|(name, _)| name.starts_with("src/app"));
    none(
        "JsValue in the wiring",
        lines_with(&app, |line| line.contains("JsValue")),
    );
}

#[test]
fn the_core_asks_no_clock_and_throws_no_dice() {
    none(
        "a clock or dice in the core",
        lines_with(&pure(), |line| {
            ["Instant::now", "SystemTime", " rand::", "thread_rng"]
                .iter()
                .any(|name| line.contains(name))
        }),
    );
}

#[test]
fn nothing_is_forgotten_or_silenced() {
    let here = "tests/architecture.rs";
    let sources: Vec<_> = rust().into_iter().filter(|(name, _)| name != here).collect();
    none(
        "leaks and silenced tests",
        lines_with(&sources, |line| {
            [
                "mem::forget",
                ".forget()",
                "into_js_value()",
                "#[ignore",
                "todo!(",
                "unimplemented!(",
            ]
            .iter()
            .any(|name| line.contains(name))
        }),
    );
}

#[test]
fn components_have_neither_state_nor_inline_style() {
    let ui: Vec<_> = pure()
        .into_iter()
        .filter(|(name, _)| name.starts_with("src/ui"))
        .collect();
    assert!(!ui.is_empty());
    none(
        "state or style in a component",
        lines_with(&ui, |line| {
            ["use_state", "use_reducer", "use_effect", "style=", "use_mut_ref"]
                .iter()
                .any(|name| line.contains(name))
        }),
    );
}

/// `units::fixed` writes numbers; one `{:.1}`, or a float in `{}`, costs 6 kB of brotli on a first visit.
#[test]
fn the_standard_librarys_float_formatting_stays_out_of_the_page() {
    none(
        "a float formatted by the standard library",
        lines_with(&files("src", "rs"), |line| {
            (0..=3).any(|decimals| {
                line.contains(&format!(":.{decimals}}}")) || line.contains(&format!("+.{decimals}}}"))
            })
        }),
    );
}

/// `to_ascii_lowercase` does for hosts and protocols; the other one brings Unicode's tables, 5 kB of brotli.
#[test]
fn unicodes_letter_cases_stay_out_of_the_page() {
    none(
        "letters of all alphabets made small or capital",
        lines_with(&files("src", "rs"), |line| {
            line.contains(".to_lowercase()") || line.contains(".to_uppercase()")
        }),
    );
}

#[test]
fn main_only_mounts() {
    let text = fs::read_to_string(root().join("src/main.rs")).expect("main.rs");
    assert!(text.lines().count() <= 15);
}

#[test]
fn every_cause_has_a_file_a_case_and_a_near_miss() {
    let cases: Vec<String> = files("tests/cases", "toml")
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let mut missing = Vec::new();
    for cause in clearline::diagnosis::ids() {
        let file = root().join(format!("src/diagnosis/{}.rs", cause.replace('-', "_")));
        if !file.exists() {
            missing.push(format!("{cause}: no {}", file.display()));
        }
        for suffix in ["", "-near-miss"] {
            let case = format!("/{cause}{suffix}");
            if !cases.iter().any(|name| name.contains(&case)) {
                missing.push(format!("{cause}: no case tests/cases{case}*.toml"));
            }
        }
    }
    none("causes without their proof", missing);
    let others: Vec<String> = files("src/diagnosis", "rs")
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| {
            let id = name
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .trim_end_matches(".rs");
            let is_cause = clearline::diagnosis::ids().any(|cause| cause.replace('-', "_") == id);
            !is_cause && !["thresholds", "other_browser"].contains(&id)
        })
        .collect();
    none("what is no cause among the causes", others);
}

#[test]
fn the_table_of_look_alikes_names_proofs_that_exist() {
    let text = fs::read_to_string(root().join("docs/diagnosis.md")).expect("docs/diagnosis.md");
    let (mut proofs, mut missing) = (0, Vec::new());
    let rows = text.lines().filter(|line| line.starts_with("| "));
    // In the proofs' column the word before a name says where it is: `world`, `worlds`, `case` or `cases`.
    for row in rows {
        let column = row
            .trim_end_matches(['|', ' '])
            .rsplit('|')
            .next()
            .unwrap_or_default();
        let mut folder = "";
        for (index, part) in column.split('`').enumerate() {
            if index % 2 == 0 {
                folder = match part.trim_matches([' ', ',', 's']) {
                    "world" => "lab/worlds",
                    "case" => "tests/cases",
                    "" => folder,
                    _ => "",
                };
            } else if !folder.is_empty() {
                proofs += 1;
                if !root().join(folder).join(format!("{part}.toml")).is_file() {
                    missing.push(format!("{folder}/{part}.toml"));
                }
            }
        }
    }
    none("proofs that are not there", missing);
    assert!(proofs >= 50, "only {proofs} proofs were read");
}

#[test]
fn every_cause_has_a_world_or_a_reason_why_not() {
    let read = |name: &str| fs::read_to_string(root().join(name)).expect("is there");
    let browsers = read("docs/browsers.md");
    let (_, reasons) = browsers
        .split_once("## Causes without a world")
        .expect("its heading");
    let (reasons, _) = reasons.split_once("\n## ").expect("the next heading");
    let worlds: String = fs::read_dir(root().join("lab/worlds"))
        .expect("lab/worlds")
        .filter_map(|file| fs::read_to_string(file.ok()?.path()).ok())
        .collect();
    let wanted = |line: &&str| {
        ["primary = ", "must = "]
            .iter()
            .any(|word| line.starts_with(word))
    };
    let built: Vec<&str> = worlds.lines().filter(wanted).collect();
    let (mut missing, mut both) = (Vec::new(), Vec::new());
    for cause in clearline::diagnosis::ids() {
        let world = built.iter().any(|line| line.contains(&format!("\"{cause}\"")));
        let reason = reasons.contains(&format!("`{cause}`"));
        match (world, reason) {
            (false, false) => missing.push(cause.to_owned()),
            (true, true) => both.push(cause.to_owned()),
            _ => {}
        }
    }
    none("causes with neither world nor reason", missing);
    none("causes with a world and a reason why there is none", both);
}

#[test]
fn the_laboratory_does_not_know_the_page() {
    let manifest = fs::read_to_string(root().join("lab/Cargo.toml")).expect("lab/Cargo.toml");
    assert!(!manifest.contains("clearline ="), "lab depends on the page");
}

#[test]
fn files_stay_readable_and_well_named() {
    let long = rust()
        .into_iter()
        .filter(|(_, text)| text.lines().count() > 500)
        .map(|(name, _)| name);
    none("files over 500 lines", long.collect());
    let vague = ["utils", "util", "common", "helpers", "helper", "manager", "mod"];
    let badly_named = rust().into_iter().map(|(name, _)| name).filter(|name| {
        let stem = Path::new(name)
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned());
        stem.is_some_and(|stem| vague.contains(&stem.as_str()))
    });
    none("files whose name says nothing", badly_named.collect());
}
