//! TURN passwords of a file stay out of what is shown: each has a stand-in there, and is put back where the file is tried
//! or saved. A stand-in counts under the key `credential` alone, so that no other field shows what is behind it.

use std::ops::Range;

use super::places::places;
use crate::json::Json;
use crate::units::Secret;

const KEY: &str = "credential";
/// A stand-in is this and a number.
const DOTS: &str = "••••••••";
/// No file has so many passwords.
const MOST: usize = 1_000;

/// The text with a stand-in for each password, and what is behind them, as it was written, quotes and all.
pub(super) fn masked(text: &str) -> (String, Vec<Secret>) {
    let (shown, kept) = masked_once(text, Vec::new());
    // What was no JSON may be some now: then keys that are written with escapes are found, too.
    match Json::read(text).is_err() && Json::read(&shown).is_ok() {
        true => masked_once(&shown, kept),
        false => (shown, kept),
    }
}

fn masked_once(text: &str, mut kept: Vec<Secret>) -> (String, Vec<Secret>) {
    let found = passwords(text);
    // What was saved without its password has a stand-in already: no other one may take its number.
    let before = found.iter().filter_map(|range| number(&text[range.clone()]));
    let before = before.filter(|number| *number <= MOST).max().unwrap_or(0);
    for number in kept.len() + 1..=before {
        kept.push(Secret::new(format!("\"{DOTS}{number}\"")));
    }
    let shown = replaced(text, &found, |written| {
        if number(written).is_some() {
            return written.to_owned();
        }
        kept.push(Secret::new(match Json::read(written) {
            Ok(_) => written.to_owned(),
            Err(_) => Json::Text(written.trim_matches('"').to_owned()).line(),
        }));
        format!("\"{DOTS}{}\"", kept.len())
    });
    (shown, kept)
}

/// A text for the browser's storage: passwords that were typed have a stand-in that nothing is behind.
pub(super) fn without_typed(text: &str) -> String {
    replaced(text, &passwords(text), |written| match behind(written) {
        Some(behind) if is_number(behind) => written.to_owned(),
        _ => format!("\"{DOTS}\""),
    })
}

/// The text with what was kept in place of its stand-ins.
pub(super) fn unmasked(shown: &str, kept: &[Secret]) -> String {
    replaced(shown, &passwords(shown), |written| {
        let behind = number(written).and_then(|number| kept.get(number.checked_sub(1)?));
        behind.map_or(written, Secret::expose).to_owned()
    })
}

/// Whether this is a stand-in with nothing behind it.
pub(super) fn is_lost(written: &str, kept: &[Secret]) -> bool {
    number(written).is_some_and(|at| {
        let behind = at.checked_sub(1).and_then(|at| kept.get(at));
        behind.is_none_or(|behind| number(behind.expose()).is_some())
    })
}

/// The number of a stand-in, 0 of one without a number: somebody wrote behind it, or in it.
fn number(written: &str) -> Option<usize> {
    let number = behind(written)?;
    Some(number.parse().ok().filter(|_| is_number(number)).unwrap_or(0))
}

