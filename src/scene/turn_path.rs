//! A TURN URL and its fate. What a `turn:` try and its `turns:` companion on the same host and port saw together tells
//! refused, dropped and inspected apart; this is that table, once, for all the causes that build on it.

use crate::config::{Config, TurnScheme, TurnServer, TurnTransport, TurnUrl};
use crate::diagnosis::Severity;
use crate::diagnosis::thresholds::SILENCE_AFTER;
use crate::observation::{Observation, Seen, TurnSeen, TurnVerdict};
use crate::scene::{Scene, carried, no_credentials};
use crate::units::Millis;

/// A configured TURN URL with what was seen of it.
pub struct TurnPath<'a> {
    /// Its server.
    pub server: &'a TurnServer,
    /// The URL.
    pub url: &'a TurnUrl,
    /// What follows `turn:` and `turns:` in its probes' ids.
    pub id: String,
    /// What was seen of it.
    pub seen: Option<&'a TurnSeen>,
    /// What a `turns:` try on the same host and port saw.
    pub companion: Option<&'a TurnSeen>,
    /// Relays that a call got over it later, where one was tried.
    pub call_relays: Option<u32>,
}

/// What is wrong with a TURN URL.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    /// Its name is not known.
    NameNotFound,
    /// Somebody said no at once.
    Refused(Millis),
    /// Nothing came back, and nothing tells dropping from swallowing.
    Dropped(Millis),
    /// The port opens, but STUN is not let through; `true` when TLS on the same port was answered.
    Inspected(Ended, bool),
    /// 401, or another STUN error that is not about room.
    Rejected(u16),
    /// 486 or 508.
    Quota(u16),
}

/// How a try ended that got nowhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ended {
    /// The browser gave up after this time.
    Failed(Millis),
    /// Nothing came for this long.
    Silent(Millis),
}

impl<'a> TurnPath<'a> {
    /// Every configured URL, in order.
    pub fn all(config: &'a Config, observations: &'a [Observation]) -> Vec<Self> {
        let mut paths = Vec::new();
        for server in &config.turn {
            for (index, url) in server.urls.iter().enumerate() {
                let id = if index == 0 {
                    server.id.clone()
                } else {
                    format!("{}-{}", server.id, index + 1)
                };
                let seen = find(observations, &format!("turn:{id}"), false, Some(&url.text));
                let companion = find(observations, &format!("turns:{id}"), true, None);
                let call_relays = observations.iter().rev().find_map(|it| match &it.seen {
                    Seen::Call(call) if it.id.strip_prefix("call:") == Some(&id) => Some(call.relays),
                    _ => None,
                });
                paths.push(Self {
                    server,
                    url,
                    id,
                    seen,
                    companion,
                    call_relays,
                });
            }
        }
        paths
    }

    /// The one verdict, if the probe ended. A gathering that ends early without a word (some browsers report no
    /// errors) has failed; a short silence says nothing.
    pub fn verdict(&self) -> Option<TurnVerdict> {
        match (settled(self.seen?), self.call_relays) {
            // It only took longer than we had waited, on a line that our own probes had filled.
            (Some(TurnVerdict::Silent(_) | TurnVerdict::Failed(_)), Some(1..)) => Some(TurnVerdict::Relay),
            (verdict, _) => verdict,
        }
    }

    /// The companion's verdict, if it ended.
    pub fn companion_verdict(&self) -> Option<TurnVerdict> {
        settled(self.companion?)
    }

    /// Whether STUN reached the server and came back.
    pub fn reached(&self) -> bool {
        self.verdict().is_some_and(answered)
    }

    /// Whether the companion reached somebody who speaks TURN.
    pub fn companion_reached(&self) -> bool {
        self.companion_verdict().is_some_and(answered)
    }

    /// Whether all went as the configuration expects.
    pub fn works(&self) -> bool {
        match self.verdict() {
            Some(TurnVerdict::Relay) => true,
            Some(verdict) => no_credentials(self.server) && answered(verdict),
            None => false,
        }
    }

    /// Whether `call:ID` went over this URL.
    pub fn names_call(&self, id: &str) -> bool {
        self.id == id
    }

