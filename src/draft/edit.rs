//! Changes of a JSON text that keep all else in it: order, blanks, and keys that nobody here knows.

use std::ops::Range;

use super::places::{Place, nearest, places};
use crate::config::step;
use crate::json::Json;

/// A changed text, and where in it the new is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edited {
    pub(super) text: String,
    pub(super) new: Range<usize>,
}

/// What is put at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Put<'a> {
    /// This value (JSON) in place of what is there.
    Value(&'a str),
    /// This value as one more entry of the list.
    Entry(&'a str),
    /// Nothing: key or entry goes, and an object that has nothing left.
    Nothing,
}

/// The text with this at `path`, a row of keys and indices parted by dots, such as `turn.0.id`; objects and lists on the
/// way are made. `None` where the text is no JSON, or something else is in the way.
pub(super) fn edit(text: &str, path: &str, put: Put) -> Option<Edited> {
    let all = places(text);
    let mut here = all.first()?;
    let mut names = path.split('.');
    while let Some(name) = names.next() {
        let next = match name.parse::<usize>() {
            Ok(index) => here.inside.get(index).map(|at| &all[*at]),
            Err(_) => {
                let path = here.path.clone() + &step(name);
                nearest(&all, &path, false).filter(|place| place.path == path)
            }
        };
        let nothing = next.is_some_and(|next| text[next.value.clone()] == *"null");
        match (next, put) {
            (Some(next), Put::Value(_) | Put::Entry(_)) if nothing => {
                return Some(replaced(text, next.value.clone(), &made(names, put)));
            }
            (Some(next), _) => here = next,
            (None, Put::Nothing) => return Some(unchanged(text)),
            (None, _) => {
                let key = Json::Text(name.to_owned()).line();
                let new = made(names, put);
                return added(text, &all, here, b'{', &format!("{key}: {new}"), new.len());
            }
        }
    }
    match put {
        Put::Value(value) => Some(replaced(text, here.value.clone(), value)),
        Put::Entry(value) => added(text, &all, here, b'[', value, value.len()),
        Put::Nothing => Some(removed(text, &all, here)),
    }
}

/// The value with the objects around it for the names that are not there yet.
fn made<'a>(names: impl Iterator<Item = &'a str>, put: Put) -> String {
    let mut names: Vec<&str> = names.fold(Vec::new(), |mut all, name| {
        all.push(name);
        all
    });
    let mut value = match put {
        Put::Value(value) => value.to_owned(),
        Put::Entry(value) => format!("[{value}]"),
        Put::Nothing => String::new(),
    };
    while let Some(name) = names.pop() {
        let key = Json::Text(name.to_owned()).line();
        value = format!("{{ {key}: {value} }}");
    }
    value
}

fn unchanged(text: &str) -> Edited {
    Edited {
        text: text.to_owned(),
        new: 0..0,
    }
}

fn replaced(text: &str, range: Range<usize>, with: &str) -> Edited {
    Edited {
        text: [&text[..range.start], with, &text[range.end..]].concat(),
        new: range.start..range.start + with.len(),
    }
}

/// Adds an entry behind the last one, parted from it as that is from the one before. The last `length` bytes are the new.
fn added(
    text: &str,
    all: &[Place],
    around: &Place,
    opening: u8,
    entry: &str,
    length: usize,
) -> Option<Edited> {
    if text.as_bytes().get(around.value.start) != Some(&opening) {
        return None;
    }
    let (at, entry) = match around.inside.last() {
        Some(last) => {
            let last = &all[*last];
            let before = &text[..last.whole.start];
            let blank = &before[before.trim_end().len()..];
            let blank = if blank.is_empty() { " " } else { blank };
            (last.whole.end..last.whole.end, format!(",{blank}{entry}"))
        }
        None => {
            let inner = around.value.start + 1..around.value.end - 1;
            let entry = match opening {
                b'{' => format!(" {entry} "),
                _ => entry.to_owned(),
            };
            (inner, entry)
        }
    };
    let mut edited = replaced(text, at, &entry);
    let end = edited.new.start + entry.trim_end().len();
    edited.new = end - length..end;
    Some(edited)
}

