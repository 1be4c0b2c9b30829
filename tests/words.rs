//! Every language says everything, with the same gaps, and nothing else.

use std::collections::BTreeSet;
use std::path::Path;

use clearline::words::Plural;
use clearline::words::source::{PARTS, Part as Table, parts};

/// A language's parts, in the order of [`PARTS`].
fn read(language: &str) -> [Table; 4] {
    let file = Path::new("static/words").join(format!("{language}.json"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    parts(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn languages() -> Vec<String> {
    let entries = std::fs::read_dir("static/words").expect("there are words");
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .collect()
}

/// `{host} answers {host}` → host, twice.
fn gaps(sentence: &str) -> Vec<&str> {
    let mut gaps: Vec<&str> = sentence
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(gap, _)| gap)
        .collect();
    gaps.sort_unstable();
    gaps
}

/// What is wrong with a language's table beside the English one.
fn wrong(english: &Table, table: &Table) -> Vec<String> {
    let mut wrong = Vec::new();
    for (key, sentence) in english {
        match table.get(key) {
            None => wrong.push(format!("{key} is missing")),
            Some(other) if other.trim().is_empty() && !sentence.is_empty() => {
                wrong.push(format!("{key} is empty"))
            }
            Some(other) if gaps(other) != gaps(sentence) => {
                wrong.push(format!(
                    "{key} has the gaps {:?}, not {:?}",
                    gaps(other),
                    gaps(sentence)
                ));
            }
            Some(_) => {}
        }
    }
    for (key, sentence) in table {
        let (plain, category) = key.split_once('#').unwrap_or((key, "other"));
        let known = category == "other" || Plural::named(category) != Plural::Other;
        match english.get(plain) {
            None => wrong.push(format!("{key} is said nowhere")),
            Some(_) if !known => wrong.push(format!("{key}: there is no plural category {category}")),
            // A form for one or two may say the number in words.
            Some(other) => {
                let (mine, theirs): (BTreeSet<_>, BTreeSet<_>) = (
                    gaps(sentence).into_iter().collect(),
                    gaps(other).into_iter().collect(),
                );
                if !mine.is_subset(&theirs) {
                    wrong.push(format!("{key} has a gap that nothing fills"));
                }
            }
        }
    }
    wrong
}

#[test]
fn every_language_says_everything() {
    let mut all = Vec::new();
    let english = read("en");
    for language in languages() {
        for (((part, _), english), table) in PARTS.iter().zip(&english).zip(read(&language)) {
            let found = wrong(english, &table);
            all.extend(found.into_iter().map(|it| format!("{language}: {part}: {it}")));
        }
    }
    assert!(all.is_empty(), "{all:#?}");
}

#[test]
fn every_language_has_a_direction() {
    for language in languages() {
        let direction = read(&language)[0]["ui.direction"].clone();
        assert!(["ltr", "rtl"].contains(&&*direction), "{language}: {direction}");
    }
}

#[test]
fn what_is_missing_or_too_much_is_named() {
    let table = |pairs: &[(&str, &str)]| -> Table {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    };
    let english = table(&[("a", "{n} things"), ("b", "{host} answers"), ("c", "yes")]);
    let good = table(&[
        ("a", "{n} Dinge"),
        ("a#one", "ein Ding"),
        ("b", "{host} antwortet"),
        ("c", "ja"),
    ]);
    assert!(wrong(&english, &good).is_empty());
    let bad = table(&[
        ("a", "{m} Dinge"),
        ("a#some", "Dinge"),
        ("b", "antwortet"),
        ("d", "nein"),
    ]);
    assert_eq!(wrong(&english, &bad).len(), 6);
}
