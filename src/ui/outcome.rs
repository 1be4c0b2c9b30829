//! What one probe saw, in a few words.

use super::mark::Tone;
use crate::diagnosis::thresholds::{CRACKLES, SILENCE};
use crate::few::{Few as _, Gather as _};
use crate::observation::{
    Answer, BandwidthSeen, CallSeen, Constructor, CredentialsSeen, HttpsSeen, LadderSeen, MicrophoneSeen,
    NameVerdict, PageSeen, Seen, TurnSeen, TurnVerdict,
};
use crate::units::Kbps;
use crate::words::{Arg, Sentence, say};

/// How a probe went, and the words for it.
pub(super) fn outcome(seen: &Seen) -> (Tone, Sentence) {
    match seen {
        Seen::Page(page) => of_page(page),
        Seen::Https(https) => of_https(https),
        Seen::Name(name) => match name.verdict() {
            NameVerdict::Resolves => (Tone::Good, say("ui.outcome.name-found", [])),
            NameVerdict::NotFound => (Tone::Bad, say("ui.outcome.name-missing", [])),
            NameVerdict::Unclear => (Tone::Unknown, say("ui.outcome.unclear", [])),
        },
        Seen::Credentials(credentials) => of_credentials(credentials),
        Seen::Turn(turn) => of_turn(turn),
        Seen::Call(call) => of_call(call),
        Seen::Ladder(ladder) => of_ladder(ladder),
        Seen::Answers(_) => (Tone::Good, say("ui.outcome.told", [])),
        Seen::Headset(headset) => of_microphone(headset.microphone),
        Seen::Bandwidth(seen) => of_bandwidth(seen),
        Seen::Attention(_) => (Tone::Unknown, say("ui.outcome.kept-waiting", [])),
        Seen::Pac(_) => (Tone::Unknown, say("ui.outcome.pac", [])),
        Seen::Unfinished => (Tone::Unknown, say("ui.outcome.unfinished", [])),
    }
}

fn of_microphone(seen: MicrophoneSeen) -> (Tone, Sentence) {
    let share = |share| [("share", Arg::Share(share))];
    match seen {
        MicrophoneSeen::Heard(level) if level.peak < SILENCE => (Tone::Bad, say("ui.outcome.mute", [])),
        MicrophoneSeen::Heard(level) if level.clipped > CRACKLES => {
            (Tone::Warn, say("ui.outcome.clipped", share(level.clipped)))
        }
        MicrophoneSeen::Heard(level) => (Tone::Good, say("ui.outcome.heard", share(level.peak))),
        MicrophoneSeen::Dismissed => (Tone::Unknown, say("ui.outcome.unclear", [])),
        _ => (Tone::Bad, say("ui.outcome.not-heard", [])),
    }
}

fn of_page(page: &PageSeen) -> (Tone, Sentence) {
    if !page.online {
        (Tone::Bad, say("ui.outcome.page-offline", []))
    } else if !page.secure {
        (Tone::Bad, say("ui.outcome.page-insecure", []))
    } else if page.webrtc != Constructor::Works || page.opus == Some(false) {
        (Tone::Bad, say("ui.outcome.page-no-calls", []))
    } else {
        (Tone::Good, say("ui.outcome.page-fits", []))
    }
}

fn of_https(seen: &HttpsSeen) -> (Tone, Sentence) {
    let mut times: Vec<_> = seen
        .tries
        .iter()
        .filter(|t| t.answer == Answer::Answered)
        .map(|t| t.time)
        .few();
    times.sort_few_by(|a, b| a.0.total_cmp(&b.0));
    if let Some(median) = times.get(times.len() / 2) {
        if times.len() == seen.tries.len() {
            return (
                Tone::Good,
                say("ui.outcome.answered", [("time", Arg::Time(*median))]),
            );
        }
        let args = [("count", times.len()), ("of", seen.tries.len())];
        return (
            Tone::Warn,
            say(
                "ui.outcome.sometimes",
                args.map(|(name, n)| (name, Arg::Number(n as f64))),
            ),
        );
    }
    match seen.tries.last().map(|last| (&last.answer, last.time)) {
        Some((Answer::Wrong(_), _)) => (Tone::Bad, say("ui.outcome.wrong", [])),
        Some((Answer::Failed, time)) => (Tone::Bad, say("ui.outcome.failed", [("time", Arg::Time(time))])),
        Some((Answer::Silent, time)) => (Tone::Bad, say("ui.outcome.silent", [("time", Arg::Time(time))])),
        Some((Answer::OwnPolicy, _)) => (Tone::Unknown, say("ui.outcome.own-policy", [])),
        Some((Answer::Answered, _)) | None => (Tone::Unknown, say("ui.outcome.unfinished", [])),
    }
}

