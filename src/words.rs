//! Words: a key and its arguments become a sentence in the reader's language. Sentences live in `static/words/`, a file
//! for each language, ids in code.

mod numerals;
#[cfg(not(target_arch = "wasm32"))]
pub mod source;

pub use numerals::{Numerals, Plural};

use crate::few::Gather as _;
use crate::json::{Json, NoJson};
use crate::privacy::Foreign;
use crate::units::{Address, Kbps, Millis, Share, fixed};

/// A sentence to be said: a key into the words, and what fills its gaps.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// Such as `evidence.turn-silent`.
    pub key: String,
    /// What fills `{name}`.
    pub args: Vec<(&'static str, Arg)>,
}

/// What fills a gap.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// A host, a URL or another name; shown as it is.
    Text(String),
    /// A plain number.
    Number(f64),
    /// A time.
    Time(Millis),
    /// A rate.
    Rate(Kbps),
    /// A share.
    Share(Share),
    /// An address of the agent: shown shortened.
    Address(Address),
    /// What a proxy, a PAC file or a device calls itself: shown with its names shortened.
    Foreign(Foreign),
    /// A key into the words, such as a person or an application.
    Word(String),
}

/// One language's words.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Words {
    language: String,
    numerals: Numerals,
    /// In the order of the keys.
    table: Vec<(String, String)>,
}

/// Makes a [`Sentence`].
pub fn say(key: impl Into<String>, args: impl Into<Vec<(&'static str, Arg)>>) -> Sentence {
    Sentence {
        key: key.into(),
        args: args.into(),
    }
}

impl Words {
    /// Reads a language's file: a flat JSON object of key and sentence.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn parse(language: &str, text: &str) -> Result<Self, String> {
        let mut words = Self {
            language: language.to_owned(),
            ..Self::default()
        };
        words.add(text)?;
        Ok(words)
    }

    /// With the language's own way of counting and writing numbers.
    #[must_use]
    pub fn with_numerals(self, numerals: Numerals) -> Self {
        Self { numerals, ..self }
    }

    /// Adds the words of another file, which is added as a whole or not at all.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn add(&mut self, text: &str) -> Result<(), String> {
        let place = |no: NoJson| format!("the words are broken in line {}: {}", no.line, no.reason);
        let Json::Object(entries) = Json::read(text).map_err(place)? else {
            return Err("the words are no object".to_owned());
        };
        for (key, value) in entries {
            let Json::Text(sentence) = value else {
                return Err(format!("{key} is no sentence"));
            };
            match self.find(&key) {
                Ok(at) => self.table[at].1 = sentence,
                Err(at) => self.table.insert(at, (key, sentence)),
            }
        }
        Ok(())
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.table.binary_search_by(|(there, _)| there.as_str().cmp(key))
    }

    /// The language's tag, such as `en`.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// Whether there is a sentence for this key.
    pub fn has(&self, key: &str) -> bool {
        self.find(key).is_ok()
    }

    /// Whether the words of results are there, which come in a file of their own.
    pub fn has_results(&self) -> bool {
        self.has("evidence.alive")
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.table.iter().map(|(key, _)| key.as_str())
    }

    /// The sentence without gaps for `key`; the key itself when the words lack it, so that nothing is lost.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key).map_or(key, |at| &self.table[at].1)
    }

    /// The sentence for `key` with its gaps filled, in the order of the arguments: a word may bring gaps for those
    /// after it. When the words lack it, the key and all arguments, so that nothing is lost.
    pub fn fill(&self, key: &str, args: &[(&'static str, Arg)]) -> String {
        let mut text = self.form(key, args).to_owned();
        let lacks = !self.has(key);
        for (name, arg) in args {
            let arg = self.shown(arg);
            text = match lacks {
                true => text + " " + &arg,
                false => text.replace(&format!("{{{name}}}"), &arg),
            };
        }
        text
    }

    /// The form of a sentence that its first number wants: `key#few`, where the words have it.
    fn form<'a>(&'a self, key: &'a str, args: &[(&'static str, Arg)]) -> &'a str {
        let mut numbers = args.iter().filter_map(|(_, arg)| match arg {
            Arg::Number(number) => Some(*number),
            _ => None,
        });
        let plural = numbers.next().map(|number| self.numerals.plural(number));
        let form = self.find(&format!("{key}{}", plural.unwrap_or_default().suffix()));
        form.map_or_else(|_| self.get(key), |at| &self.table[at].1)
    }

    /// A figure with its unit, such as `7.2 s`, in the language's digits.
    pub fn figure(&self, figure: impl ToString) -> String {
        self.numerals.write(&figure.to_string())
    }

    /// Says a sentence.
    pub fn say(&self, sentence: &Sentence) -> String {
        self.fill(&sentence.key, &sentence.args)
    }

    /// Says a sentence; what is shortened in it is said in full only when the agent agreed.
    pub fn said(&self, sentence: &Sentence, revealed: bool) -> String {
        if !revealed {
            return self.say(sentence);
        }
        let reveal = |(name, arg): &(&'static str, Arg)| match arg {
            Arg::Address(address) => (*name, Arg::Address(address.reveal())),
            Arg::Foreign(text) => (*name, Arg::Foreign(text.reveal())),
            other => (*name, other.clone()),
        };
        self.fill(&sentence.key, &sentence.args.iter().map(reveal).few())
    }

    /// What fills a gap, as it is shown.
    pub fn shown(&self, arg: &Arg) -> String {
        match arg {
            Arg::Text(text) => text.clone(),
            Arg::Number(number) => self.figure(fixed(*number, u32::from(number.fract() != 0.0))),
            Arg::Time(time) => self.figure(time),
            Arg::Rate(rate) => self.figure(rate),
            Arg::Share(share) => self.figure(share),
            Arg::Address(address) => address.to_string(),
            Arg::Foreign(text) => text.to_string(),
            Arg::Word(key) => self.get(key).to_owned(),
        }
    }
}
