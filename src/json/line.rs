//! A JSON value as it was read, on one line.

use super::Json;
use super::write::quoted;

impl Json {
    /// Without blanks between the values.
    pub fn line(&self) -> String {
        let mut out = String::new();
        self.put(&mut out);
        out
    }

    fn put(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Flag(true) => out.push_str("true"),
            Self::Flag(false) => out.push_str("false"),
            Self::Number(digits) => out.push_str(digits),
            Self::Text(text) => quoted(out, text),
            Self::List(list) => {
                out.push('[');
                for (at, one) in list.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    one.put(out);
                }
                out.push(']');
            }
            Self::Object(entries) => {
                out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    quoted(out, key);
                    out.push(':');
                    value.put(out);
                }
                out.push('}');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_what_was_read_without_blanks() {
        let text = r#"{ "a": [1.50, -2e3, null, true, false], "b": { "c\n\"": "é\\" } }"#;
        assert_eq!(
            Json::read(text).unwrap().line(),
            r#"{"a":[1.50,-2e3,null,true,false],"b":{"c\n\"":"é\\"}}"#
        );
    }

    proptest! {
        #[test]
        fn every_text_is_read_back(text: String) {
            let json = Json::Text(text);
            prop_assert_eq!(Json::read(&json.line()).unwrap(), json);
        }
    }
}
