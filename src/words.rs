//! Words: a key and its arguments become a sentence in the reader's language. Sentences live in `static/words/`, ids
//! in code.

use crate::json::{Json, NoJson};
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
    /// A key into the words, such as a person or an application.
    Word(String),
}

/// One language's words.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Words {
    language: String,
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
            table: Vec::new(),
        };
        words.add(text)?;
        Ok(words)
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
        let mut text = self.get(key).to_owned();
        let lacks = !self.has(key);
        for (name, arg) in args {
            let arg = self.arg(arg);
            text = match lacks {
                true => text + " " + &arg,
                false => text.replace(&format!("{{{name}}}"), &arg),
            };
        }
        text
    }

    /// Says a sentence.
    pub fn say(&self, sentence: &Sentence) -> String {
        self.fill(&sentence.key, &sentence.args)
    }

    fn arg(&self, arg: &Arg) -> String {
        match arg {
            Arg::Text(text) => text.clone(),
            Arg::Number(number) => fixed(*number, u32::from(number.fract() != 0.0)),
            Arg::Time(time) => time.to_string(),
            Arg::Rate(rate) => rate.to_string(),
            Arg::Share(share) => share.to_string(),
            Arg::Address(address) => address.to_string(),
            Arg::Word(key) => self.get(key).to_owned(),
        }
    }
}
