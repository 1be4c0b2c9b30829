//! JSON as it was written: the order of keys and keys written twice are kept, since both matter to whoever edits it.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{Fault, Problem};

/// No configuration is longer than this many bytes.
const LONGEST: usize = 256 * 1024;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Null,
    Flag(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Reads a text. A byte-order mark at its start is no problem.
pub(super) fn read(text: &str) -> Result<Json, Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > LONGEST {
        return Err(Fault::new(
            format!("The file has {} bytes.", text.len()),
            format!("A configuration has at most {LONGEST} bytes."),
        )
        .at("$"));
    }
    if text.trim_start().starts_with('<') {
        return Err(Fault::new(
            "This is a web page, not a configuration.",
            "Check that the file exists: many servers answer with a page of their own when it does not.",
        )
        .at("$"));
    }
    serde_json::from_str(text).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default();
        Fault::new(
            format!("This is not JSON: {reason} (line {}, column {}).", error.line(), error.column()),
            "Correct that place. Text and keys stand in double quotes, a comma between entries and none after the last.",
        )
        .at("$")
    })
}

impl Json {
    /// What it is, in words.
    pub(super) fn describe(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Flag(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// The value of a key; `None` when it is missing, null, or this is no object. Of a key written twice the first.
    pub(super) fn get(&self, key: &str) -> Option<&Json> {
        let Self::Object(entries) = self else { return None };
        let (_, value) = entries.iter().find(|(name, _)| name == key)?;
        (*value != Self::Null).then_some(value)
    }

    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a key.
    pub(super) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// The whole number of a key.
    pub(super) fn whole_of(&self, key: &str) -> Option<u32> {
        match self.get(key)? {
            Self::Number(number) if number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(number) => {
                Some(*number as u32)
            }
            _ => None,
        }
    }

    /// The yes or no of a key.
    pub(super) fn flag_of(&self, key: &str) -> Option<bool> {
        match self.get(key)? {
            Self::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The entries of the list of a key; none when there is no such list.
    pub(super) fn list_of(&self, key: &str) -> &[Json] {
        match self.get(key) {
            Some(Self::List(entries)) => entries,
            _ => &[],
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Json;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON value")
            }
            fn visit_unit<E>(self) -> Result<Json, E> {
                Ok(Json::Null)
            }
            fn visit_bool<E>(self, flag: bool) -> Result<Json, E> {
                Ok(Json::Flag(flag))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
                Ok(Json::Number(number as f64))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
                Ok(Json::Number(number as f64))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
                Ok(Json::Number(number))
            }
            fn visit_str<E>(self, text: &str) -> Result<Json, E> {
                Ok(Json::Text(text.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = list.next_element()? {
                    entries.push(entry);
                }
                Ok(Json::List(entries))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Json::Object(entries))
            }
        }
        deserializer.deserialize_any(Any)
    }
}
