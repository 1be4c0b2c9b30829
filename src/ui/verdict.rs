//! The answer as sentences: what it is, and one line of why.

use crate::activity::Status;
use crate::checkup::{Conclusion, Phase, State};
use crate::config::ActivityId;
use crate::diagnosis::{Finding, Verdict};
use crate::few::Gather as _;
use crate::ui::activities::activity_name;
use crate::words::{Arg, Words};

/// The verdict as one complete sentence.
pub(super) fn sentence(words: &Words, state: &State) -> String {
    let Some(conclusion) = &state.conclusion else {
        return words.get("ui.verdict.stopped").to_owned();
    };
    if state.phase == Phase::Stopped && conclusion.verdict == Verdict::Inconclusive {
        return words.get("ui.verdict.stopped").to_owned();
    }
    match conclusion.verdict {
        Verdict::Ready => words.get("verdict.ready"),
        Verdict::Degraded if voice_works(conclusion) => words.get("ui.verdict.degraded-beside-voice"),
        Verdict::Degraded => words.get("verdict.degraded"),
        Verdict::Blocked => words.get("verdict.blocked"),
        Verdict::Inconclusive => words.get("verdict.inconclusive"),
    }
    .to_owned()
}

/// Then it is not the callers who notice.
fn voice_works(conclusion: &Conclusion) -> bool {
    let mut activities = conclusion.activities.iter();
    activities.any(|activity| activity.id == ActivityId::Voice && activity.status == Status::Works)
}

/// One line of why.
pub(super) fn subline(words: &Words, state: &State) -> String {
    let Some(conclusion) = &state.conclusion else {
        return words.fill("ui.subline.stopped", &[("elapsed", Arg::Time(state.elapsed))]);
    };
    let primary = conclusion
        .findings
        .iter()
        .find(|finding| Some(finding.id) == conclusion.primary);
    match primary {
        Some(finding) => match format!("cause.{}.says", finding.id) {
            key if words.has(&key) => words.get(&key).to_owned(),
            _ => title(words, finding),
        },
        None if state.phase == Phase::Stopped => {
            words.fill("ui.subline.stopped", &[("elapsed", Arg::Time(state.elapsed))])
        }
        None => checked(words, state, conclusion),
    }
}

/// What a finding says, in words for everyone.
pub(super) fn title(words: &Words, finding: &Finding) -> String {
    words.get(&format!("cause.{}.title", finding.id)).to_owned()
}

/// "Checked 12 things in 5 seconds: …"
fn checked(words: &Words, state: &State, conclusion: &Conclusion) -> String {
    let working = conclusion
        .activities
        .iter()
        .filter(|activity| activity.status == Status::Works);
    let names: Vec<_> = working.map(|activity| activity_name(words, activity.id)).few();
    let seconds = state.elapsed.as_seconds().round().max(1.0);
    let time = if seconds > 1.0 {
        "ui.seconds"
    } else {
        "ui.seconds-one"
    };
    let time = words.fill(time, &[("seconds", Arg::Number(seconds))]);
    let args = [
        ("count", Arg::Number(state.observations.len() as f64)),
        ("time", Arg::Text(time)),
        ("activities", Arg::Text(enumerate(words, &names))),
    ];
    let key = match names.len() {
        0 => "ui.subline.checked",
        1 => "ui.subline.works-one",
        _ => "ui.subline.works",
    };
    words.fill(key, &args)
}

fn enumerate(words: &Words, names: &[String]) -> String {
    // Only English writes them small within a sentence, and none of its names is a proper noun.
    let small = |name: &String| match words.language() {
        "en" => name.to_ascii_lowercase(),
        _ => name.clone(),
    };
    let names: Vec<_> = names.iter().map(small).few();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => {
            let args = [
                ("first", Arg::Text(rest.join(words.get("ui.comma")))),
                ("last", Arg::Text(last.clone())),
            ];
            words.fill("ui.and", &args)
        }
        _ => names.concat(),
    }
}
