//! Every finding with what speaks for it and against it, those silenced by another one included.

use yew::prelude::*;

use super::mark::{Tone, mark};
use super::{said, verdict};
use crate::diagnosis::{Confidence, Finding, Severity};
use crate::words::{Arg, Sentence, Words};

/// The findings.
pub(super) fn evidence(words: &Words, findings: &[Finding], revealed: bool) -> Html {
    html! {
        <>
            if findings.is_empty() {
                <p>{ words.get("ui.evidence.nothing") }</p>
            }
            for finding in findings {
                { show(words, finding, revealed) }
            }
        </>
    }
}

fn show(words: &Words, finding: &Finding, revealed: bool) -> Html {
    let tone = if finding.silenced_by.is_some() {
        Tone::Pending
    } else {
        finding.severity.into()
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
    html! {
        <article class={if finding.silenced_by.is_some() { "finding silenced" } else { "finding" }} data-finding={finding.id}>
            <h4>{ mark(tone) }<span>{ verdict::title(words, finding) }</span></h4>
            <p class="facts">
                <code>{ finding.id }</code>
                <span>{ words.get(severity) }</span>
                <span>{ words.get(confidence) }</span>
                if !finding.subject.is_empty() {
                    <code>{ &finding.subject }</code>
                }
            </p>
            if let Some(cause) = finding.silenced_by {
                <p>{ words.fill("ui.evidence.silenced", &[("cause", Arg::Word(format!("cause.{cause}.title")))]) }</p>
            }
            { list(words, "ui.evidence.for", &finding.evidence, revealed) }
            { list(words, "ui.evidence.against", &finding.against, revealed) }
        </article>
    }
}

fn list(words: &Words, heading: &str, sentences: &[Sentence], revealed: bool) -> Html {
    html! {
        if !sentences.is_empty() {
            <p class="heading">{ words.get(heading) }</p>
            <ul>
                for sentence in sentences {
                    <li>{ said(words, sentence, revealed) }</li>
                }
            </ul>
        }
    }
}
