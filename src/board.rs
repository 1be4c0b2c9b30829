//! A wallboard over hours and days: what ran, what is shown of it and since when, when the next run starts, and whether
//! the page begins anew first.
//!
//! A single bad run is not shouted across a room: the board keeps what it shows, says quietly that it looks again, and
//! does so sooner. Two in a row are shown. Good news is shown at once.

use crate::diagnosis::Verdict;
use crate::few::Gather as _;
use crate::json::Json;
use crate::units::Millis;

#[cfg(test)]
mod tests;

/// What is remembered of runs, at the most.
pub const LONGEST: usize = 288;
/// And for how long.
pub const DAY: Millis = Millis(86_400_000.0);
/// Runs of the same five minutes are kept as one, so that [`LONGEST`] of them are a day.
const SLOT_S: u64 = 300;
/// A run that raised a doubt is repeated after this.
const CONFIRM: Millis = Millis(60_000.0);
/// Two runs do not start nearer than this, but for [`LATE`].
const NEAREST: Millis = Millis(30_000.0);
/// By so much a timer may be late: where a run begins a little after its moment, the next moment still counts.
const LATE: Millis = Millis(2_000.0);
/// And between them is at least this, so that the line also serves whoever works on it.
const REST: Millis = Millis(10_000.0);
/// What was shown is stale after this many intervals without a run: nothing was looked at meanwhile.
const STALE: f64 = 3.0;
/// And not sooner than this, so that a board that is started anew goes on.
const STALE_LEAST: Millis = Millis(900_000.0);
/// The page begins anew after this many peer connections. Chromium refuses a page's 501st that is alive, and counts
/// those that it has not yet cleared away; what is left is room for the largest plan's run, were none cleared away.
pub const PEERS_MOST: usize = 250;
/// A remembered text is not longer: 288 runs take 3.5 kB.
const TEXT_LONGEST: usize = 8_000;
/// The first word of a remembered text.
const FORMAT: &str = "clearline.board/1";
/// Hours between two marks under the strip.
const MARK_HOURS: u64 = 6;

/// Whether this verdict is worse news than that one. Not to know is no good news after any other.
fn is_worse(new: Verdict, shown: Verdict) -> bool {
    new != shown && (new == Verdict::Inconclusive || rank(new) > rank(shown))
}

fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Ready => 0,
        Verdict::Degraded => 1,
        Verdict::Inconclusive => 2,
        Verdict::Blocked => 3,
    }
}

/// A run that ended, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ran {
    at: u64,
    verdict: Verdict,
}

/// What a wallboard remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// Which part of the interval this browser starts its runs at, in 65536ths.
    phase: u16,
    /// What is shown, and since when.
    shown: Option<Ran>,
    /// What the last run said, when it is worse than what is shown.
    doubt: Option<Ran>,
    /// Oldest first.
    runs: Vec<Ran>,
}

/// A part of the strip in which nothing changed; places are shares of the strip's width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// What the runs in it said.
    pub verdict: Verdict,
}

/// The last 24 hours as they are drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Strip {
    /// Oldest first; where nothing ran there is none.
    pub stretches: Vec<Stretch>,
    /// Full hours of the local time, and where they are.
    pub hours: Vec<(u64, f64)>,
}

impl Board {
    /// A board without a past; `random` is any number, drawn once in a browser's life.
    pub fn new(random: u16) -> Self {
        Self {
            phase: random,
            shown: None,
            doubt: None,
            runs: Vec::new(),
        }
    }

    /// The board that was remembered; a new one where nothing was, or nothing that can be read.
    pub fn recalled(text: Option<&str>, random: u16) -> Self {
        text.and_then(Self::read).unwrap_or_else(|| Self::new(random))
    }

