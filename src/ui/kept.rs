//! What comes from this computer's memory, and the last result.

use super::PageProps;
use super::element::{El, el, group};
use crate::kept::LAST;
use crate::words::Arg;

/// That the server did not answer, where it did not.
pub(super) fn kept(props: &PageProps) -> Option<El> {
    let kept = props.kept?;
    let says = el("aside class='card warning'").set("data-kept", kept.id());
    Some(says.with(el("p").word(&props.words, kept.key())))
}

/// When this browser's last check was, and what it said.
pub(super) fn last(props: &PageProps) -> Option<El> {
    let words = &props.words;
    let (when, verdict) = props.last.as_ref()?;
    let gaps = [
        ("when", Arg::Text(when.clone())),
        ("verdict", Arg::Word(format!("verdict.{}", verdict.id()))),
    ];
    let link = el("a id='last'").set("href", LAST).word(words, "ui.last.open");
    let said = group().with(words.fill("ui.last", &gaps)).with(" ").with(link);
    Some(el("p class='quietly'").with(said))
}
