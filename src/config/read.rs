//! Walks a file along the table of fields and names everything that does not fit.

use super::fields::{Field, Kind, Need, Shape};
use super::spelling::{nearest, short};
use super::{Fault, Problem};
use crate::few::Gather as _;
use crate::json::Json;

/// What was found wrong until now, and where the reader is.
pub(super) struct Reading {
    pub(super) problems: Vec<Problem>,
    path: String,
}

impl Reading {
    /// At the start of a file.
    pub(super) fn new() -> Self {
        Self {
            problems: Vec::new(),
            path: "$".to_owned(),
        }
    }

    /// Goes into a key; returns what [`Reading::leave`] wants.
    pub(super) fn enter(&mut self, key: &str) -> usize {
        let back = self.path.len();
        self.path += &step(key);
        back
    }

    /// Goes into an entry of a list.
    pub(super) fn enter_entry(&mut self, index: usize) -> usize {
        let back = self.path.len();
        self.path += &format!("[{index}]");
        back
    }

    pub(super) fn leave(&mut self, back: usize) {
        self.path.truncate(back);
    }

    /// Here something is wrong.
    pub(super) fn wrong(&mut self, fault: Fault) {
        self.problems.push(fault.at(&self.path));
    }

    /// In this key something is wrong.
    pub(super) fn wrong_in(&mut self, key: &str, fault: Fault) {
        let back = self.enter(key);
        self.wrong(fault);
        self.leave(back);
    }

    /// An entry of this list is the same as an earlier one.
    pub(super) fn same(&mut self, index: usize, first: usize, suffix: &str, key: &'static str) {
        let path = format!("{}[{first}]{suffix}", self.path);
        let back = self.enter_entry(index);
        self.path += suffix;
        self.wrong(Fault::of(key).text("path", &path));
        self.leave(back);
    }

    /// The path without the places in lists: under it the words have what a key is about.
    fn about(&self) -> String {
        let behind_index = |part: &'_ str| part.find(']').map_or(0, |end| end + 1);
        self.path
            .split('[')
            .map(|part| &part[behind_index(part)..])
            .collect()
    }

    /// Names everything in `json` that does not fit `kind`.
    fn value(&mut self, json: &Json, kind: &'static Kind) {
        match (kind, json) {
            (Kind::Text(format), Json::Text(text)) => {
                let length = text.chars().count();
                if length > format.longest {
                    let fault = Fault::of("value.long").number("length", length);
                    let fault = fault.word("format", format.right);
                    self.wrong(fault.number("longest", format.longest));
                } else if let Err(fault) = (format.check)(text) {
                    self.wrong(fault);
                }
            }
            (Kind::Choice(ids), Json::Text(text)) => {
                if !ids.contains(&text.as_str()) {
                    self.wrong(not_among(text, ids));
                }
            }
            (Kind::Flag, Json::Flag(_)) => {}
            (Kind::Whole { least, most }, Json::Number(written)) => {
                if whole(json).is_none_or(|number| !(*least..=*most).contains(&number)) {
                    self.wrong(right(Fault::of("value.range"), kind).text("number", &short(written)));
                }
            }
            (Kind::Object(shape), Json::Object(entries)) => self.object(json, entries, shape),
            (Kind::List { of, least, most }, Json::List(entries)) => {
                if entries.len() < *least {
                    self.wrong(right(Fault::of("list.empty"), kind));
                }
                if entries.len() > *most {
                    let fault = Fault::of("list.long").number("length", entries.len());
                    self.wrong(fault.number("most", *most));
                }
                for (index, json) in entries.iter().take(*most).enumerate() {
                    let back = self.enter_entry(index);
                    self.value(json, of);
                    self.leave(back);
                }
            }
            _ => self.wrong(right(Fault::of("value.kind").word("is", is(json)), kind)),
        }
    }

    fn object(&mut self, json: &Json, entries: &[(String, Json)], shape: &'static Shape) {
        for (index, (key, json)) in entries.iter().enumerate() {
            let back = self.enter(key);
            if entries[..index].iter().any(|(before, _)| before == key) {
                self.wrong(Fault::of("key.twice"));
            } else {
                match shape.fields.iter().find(|field| field.name == key) {
                    Some(field) if !field.required && *json == Json::Null => {}
                    Some(field) => self.value(json, &field.kind),
                    None => self.wrong(unknown(key, shape)),
                }
            }
            self.leave(back);
        }
        for field in shape.fields.iter().filter(|field| field.required) {
            if !entries.iter().any(|(key, _)| key == field.name) {
                let back = self.enter(field.name);
                self.wrong(missing(field, &self.about()));
                self.leave(back);
            }
        }
        if let Some(fault) = ways(json, shape) {
            self.wrong(fault);
        }
        if let Some(need) = &shape.needs
            && let Some(fault) = needed(json, need)
        {
            self.wrong_in(need.needed, fault);
        }
    }
}

