//! The corpus: stories in `tests/cases/` and reports recorded in the laboratory, judged again.

#![cfg(not(target_arch = "wasm32"))]

#[path = "diagnosis/guided.rs"]
mod guided;
#[path = "diagnosis/line.rs"]
mod line;
#[path = "diagnosis/recorded.rs"]
mod recorded;
#[path = "diagnosis/story.rs"]
mod story;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::sync::LazyLock;

use clearline::activity::Activity;
use clearline::checkup::{Conclusion, conclude};
use clearline::diagnosis::{CAUSES, Severity, Verdict, diagnose};
use clearline::meanwhile::ALL;
use clearline::observation::{Observation, Seen};
use clearline::pac::KINDS;
use clearline::privacy::Known;
use clearline::words::{Sentence, Words, source};
use expect_test::expect;
use proptest::prelude::*;
use serde::Serialize;

use story::{Expect, Story};

fn judged(story: &Story) -> Conclusion {
    let config = story.config();
    conclude(&config, &story.observations(&config))
}

/// A plain enum's name as it is written in reports.
fn named(value: impl Serialize) -> String {
    serde_json::to_value(value)
        .expect("plain data")
        .as_str()
        .expect("a name")
        .to_owned()
}

fn status<'a>(activities: &'a [Activity], id: &str) -> Option<&'a Activity> {
    activities.iter().find(|activity| named(activity.id) == id)
}

/// Everything in which the conclusion is not what the story expects.
fn differences(seen: &Conclusion, expect: &Expect) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut compare = |what: String, is: Option<String>, wanted: Option<String>| {
        if is != wanted {
            wrong.push(format!("{what}: {is:?} instead of {wanted:?}"));
        }
    };
    compare(
        "verdict".into(),
        Some(named(seen.verdict)),
        Some(expect.verdict.clone()),
    );
    compare(
        "primary".into(),
        seen.primary.map(Into::into),
        expect.primary.clone(),
    );
    for (id, wanted) in &expect.activities {
        let is = status(&seen.activities, id).map(|activity| named(activity.status));
        compare(id.clone(), is, Some(wanted.clone()));
    }
    let ids = |ids: Vec<&str>| Some(ids.join(", "));
    let found = seen.findings.iter().map(|finding| finding.id).collect();
    let wanted = expect.finding.iter().map(|finding| finding.id.as_str()).collect();
    compare("findings".into(), ids(found), ids(wanted));
    for (is, wanted) in seen.findings.iter().zip(&expect.finding) {
        let about = |field: &str| format!("{field} of {}", is.id);
        compare(
            about("silencer"),
            is.silenced_by.map(Into::into),
            wanted.silenced_by.clone(),
        );
        if wanted.severity.is_some() {
            compare(
                about("severity"),
                Some(named(is.severity)),
                wanted.severity.clone(),
            );
        }
        if wanted.confidence.is_some() {
            compare(
                about("confidence"),
                Some(named(is.confidence)),
                wanted.confidence.clone(),
            );
        }
        if wanted.subject.is_some() {
            compare(about("subject"), Some(is.subject.clone()), wanted.subject.clone());
        }
    }
    let first = seen.fixes.iter().take(expect.fix.len());
    compare(
        "fixes".into(),
        ids(first.clone().map(|fix| fix.id).collect()),
        ids(expect.fix.iter().map(|fix| fix.id.as_str()).collect()),
    );
    for (is, wanted) in first.zip(&expect.fix) {
        if wanted.owner.is_some() {
            compare(
                format!("owner of {}", is.id),
                Some(named(is.owner)),
                wanted.owner.clone(),
            );
        }
    }
    wrong
}

