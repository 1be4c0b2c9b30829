//! A configuration while an administrator edits it. Its text is the truth: what the form changes is written into it, and
//! all else in it stays as it is.

mod edit;
mod mask;
mod places;
mod policy;

use std::rc::Rc;

use crate::config::{Config, Fault, LONGEST, Problem, TurnAccess};
use crate::few::{Gather as _, Put as _};
use crate::json::Json;
use crate::units::Secret;
use crate::words::Arg;
use edit::{Edited, Put, edit};
use places::{Place, nearest, places};

pub use places::Spot;
pub use policy::{directives, forbidden};

/// Most problems that are listed; there may be as many as a file has characters.
const LISTED: usize = 50;

/// What a page without a configuration begins with.
const TEMPLATE: &str = r#"{
  "schema": "clearline.config/1",
  "name": "",
  "applications": [],
  "turn": []
}
"#;

/// A configuration that is edited.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Draft {
    /// As it is shown: with stand-ins for the passwords that were in the file.
    pub text: String,
    /// The file's name, once it is here.
    pub file: String,
    /// What was found when it was last looked at.
    pub checked: Rc<Checked>,
    /// Why the last file that was chosen was not opened.
    pub refused: Option<Problem>,
    /// The Content-Security-Policy that the web server sends with this page, where it sends one.
    pub policy: Option<String>,
    /// The page's own origin, to read the policy by.
    pub page: String,
    /// As it was opened.
    base: String,
    /// As it was opened, or saved last.
    saved: String,
    /// What is behind the stand-ins.
    kept: Vec<Secret>,
    /// What was edited before another file came in its place.
    earlier: Option<Rc<Draft>>,
    /// What is being written into the form's field of this path.
    editing: Option<(String, String)>,
}

/// What was found in a text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Checked {
    /// Its values, where it is JSON.
    pub json: Option<Json>,
    /// What is wrong, and where; no more than a reader can use.
    pub problems: Vec<(Problem, Option<Spot>)>,
    /// How much is wrong in all.
    pub count: usize,
    /// The configuration, when nothing is wrong.
    pub config: Option<Rc<Config>>,
}

/// A change by the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change<'a> {
    /// This was written into the field of this path, such as `turn.0.urls`.
    Field(&'a str, &'a str),
    /// This value, in JSON, was chosen for this path.
    Choice(&'a str, &'static str),
    /// The entry at this path goes.
    Gone(&'a str),
    /// One more application.
    Application,
    /// One more TURN server.
    Turn,
    /// How the TURN server with this index gets credentials.
    Access(usize, Access),
}

/// How a TURN server's credentials come, as a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// From a service.
    Fetched,
    /// From the file.
    Static,
    /// Not at all.
    Unauthorized,
}

impl Access {
    /// The keys that each way has, and what they begin with.
    const KEYS: [(Self, &str, &str); 4] = [
        (Self::Fetched, "credentials_url", "\"/turn-credentials\""),
        (Self::Static, "username", "\"\""),
        (Self::Static, "credential", "\"\""),
        (Self::Unauthorized, "expect", "\"unauthorized\""),
    ];

    /// How a server of the file does it.
    pub fn of(server: &Json) -> Option<Self> {
        let mut keys = Self::KEYS.iter();
        let (access, ..) = keys.find(|(_, key, _)| server.get(key).is_some())?;
        Some(*access)
    }
}

impl Draft {
    /// A file that was opened.
    pub fn open(text: &str, file: &str) -> Self {
        // A byte-order mark is no part of it.
        let (text, kept) = mask::masked(text.strip_prefix('\u{feff}').unwrap_or(text));
        let draft = Self {
            file: file.to_owned(),
            base: text.clone(),
            saved: text.clone(),
            text,
            kept,
            ..Self::default()
        };
        draft.check()
    }

    /// What a page without a configuration begins with.
    pub fn template(file: &str) -> Self {
        Self::open(TEMPLATE, file)
    }

    /// A file that was chosen in place of what is edited. What cannot be a configuration is refused, and what is edited
    /// stays.
    #[must_use]
    pub fn replaced(mut self, file: &str, text: Option<&str>) -> Self {
        let refused = match text {
            None => Some(Fault::of("file.unread")),
            Some(text) if text.len() > LONGEST => {
                let fault = Fault::of("file.long").number("length", text.len());
                Some(fault.number("longest", LONGEST))
            }
            // What a browser makes of bytes that are not UTF-8, and of UTF-16's zeros.
            Some(text) => text.find(['\0', '\u{fffd}']).map(|at| {
                let line = text[..at].matches('\n').count() + 1;
                Fault::of("file.encoding").number("line", line)
            }),
        };
        match (refused, text) {
            (None, Some(text)) => Self {
                saved: String::new(),
                ..Self::open(text, file).instead_of(&self)
            },
            (refused, _) => {
                self.refused = refused.map(|fault| fault.at(file));
                self
            }
        }
    }

