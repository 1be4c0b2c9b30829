//! Walks a file along the table of fields and names everything that does not fit.

use super::fields::{Field, Kind, Need, Shape};
use super::json::Json;
use super::spelling::{nearest, one_of, quoted};
use super::{Fault, Problem};

/// Names everything in `json` that does not fit `shape`.
pub(super) fn check(json: &Json, shape: &'static Shape) -> Vec<Problem> {
    let mut problems = Vec::new();
    object(json, shape, "$", &mut problems);
    problems
}

/// The path of a key inside an object.
pub(super) fn inside(path: &str, key: &str) -> String {
    let plain = !key.is_empty()
        && key.len() <= 40
        && key
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'$');
    if plain {
        format!("{path}.{key}")
    } else {
        format!("{path}[{}]", quoted(key))
    }
}

/// The path of an entry of a list.
pub(super) fn entry(path: &str, index: usize) -> String {
    format!("{path}[{index}]")
}

fn value(json: &Json, kind: &'static Kind, path: &str, problems: &mut Vec<Problem>) {
    match (kind, json) {
        (Kind::Text(format), Json::Text(text)) => {
            let length = text.chars().count();
            if length > format.longest {
                let what = format!("This has {length} characters.");
                problems.push(
                    Fault::new(
                        what,
                        format!("Write {}, at most {} characters.", format.right, format.longest),
                    )
                    .at(path),
                );
            } else if let Err(fault) = (format.check)(text) {
                problems.push(fault.at(path));
            }
        }
        (Kind::Choice(ids), Json::Text(text)) if !ids.contains(&text.as_str()) => {
            let remedy = match nearest(text, ids.iter().copied()) {
                Some(meant) if ids.len() > 1 => format!("Did you mean {meant}? Write {}.", one_of(ids)),
                _ => format!("Write {}.", one_of(ids)),
            };
            problems.push(Fault::new(format!("{} is not known here.", quoted(text)), remedy).at(path));
        }
        (Kind::Choice(_), Json::Text(_)) | (Kind::Flag, Json::Flag(_)) => {}
        (Kind::Whole { least, most }, Json::Number(number)) => {
            if number.fract() != 0.0 || !(f64::from(*least)..=f64::from(*most)).contains(number) {
                problems.push(Fault::new(format!("{} does not fit.", shown(*number)), right(kind)).at(path));
            }
        }
        (Kind::Object(shape), Json::Object(_)) => object(json, shape, path, problems),
        (Kind::List { of, least, most }, Json::List(entries)) => {
            if entries.len() < *least {
                problems.push(Fault::new("The list is empty.", right(kind)).at(path));
            }
            if entries.len() > *most {
                problems.push(
                    Fault::new(
                        format!("The list has {} entries.", entries.len()),
                        format!("Keep at most {most}."),
                    )
                    .at(path),
                );
            }
            for (index, json) in entries.iter().take(*most).enumerate() {
                value(json, of, &entry(path, index), problems);
            }
        }
        _ => problems.push(Fault::new(format!("This is {}.", json.describe()), right(kind)).at(path)),
    }
}

fn object(json: &Json, shape: &'static Shape, path: &str, problems: &mut Vec<Problem>) {
    let Json::Object(entries) = json else {
        problems.push(
            Fault::new(
                format!("This is {}.", json.describe()),
                "Write an object in curly brackets.",
            )
            .at(path),
        );
        return;
    };
    for (index, (key, json)) in entries.iter().enumerate() {
        if entries[..index].iter().any(|(before, _)| before == key) {
            problems.push(Fault::new("The key is there twice.", "Keep one of them.").at(&inside(path, key)));
            continue;
        }
        match shape.fields.iter().find(|field| field.name == key) {
            Some(field) if !field.required && *json == Json::Null => {}
            Some(field) => value(json, &field.kind, &inside(path, key), problems),
            None => problems.push(unknown(key, shape).at(&inside(path, key))),
        }
    }
    for field in shape.fields.iter().filter(|field| field.required) {
        if !entries.iter().any(|(key, _)| key == field.name) {
            problems.push(missing(field).at(&inside(path, field.name)));
        }
    }
    problems.extend(ways(json, shape).map(|fault| fault.at(path)));
    if let Some(need) = &shape.needs {
        problems.extend(needed(json, need).map(|fault| fault.at(&inside(path, need.needed))));
    }
}

