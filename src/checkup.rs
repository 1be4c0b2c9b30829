//! The run: its state, the events that change it, and the [driver](run) that walks a plan over a
//! [`Network`](crate::probe::Network).

mod drive;
mod watch;

pub use drive::run;

use std::rc::Rc;

use crate::activity::{Activity, activities, verdict};
use crate::config::Config;
use crate::diagnosis::{Finding, Verdict, diagnose};
use crate::fix::{Fix, fixes};
use crate::meanwhile::{Alternative, meanwhile};
use crate::observation::{AnswersSeen, Observation, Seen, Step};
use crate::plan::Plan;
use crate::probe::{Probe, ProbeId};
use crate::units::Millis;

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// Nothing was started yet.
    #[default]
    Ready,
    /// Probes are under way.
    Running,
    /// All that was planned is done.
    Done,
    /// The agent stopped the run; what was seen until then counts.
    Stopped,
}

/// All that a run knows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// Where it stands.
    pub phase: Phase,
    /// Which run this is; events of another one are ignored.
    pub run: u32,
    /// What is, or will be, done.
    pub plan: Rc<Plan>,
    /// Probes under way, with their start.
    pub running: Vec<(ProbeId, Millis)>,
    /// What was seen so far.
    pub observations: Vec<Observation>,
    /// The ladder's steps so far.
    pub steps: Vec<Step>,
    /// Measuring waits for the page to be seen again.
    pub paused: bool,
    /// Time since the start of the run.
    pub elapsed: Millis,
    /// How often the agent told something.
    pub told: u32,
    /// What is concluded so far; provisional while running.
    pub conclusion: Option<Conclusion>,
}

/// What follows from what was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Conclusion {
    /// The answer in one word.
    pub verdict: Verdict,
    /// The finding to act on first.
    pub primary: Option<&'static str>,
    /// Most important first.
    pub findings: Vec<Finding>,
    /// The first one is the first step.
    pub fixes: Vec<Fix>,
    /// What the agent can do right now.
    pub activities: Vec<Activity>,
    /// What the agent may use meanwhile, best first.
    pub meanwhile: Vec<Alternative>,
}

/// Something that happened. Times count from the start of the run.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A run starts, or a part of the plan is tested again: then what the part does not touch is kept.
    Started(Rc<Plan>),
    /// A probe starts.
    ProbeStarted {
        /// Which one.
        id: ProbeId,
        /// When.
        at: Millis,
    },
    /// A probe ended.
    Observed(Observation),
    /// A step of the ladder was measured.
    StepMeasured(Step),
    /// Measuring waits, or goes on.
    Paused(bool),
    /// Time passes.
    Ticked(Millis),
    /// All that was planned is done.
    Finished(Millis),
    /// The agent stopped the run.
    Stopped(Millis),
}

/// Draws all conclusions from what was seen.
pub fn conclude(config: &Config, observations: &[Observation]) -> Conclusion {
    let findings = diagnose(config, observations);
    let activities = activities(config, &findings, observations);
    let (verdict, primary) = verdict(config, &findings, &activities);
    let fixes = fixes(config, &findings, observations);
    let told = observations.iter().find_map(|it| match &it.seen {
        Seen::Answers(answers) => Some(answers),
        _ => None,
    });
    let meanwhile = meanwhile(
        config,
        &findings,
        &activities,
        told.unwrap_or(&AnswersSeen::default()),
    );
    Conclusion {
        meanwhile,
        verdict,
        primary,
        findings,
        fixes,
        activities,
    }
}

impl State {
    /// The state after `event` of run `run`. An event that arrives late, from another run or after the end, changes
    /// nothing.
    #[must_use]
    pub fn apply(mut self, run: u32, event: Event, config: &Config) -> Self {
        if let Event::Started(plan) = event {
            return self.started(run, plan);
        }
        if run != self.run || self.phase != Phase::Running {
            return self;
        }
        match event {
            Event::Started(_) => {}
            Event::ProbeStarted { id, at } => {
                self.elapsed = at;
                self.running.push((id, at));
            }
            Event::Observed(observation) => {
                self.running.retain(|(id, _)| *id != observation.id);
                self.elapsed = observation.started + observation.duration;
                self.observations.push(observation);
                self.conclusion = Some(conclude(config, &self.observations));
            }
            Event::StepMeasured(step) => self.steps.push(step),
            Event::Paused(paused) => self.paused = paused,
            Event::Ticked(at) => self.elapsed = at,
            Event::Finished(at) => return self.ended(Phase::Done, at, config),
            Event::Stopped(at) => return self.ended(Phase::Stopped, at, config),
        }
        self
    }

    /// The state when the agent tells something, before, during or after a run: nothing is probed again, but what was
    /// concluded is concluded anew. Of what is told twice under one id the newer counts.
    #[must_use]
    pub fn tell(mut self, id: &str, seen: Seen, config: &Config) -> Self {
        self.observations.retain(|told| told.id != id);
        self.observations.push(Observation {
            id: id.to_owned(),
            target: String::new(),
            started: Millis::ZERO,
            duration: Millis::ZERO,
            seen,
        });
        if self.conclusion.is_some() {
            self.conclusion = Some(conclude(config, &self.observations));
        }
        self.told += 1;
        self
    }

    /// What the agent told.
    pub fn answers(&self) -> AnswersSeen {
        let answers = self.observations.iter().find_map(|it| match &it.seen {
            Seen::Answers(answers) => Some(answers.clone()),
            _ => None,
        });
        answers.unwrap_or_default()
    }

    fn started(mut self, run: u32, plan: Rc<Plan>) -> Self {
        let media = !plan.call.is_empty();
        self.observations.retain(|seen| {
            let again = plan.reach.iter().any(|probe| probe.id() == seen.id);
            let now = matches!(seen.seen, Seen::Attention(_))
                || (plan.bandwidth.is_some() && matches!(seen.seen, Seen::Bandwidth(_)));
            !(again || now || media && matches!(seen.seen, Seen::Call(_) | Seen::Ladder(_)))
        });
        if media {
            self.steps.clear();
        }
        Self {
            phase: Phase::Running,
            run,
            plan,
            running: Vec::new(),
            paused: false,
            elapsed: Millis::ZERO,
            conclusion: None,
            ..self
        }
    }

    fn ended(mut self, phase: Phase, at: Millis, config: &Config) -> Self {
        for (id, started) in std::mem::take(&mut self.running) {
            let target = self
                .plan
                .reach
                .iter()
                .find(|probe| probe.id() == id)
                .map(Probe::target)
                .unwrap_or_default();
            let duration = at.since(started);
            self.observations.push(Observation {
                id,
                target,
                started,
                duration,
                seen: Seen::Unfinished,
            });
        }
        self.elapsed = at;
        self.conclusion = Some(conclude(config, &self.observations));
        self.phase = phase;
        self
    }
}
