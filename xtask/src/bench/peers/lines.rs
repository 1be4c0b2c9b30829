//! The lines on which the tools run side by side, as worlds of the laboratory.

use lab::world::World;
use serde::{Deserialize, Serialize};

use super::super::{Transport, failure};
use super::record::Tool;
use crate::command::{self, Outcome};

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Line {
    /// A good office's: [`HEALTHY`] in both directions, TURN over TCP.
    Healthy,
    /// So many kbit/s in both directions, TURN over TCP.
    Narrow(u32),
    /// The same, with so many of a hundred UDP packets lost, each way, and TURN over UDP.
    Lossy(u32),
    /// The same, where TURN over UDP is so many milliseconds further away, each way, and up to so many more by chance.
    Late(u32, u32),
    /// A world of the laboratory, on such a line too where it says nothing else.
    Fault(String),
}

/// A part of the benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Healthy,
    Links,
    Quality,
    Faults,
}

/// In kbit/s. As fast as the machine would be no line that anybody has: `@cloudflare/speedtest` then ends its uploads
/// before the delays that it measures beside them are there, and breaks off.
const HEALTHY: u32 = 50_000;
/// In kbit/s.
pub const RATES: [u32; 4] = [40, 100, 300, 2000];
const LOSSES: [u32; 2] = [2, 6];
const LATE: (u32, u32) = (20, 10);
const FAULTS: [&str; 4] = ["turn-dropped", "inspected-reset", "wrong-password", "link-60"];

impl Part {
    pub const ALL: [(&'static str, Self); 4] = [
        ("healthy", Self::Healthy),
        ("links", Self::Links),
        ("quality", Self::Quality),
        ("faults", Self::Faults),
    ];

    /// Its lines, the narrow ones of these rates.
    pub fn lines(self, rates: &[u32]) -> Vec<Line> {
        match self {
            Self::Healthy => vec![Line::Healthy],
            Self::Links => rates.iter().copied().map(Line::Narrow).collect(),
            Self::Quality => LOSSES
                .into_iter()
                .map(Line::Lossy)
                .chain([Line::Late(LATE.0, LATE.1)])
                .collect(),
            Self::Faults => FAULTS.map(|name| Line::Fault(name.to_owned())).to_vec(),
        }
    }

    /// How many runs on each line are enough: a conclusion in words has no median.
    pub fn times(self, wanted: u32) -> u32 {
        match self {
            Self::Faults => wanted.min(1),
            _ => wanted,
        }
    }
}

impl Line {
    /// Whether a run there can tell something that this tool measures.
    pub fn is_for(&self, tool: Tool) -> bool {
        match self {
            Self::Lossy(_) => tool != Tool::Twilio,
            Self::Late(..) => matches!(tool, Tool::Clearline | Tool::Jitsi),
            _ => true,
        }
    }

    /// For the progress and the chart.
    pub fn label(&self) -> String {
        match self {
            Self::Healthy => "healthy".to_owned(),
            Self::Narrow(rate) => format!("{rate} kbit/s"),
            Self::Lossy(percent) => format!("{percent} % lost"),
            Self::Late(delay, jitter) => format!("{delay} ms late, and up to {jitter} more"),
            Self::Fault(name) => name.clone(),
        }
    }

    /// The laboratory's world.
    pub fn world(&self) -> Outcome<World> {
        let fault = |kind: &str, values: &str| format!("[[faults]]\nkind = '{kind}'\n{values}\n");
        let (title, rate, transport, faults) = match self {
            Self::Healthy => (
                "A healthy line".to_owned(),
                HEALTHY,
                Transport::Tcp,
                String::new(),
            ),
            Self::Narrow(rate) => (
                format!("A line of {rate} kbit/s"),
                *rate,
                Transport::Tcp,
                String::new(),
            ),
            Self::Lossy(percent) => (
                format!("{percent} % of the packets are lost, each way"),
                HEALTHY,
                Transport::Udp,
                fault("lossy", &format!("percent = {percent}")),
            ),
            Self::Late(delay, jitter) => (
                format!("TURN is {delay} to {} ms away, each way", delay + jitter),
                HEALTHY,
                Transport::Udp,
                fault("turn-delay", &format!("ms = {delay}\njitter_ms = {jitter}")),
            ),
            Self::Fault(name) => {
                let file = command::root()
                    .join("lab")
                    .join("worlds")
                    .join(format!("{name}.toml"));
                let mut world = World::parse(name, &std::fs::read_to_string(file)?).map_err(failure)?;
                // Mending the world is another test's business.
                world.fix = None;
                world.link.up_kbps.get_or_insert(HEALTHY);
                world.link.down_kbps.get_or_insert(HEALTHY);
                return Ok(world);
            }
        };
        let text = format!(
            "title = '{title}'\n[link]\nup_kbps = {rate}\ndown_kbps = {rate}\n{faults}{}[expect]\nverdict = 'ready'\n",
            transport.config()
        );
        World::parse("bench", &text).map_err(failure)
    }

    /// What a call's loop loses there, in percent: it passes the line twice.
    pub fn loss(&self) -> Option<f64> {
        let Self::Lossy(percent) = self else {
            return None;
        };
        let kept = 1.0 - f64::from(*percent) / 100.0;
        Some((1.0 - kept * kept) * 100.0)
    }

    /// Round trip and jitter, in milliseconds, as this tool defines them; a message of the loop passes the line twice.
    ///
    /// Clearline's jitter is RFC 3550's: it settles at the mean change from packet to packet, 7/15 of one chance's width.
    /// Jitsi's is the standard deviation of its round trips, which is the width by the root of 6.
    pub fn lateness(&self, tool: Tool) -> Option<(f64, f64)> {
        let Self::Late(delay, jitter) = self else {
            return None;
        };
        let (delay, jitter) = (f64::from(*delay), f64::from(*jitter));
        let round_trip = 2.0 * delay + jitter;
        match tool {
            Tool::Clearline => Some((round_trip, jitter * 7.0 / 15.0)),
            Tool::Jitsi => Some((round_trip, jitter / 6.0_f64.sqrt())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_world_that_the_laboratory_reads() {
        for (name, part) in Part::ALL {
            let lines = part.lines(&RATES);
            assert!(!lines.is_empty(), "{name}");
            for line in lines {
                let world = line.world().expect("parses");
                assert!(world.fix.is_none() && world.config().is_object(), "{line:?}");
                assert!(world.link.up_kbps.is_some() && world.link.down_kbps.is_some());
            }
        }
    }

    #[test]
    fn a_narrow_line_is_narrow_both_ways() {
        let link = Line::Narrow(40).world().expect("parses").link;
        assert_eq!((link.up_kbps, link.down_kbps), (Some(40), Some(40)));
    }

    #[test]
    fn what_is_set_is_reckoned_for_the_loop() {
        let loss = Line::Lossy(10).loss().expect("is set");
        assert!((loss - 19.0).abs() < 1e-9);
        assert_eq!(Line::Late(20, 15).lateness(Tool::Clearline), Some((55.0, 7.0)));
        assert_eq!(Line::Late(20, 15).lateness(Tool::Twilio), None);
        assert_eq!(Line::Healthy.loss(), None);
    }

    #[test]
    fn faults_are_run_once() {
        assert_eq!((Part::Faults.times(5), Part::Faults.times(0)), (1, 0));
        assert_eq!(Part::Links.times(5), 5);
    }
}
