//! Where the check ran, and what a page in a browser cannot measure.

use super::element::{El, el, group};
use crate::config::Config;
use crate::few::Put as _;
use crate::observation::{CallSeen, CanarySeen, HttpsSeen, LadderSeen, Observation, PageSeen, Seen, Spread};
use crate::units::{Address, Millis, Share, fixed};
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
pub(super) fn environment(
    words: &Words,
    config: &Config,
    observations: &[Observation],
    revealed: bool,
) -> El {
    let cannot = NOT_MEASURABLE.map(|key| el("li").word(words, key));
    group()
        .with(listed(words, &facts(words, config, observations, revealed)))
        .with(el("h4").word(words, "ui.cannot"))
        .with(el("ul").with_all(cannot))
}

/// A fact's name, a key into the words, and its value.
pub(super) type Fact = (&'static str, String);

/// Facts with their names.
pub(super) fn listed(words: &Words, facts: &[Fact]) -> El {
    el("dl").with_all(facts.iter().map(|(key, value)| {
        el("div")
            .with(el("dt").word(words, key))
            .with(el("dd").with(value))
    }))
}

/// Facts on the browser, the line's address and the call.
pub(super) fn facts(
    words: &Words,
    config: &Config,
    observations: &[Observation],
    revealed: bool,
) -> Vec<Fact> {
    let names = crate::privacy::Known::of(config);
    let mut facts = Vec::new();
    for observation in observations {
        let shown = match revealed {
            true => observation.reveal(),
            false => names.shortened(observation),
        };
        let found = match &shown.seen {
            Seen::Page(page) => of_page(page),
            Seen::Https(HttpsSeen {
                canary: Some(canary), ..
            }) => of_canary(words, canary),
            Seen::Call(call) => of_call(words, call),
            Seen::Ladder(ladder) => of_quality(words, ladder),
            Seen::Turn(turn) => {
                let mapped = turn.relay.as_ref().and_then(|relay| relay.mapped.as_ref());
                vec![("ui.fact.media-address", mapped.map(Address::to_string))]
            }
            _ => continue,
        };
        for (key, value) in found {
            facts.put(value.map(|value| (key, value)));
        }
    }
    facts.dedup();
    facts
}

/// What may be known: a fact's name, and its value if the browser told.
type Known = Vec<(&'static str, Option<String>)>;

fn of_page(page: &PageSeen) -> Known {
    vec![
        ("ui.fact.browser", Some(page.browser.clone())),
        ("ui.fact.os", Some(page.os.clone())),
    ]
}

fn of_canary(words: &Words, canary: &CanarySeen) -> Known {
    let address = canary.address.as_ref().map(Address::to_string);
    let clock = canary.clock_ahead.map(|ahead| {
        let plus = if ahead.0 < 0.0 { "" } else { "+" };
        words.figure(format!("{plus}{} s", fixed(ahead.as_seconds(), 1)))
    });
    let tls = canary.tls.as_ref().and_then(|tls| tls.protocol.clone());
    vec![
        ("ui.fact.address", address),
        ("ui.fact.clock", clock),
        ("ui.fact.via", canary.via.clone()),
        ("ui.fact.tls", tls),
    ]
}

fn of_call(words: &Words, call: &CallSeen) -> Known {
    let relay = call.relay_protocol.as_ref().map(|it| it.to_ascii_uppercase());
    vec![
        ("ui.fact.relay", relay),
        ("ui.fact.codec", call.codec.clone()),
        ("ui.fact.dtls", call.dtls_state.clone()),
        ("ui.fact.srtp", call.srtp_cipher.clone()),
        ("ui.fact.setup", call.setup.map(|it| words.figure(it))),
    ]
}

fn of_quality(words: &Words, ladder: &LadderSeen) -> Known {
    let Some(quality) = ladder.quality else {
        return Vec::new();
    };
    let time = |time: f64| words.figure(Millis(time));
    let share = |share: f64| words.figure(Share(share));
    let score = |mos: Option<f64>| mos.map(|mos| words.figure(fixed(mos, 1)));
    let (trip, jitter, loss) = (quality.round_trip, quality.jitter, quality.loss);
    vec![
        (
            "ui.fact.round-trip",
            ranged(trip.map(|it| it.0), quality.spread.round_trip_ms, &time),
        ),
        (
            "ui.fact.jitter",
            ranged(jitter.map(|it| it.0), quality.spread.jitter_ms, &time),
        ),
        (
            "ui.fact.loss",
            ranged(loss.map(|it| it.0), quality.spread.loss, &share),
        ),
        ("ui.fact.burst", quality.burst.map(|it| words.figure(it))),
        ("ui.fact.mos", score(quality.mos)),
        ("ui.fact.mos-wide", score(quality.mos_wide)),
    ]
}

/// `24 ms (22 ms – 31 ms, n = 6)`, in every language.
fn ranged(value: Option<f64>, spread: Option<Spread>, unit: &dyn Fn(f64) -> String) -> Option<String> {
    let value = unit(value?);
    Some(match spread {
        Some(it) => [
            &value,
            " (",
            &unit(it.least),
            " – ",
            &unit(it.most),
            ", n = ",
            &fixed(it.samples, 0),
            ")",
        ]
        .concat(),
        None => value,
    })
}
