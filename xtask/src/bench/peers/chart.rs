//! The chart of `docs/benchmark.svg`: how far the told rate is off, and the time to the result. Its colours are readable on
//! light and on dark ground.

use std::fmt::Write as _;

use super::super::median;
use super::figures::{Rate, Runs, lines, says_something};
use super::lines::Line;
use super::record::{Record, Tool};

const WIDTH: f64 = 800.0;
const PANEL: f64 = 250.0;
/// Of a panel: the bars' ground and how high they can be.
const GROUND: f64 = 200.0;
const HEIGHT: f64 = 140.0;
const LEFT: f64 = 50.0;
const LEGEND: f64 = 34.0;

const STYLE: &str = "\
text { font: 12px system-ui, sans-serif; fill: #57606a }
.title { font-weight: 600; font-size: 14px }
.value { font-size: 10px; text-anchor: middle }
.group { text-anchor: middle }
.axis { text-anchor: end }
line { stroke: #8b949e; stroke-opacity: 0.4 }
.clearline { fill: #2f81f7 }
.twilio { fill: #d1724f }
.jitsi { fill: #8f7fd6 }
.cloudflare { fill: #6a9c6a }
.pale { fill-opacity: 0.35 }
@media (prefers-color-scheme: dark) { text { fill: #adbac7 } }
";

/// What stands for a tool in a group of bars.
#[derive(Clone, Debug, PartialEq)]
enum Bar {
    /// It did not run there.
    Absent,
    /// It ran, and told nothing.
    Nothing,
    Value(f64),
    /// It had not ended by then, or ended with nothing told; and how that is written.
    Pale(f64, String),
}

struct Group {
    label: String,
    bars: Vec<(Tool, Bar)>,
}

struct Panel {
    title: &'static str,
    unit: &'static str,
    /// What the highest bar stands for; more is cut off there.
    most: f64,
    groups: Vec<Group>,
}

/// The chart of these runs.
pub fn svg(records: &[Record]) -> String {
    let panels = [
        Panel {
            title: "How far the told rate is off the line's (median; Cloudflare's over HTTPS, down; –: none told)",
            unit: " %",
            most: 100.0,
            groups: groups(records, |line| matches!(line, Line::Narrow(_)), error),
        },
        Panel {
            title: "Time to the result (median; pale: not finished, or no rate told)",
            unit: " s",
            most: 60.0,
            groups: groups(
                records,
                |line| matches!(line, Line::Healthy | Line::Narrow(_)),
                time,
            ),
        },
    ];
    let panels: Vec<Panel> = panels
        .into_iter()
        .filter(|panel| !panel.groups.is_empty())
        .collect();
    let height = LEGEND + PANEL * panels.len() as f64;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" role=\"img\">\n<title>Clearline beside other tools</title>\n<style>\n{STYLE}</style>\n"
    );
    for (index, tool) in Tool::ALL.into_iter().enumerate() {
        let x = LEFT + 120.0 * index as f64;
        _ = writeln!(
            text,
            "<rect class=\"{}\" x=\"{x}\" y=\"10\" width=\"12\" height=\"12\"/><text x=\"{}\" y=\"21\">{}</text>",
            tool.id(),
            x + 18.0,
            tool.name()
        );
    }
    for (index, panel) in panels.iter().enumerate() {
        draw(&mut text, panel, LEGEND + PANEL * index as f64);
    }
    text + "</svg>\n"
}

fn groups(
    records: &[Record],
    which: impl Fn(&Line) -> bool,
    bar: impl Fn(&Runs<'_>, &Line, Tool) -> Bar,
) -> Vec<Group> {
    let group = |line: &Line| {
        let bars = Tool::ALL.map(|tool| {
            let runs = Runs::of(records, line, tool);
            let bar = match runs.0.is_empty() {
                true => Bar::Absent,
                false => bar(&runs, line, tool),
            };
            (tool, bar)
        });
        Group {
            label: line.label(),
            bars: bars.to_vec(),
        }
    };
    lines(records, which).iter().map(group).collect()
}

fn error(runs: &Runs<'_>, line: &Line, tool: Tool) -> Bar {
    let Line::Narrow(kbps) = line else {
        return Bar::Absent;
    };
    let rate = match tool {
        Tool::Cloudflare => Rate::HttpsDown,
        _ => Rate::Call,
    };
    let errors = runs.values(|told| rate.error(told, f64::from(*kbps)));
    median(&errors).map_or(Bar::Nothing, |error| Bar::Value(error.abs()))
}

/// Where not every run came to its end, the bar stands for the longest that was waited for.
fn time(runs: &Runs<'_>, _: &Line, tool: Tool) -> Bar {
    let told_something = runs.told().any(|told| says_something(told, tool));
    match (runs.unfinished(), median(&runs.times())) {
        (Some((seconds, _)), _) => Bar::Pale(seconds, format!("{seconds:.0}+")),
        (None, Some(seconds)) if told_something => Bar::Value(seconds),
        (None, Some(seconds)) => Bar::Pale(seconds, shown(seconds)),
        (None, None) => Bar::Nothing,
    }
}

fn draw(text: &mut String, panel: &Panel, top: f64) {
    let ground = top + GROUND;
    _ = writeln!(
        text,
        "<text class=\"title\" x=\"{LEFT}\" y=\"{}\">{}</text>",
        top + 28.0,
        panel.title
    );
    for share in [0.0, 0.5, 1.0] {
        let y = ground - HEIGHT * share;
        _ = writeln!(
            text,
            "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{y}\" y2=\"{y}\"/><text class=\"axis\" x=\"{}\" y=\"{}\">{:.0}{}</text>",
            WIDTH - 10.0,
            LEFT - 6.0,
            y + 4.0,
            panel.most * share,
            panel.unit
        );
    }
    let wide = (WIDTH - LEFT - 10.0) / panel.groups.len() as f64;
    for (index, group) in panel.groups.iter().enumerate() {
        let left = LEFT + wide * index as f64;
        _ = writeln!(
            text,
            "<text class=\"group\" x=\"{:.1}\" y=\"{}\">{}</text>",
            left + wide / 2.0,
            ground + 18.0,
            group.label
        );
        let bar = wide * 0.8 / group.bars.len() as f64;
        for (place, (tool, value)) in group.bars.iter().enumerate() {
            let x = left + wide * 0.1 + bar * place as f64;
            draw_bar(text, *tool, value, x, bar, ground, panel.most);
        }
    }
}

fn draw_bar(text: &mut String, tool: Tool, bar: &Bar, x: f64, wide: f64, ground: f64, most: f64) {
    let (value, pale, label) = match bar {
        Bar::Absent => return,
        Bar::Nothing => (0.0, "", "–".to_owned()),
        Bar::Value(value) => (*value, "", shown(*value)),
        Bar::Pale(value, label) => (*value, " pale", label.clone()),
    };
    let high = HEIGHT * (value / most).min(1.0);
    let y = ground - high;
    _ = writeln!(
        text,
        "<rect class=\"{}{pale}\" x=\"{:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{high:.1}\"/>\
         <text class=\"value\" x=\"{:.1}\" y=\"{:.1}\">{label}</text>",
        tool.id(),
        x + 1.0,
        wide - 2.0,
        x + wide / 2.0,
        y - 4.0
    );
}

fn shown(value: f64) -> String {
    match value < 9.95 {
        true => format!("{value:.1}"),
        false => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::{Told, tests::record};
    use super::*;

    fn told(rate: Option<f64>, seconds: f64, finished: bool) -> Told {
        Told {
            finished,
            duration_ms: Some(seconds * 1000.0),
            rate_kbps: rate,
            ..Told::default()
        }
    }

    #[test]
    fn bars_stand_for_medians_and_say_what_is_missing() {
        let records = [
            record(Tool::Clearline, Line::Narrow(300), told(None, 12.0, true)),
            record(Tool::Jitsi, Line::Narrow(300), told(Some(240.0), 9.0, true)),
            record(Tool::Cloudflare, Line::Narrow(300), told(None, 58.0, false)),
        ];
        let text = svg(&records);
        // 20 % of 140 units; nothing told; not finished.
        assert!(text.contains("height=\"28.0\"/>"), "{text}");
        assert!(
            text.contains(">–</text>") && text.contains("cloudflare pale") && text.contains(">58+</text>")
        );
        assert!(
            !text.contains("rect class=\"twilio\" x=\"1") || text.matches("class=\"twilio\"").count() == 1
        );
        assert_eq!(text.matches("<text").count(), text.matches("</text>").count());
    }

    #[test]
    fn what_is_off_the_scale_is_cut_off_and_still_named() {
        let records = [record(
            Tool::Twilio,
            Line::Narrow(40),
            told(Some(140.0), 10.0, true),
        )];
        let text = svg(&records);
        assert!(
            text.contains(&format!("height=\"{HEIGHT:.1}\"")) && text.contains(">250</text>"),
            "{text}"
        );
    }

    #[test]
    fn without_runs_there_is_an_empty_chart() {
        assert!(svg(&[]).ends_with("</svg>\n"));
    }
}
