//! The headset: tried on its own, when the agent asks for it.

use super::element::{El, card, el};
use super::{Action, HeadsetStage, PageProps};
use crate::config::{Config, Phone};
use crate::diagnosis::thresholds::{CRACKLES, SILENCE};
use crate::observation::{HeadsetSeen, MicrophoneSeen, Seen};
use crate::units::fixed;
use crate::words::{Arg, Words};

/// The card; only where the phone uses this browser's microphone.
pub(super) fn headset(props: &PageProps, config: &Config) -> Option<El> {
    if config.phone != Phone::WebrtcEmbedded {
        return None;
    }
    let words = &props.words;
    let seen = props.state.observations.iter().find_map(|it| match it.seen {
        Seen::Headset(seen) => Some(seen),
        _ => None,
    });
    let card = card("headset", words.get("ui.headset"));
    Some(match (props.headset, seen) {
        (Some(stage), _) => card.with(running(words, stage)),
        (None, Some(seen)) => card
            .with(result(words, seen))
            .with(button(props, "ui.headset.again")),
        (None, None) => card
            .with(el("p").word(words, "ui.headset.lead"))
            .with(button(props, "ui.headset.start")),
    })
}

fn button(props: &PageProps, key: &str) -> El {
    el("p").with(
        el("button type='button' data-action='headset'")
            .on_click(&props.actions, Action::CheckHeadset)
            .word(&props.words, key),
    )
}

fn running(words: &Words, stage: HeadsetStage) -> El {
    let (key, level) = match stage {
        HeadsetStage::Asking => ("ui.headset.asking", None),
        HeadsetStage::Listening(level) => ("ui.headset.listening", Some(level)),
        HeadsetStage::Playing => ("ui.headset.playing", None),
    };
    let meter = level.map(|level| {
        el("meter min='0' max='1' high='0.95' optimum='0.5' class='level'")
            .set("value", fixed(level.0, 2))
            .set("aria-label", words.get("ui.headset.level"))
    });
    el("div").with(el("p role='status'").word(words, key)).with(meter)
}

fn result(words: &Words, seen: HeadsetSeen) -> El {
    let share = |share| [("share", Arg::Share(share))];
    let line = match seen.microphone {
        MicrophoneSeen::Heard(level) if level.peak < SILENCE => el("p").word(words, "ui.headset.silent"),
        MicrophoneSeen::Heard(level) if level.clipped > CRACKLES => {
            el("p").fill(words, "ui.headset.clipped", &share(level.clipped))
        }
        MicrophoneSeen::Heard(level) => el("p").fill(words, "ui.headset.heard", &share(level.peak)),
        MicrophoneSeen::Blocked | MicrophoneSeen::BlockedBySystem => {
            el("p").word(words, "ui.headset.blocked")
        }
        MicrophoneSeen::Dismissed => el("p").word(words, "ui.headset.dismissed"),
        MicrophoneSeen::Missing => el("p").word(words, "ui.headset.missing"),
        MicrophoneSeen::Busy => el("p").word(words, "ui.headset.busy"),
        MicrophoneSeen::Failed => el("p").word(words, "ui.headset.failed"),
    };
    let no_speaker = (seen.speakers == Some(0)).then(|| el("p").word(words, "ui.headset.no-speaker"));
    el("div").with(line).with(no_speaker)
}
