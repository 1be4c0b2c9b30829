//! The helpdesk's side: the link for an agent, results that come back, and several of them compared.

use std::rc::Rc;

use crate::config::Problem;
use crate::draft::Draft;
use crate::few::{Few as _, Gather as _};
use crate::history::Earlier;
use crate::link::Link;
use crate::phone_code::{NoCode, Told};
use crate::received::Received;
use crate::travel::Unreadable;
use crate::units::{Kbps, Millis, Share};
use crate::words::{Arg, Sentence, say};

/// All that the helpdesk's view shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Desk {
    /// Whether the helpdesk's tools are shown, or a result alone.
    pub tools: bool,
    /// Whether the history of this browser's runs is shown, in place of both.
    pub history: bool,
    /// That history, once it was read.
    pub earlier: Option<Rc<Earlier>>,
    /// Results that were opened, in the order of the runs.
    pub opened: Vec<Opened>,
    /// The link that was made last.
    pub link: Option<AgentLink>,
    /// The code that was read last.
    pub code: Option<Result<Told, NoCode>>,
    /// Whether a configuration is edited, in place of all that.
    pub edits: bool,
    /// That one, once it is here.
    pub draft: Option<Rc<Draft>>,
}

/// A result that was opened: where it came from, and what could be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// A file's name; empty for a link.
    pub name: String,
    /// What it says.
    pub report: Result<Received, Unreadable>,
}

/// A link for an agent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AgentLink {
    /// To be opened.
    pub address: String,
    /// What was wrong with the choices; what is wrong is not in the link.
    pub problems: Vec<Problem>,
}

/// The results that can be read, side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// A key into the words for each row, and its cells.
    pub rows: Vec<Row>,
    /// What the difference between the first and the last means.
    pub means: Sentence,
}

/// A row of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// A key into the words.
    pub label: String,
    /// One for each result.
    pub cells: Vec<Cell>,
    /// Whether they differ by more than chance.
    pub differs: bool,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Not measured.
    Nothing,
    /// A text as it is.
    Plain(String),
    /// A figure or a word.
    Of(Arg),
}

