//! `cargo xtask bench lines`: how exact the page is on narrow lines.

use std::path::Path;

use serde_json::Value;

use super::{Common, Transport, USAGE, number, run, spread};
use crate::command::{Failure, Outcome};

/// Rates of the lines, in kbit/s.
const RATES: [u32; 8] = [40, 60, 80, 100, 150, 200, 250, 300];
/// Which direction is narrow, as in a world's `[link]`, and what the report should call it.
const WAYS: [(&str, &[&str], Option<&str>); 3] = [
    ("both", &["up", "down"], None),
    ("up", &["up"], Some("up")),
    ("down", &["down"], Some("down")),
];
/// Steps of the ladder, in kbps.
const STEPS: [f64; 9] = [10.0, 16.0, 24.0, 32.0, 48.0, 64.0, 96.0, 128.0, 160.0];

/// What runs on a line told.
#[derive(Default)]
struct Told {
    highest: Vec<f64>,
    truth: Vec<f64>,
    right: u32,
    capacity: Vec<f64>,
    direction: u32,
    seconds: Vec<f64>,
    runs: u32,
}

pub fn main(arguments: &[String]) -> Outcome<()> {
    let (mut common, mut rates, mut ways, mut transport) =
        (Common::new(), RATES.to_vec(), WAYS.to_vec(), Transport::Tcp);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| Failure::new(USAGE));
        if common.take(argument, &mut value)? {
            continue;
        }
        match argument.as_str() {
            "--rates" => rates = value()?.split(',').map(number).collect::<Outcome<_>>()?,
            "--ways" => {
                let named = value()?;
                ways.retain(|(way, ..)| named.split(',').any(|name| name == *way));
            }
            "--transport" => transport = Transport::named(value()?)?,
            _ => return Err(Failure::new(USAGE)),
        }
    }
    let page = common.page()?;
    println!(
        "{} runs each, {}, {}; medians with the least and the most\n\n\
         | line, kbit/s | narrow | highest clean step, kbps | what fits | right | capacity on the wire, kbit/s | worst error | direction right | time, s |\n\
         |---|---|---|---|---|---|---|---|---|",
        common.times,
        common.engine.as_str(),
        transport.as_str(),
    );
    for rate in rates {
        for (way, narrow, direction) in &ways {
            let told = on(rate, narrow, *direction, transport, &common, &page)?;
            let worst = told
                .capacity
                .iter()
                .map(|one| (one / f64::from(rate) - 1.0).abs())
                .reduce(f64::max);
            let worst = worst.map_or_else(String::new, |worst| format!("{:.1} %", worst * 100.0));
            println!(
                "| {rate} | {way} | {} | {} | {} of {} | {} | {worst} | {} of {} | {} |",
                spread(&told.highest, 0),
                range(&told.truth),
                told.right,
                told.runs,
                spread(&told.capacity, 0),
                told.direction,
                told.runs,
                spread(&told.seconds, 0),
            );
        }
    }
    Ok(())
}

/// `32 to 48`
fn range(values: &[f64]) -> String {
    let least = values.iter().copied().reduce(f64::min);
    let most = values.iter().copied().reduce(f64::max);
    match least.zip(most) {
        Some((least, most)) if least < most => format!("{least:.0} to {most:.0}"),
        Some((least, _)) => format!("{least:.0}"),
        None => "not known".to_owned(),
    }
}

