//! Where another tool does better than Clearline: reckoned from the runs, so that nobody chooses what is said.

use super::super::median;
use super::figures::{Rate, Runs, lines, says_something};
use super::lines::Line;
use super::record::{Record, Told, Tool};

/// Something by which the tools are compared on a line; less is better.
struct Contest {
    /// What is better about the one that has less.
    says: &'static str,
    unit: &'static str,
    decimals: usize,
    /// What a tool has on a line, if it has something.
    of: fn(&[Record], &Line, Tool) -> Option<f64>,
}

const CONTESTS: [Contest; 7] = [
    Contest {
        says: "ends sooner",
        unit: "s",
        decimals: 1,
        of: |records, line, tool| match line {
            Line::Healthy | Line::Narrow(_) => {
                let mut runs = Runs::of(records, line, tool);
                runs.0
                    .retain(|record| record.told().is_some_and(|told| says_something(told, tool)));
                median(&runs.times())
            }
            _ => None,
        },
    },
    Contest {
        says: "is nearer to the line's rate on the call's path",
        unit: "% off",
        decimals: 1,
        of: |records, line, tool| rate_error(records, line, tool, Rate::Call),
    },
    Contest {
        says: "is nearer to the line's rate over HTTPS, downwards",
        unit: "% off",
        decimals: 1,
        of: |records, line, tool| rate_error(records, line, tool, Rate::HttpsDown),
    },
    Contest {
        says: "is nearer to the line's rate over HTTPS, upwards",
        unit: "% off",
        decimals: 1,
        of: |records, line, tool| rate_error(records, line, tool, Rate::HttpsUp),
    },
    Contest {
        says: "is nearer to the loss",
        unit: "points off",
        decimals: 1,
        of: |records, line, tool| {
            let set = line.loss()?;
            error(records, line, tool, |told| Some(told.loss? * 100.0 - set))
        },
    },
    Contest {
        says: "is nearer to the round trip",
        unit: "ms off",
        decimals: 1,
        of: |records, line, tool| {
            let (set, _) = line.lateness(tool)?;
            error(records, line, tool, |told| Some(told.round_trip_ms? - set))
        },
    },
    Contest {
        says: "is nearer to the jitter, each by its own definition",
        unit: "ms off",
        decimals: 1,
        of: |records, line, tool| {
            let (_, set) = line.lateness(tool)?;
            error(records, line, tool, |told| Some(told.jitter_ms? - set))
        },
    },
];

fn rate_error(records: &[Record], line: &Line, tool: Tool, rate: Rate) -> Option<f64> {
    let Line::Narrow(kbps) = line else {
        return None;
    };
    error(records, line, tool, |told| rate.error(told, f64::from(*kbps)))
}

/// How far the median is off, whichever way.
fn error(records: &[Record], line: &Line, tool: Tool, of: impl Fn(&Told) -> Option<f64>) -> Option<f64> {
    Some(median(&Runs::of(records, line, tool).values(of))?.abs())
}

/// One sentence for each tool and contest.
pub fn sentences(records: &[Record]) -> Vec<String> {
    let others = Tool::ALL.into_iter().filter(|tool| *tool != Tool::Clearline);
    let of_tool = |tool: Tool| {
        let contests = CONTESTS
            .iter()
            .filter_map(move |contest| sentence(records, contest, tool));
        smaller(records, tool).into_iter().chain(contests)
    };
    others.flat_map(of_tool).collect()
}

fn sentence(records: &[Record], contest: &Contest, tool: Tool) -> Option<String> {
    let places: Vec<String> = lines(records, |_| true)
        .iter()
        .filter_map(|line| {
            // Where Clearline did not run there is nothing to be better than.
            let ran = !Runs::of(records, line, Tool::Clearline).0.is_empty();
            let theirs = (contest.of)(records, line, tool).filter(|_| ran)?;
            let against = match (contest.of)(records, line, Tool::Clearline) {
                Some(ours) if ours <= theirs => return None,
                Some(ours) => format!("{ours:.*}", contest.decimals),
                None => "nothing exact".to_owned(),
            };
            Some(format!(
                "{}: {theirs:.*} {} against {against}",
                line.label(),
                contest.decimals,
                contest.unit
            ))
        })
        .collect();
    (!places.is_empty()).then(|| format!("{} {} ({}).", tool.name(), contest.says, places.join("; ")))
}

fn smaller(records: &[Record], tool: Tool) -> Option<String> {
    let bytes = |tool: Tool| {
        records
            .iter()
            .rev()
            .find(|record| record.tool == tool)
            .and_then(|record| record.bytes)
    };
    let (theirs, ours) = (bytes(tool)?, bytes(Tool::Clearline)?);
    (theirs < ours).then(|| {
        format!(
            "{} loads less: {theirs} bytes of brotli against {ours}.",
            tool.name()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::record;
    use super::*;

    fn told(seconds: f64, rate: Option<f64>) -> Told {
        Told {
            finished: true,
            duration_ms: Some(seconds * 1000.0),
            rate_kbps: rate,
            ..Told::default()
        }
    }

    #[test]
    fn whoever_is_better_is_named_with_both_figures() {
        let records = [
            record(Tool::Clearline, Line::Narrow(40), told(40.0, Some(42.0))),
            record(Tool::Clearline, Line::Narrow(300), told(12.0, None)),
            record(Tool::Jitsi, Line::Narrow(40), told(9.0, Some(30.0))),
            record(Tool::Jitsi, Line::Narrow(300), told(19.0, Some(270.0))),
            record(Tool::Twilio, Line::Narrow(40), told(15.0, None)),
        ];
        let said = sentences(&records);
        assert_eq!(
            said,
            [
                "Jitsi ends sooner (40 kbit/s: 9.0 s against 40.0).",
                "Jitsi is nearer to the line's rate on the call's path (300 kbit/s: 10.0 % off against nothing exact).",
            ]
        );
    }

    #[test]
    fn without_clearlines_runs_nobody_is_better() {
        assert!(sentences(&[record(Tool::Jitsi, Line::Narrow(40), told(9.0, Some(30.0)))]).is_empty());
    }
}