    /// With the reason why something else could not come in its place.
    #[must_use]
    pub fn refusing(self, why: Problem) -> Self {
        Self {
            refused: Some(why),
            ..self
        }
    }

    /// In the place of another, which can be had back if something of it would be lost.
    #[must_use]
    pub fn instead_of(self, before: &Self) -> Self {
        // Two files that differ in their passwords alone look alike.
        let changed = before.is_changed() && before.whole().expose() != self.whole().expose();
        Self {
            earlier: changed.then(|| Rc::new(before.clone())),
            page: before.page.clone(),
            policy: before.policy.clone(),
            file: before.file.clone(),
            ..self
        }
    }

    /// Whether [`Draft::undone`] changes something.
    pub fn can_undo(&self) -> bool {
        self.earlier.is_some()
    }

    /// What was edited before another file came in its place.
    #[must_use]
    pub fn undone(self) -> Self {
        match &self.earlier {
            Some(earlier) => (**earlier).clone(),
            None => self,
        }
    }

    /// With what is written into the form's field of this path, which is looked at when the reader leaves it.
    #[must_use]
    pub fn editing(self, path: &str, text: Option<String>) -> Self {
        Self {
            editing: text.map(|text| (path.to_owned(), text)),
            ..self
        }
    }

    /// What is being written there, which is not yet in the text.
    pub fn edited(&self, path: &str) -> Option<&str> {
        let (edited, text) = self.editing.as_ref()?;
        (edited == path).then_some(text)
    }

    /// Whether the text has stand-ins.
    pub fn has_kept(&self) -> bool {
        !self.kept.is_empty()
    }

    /// What [`Draft::stored`] wrote before, in place of the file that this was opened from. What was behind stand-ins is
    /// taken from that, if it is still the file that was edited.
    #[must_use]
    pub fn restored(self, stored: &str) -> Self {
        let stored = Json::read(stored).ok();
        let part = |name| stored.as_ref()?.text_of(name).map(str::to_owned);
        let (Some(base), Some(text)) = (part("base"), part("text")) else {
            return self;
        };
        if text == base {
            // Nothing was edited, and the file may be newer.
            return self;
        }
        let same = base == self.base;
        let newer = (!same).then(|| Fault::of("draft.newer").at(&self.file));
        let draft = Self {
            saved: base.clone(),
            base,
            text,
            kept: if same { self.kept } else { Vec::new() },
            refused: newer,
            ..self
        };
        draft.check()
    }

    /// For the browser's storage: without any password.
    pub fn stored(&self) -> String {
        let text = |text: &str| Json::Text(mask::without_typed(text));
        let entry = |name: &str, it: &str| (name.to_owned(), text(it));
        Json::Object(vec![entry("base", &self.base), entry("text", &self.text)]).line()
    }

    /// With what was typed. What was found in the text before stays until it is looked at.
    #[must_use]
    pub fn typed(self, text: String) -> Self {
        Self {
            text,
            refused: None,
            editing: None,
            ..self
        }
    }

    /// The file: with the passwords that the stand-ins are for.
    pub fn whole(&self) -> Secret {
        Secret::new(mask::unmasked(&self.text, &self.kept))
    }

    /// Whether something would be lost.
    pub fn is_changed(&self) -> bool {
        self.text != self.saved
    }

    /// It was saved.
    #[must_use]
    pub fn saved(self) -> Self {
        Self {
            saved: self.text.clone(),
            ..self
        }
    }

    /// Looked at anew.
    #[must_use]
    pub fn check(self) -> Self {
        let text = &self.text;
        let short = text.len() <= LONGEST;
        let json = Json::read(text).ok().filter(|_| short);
        let all = if json.is_some() { places(text) } else { Vec::new() };
        let mut problems: Vec<Problem> = Vec::new();
        let mut config = None;
        // Places of what is no JSON are those of the text that is shown.
        let parsed = match json.is_some() {
            true => Config::parse(self.whole().expose()),
            false => Config::parse(text),
        };
        match parsed {
            Ok(parsed) => config = Some(Rc::new(parsed)),
            Err(found) => problems = found,
        }
        let lost = all.iter().filter(|place| {
            place.path.ends_with(".credential") && mask::is_lost(&text[place.value.clone()], &self.kept)
        });
        problems.put(lost.map(|place| Fault::of("credential.lost").at(&place.path)));
        let count = problems.len();
        let spotted = problems.into_iter().take(LISTED).map(|problem| {
            let spot = spot(text, &all, &problem);
            (problem, spot)
        });
        let checked = Checked {
            problems: spotted.few(),
            count,
            config: config.filter(|_| count == 0),
            json,
        };
        Self {
            checked: Rc::new(checked),
            ..self
        }
    }