/// Runs on one line.
fn on(
    rate: u32,
    narrow: &[&str],
    direction: Option<&str>,
    transport: Transport,
    common: &Common,
    page: &Path,
) -> Outcome<Told> {
    let link: String = narrow
        .iter()
        .map(|way| format!("{way}_kbps = {rate}\n"))
        .collect();
    let world = format!(
        "title = 'A line of {rate} kbit/s'\n[link]\n{link}{}[expect]\nverdict = 'ready'\n",
        transport.config()
    );
    let mut told = Told::default();
    for _ in 0..common.times {
        let report = run(&world, common.engine, page)?;
        let media = &report["media"];
        told.runs += 1;
        // No clean step is a result, no capacity is none.
        let highest = media["highest_clean_kbps"].as_f64().unwrap_or(0.0);
        told.highest.push(highest);
        // Where the voice has all that it takes, no direction holds it back.
        let expected = direction.filter(|_| STEPS.last().is_some_and(|top| highest < *top));
        told.direction += u32::from(media["limited_direction"].as_str() == expected);
        if let Some((least, most)) = fits(f64::from(rate), &media["ladder"], transport) {
            told.truth.extend([least, most]);
            told.right += u32::from((least..=most).contains(&highest));
        }
        told.capacity.extend(media["capacity_kbps"].as_f64());
        told.seconds
            .extend(report["run"]["duration_ms"].as_f64().map(|ms| ms / 1000.0));
    }
    Ok(told)
}

/// Kbit/s that a byte of each of 50 packets per second takes.
const PER_BYTE: f64 = 50.0 * 8.0 / 1000.0;
/// A frame's own bytes, as the laboratory's shaper counts them (`tc-tbf`).
const FRAME: f64 = 14.0;
/// TCP acknowledges each second segment, in a frame of 66 bytes: so many for each packet.
const ACKNOWLEDGED: f64 = 33.0;

/// What a packet takes beside its payload at the least: RTP 12 (RFC 3550), SRTP 10 (RFC 3711), ChannelData 4 (RFC 8656),
/// UDP 8, IPv4 20, and its frame.
const LEAST_BESIDE: f64 = 54.0 + FRAME;

/// The highest steps whose bytes on the wire fit through a line of this rate, 0 for none; `None` when no step was sent on a
/// line that may have carried one.
/// What goes on the wire beside the payload is taken from the steps that were sent. Over TCP there are two answers: with
/// every packet in a segment of its own, and two in each, as TCP does it once the line is nearly full; those come 40 ms
/// apart, so that each is acknowledged alone, which costs what the second header saves.
fn fits(rate: f64, ladder: &Value, transport: Transport) -> Option<(f64, f64)> {
    let beside = |step: &Value| Some(step["wire_kbps"].as_f64()? - step["sent_kbps"].as_f64()?);
    let mut costs: Vec<f64> = ladder.as_array()?.iter().filter_map(beside).collect();
    costs.sort_by(f64::total_cmp);
    if STEPS[0] + LEAST_BESIDE * PER_BYTE > rate {
        return Some((0.0, 0.0));
    }
    let full = costs.get(costs.len() / 2)? + FRAME * PER_BYTE;
    let free = match transport {
        Transport::Tcp => full + ACKNOWLEDGED * PER_BYTE,
        Transport::Udp => full,
    };
    let highest = |cost: f64| {
        let fitting = STEPS.into_iter().rev().find(|step| step + cost <= rate);
        fitting.unwrap_or(0.0)
    };
    Some((highest(free), highest(full)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_reckoned_with_what_the_steps_took_on_the_wire() {
        let ladder = serde_json::json!([
            { "sent_kbps": 31.0, "wire_kbps": 65.0 },
            { "sent_kbps": 47.0, "wire_kbps": 83.0 },
            { "sent_kbps": null, "wire_kbps": null },
        ]);
        assert_eq!(fits(100.0, &ladder, Transport::Tcp), Some((32.0, 48.0)));
        assert_eq!(fits(100.0, &ladder, Transport::Udp), Some((48.0, 48.0)));
        assert_eq!(fits(40.0, &ladder, Transport::Udp), Some((0.0, 0.0)));
        assert_eq!(fits(70.0, &serde_json::json!([]), Transport::Tcp), None);
        assert_eq!(
            fits(30.0, &serde_json::json!([]), Transport::Tcp),
            Some((0.0, 0.0))
        );
    }
}
