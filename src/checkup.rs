//! The run: its state, the events that change it, and the driver that walks a plan over a [`Network`].

use crate::activity::Activity;
use crate::diagnosis::{Finding, Verdict};
use crate::fix::Fix;
use crate::observation::{Observation, Step};
use crate::plan::Plan;
use crate::probe::ProbeId;
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
    pub plan: Plan,
    /// Probes under way, with their start.
    pub running: Vec<(ProbeId, Millis)>,
    /// What was seen so far.
    pub observations: Vec<Observation>,
    /// The ladder's steps so far.
    pub steps: Vec<Step>,
    /// Time since the start of the run.
    pub elapsed: Millis,
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
}

/// Something that happened. Times count from the start of the run.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A run starts.
    Started(Plan),
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
    /// Time passes.
    Ticked(Millis),
    /// All that was planned is done.
    Finished(Millis),
    /// The agent stopped the run.
    Stopped(Millis),
}
