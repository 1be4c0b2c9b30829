//! A scripted network in virtual time: every answer is said beforehand, and hours pass in microseconds.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use clearline::observation::{
    Answer, BandwidthSeen, CallSeen, Constructor, CredentialsSeen, HttpsSeen, IceError, MediaSample,
    NameSeen, PageSeen, RelaySeen, ThroughputSeen, Try, TurnSeen,
};
use clearline::probe::{
    BandwidthProbe, Call, CallProbe, Credentials, CredentialsProbe, HttpsProbe, NameProbe, Network, TurnProbe,
};
use clearline::units::{Kbps, Millis, Secret};

/// A clock that only moves when everybody waits.
#[derive(Default)]
pub struct Clock {
    now: Cell<f64>,
    timers: RefCell<Vec<(f64, Waker)>>,
}

impl Clock {
    pub fn now(&self) -> Millis {
        Millis(self.now.get())
    }

    pub async fn sleep(&self, time: Millis) {
        let due = self.now.get() + time.0;
        poll_fn(|context| {
            if self.now.get() >= due {
                return Poll::Ready(());
            }
            self.timers.borrow_mut().push((due, context.waker().clone()));
            Poll::Pending
        })
        .await;
    }

    /// Runs a future to its end, or until `limit`; `None` when it had not ended by then.
    pub fn run_until<T>(&self, limit: Millis, future: impl Future<Output = T>) -> Option<T> {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return Some(value);
            }
            let next = self
                .timers
                .borrow()
                .iter()
                .map(|(due, _)| *due)
                .fold(f64::INFINITY, f64::min);
            assert!(next.is_finite(), "the run waits for something that never comes");
            if next > limit.0 {
                return None;
            }
            self.now.set(next);
            let (due, rest): (Vec<_>, Vec<_>) = self
                .timers
                .borrow_mut()
                .drain(..)
                .partition(|(due, _)| *due <= next);
            *self.timers.borrow_mut() = rest;
            due.into_iter().for_each(|(_, waker)| waker.wake());
        }
    }
}

/// How a probe behaves in the script.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Does {
    /// The hoped-for answer after so many milliseconds.
    Answers(f64),
    /// A failure (701, a rejected fetch, a look-up error) after so many milliseconds.
    Fails(f64),
    /// 401 after so many milliseconds.
    Denies(f64),
    /// Nothing until its deadline.
    Silent,
    /// It ignores its own deadline.
    Hangs,
}

/// The scripted network. What the script does not name answers after 20 ms.
pub struct Scripted {
    pub clock: Rc<Clock>,
    pub script: BTreeMap<String, Does>,
    /// The line's rate on the wire.
    pub wire: f64,
    /// When nobody sees the page.
    pub hidden: std::ops::Range<f64>,
    /// When the computer sleeps, and for how long; the run's own clock stands still then.
    pub asleep: Option<(f64, f64)>,
    /// How late the page's timers are.
    pub late: f64,
    /// Probes asked, in order, with the time.
    pub asked: RefCell<Vec<(String, f64)>>,
    /// User names that TURN was asked with.
    pub users: RefCell<Vec<String>>,
    /// Probes and calls under way: zero when everything was released.
    pub open: Rc<Cell<i32>>,
}