/// What stands behind the dots of a stand-in.
fn behind(written: &str) -> Option<&str> {
    written.trim_matches('"').strip_prefix(DOTS)
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn replaced(text: &str, ranges: &[Range<usize>], mut with: impl FnMut(&str) -> String) -> String {
    let (mut out, mut end) = (String::new(), 0);
    for range in ranges {
        out.push_str(&text[end..range.start]);
        out.push_str(&with(&text[range.clone()]));
        end = range.end;
    }
    out.push_str(&text[end..]);
    out
}

/// Where passwords stand, with their quotes.
fn passwords(text: &str) -> Vec<Range<usize>> {
    match Json::read(text) {
        Ok(_) => in_json(text),
        Err(_) => in_anything(text),
    }
}

/// Every value of such a key that is one word, wherever it is: a file may have it in the wrong place.
fn in_json(text: &str) -> Vec<Range<usize>> {
    let suffix = format!(".{KEY}");
    let mut found = Vec::new();
    for place in places(text) {
        let is_one = place.inside.is_empty() && !text[place.value.clone()].starts_with(['[', '{']);
        // The path, since a key may be written with escapes.
        if is_one && place.path.ends_with(&suffix) && text[place.value.clone()] != *"null" {
            found.push(place.value);
        }
    }
    found
}

/// In a text that is no JSON whatever follows the word: up to its closing quote, or to where an unquoted one must end.
fn in_anything(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut end) = (Vec::new(), 0);
    while let Some(at) = text[end..].find(KEY).map(|at| end + at + KEY.len()) {
        end = at;
        let rest = &text[at..];
        if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let sign = |c: char| c.is_whitespace() || ":=\"'“”‘’`\\".contains(c);
        let Some(length) = rest.find(|c| !sign(c)) else {
            break;
        };
        // The last quote before the password is its own.
        let opening = rest[..length].trim_end();
        let quote = opening.chars().next_back().filter(|c| "\"'“‘`".contains(*c));
        let start = at + length;
        let value = &text[start..];
        let closing = |c: char| match quote {
            Some('“') => c == '”' || c == '"' || c == '\n',
            Some('‘') => c == '’' || c == '\'' || c == '\n',
            Some(quote) => c == quote || c == '\n',
            None => c.is_whitespace() || ",}]".contains(c),
        };
        let mut escaped = false;
        let length = value.find(|c| {
            let ends = closing(c) && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        end = start + length.unwrap_or(value.len());
        let (mut from, mut to) = (start, end);
        if let Some(quote) = quote.filter(|quote| *quote == '"') {
            // With its quotes, as in JSON.
            from = text[..start].rfind(quote).unwrap_or(start);
            to += usize::from(text[end..].starts_with(quote));
            end = to;
        }
        if from < to && !opening.is_empty() {
            found.push(from..to);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FILE: &str = r#"{ "turn": [ { "id": "a", "username": "demo", "credential": "se\"cret,1" },
  { "credential" :"other", "credentials_url": "/turn" } ], "cr\u0065dential": 7 }"#;

    #[test]
    fn passwords_have_stand_ins_and_come_back() {
        let (shown, kept) = masked(FILE);
        for secret in ["se\\\"cret", "other", ": 7"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(
            shown.contains("\"demo\"") && shown.contains("\"/turn\""),
            "{shown}"
        );
        assert_eq!(unmasked(&shown, &kept), FILE);
    }

    #[test]
    fn in_a_broken_text_too() {
        for broken in [
            "{ \"turn\": [ { \"credential\": \"secret\", } ]",
            "{ \"turn\": [ { \"username\": \"demo, \"credential\": \"secret\" } ] }",
            "{ \"credential\" \"secret\" }",
            "{ credential: 'secret' }",
            "{ credential: secret }",
            "{ “credential”: “secret” }",
            "{ \"credential\": \"secret",
            "{ \"credential\":\n  \"secret\"\n",
            "// \"credential\": \"secret\"\n{}",
        ] {
            let (shown, kept) = masked(broken);
            assert!(!shown.contains("secret"), "{shown}");
            // Mended by hand, the text is whole again.
            let mended = format!("{{\"credential\": \"{DOTS}{}\"}}", kept.len());
            assert_eq!(unmasked(&mended, &kept), "{\"credential\": \"secret\"}");
        }
    }

    #[test]
    fn a_stand_in_counts_for_a_password_alone() {
        let (shown, kept) = masked(r#"{"credential": "secret"}"#);
        let moved = shown.replace("credential", "name");
        assert_eq!(unmasked(&moved, &kept), moved);
    }

    /// Somebody typed behind a stand-in, or saved a file that still had one.
    #[test]
    fn a_stand_in_that_was_touched_is_no_password() {
        let (shown, kept) = masked(FILE);
        let touched = shown.replace(&format!("\"{DOTS}1\""), &format!("\"{DOTS}1abc\""));
        assert!(is_lost(&format!("\"{DOTS}1abc\""), &kept));
        assert!(!without_typed(&touched).contains("abc"));

        let saved = format!("[{{\"credential\": \"{DOTS}1\"}}, {{\"credential\": \"secret\"}}]");
        let (shown, kept) = masked(&saved);
        assert!(
            shown.contains(&format!("{DOTS}1\"}}")) && shown.contains(&format!("{DOTS}2\"}}")),
            "{shown}"
        );
        assert!(is_lost(&format!("\"{DOTS}1\""), &kept) && !is_lost(&format!("\"{DOTS}2\""), &kept));
        assert_eq!(unmasked(&shown, &kept), saved);
    }

    #[test]
    fn what_is_stored_has_no_password() {
        let (shown, kept) = masked(FILE);
        let edited = shown.replace("\"username\"", "\"credential\": \"typed\", \"username\"");
        let stored = without_typed(&edited);
        assert!(!stored.contains("typed"), "{stored}");
        assert!(is_lost("\"••••••••\"", &kept) && is_lost("\"••••••••9\"", &kept));
        assert!(!is_lost("\"••••••••1\"", &kept) && !is_lost("\"typed\"", &kept));
    }

    proptest! {
        #[test]
        fn whatever_is_hidden_comes_back(text in "([\\[\\]{},: \n]|\"a\"|\"?credential\"?|\"?s3\\\\?\"?|'|“|”|é){0,14}") {
            // Broken quotes may be read otherwise once the stand-in is there; what is JSON never is.
            let (shown, kept) = masked(&text);
            if Json::read(&text).is_ok() {
                prop_assert_eq!(unmasked(&shown, &kept), text);
            }
            without_typed(&shown);
        }
    }
}
