//! The driver: the only place that waits. It starts what may start, tells what was seen the moment it is known, and
//! ends by the plan's deadline in any world; dropping its future cancels everything.

mod climb;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::future::{Either, LocalBoxFuture, select};
use futures_util::stream::{FuturesUnordered, StreamExt};
use futures_util::{FutureExt, pin_mut};

use super::Event;
use super::watch::Watch;
use crate::config::TurnAccess;
use crate::diagnosis::thresholds::HTTPS_SLOW;
use crate::few::{Gather as _, Put as _};
use crate::ladder::Ladder;
use crate::ladder::loaded::may_fill;
use crate::observation::{Answer, CredentialsSeen, NameVerdict, Observation, Seen, TurnVerdict};
use crate::plan::{FOLLOW_UP, MediaPath, Plan, Start};
use crate::probe::{BandwidthProbe, Call as _, CallProbe, Credentials, Network, Probe, ProbeId, TurnProbe};
use crate::units::{Kbps, Millis, Secret};

/// The clock of the run: what waits is looked at again this often.
pub(super) const TICK: Millis = Millis(100.0);
/// Measuring waits this long for probes that are still being answered, at least; what is silent then does not disturb
/// it.
const SETTLED: Millis = Millis(2_000.0);
/// On a slow line an answer may be on its way for this many times the slowest one so far.
const SLOWER: f64 = 4.0;
/// How long a call may take to set up: no longer than a real phone waits.
const CALL_DEADLINE: Millis = Millis(8_000.0);
/// How long sound may take after that: on a line that 10 kbps fill it waits behind the handshake's own packets.
const CALL_PATIENCE: Millis = Millis(4_000.0);
/// What a full line gets before anything else is measured on it.
const DRAIN: Millis = Millis(1_500.0);
/// The call is not put under load later than this: a healthy line's run ends within 12 s (`docs/contract.md`).
const LOAD_BY: Millis = Millis(10_800.0);
/// A second path is tried when the first carries no media; a third would tell nothing new.
const MOST_CALLS: usize = 2;
/// A probe that does not end by its own deadline is ended this much later.
const GRACE: Millis = Millis(500.0);

/// Walks `plan` over `network` and tells `emit` all that happens, from [`Event::Started`] to [`Event::Finished`].
pub async fn run<N: Network>(plan: &Rc<Plan>, network: &N, emit: &dyn Fn(Event)) {
    let run = Run {
        plan,
        network,
        emit,
        start: network.now(),
        ended: RefCell::default(),
        credentials: RefCell::default(),
        slowest: Cell::default(),
        slowest_web: Cell::default(),
        crowded: Cell::default(),
        kept: RefCell::default(),
        watch: RefCell::new(Watch::over(network)),
    };
    emit(Event::Started(plan.clone()));
    let work = run.work();
    let deadline = network.sleep(plan.deadline);
    pin_mut!(work, deadline);
    select(work, deadline).await;
    run.look_around();
    run.tell_attention();
    emit(Event::Finished(run.now()));
}

pub(super) struct Run<'a, N: Network> {
    plan: &'a Plan,
    pub(super) network: &'a N,
    pub(super) emit: &'a dyn Fn(Event),
    pub(super) start: Millis,
    /// Probes that ended, and whether they saw what they hoped for.
    ended: RefCell<Vec<(ProbeId, Ended)>>,
    credentials: RefCell<Vec<(String, Credentials)>>,
    /// The slowest answer so far, and the slowest of a web server.
    slowest: Cell<Millis>,
    slowest_web: Cell<Millis>,
    /// The ladder left the line full.
    crowded: Cell<bool>,
    /// The call, after a ladder that was clean to its top.
    kept: RefCell<Option<N::Call>>,
    pub(super) watch: RefCell<Watch>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Well,
    Badly,
    /// A TURN URL that said nothing in time.
    Silent,
    /// A TURN URL that gave a relay.
    WithRelay,
    /// Never started: the answer it should have explained came by itself, or nothing to ask with.
    NotNeeded,
}