    /// Reads what [`Self::written`] wrote. All of it is right, or none of it is taken.
    fn read(text: &str) -> Option<Self> {
        if text.len() > TEXT_LONGEST {
            return None;
        }
        let mut words = text.split(' ');
        if words.next() != Some(FORMAT) {
            return None;
        }
        let phase = words.next()?.parse().ok()?;
        let shown = match words.next()? {
            "-" => None,
            word => Some(ran(word)?),
        };
        let doubt = match words.next()? {
            "-" => None,
            word => Some(ran(word)?),
        };
        let mut board = Self {
            phase,
            shown,
            doubt,
            runs: Vec::new(),
        };
        for word in words {
            let ran = ran(word)?;
            if board.runs.last().is_some_and(|last| last.at > ran.at) || board.runs.len() == LONGEST {
                return None;
            }
            board.runs.push(ran);
        }
        Some(board)
    }

    /// As a short text, to be remembered.
    pub fn written(&self) -> String {
        let mut text = format!("{FORMAT} {}", self.phase);
        let mut word = |ran: Option<Ran>| {
            text.push(' ');
            match ran {
                None => text.push('-'),
                Some(Ran { at, verdict }) => {
                    text.push(letter(verdict));
                    text.push_str(&at.to_string());
                }
            }
        };
        word(self.shown);
        word(self.doubt);
        for ran in &self.runs {
            word(Some(*ran));
        }
        text
    }

    /// A run ended at this moment of the wall clock. The clock may have been set since the last one: what lies ahead of it
    /// now, or more than a day behind, is forgotten.
    pub fn ended(&mut self, verdict: Verdict, now: Millis, every: Millis) {
        let at = seconds(now);
        let oldest = at.saturating_sub(seconds(DAY));
        self.forget_stale(now, every);
        self.runs.retain(|ran| (oldest..=at).contains(&ran.at));
        self.show(Ran { at, verdict });
        match self.runs.last_mut() {
            Some(last) if last.at / SLOT_S == at / SLOT_S => {
                last.at = at;
                if rank(verdict) > rank(last.verdict) {
                    last.verdict = verdict;
                }
            }
            _ => self.runs.push(Ran { at, verdict }),
        }
        let many = self.runs.len().saturating_sub(LONGEST);
        self.runs.drain(..many);
    }

    fn show(&mut self, new: Ran) {
        let Some(shown) = &mut self.shown else {
            self.shown = Some(new);
            return;
        };
        shown.at = shown.at.min(new.at);
        if !is_worse(new.verdict, shown.verdict) {
            if new.verdict != shown.verdict {
                *shown = new;
            }
            self.doubt = None;
            return;
        }
        // Of two bad ones the milder was seen twice, and holds since the first.
        if let Some(doubt) = self.doubt {
            let both = [doubt.verdict, new.verdict];
            let milder = usize::from(rank(new.verdict) < rank(doubt.verdict));
            *shown = Ran {
                at: doubt.at.min(new.at),
                verdict: both[milder],
            };
        }
        self.doubt = is_worse(new.verdict, shown.verdict).then_some(new);
    }

    /// What the board shows; `None` before the first run.
    pub fn shown(&self) -> Option<Verdict> {
        self.shown.map(|shown| shown.verdict)
    }

    /// Since when, on the wall clock.
    pub fn since(&self) -> Option<Millis> {
        self.shown.map(|shown| millis(shown.at))
    }

    /// When the last run ended, on the wall clock.
    pub fn last(&self) -> Option<Millis> {
        self.runs.last().map(|ran| millis(ran.at))
    }

    /// Whether the last run was worse than what is shown, and is looked at again.
    pub fn doubts(&self) -> bool {
        self.doubt.is_some()
    }

    /// Shows nothing any more when nothing has been looked at for long.
    pub fn forget_stale(&mut self, now: Millis, every: Millis) {
        let stale = Millis((every.0 * STALE).max(STALE_LEAST.0));
        if self.last().is_none_or(|last| (now - last).0.abs() >= stale.0) {
            (self.shown, self.doubt) = (None, None);
        }
    }

