//! One word for how a probe ended, for people and for the report.

use crate::observation::{Answer, CredentialsSeen, MicrophoneSeen, NameVerdict, Seen, TurnVerdict};

/// One word for how a probe ended.
pub fn outcome(seen: &Seen) -> &'static str {
    match seen {
        Seen::Unfinished => "unfinished",
        Seen::Answers(_) => "told",
        Seen::Headset(seen) => match seen.microphone {
            MicrophoneSeen::Heard(_) => "heard",
            _ => "failed",
        },
        Seen::Page(_) | Seen::Attention(_) => "seen",
        Seen::Bandwidth(seen) if seen.up.is_none() && seen.down.is_none() => "failed",
        Seen::Bandwidth(_) => "measured",
        Seen::Pac(seen) if seen.failed.is_some() => "failed",
        Seen::Pac(_) => "answered",
        Seen::Https(seen) => {
            let answers = || seen.tries.iter().map(|one| &one.answer);
            if answers().any(|answer| *answer == Answer::Answered) {
                "answered"
            } else {
                match answers().next_back() {
                    Some(Answer::Wrong(_)) => "wrong",
                    Some(Answer::Silent) => "silent",
                    Some(Answer::OwnPolicy) => "own-policy",
                    Some(Answer::Failed | Answer::Answered) | None => "failed",
                }
            }
        }
        Seen::Name(seen) => match seen.verdict() {
            NameVerdict::Resolves => "resolves",
            NameVerdict::NotFound => "not-found",
            NameVerdict::Unclear => "unclear",
        },
        Seen::Credentials(seen) => match seen {
            CredentialsSeen::Answered => "answered",
            CredentialsSeen::Status(_) | CredentialsSeen::Malformed => "wrong",
            CredentialsSeen::Failed => "failed",
            CredentialsSeen::Silent => "silent",
            CredentialsSeen::OwnPolicy => "own-policy",
        },
        Seen::Turn(seen) => match seen.verdict() {
            TurnVerdict::Relay => "relay",
            TurnVerdict::Unauthorized => "unauthorized",
            TurnVerdict::Quota(_) => "quota",
            TurnVerdict::Rejected(_) => "rejected",
            TurnVerdict::NameNotFound(_) => "not-found",
            TurnVerdict::Failed(_) => "failed",
            TurnVerdict::Silent(_) => "silent",
        },
        Seen::Call(seen) if seen.own_failure.is_some() => "own-failure",
        Seen::Call(seen) if seen.carries_media() => "connected",
        Seen::Call(_) => "failed",
        Seen::Ladder(seen) if seen.highest_clean.is_some() => "clean",
        Seen::Ladder(_) => "unclean",
    }
}