impl<N: Network> Run<'_, N> {
    pub(super) fn now(&self) -> Millis {
        self.network.now().since(self.start)
    }

    async fn work(&self) {
        let mut waiting: Vec<&Probe> = self.plan.reach.iter().few();
        let mut under_way: FuturesUnordered<LocalBoxFuture<'_, ()>> = FuturesUnordered::new();
        let (mut measuring, mut last) = (false, false);
        loop {
            self.look_around();
            waiting.retain(|probe| match self.may_start(probe) {
                Some(true) => {
                    under_way.push(self.probe(probe).boxed_local());
                    false
                }
                Some(false) => {
                    self.ended
                        .borrow_mut()
                        .push((probe.id().to_owned(), Ended::NotNeeded));
                    false
                }
                None => true,
            });
            if !measuring && let Some(paths) = self.media_paths() {
                measuring = true;
                under_way.push(self.media(paths).boxed_local());
            }
            if under_way.is_empty() && waiting.is_empty() {
                let bandwidth = self.plan.bandwidth.as_ref().filter(|_| !last);
                let Some(probe) = bandwidth.filter(|probe| self.has_room(probe)) else {
                    return;
                };
                last = true;
                under_way.push(self.bandwidth(probe).boxed_local());
            }
            let due = self.now() + TICK;
            let tick = self.network.sleep(TICK);
            if under_way.is_empty() {
                tick.await;
                continue;
            }
            pin_mut!(tick);
            if let Either::Right(_) = select(under_way.next(), tick).await {
                self.rang(due);
                (self.emit)(Event::Ticked(self.now()));
            }
        }
    }

    fn how_ended(&self, id: &str) -> Option<Ended> {
        self.ended
            .borrow()
            .iter()
            .find(|(ended, _)| ended == id)
            .map(|(_, how)| *how)
    }

    /// Whether a probe may start now; `None`: not yet.
    fn may_start(&self, probe: &Probe) -> Option<bool> {
        match probe.start() {
            Start::AtOnce => Some(true),
            Start::After(id) => self.how_ended(id).map(|how| how == Ended::Well),
            Start::Unless(id) => match self.how_ended(id) {
                Some(Ended::Badly | Ended::Silent) => Some(true),
                Some(_) => Some(false),
                None if self.now() >= FOLLOW_UP => Some(true),
                None => None,
            },
            Start::InDoubt => {
                let follows = |probe: &&Probe| matches!(probe.start(), Start::Unless(_) | Start::InDoubt);
                let first = self.plan.reach.iter().filter(|probe| !follows(probe));
                let ended: Vec<Option<Ended>> = first.map(|probe| self.how_ended(probe.id())).few();
                if ended.contains(&Some(Ended::Badly)) || ended.contains(&Some(Ended::Silent)) {
                    Some(true)
                } else if ended.contains(&None) {
                    (self.now() >= FOLLOW_UP).then_some(true)
                } else {
                    Some(false)
                }
            }
        }
    }

    /// Runs one probe and tells what it saw.
    async fn probe(&self, probe: &Probe) {
        let started = self.now();
        (self.emit)(Event::ProbeStarted {
            id: probe.id().to_owned(),
            at: started,
        });
        let (limit, ask): (Millis, LocalBoxFuture<'_, (Seen, Ended)>) = match probe {
            Probe::Page => (Millis::seconds(2.0), self.ask_page().boxed_local()),
            Probe::Https(https) => (
                https.deadline,
                async { well_if(Seen::Https(self.network.https(https).await), Seen::is_good) }.boxed_local(),
            ),
            Probe::Name(name) => (
                name.deadline,
                async { (Seen::Name(self.network.name(name).await), Ended::Well) }.boxed_local(),
            ),
            Probe::Credentials(credentials) => (
                credentials.deadline,
                async {
                    let (seen, pair) = self.network.credentials(credentials).await;
                    let how = if pair.is_some() { Ended::Well } else { Ended::Badly };
                    self.credentials
                        .borrow_mut()
                        .put(pair.map(|pair| (credentials.server.clone(), pair)));
                    (Seen::Credentials(seen), how)
                }
                .boxed_local(),
            ),
            Probe::Turn(turn) => (turn.deadline, self.ask_turn(turn).boxed_local()),
        };
        let limit = self.network.sleep(limit + GRACE);
        pin_mut!(limit);
        let (seen, how) = match select(ask, limit).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => (Seen::Unfinished, Ended::Badly),
        };
        if matches!(how, Ended::Well | Ended::WithRelay) {
            let took = self.now().since(started);
            let longer = |slowest: &Cell<Millis>| slowest.set(Millis(took.0.max(slowest.get().0)));
            longer(&self.slowest);
            if matches!(probe, Probe::Https(_)) {
                longer(&self.slowest_web);
            }
        }
        self.ended.borrow_mut().push((probe.id().to_owned(), how));
        self.observed(probe.id(), &probe.target(), started, seen);
    }

    pub(super) fn observed(&self, id: &str, target: &str, started: Millis, seen: Seen) {
        self.look_around();
        let seen = self.believed(started, seen);
        let duration = self.now().since(started);
        let (id, target) = (id.to_owned(), target.to_owned());
        (self.emit)(Event::Observed(Observation {
            id,
            target,
            started,
            duration,
            seen,
        }));
    }

    async fn ask_page(&self) -> (Seen, Ended) {
        (Seen::Page(self.network.page().await), Ended::Well)
    }

    async fn ask_turn(&self, probe: &TurnProbe) -> (Seen, Ended) {
        let credentials = self
            .credentials(&probe.server, &probe.access)
            .unwrap_or_else(made_up);
        let mut seen = self.network.turn(probe, &credentials).await;
        seen.companion = probe.companion_of.is_some();
        seen.expects_unauthorized = probe.access == TurnAccess::Unauthorized;
        let how = match seen.verdict() {
            TurnVerdict::Relay => Ended::WithRelay,
            TurnVerdict::Unauthorized if seen.expects_unauthorized => Ended::Well,
            // A wrong password is an answer in clear: TLS would not tell more.
            TurnVerdict::Unauthorized | TurnVerdict::Quota(_) | TurnVerdict::Rejected(_) => Ended::Well,
            TurnVerdict::Silent(_) => Ended::Silent,
            _ => Ended::Badly,
        };
        (Seen::Turn(seen), how)
    }

    fn credentials(&self, server: &str, access: &TurnAccess) -> Option<Credentials> {
        match access {
            TurnAccess::Static { username, credential } => Some(Credentials {
                username: username.clone(),
                password: credential.clone(),
            }),
            TurnAccess::Fetched { .. } => self
                .credentials
                .borrow()
                .iter()
                .find(|(id, _)| id == server)
                .map(|(_, pair)| pair.clone()),
            TurnAccess::Unauthorized => None,
        }
    }

    /// The paths to measure on, once it is time: something relays, nothing else is being answered any more, and the
    /// paths that are wanted more have had their chance.
    fn media_paths(&self) -> Option<Vec<&MediaPath>> {
        let relays = |path: &&MediaPath| self.how_ended(&path.probe) == Some(Ended::WithRelay);
        let follow_up = |probe: &Probe| matches!(probe.start(), Start::Unless(_) | Start::InDoubt);
        let settled = self
            .plan
            .reach
            .iter()
            .all(|probe| follow_up(probe) || self.how_ended(probe.id()).is_some());
        let patience = Millis((SLOWER * self.slowest.get().0).max(SETTLED.0));
        if !settled && self.now() < patience {
            return None;
        }
        let paths: Vec<&MediaPath> = self.plan.call.iter().filter(relays).few();
        if !paths.is_empty() {
            return Some(paths);
        }
        // On a line that our own probes have filled, silence proves nothing, nor does a failure: the call asks once more,
        // alone.
        let all_over = self
            .plan
            .reach
            .iter()
            .all(|probe| self.how_ended(probe.id()).is_some());
        let lost = |path: &&MediaPath| {
            let how = self.how_ended(&path.probe);
            matches!(how, Some(Ended::Silent | Ended::Badly))
        };
        let paths: Vec<&MediaPath> = self.plan.call.iter().filter(lost).take(1).few();
        (all_over && self.slowest_web.get() >= HTTPS_SLOW && !paths.is_empty()).then_some(paths)
    }

    /// Sets up the call and climbs the ladder on it.
    async fn media(&self, paths: Vec<&MediaPath>) {
        for path in paths.into_iter().take(MOST_CALLS) {
            let access = self.plan.access(path);
            let Some(credentials) = access.and_then(|access| self.credentials(&path.server, access)) else {
                continue;
            };
            let name = path.probe.strip_prefix("turn:").unwrap_or(&path.probe);
            let probe = CallProbe {
                id: format!("call:{name}"),
                url: path.url.clone(),
                first_rate: Kbps(10.0),
                deadline: CALL_DEADLINE,
                patience: CALL_PATIENCE,
            };
            self.in_front().await;
            let started = self.now();
            (self.emit)(Event::ProbeStarted {
                id: probe.id.clone(),
                at: started,
            });
            let (seen, call) = self.network.call(&probe, &credentials).boxed_local().await;
            let late = seen.setup.is_some_and(|time| time > CALL_DEADLINE);
            self.observed(&probe.id, &path.url.text, started, Seen::Call(seen));
            if let Some(call) = call {
                let id = format!("ladder:{name}");
                let ladder = Ladder::new(&self.plan.ladder, path.url.transport);
                // Where the set-up, alone on the line, took all that, the least is what there is room for, if for anything.
                let ladder = if late { ladder.from_foot() } else { ladder };
                if self.climb(path, &id, &call, ladder).boxed_local().await && self.plan.bandwidth.is_some() {
                    call.set_rate(Kbps(0.0)).await;
                    self.kept.replace(Some(call));
                }
                return;
            }
        }
    }

    /// Whether the canary answered, and there is time to ask it for more.
    fn has_room(&self, probe: &BandwidthProbe) -> bool {
        let time = DRAIN.0 + 2.0 * probe.deadline.0;
        self.how_ended("https:canary") == Some(Ended::Well) && self.now().0 + time < self.plan.deadline.0
    }

    /// Measures how much HTTPS carries, with nothing else on the line.
    async fn bandwidth(&self, probe: &BandwidthProbe) {
        if self.crowded.get() {
            self.network.sleep(DRAIN).await;
        }
        self.in_front().await;
        let started = self.now();
        (self.emit)(Event::ProbeStarted {
            id: probe.id.clone(),
            at: started,
        });
        let before = self.watch.borrow().rung;
        let mut seen = self.network.bandwidth(probe).await;
        if self.watch.borrow().rung.since(before).is_busy() {
            let ways = seen.up.iter_mut().chain(&mut seen.down);
            ways.for_each(|way| way.sure = false);
        }
        let call = self.kept.take();
        if let Some(call) = call.filter(|_| may_fill(&seen) && self.now() <= LOAD_BY) {
            seen.loaded = self.under_load(probe, &call).boxed_local().await;
        }
        self.observed(&probe.id, &probe.url.host, started, Seen::Bandwidth(seen));
    }
}

