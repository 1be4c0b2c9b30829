//! A report as text for a ticket: the verdict, the first step and who takes it, what works, the figures, what was found.
//! Names in it come from a configuration, a proxy or a server, so none of them becomes markup.

use super::{MediaPart, Report, word};
use crate::activity::Status;
use crate::config::ActivityId;
use crate::diagnosis::Verdict;
use crate::few::{Gather as _, Put as _};
use crate::observation::{HttpsSeen, Seen};
use crate::units::{Kbps, Millis, Share, fixed};
use crate::words::{Arg, Words};

/// How a ticket is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// As plain text.
    #[default]
    Plain,
    /// As Markdown (CommonMark, and what GitHub adds to it).
    Markdown,
}

impl Format {
    /// All of them, and the words they are remembered by.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Plain, "plain"), (Self::Markdown, "markdown")];
}

/// A line is no longer than this.
const LONGEST: usize = 600;
/// Nor a request.
const LONGEST_REQUEST: usize = 6_000;

/// A part of a ticket.
enum Part {
    Title(String),
    Heading(String),
    Text(String),
    Item(String),
    Under(String),
    /// Text of several lines, to be handed on as it is.
    Request(String),
}

impl Report {
    /// As text for a ticket.
    pub fn ticket(&self, words: &Words, format: Format) -> String {
        let write = match format {
            Format::Plain => plain,
            Format::Markdown => markdown,
        };
        let mut text = String::new();
        for part in self.parts(words) {
            write(&mut text, part);
        }

        text.trim_end().to_owned()
    }

    fn parts(&self, words: &Words) -> Vec<Part> {
        let works = |it: &super::ActivityPart| it.id == ActivityId::Voice && it.status == Status::Works;
        // Then it is not the callers who notice.
        let verdict = match self.verdict {
            Verdict::Degraded if self.activities.iter().any(works) => {
                words.get("ui.verdict.degraded-beside-voice").to_owned()
            }
            verdict => words.get(&word("verdict", &verdict)).to_owned(),
        };
        let mut parts = vec![Part::Title(format!("{}: {verdict}", self.run.config))];
        let run = &self.run;
        let about = [&run.started, &run.id, &run.app_version].map(String::as_str);
        let place = [&self.environment.browser, &self.environment.os];
        let about = about
            .into_iter()
            .chain(place.into_iter().filter_map(Option::as_deref));
        parts.push(Part::Text(about.few().join(" · ")));
        if let Some(ticket) = &run.ticket {
            let ticket = [("ticket", Arg::Text(ticket.clone()))];
            parts.push(Part::Text(words.fill("ui.ticket", &ticket)));
        }
        let owner = |fix: &super::FixPart| words.get(&word("owner", &fix.owner)).to_owned();
        let (first, further) = match self.fixes.split_first() {
            Some((first, further)) => (Some(first), further),
            None => (None, &[][..]),
        };
        if let Some(fix) = first {
            let first = words.get("ui.first");
            parts.push(Part::Heading(format!("{first}: {}", owner(fix))));
            parts.push(Part::Text(fix.title.clone()));
            if !fix.copy.is_empty() {
                parts.push(Part::Request(fix.copy.clone()));
            }
        }
        parts.push(Part::Heading(words.get("ui.activities").to_owned()));
        for one in &self.activities {
            let (id, status) = (word("activity", &one.id), word("ui.status", &one.status));
            parts.push(Part::Item(format!("{}: {}", words.get(&id), words.get(&status))));
        }
        let figures = self.figures(words);
        if !figures.is_empty() {
            parts.push(Part::Heading(words.get("ui.handed.figures").to_owned()));
            parts.put(figures.into_iter().map(Part::Item));
        }
        if let Some(compared) = &self.compared {
            parts.push(Part::Heading(compared.says.clone()));
            parts.put(compared.details.iter().map(|it| Part::Item(it.clone())));
        }
        let said = first.map_or("", |fix| &fix.copy);
        let mut heading = Some(Part::Heading(words.get("ui.handed.found").to_owned()));
        for finding in self.findings.iter().filter(|it| it.silenced_by.is_none()) {
            parts.put(heading.take());
            let title = words.get(&format!("cause.{}.title", finding.id)).to_owned();
            let line = format!("{title} [{}] {}", finding.id, finding.subject);
            parts.push(Part::Item(line));
            // What the request says is not said twice.
            let evidence = finding.evidence.iter().filter(|it| !said.contains(&**it));
            parts.put(evidence.map(|it| Part::Under(it.clone())));
        }
        let mut heading = Some(Part::Heading(words.get("ui.handed.further").to_owned()));
        for fix in further {
            parts.put(heading.take());
            parts.push(Part::Item(format!("{} ({})", fix.title, owner(fix))));
        }
        parts
    }

