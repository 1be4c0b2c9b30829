//! What is still to be delivered: a state machine of plain text, so that it survives a closed page. Time and chance come
//! in as numbers.
//!
//! Several tabs share what is kept. So a delivery that goes out is put off first, for longer than a request lasts: a
//! second tab leaves it alone, and after a closed page it comes back by itself.

use super::{Answer, Delivery, Kind, Target};
use crate::few::Gather as _;
use crate::json::{Json, written};

/// No more deliveries wait than these; the oldest goes first.
pub const MOST_DELIVERIES: usize = 20;
/// And no more bytes.
pub const MOST_BYTES: usize = 500_000;
/// After this, a result is no news any more.
const OLDEST: f64 = 86_400_000.0;
/// A delivery under way is left alone for this long: more than a request's deadline.
const UNDER_WAY: f64 = 15_000.0;
/// Nothing is put off for longer than this; a clock that was set back would else do so.
const LONGEST_WAIT: f64 = 3_600_000.0;
/// So many deliveries are remembered as done.
const REMEMBERED: usize = 60;
/// No clock shows a later moment: until 2286. Of larger numbers the writer has not all digits.
const MOMENT_MOST: f64 = 1e13;
/// Raised when the text means something else.
const VERSION: f64 = 1.0;

/// All that waits.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Queue {
    waiting: Vec<Waiting>,
    /// What was accepted or given up: it is not sent again.
    done: Vec<String>,
    dropped: u32,
}

#[derive(Debug, Clone, PartialEq)]
struct Waiting {
    delivery: Delivery,
    /// Since 1970, in milliseconds, as all moments here.
    since: f64,
    due: f64,
    tries: u32,
}

/// What to do now.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Post this to the target with this index.
    Send(Box<Delivery>, usize),
    /// Look again after so many milliseconds.
    Wait(f64),
    /// There is nothing for these targets.
    Nothing,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The receiver has it.
    Accepted,
    /// It is tried again.
    Again,
    /// It is given up.
    GivenUp,
}

impl Queue {
    /// Reads what was kept. A text that is broken, too long or of another version is an empty queue.
    pub fn read(text: &str) -> Self {
        Self::readable(text).unwrap_or_default()
    }

    fn readable(text: &str) -> Option<Self> {
        // A body's quotes are written with a backslash.
        let json = (text.len() <= 3 * MOST_BYTES).then(|| Json::read(text).ok())??;
        if json.number_of("version")? != VERSION {
            return None;
        }
        let waiting = json.list_of("waiting").iter().filter_map(|one| {
            let kind = one.text_of("kind")?;
            Some(Waiting {
                delivery: Delivery {
                    run: one.text_of("run")?.to_owned(),
                    kind: Kind::ALL.into_iter().find(|it| it.word() == kind)?,
                    mark: one.text_of("mark")?.to_owned(),
                    body: one.text_of("body")?.to_owned(),
                },
                since: moment(one, "since")?,
                due: moment(one, "due")?,
                tries: one.number_of("tries")? as u32,
            })
        });
        let done = json.list_of("done").iter();
        let mut queue = Self {
            waiting: waiting.few(),
            done: done.filter_map(|one| one.text().map(str::to_owned)).few(),
            dropped: json.number_of("dropped")? as u32,
        };
        queue.bound();
        Some(queue)
    }