struct Open(Rc<Cell<i32>>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Scripted {
    pub fn new(script: &[(&str, Does)]) -> Self {
        Self {
            clock: Rc::default(),
            script: script
                .iter()
                .map(|(id, does)| ((*id).to_owned(), *does))
                .collect(),
            wire: 10_000.0,
            hidden: 0.0..0.0,
            asleep: None,
            late: 0.0,
            asked: RefCell::default(),
            users: RefCell::default(),
            open: Rc::default(),
        }
    }

    fn open(&self) -> Open {
        self.open.set(self.open.get() + 1);
        Open(self.open.clone())
    }

    /// Plays the script for one probe and says how it went.
    async fn play(&self, id: &str, deadline: Millis) -> Does {
        let _open = self.open();
        self.asked.borrow_mut().push((id.to_owned(), self.clock.now().0));
        let does = self.script.get(id).copied().unwrap_or(Does::Answers(20.0));
        let time = match does {
            Does::Answers(time) | Does::Fails(time) | Does::Denies(time) => Millis(time),
            Does::Silent => deadline,
            Does::Hangs => Millis(f64::from(u32::MAX)),
        };
        self.clock.sleep(time).await;
        does
    }
}

impl Network for Scripted {
    type Call = Line;

    fn now(&self) -> Millis {
        self.clock.now()
    }

    fn wall(&self) -> Millis {
        let now = self.clock.now().0;
        let slept = self
            .asleep
            .filter(|(at, _)| now >= *at)
            .map_or(0.0, |(_, long)| long);
        Millis(1e12 + now + slept)
    }

    fn hidden(&self) -> bool {
        self.hidden.contains(&self.clock.now().0)
    }

    async fn sleep(&self, time: Millis) {
        self.clock.sleep(Millis(time.0 + self.late)).await;
    }

    async fn page(&self) -> PageSeen {
        PageSeen {
            secure: true,
            webrtc: Constructor::Works,
            opus: Some(true),
            online: true,
            browser: "Chromium 156".into(),
            engine: None,
            os: "Linux".into(),
            ..PageSeen::default()
        }
    }

    async fn https(&self, probe: &HttpsProbe) -> HttpsSeen {
        let start = self.now();
        let answer = match self.play(&probe.id, probe.deadline).await {
            Does::Answers(_) => Answer::Answered,
            Does::Fails(_) | Does::Denies(_) => Answer::Failed,
            Does::Silent | Does::Hangs => Answer::Silent,
        };
        HttpsSeen {
            role: probe.role,
            tries: vec![Try {
                answer,
                time: self.now().since(start),
            }],
            canary: None,
        }
    }

    async fn name(&self, probe: &NameProbe) -> NameSeen {
        match self.play(&probe.id, probe.deadline).await {
            Does::Fails(_) => NameSeen {
                lookup_errors: 2,
                candidates: 0,
                complete: true,
                wordless: false,
            },
            _ => NameSeen {
                lookup_errors: 1,
                candidates: 1,
                complete: true,
                wordless: false,
            },
        }
    }

    async fn credentials(&self, probe: &CredentialsProbe) -> (CredentialsSeen, Option<Credentials>) {
        match self.play(&probe.id, probe.deadline).await {
            Does::Answers(_) => {
                let pair = Credentials {
                    username: "fetched".into(),
                    password: Secret::new("p"),
                };
                (CredentialsSeen::Answered, Some(pair))
            }
            Does::Silent | Does::Hangs => (CredentialsSeen::Silent, None),
            _ => (CredentialsSeen::Failed, None),
        }
    }

    async fn turn(&self, probe: &TurnProbe, credentials: &Credentials) -> TurnSeen {
        self.users.borrow_mut().push(credentials.username.clone());
        let start = self.now();
        let does = self.play(&probe.id, probe.deadline).await;
        let at = self.now().since(start);
        let error = |code| IceError {
            code,
            text: String::new(),
            at,
        };
        let seen = TurnSeen {
            complete: true,
            waited: at,
            ..TurnSeen::default()
        };
        match does {
            Does::Answers(_) => TurnSeen {
                relay: Some(RelaySeen {
                    at,
                    protocol: Some("tcp".into()),
                    mapped: None,
                }),
                ..seen
            },
            Does::Fails(_) => TurnSeen {
                errors: vec![error(701)],
                ..seen
            },
            Does::Denies(_) => TurnSeen {
                errors: vec![error(401)],
                ..seen
            },
            Does::Silent | Does::Hangs => TurnSeen {
                complete: false,
                ..seen
            },
        }
    }

    async fn bandwidth(&self, probe: &BandwidthProbe) -> BandwidthSeen {
        let way = |does: Does, rate| {
            matches!(does, Does::Answers(_)).then_some(ThroughputSeen {
                rate: Kbps(rate),
                enough: true,
                sure: true,
                ..ThroughputSeen::default()
            })
        };
        let does = self.play(&probe.id, Millis(2.0 * probe.deadline.0)).await;
        BandwidthSeen {
            up: way(does, self.wire),
            down: way(does, self.wire),
            loaded: None,
        }
    }

    async fn load(&self, _: &BandwidthProbe, _: (u32, u32), limit: Millis) {
        self.asked.borrow_mut().push(("load".to_owned(), self.now().0));
        self.sleep(limit).await;
    }

    async fn call(&self, probe: &CallProbe, _credentials: &Credentials) -> (CallSeen, Option<Line>) {
        let started = self.now();
        let does = self.play(&probe.id, probe.deadline).await;
        let relays = CallSeen {
            relays: 2,
            ..CallSeen::default()
        };
        if !matches!(does, Does::Answers(_)) {
            return (relays, None);
        }
        let seen = CallSeen {
            ice_connected: true,
            connected: true,
            received_there: Some(10),
            received_here: Some(10),
            setup: Some(self.now().since(started)),
            ..relays
        };
        let line = Line {
            clock: self.clock.clone(),
            wire: self.wire,
            state: RefCell::new(LineState {
                looked: self.clock.now().0,
                ..LineState::default()
            }),
            _open: self.open(),
        };
        (seen, Some(line))
    }
}

/// A line of a given rate with an endless queue.
pub struct Line {
    clock: Rc<Clock>,
    wire: f64,
    state: RefCell<LineState>,
    _open: Open,
}

#[derive(Default)]
struct LineState {
    looked: f64,
    rate: f64,
    due: f64,
    queue: f64,
    sample: MediaSample,
}

impl Line {
    fn catch_up(&self) {
        let mut state = self.state.borrow_mut();
        let now = self.clock.now().0;
        while state.looked + 20.0 <= now {
            state.looked += 20.0;
            let size = (state.rate + 34.4) * 20.0;
            if state.rate > 0.0 {
                state.sample.packets_sent += 1.0;
                state.sample.payload_sent += state.rate * 20.0 / 8.0;
                state.queue += 1.0;
            }
            state.due += self.wire * 20.0;
            while state.queue > 0.0 && state.due >= size {
                state.due -= size;
                state.queue -= 1.0;
                state.sample.packets_received += 1.0;
                state.sample.payload_received += state.rate * 20.0 / 8.0;
            }
            if state.queue == 0.0 {
                // An idle line saves nothing up.
                state.due = 0.0;
            }
        }
        state.sample.at = self.clock.now();
    }
}

impl Call for Line {
    async fn set_rate(&self, rate: Kbps) {
        self.catch_up();
        self.state.borrow_mut().rate = rate.0;
    }

    async fn sample(&self) -> Option<MediaSample> {
        self.catch_up();
        Some(self.state.borrow().sample)
    }
}
