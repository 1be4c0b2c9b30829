//! The scene: an indexed view over the configuration and what was seen, so that a cause can be told in a few lines.
//! Nothing is judged here beyond "answered or not"; what is missing stays missing.

pub mod client_hello;
pub mod egress;
pub mod evidence;
pub mod turn_path;
pub mod web;

use crate::catalogue::{Way, phone};
use crate::config::{
    ActivityId, Application, Check, Config, Phone, Transport, TurnAccess, TurnServer, TurnTransport,
};
use crate::diagnosis::thresholds::{HTTPS_SLOW, REFUSED_WITHIN, THIRD_SYN, VOICE_LEAST};
use crate::diagnosis::workstation_overloaded::is_starved;
use crate::few::{Few as _, Gather as _, Put as _};
use crate::observation::{
    Answer, AnswersSeen, AttentionSeen, BandwidthSeen, CallSeen, CanarySeen, CredentialsSeen, Engine,
    HeadsetSeen, LadderSeen, NameVerdict, Observation, PacSeen, PageSeen, Seen, Step, Unclean,
};
use crate::probe::Role;
use crate::scene::turn_path::TurnPath;
use crate::scene::web::{Web, WebAnswer, covers};
use crate::units::Millis;

/// All that is known, indexed.
pub struct Scene<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// What the page saw of itself.
    pub page: Option<&'a PageSeen>,
    /// Every web server that was asked and whose answer, or lack of it, is known.
    pub webs: Vec<Web<'a>>,
    /// Every configured TURN URL, asked or not.
    pub turns: Vec<TurnPath<'a>>,
    /// What became of the calls, by server id.
    pub calls: Vec<(&'a str, &'a CallSeen)>,
    /// What the ladder measured.
    pub ladder: Option<&'a LadderSeen>,
    /// When the ladder began, from the start of the run.
    pub ladder_began: Millis,
    /// What the agent told; nothing when nobody was asked.
    pub answers: &'a AnswersSeen,
    /// How much HTTPS carries.
    pub bandwidth: Option<&'a BandwidthSeen>,
    /// The headset, when the agent had it tried.
    pub headset: Option<HeadsetSeen>,
    /// How the page was kept from measuring.
    pub attention: Option<&'a AttentionSeen>,
    /// What a PAC file answered, when someone gave one to the page.
    pub pac: Option<&'a PacSeen>,
    names: Vec<(&'a str, NameVerdict)>,
    credentials: Vec<(&'a str, &'a str, &'a CredentialsSeen)>,
}

const NOTHING_TOLD: AnswersSeen = AnswersSeen {
    vpn: None,
    split_tunnel: None,
    vdi: None,
    installed: None,
    other_browser: None,
};

/// Why we believe that a proxy stands between this browser and the Internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyHint {
    /// The canary saw the proxy's headers.
    Headers,
    /// Web servers answer whose names this computer cannot look up: someone else looks them up.
    Names,
}

impl<'a> Scene<'a> {
    /// Indexes what was seen.
    pub fn new(config: &'a Config, observations: &'a [Observation]) -> Self {
        let mut scene = Self {
            config,
            page: None,
            webs: Vec::new(),
            turns: TurnPath::all(config, observations),
            calls: Vec::new(),
            ladder: None,
            ladder_began: Millis::ZERO,
            answers: &NOTHING_TOLD,
            bandwidth: None,
            headset: None,
            attention: None,
            pac: None,
            names: Vec::new(),
            credentials: Vec::new(),
        };
        // Of each name, whether its answer took longer than one that comes at once.
        let mut late = Vec::new();
        for observation in observations {
            let subject = observation.id.split_once(':').map_or("", |(_, subject)| subject);
            match &observation.seen {
                Seen::Page(page) => scene.page = Some(page),
                Seen::Https(seen) => scene.webs.put(Web::new(config, observation, subject, seen)),
                Seen::Name(seen) => {
                    late.push(observation.duration > REFUSED_WITHIN);
                    scene.names.push((subject, seen.verdict()));
                }
                Seen::Credentials(seen) => scene.credentials.push((subject, &observation.target, seen)),
                Seen::Call(seen) => scene.calls.push((subject, seen)),
                Seen::Ladder(seen) => {
                    (scene.ladder, scene.ladder_began) = (Some(seen), observation.started);
                }
                Seen::Answers(answers) => scene.answers = answers,
                Seen::Headset(seen) => scene.headset = Some(*seen),
                Seen::Bandwidth(seen) => scene.bandwidth = Some(seen),
                Seen::Attention(seen) => scene.attention = Some(seen),
                Seen::Pac(pac) => scene.pac = Some(pac),
                Seen::Turn(_) | Seen::Unfinished => {}
            }
        }
        // On such a line a silent server may only have waited: as if it had not been asked. Unless the line was free again
        // when its third SYN left.
        if scene.is_slow() {
            let full = observations.iter().filter_map(answered_at);
            let full = full.map(|at| at.0).fold(0.0, f64::max);
            let waited =
                |web: &Web| matches!(web.answer, WebAnswer::Silent(_)) && full > (web.began + THIRD_SYN).0;
            scene.webs.retain(|web| !waited(web));
            // And a question to the resolver may have been lost: one that knows no such name says so at once.
            for ((_, verdict), late) in scene.names.iter_mut().zip(late) {
                if late && *verdict == NameVerdict::NotFound {
                    *verdict = NameVerdict::Unclear;
                }
            }
        }
        scene
    }