fn unknown(key: &str, shape: &Shape) -> Fault {
    let names: Vec<&str> = shape
        .fields
        .iter()
        .map(|field| field.name)
        .filter(|name| !name.starts_with('$'))
        .collect();
    let remedy = match nearest(key, names.iter().copied()) {
        Some(meant) => format!("Did you mean {meant}?"),
        None => format!(
            "Leave it out. The keys here are {}.",
            one_of(&names).replace(" or ", " and ")
        ),
    };
    Fault::new("The key is not known here.", remedy)
}

fn missing(field: &Field) -> Fault {
    let remedy = match &field.kind {
        Kind::Choice([only]) => format!("Add \"{}\": \"{only}\".", field.name),
        kind => format!("Add it. {} {}", field.about, right(kind)),
    };
    Fault::new(format!("The key {} is missing.", field.name), remedy)
}

/// Whether exactly one of the groups of keys is there, and complete.
fn ways(json: &Json, shape: &Shape) -> Option<Fault> {
    let all = |group: &&[&str]| group.join(" and ");
    let choices: Vec<String> = shape.ways.iter().map(all).collect();
    let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
    let begun: Vec<&&[&str]> = shape
        .ways
        .iter()
        .filter(|group| group.iter().any(|key| json.get(key).is_some()))
        .collect();
    match begun[..] {
        [] if shape.ways.is_empty() => None,
        [] => Some(Fault::new(
            "There are no credentials, and nothing else is expected.",
            format!("Add one of these: {}.", one_of(&choices)),
        )),
        [group] => {
            let absent: Vec<&str> = group
                .iter()
                .copied()
                .filter(|key| json.get(key).is_none())
                .collect();
            (!absent.is_empty()).then(|| {
                Fault::new(
                    format!("The key {} is missing.", absent.join(" and ")),
                    format!("{} go together.", all(group)),
                )
            })
        }
        _ => {
            let there: Vec<String> = begun.into_iter().map(all).collect();
            Some(Fault::new(
                format!("{} exclude each other.", there.join(", ")),
                format!("Keep one of these: {}.", one_of(&choices)),
            ))
        }
    }
}

fn needed(json: &Json, need: &Need) -> Option<Fault> {
    let (applies, because) = match json.get(need.field) {
        None => (
            need.by_default,
            format!("{} by default", need.values.first().unwrap_or(&"")),
        ),
        Some(value) => {
            let written = value.text().unwrap_or_default();
            (need.values.contains(&written), written.to_owned())
        }
    };
    let there = match json.get(need.needed) {
        Some(Json::List(entries)) => !entries.is_empty(),
        other => other.is_some(),
    };
    (applies && !there).then(|| {
        Fault::new(
            format!("The {} is {because}, but {} is missing.", need.field, need.needed),
            need.remedy,
        )
    })
}

/// What would be right, as a sentence.
fn right(kind: &Kind) -> String {
    match kind {
        Kind::Text(format) => format!("Write text in double quotes: {}.", format.right),
        Kind::Choice(ids) => format!("Write {} in double quotes.", one_of(ids)),
        Kind::Whole { least, most } => {
            format!("Write a whole number from {least} to {most}, without quotes.")
        }
        Kind::Flag => "Write true or false, without quotes.".into(),
        Kind::Object(shape) => {
            let names: Vec<&str> = shape
                .fields
                .iter()
                .filter(|field| field.required)
                .map(|field| field.name)
                .collect();
            match names[..] {
                [] => "Write an object in curly brackets.".into(),
                _ => format!("Write an object in curly brackets, with {}.", names.join(", ")),
            }
        }
        Kind::List { least: 0, .. } => "Write a list in square brackets.".into(),
        Kind::List { .. } => "Write a list in square brackets, with at least one entry.".into(),
    }
}

fn shown(number: f64) -> String {
    if number.abs() < 1e15 {
        number.to_string()
    } else {
        format!("{number:e}")
    }
}