    /// The text to keep.
    pub fn text(&self) -> String {
        let text = |text: &str| Json::Text(text.to_owned());
        let number = |number: f64| Json::Number(written(&number));
        let object = |entries: Vec<(&str, Json)>| {
            let entries = entries.into_iter();
            Json::Object(entries.map(|(name, value)| (name.to_owned(), value)).few())
        };
        let waiting = self.waiting.iter().map(|it| {
            object(vec![
                ("run", text(&it.delivery.run)),
                ("kind", text(it.delivery.kind.word())),
                ("mark", text(&it.delivery.mark)),
                ("body", text(&it.delivery.body)),
                ("since", number(it.since)),
                ("due", number(it.due)),
                ("tries", number(f64::from(it.tries))),
            ])
        });
        object(vec![
            ("version", number(VERSION)),
            ("dropped", number(f64::from(self.dropped))),
            ("done", Json::List(self.done.iter().map(|key| text(key)).few())),
            ("waiting", Json::List(waiting.few())),
        ])
        .line()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// How many deliveries were given up for want of room or time since this was last told.
    pub fn dropped(&self) -> u32 {
        self.dropped
    }

    /// The count of what was dropped is on its way.
    pub fn told(&mut self, dropped: u32) {
        self.dropped -= dropped.min(self.dropped);
    }

    /// Adds a delivery; one that waits or is done already is no second one.
    pub fn add(&mut self, delivery: Delivery, now: f64) {
        let key = key(&delivery);
        if self.done.contains(&key) || self.waiting.iter().any(|it| self::key(&it.delivery) == key) {
            return;
        }
        self.waiting.push(Waiting {
            delivery,
            since: now,
            due: now,
            tries: 0,
        });
        self.bound();
    }

    /// The delivery whose turn it is, put off so that nobody else takes it.
    pub fn next(&mut self, targets: &[Target], now: f64) -> Next {
        while let Some(at) = self.waiting.iter().position(|it| (now - it.since).abs() > OLDEST) {
            self.drop_at(at);
        }
        let mut soonest: Option<f64> = None;
        for it in &mut self.waiting {
            let fits = |target: &Target| target.kind == it.delivery.kind && target.mark == it.delivery.mark;
            let Some(target) = targets.iter().position(fits) else {
                continue;
            };
            let wait = (it.due - now).min(LONGEST_WAIT);
            if wait <= 0.0 {
                it.due = now + UNDER_WAY;
                return Next::Send(Box::new(it.delivery.clone()), target);
            }
            soonest = Some(soonest.map_or(wait, |other| other.min(wait)));
        }
        soonest.map_or(Next::Nothing, Next::Wait)
    }

    /// What an answer makes of a delivery. `chance` is between 0 and 1.
    pub fn settle(&mut self, delivery: &Delivery, answer: Answer, now: f64, chance: f64) -> Outcome {
        let key = key(delivery);
        let at = self.waiting.iter().position(|it| self::key(&it.delivery) == key);
        if let (Some(at), true) = (at, answer.passes()) {
            let it = &mut self.waiting[at];
            it.tries += 1;
            it.due = (now + answer.pause(it.tries, chance)).round();
            if it.due - it.since <= OLDEST {
                return Outcome::Again;
            }
            self.drop_at(at);
            return Outcome::GivenUp;
        }
        if let Some(at) = at {
            self.waiting.remove(at);
            self.remember(key);
        }
        if answer.accepted() {
            Outcome::Accepted
        } else {
            Outcome::GivenUp
        }
    }

    fn remember(&mut self, key: String) {
        self.done.push(key);
        self.bound();
    }

    fn drop_at(&mut self, at: usize) {
        let gone = self.waiting.remove(at);
        self.dropped = self.dropped.saturating_add(1);
        self.remember(key(&gone.delivery));
    }

    fn bound(&mut self) {
        let bytes = |queue: &Self| {
            queue
                .waiting
                .iter()
                .map(|it| it.delivery.body.len())
                .sum::<usize>()
        };
        while self.waiting.len() > MOST_DELIVERIES || bytes(self) > MOST_BYTES {
            self.drop_at(0);
        }
        let more = self.done.len().saturating_sub(REMEMBERED);
        self.done.drain(..more);
    }
}

/// Of a number this long the reader may miss the last bit; and one that is no moment is not written again as it was.
fn moment(one: &Json, name: &str) -> Option<f64> {
    let moment = one.number_of(name)?.round();
    (moment.abs() < MOMENT_MOST).then_some(moment)
}

/// A run goes to each address once.
fn key(delivery: &Delivery) -> String {
    format!("{} {} {}", delivery.run, delivery.kind.word(), delivery.mark)
}

#[cfg(test)]
mod tests;
