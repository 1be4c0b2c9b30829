//! What stands on paper alone: which run it was, the figures, and what was found, for whoever has no page to open.

use super::element::{El, el, group};
use super::environment::{facts, listed};
use super::{PageProps, all_said, verdict};
use crate::config::Config;
use crate::few::Gather as _;

/// The end of a printed result.
pub(super) fn paper(props: &PageProps, config: &Config) -> El {
    let PageProps {
        words,
        state,
        revealed,
        ..
    } = props;
    let run = props.stamp.as_ref().map(|stamp| {
        let run = [
            &*config.name,
            &stamp.started,
            &stamp.id,
            env!("CARGO_PKG_VERSION"),
        ];
        el("p").with(run.join(" · "))
    });
    let all = state.conclusion.as_ref().map_or(&[][..], |it| &it.findings);
    let found = all.iter().filter(|it| it.stands()).few();
    let heading = (!found.is_empty()).then(|| el("h2").word(words, "ui.handed.found"));
    let found = found.into_iter().map(|finding| {
        el("article")
            .with(el("h3").with(verdict::title(words, finding)))
            .with(all_said(el("ul"), words, &finding.evidence, *revealed))
    });
    el("section class='paper'")
        .set("aria-label", words.get("ui.handed.figures"))
        .with(run)
        .with(listed(
            words,
            &facts(words, config, &state.observations, *revealed),
        ))
        .with(heading)
        .with(group().with_all(found))
}
