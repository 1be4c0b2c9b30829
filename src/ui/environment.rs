//! Where the check ran, and what a page in a browser cannot measure.

use super::element::{El, el, group};
use crate::observation::{CallSeen, CanarySeen, HttpsSeen, LadderSeen, Observation, PageSeen, Seen};
use crate::units::{Address, Millis, fixed};
use crate::words::Words;

const NOT_MEASURABLE: [&str; 6] = [
    "ui.cannot.certificate",
    "ui.cannot.proxy",
    "ui.cannot.route",
    "ui.cannot.vpn",
    "ui.cannot.ports",
    "ui.cannot.headset",
];

/// Facts on the browser, the line's address and the call.
pub(super) fn environment(words: &Words, observations: &[Observation], revealed: bool) -> El {
    let mut list = el("dl");
    for (key, value) in facts(observations, revealed) {
        list = list.with(
            el("div")
                .with(el("dt").word(words, key))
                .with(el("dd").with(value)),
        );
    }
    let cannot = NOT_MEASURABLE.map(|key| el("li").word(words, key));
    group()
        .with(list)
        .with(el("h4").word(words, "ui.cannot"))
        .with(el("ul").with_all(cannot))
}

fn facts(observations: &[Observation], revealed: bool) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    for observation in observations {
        match &observation.seen {
            Seen::Page(page) => of_page(page, &mut facts),
            Seen::Https(HttpsSeen {
                canary: Some(canary), ..
            }) => of_canary(revealed, canary, &mut facts),
            Seen::Call(call) => of_call(call, &mut facts),
            Seen::Ladder(ladder) => of_quality(ladder, &mut facts),
            Seen::Turn(turn) => {
                let mapped = turn.relay.as_ref().and_then(|relay| relay.mapped.as_ref());
                facts.extend(mapped.map(|mapped| ("ui.fact.media-address", shown(revealed, mapped))));
            }
            _ => {}
        }
    }
    facts.dedup();
    facts
}

fn of_page(page: &PageSeen, facts: &mut Vec<(&'static str, String)>) {
    facts.push(("ui.fact.browser", page.browser.clone()));
    facts.push(("ui.fact.os", page.os.clone()));
}

fn of_canary(revealed: bool, canary: &CanarySeen, facts: &mut Vec<(&'static str, String)>) {
    facts.extend(
        canary
            .address
            .as_ref()
            .map(|address| ("ui.fact.address", shown(revealed, address))),
    );
    facts.extend(canary.clock_ahead.map(|ahead| ("ui.fact.clock", ahead_by(ahead))));
    facts.extend(canary.via.clone().map(|via| ("ui.fact.via", via)));
    let tls = canary.tls.as_ref();
    facts.extend(
        tls.and_then(|tls| tls.protocol.clone())
            .map(|protocol| ("ui.fact.tls", protocol)),
    );
}

fn of_call(call: &CallSeen, facts: &mut Vec<(&'static str, String)>) {
    facts.extend(
        call.relay_protocol
            .clone()
            .map(|protocol| ("ui.fact.relay", protocol.to_ascii_uppercase())),
    );
    facts.extend(call.codec.clone().map(|codec| ("ui.fact.codec", codec)));
    facts.extend(call.dtls_state.clone().map(|state| ("ui.fact.dtls", state)));
    facts.extend(call.srtp_cipher.clone().map(|cipher| ("ui.fact.srtp", cipher)));
    facts.extend(call.setup.map(|setup| ("ui.fact.setup", setup.to_string())));
}

fn of_quality(ladder: &LadderSeen, facts: &mut Vec<(&'static str, String)>) {
    let Some(quality) = ladder.quality else {
        return;
    };
    facts.extend(
        quality
            .round_trip
            .map(|time| ("ui.fact.round-trip", time.to_string())),
    );
    facts.extend(quality.jitter.map(|time| ("ui.fact.jitter", time.to_string())));
    facts.extend(quality.loss.map(|share| ("ui.fact.loss", share.to_string())));
    facts.extend(quality.mos.map(|mos| ("ui.fact.mos", fixed(mos, 1))));
}

/// With its sign: the server's clock may be behind.
fn ahead_by(time: Millis) -> String {
    let sign = if time.0 < 0.0 { "" } else { "+" };
    format!("{sign}{} s", fixed(time.as_seconds(), 1))
}

fn shown(revealed: bool, address: &Address) -> String {
    if revealed {
        address.reveal().to_string()
    } else {
        address.to_string()
    }
}
