//! A result that was made elsewhere, to be read and no more. Its texts are foreign: they are shown as text, and no
//! address in them becomes a link.

use super::element::{El, el, fold, group, table};
use super::mark::{Tone, mark};
use crate::desk::Opened;
use crate::few::Gather as _;
use crate::received::{Received, ReceivedFinding, ReceivedFix, ReceivedProbe, ReceivedStep};
use crate::travel::Unreadable;
use crate::units::{Kbps, Millis, Share, fixed};
use crate::words::{Arg, Words};

/// One result, or why there is none; what stands alone is what the page is about.
pub(super) fn opened(words: &Words, opened: &Opened, alone: bool) -> El {
    let name = (!opened.name.is_empty()).then(|| {
        let name = [("name", Arg::Text(opened.name.clone()))];
        el("p class='quietly'").fill(words, "ui.received.from", &name)
    });
    match &opened.report {
        Ok(report) => group().with(name).with(result(words, report)),
        Err(why) => unreadable(words, *why, alone).with(name),
    }
}

fn unreadable(words: &Words, why: Unreadable, alone: bool) -> El {
    let says = if alone { "h1" } else { "p" };
    el("section role='alert' class='card'")
        .set("data-unreadable", why.key())
        .with(el(says).word(words, why.key()))
}

/// A framed part of a result. Several results may stand on one page: no part has an id, or is a landmark.
fn part(words: &Words, heading: &str) -> El {
    el("section class='card'").with(el("h2").word(words, heading))
}

fn result(words: &Words, it: &Received) -> El {
    group()
        .with(answer(words, it))
        .with(run(words, it))
        .with((!it.fixes.is_empty()).then(|| fixes(words, &it.fixes)))
        .with(activities(words, it))
        .with(figures(words, it))
        .with(engineers(words, it))
}

fn answer(words: &Words, it: &Received) -> El {
    let tone = tone(&it.verdict);
    let cause = it.primary.as_deref().map(|cause| format!("cause.{cause}.says"));
    let subline = cause.filter(|key| words.has(key)).or_else(|| it.primary.clone());
    el("section")
        .set("data-verdict", &it.verdict)
        .class("verdict")
        .class(tone.class())
        .with(mark(tone))
        .with(
            el("div")
                .with(el("h1").word(words, &format!("verdict.{}", it.verdict)))
                .with(subline.map(|key| el("p class='subline'").word(words, &key))),
        )
}

/// Whose it is, from when and which version; that it is read only, and what is not in it.
fn run(words: &Words, it: &Received) -> El {
    let about = [
        ("config", Arg::Text(it.config.clone())),
        ("started", Arg::Text(it.when())),
        ("version", Arg::Text(it.app_version.clone())),
    ];
    let ticket = it.ticket.as_ref().map(|ticket| {
        el("p class='ticket'").fill(words, "ui.ticket", &[("ticket", Arg::Text(ticket.clone()))])
    });
    let left_out = (!it.left_out.is_empty()).then(|| {
        let parts: Vec<&str> = it.left_out.iter().map(|key| words.get(key)).few();
        let parts = [("parts", Arg::Text(parts.join(words.get("ui.comma"))))];
        el("p class='quietly'").fill(words, "ui.received.left-out", &parts)
    });
    el("div class='aside'")
        .with(el("p").fill(words, "ui.received.run", &about))
        .with(ticket)
        .with(it.kept.then(|| el("p").word(words, "ui.handed.kept")))
        .with(el("p").word(words, "ui.received.read-only"))
        .with(left_out)
}

fn fixes(words: &Words, all: &[ReceivedFix]) -> El {
    let show = |fix: &ReceivedFix| {
        let steps = (!fix.steps.is_empty())
            .then(|| el("ol class='steps'").with_all(fix.steps.iter().map(|step| el("li").with(step))));
        let request = (!fix.copy.is_empty())
            .then(|| fold(words.get("ui.received.request")).with(el("pre").with(&fix.copy)));
        el("article")
            .with(el("p class='owner'").word(words, &format!("owner.{}", fix.owner)))
            .with(el("p class='title'").with(&fix.title))
            .with(steps)
            .with(request)
    };
    part(words, "ui.received.fixes")
        .class("foreign")
        .with_all(all.iter().map(show))
}

fn activities(words: &Words, it: &Received) -> El {
    let rows = it.activities.iter().map(|(id, status)| {
        let tone = tone(status);
        el("li")
            .class(tone.class())
            .with(mark(tone))
            .with(el("span class='name'").word(words, &format!("activity.{id}")))
            .with(el("span class='word'").word(words, &format!("ui.status.{status}")))
    });
    part(words, "ui.activities").with(el("ul class='activities'").with_all(rows))
}