#[test]
fn every_story_ends_as_it_should() {
    let mut report = String::new();
    for (name, story) in story::all() {
        for difference in differences(&judged(&story), &story.expect) {
            let _ = writeln!(report, "{name} ({}): {difference}", story.title);
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn every_cause_has_a_story_and_a_near_miss() {
    for cause in CAUSES {
        let fires = judged(&story::read(cause.id));
        assert!(
            fires.findings.iter().any(|it| it.id == cause.id && it.stands()),
            "{} does not fire",
            cause.id
        );
        let near = judged(&story::read(&format!("{}-near-miss", cause.id)));
        assert!(
            near.findings.iter().all(|finding| finding.id != cause.id),
            "{} fires on its near-miss",
            cause.id
        );
    }
}

/// Names of hosts and devices may be shortened before a report leaves: what it says stays the same.
#[test]
fn what_is_shortened_changes_no_conclusion() {
    for (name, story) in story::all() {
        let config = story.config();
        let names = Known::of(&config);
        let seen = story.observations(&config);
        let short: Vec<_> = seen.iter().map(|it| names.shortened(it)).collect();
        let [full, short] = [seen, short].map(|seen| conclude(&config, &seen));
        let about = |it: &Conclusion| {
            let found: Vec<_> = (it.findings.iter())
                .map(|it| {
                    (
                        it.id,
                        it.severity,
                        it.confidence,
                        it.subject.clone(),
                        it.silenced_by,
                    )
                })
                .collect();
            let fixes: Vec<_> = it.fixes.iter().map(|fix| (fix.id, fix.owner)).collect();
            (it.verdict, it.primary, found, fixes)
        };
        assert_eq!(about(&short), about(&full), "{name}");
    }
}

#[test]
fn a_healthy_line_has_no_problem() {
    for (name, story) in story::all()
        .into_iter()
        .filter(|(name, _)| name.starts_with("healthy"))
    {
        let conclusion = judged(&story);
        assert_eq!(conclusion.verdict, Verdict::Ready, "{name}");
        assert!(
            conclusion
                .findings
                .iter()
                .all(|finding| finding.severity == Severity::Info),
            "{name}"
        );
    }
}

#[test]
fn only_a_ready_line_has_nothing_to_act_on() {
    for (name, story) in story::all() {
        let conclusion = judged(&story);
        assert_eq!(
            conclusion.primary.is_none(),
            conclusion.verdict == Verdict::Ready,
            "{name}"
        );
        if let Some(primary) = conclusion.primary {
            let first = conclusion
                .fixes
                .first()
                .unwrap_or_else(|| panic!("{name}: no first step"));
            assert!(
                first.resolves.contains(&primary),
                "{name}: the first step {} is not about {primary}",
                first.id
            );
        }
    }
}

/// The page's words and those of results.
fn english() -> Words {
    let path = story::folder().join("../../static/words/en.json");
    let [page, results, ..] =
        source::parts(&fs::read_to_string(path).expect("English words")).expect("its parts");
    let mut words = Words::default();
    for part in [page, results] {
        words.add(&source::written(&part)).expect("a flat object");
    }
    words
}

#[test]
fn every_sentence_has_words_and_every_word_is_said() {
    let words = english();
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut say = |sentence: &Sentence| {
        let said = words.say(sentence);
        assert!(words.has(&sentence.key), "no words for {}", sentence.key);
        let gap = !sentence.key.starts_with("fix.copy.lines-") && said.contains('{');
        assert!(!gap, "a gap is left open in {}: {said}", sentence.key);
        used.insert(sentence.key.clone());
    };
    for (_, story) in story::all() {
        let conclusion = judged(&story);
        for finding in &conclusion.findings {
            finding.evidence.iter().chain(&finding.against).for_each(&mut say);
            assert!(
                !finding.evidence.is_empty(),
                "{} says nothing for itself",
                finding.id
            );
        }
        for fix in &conclusion.fixes {
            [&fix.title]
                .into_iter()
                .chain(&fix.steps)
                .chain(&fix.copy)
                .for_each(&mut say);
        }
    }
    for cause in CAUSES {
        for part in ["title", "says"] {
            used.insert(format!("cause.{}.{part}", cause.id));
        }
    }
    used.extend(
        ALL.iter()
            .map(|(id, usable)| format!("meanwhile.{id}-{}", named(usable))),
    );
    used.extend(KINDS.iter().map(|kind| format!("evidence.pac-{kind}")));
    let fixed = ["owner", "activity", "verdict", "meanwhile"];
    let owners = [
        "agent", "helpdesk", "desktop", "network", "proxy", "vpn", "vdi", "vendor",
    ];
    used.extend(owners.map(|owner| format!("owner.{owner}")));
    let verdicts = [
        Verdict::Ready,
        Verdict::Degraded,
        Verdict::Blocked,
        Verdict::Inconclusive,
    ];
    used.extend(verdicts.map(|verdict| format!("verdict.{}", named(verdict))));
    let activities = [
        "sign-in",
        "agent-desktop",
        "voice",
        "screen-recording",
        "administration",
    ];
    used.extend(activities.map(|activity| format!("activity.{activity}")));
    let missing: Vec<_> = used.iter().filter(|key| !words.has(key)).collect();
    assert!(missing.is_empty(), "no words for {missing:?}");
    let ours = |key: &&str| {
        let prefix = key.split('.').next().unwrap_or_default();
        ["cause", "evidence", "fix"].contains(&prefix) || fixed.contains(&prefix)
    };
    let idle: Vec<_> = words
        .keys()
        .filter(ours)
        .filter(|key| !used.contains(*key))
        .collect();
    assert!(idle.is_empty(), "never said: {idle:?}");
}

/// The lines for machines are what a network engineer pastes: exact to the letter. The laboratory tries them out.
#[test]
fn lines_for_machines_are_complete() {
    let lines = |story: &str, id: &str| {
        let conclusion = judged(&story::read(story));
        let fix = conclusion.fixes.iter().find(|fix| fix.id == id);
        let fix = fix.unwrap_or_else(|| panic!("{story}: no {id}"));
        fix.snippets()
            .map(|(kind, lines)| format!("[{kind}]\n{lines}\n"))
            .collect::<String>()
    };
    expect![[r#"
        [nftables]
        insert rule inet filter forward ip daddr "turn.voice.example" tcp dport 443 accept
        insert rule inet filter forward ip saddr "turn.voice.example" tcp sport 443 ct state established accept
    "#]].assert_eq(&lines("turn-blocked", "let-turn-through"));
    expect![[r#"
        [squid]
        acl voice_turn dstdomain turn.voice.example
        acl voice_turn_port port 443
        http_access allow CONNECT voice_turn voice_turn_port
        # Only where squid opens TLS, before its other ssl_bump lines:
        # ssl_bump splice voice_turn
        [pac]
          if (host == "turn.voice.example") return "DIRECT";
    "#]]
    .assert_eq(&lines("turn-refused-by-proxy", "allow-turn-connect"));
    expect![[r#"
        [squid]
        acl contact_centre dstdomain .best.example
        acl contact_centre_port port 80 443
        http_access allow contact_centre contact_centre_port
        [nftables]
        insert rule inet filter forward tcp dport { 80, 443 } accept
        insert rule inet filter forward tcp sport { 80, 443 } ct state established accept
    "#]]
    .assert_eq(&lines("domain-blocked", "allow-domain"));
    expect![[r#"
        [squid]
        acl contact_centre dstdomain desk.best.example
        acl contact_centre_port port 80 443
        http_access allow contact_centre contact_centre_port
        [nftables]
        insert rule inet filter forward tcp dport { 80, 443 } accept
        insert rule inet filter forward tcp sport { 80, 443 } ct state established accept
    "#]]
    .assert_eq(&lines("host-unreachable", "open-https"));
}

/// Whether the plan alone, with what the agent told, cannot work: that is said before anything was seen.
fn cannot_work(story: &Story) -> bool {
    let config = story.config();
    let mut told = story.observations(&config);
    told.retain(|it| matches!(it.seen, Seen::Answers(_)));
    [&told[..], &[]].iter().any(|told| {
        diagnose(&config, told)
            .iter()
            .any(|it| it.severity < Severity::Info)
    })
}

#[test]
fn plans_that_cannot_work_are_named_before_the_run() {
    let mut named: Vec<String> = story::all()
        .into_iter()
        .filter(|(_, story)| cannot_work(story))
        .map(|(name, _)| name)
        .collect();
    named.retain(|name| !name.ends_with("near-miss"));
    for id in [
        "phone-needs-internet",
        "phone-needs-private-network",
        "application-needs-internet",
        "recording-with-split-tunnel",
        "vdi-unsupported",
    ] {
        assert!(named.iter().any(|name| name == id), "{id}: {named:?}");
        named.retain(|name| !name.starts_with(id));
    }
    assert_eq!(named, Vec::<String>::new(), "nothing else follows from a plan");
}

#[test]
fn nothing_seen_is_nothing_concluded() {
    for (name, story) in story::all().into_iter().filter(|(_, story)| !cannot_work(story)) {
        let conclusion = conclude(&story.config(), &[]);
        assert_eq!(conclusion.verdict, Verdict::Inconclusive, "{name}");
        assert!(
            conclusion.findings.iter().all(|it| it.severity == Severity::Info),
            "{name}"
        );
    }
}

#[test]
fn a_run_that_was_cut_off_blames_nobody() {
    for (name, story) in story::all().into_iter().filter(|(_, story)| !cannot_work(story)) {
        let config = story.config();
        let mut observations = story.observations(&config);
        observations.iter_mut().for_each(|it| it.seen = Seen::Unfinished);
        assert!(
            conclude(&config, &observations)
                .findings
                .iter()
                .all(|it| it.severity == Severity::Info),
            "{name}"
        );
    }
}

#[test]
fn recordings_from_the_laboratory_are_judged_as_they_were_built() {
    let mut report = String::new();
    for (name, recording) in recorded::all() {
        let conclusion = conclude(&recording.config, &recording.observations);
        for difference in recording.expect.differences(&conclusion) {
            let _ = writeln!(report, "{name} ({}): {difference}", recording.title);
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

/// All stories, read once.
static STORIES: LazyLock<Vec<(String, Story)>> = LazyLock::new(story::all);

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is missing from whatever was seen: no panic, and never a line more healthy than it was. What the agent
    /// adds of his own accord stays: a headset that nobody tried blocks nobody.
    #[test]
    fn less_seen_is_never_better(which in any::<prop::sample::Index>(), keep in prop::collection::vec(any::<bool>(), 24)) {
        let (name, story) = which.get(&STORIES);
        let config = story.config();
        let whole = story.observations(&config);
        let kept = whole.iter().zip(keep.iter().cycle())
            .filter(|(observation, keep)| **keep || matches!(observation.seen, Seen::Headset(_) | Seen::Answers(_) | Seen::Pac(_)));
        let part: Vec<Observation> = kept.map(|(observation, _)| observation.clone()).collect();
        let (all, some) = (conclude(&config, &whole), conclude(&config, &part));
        prop_assert_eq!(some.primary.is_none(), some.verdict == Verdict::Ready);
        if all.verdict == Verdict::Blocked || all.verdict == Verdict::Inconclusive {
            prop_assert_ne!(some.verdict, Verdict::Ready, "{}", name);
        }
        if all.verdict == Verdict::Ready && !cannot_work(story) {
            prop_assert_ne!(some.verdict, Verdict::Blocked, "{}", name);
        }
    }

    /// Tries that are missing change the certainty of a number, not the conclusion's shape.
    #[test]
    fn fewer_tries_do_no_harm(keep in 0usize..3) {
        for (_, story) in STORIES.iter() {
            let config = story.config();
            let mut observations = story.observations(&config);
            for observation in &mut observations {
                if let Seen::Https(https) = &mut observation.seen {
                    https.tries.truncate(keep);
                }
            }
            let _ = conclude(&config, &observations);
        }
    }
}