    /// How long to wait for the next run after one that began at `started` and ended `now`: until this browser's own moment
    /// of the interval, so that a thousand boards that were started by the same power cut do not all ask in the same
    /// second. A doubt is settled sooner.
    pub fn wait(&self, started: Millis, now: Millis, every: Millis) -> Millis {
        if self.doubts() {
            return Millis(every.0.clamp(NEAREST.0, CONFIRM.0));
        }
        let every = every.0.max(NEAREST.0);
        let own = every * f64::from(self.phase) / 65_536.0;
        let left = every - (now.0 - own).rem_euclid(every);
        // A clock that was set during the run makes it no longer than it can be.
        let took = (now - started).0.clamp(0.0, NEAREST.0);
        let least = REST.0.max(NEAREST.0 - LATE.0 - took);
        Millis(if left < least { left + every } else { left })
    }

    /// The last 24 hours up to the end of the newest run's interval; `offset` is what local time is ahead of UTC.
    pub fn strip(&self, every: Millis, offset: Millis) -> Strip {
        let Some(last) = self.runs.last() else {
            return Strip::default();
        };
        let step = seconds(every).max(SLOT_S);
        let end = last.at + step;
        let day = seconds(DAY);
        let start = end.saturating_sub(day);
        let place = |at: u64| at.saturating_sub(start) as f64 / day as f64;
        let mut stretches: Vec<Stretch> = Vec::new();
        let mut until = 0;
        for ran in self.runs.iter().filter(|ran| ran.at + step > start) {
            match stretches.last_mut() {
                // A run that was late by less than another one is no gap.
                Some(before) if ran.at <= until + step => {
                    before.to = place(ran.at);
                    if before.verdict == ran.verdict {
                        before.to = place(ran.at + step);
                    } else {
                        stretches.push(stretch(place(ran.at), place(ran.at + step), ran.verdict));
                    }
                }
                _ => stretches.push(stretch(place(ran.at), place(ran.at + step), ran.verdict)),
            }
            until = ran.at + step;
        }
        let mark = MARK_HOURS * 3600;
        let local = |at: u64| (at as f64 + offset.0 / 1000.0).max(0.0) as u64;
        let first = (local(start) / mark + 1) * mark;
        let hours = (0..day / mark)
            .map(|number| first + number * mark)
            .filter(|at| *at <= local(end))
            .map(|at| (at / 3600 % 24, (at - local(start)) as f64 / day as f64))
            .few();
        Strip { stretches, hours }
    }
}

fn stretch(from: f64, to: f64, verdict: Verdict) -> Stretch {
    Stretch { from, to, verdict }
}

fn seconds(time: Millis) -> u64 {
    (time.0 / 1000.0) as u64
}

fn millis(seconds: u64) -> Millis {
    Millis(seconds as f64 * 1000.0)
}

fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::Ready => 'r',
        Verdict::Degraded => 'd',
        Verdict::Inconclusive => 'i',
        Verdict::Blocked => 'b',
    }
}

/// `r1790000000`
fn ran(word: &str) -> Option<Ran> {
    let all = [
        Verdict::Ready,
        Verdict::Degraded,
        Verdict::Inconclusive,
        Verdict::Blocked,
    ];
    let verdict = all.into_iter().find(|it| word.starts_with(letter(*it)))?;
    let digits = &word[1..];
    // Ten digits last until 2286.
    let plain = (1..=10).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let at = plain.then(|| digits.parse().ok()).flatten()?;
    Some(Ran { at, verdict })
}

/// The version that the server names in its `version.json`; `None` for anything else that it may answer.
pub fn version(text: &str) -> Option<String> {
    let json = Json::read(text).ok()?;
    let version = json.text_of("version")?;
    let plain = (1..=64).contains(&version.len()) && version.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain.then(|| version.to_owned())
}

/// Whether the page has a reason to begin anew before its next run: the server names another `version` than at first,
/// or this page has made many peer connections.
pub fn wants_reload(first: Option<&str>, newest: Option<&str>, peers: usize) -> bool {
    let deployed = first.is_some() && newest.is_some() && first != newest;
    deployed || peers > PEERS_MOST
}

/// Whether a text is this page's `index.html`, and not what somebody else answers in its place, such as a portal.
pub fn is_page(text: &str) -> bool {
    // A release bundle's attributes have no quotes.
    text.contains("clearline-version")
}
