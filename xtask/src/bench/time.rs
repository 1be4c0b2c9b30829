//! `cargo xtask bench time`: where the time of a run on a healthy line goes.

use serde_json::Value;

use super::{Common, run, spread};
use crate::command::Outcome;

/// Where the time of one run went, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Spent {
    /// From the start to the verdict.
    whole: f64,
    /// Until the sign-in host or TURN was reached, whichever was first.
    first_word: f64,
    /// Questions to web servers and TURN.
    questions: f64,
    /// Until voice flowed both ways.
    call: f64,
    /// The ladder's samples.
    samples: f64,
    /// Between them: a rate is set, and encoder and path take it up.
    settling: f64,
    /// Bandwidth over HTTPS.
    bandwidth: f64,
}

impl Spent {
    /// Out of a report.
    fn of(report: &Value) -> Option<Self> {
        let probes = report["probes"].as_array()?;
        let spans = |which: &dyn Fn(&str) -> bool| -> Vec<(f64, f64)> {
            let named = probes
                .iter()
                .filter(|probe| probe["id"].as_str().is_some_and(which));
            let span = |probe: &Value| {
                let start = probe["started_ms"].as_f64()?;
                Some((start, start + probe["duration_ms"].as_f64()?))
            };
            named.filter_map(span).collect()
        };
        let of = |kind: &str| covered(spans(&|id| id.starts_with(kind)));
        let asked = |id: &str| {
            ["page", "https:", "turn", "name:", "credentials:"]
                .iter()
                .any(|it| id.starts_with(it))
        };
        let steps = report["media"]["ladder"].as_array().into_iter().flatten();
        let samples = steps.filter_map(|step| step["duration_ms"].as_f64()).sum();
        let ends = spans(&|id| id.starts_with("https:") || id.starts_with("turn:"));
        let first_word = ends.into_iter().map(|(_, end)| end).reduce(f64::min);
        Some(Self {
            whole: report["run"]["duration_ms"].as_f64()?,
            first_word: first_word?,
            questions: covered(spans(&asked)),
            call: of("call:"),
            samples,
            settling: (of("ladder:") - samples).max(0.0),
            bandwidth: of("bandwidth"),
        })
    }

    /// What is none of that: our own.
    fn ours(self) -> f64 {
        self.whole - self.questions - self.call - self.samples - self.settling - self.bandwidth
    }
}

/// How much time is covered by spans that may overlap.
fn covered(mut spans: Vec<(f64, f64)>) -> f64 {
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut sum, mut until) = (0.0, 0.0);
    for (start, end) in spans {
        sum += (end - start.max(until)).max(0.0);
        until = end.max(until);
    }
    sum
}

pub fn main(arguments: &[String]) -> Outcome<()> {
    let mut common = Common::parse(arguments)?;
    let page = common.page()?;
    println!(
        "{} runs each on a healthy line, {}; milliseconds, medians with the least and the most\n\n\
         | depth | first word | questions | call | samples | settling | bandwidth | ours | verdict after |\n\
         |---|---|---|---|---|---|---|---|---|",
        common.times,
        common.engine.as_str(),
    );
    for depth in ["quick", "full"] {
        let world = format!("title = 'A healthy line'\ndepth = '{depth}'\n[expect]\nverdict = 'ready'\n");
        let mut all = Vec::new();
        for _ in 0..common.times {
            all.extend(Spent::of(&run(&world, common.engine, &page)?));
        }
        let column =
            |of: fn(Spent) -> f64| spread(&all.iter().map(|spent| of(*spent)).collect::<Vec<_>>(), 0);
        let columns = [
            column(|it| it.first_word),
            column(|it| it.questions),
            column(|it| it.call),
            column(|it| it.samples),
            column(|it| it.settling),
            column(|it| it.bandwidth),
            column(Spent::ours),
            column(|it| it.whole),
        ];
        println!("| {depth} | {} |", columns.join(" | "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_times_count_once() {
        assert_eq!(covered(vec![(5.0, 9.0), (0.0, 4.0), (3.0, 6.0)]), 9.0);
        assert_eq!(covered(Vec::new()), 0.0);
    }

    #[test]
    fn what_no_probe_took_is_ours() {
        let probe = |id: &str, start: u32, long: u32| serde_json::json!({ "id": id, "started_ms": start, "duration_ms": long });
        let report = serde_json::json!({
            "run": { "duration_ms": 4_000 },
            "probes": [
                probe("https:page", 0, 300), probe("turn:turn-1", 10, 90), probe("call:turn-1", 320, 680),
                probe("ladder:turn-1", 1_000, 2_000), probe("bandwidth", 3_000, 900), probe("attention", 0, 4_000),
            ],
            "media": { "ladder": [{ "duration_ms": 700 }, { "duration_ms": 800 }] },
        });
        let spent = Spent::of(&report).expect("whole");
        assert_eq!(
            (spent.first_word, spent.questions, spent.settling),
            (100.0, 300.0, 500.0)
        );
        assert!((spent.ours() - 120.0).abs() < 1e-9, "{spent:?}");
        assert_eq!(Spent::of(&serde_json::json!({})), None);
    }
}