    /// With a change by the form, and what of the text is new; `None` where that cannot be written into it.
    pub fn with(&self, change: &Change) -> Option<(Self, Spot)> {
        let put = |path: &str, put| edit(&self.text, path, put);
        let edited = match change {
            Change::Field(path, value) => self.field(path, value),
            Change::Choice(path, json) => put(path, Put::Value(json)),
            Change::Gone(path) => put(path, Put::Nothing),
            Change::Application => {
                let id = self.free_id("applications", "application");
                put(
                    "applications",
                    Put::Entry(&format!(r#"{{ "id": "{id}", "name": "", "url": "https://" }}"#)),
                )
            }
            Change::Turn => {
                let id = self.free_id("turn", "turn");
                let server = format!(
                    r#"{{ "id": "{id}", "urls": ["turn:"], "credentials_url": "/turn-credentials" }}"#
                );
                put("turn", Put::Entry(&server))
            }
            Change::Access(index, wanted) => self.access(*index, *wanted),
        }?;
        let draft = self.clone().typed(edited.text).check();
        let spot = Spot::of(&draft.text, &edited.new);
        Some((draft, spot))
    }

    fn field(&self, path: &str, value: &str) -> Option<Edited> {
        let value = value.trim();
        let needed = path == "name" || path.ends_with(".id") || path.ends_with("s.0.url");
        if path.ends_with(".urls") {
            let mut urls: Vec<String> = Vec::new();
            for url in value.split([' ', ',', '\n']).filter(|url| !url.is_empty()) {
                urls.push(Json::Text(url.to_owned()).line());
            }
            return edit(&self.text, path, Put::Value(&format!("[{}]", urls.join(", "))));
        }
        match value.is_empty() && !needed {
            true => edit(&self.text, path, Put::Nothing),
            false => edit(&self.text, path, Put::Value(&Json::Text(value.to_owned()).line())),
        }
    }

    fn access(&self, index: usize, wanted: Access) -> Option<Edited> {
        let server = self.checked.json.as_ref()?.list_of("turn").get(index)?;
        let mut edited = edit(&self.text, "not.there", Put::Nothing)?;
        // First what is new: an entry is never without any.
        for add in [true, false] {
            for (access, key, value) in Access::KEYS {
                let path = format!("turn.{index}.{key}");
                if add == (access == wanted) && add != server.get(key).is_some() {
                    let put = if add { Put::Value(value) } else { Put::Nothing };
                    let next = edit(&edited.text, &path, put)?;
                    edited.text = next.text;
                }
            }
        }
        Some(edited)
    }

    /// An id that no entry of a list has.
    fn free_id(&self, list: &str, word: &str) -> String {
        let json = self.checked.json.as_ref();
        let entries = json.map_or(&[][..], |json| json.list_of(list));
        let mut number = entries.len() + 1;
        loop {
            let id = format!("{word}-{number}");
            if !entries.iter().any(|entry| entry.text_of("id") == Some(&*id)) {
                return id;
            }
            number += 1;
        }
    }
}

impl Checked {
    /// Whether somebody who opens the page can read a password.
    pub fn has_passwords(&self) -> bool {
        let mut servers = self.config.iter().flat_map(|config| &config.turn);
        servers.any(|server| matches!(server.access, TurnAccess::Static { .. }))
    }
}

/// Where in a configuration's text each of its problems is.
pub fn spots(text: &str, problems: &[Problem]) -> Vec<Option<Spot>> {
    let all = places(text);
    problems.iter().map(|problem| spot(text, &all, problem)).few()
}

fn spot(text: &str, all: &[Place], problem: &Problem) -> Option<Spot> {
    if let Some((line, column)) = at_line(&problem.fault) {
        return Some(Spot::at(text, line, column));
    }
    let place = nearest(all, &problem.path, problem.fault.key == "key.twice")?;
    let mut bytes = place.whole.clone();
    if place.path != problem.path {
        // What is missing is missing behind the opening bracket.
        bytes.end = bytes.end.min(place.value.start + 1);
    }
    Some(Spot::of(text, &bytes))
}

/// The place that a fault itself names: where a text stops being JSON.
fn at_line(fault: &Fault) -> Option<(usize, usize)> {
    let number = |wanted| {
        fault.args.iter().find_map(|(name, arg)| match arg {
            Arg::Number(number) if *name == wanted => Some(*number as usize),
            _ => None,
        })
    };
    let (line, column) = number("line").zip(number("column"))?;
    (line > 0 && column > 0).then_some((line, column))
}

#[cfg(test)]
mod tests;
