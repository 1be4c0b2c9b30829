//! JSON out: readable, and without errors, which is why it weighs half of what serde's own writer does.

use std::fmt::Display;

use serde::Serialize;
use serde::ser::{
    Error, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use crate::units::fixed;

/// A value as readable JSON. Numbers have at most six decimals.
pub fn written(value: &impl Serialize) -> String {
    let mut writer = Writer {
        out: String::new(),
        depth: 0,
        fresh: true,
    };
    let Ok(()) = value.serialize(&mut writer);
    writer.out
}

struct Writer {
    out: String,
    depth: usize,
    /// Nothing is in the innermost list or object yet.
    fresh: bool,
}

/// Writing into a text does not fail.
#[derive(Debug)]
enum Never {}

impl Display for Never {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl Error for Never {
    fn custom<T: Display>(reason: T) -> Self {
        // Only a type that cannot be JSON would say so, and the page writes none.
        unreachable!("{reason}")
    }
}

type Done = Result<(), Never>;

/// A text in quotes.
#[inline(never)]
pub(super) fn quoted(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            ' '.. => out.push(letter),
            _ => {
                let code = letter as u32;
                out.push_str("\\u00");
                out.extend([code >> 4, code].map(hexadecimal));
            }
        }
    }
    out.push('"');
}

impl Writer {
    #[inline(never)]
    fn raw(&mut self, text: &str) -> Done {
        self.out.push_str(text);
        Ok(())
    }

    fn text(&mut self, text: &str) -> Done {
        quoted(&mut self.out, text);
        Ok(())
    }

    fn line(&mut self) {
        self.out.push('\n');
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
    }

    #[inline(never)]
    fn open(&mut self, bracket: &str) -> Result<&mut Self, Never> {
        self.out.push_str(bracket);
        self.depth += 1;
        self.fresh = true;
        Ok(self)
    }

    #[inline(never)]
    fn close(&mut self, bracket: &str) -> Done {
        self.depth -= 1;
        if !self.fresh {
            self.line();
        }
        self.fresh = false;
        self.raw(bracket)
    }

    #[inline(never)]
    fn next(&mut self) {
        if !self.fresh {
            self.out.push(',');
        }
        self.fresh = false;
        self.line();
    }

    #[inline(never)]
    fn key(&mut self, key: &str) -> Done {
        self.next();
        self.text(key)?;
        self.raw(": ")
    }
}

fn hexadecimal(digit: u32) -> char {
    char::from_digit(digit & 15, 16).unwrap_or('0')
}

macro_rules! whole_numbers {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Done {
            self.raw(&value.to_string())
        })*
    };
}

impl Serializer for &mut Writer {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    whole_numbers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    }

    fn serialize_bool(self, value: bool) -> Done {
        self.raw(if value { "true" } else { "false" })
    }

    fn serialize_f32(self, value: f32) -> Done {
        self.serialize_f64(value.into())
    }

    #[inline(never)]
    fn serialize_f64(self, value: f64) -> Done {
        if !value.is_finite() {
            return self.raw("null");
        }
        let number = fixed(value, 6);
        self.raw(number.trim_end_matches('0').trim_end_matches('.'))
    }

    fn serialize_char(self, value: char) -> Done {
        self.text(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Done {
        self.text(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Done {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Done {
        self.raw("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done {
        self.raw("null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.raw("null")
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Done {
        self.open("{")?.key(variant)?;
        value.serialize(&mut *self)?;
        self.close("}")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Never> {
        self.open("[")
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Never> {
        self.open("[")
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Never> {
        self.open("[")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self, Never> {
        self.open("{")?.key(variant)?;
        self.open("[")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Never> {
        self.open("{")
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Never> {
        self.open("{")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self, Never> {
        self.open("{")?.key(variant)?;
        self.open("{")
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Done {
        self.text(&value.to_string())
    }
}

macro_rules! lists {
    ($($part:ident::$method:ident ends $end:expr;)*) => {
        $(impl $part for &mut Writer {
            type Ok = ();
            type Error = Never;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
                self.next();
                value.serialize(&mut **self)
            }

            fn end(self) -> Done {
                for bracket in $end {
                    self.close(bracket)?;
                }
                Ok(())
            }
        })*
    };
}

lists! {
    SerializeSeq::serialize_element ends ["]"];
    SerializeTuple::serialize_element ends ["]"];
    SerializeTupleStruct::serialize_field ends ["]"];
    SerializeTupleVariant::serialize_field ends ["]", "}"];
}

impl SerializeMap for &mut Writer {
    type Ok = ();
    type Error = Never;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        self.next();
        key.serialize(&mut **self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.raw(": ")?;
        value.serialize(&mut **self)
    }

    fn end(self) -> Done {
        self.close("}")
    }
}

impl SerializeStruct for &mut Writer {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Done {
        self.key(key)?;
        value.serialize(&mut **self)
    }

    fn end(self) -> Done {
        self.close("}")
    }
}

impl SerializeStructVariant for &mut Writer {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Done {
        SerializeStruct::serialize_field(self, key, value)
    }

    fn end(self) -> Done {
        self.close("}")?;
        self.close("}")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde::Serialize;

    use super::written;

    #[derive(Debug, Clone, Serialize)]
    enum Kind {
        Unit,
        New(Option<u16>),
        Pair(i64, String),
        Fields { flag: bool, list: Vec<u32> },
    }

    #[derive(Debug, Clone, Serialize)]
    struct All {
        kind: Kind,
        texts: Vec<String>,
        map: BTreeMap<String, Option<Kind>>,
        pair: (char, i8),
    }

    fn kind() -> impl Strategy<Value = Kind> {
        prop_oneof![
            Just(Kind::Unit),
            any::<Option<u16>>().prop_map(Kind::New),
            any::<(i64, String)>().prop_map(|(number, text)| Kind::Pair(number, text)),
            any::<(bool, Vec<u32>)>().prop_map(|(flag, list)| Kind::Fields { flag, list }),
        ]
    }

    proptest! {
        #[test]
        fn says_the_same_as_serde(
            kind in kind(),
            texts: Vec<String>,
            map in prop::collection::btree_map(any::<String>(), prop::option::of(kind()), 0..4),
            pair: (char, i8),
        ) {
            let all = All { kind, texts, map, pair };
            let expected = serde_json::to_value(&all).unwrap();
            let text = written(&all);
            let read: serde_json::Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&read, &expected);
            if !text.contains("\\u00") {
                prop_assert_eq!(text, serde_json::to_string_pretty(&all).unwrap());
            }
        }
    }

    #[test]
    fn numbers_are_short() {
        let numbers = [0.0, 10.0, -0.5, 76.800_000_000_000_01, 1.0e12, f64::NAN];
        assert_eq!(
            written(&numbers),
            "[\n  0,\n  10,\n  -0.5,\n  76.8,\n  1000000000000,\n  null\n]"
        );
    }
}
