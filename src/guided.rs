//! Guided fixes: what was changed between two runs, and what the second one proves.
//!
//! A fix that was carried out is ticked off when its findings are gone. A try (another network, no VPN) repairs nothing:
//! it tells which of two causes that look alike it is, and so who must act.

use std::rc::Rc;

use crate::activity::{Activity, Status};
use crate::checkup::{Conclusion, State};
use crate::config::Config;
use crate::diagnosis::{Finding, Severity, Verdict};
use crate::few::{Gather as _, Put as _};
use crate::fix::{Change, Fix, MEND_BROWSER, Owner};
use crate::observation::{AnswersSeen, LadderSeen, MicrophoneSeen, Seen};
use crate::report::word;
use crate::scene::Scene;
use crate::scene::egress::{Egress, same};
use crate::words::{Arg, Sentence, say};

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// What was wrong is gone, and what it touched works.
    Works,
    /// It is still there.
    Same,
    /// It is gone, and something else is in the way.
    Differs,
    /// It was no other network: servers see the same address as before.
    SameNetwork,
    /// The second run could not tell.
    Unknown,
}

/// With these, nothing can be said about anything else.
const HIDES_ALL: [&str; 3] = ["offline", "captive-portal", "ipv4-missing"];

/// Two runs compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// What was different.
    pub change: Change,
    /// What became of it.
    pub outcome: Outcome,
    /// What that means: one sentence, and what follows from it.
    pub says: Sentence,
    /// What is different now, one sentence each: activities, findings, main figures.
    pub details: Vec<Sentence>,
    /// The request that a try leads to, with what it proved.
    pub request: Option<Fix>,
}

/// The work on the fix list, across runs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Guide {
    before: Option<(Change, Rc<State>)>,
    /// The last two runs compared, when something was changed between them.
    pub compared: Option<Compared>,
    /// What is done: the titles of the fixes that worked.
    pub solved: Vec<Sentence>,
}

impl Guide {
    /// Before a run; with `change`, something is different in it. A try leaves the usual line, so what follows a try is
    /// compared with the run before it.
    #[must_use]
    pub fn begin(self, change: Option<Change>, now: &Rc<State>) -> Self {
        let usual = match self.before {
            Some((Change::OtherNetwork | Change::VpnOff, usual)) => usual,
            _ => now.clone(),
        };
        Self {
            before: change.map(|change| (change, usual)),
            compared: None,
            solved: self.solved,
        }
    }

    /// What the agent had told before the VPN was switched off for a try.
    pub fn told(&self) -> Option<AnswersSeen> {
        match &self.before {
            Some((Change::VpnOff, usual)) => Some(usual.answers()),
            _ => None,
        }
    }

    /// After the run.
    #[must_use]
    pub fn end(mut self, config: &Config, now: &State) -> Self {
        let Some((change, before)) = &self.before else {
            return self;
        };
        self.compared = compare(config, *change, before, now);
        let worked = self
            .compared
            .as_ref()
            .is_some_and(|it| it.outcome == Outcome::Works);
        if let (Change::Fix(id), true) = (*change, worked) {
            let mut fixes = before.conclusion.iter().flat_map(|it| &it.fixes);
            let title = fixes.find(|fix| fix.id == id).map(|fix| fix.title.clone());
            self.solved.put(title);
        }
        self
    }

    /// After `what`, which no run tries (the headset, a PAC file), was tried again: a fix for it is done when its findings are
    /// gone, and open again when they are back.
    #[must_use]
    pub fn tried(mut self, what: &str, before: &State, now: &State) -> Self {
        let (Some(old), Some(new)) = (&before.conclusion, &now.conclusion) else {
            return self;
        };
        let about = |fix: &&Fix| fix.retest == [what];
        let open = |title: &Sentence| new.fixes.iter().filter(about).any(|it| it.title == *title);
        self.solved.retain(|title| !open(title));
        for fix in old.fixes.iter().filter(about) {
            let there = new.findings.iter().any(|it| fix.resolves.contains(&it.id));
            if !there && decided(what, fix, now) && !self.solved.contains(&fix.title) {
                self.solved.push(fix.title.clone());
            }
        }
        self
    }
}

/// Whether what was tried could tell: a question that was closed makes no microphone sound.
fn decided(what: &str, fix: &Fix, now: &State) -> bool {
    let mut seen = now.observations.iter().filter(|it| it.id == what);
    seen.any(|it| match &it.seen {
        Seen::Pac(seen) => seen.failed.is_none(),
        Seen::Headset(seen) => fix.resolves.iter().all(|id| match *id {
            "speaker-missing" => seen.speakers.is_some(),
            _ => matches!(seen.microphone, MicrophoneSeen::Heard(_)),
        }),
        _ => false,
    })
}