fn figures(words: &Words, it: &Received) -> El {
    let figures = &it.figures;
    let rate = |kbps: Option<f64>| kbps.map(|it| words.figure(Kbps(it)));
    let time = |ms: Option<f64>| ms.map(|it| words.figure(Millis(it)));
    let all = [
        ("ui.desk.clean", rate(figures.highest_clean_kbps)),
        ("ui.desk.capacity", rate(figures.capacity_kbps)),
        ("ui.fact.round-trip", time(figures.round_trip_ms)),
        ("ui.fact.jitter", time(figures.jitter_ms)),
        ("ui.fact.loss", figures.loss.map(|it| words.figure(Share(it)))),
        ("ui.fact.mos", figures.mos.map(|it| words.figure(fixed(it, 1)))),
        ("ui.desk.up", rate(figures.up_kbps)),
        ("ui.desk.down", rate(figures.down_kbps)),
        ("ui.fact.browser", it.browser.clone()),
        ("ui.fact.os", it.os.clone()),
    ];
    let known = all.into_iter().filter_map(|(key, value)| Some((key, value?)));
    let facts = known.map(|(key, value)| {
        el("div")
            .with(el("dt").word(words, key))
            .with(el("dd").with(value))
    });
    part(words, "ui.environment").with(el("dl").with_all(facts))
}

fn engineers(words: &Words, it: &Received) -> El {
    let ladder = (!it.ladder.is_empty()).then(|| {
        let rows = group().with_all(it.ladder.iter().map(|step| rung(words, step)));
        table(words, "ui.ladder.caption", &LADDER, 0..2, rows)
    });
    let probes = (!it.probes.is_empty()).then(|| {
        let rows = group().with_all(it.probes.iter().map(|probe| row(words, probe)));
        table(words, "ui.received.probes", &PROBES, 3..4, rows)
    });
    el("details class='card engineers'")
        .with(el("summary").word(words, "ui.details"))
        .with_all(it.findings.iter().map(|finding| evidence(words, finding)))
        .with(ladder)
        .with(probes)
}

const LADDER: [&str; 3] = ["ui.ladder.asked", "ui.ladder.received", "ui.ladder.result"];
const PROBES: [&str; 4] = [
    "ui.waterfall.probe",
    "ui.waterfall.target",
    "ui.waterfall.saw",
    "ui.waterfall.took",
];

fn evidence(words: &Words, finding: &ReceivedFinding) -> El {
    let title = format!("cause.{}.title", finding.id);
    let title = if words.has(&title) {
        words.get(&title)
    } else {
        &finding.id
    };
    let list = |key: &str, sentences: &[String]| {
        (!sentences.is_empty()).then(|| {
            group()
                .with(el("h4").word(words, key))
                .with(el("ul").with_all(sentences.iter().map(|it| el("li").with(it))))
        })
    };
    el("section")
        .with(el("h3").with(title))
        .with(el("p class='quietly'").with(&finding.subject))
        .with(list("ui.evidence.for", &finding.evidence))
        .with(list("ui.evidence.against", &finding.against))
}

fn rung(words: &Words, step: &ReceivedStep) -> El {
    let (tone, result) = match step.clean {
        true => (Tone::Good, "ui.ladder.result.clean"),
        false => (Tone::Bad, "ui.ladder.result.unclean"),
    };
    let received = step
        .received_kbps
        .map_or_else(|| "–".to_owned(), |it| words.figure(Kbps(it)));
    el("tr")
        .with(el("th scope='row' class='number'").with(words.figure(Kbps(step.target_kbps))))
        .with(el("td class='number'").with(received))
        .with(
            el("td")
                .class(tone.class())
                .with(format!("{} {}", tone.sign(), words.get(result))),
        )
}

fn row(words: &Words, probe: &ReceivedProbe) -> El {
    let time = probe
        .duration_ms
        .map_or_else(|| "–".to_owned(), |it| words.figure(Millis(it)));
    el("tr")
        .with(el("th scope='row'").with(&probe.id))
        .with(el("td").with(&probe.target))
        .with(el("td").with(&probe.outcome))
        .with(el("td class='number'").with(time))
}

/// Of a verdict or an activity's status.
pub(super) fn tone(word: &str) -> Tone {
    match word {
        "ready" | "works" => Tone::Good,
        "degraded" => Tone::Warn,
        "blocked" => Tone::Bad,
        _ => Tone::Unknown,
    }
}
