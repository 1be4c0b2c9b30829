//! What only the agent knows, asked where it decides something, and never before the first result.

use super::element::{El, card, el};
use super::{Action, PageProps};
use crate::config::Config;
use crate::observation::AnswersSeen;
use crate::questions::matter;
use crate::words::Words;

/// The card with the questions that matter; nothing when none does.
pub(super) fn questions(props: &PageProps, config: &Config) -> Option<El> {
    let answers = props.state.answers();
    let conclusion = props.state.conclusion.as_ref()?;
    let matters = matter(config, &conclusion.findings, &answers);
    let mut asked = card("questions", props.words.get("ui.questions")).class("questions");
    if !matters.vpn && !matters.split_tunnel {
        return None;
    }
    if matters.vpn {
        let with = |vpn| AnswersSeen {
            vpn,
            ..answers.clone()
        };
        asked = asked.with(choice(props, "vpn", "ui.questions.vpn", answers.vpn, with));
    }
    if matters.split_tunnel {
        let with = |split_tunnel| AnswersSeen {
            split_tunnel,
            ..answers.clone()
        };
        let key = "ui.questions.split-tunnel";
        asked = asked.with(choice(props, "split-tunnel", key, answers.split_tunnel, with));
    }
    Some(asked)
}

/// One question with yes, no and "I don't know".
fn choice(
    props: &PageProps,
    name: &'static str,
    question: &str,
    chosen: Option<bool>,
    with: impl Fn(Option<bool>) -> AnswersSeen,
) -> El {
    let words: &Words = &props.words;
    let mut choices = el("fieldset class='choices'").with(el("legend").word(words, question));
    for (answer, key) in [
        (Some(true), "ui.questions.yes"),
        (Some(false), "ui.questions.no"),
        (None, "ui.questions.unknown"),
    ] {
        let input = el("input type='radio'")
            .set("name", name)
            .checked(answer == chosen)
            .on_change(&props.actions, Action::Answer(with(answer)));
        choices = choices.with(el("label").with(input).with(el("span").word(words, key)));
    }
    choices
}
