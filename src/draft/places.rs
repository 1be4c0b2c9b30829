//! Where in a text its keys and values stand.

use std::ops::Range;

use crate::config::step;
use crate::few::Gather as _;
use crate::json::Json;

/// A value of a JSON text, and where it stands there, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// As a problem names it, such as `$.turn[1].urls[0]`.
    pub(crate) path: String,
    /// From the beginning of its key, if it has one, to the end of the value.
    pub(crate) whole: Range<usize>,
    /// The value alone.
    pub(crate) value: Range<usize>,
    /// The values in it: indices into the list of all.
    pub(crate) inside: Vec<usize>,
}

/// All values of a text, each before those in it; none where the text is no JSON.
pub(crate) fn places(text: &str) -> Vec<Place> {
    let mut walk = Walk {
        text,
        at: 0,
        found: Vec::new(),
    };
    if Json::read(text).is_ok() {
        walk.blank();
        let start = walk.at;
        walk.value("$".to_owned(), start);
    }
    walk.found
}

/// The place that a path names, or of what it names the nearest that is there: of a missing key the object. Where a key is
/// written twice, `last` wants the second.
pub(crate) fn nearest<'a>(places: &'a [Place], path: &str, last: bool) -> Option<&'a Place> {
    let mut path = path;
    loop {
        let mut same = places.iter().filter(|place| place.path == path);
        let found = if last { same.next_back() } else { same.next() };
        if found.is_some() {
            return found;
        }
        path = &path[..path.rfind(['.', '['])?];
    }
}

/// Steps through a text that is known to be JSON.
struct Walk<'a> {
    text: &'a str,
    at: usize,
    found: Vec<Place>,
}

impl Walk<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Steps over blanks, and this byte if it is there.
    fn take(&mut self, wanted: u8) -> bool {
        self.blank();
        let there = self.byte() == Some(wanted);
        self.at += usize::from(there);
        there
    }

    fn string(&mut self) -> Range<usize> {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.byte() {
            self.at += 1 + usize::from(byte == b'\\');
            if byte == b'"' {
                break;
            }
        }
        start..self.at
    }

    /// A value that begins here; returns its index.
    fn value(&mut self, path: String, start: usize) -> usize {
        self.blank();
        let (index, begin) = (self.found.len(), self.at);
        self.found.push(Place {
            path: path.clone(),
            whole: start..begin,
            value: begin..begin,
            inside: Vec::new(),
        });
        let mut inside = Vec::new();
        match self.byte() {
            Some(b'"') => {
                self.string();
            }
            Some(b'[') => {
                self.at += 1;
                while !self.take(b']') && self.byte().is_some() {
                    self.take(b',');
                    self.blank();
                    let start = self.at;
                    inside.push(self.value(format!("{path}[{}]", inside.len()), start));
                }
            }
            Some(b'{') => {
                self.at += 1;
                while !self.take(b'}') && self.byte().is_some() {
                    self.take(b',');
                    self.blank();
                    let key = self.string();
                    self.take(b':');
                    let name = self.text.get(key.clone()).and_then(|key| Json::read(key).ok());
                    let name = name.as_ref().and_then(Json::text).unwrap_or_default();
                    inside.push(self.value(path.clone() + &step(name), key.start));
                }
            }
            _ => {
                while self
                    .byte()
                    .is_some_and(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
                {
                    self.at += 1;
                }
            }
        }
        let place = &mut self.found[index];
        place.value.end = self.at;
        place.whole.end = self.at;
        place.inside = inside;
        index
    }
}

/// Where a reader finds a part of a text, and what a text field has to select.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// From and to, in UTF-16 units.
    pub selects: (u32, u32),
}

impl Spot {
    /// Of these bytes of a text.
    pub(crate) fn of(text: &str, bytes: &Range<usize>) -> Self {
        let before = text.get(..bytes.start).unwrap_or_default();
        // A text field has one sign for the end of a line, whatever the file has.
        let units = |part: &str| {
            part.replace("\r\n", "\n")
                .chars()
                .map(char::len_utf16)
                .fold(0, |sum, one| sum + one as u32)
        };
        let start = units(before);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self {
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
            selects: (start, start + units(text.get(bytes.clone()).unwrap_or_default())),
        }
    }

    /// Where a line and a column are, with the character there.
    pub(crate) fn at(text: &str, line: usize, column: usize) -> Self {
        let mut start = 0;
        for _ in 1..line {
            start += text[start..].find('\n').map_or(0, |end| end + 1);
        }
        let rest = &text[start..];
        let marks: Vec<usize> = rest
            .char_indices()
            .map(|(at, _)| at)
            .skip(column - 1)
            .take(2)
            .few();
        let from = marks.first().map_or(text.len(), |at| start + at);
        let to = marks.get(1).map_or(text.len(), |at| start + at);
        Self::of(text, &(from..to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_value_has_its_place() {
        let text = "{\n  \"a\": [1, {\"ä\": \"x\"}], \"\\u0062\": null }";
        let seen: Vec<_> = places(text)
            .into_iter()
            .map(|place| (place.path, text[place.value].to_owned()))
            .collect();
        let seen: Vec<_> = seen
            .iter()
            .map(|(path, value)| (path.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("$", text),
                ("$.a", "[1, {\"ä\": \"x\"}]"),
                ("$.a[0]", "1"),
                ("$.a[1]", "{\"ä\": \"x\"}"),
                ("$.a[1][“ä”]", "\"x\""),
                ("$.b", "null"),
            ]
        );
    }

    #[test]
    fn a_missing_key_is_where_it_should_be() {
        let text = r#"{"turn": [{"id": "a"}], "n": 1, "n": 2}"#;
        let all = places(text);
        let found = |path, last| &text[nearest(&all, path, last).unwrap().whole.clone()];
        assert_eq!(found("$.turn[0].urls[3]", false), r#"{"id": "a"}"#);
        assert_eq!(found("$.n", false), r#""n": 1"#);
        assert_eq!(found("$.n", true), r#""n": 2"#);
        assert_eq!(found("$.helpdesk", false), text);
    }

    #[test]
    fn a_spot_counts_characters_for_readers_and_units_for_fields() {
        let text = "{\n \"😀é\": x}";
        let spot = Spot::at(text, 2, 8);
        assert_eq!(&text[text.find('x').unwrap()..], "x}");
        assert_eq!((spot.line, spot.column, spot.selects), (2, 8, (10, 11)));
        assert_eq!(Spot::at("", 1, 1).selects, (0, 0));
        assert_eq!(Spot::at("{\n", 2, 1).selects, (2, 2));
        // A field has no carriage returns.
        assert_eq!(Spot::at("{\r\n\r\n x", 3, 2).selects, (4, 5));
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in "([\\[\\]{},: ]|\"a\"|\"\\\\[nu\"x]|null|-?[0-9]{1,2}|\n|é){0,12}") {
            for place in places(&text) {
                prop_assert!(Json::read(&text[place.value]).is_ok());
            }
            if let Err(no) = Json::read(&text) {
                let spot = Spot::at(&text, no.line, no.column);
                prop_assert_eq!((spot.line, spot.column), (no.line, no.column));
            }
        }
    }
}
