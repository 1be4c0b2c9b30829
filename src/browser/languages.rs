//! How languages are called, and how their readers count and write numbers: `Intl` knows.

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::window::{call, construct, object, property, window};
use crate::few::Gather as _;
use crate::units::Millis;
use crate::words::{Numerals, Plural};

/// How this language counts and writes numbers; as English does where the browser does not know.
pub fn numerals(language: &str) -> Numerals {
    let english = Numerals::default();
    let rules = made("PluralRules", &[language.into()]);
    let category = |number: usize| {
        let rule = call(&rules, "select", &[JsValue::from_f64(number as f64)]);
        Plural::named(&rule.and_then(|rule| rule.as_string()).unwrap_or_default())
    };
    let plain = object(&[]);
    let format = made("NumberFormat", &[language.into(), plain.into()]);
    let written = |number: f64| {
        let text = call(&format, "format", &[JsValue::from_f64(number)]);
        text.and_then(|text| text.as_string()).unwrap_or_default()
    };
    let digits: String = (0..10).map(|digit| written(f64::from(digit))).collect();
    let digits: Vec<char> = digits.chars().few();
    Numerals {
        plurals: (0..Numerals::COUNTED).map(category).few(),
        digits: digits.try_into().unwrap_or(english.digits),
        decimal: written(1.5).chars().nth(1).unwrap_or(english.decimal),
    }
}

/// What a language is called by those who speak it; its tag where the browser does not know.
pub fn name(language: &str) -> String {
    let kind = object(&[("type", "language")]);
    let tags: Array = [JsValue::from(language)].iter().collect();
    let names = made("DisplayNames", &[tags.into(), kind.into()]);
    let name = call(&names, "of", &[language.into()]).and_then(|name| name.as_string());
    name.unwrap_or_else(|| language.to_owned())
}

/// How a language writes moments of the local time.
pub struct Dates {
    moments: JsValue,
    days: JsValue,
}

impl Dates {
    /// As this language does; as the browser's own where it does not know.
    pub fn of(language: &str) -> Self {
        let style = |parts: &[(&str, &str)]| made("DateTimeFormat", &[language.into(), object(parts).into()]);
        let day = ("dateStyle", "medium");
        Self {
            moments: style(&[day, ("timeStyle", "short")]),
            days: style(&[day]),
        }
    }

    /// Day and time.
    pub fn moment(&self, moment: Millis) -> String {
        written(&self.moments, moment)
    }

    /// The day alone.
    pub fn day(&self, moment: Millis) -> String {
        written(&self.days, moment)
    }
}

fn written(format: &JsValue, moment: Millis) -> String {
    let text = call(format, "format", &[JsValue::from_f64(moment.0)]);
    text.and_then(|text| text.as_string()).unwrap_or_default()
}

/// `new Intl.class(arguments…)`; `undefined` where the browser has no such thing.
fn made(class: &str, arguments: &[JsValue]) -> JsValue {
    construct(&property(&window(), "Intl"), class, arguments)
}