    /// Each with its name.
    fn figures(&self, words: &Words) -> Vec<String> {
        let mut figures = Vec::new();
        let mut note = |key: &str, value: Option<String>| {
            figures.put(value.map(|value| format!("{}: {value}", words.get(key))));
        };
        for probe in &self.probes {
            match &probe.detail {
                Seen::Https(HttpsSeen {
                    canary: Some(canary), ..
                }) => {
                    note(
                        "ui.fact.address",
                        canary.address.as_ref().map(ToString::to_string),
                    );
                    note("ui.fact.via", canary.via.clone());
                }
                Seen::Turn(turn) => {
                    let mapped = turn.relay.as_ref().and_then(|relay| relay.mapped.as_ref());
                    note("ui.fact.media-address", mapped.map(ToString::to_string));
                }
                _ => {}
            }
        }
        if let Some(media) = &self.media {
            note("ui.handed.ladder", ladder(media));
            note(
                "ui.fact.round-trip",
                media.round_trip_ms.map(|it| words.figure(Millis(it))),
            );
            note(
                "ui.fact.jitter",
                media.jitter_ms.map(|it| words.figure(Millis(it))),
            );
            note("ui.fact.loss", media.loss.map(|it| words.figure(Share(it))));
            note("ui.fact.mos", media.mos.map(|it| words.figure(fixed(it, 1))));
            note(
                "ui.handed.capacity",
                media.capacity_kbps.map(|it| words.figure(Kbps(it))),
            );
        }
        let (up, down) = (self.bandwidth.up_kbps, self.bandwidth.down_kbps);
        if let (Some(up), Some(down)) = (up, down) {
            let rates = [("up", Arg::Rate(Kbps(up))), ("down", Arg::Rate(Kbps(down)))];
            figures.push(format!("HTTPS: {}", words.fill("ui.outcome.bandwidth", &rates)));
        }
        figures.dedup();
        figures
    }
}

/// `turn:…: 10✓ 24✓ 32✕ kbps`
fn ladder(media: &MediaPart) -> Option<String> {
    let step = |step: &super::StepPart| fixed(step.target_kbps, 0) + if step.clean { "✓" } else { "✕" };
    let steps = media.ladder.iter().map(step).few();
    let url = &media.turn_url;
    (!steps.is_empty()).then(|| format!("{} kbps ({url})", steps.join(" ")))
}

fn plain(out: &mut String, part: Part) {
    match part {
        Part::Title(text) | Part::Text(text) => out.push_str(&line(&text)),
        Part::Heading(text) => {
            out.push('\n');
            out.push_str(&line(&text));
        }
        Part::Item(text) => {
            out.push_str("- ");
            out.push_str(&line(&text));
        }
        Part::Under(text) => {
            out.push_str("  - ");
            out.push_str(&line(&text));
        }
        Part::Request(text) => out.push_str(&lines(&text)),
    }
    out.push('\n');
}

fn markdown(out: &mut String, part: Part) {
    let (begin, text, end) = match part {
        Part::Title(text) => ("## ", text, "\n\n"),
        Part::Heading(text) if out.ends_with("\n\n") => ("### ", text, "\n\n"),
        Part::Heading(text) => ("\n### ", text, "\n\n"),
        Part::Text(text) => ("", text, "\n\n"),
        Part::Item(text) => ("- ", text, "\n"),
        Part::Under(text) => ("  - ", text, "\n"),
        Part::Request(text) => {
            let text = lines(&text);
            let fence = fence(&text);
            out.push_str(&[&fence, "text\n", &text, "\n", &fence, "\n"].concat());
            return;
        }
    };
    out.push_str(begin);
    out.push_str(&escaped(&line(&text)));
    out.push_str(end);
}

/// One line, however it was written, and not endless.
fn line(text: &str) -> String {
    let text = cut(text, LONGEST);
    let shown = text.chars().filter(|it| !turns(*it));
    let shown: String = shown.map(|it| if breaks(it) { ' ' } else { it }).collect();
    shown.trim().to_owned()
}

fn lines(text: &str) -> String {
    let kept = |letter: &char| *letter == '\n' || !(turns(*letter) || breaks(*letter));
    let shown: String = cut(text, LONGEST_REQUEST).chars().filter(kept).collect();
    shown.trim_end().to_owned()
}

fn cut(text: &str, longest: usize) -> String {
    let mut cut: String = text.chars().take(longest).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

/// Ends a line, or does what no letter does.
fn breaks(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')
}

/// Turns the direction of writing, which makes a text look like another one (Unicode Technical Report 36).
fn turns(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
}

/// A line as Markdown shows it, and nothing more: each mark with its backslash (CommonMark, section 2.4), and whoever
/// looks for names behind `@` and numbers behind `#` in the text that is left finds none.
fn escaped(text: &str) -> String {
    const MARKS: &str = "\\`*_[]<>#|~&$";
    /// Between a sign and what it calls; not seen.
    const APART: char = '\u{200b}';
    let mut out = String::new();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    for (at, letter) in text.char_indices() {
        let rest = &text[at..];
        let www = letter == '.' && text[..at].to_ascii_lowercase().ends_with("www");
        // What begins a list, a rule or a heading does so at the beginning only.
        let begins = at == 0 && "-+=".contains(letter) || at == digits && at > 0 && ".)".contains(letter);
        if MARKS.contains(letter) || begins || www {
            out.push('\\');
        }
        out.push(letter);
        if letter == '@' || letter == '#' {
            out.push(APART);
        }
        if rest.starts_with("://") {
            out.push('\\');
        }
    }
    out
}

/// Longer than any in the text.
fn fence(text: &str) -> String {
    let (mut longest, mut run) = (2, 0);
    for letter in text.chars() {
        run = if letter == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    "`".repeat(longest + 1)
}
