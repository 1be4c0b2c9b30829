//! A report as text for a ticket: the verdict, the first step and who takes it, what works, the figures, what was found.
//! Names in it come from a configuration, a proxy or a server, so none of them becomes markup.

use super::{MediaPart, Report, word};
use crate::activity::Status;
use crate::config::ActivityId;
use crate::diagnosis::Verdict;
use crate::few::Put as _;
use crate::observation::{HttpsSeen, Seen, TurnSeen};
use crate::units::{Address, Kbps, Millis, Share, fixed};
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

/// A ticket as it is written.
struct Ticket {
    out: String,
    format: Format,
}

/// What a line is.
#[derive(Clone, Copy)]
enum Kind {
    Title,
    Heading,
    Text,
    Item,
    Under,
}

impl Report {
    /// As text for a ticket.
    pub fn ticket(&self, words: &Words, format: Format) -> String {
        let out = String::new();
        let mut ticket = Ticket { out, format };
        let works = |it: &super::ActivityPart| it.id == ActivityId::Voice && it.status == Status::Works;
        // Then it is not the callers who notice.
        let beside = self.verdict == Verdict::Degraded && self.activities.iter().any(works);
        let verdict = match beside {
            true => "ui.verdict.degraded-beside-voice".to_owned(),
            false => word("verdict", &self.verdict),
        };
        let run = &self.run;
        ticket.line(Kind::Title, &[&run.config, ": ", words.get(&verdict)]);
        let [browser, os] =
            [&self.environment.browser, &self.environment.os].map(|it| it.as_deref().unwrap_or("–"));
        let about = [&run.started, &run.id, &run.app_version, browser, os];
        ticket.line(Kind::Text, &[&about.join(" · ")]);
        if let Some(number) = &run.ticket {
            let number = [("ticket", Arg::Text(number.clone()))];
            ticket.line(Kind::Text, &[&words.fill("ui.ticket", &number)]);
        }
        if run.kept.is_some() {
            ticket.line(Kind::Text, &[words.get("ui.handed.kept")]);
        }
        let owner = |fix: &super::FixPart| words.get(&word("owner", &fix.owner)).to_owned();
        let mut fixes = self.fixes.iter();
        let first = fixes.next();
        if let Some(fix) = first {
            ticket.line(Kind::Heading, &[words.get("ui.first"), ": ", &owner(fix)]);
            ticket.line(Kind::Text, &[&fix.title]);
            ticket.request(&fix.copy);
        }
        ticket.line(Kind::Heading, &[words.get("ui.activities")]);
        for one in &self.activities {
            let [id, status] = [word("activity", &one.id), word("ui.status", &one.status)];
            ticket.line(Kind::Item, &[words.get(&id), ": ", words.get(&status)]);
        }
        let mut heading = "ui.handed.figures";
        for (key, value) in self.figures(words) {
            ticket.begin(words, &mut heading);
            ticket.line(Kind::Item, &[words.get(key), ": ", &value]);
        }
        if let Some(compared) = &self.compared {
            ticket.line(Kind::Heading, &[&compared.says]);
            for detail in &compared.details {
                ticket.line(Kind::Item, &[detail]);
            }
        }
        let said = first.map_or("", |fix| &fix.copy);
        let mut heading = "ui.handed.found";
        for finding in self.findings.iter().filter(|it| it.silenced_by.is_none()) {
            ticket.begin(words, &mut heading);
            let title = format!("cause.{}.title", finding.id);
            let line = [words.get(&title), " [", &finding.id, "] ", &finding.subject];
            ticket.line(Kind::Item, &line);
            // What the request says is not said twice.
            for evidence in finding.evidence.iter().filter(|it| !said.contains(&**it)) {
                ticket.line(Kind::Under, &[evidence]);
            }
        }
        let mut heading = "ui.handed.further";
        for fix in fixes {
            ticket.begin(words, &mut heading);
            ticket.line(Kind::Item, &[&fix.title, " (", &owner(fix), ")"]);
        }
        ticket.out.trim_end().to_owned()
    }