/// A key as a step of a path.
pub(crate) fn step(key: &str) -> String {
    let plain = !key.is_empty()
        && key.len() <= 40
        && key
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'$');
    match plain {
        true => format!(".{key}"),
        false => format!("[“{}”]", short(key)),
    }
}

/// Names everything in `json` that does not fit `shape`.
pub(super) fn check(json: &Json, kind: &'static Kind) -> Reading {
    let mut reading = Reading::new();
    reading.value(json, kind);
    reading
}

/// The number, when it is a whole one that fits.
pub(super) fn whole(json: &Json) -> Option<u32> {
    let number = json.number()?;
    (number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number)).then_some(number as u32)
}

/// A text is none of a few ids.
pub(crate) fn not_among(text: &str, ids: &[&'static str]) -> Fault {
    let fault = match (nearest(text, ids), ids) {
        (_, [_]) => Fault::of("choice.only"),
        (Some(meant), _) => Fault::of("choice.meant").text("meant", meant),
        (None, _) => Fault::of("choice.unknown"),
    };
    fault.names(ids).quoting(text)
}

fn unknown(key: &str, shape: &Shape) -> Fault {
    let names: Vec<&str> = shape
        .fields
        .iter()
        .map(|field| field.name)
        .filter(|name| !name.starts_with('$'))
        .few();
    match (nearest(key, &names), &names[..]) {
        (Some(meant), _) => Fault::of("key.meant").text("meant", meant),
        (None, [only]) => Fault::of("key.only").text("only", only),
        (None, _) => Fault::of("key.unknown").names(&names),
    }
}

fn missing(field: &Field, about: &str) -> Fault {
    let fault = match &field.kind {
        Kind::Choice([only]) => Fault::of("key.missing-choice").text("only", only),
        kind => right(Fault::of("key.missing").word("about", about), kind),
    };
    fault.text("key", field.name)
}

/// Whether exactly one of the groups of keys is there, and complete.
fn ways(json: &Json, shape: &Shape) -> Option<Fault> {
    if shape.ways.is_empty() {
        return None;
    }
    let there = |key: &&&str| json.get(key).is_some();
    let mut begun: Vec<String> = Vec::new();
    let mut choices: Vec<String> = Vec::new();
    let mut half = None;
    for group in shape.ways {
        let named = group.join(" + ");
        if group.iter().any(|key| there(&key)) {
            half = group.iter().find(|key| !there(key)).map(|absent| {
                let fault = Fault::of("ways.half").text("key", absent);
                fault.text("group", &named)
            });
            begun.push(named.clone());
        }
        choices.push(named);
    }
    let fault = match begun.len() {
        0 => Fault::of("ways.none"),
        1 => return half,
        _ => Fault::of("ways.both").text("there", &begun.join(", ")),
    };
    let choices: Vec<&str> = choices.iter().map(String::as_str).few();
    Some(fault.names(&choices))
}

fn needed(json: &Json, need: &Need) -> Option<Fault> {
    let (applies, key, because) = match json.get(need.field) {
        None => (need.by_default, "key.needed-by-default", need.values[0]),
        Some(value) => {
            let written = value.text().unwrap_or_default();
            (need.values.contains(&written), "key.needed", written)
        }
    };
    let there = match json.get(need.needed) {
        Some(Json::List(entries)) => !entries.is_empty(),
        other => other.is_some(),
    };
    (applies && !there).then(|| {
        let fault = Fault::of(key).word("remedy", need.remedy);
        fault
            .text("field", need.field)
            .text("because", because)
            .text("needed", need.needed)
    })
}

/// What it is, as a key into the words.
fn is(json: &Json) -> &'static str {
    match json {
        Json::Null => "is.null",
        Json::Flag(_) => "is.flag",
        Json::Number(_) => "is.number",
        Json::Text(_) => "is.text",
        Json::List(_) => "is.list",
        Json::Object(_) => "is.object",
    }
}

/// What would be right, in the gap `{right}`.
fn right(fault: Fault, kind: &Kind) -> Fault {
    let right = |key| fault.word("right", key);
    match kind {
        Kind::Text(format) => right("right.text").word("format", format.right),
        Kind::Choice([only]) => right("right.only").text("only", only),
        Kind::Choice(ids) => right("right.choice").names(ids),
        Kind::Whole { least, most } => right("right.whole")
            .number("least", *least as usize)
            .number("most", *most as usize),
        Kind::Flag => right("right.flag"),
        Kind::Object(shape) => {
            let required = shape.fields.iter().filter(|field| field.required);
            let names: Vec<&str> = required.map(|field| field.name).few();
            match names.is_empty() {
                true => right("right.object"),
                false => right("right.object-with").text("keys", &names.join(", ")),
            }
        }
        Kind::List { least: 0, .. } => right("right.list"),
        Kind::List { .. } => right("right.list-some"),
    }
}