/// The link with these parameters: name and value, those without a value left out.
pub fn agent_link(page: &str, parameters: &[(&'static str, String)]) -> AgentLink {
    let mut address = page.to_owned();
    let mut separator = '?';
    let mut problems = Vec::new();
    for (name, value) in parameters.iter().filter(|(_, value)| !value.trim().is_empty()) {
        let part = format!("{name}={}", encoded(value.trim()));
        let mut wrong = Link::parse(&part).problems;
        // `every` makes sense with `mode` alone, which the list as a whole decides.
        wrong.retain(|problem| !(*name == "every" && problem.fault.key == "link.no-kiosk"));
        if wrong.is_empty() {
            address.push(separator);
            address.push_str(&part);
            separator = '&';
        }
        problems.append(&mut wrong);
    }
    AgentLink { address, problems }
}

/// With percent-encoding (RFC 3986, section 2.3: what is unreserved stays).
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => {
                let digit = |value: u8| {
                    char::from_digit(value.into(), 16)
                        .unwrap_or('0')
                        .to_ascii_uppercase()
                };
                out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
    out
}

impl Desk {
    /// With another result, in the order of the runs; the same result twice is one.
    #[must_use]
    #[inline(never)]
    pub fn with(mut self, opened: Opened) -> Self {
        let id = |it: &Opened| {
            it.report
                .as_ref()
                .ok()
                .map(|report| report.id.clone())
                .filter(|id| !id.is_empty())
        };
        let same = |other: &Opened| id(other).is_some() && id(other) == id(&opened);
        self.opened.retain(|other| !same(other));
        self.opened.push(opened);
        let started = |it: &Opened| {
            it.report
                .as_ref()
                .map(|report| report.started.clone())
                .unwrap_or_default()
        };
        self.opened.sort_few_by(|a, b| started(a).cmp(&started(b)));
        self
    }

    /// The results that can be read.
    pub fn readable(&self) -> Vec<&Received> {
        self.opened.iter().filter_map(|it| it.report.as_ref().ok()).few()
    }
}

/// Compares results, the earliest first; `None` for fewer than two.
pub fn compare(results: &[&Received]) -> Option<Comparison> {
    let (first, last) = (results.first()?, results.last()?);
    if results.len() < 2 {
        return None;
    }
    let text = |label: &str, cell: fn(&Received) -> Option<Cell>| {
        let cells: Vec<Cell> = results.iter().map(|it| cell(it).unwrap_or(Cell::Nothing)).few();
        Row {
            label: label.to_owned(),
            differs: cells.windows(2).any(|pair| pair[0] != pair[1]),
            cells,
        }
    };
    let mut rows = vec![
        text("ui.desk.started", |it| Some(Cell::Plain(it.when()))),
        text("ui.desk.verdict", |it| {
            Some(Cell::Of(Arg::Word(format!("verdict.{}", it.verdict))))
        }),
        text("ui.desk.primary", |it| {
            let none = it.verdict == "ready";
            let cause = it
                .primary
                .as_deref()
                .map(title)
                .or_else(|| none.then(|| "ui.desk.no-cause".to_owned()));
            cause.map(|key| Cell::Of(Arg::Word(key)))
        }),
        text("ui.desk.ticket", |it| it.ticket.clone().map(Cell::Plain)),
        text("ui.fact.browser", |it| it.browser.clone().map(Cell::Plain)),
        text("ui.fact.os", |it| it.os.clone().map(Cell::Plain)),
    ];
    // These are other ones in any case.
    for row in &mut rows {
        row.differs &= !["ui.desk.started", "ui.desk.ticket"].contains(&&*row.label);
    }
    for (id, _) in &first.activities {
        let status = |it: &&Received| {
            it.activities
                .iter()
                .find(|(other, _)| other == id)
                .map(|(_, status)| status.clone())
        };
        let statuses: Vec<Option<String>> = results.iter().map(status).few();
        rows.push(Row {
            label: format!("activity.{id}"),
            differs: statuses.windows(2).any(|pair| pair[0] != pair[1]),
            cells: statuses
                .into_iter()
                .map(|it| {
                    it.map_or(Cell::Nothing, |status| {
                        Cell::Of(Arg::Word(format!("ui.status.{status}")))
                    })
                })
                .few(),
        });
    }
    rows.extend(FIGURES.into_iter().map(|figure| figure.row(results)));
    rows.retain(|row| row.cells.iter().any(|cell| *cell != Cell::Nothing));
    Some(Comparison {
        rows,
        means: meaning(first, last),
    })
}

fn title(cause: &str) -> String {
    format!("cause.{cause}.title")
}

/// A figure of the comparison: how far two of it may lie apart by chance is from the tables of `docs/accuracy.md`, doubled.
struct Figure {
    label: &'static str,
    value: fn(&Received) -> Option<f64>,
    shown: fn(f64) -> Arg,
    /// In the figure's unit, and as a share of the larger one: the larger of both counts.
    chance: (f64, f64),
}

const FIGURES: [Figure; 8] = [
    Figure {
        label: "ui.desk.clean",
        value: |it| it.figures.highest_clean_kbps,
        shown: |it| Arg::Rate(Kbps(it)),
        chance: (0.0, 0.0),
    },
    Figure {
        label: "ui.desk.capacity",
        value: |it| it.figures.capacity_kbps,
        shown: |it| Arg::Rate(Kbps(it)),
        chance: (0.0, 0.08),
    },
    Figure {
        label: "ui.fact.round-trip",
        value: |it| it.figures.round_trip_ms,
        shown: |it| Arg::Time(Millis(it)),
        chance: (10.0, 0.1),
    },
    Figure {
        label: "ui.fact.jitter",
        value: |it| it.figures.jitter_ms,
        shown: |it| Arg::Time(Millis(it)),
        chance: (6.0, 0.1),
    },
    Figure {
        label: "ui.fact.loss",
        value: |it| it.figures.loss,
        shown: |it| Arg::Share(Share(it)),
        chance: (0.01, 0.3),
    },
    Figure {
        label: "ui.fact.mos",
        value: |it| it.figures.mos,
        shown: Arg::Number,
        chance: (0.2, 0.0),
    },
    Figure {
        label: "ui.desk.up",
        value: |it| it.figures.up_kbps,
        shown: |it| Arg::Rate(Kbps(it)),
        chance: (0.0, 0.25),
    },
    Figure {
        label: "ui.desk.down",
        value: |it| it.figures.down_kbps,
        shown: |it| Arg::Rate(Kbps(it)),
        chance: (0.0, 0.25),
    },
];

impl Figure {
    fn row(&self, results: &[&Received]) -> Row {
        let values: Vec<Option<f64>> = results.iter().map(|it| (self.value)(it)).few();
        let known = values.iter().filter_map(|it| *it);
        let (least, most) = known.fold((f64::MAX, 0.0_f64), |(least, most), it| {
            (least.min(it), most.max(it))
        });
        let (absolute, share) = self.chance;
        Row {
            label: self.label.to_owned(),
            differs: most - least > absolute.max(most * share),
            cells: values
                .into_iter()
                .map(|it| it.map_or(Cell::Nothing, |it| Cell::Of((self.shown)(it))))
                .few(),
        }
    }
}

/// What it means that the first came out so, and the last so.
fn meaning(first: &Received, last: &Received) -> Sentence {
    let cause = |name, it: &Received| {
        (
            name,
            Arg::Word(it.primary.as_deref().map_or("ui.desk.no-cause".to_owned(), title)),
        )
    };
    match (&*first.verdict, &*last.verdict) {
        ("inconclusive", _) | (_, "inconclusive") => say("ui.means.unknown", []),
        ("ready", "ready") => say("ui.means.both-work", []),
        ("ready", _) => say("ui.means.broke", [cause("cause", last)]),
        (_, "ready") => say("ui.means.works", [cause("cause", first)]),
        _ if first.primary == last.primary => say("ui.means.same", [cause("cause", last)]),
        _ => say("ui.means.other", [cause("before", first), cause("cause", last)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::received::Figures;

    fn result(started: &str, verdict: &str, primary: Option<&str>) -> Received {
        Received {
            id: started.to_owned(),
            started: started.to_owned(),
            verdict: verdict.to_owned(),
            primary: primary.map(str::to_owned),
            activities: vec![(
                "voice".to_owned(),
                if verdict == "ready" { "works" } else { "blocked" }.to_owned(),
            )],
            ..Received::default()
        }
    }

    fn opened(report: Received) -> Opened {
        Opened {
            name: String::new(),
            report: Ok(report),
        }
    }

    #[test]
    fn a_link_holds_what_was_chosen_and_names_what_is_wrong() {
        let page = "https://selftest.example/";
        let link = |parameters: &[(&'static str, &str)]| {
            let parameters: Vec<_> = parameters
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect();
            agent_link(page, &parameters)
        };
        let good = link(&[
            ("config", "berlin"),
            ("phone", ""),
            ("ticket", "INC 4711 & more"),
            ("mode", "kiosk"),
            ("every", "60"),
        ]);
        assert_eq!(
            good.address,
            format!("{page}?config=berlin&ticket=INC%204711%20%26%20more&mode=kiosk&every=60")
        );
        assert!(good.problems.is_empty());
        let read = Link::parse(good.address.split_once('?').unwrap().1);
        assert_eq!(
            (read.ticket.as_deref(), read.kiosk),
            (Some("INC 4711 & more"), Some(60))
        );
        assert!(read.problems.is_empty());
        let bad = link(&[("config", "https://evil.example/"), ("phone", "pstn")]);
        assert_eq!(
            (bad.address.as_str(), bad.problems.len()),
            (&*format!("{page}?phone=pstn"), 1)
        );
    }

    #[test]
    fn results_stand_in_the_order_of_the_runs_and_none_twice() {
        let desk = Desk::default()
            .with(opened(result("2026-11-25T10:00:00Z", "ready", None)))
            .with(opened(result(
                "2026-11-25T09:00:00Z",
                "blocked",
                Some("turn-blocked"),
            )))
            .with(opened(result("2026-11-25T10:00:00Z", "ready", None)))
            .with(Opened {
                name: "x".to_owned(),
                report: Err(Unreadable::Damaged),
            });
        assert_eq!(desk.opened.len(), 3);
        let verdicts: Vec<&str> = desk.readable().iter().map(|it| &*it.verdict).collect();
        assert_eq!(verdicts, ["blocked", "ready"]);
    }

    #[test]
    fn the_meaning_follows_from_the_first_and_the_last() {
        let means = |first: (&str, Option<&str>), last: (&str, Option<&str>)| {
            let (first, last) = (result("1", first.0, first.1), result("2", last.0, last.1));
            compare(&[&first, &last]).unwrap().means.key
        };
        let (works, blocked, narrow) = (
            ("ready", None),
            ("blocked", Some("turn-blocked")),
            ("degraded", Some("loss-high")),
        );
        assert_eq!(means(blocked, works), "ui.means.works");
        assert_eq!(means(works, blocked), "ui.means.broke");
        assert_eq!(means(works, works), "ui.means.both-work");
        assert_eq!(means(blocked, blocked), "ui.means.same");
        assert_eq!(means(blocked, narrow), "ui.means.other");
        assert_eq!(
            means(blocked, ("inconclusive", Some("test-service-down"))),
            "ui.means.unknown"
        );
        assert!(compare(&[&result("1", "ready", None)]).is_none());
    }

    #[test]
    fn chance_is_no_difference_and_missing_is_not_zero() {
        let with = |round_trip_ms| Received {
            figures: Figures {
                round_trip_ms,
                ..Figures::default()
            },
            ..result("1", "ready", None)
        };
        let differs = |a, b| {
            let (a, b) = (with(a), with(b));
            let comparison = compare(&[&a, &b]).unwrap();
            comparison
                .rows
                .into_iter()
                .find(|row| row.label == "ui.fact.round-trip")
                .map(|row| row.differs)
        };
        assert_eq!(differs(Some(20.0), Some(28.0)), Some(false));
        assert_eq!(differs(Some(20.0), Some(80.0)), Some(true));
        assert_eq!(differs(Some(20.0), None), Some(false));
        assert_eq!(differs(None, None), None);
    }
}
