//! Every finding with what speaks for it and against it, those silenced by another one included.

use std::rc::Rc;

use yew::prelude::*;

use super::mark::{Mark, Tone};
use super::{said, verdict};
use crate::diagnosis::{Confidence, Finding, Severity};
use crate::words::{Arg, Sentence, Words};

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) words: Rc<Words>,
    pub(super) findings: Vec<Finding>,
    pub(super) revealed: bool,
}

/// The findings.
#[component]
pub(super) fn Evidence(props: &Props) -> Html {
    let words = &props.words;
    html! {
        <>
            if props.findings.is_empty() {
                <p>{ words.get("ui.evidence.nothing") }</p>
            }
            for finding in &props.findings {
                { show(words, finding, props.revealed) }
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
        <article class={classes!("finding", finding.silenced_by.map(|_| "silenced"))} data-finding={finding.id}>
            <h4><Mark {tone} /><span>{ verdict::title(words, finding) }</span></h4>
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