fn removed(text: &str, all: &[Place], gone: &Place) -> Edited {
    let index = all.iter().position(|place| place == gone);
    let Some(around) = all
        .iter()
        .find(|place| index.is_some_and(|index| place.inside.contains(&index)))
    else {
        return unchanged(text);
    };
    if around.inside.len() == 1 {
        let is_object = text[around.value.clone()].starts_with('{');
        if is_object && around.path != "$" && !around.path.ends_with(']') {
            return removed(text, all, around);
        }
        return replaced(text, around.value.start + 1..around.value.end - 1, "");
    }
    let at = around.inside.iter().position(|inside| Some(*inside) == index);
    let neighbour = |at: usize| around.inside.get(at).map(|inside| &all[*inside].whole);
    let range = match at.unwrap_or_default() {
        0 => gone.whole.start..neighbour(1).map_or(gone.whole.end, |next| next.start),
        at => neighbour(at - 1).map_or(gone.whole.start, |before| before.end)..gone.whole.end,
    };
    let mut edited = replaced(text, range, "");
    edited.new = 0..0;
    edited
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{
  "name": "A", "odd": [1,2],
  "turn": [
    { "id": "a", "urls": [] },
    { "id": "b" }
  ],
  "canary": null
}
"#;

    #[track_caller]
    fn after(path: &str, put: Put, old: &str, new: &str) {
        let edited = edit(FILE, path, put).expect("it can be edited");
        assert_eq!(edited.text, FILE.replacen(old, new, 1), "{path}");
        assert!(Json::read(&edited.text).is_ok());
    }

    #[test]
    fn a_value_changes_and_nothing_else_does() {
        after("name", Put::Value("\"B\""), "\"A\"", "\"B\"");
        after("turn.1.id", Put::Value("\"c\""), "\"b\"", "\"c\"");
        after(
            "canary.url",
            Put::Value("\"x\""),
            "\"canary\": null",
            "\"canary\": { \"url\": \"x\" }",
        );
    }

    #[test]
    fn a_new_key_stands_as_its_neighbours_do() {
        after("turn.1.expect", Put::Value("1"), "\"b\"", "\"b\", \"expect\": 1");
        after(
            "helpdesk.name",
            Put::Value("\"H\""),
            "null\n",
            "null,\n  \"helpdesk\": { \"name\": \"H\" }\n",
        );
        after("turn.0.urls", Put::Entry("\"turn:a\""), "[]", "[\"turn:a\"]");
        after(
            "turn",
            Put::Entry("{}"),
            "{ \"id\": \"b\" }",
            "{ \"id\": \"b\" },\n    {}",
        );
        after(
            "stun",
            Put::Entry("\"stun:a\""),
            "null\n",
            "null,\n  \"stun\": [\"stun:a\"]\n",
        );
        let edited = edit(FILE, "turn", Put::Entry("{ \"id\": \"c\" }")).unwrap();
        assert_eq!(&edited.text[edited.new], "{ \"id\": \"c\" }");
        let edited = edit("{}", "helpdesk.name", Put::Value("1")).unwrap();
        assert_eq!(edited.text, "{ \"helpdesk\": { \"name\": 1 } }");
        assert_eq!(&edited.text[edited.new], "{ \"name\": 1 }");
    }

    #[test]
    fn what_goes_leaves_no_comma() {
        after("name", Put::Nothing, "\"name\": \"A\", ", "");
        after("odd.1", Put::Nothing, "[1,2]", "[1]");
        after(
            "turn.0",
            Put::Nothing,
            "{ \"id\": \"a\", \"urls\": [] },\n    ",
            "",
        );
        after("turn.1", Put::Nothing, ",\n    { \"id\": \"b\" }", "");
        after("canary", Put::Nothing, ",\n  \"canary\": null", "");
        after("not.there", Put::Nothing, "", "");
        let alone = r#"{"a": 1, "helpdesk": {"name": "H"}}"#;
        assert_eq!(
            edit(alone, "helpdesk.name", Put::Nothing).unwrap().text,
            r#"{"a": 1}"#
        );
        assert_eq!(edit(r#"{"a": 1}"#, "a", Put::Nothing).unwrap().text, "{}");
        assert_eq!(edit(r#"[{"a": 1}]"#, "0.a", Put::Nothing).unwrap().text, "[{}]");
    }

    #[test]
    fn what_is_in_the_way_stays() {
        assert_eq!(edit(FILE, "name.url", Put::Value("1")), None);
        assert_eq!(edit(FILE, "name", Put::Entry("1")), None);
        assert_eq!(edit(FILE, "turn.7.id", Put::Value("1")), None);
        assert_eq!(edit("{", "name", Put::Value("1")), None);
        assert_eq!(edit("[]", "name", Put::Value("1")), None);
    }
}