fn of_credentials(seen: &CredentialsSeen) -> (Tone, Sentence) {
    match seen {
        CredentialsSeen::Answered => (Tone::Good, say("ui.outcome.credentials", [])),
        CredentialsSeen::Status(status) => (
            Tone::Unknown,
            say("ui.outcome.status", [("status", Arg::Number(f64::from(*status)))]),
        ),
        CredentialsSeen::Malformed => (Tone::Unknown, say("ui.outcome.malformed", [])),
        CredentialsSeen::Failed => (Tone::Unknown, say("ui.outcome.unreachable", [])),
        CredentialsSeen::Silent => (Tone::Unknown, say("ui.outcome.no-answer", [])),
        CredentialsSeen::OwnPolicy => (Tone::Unknown, say("ui.outcome.own-policy", [])),
    }
}

fn of_turn(seen: &TurnSeen) -> (Tone, Sentence) {
    // The companion tells causes apart; that it gets no relay is no fault.
    let fault = if seen.companion { Tone::Unknown } else { Tone::Bad };
    match seen.verdict() {
        TurnVerdict::Relay => {
            let at = seen.relay.as_ref().map_or(seen.waited, |relay| relay.at);
            (Tone::Good, say("ui.outcome.relay", [("time", Arg::Time(at))]))
        }
        TurnVerdict::Unauthorized if seen.expects_unauthorized => (Tone::Good, say("ui.outcome.reached", [])),
        TurnVerdict::Unauthorized => (fault, say("ui.outcome.unauthorized", [])),
        TurnVerdict::Quota(code) => (
            Tone::Warn,
            say("ui.outcome.quota", [("code", Arg::Number(code.into()))]),
        ),
        TurnVerdict::Rejected(code) => (
            fault,
            say("ui.outcome.rejected", [("code", Arg::Number(code.into()))]),
        ),
        TurnVerdict::NameNotFound(_) => (fault, say("ui.outcome.name-missing", [])),
        TurnVerdict::Failed(time) => (fault, say("ui.outcome.cut", [("time", Arg::Time(time))])),
        TurnVerdict::Silent(time) => (fault, say("ui.outcome.silent", [("time", Arg::Time(time))])),
    }
}

fn of_call(seen: &CallSeen) -> (Tone, Sentence) {
    if seen.own_failure.is_some() {
        (Tone::Unknown, say("ui.outcome.own-failure", []))
    } else if seen.received_here.unwrap_or(0) > 0 && seen.received_there.unwrap_or(0) > 0 {
        let setup = seen.setup.map(|setup| ("time", Arg::Time(setup)));
        match setup {
            Some(setup) => (Tone::Good, say("ui.outcome.call-in", [setup])),
            None => (Tone::Good, say("ui.outcome.call", [])),
        }
    } else if seen.relays < 2 {
        (Tone::Bad, say("ui.outcome.call-no-relay", []))
    } else if !seen.ice_connected {
        (Tone::Bad, say("ui.outcome.call-no-path", []))
    } else {
        (Tone::Bad, say("ui.outcome.call-no-voice", []))
    }
}

fn of_ladder(seen: &LadderSeen) -> (Tone, Sentence) {
    let stopped_by_line = seen.steps.iter().any(|step| !step.clean);
    match seen.highest_clean {
        Some(rate) if stopped_by_line => (Tone::Warn, say("ui.outcome.ladder", [("rate", Arg::Rate(rate))])),
        Some(rate) => (Tone::Good, say("ui.outcome.ladder", [("rate", Arg::Rate(rate))])),
        None if seen.steps.is_empty() => (Tone::Unknown, say("ui.outcome.unfinished", [])),
        None => (Tone::Bad, say("ui.outcome.ladder-none", [])),
    }
}

fn of_bandwidth(seen: &BandwidthSeen) -> (Tone, Sentence) {
    match (seen.up, seen.down) {
        (Some(up), Some(down)) => {
            let rates = [
                ("up", Arg::Rate(whole(up.rate))),
                ("down", Arg::Rate(whole(down.rate))),
            ];
            // Of a way that carries enough nobody looked for the most.
            let key = match (up.enough, down.enough) {
                (true, true) => "ui.outcome.bandwidth-both-enough",
                (true, false) => "ui.outcome.bandwidth-up-enough",
                (false, true) => "ui.outcome.bandwidth-down-enough",
                (false, false) => "ui.outcome.bandwidth",
            };
            (Tone::Good, say(key, rates))
        }
        _ => (Tone::Unknown, say("ui.outcome.unclear", [])),
    }
}

fn whole(rate: Kbps) -> Kbps {
    Kbps(rate.0.round())
}
