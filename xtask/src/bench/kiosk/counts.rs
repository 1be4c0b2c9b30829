//! What a wallboard takes: of the processor, of the line, of memory.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use lab::stage::Stage;
use lab::stage::hands::Traffic;
use serde_json::json;

use crate::bench::soak::{number_of, resident};
use crate::command::Outcome;
use crate::devtools::Page;
use crate::inside::failure;

/// What was taken in some span.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taken {
    pub time: Duration,
    pub processor: f64,
    pub received: f64,
    pub sent: f64,
}

impl Taken {
    fn add(&mut self, other: Self) {
        self.time += other.time;
        self.processor += other.processor;
        self.received += other.received;
        self.sent += other.sent;
    }
}

/// The counters between two looks.
pub struct Counters {
    at: Instant,
    traffic: Traffic,
    /// The last that was seen of every process, also of those that have ended.
    processes: BTreeMap<u32, f64>,
    /// During runs and between them, without the faults.
    pub runs: Taken,
    pub between: Taken,
    /// Everything.
    pub all: Taken,
}

impl Counters {
    pub fn new(stage: &Stage) -> Outcome<Self> {
        Ok(Self {
            at: Instant::now(),
            traffic: stage.traffic().map_err(failure)?,
            processes: stage.processor().map_err(failure)?.into_iter().collect(),
            runs: Taken::default(),
            between: Taken::default(),
            all: Taken::default(),
        })
    }

    /// What was taken since the last look, put where it belongs: to a run, to the time between two, or, where something is
    /// broken, to neither.
    pub fn look(&mut self, stage: &Stage, running: bool, broken: bool) -> Outcome<()> {
        let (now, traffic) = (Instant::now(), stage.traffic().map_err(failure)?);
        let mut processor = 0.0;
        for (process, seconds) in stage.processor().map_err(failure)? {
            processor += seconds - self.processes.insert(process, seconds).unwrap_or(0.0);
        }
        let taken = Taken {
            time: now - self.at,
            processor,
            received: traffic.received.saturating_sub(self.traffic.received) as f64,
            sent: traffic.sent.saturating_sub(self.traffic.sent) as f64,
        };
        (self.at, self.traffic) = (now, traffic);
        self.all.add(taken);
        match (broken, running) {
            (true, _) => {}
            (false, true) => self.runs.add(taken),
            (false, false) => self.between.add(taken),
        }
        Ok(())
    }
}

/// What the page holds, after a collection.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held {
    /// Of JavaScript, in kB.
    pub heap: f64,
    pub nodes: f64,
    pub listeners: f64,
    /// Resident memory of the page's process, in kB.
    pub resident: f64,
}

impl Held {
    pub fn by(page: &mut Page) -> Outcome<Self> {
        page.call("HeapProfiler.collectGarbage", json!({}))?;
        let heap = page.call("Runtime.getHeapUsage", json!({}))?;
        let dom = page.call("Memory.getDOMCounters", json!({}))?;
        Ok(Self {
            heap: number_of(&heap["usedSize"]) / 1000.0,
            nodes: number_of(&dom["nodes"]),
            listeners: number_of(&dom["jsEventListeners"]),
            resident: resident(page)?,
        })
    }

    /// The mean of some.
    pub fn mean(all: &[Self]) -> Self {
        let of = |part: fn(&Self) -> f64| all.iter().map(part).sum::<f64>() / all.len() as f64;
        Self {
            heap: of(|it| it.heap),
            nodes: of(|it| it.nodes),
            listeners: of(|it| it.listeners),
            resident: of(|it| it.resident),
        }
    }
}
