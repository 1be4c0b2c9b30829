//! Problems have words: each key that the code says, with its remedy and without a gap left open.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clearline::config::{Config, HttpUrl, Network4, Problem, TurnUrl, problem_words};
use clearline::draft::Draft;
use clearline::link::Link;
use serde_json::{Value, json};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The sources that name problems.
fn sources() -> Vec<(PathBuf, String)> {
    let single = [
        "src/link.rs",
        "src/json.rs",
        "src/catalogue.rs",
        "src/config.rs",
        "src/draft.rs",
        "src/app/load.rs",
    ];
    let mut files: Vec<PathBuf> = single.iter().map(|file| root().join(file)).collect();
    let folder = fs::read_dir(root().join("src/config")).expect("the sources are there");
    files.extend(folder.flatten().map(|entry| entry.path()));
    files
        .into_iter()
        .map(|file| {
            let text = fs::read_to_string(&file).expect("a source file can be read");
            (file, text)
        })
        .collect()
}

/// The keys of the words, but for what the fields are about, which the schema asks for.
fn keys() -> BTreeSet<&'static str> {
    problem_words()
        .keys()
        .filter(|key| !key.starts_with('$'))
        .collect()
}

#[test]
fn every_key_that_is_said_has_words_and_every_word_is_said() {
    let there = keys();
    let groups: BTreeSet<&str> = there.iter().filter_map(|key| key.split('.').next()).collect();
    let mut said = BTreeSet::new();
    for (file, text) in &sources() {
        for part in text.split('"') {
            let key = part.split_once('.').is_some_and(|(group, rest)| {
                groups.contains(group) && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            });
            if key {
                assert!(there.contains(part), "{}: no words for {part}", file.display());
                said.insert(part.to_owned());
                said.insert(format!("{part}.fix"));
            }
        }
        for fault in text.split("Fault::of(\"").skip(1) {
            let key = fault.split('"').next().unwrap_or_default();
            let page = key.starts_with("ui.");
            assert!(
                page || there.contains(key),
                "{}: no words for {key}",
                file.display()
            );
        }
    }
    let unused: Vec<_> = there.iter().filter(|key| !said.contains(**key)).collect();
    assert!(unused.is_empty(), "words that nothing says: {unused:?}");
}

#[test]
fn every_field_has_a_description() {
    fn descriptions(schema: &Value) -> Vec<(String, Value)> {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
            return schema.get("items").map(descriptions).unwrap_or_default();
        };
        let own = properties
            .iter()
            .map(|(name, field)| (name.clone(), field["description"].clone()));
        own.chain(properties.values().flat_map(descriptions)).collect()
    }
    let all = descriptions(&clearline::config::schema());
    for (name, description) in &all {
        let text = description.as_str().unwrap_or_default();
        assert!(text.ends_with('.') && !text.starts_with('$'), "{name}: {text}");
    }
    let words = problem_words().keys().filter(|key| key.starts_with('$')).count();
    assert_eq!(all.len(), words, "words about fields that are not there");
}

#[test]
fn the_pages_words_and_those_of_problems_do_not_overlap() {
    let page = fs::read_to_string(root().join("static/words/en.json")).expect("the words are there");
    let [page, ..] = clearline::words::source::parts(&page).expect("its parts");
    let both: Vec<_> = problem_words()
        .keys()
        .filter(|key| page.contains_key(*key))
        .collect();
    assert!(both.is_empty(), "{both:?}");
}

#[test]
fn every_problem_is_said_without_a_gap() {
    let mut problems: Vec<Problem> = Vec::new();
    for entry in fs::read_dir(root().join("tests/config"))
        .expect("broken files")
        .flatten()
    {
        if entry.path().extension().is_some_and(|kind| kind == "json") {
            let text = fs::read_to_string(entry.path()).expect("a text file");
            problems.extend(Config::parse(&text).err().unwrap_or_default());
        }
    }
    let entries = |of: Value, count| vec![of; count];
    for text in [
        json!({ "stun": entries(json!("stun:a.example"), 11), "egress": { "x": 1 }, "turn": { "a": 1 } })
            .to_string(),
        json!({ "$schema": "x".repeat(3000), "applications": [{ "id": "page" }], "turn": [{ "id": "a b" }] })
            .to_string(),
        json!({ "applications": [{ "id": "voice", "activity": 1 }], "schema": 1, "canary": 7 }).to_string(),
        " ".repeat(300_000),
    ] {
        problems.extend(Config::parse(&text).expect_err("broken"));
    }
    for text in [
        "https://ä.example",
        "https://a.example.",
        "https://a..b",
        "https://",
        "https://a.example/{",
        "//a",
        "a",
    ] {
        problems.extend(HttpUrl::parse(text).err().map(|fault| fault.at("$")));
    }
    let long = format!("https://a.example/{}", "x".repeat(3000));
    problems.extend(HttpUrl::parse(&long).err().map(|fault| fault.at("$")));
    for text in ["turn:a.example/x", "turn:a.example:22"] {
        problems.extend(TurnUrl::parse(text).err().map(|fault| fault.at("$")));
    }
    problems.extend(Network4::parse("1.2.3.4/5/6").err().map(|fault| fault.at("$")));
    for query in [
        "run=now&mode=x&every=1&config=../x&phone=pston&ticket=&lang=english&depth=ful&run=auto&pohne=1&x=1&y=%zz&lang=%zz",
        "every=60&lang=%zz",
        &"a=1&".repeat(100),
    ] {
        problems.extend(Link::parse(query).problems);
    }
    let minimal = json!({ "schema": "clearline.config/1", "name": "A", "phone": "sip",
        "applications": [{ "id": "agent-desktop", "url": "https://a.example/" }] });
    let config = Config::parse(&minimal.to_string()).expect("valid");
    problems.extend(config.link_problems(&Link::parse("phone=webrtc-embedded")));

    for text in [None, Some("{\n\0")] {
        problems.extend(Draft::default().replaced("a.json", text).refused);
    }
    // A draft of what was another file then.
    let edited = Draft::open("{}", "a.json").typed("{ }".to_owned());
    problems.extend(Draft::open("[]", "a.json").restored(&edited.stored()).refused);
    // A stand-in with nothing behind it.
    let masked = json!({ "turn": [{ "credential": "••••••••" }] }).to_string();
    let lost = Draft::default().typed(masked).check();
    problems.extend(lost.checked.problems.iter().map(|(problem, _)| problem.clone()));

    let mut said = BTreeSet::from(["file.malformed"]);
    for problem in &problems {
        let words = problem.said(problem_words());
        assert!(!words.remedy.is_empty(), "{problem:?}");
        let written = problem.fault.key == "url.character";
        let gap = words.what.contains('{') || words.remedy.contains('{');
        assert!(written || !gap, "{problem:?}: {words:?}");
        said.insert(problem.fault.key);
    }
    let faults = keys().into_iter().filter_map(|key| key.strip_suffix(".fix"));
    let unproven: Vec<_> = faults.filter(|key| !said.contains(key)).collect();
    assert!(unproven.is_empty(), "no test shows {unproven:?}");
}
