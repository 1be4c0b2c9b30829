//! What is wrong, as a key and arguments. The sentences are words of their own, group `problems` in `static/words/`: the page
//! fetches them when there is a problem to show, since most visits have none.

use super::spelling::short;
use crate::few::Gather as _;
use crate::words::{Arg, Words};

/// Something wrong with a configuration or a link.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Where: a JSON path such as `$.turn[1].urls[0]`, or a link parameter such as `?every`.
    pub path: String,
    /// What is wrong there.
    pub fault: Fault,
}

/// What is wrong with a text, before it is known where that text stood.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// A key into the words: what is wrong. What would be right has the same key and `.fix` behind it.
    pub key: &'static str,
    /// What fills the gaps, in this order: a word may bring gaps for those after it, and what somebody wrote comes
    /// last.
    pub args: Vec<(&'static str, Arg)>,
}

/// A problem in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What is wrong.
    pub what: String,
    /// What would be right; empty when the words are not there.
    pub remedy: String,
}

impl Fault {
    #[inline(never)]
    pub(crate) fn of(key: &'static str) -> Self {
        Self {
            key,
            args: Vec::new(),
        }
    }

    fn with(mut self, name: &'static str, arg: Arg) -> Self {
        self.args.push((name, arg));
        self
    }

    pub(crate) fn text(self, name: &'static str, text: &str) -> Self {
        self.with(name, Arg::Text(text.to_owned()))
    }

    pub(crate) fn number(self, name: &'static str, number: usize) -> Self {
        self.with(name, Arg::Number(number as f64))
    }

    pub(crate) fn word(self, name: &'static str, key: &str) -> Self {
        self.with(name, Arg::Word(key.to_owned()))
    }

    /// Names in a row: `{last}`, and the ones before it in `{most}`, so that a language can say "a, b or c".
    pub(crate) fn names(self, names: &[&str]) -> Self {
        let (last, most) = names.split_last().unwrap_or((&"", &[]));
        self.text("most", &most.join(", ")).text("last", last)
    }

    /// `{text}`: what was written, in quotes, short and without characters that could play tricks on a reader; but
    /// never a text that may hold a password.
    pub(crate) fn quoting(self, text: &str) -> Self {
        if text.contains('@') {
            return self.word("text", "say.address");
        }
        self.word("text", "say.quoted").text("quoted", &short(text))
    }

    /// The problem that this is at a place.
    pub fn at(self, path: &str) -> Problem {
        Problem {
            path: path.to_owned(),
            fault: self,
        }
    }
}

impl Problem {
    /// What is wrong and what would be right. Without words for it the key and its arguments: nothing is lost.
    pub fn said(&self, words: &Words) -> Said {
        let Fault { key, args } = &self.fault;
        if !words.has(key) {
            // Quotes are lost with the words; what is in them comes after them.
            let bare = |(_, arg): &&(_, Arg)| !matches!(arg, Arg::Word(key) if key == "say.quoted");
            let args: Vec<_> = args.iter().filter(bare).cloned().few();
            return Said {
                what: words.fill(key, &args),
                remedy: String::new(),
            };
        }
        let remedy = format!("{key}.fix");
        Said {
            what: words.fill(key, args),
            remedy: match words.has(&remedy) {
                true => words.fill(&remedy, args),
                false => String::new(),
            },
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::fmt;
    use std::sync::LazyLock;

    use super::Problem;
    use crate::words::{Words, source};

    static ENGLISH: LazyLock<Words> = LazyLock::new(|| {
        let [_, _, problems, _] =
            source::parts(include_str!("../../static/words/en.json")).unwrap_or_default();
        Words::parse("en", &source::written(&problems)).unwrap_or_default()
    });

    /// The English words of problems, for tools; the page fetches its own.
    pub fn problem_words() -> &'static Words {
        &ENGLISH
    }

    impl fmt::Display for Problem {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let said = self.said(problem_words());
            write!(f, "{}: {} {}", self.path, said.what, said.remedy)
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
pub use native::problem_words;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_words_nothing_is_lost() {
        let fault = Fault::of("value.kind").word("is", "is.number").text("a", "b");
        let said = fault.at("$.name").said(&Words::default());
        assert_eq!(
            (said.what.as_str(), said.remedy.as_str()),
            ("value.kind is.number b", "")
        );
        let fault = Fault::of("choice.unknown").quoting("blue");
        assert_eq!(fault.at("$").said(&Words::default()).what, "choice.unknown blue");
    }

    #[test]
    fn what_somebody_wrote_is_never_a_gap() {
        let fault = Fault::of("choice.unknown")
            .names(&["a", "b"])
            .quoting("{last}{quoted}");
        let said = fault.at("$").said(problem_words());
        assert_eq!(said.what, "“{last}{quoted}” is not known here.");
        assert_eq!(said.remedy, "Write a or b.");
    }
}