    /// Keys into the words, and values.
    fn figures(&self, words: &Words) -> Vec<(&'static str, String)> {
        let mut figures: Vec<(&'static str, String)> = Vec::new();
        let mut note = |key, value: Option<String>| {
            let fresh = value.filter(|value| figures.iter().all(|it| (it.0, &it.1) != (key, value)));
            figures.put(fresh.map(|value| (key, value)));
        };
        let address = |it: &Option<Address>| it.as_ref().map(ToString::to_string);
        for probe in &self.probes {
            match &probe.detail {
                Seen::Https(HttpsSeen {
                    canary: Some(canary), ..
                }) => {
                    note("ui.fact.address", address(&canary.address));
                    note("ui.fact.via", canary.via.clone());
                }
                Seen::Turn(TurnSeen {
                    relay: Some(relay), ..
                }) => note("ui.fact.media-address", address(&relay.mapped)),
                _ => {}
            }
        }
        let time = |ms: Option<f64>| ms.map(|it| words.figure(Millis(it)));
        let rate = |kbps: Option<f64>| kbps.map(|it| words.figure(Kbps(it)));
        if let Some(media) = &self.media {
            note("ui.handed.ladder", ladder(media));
            note("ui.fact.round-trip", time(media.round_trip_ms));
            note("ui.fact.jitter", time(media.jitter_ms));
            note("ui.fact.loss", media.loss.map(|it| words.figure(Share(it))));
            note("ui.fact.mos", media.mos.map(|it| words.figure(fixed(it, 1))));
            note("ui.handed.capacity", rate(media.capacity_kbps));
        }
        note("ui.handed.up", rate(self.bandwidth.up_kbps));
        note("ui.handed.down", rate(self.bandwidth.down_kbps));
        figures
    }
}

/// `10✓ 24✓ 32✕ kbps (turn:…)`
fn ladder(media: &MediaPart) -> Option<String> {
    let mut steps = String::new();
    for step in &media.ladder {
        steps.push_str(&fixed(step.target_kbps, 0));
        steps.push_str(if step.clean { "✓ " } else { "✕ " });
    }
    (!steps.is_empty()).then(|| [&steps, "kbps (", &media.turn_url, ")"].concat())
}

impl Ticket {
    /// The heading with these words, once.
    fn begin(&mut self, words: &Words, heading: &mut &'static str) {
        if !heading.is_empty() {
            self.line(Kind::Heading, &[words.get(heading)]);
            *heading = "";
        }
    }

    /// A line that is put together of these.
    #[inline(never)]
    fn line(&mut self, kind: Kind, parts: &[&str]) {
        let text = line(&parts.concat());
        let plain = self.format == Format::Plain;
        let before = match (kind, plain) {
            (Kind::Title, false) => "## ",
            (Kind::Heading, false) => "### ",
            (Kind::Title | Kind::Heading | Kind::Text, _) => "",
            (Kind::Item, _) => "- ",
            (Kind::Under, _) => "  - ",
        };
        let apart = match kind {
            Kind::Heading => true,
            Kind::Text | Kind::Title => !plain,
            Kind::Item | Kind::Under => false,
        };
        if apart {
            self.apart();
        }
        self.out.push_str(before);
        self.out.push_str(&if plain { text } else { escaped(&text) });
        self.out.push('\n');
        if apart && !plain {
            self.apart();
        }
    }

    /// Text of several lines, to be handed on as it is.
    fn request(&mut self, text: &str) {
        let text = lines(text);
        if text.is_empty() {
            return;
        }
        let fence = match self.format {
            Format::Plain => String::new(),
            Format::Markdown => fence(&text) + "\n",
        };
        self.out.push_str(&[&fence, &text, "\n", &fence].concat());
    }

    /// An empty line, unless there is one.
    fn apart(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }
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
