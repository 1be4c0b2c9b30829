//! Every finding with what speaks for it and against it, those silenced by another one included.

use super::element::{El, el, group};
use super::mark::{Tone, mark};
use super::{all_said, verdict};
use crate::diagnosis::{Confidence, Finding, Severity};
use crate::words::{Arg, Sentence, Words};

/// The findings.
pub(super) fn evidence(words: &Words, findings: &[Finding], revealed: bool) -> El {
    let nothing = findings
        .is_empty()
        .then(|| el("p").word(words, "ui.evidence.nothing"));
    group()
        .with(nothing)
        .with_all(findings.iter().map(|finding| show(words, finding, revealed)))
}

fn show(words: &Words, finding: &Finding, revealed: bool) -> El {
    let silenced = finding.silenced_by;
    let tone = match silenced {
        Some(_) => Tone::Pending,
        None => finding.severity.into(),
    };
    let severity = match finding.severity {
        Severity::Blocker => "ui.severity.blocker",
        Severity::Degraded => "ui.severity.degraded",
        Severity::Advice => "ui.severity.advice",
        Severity::Info => "ui.severity.info",
    };
    let confidence = match finding.confidence {
        Confidence::Certain => "ui.confidence.certain",
        Confidence::Likely => "ui.confidence.likely",
        Confidence::Possible => "ui.confidence.possible",
    };
    let subject = (!finding.subject.is_empty()).then(|| el("code").with(&finding.subject));
    let cause = silenced.map(|cause| {
        let cause = Arg::Word(format!("cause.{cause}.title"));
        el("p").fill(words, "ui.evidence.silenced", &[("cause", cause)])
    });
    el("article")
        .set("data-finding", finding.id)
        .class("finding")
        .class_if(silenced.is_some(), "silenced")
        .with(
            el("h4")
                .with(mark(tone))
                .with(el("span").with(verdict::title(words, finding))),
        )
        .with(
            el("p class='facts'")
                .with(el("code").with(finding.id))
                .with(el("span").word(words, severity))
                .with(el("span").word(words, confidence))
                .with(subject),
        )
        .with(cause)
        .with(list(words, "ui.evidence.for", &finding.evidence, revealed))
        .with(list(words, "ui.evidence.against", &finding.against, revealed))
}

fn list(words: &Words, heading: &str, sentences: &[Sentence], revealed: bool) -> El {
    if sentences.is_empty() {
        return group();
    }
    group()
        .with(el("p class='heading'").word(words, heading))
        .with(all_said(el("ul"), words, sentences, revealed))
}