/// What the second of two runs says about the change between them; `None` where one has no conclusion.
pub fn compare(config: &Config, change: Change, before: &State, after: &State) -> Option<Compared> {
    let (old, new) = (before.conclusion.as_ref()?, after.conclusion.as_ref()?);
    let fix = match change {
        Change::Fix(id) => old.fixes.iter().find(|fix| fix.id == id),
        // What a try is about: the first request to somebody else.
        _ => {
            let primary = |fix: &&Fix| old.primary.is_some_and(|id| fix.resolves.contains(&id));
            let elsewhere = |fix: &&Fix| !fix.copy.is_empty() && fix.id != MEND_BROWSER;
            let mut asked = old.fixes.iter().filter(elsewhere);
            asked.find(primary).or(old.fixes.first())
        }
    }?;
    let about: Vec<&'static str> = match change {
        Change::Fix(_) => fix.resolves.clone(),
        _ => old.primary.into_iter().few(),
    };
    let outcome = if change == Change::OtherNetwork && same_address(config, before, after) {
        Outcome::SameNetwork
    } else {
        outcome(&about, old, new)
    };
    let cause = |id: &str| Arg::Word(format!("cause.{id}.title"));
    let args: Vec<_> = about.first().map(|id| ("cause", cause(id))).into_iter().few();
    let key = match (change, outcome) {
        (_, Outcome::Unknown) => "ui.compared.unknown",
        (_, Outcome::Differs) => "ui.compared.differs",
        (_, Outcome::SameNetwork) => "ui.compared.same-network",
        (Change::Fix(_), Outcome::Works) => "ui.compared.fix-works",
        (Change::Fix(_), Outcome::Same) => "ui.compared.fix-same",
        (Change::OtherNetwork, Outcome::Works) => "ui.compared.network-works",
        (Change::OtherNetwork, Outcome::Same) => "ui.compared.network-same",
        (Change::VpnOff, Outcome::Works) => "ui.compared.vpn-works",
        (Change::VpnOff, Outcome::Same) => "ui.compared.vpn-same",
    };
    let says = say(key, args);
    let proven = outcome == Outcome::Works && !matches!(change, Change::Fix(_)) && !fix.copy.is_empty();
    let request = proven.then(|| {
        let mut request = fix.clone().copy([says.clone()]);
        if change == Change::VpnOff {
            request.owner = Owner::Vpn;
        }
        request
    });

    let mut details: Vec<Sentence> = Vec::new();
    for activity in &new.activities {
        let was = status(old, activity);
        if let Some(was) = was.filter(|was| *was != activity.status) {
            details.push(say(
                "ui.compared.activity",
                [
                    ("activity", Arg::Word(word("activity", &activity.id))),
                    ("before", Arg::Word(word("ui.status", &was))),
                    ("after", Arg::Word(word("ui.status", &activity.status))),
                ],
            ));
        }
    }
    let (old_ids, new_ids) = (standing(old), standing(new));
    for (ids, others, key) in [
        (&old_ids, &new_ids, "ui.compared.gone"),
        (&new_ids, &old_ids, "ui.compared.fresh"),
    ] {
        let only = ids.iter().filter(|id| !others.contains(id));
        details.put(only.map(|id| say(key, [("cause", cause(id))])));
    }
    if let (Some(old), Some(new)) = (ladder(before), ladder(after)) {
        let rate = |seen: &LadderSeen| seen.highest_clean.map(Arg::Rate);
        let trip = |seen: &LadderSeen| seen.quality.as_ref()?.round_trip.map(Arg::Time);
        for (key, before, after) in [
            ("ui.compared.rate", rate(old), rate(new)),
            ("ui.compared.round-trip", trip(old), trip(new)),
        ] {
            if let (Some(before), Some(after)) = (before, after) {
                details.push(say(key, [("before", before), ("after", after)]));
            }
        }
    }
    Some(Compared {
        change,
        outcome,
        says,
        details,
        request,
    })
}

/// Whether what it is `about` is gone, and what it touched works.
fn outcome(about: &[&'static str], old: &Conclusion, new: &Conclusion) -> Outcome {
    let there = standing(new);
    if about.iter().any(|id| there.contains(id)) {
        return Outcome::Same;
    }
    let touched = || {
        old.activities
            .iter()
            .filter(|it| it.because.iter().any(|id| about.contains(id)))
    };
    let now = |was: &Activity| status(new, was).unwrap_or(Status::Unknown);
    let works = |was: &Activity| now(was) == Status::Works;
    if touched().all(works) && (touched().next().is_some() || new.verdict == Verdict::Ready) {
        Outcome::Works
    } else if touched().any(|was| now(was) == Status::Unknown)
        || new.verdict == Verdict::Inconclusive
        // Only a symptom of something bigger this time: nobody knows what is behind that.
        || new.findings.iter().any(|it| about.contains(&it.id))
        || new.primary.is_some_and(|id| HIDES_ALL.contains(&id))
    {
        Outcome::Unknown
    } else if new.primary.is_none() {
        Outcome::Works
    } else {
        Outcome::Differs
    }
}

/// The problems of a run, once each.
fn standing(conclusion: &Conclusion) -> Vec<&'static str> {
    let above_info = |it: &&Finding| it.stands() && it.severity < Severity::Info;
    let mut ids: Vec<&'static str> = Vec::new();
    for finding in conclusion.findings.iter().filter(above_info) {
        if !ids.contains(&finding.id) {
            ids.push(finding.id);
        }
    }
    ids
}

fn status(conclusion: &Conclusion, activity: &Activity) -> Option<Status> {
    let mut all = conclusion.activities.iter();
    all.find(|it| it.id == activity.id).map(|it| it.status)
}

/// Whether servers saw the same address in both runs.
fn same_address(config: &Config, before: &State, after: &State) -> bool {
    let scenes = [before, after].map(|state| Scene::new(config, &state.observations));
    let [old, new] = scenes.each_ref().map(Egress::of);
    let both = |one: Option<_>, other: Option<_>| same(one?, other?);
    both(old.https, new.https)
        .or(both(old.media, new.media))
        .unwrap_or(false)
}

fn ladder(state: &State) -> Option<&LadderSeen> {
    state.observations.iter().rev().find_map(|it| match &it.seen {
        Seen::Ladder(ladder) => Some(ladder),
        _ => None,
    })
}
