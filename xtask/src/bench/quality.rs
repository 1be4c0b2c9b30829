//! `cargo xtask bench quality`: how exact delay, jitter and loss are, on lines where the laboratory's relay sets them.

use super::{Common, Transport, run, spread};
use crate::command::Outcome;

/// What is set on a line between the browser and TURN, each way.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Set {
    transport: Transport,
    delay_ms: u32,
    /// Up to so much more by chance, evenly.
    jitter_ms: u32,
    loss_percent: u32,
    /// So many packets in a row, in the mean.
    burst: u32,
    /// TCP stands still for so long, every two seconds.
    stall_ms: u32,
}

const fn delayed(transport: Transport, delay_ms: u32) -> Set {
    Set {
        transport,
        delay_ms,
        jitter_ms: 0,
        loss_percent: 0,
        burst: 1,
        stall_ms: 0,
    }
}

const fn stalling(stall_ms: u32) -> Set {
    Set {
        stall_ms,
        ..delayed(Transport::Tcp, 10)
    }
}

const fn losing(loss_percent: u32, burst: u32) -> Set {
    Set {
        loss_percent,
        burst,
        ..delayed(Transport::Udp, 0)
    }
}

const SETS: [Set; 19] = [
    delayed(Transport::Tcp, 0),
    delayed(Transport::Tcp, 10),
    delayed(Transport::Tcp, 25),
    delayed(Transport::Tcp, 50),
    delayed(Transport::Tcp, 100),
    delayed(Transport::Tcp, 200),
    delayed(Transport::Udp, 0),
    delayed(Transport::Udp, 25),
    delayed(Transport::Udp, 100),
    delayed(Transport::Udp, 200),
    Set {
        jitter_ms: 5,
        ..delayed(Transport::Udp, 20)
    },
    Set {
        jitter_ms: 10,
        ..delayed(Transport::Udp, 20)
    },
    losing(2, 1),
    losing(6, 1),
    losing(15, 1),
    losing(3, 3),
    losing(6, 4),
    stalling(500),
    stalling(800),
];

impl Set {
    fn world(self) -> String {
        let faults = format!(
            "[[faults]]\nkind = 'turn-delay'\nms = {}\njitter_ms = {}\nloss_percent = {}\nburst = {}\nstall_ms = {}\n",
            self.delay_ms, self.jitter_ms, self.loss_percent, self.burst, self.stall_ms
        );
        format!(
            "title = 'A line with a known quality'\n{faults}{}[expect]\nverdict = 'ready'\n",
            self.transport.config()
        )
    }

    /// Between browser and TURN, there and back: every message waits once each way.
    fn round_trip(self) -> f64 {
        f64::from(2 * self.delay_ms + self.jitter_ms)
    }

    /// The mean change from packet to packet, which is what RFC 3550's estimate settles at. A packet of the test call
    /// passes the line twice: two even chances each, so between two packets four. Their sum's mean distance from its
    /// middle is 7/15 of one's width.
    fn jitter(self) -> f64 {
        f64::from(self.jitter_ms) * 7.0 / 15.0
    }

    /// How much sound is lost at a time, in milliseconds: a packet has 20.
    fn lost_at_a_time(self) -> f64 {
        f64::from(20 * self.burst)
    }

    /// In percent, after both passes.
    fn loss(self) -> f64 {
        let kept = 1.0 - f64::from(self.loss_percent) / 100.0;
        (1.0 - kept * kept) * 100.0
    }
}

/// A cell, where something is set.
fn told(set: u32, text: &str) -> String {
    match set {
        0 => String::new(),
        _ => text.to_owned(),
    }
}

pub fn main(arguments: &[String]) -> Outcome<()> {
    let mut common = Common::parse(arguments)?;
    let page = common.page()?;
    println!(
        "{} runs each, {}; medians with the least and the most; jitter and loss of the call's loop, which passes the line twice\n\n\
         | TURN over | round trip set, ms | measured | jitter set, ms | measured | loss set, % | measured | its range holds it | lost at a time, ms | measured | stands still for, ms | measured |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|",
        common.times,
        common.engine.as_str(),
    );
    for set in SETS {
        let (mut trips, mut jitters, mut losses, mut bursts, mut gaps) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut held = 0;
        for _ in 0..common.times {
            let report = run(&set.world(), common.engine, &page)?;
            let media = &report["media"];
            trips.extend(media["round_trip_ms"].as_f64());
            jitters.extend(media["jitter_ms"].as_f64());
            losses.extend(media["loss"].as_f64().map(|share| share * 100.0));
            bursts.extend(media["burst_ms"].as_f64());
            let told = media["gaps"].as_array().into_iter().flatten();
            gaps.extend(told.filter_map(|gap| gap["length_ms"].as_f64()));
            let range = &media["spread"]["loss"];
            let ends = range["least"].as_f64().zip(range["most"].as_f64());
            held +=
                u32::from(ends.is_some_and(|(least, most)| (least..=most).contains(&(set.loss() / 100.0))));
        }
        println!(
            "| {} | {:.0} | {} | {:.1} | {} | {:.1} | {} | {held} of {} | {} | {} | {} | {} |",
            set.transport.as_str(),
            set.round_trip(),
            spread(&trips, 0),
            set.jitter(),
            spread(&jitters, 1),
            set.loss(),
            spread(&losses, 1),
            common.times,
            told(set.loss_percent, &format!("{:.0}", set.lost_at_a_time())),
            told(set.loss_percent, &spread(&bursts, 0)),
            told(set.stall_ms, &set.stall_ms.to_string()),
            told(set.stall_ms, &spread(&gaps, 0)),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_world_that_the_laboratory_reads() {
        for set in SETS {
            lab::world::World::parse("bench", &set.world()).expect("parses");
        }
    }

    #[test]
    fn what_is_set_is_reckoned_for_the_calls_two_passes() {
        let set = Set {
            transport: Transport::Udp,
            delay_ms: 20,
            jitter_ms: 15,
            loss_percent: 10,
            burst: 2,
            stall_ms: 0,
        };
        assert_eq!((set.round_trip(), set.jitter()), (55.0, 7.0));
        assert!((set.loss() - 19.0).abs() < 1e-9);
        assert_eq!(set.lost_at_a_time(), 40.0);
    }
}