impl Plan {
    fn access(&self, path: &MediaPath) -> Option<&TurnAccess> {
        self.reach.iter().find_map(|probe| match probe {
            Probe::Turn(turn) if turn.id == path.probe => Some(&turn.access),
            _ => None,
        })
    }
}

impl Seen {
    /// Whether the probe saw what it hoped for, so that nothing needs explaining.
    pub(super) fn is_good(&self) -> bool {
        match self {
            Self::Https(seen) => seen.tries.iter().any(|one| one.answer == Answer::Answered),
            Self::Credentials(seen) => *seen == CredentialsSeen::Answered,
            Self::Turn(seen) => !matches!(
                seen.verdict(),
                TurnVerdict::NameNotFound(_) | TurnVerdict::Failed(_) | TurnVerdict::Silent(_)
            ),
            Self::Name(seen) => seen.verdict() == NameVerdict::Resolves,
            Self::Call(seen) => seen.carries_media(),
            Self::Ladder(seen) => !seen.cut_short && seen.steps.iter().all(|step| step.clean),
            // What is too little is so only where it was watched in peace.
            Self::Bandwidth(seen) => [seen.up, seen.down].iter().flatten().all(|way| way.enough),
            Self::Page(_)
            | Self::Attention(_)
            | Self::Answers(_)
            | Self::Headset(_)
            | Self::Pac(_)
            | Self::Unfinished => true,
        }
    }
}

fn well_if(seen: Seen, good: fn(&Seen) -> bool) -> (Seen, Ended) {
    let how = if good(&seen) { Ended::Well } else { Ended::Badly };
    (seen, how)
}

/// For servers that hold no credentials for us: whatever we say, their 401 is the proof.
fn made_up() -> Credentials {
    Credentials {
        username: "clearline".to_owned(),
        password: Secret::new("no-password"),
    }
}
