//! What somebody probably meant, and how a stranger's text is shown safely.

use crate::few::Gather as _;

/// Shown texts are cut after this many characters.
const SHOWN: usize = 60;

/// The one of `known` that `written` most likely stands for; `None` when nothing is close.
pub(crate) fn nearest<'a>(written: &str, known: &[&'a str]) -> Option<&'a str> {
    if written.len() > SHOWN {
        return None;
    }
    let plain = |text: &str| text.to_ascii_lowercase().replace(['_', ' '], "-");
    let written = plain(written);
    let mut nearest = None;
    for name in known {
        let far = distance(&written, &plain(name));
        if far <= 1 + name.len() / 5 && nearest.is_none_or(|(least, _)| far < least) {
            nearest = Some((far, *name));
        }
    }
    nearest.map(|(_, name)| name)
}

/// The text, short and without characters that could play tricks on a reader.
pub(crate) fn short(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(SHOWN)
        .map(|c| if printable(c) { c } else { '\u{fffd}' })
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// Whether a character shows and changes nothing around it: no control, direction, zero-width, private or tag
/// character.
pub(crate) fn printable(c: char) -> bool {
    !(c.is_control()
        || matches!(
            u32::from(c),
            0xad | 0x61c
                | 0x180e
                | 0x200b..=0x200f
                | 0x2028..=0x202e
                | 0x2060..=0x206f
                | 0xe000..=0xf8ff
                | 0xfdd0..=0xfdef
                | 0xfeff
                | 0xfff0..=0xffff
                | 0x1fffe..=0x1ffff
                | 0xe0000..=0x10_ffff
        ))
}

/// How many letters differ (insert, drop, replace, or two neighbours swapped).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().few(), b.chars().few());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).few();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let known = ["applications", "turn", "credentials_url", "screen_recording"];
        assert_eq!(nearest("aplications", &known), Some("applications"));
        assert_eq!(nearest("trun", &known), Some("turn"));
        assert_eq!(nearest("credentialsUrl", &known), Some("credentials_url"));
        assert_eq!(nearest("Screen-Recording", &known), Some("screen_recording"));
        assert_eq!(nearest("colour", &known), None);
        assert_eq!(nearest(&"x".repeat(100_000), &known), None);
    }

    #[test]
    fn quoting_is_short_and_safe() {
        assert_eq!(short("a\u{202e}b\nc"), "a\u{fffd}b\u{fffd}c");
        assert_eq!(short(&"y".repeat(100)).chars().count(), 61);
    }
}
