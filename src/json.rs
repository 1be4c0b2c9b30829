//! JSON as it was written: the order of keys, keys written twice and the digits of numbers are kept, since they matter
//! to whoever edits a configuration. One small reader for all JSON that comes into the page: serde's weighs 18 kB
//! there.

mod line;
mod write;

pub use write::written;

/// Lists and objects inside each other, at the most.
const DEEPEST: u32 = 100;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Flag(bool),
    /// A number, as it was written.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object, in the order of the text.
    Object(Vec<(String, Json)>),
}

/// Why a text is no JSON, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoJson {
    /// A key into the words.
    pub reason: &'static str,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Json {
    /// Reads a text.
    ///
    /// # Errors
    /// Says where the text stops being JSON.
    pub fn read(text: &str) -> Result<Self, NoJson> {
        let mut reader = Reader { text, at: 0 };
        reader.whole().map_err(|reason| {
            let before = text.get(..reader.at).unwrap_or(text);
            let line = before.rsplit('\n').next().unwrap_or_default();
            NoJson {
                reason,
                line: before.matches('\n').count() + 1,
                column: line.chars().count() + 1,
            }
        })
    }

    /// The value of a key; `None` when it is missing, null, or this is no object. Of a key written twice the first.
    pub fn get(&self, key: &str) -> Option<&Json> {
        let Self::Object(entries) = self else { return None };
        let (_, value) = entries.iter().find(|(name, _)| name == key)?;
        (!matches!(value, Self::Null)).then_some(value)
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a key.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(written) => Some(decimal(written)),
            _ => None,
        }
    }

    /// The number of a key.
    pub fn number_of(&self, key: &str) -> Option<f64> {
        self.get(key)?.number()
    }

    /// The yes or no of a key.
    pub fn flag_of(&self, key: &str) -> Option<bool> {
        match self.get(key)? {
            Self::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The entries, if it is a list; otherwise none.
    pub fn list(&self) -> &[Json] {
        match self {
            Self::List(entries) => entries,
            _ => &[],
        }
    }

    /// The entries of the list of a key; none when there is no such list.
    pub fn list_of(&self, key: &str) -> &[Json] {
        self.get(key).map_or(&[], Self::list)
    }
}

/// A number in JSON's notation; of numbers with up to 22 decimal places the last bit may differ, beyond that a few more:
/// the standard library's float parser brings 10 kB of tables into the page.
fn decimal(written: &str) -> f64 {
    let (digits, exponent) = written.split_once(['e', 'E']).unwrap_or((written, "0"));
    let mut exponent: i32 = exponent.trim_start_matches('+').parse().unwrap_or_else(|_| {
        // More digits than an i32 has.
        if exponent.starts_with('-') { -9999 } else { 9999 }
    });
    let (mut value, mut behind) = (0_u64, false);
    for digit in digits.bytes() {
        match digit {
            b'0'..=b'9' if value < u64::MAX / 10 - 1 => {
                value = value * 10 + u64::from(digit - b'0');
                exponent = exponent.saturating_sub(i32::from(behind));
            }
            // Digits that no f64 holds.
            b'0'..=b'9' => exponent = exponent.saturating_add(i32::from(!behind)),
            b'.' => behind = true,
            _ => {}
        }
    }
    let mut number = value as f64;
    // A power beyond 10³⁰⁸ is no f64, though the number may be one.
    let mut scale = |by: i32| match by {
        0.. => number *= 10_f64.powi(by),
        _ => number /= 10_f64.powi(-by),
    };
    let first = exponent.clamp(-290, 290);
    scale(first);
    scale((exponent - first).clamp(-290, 290));
    if written.starts_with('-') { -number } else { number }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

type Outcome<T> = Result<T, &'static str>;

impl Reader<'_> {
    fn whole(&mut self) -> Outcome<Json> {
        let json = self.value(0)?;
        match self.next() {
            None => Ok(json),
            Some(_) => Err("json.more"),
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no blank; it stays where it is.
    fn next(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    /// Steps over this byte, if it is the next that is no blank.
    fn take(&mut self, wanted: u8) -> bool {
        let there = self.next() == Some(wanted);
        self.at += usize::from(there);
        there
    }

    /// Steps over this byte, or says what is wrong instead.
    fn demand(&mut self, wanted: u8, otherwise: &'static str) -> Outcome<()> {
        match self.take(wanted) {
            true => Ok(()),
            false => Err(self.ended(otherwise)),
        }
    }

    /// The text's end is a reason of its own.
    fn ended(&self, otherwise: &'static str) -> &'static str {
        match self.byte() {
            None => "json.end",
            Some(_) => otherwise,
        }
    }

    fn value(&mut self, depth: u32) -> Outcome<Json> {
        if depth > DEEPEST {
            return Err("json.deep");
        }
        match self.next() {
            Some(b'"') => self.string().map(Json::Text),
            Some(b'[') => {
                self.at += 1;
                let mut entries = Vec::new();
                while !self.take(b']') {
                    self.between(entries.is_empty(), b']')?;
                    entries.push(self.value(depth + 1)?);
                }
                Ok(Json::List(entries))
            }
            Some(b'{') => {
                self.at += 1;
                let mut entries = Vec::new();
                while !self.take(b'}') {
                    self.between(entries.is_empty(), b'}')?;
                    if self.next() != Some(b'"') {
                        return Err(self.ended("json.key"));
                    }
                    let key = self.string()?;
                    self.demand(b':', "json.colon")?;
                    entries.push((key, self.value(depth + 1)?));
                }
                Ok(Json::Object(entries))
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                let words = [
                    ("null", Json::Null),
                    ("true", Json::Flag(true)),
                    ("false", Json::Flag(false)),
                ];
                for (word, json) in words {
                    if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
                        self.at += word.len();
                        return Ok(json);
                    }
                }
                Err(self.ended("json.value"))
            }
        }
    }

    /// The comma between two entries, which does not stand behind the last one.
    fn between(&mut self, first: bool, end: u8) -> Outcome<()> {
        if !first {
            self.demand(b',', "json.comma")?;
            if self.next() == Some(end) {
                return Err("json.last-comma");
            }
        }
        Ok(())
    }

    fn number(&mut self) -> Outcome<Json> {
        let start = self.at;
        self.at += usize::from(self.byte() == Some(b'-'));
        let zero = self.byte() == Some(b'0');
        let whole = self.digits();
        let mut fits = whole == 1 || whole > 1 && !zero;
        if self.byte() == Some(b'.') {
            self.at += 1;
            fits &= self.digits() > 0;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            fits &= self.digits() > 0;
        }
        match fits {
            true => Ok(Json::Number(self.text[start..self.at].to_owned())),
            false => Err("json.number"),
        }
    }

    /// Steps over digits and counts them.
    fn digits(&mut self) -> usize {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.byte() {
            self.at += 1;
        }
        self.at - start
    }

    fn string(&mut self) -> Outcome<String> {
        self.at += 1;
        let mut string = String::new();
        loop {
            let start = self.at;
            while self.byte().is_some_and(|b| b >= b' ' && b != b'"' && b != b'\\') {
                self.at += 1;
            }
            string.push_str(&self.text[start..self.at]);
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(string);
                }
                Some(b'\\') => string.push(self.escape()?),
                _ => return Err(self.ended("json.control")),
            }
        }
    }

    fn escape(&mut self) -> Outcome<char> {
        self.at += 1;
        let letter = self.byte();
        let plain = match letter {
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'u') => return self.unicode(),
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
            _ => return Err(self.ended("json.escape")),
        };
        self.at += 1;
        Ok(plain)
    }

    /// `uXXXX`, or two of them for one character; half of such a pair is a character that cannot be shown.
    fn unicode(&mut self) -> Outcome<char> {
        let mut code = self.unit()?;
        if (0xd800..0xdc00).contains(&code) && self.text.as_bytes()[self.at..].starts_with(b"\\u") {
            let back = self.at;
            self.at += 1;
            let low = self.unit()?;
            match (0xdc00..0xe000).contains(&low) {
                true => code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00),
                false => self.at = back,
            }
        }
        Ok(char::from_u32(code).unwrap_or('\u{fffd}'))
    }

    /// `uXXXX`
    fn unit(&mut self) -> Outcome<u32> {
        self.at += 1;
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or_else(|| self.ended("json.escape"))?;
            self.at += 1;
        }
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn same(json: &Json, value: &Value) -> bool {
        match (json, value) {
            (Json::Null, Value::Null) => true,
            (Json::Flag(one), Value::Bool(other)) => one == other,
            (Json::Number(_), Value::Number(other)) => {
                let (one, other) = (
                    json.number().unwrap_or(f64::NAN),
                    other.as_f64().unwrap_or(f64::NAN),
                );
                (one - other).abs() <= other.abs() * 1e-13
            }
            (Json::Text(one), Value::String(other)) => one == other,
            (Json::List(one), Value::Array(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
            }
            (Json::Object(one), Value::Object(other)) => {
                one.len() == other.len()
                    && one
                        .iter()
                        .all(|(key, one)| other.get(key).is_some_and(|other| same(one, other)))
            }
            _ => false,
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>()
                .prop_filter("normal", |n| n.abs() > 1e-280)
                .prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::hash_map(any::<String>(), inner, 0..5)
                    .prop_map(|entries| entries.into_iter().collect()),
            ]
        })
    }

    /// Whether both readers agree. Serde gives up at numbers that no f64 holds, which are JSON all the same.
    fn agreed(text: &str) -> bool {
        match serde_json::from_str::<Value>(text) {
            Err(error) if error.to_string().starts_with("number out of range") => true,
            other => other.is_ok() == Json::read(text).is_ok(),
        }
    }

    proptest! {
        #[test]
        fn what_serde_writes_is_read(value in any_value(), pretty in any::<bool>()) {
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
            let json = Json::read(&text.unwrap()).unwrap();
            prop_assert!(same(&json, &value), "{json:?} {value}");
        }

        /// Close to JSON.
        #[test]
        fn both_readers_agree(text in "([\\[\\]{},: ]|\"a\"|\"\\\\[nu\"x]|null|true|-?[0-9]{1,2}|1[.e][+0-9]|\n){0,9}") {
            prop_assert!(agreed(&text), "{text}");
        }

        #[test]
        fn any_text_is_json_or_not(text in any::<String>()) {
            prop_assert!(agreed(&text), "{text}");
        }
    }

    #[test]
    fn the_place_is_named() {
        for (text, reason, line, column) in [
            ("", "json.end", 1, 1),
            ("{\"a\": 1,\n}", "json.last-comma", 2, 1),
            ("[1 2]", "json.comma", 1, 4),
            ("{a: 1}", "json.key", 1, 2),
            ("{\"a\" 1}", "json.colon", 1, 6),
            ("{\"ä\": x}", "json.value", 1, 7),
            ("[01]", "json.number", 1, 4),
            ("\"a\nb\"", "json.control", 1, 3),
            ("\"\\x\"", "json.escape", 1, 3),
            ("{} {}", "json.more", 1, 4),
            ("[\"", "json.end", 1, 3),
        ] {
            let expected = NoJson { reason, line, column };
            assert_eq!(Json::read(text), Err(expected), "{text}");
        }
        assert_eq!(
            Json::read(&"[".repeat(100_000)).map_err(|no| no.reason),
            Err("json.deep")
        );
    }

    #[test]
    fn numbers() {
        for (text, number) in [
            ("0", 0.0),
            ("-1.5e2", -150.0),
            ("1795461041153.305", 1_795_461_041_153.305),
            ("1e999", f64::INFINITY),
            ("1e99999999999999999999", f64::INFINITY),
            ("1e-99999999999999999999", 0.0),
            ("0e999", 0.0),
            ("0.001663", 0.001_663),
            ("100000000000000000000000000", 1e26),
            ("0.30000000000000004", 0.300_000_000_000_000_04),
        ] {
            let read = Json::read(text).unwrap().number().unwrap();
            assert!(
                read == number || (read - number).abs() <= number * 3e-16,
                "{text}: {read}"
            );
        }
    }

    #[test]
    fn characters() {
        let read = |text: &str| Json::read(text).ok()?.text().map(str::to_owned);
        assert_eq!(read(r#""\ud83d\ude00\u00e4\/\"\n""#).as_deref(), Some("😀ä/\"\n"));
        assert_eq!(read(r#""\ud83d\u0041""#).as_deref(), Some("\u{fffd}A"));
        assert_eq!(read(r#""\ude00""#).as_deref(), Some("\u{fffd}"));
    }
}