    /// The transport's name for a firewall rule.
    pub fn protocol(&self) -> &'static str {
        match self.url.transport {
            TurnTransport::Tcp => "TCP",
            TurnTransport::Udp => "UDP",
        }
    }

    /// How bad its failure is. Another URL of the same server makes it a spare, and one that nobody missed when the other
    /// carried media; servers with and without credentials
    /// do not stand in for each other, since only the latter are the cloud's own. What was not seen to fail may work.
    pub fn stake(&self, scene: &Scene) -> Severity {
        let mut others = scene
            .turns
            .iter()
            .filter(|other| other.works() || other.verdict().is_none());
        let carried = |other: &TurnPath| {
            other.server.id == self.server.id
                && scene
                    .calls
                    .iter()
                    .any(|(id, call)| other.names_call(id) && carried(call))
        };
        if others.clone().any(carried) {
            Severity::Info
        } else if !scene.voice_wanted() || others.clone().any(|other| other.server.id == self.server.id) {
            Severity::Advice
        } else if others.any(|other| no_credentials(other.server) == no_credentials(self.server)) {
            Severity::Degraded
        } else {
            Severity::Blocker
        }
    }

    /// What is wrong, if anything is and we know.
    pub fn fault(&self, scene: &Scene) -> Option<Fault> {
        let verdict = self.verdict()?;
        if self.works() {
            return None;
        }
        let ended = match verdict {
            TurnVerdict::Relay => return None,
            TurnVerdict::Unauthorized => return Some(Fault::Rejected(401)),
            TurnVerdict::Rejected(code) => return Some(Fault::Rejected(code)),
            TurnVerdict::Quota(code) => return Some(Fault::Quota(code)),
            TurnVerdict::NameNotFound(at) => {
                return Some(if scene.resolver_matters() {
                    Fault::NameNotFound
                } else {
                    Fault::Refused(at)
                });
            }
            // Where our own probes had filled the line, a failure that is not at once may be a question that was lost.
            TurnVerdict::Failed(at) if at > scene.refusal_limit() && self.crowded_out(scene) => return None,
            TurnVerdict::Silent(_) if self.crowded_out(scene) => return None,
            TurnVerdict::Failed(at) => Ended::Failed(at),
            TurnVerdict::Silent(waited) => Ended::Silent(waited),
        };
        if scene.name_missing(&self.url.host) {
            return Some(Fault::NameNotFound);
        }
        Some(match self.url.scheme {
            TurnScheme::Turns => self.tls_fault(scene, ended),
            _ if self.url.transport == TurnTransport::Udp => plain_fault(scene, ended),
            _ => self.tcp_fault(scene, ended),
        })
    }

    /// Whether our own probes had filled the line, and nobody asked again, alone.
    fn crowded_out(&self, scene: &Scene) -> bool {
        self.call_relays.is_none() && scene.is_slow()
    }

    /// STUN over TCP: the companion splits the cases.
    fn tcp_fault(&self, scene: &Scene, ended: Ended) -> Fault {
        let quick = |at: Millis| at.0 <= scene.refusal_limit().0;
        let by_proxy = scene.proxy().is_some();
        match (ended, self.companion_verdict()) {
            (_, Some(companion)) if answered(companion) => Fault::Inspected(ended, true),
            // Refused ports fail alike; a `turns:` try at an open port takes its time. A proxy has its own pace.
            (Ended::Failed(at), Some(TurnVerdict::Failed(later)))
                if quick(at) && !quick(later) && !by_proxy =>
            {
                Fault::Inspected(ended, false)
            }
            (Ended::Failed(at), Some(TurnVerdict::Failed(_) | TurnVerdict::NameNotFound(_)) | None)
                if quick(at) || by_proxy =>
            {
                Fault::Refused(at)
            }
            // The `turn:` try was ended by someone, the `turns:` try was not: the port is open.
            (Ended::Failed(_), Some(TurnVerdict::Silent(_))) => Fault::Inspected(ended, false),
            // Refused would be refused in both, dropped would be silent in both: TLS was refused behind an open port.
            (Ended::Silent(_), Some(TurnVerdict::Failed(_))) => Fault::Inspected(ended, false),
            (Ended::Failed(at) | Ended::Silent(at), _) => Fault::Dropped(at),
        }
    }

    /// TURN over TLS: when plain STUN passes the same door, it is TLS that does not.
    fn tls_fault(&self, scene: &Scene, ended: Ended) -> Fault {
        let plain_passes = scene.turns.iter().any(|other| {
            other.reached()
                && other.url.scheme == TurnScheme::Turn
                && (&other.url.host, other.url.port) == (&self.url.host, self.url.port)
        });
        if plain_passes {
            Fault::Inspected(ended, false)
        } else {
            plain_fault(scene, ended)
        }
    }
}

fn plain_fault(scene: &Scene, ended: Ended) -> Fault {
    match ended {
        Ended::Failed(at) if at.0 <= scene.refusal_limit().0 || scene.proxy().is_some() => Fault::Refused(at),
        Ended::Failed(at) | Ended::Silent(at) => Fault::Dropped(at),
    }
}

fn settled(seen: &TurnSeen) -> Option<TurnVerdict> {
    match seen.verdict() {
        TurnVerdict::Silent(waited) if seen.complete && waited.0 < SILENCE_AFTER.0 => {
            Some(TurnVerdict::Failed(waited))
        }
        TurnVerdict::Silent(waited) if waited.0 < SILENCE_AFTER.0 => None,
        verdict => Some(verdict),
    }
}

fn answered(verdict: TurnVerdict) -> bool {
    use TurnVerdict::{Quota, Rejected, Relay, Unauthorized};
    matches!(verdict, Relay | Unauthorized | Quota(_) | Rejected(_))
}

fn find<'a>(
    observations: &'a [Observation],
    id: &str,
    companion: bool,
    target: Option<&str>,
) -> Option<&'a TurnSeen> {
    let mut hits = observations.iter().filter_map(|it| match &it.seen {
        Seen::Turn(seen) if it.id == id && seen.companion == companion => Some((it, seen)),
        _ => None,
    });
    let first = hits.next()?;
    let exact = |(it, _): &(&Observation, _)| target.is_none_or(|target| it.target == target);
    Some(if exact(&first) {
        first.1
    } else {
        hits.find(exact).unwrap_or(first).1
    })
}