    /// Applications that were asked.
    pub fn applications(&self) -> impl Iterator<Item = (&Web<'a>, &'a Application)> {
        self.webs.iter().filter_map(|web| Some((web, web.application?)))
    }

    /// The canary, when it was asked.
    pub fn canary_web(&self) -> Option<&Web<'a>> {
        self.webs.iter().find(|web| web.role == Role::Canary)
    }

    /// What a canary told, the dedicated one first.
    pub fn canary(&self) -> Option<&'a CanarySeen> {
        self.canary_web()
            .into_iter()
            .chain(&self.webs)
            .find_map(|web| web.seen.canary.as_ref())
    }

    /// Whether a web server outside `domain` gave the right answer: the line as such works.
    pub fn web_alive_outside(&self, domain: &str) -> bool {
        self.webs
            .iter()
            .any(|web| web.answered() && !covers(domain, &web.host))
    }

    /// Whether anything at all answered, over whichever protocol.
    pub fn alive(&self) -> bool {
        self.webs
            .iter()
            .any(|web| matches!(web.answer, WebAnswer::Answered | WebAnswer::Wrong(_)))
            || self.turns.iter().any(TurnPath::reached)
            || self.credentials.iter().any(|(_, _, seen)| {
                matches!(
                    seen,
                    CredentialsSeen::Answered | CredentialsSeen::Status(_) | CredentialsSeen::Malformed
                )
            })
    }

    /// Whether any server gave an answer that only the right one can give.
    pub fn right_answer(&self) -> bool {
        let proves = |web: &Web| {
            let checked = |application: &Application| application.check != Check::Reach;
            web.role == Role::Page || web.seen.canary.is_some() || web.application.is_some_and(checked)
        };
        self.webs.iter().any(|web| web.answered() && proves(web))
            || self
                .turns
                .iter()
                .any(|path| path.reached() || path.companion_reached())
            || self
                .credentials
                .iter()
                .any(|(_, _, seen)| **seen == CredentialsSeen::Answered)
    }

    /// What the local resolver says of `host`.
    pub fn name(&self, host: &str) -> Option<NameVerdict> {
        self.names
            .iter()
            .find(|(name, _)| *name == host)
            .map(|(_, verdict)| *verdict)
    }

    /// Whether the local resolver knows any name at all.
    pub fn resolver_works(&self) -> bool {
        self.names
            .iter()
            .any(|(_, verdict)| *verdict == NameVerdict::Resolves)
    }

    /// Whether what the local resolver says matters: a proxy looks names up itself, and behind one a resolver that
    /// knows nothing at all is rightly ignorant.
    pub fn resolver_matters(&self) -> bool {
        self.resolver_works() || self.proxy().is_none()
    }

    /// Whether `host` is unknown to a resolver that matters.
    pub fn name_missing(&self, host: &str) -> bool {
        self.name(host) == Some(NameVerdict::NotFound) && self.resolver_matters()
    }

    /// Credential services that were asked: server id, where, and how they answered.
    pub fn credentials(&self) -> &[(&'a str, &'a str, &'a CredentialsSeen)] {
        &self.credentials
    }

    /// Why we believe in a proxy, if we do.
    pub fn proxy(&self) -> Option<ProxyHint> {
        if self
            .canary()
            .is_some_and(|canary| canary.via.is_some() || canary.forwarded)
        {
            return Some(ProxyHint::Headers);
        }
        let unknown = |host: &str| self.name(host) == Some(NameVerdict::NotFound);
        let reached_unknown = self.webs.iter().any(|web| web.answered() && unknown(&web.host))
            || self
                .turns
                .iter()
                .any(|path| path.reached() && unknown(&path.url.host));
        (reached_unknown && !self.resolver_works()).then_some(ProxyHint::Names)
    }

    /// Whether a proxy that refuses this URL would look like silence: Firefox does not tell that its CONNECT was refused
    /// and repeats STUN into nothing (seen in version 153, with a 403, an unknown name and a closed port).
    pub fn proxy_refuses_silently(&self, path: &TurnPath) -> bool {
        let gecko = matches!(
            self.page.and_then(|page| page.engine.as_ref()),
            Some(Engine::Gecko(_))
        );
        gecko && path.url.transport == TurnTransport::Tcp
    }

    /// How soon a refusal comes on this line. The fastest whole HTTPS answer takes two round trips or more.
    pub fn refusal_limit(&self) -> Millis {
        let fastest = self
            .webs
            .iter()
            .flat_map(|web| &web.seen.tries)
            .filter(|attempt| attempt.answer == Answer::Answered)
            .map(|attempt| attempt.time.0)
            .fold(f64::INFINITY, f64::min);
        if fastest.is_finite() {
            Millis(fastest.max(REFUSED_WITHIN.0))
        } else {
            REFUSED_WITHIN
        }
    }

    /// Whether the agent's phone speaks through the browser's kind of media.
    pub fn voice_wanted(&self) -> bool {
        matches!(self.config.phone, Phone::WebrtcEmbedded | Phone::WebrtcSoftphone)
    }

    /// The headset, where the agent's phone uses this browser's.
    pub fn own_headset(&self) -> Option<HeadsetSeen> {
        self.headset
            .filter(|_| self.config.phone == Phone::WebrtcEmbedded)
    }

    /// Whether the plan lacks the private network that the agent's phone needs (G2).
    pub fn phone_lacks_private_network(&self) -> bool {
        let known = phone(self.config.phone);
        known.way == Way::Private && known.on_this_line && self.config.transport == Transport::Internet
    }

    /// Whether the agent's VPN is on and leads only some traffic through the tunnel.
    pub fn split_tunnel(&self) -> bool {
        self.answers.split_tunnel == Some(true) && self.answers.vpn != Some(false)
    }

    /// Whether a call of ours carried media in both directions.
    pub fn media_proven(&self) -> bool {
        self.calls.iter().any(|(_, call)| carried(call))
    }

    /// Whether half of the servers took long at some time, those that lend relays among them: our own probes had filled the
    /// line, and what was silent may only have waited.
    pub fn is_slow(&self) -> bool {
        let slowest = |web: &Web| {
            let right = web.seen.tries.iter().filter(|it| it.answer == Answer::Answered);
            right.map(|it| it.time.0).reduce(f64::max)
        };
        let relay = |path: &TurnPath| path.seen?.relay.as_ref().map(|relay| relay.at.0);
        let relays = self.turns.iter().filter_map(relay);
        let times: Vec<f64> = self.webs.iter().filter_map(slowest).chain(relays).few();
        let slow = times.iter().filter(|time| **time >= HTTPS_SLOW.0).count();
        slow > 1 && slow * 2 >= times.len()
    }

    /// Whether HTTPS showed a line that is wide enough both ways.
    pub fn is_wide(&self) -> bool {
        let ways = self.bandwidth.map(|seen| [seen.up, seen.down]);
        ways.is_some_and(|ways| ways.iter().all(|way| way.is_some_and(|way| way.enough)))
    }

    /// Whether voice is proven as a whole: media flowed, every server without credentials was asked, and media flowed
    /// over the port and transport of those.
    pub fn voice_proven(&self) -> bool {
        self.media_proven()
            && self
                .config
                .turn
                .iter()
                .filter(|server| no_credentials(server))
                .all(|server| {
                    let paths = || self.turns.iter().filter(|path| path.server.id == server.id);
                    paths().any(|path| path.fault(self).is_some())
                        || paths().any(|path| path.works() && self.media_proven_like(path))
                })
    }

    /// Whether a call of ours carried media over the port and transport of `path`.
    pub fn media_proven_like(&self, path: &TurnPath) -> bool {
        self.calls
            .iter()
            .filter(|(_, call)| carried(call))
            .any(|(id, _)| {
                self.turns.iter().any(|other| {
                    other.names_call(id)
                        && other.url.port == path.url.port
                        && other.url.transport == path.url.transport
                })
            })
    }

    /// The steps of the ladder that say something about the line: not those that this computer did not send in time.
    pub fn steps(&self) -> Vec<&'a Step> {
        self.ladder
            .map(|ladder| {
                ladder
                    .steps
                    .iter()
                    .filter(|step| step.why != Some(Unclean::NotSent) && (step.clean || !is_starved(step)))
                    .few()
            })
            .unwrap_or_default()
    }

    /// The lowest step, when it failed because packets vanish: then the line loses, whatever the rate.
    pub fn lossy_step(&self) -> Option<&'a Step> {
        let lowest = self
            .steps()
            .into_iter()
            .min_by(|a, b| a.target.0.total_cmp(&b.target.0))?;
        (!lowest.clean && lowest.why == Some(Unclean::Loss) && lowest.target.0 <= VOICE_LEAST.0)
            .then_some(lowest)
    }

    /// True when every step that was measured stood still: media stops altogether.
    pub fn stalled(&self) -> bool {
        let steps = self.steps();
        !steps.is_empty() && steps.iter().all(|step| step.why == Some(Unclean::Stalled))
    }

    /// All activities that this configuration has.
    pub fn everything(&self) -> Vec<ActivityId> {
        let mut all = self.activities(&|_| true);
        // Of another phone's voice nothing can be measured, but the plan may say that it cannot work.
        let no_way = self.phone_lacks_private_network() && self.answers.vpn != Some(true);
        let mut add = |id, wanted: bool| {
            if wanted && !all.contains(&id) {
                all.push(id);
            }
        };
        add(ActivityId::Voice, self.voice_wanted() || no_way);
        add(ActivityId::ScreenRecording, self.config.load.screen_recording);
        all.sort_few_by_key(|it| *it);
        all
    }

    /// The activities behind the applications on `host` (or under that domain).
    pub fn activities_at(&self, host: &str) -> Vec<ActivityId> {
        self.activities(&|it| covers(host, &it.url.host))
    }

    /// The activities behind applications that did not answer.
    pub fn failing_activities(&self) -> Vec<ActivityId> {
        let failing: Vec<_> = self.applications().filter(|(web, _)| web.unreachable()).few();
        self.activities(&|it| failing.iter().any(|(_, failed)| std::ptr::eq(*failed, it)))
    }

    /// The activities behind some applications, each once, in their order.
    fn activities(&self, which: &dyn Fn(&Application) -> bool) -> Vec<ActivityId> {
        let has = |id: &ActivityId| {
            self.config
                .applications
                .iter()
                .any(|it| it.activity == *id && which(it))
        };
        ActivityId::ALL.iter().copied().filter(has).few()
    }
}

/// Whether a call carried media both ways. A browser that does not count packets may still tell when media flowed.
pub fn carried(call: &CallSeen) -> bool {
    let counted = call.received_there.is_some() || call.received_here.is_some() || call.setup.is_some();
    call.connected
        && counted
        && call.received_there != Some(0)
        && call.received_here != Some(0)
        && call.both_relayed != Some(false)
        && call.own_failure.is_none()
}

/// Whether nobody gave us credentials for this server.
pub fn no_credentials(server: &TurnServer) -> bool {
    server.access == TurnAccess::Unauthorized
}

/// When a server had answered, all its tries one after the other; or had lent a relay.
fn answered_at(observation: &Observation) -> Option<Millis> {
    match &observation.seen {
        Seen::Https(seen) if seen.tries.iter().any(|it| it.answer == Answer::Answered) => {
            let times = seen.tries.iter().map(|it| it.time.0);
            Some(observation.started + Millis(times.sum()))
        }
        Seen::Turn(seen) => seen.relay.as_ref().map(|relay| observation.started + relay.at),
        _ => None,
    }
}
