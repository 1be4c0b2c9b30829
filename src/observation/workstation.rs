//! What was seen of the computer that the page runs on.

use serde::{Deserialize, Serialize};

use super::Spread;
use crate::units::{Kbps, Millis, Share};

/// How a page was kept from measuring: hidden pages are slowed down, and a computer that sleeps stands still.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct AttentionSeen {
    /// How long the page was hidden.
    pub hidden: Millis,
    /// How long the computer slept, or the browser stood still.
    pub slept: Millis,
    /// How many measurements were dropped for it.
    pub dropped: u32,
    /// The part of the time by which the timers of a page in front were late, where it was much: the page was starved.
    #[serde(default)]
    pub late: Share,
}

/// How much HTTPS carries.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct BandwidthSeen {
    /// From this computer; `None` when it could not be tried.
    pub up: Option<ThroughputSeen>,
    /// To this computer.
    pub down: Option<ThroughputSeen>,
    /// What other traffic does to the voice, where the line has room for both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loaded: Option<LoadedSeen>,
}

/// The voice while other traffic fills the line.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct LoadedSeen {
    /// How long the traffic lasted.
    pub time: Millis,
    /// How much later the sound came, over both directions; `None` when the line was never full, or the computer too busy.
    pub added: Option<Millis>,
}

/// How much HTTPS carries one way.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct ThroughputSeen {
    /// The rate of what was carried: TCP's payload, TLS records included.
    pub rate: Kbps,
    /// How many bytes that took.
    pub bytes: f64,
    /// And how long.
    pub time: Millis,
    /// It was more than enough, so nobody looked for the most.
    pub enough: bool,
    /// It was watched over so many round trips that a rate that is too low is the line's.
    pub sure: bool,
    /// How sure the line's own rate is, in kbps, out of how evenly it carried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
}

/// What a page may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// Allowed, by the agent or a policy.
    Granted,
    /// Forbidden, by the agent or a policy.
    Denied,
    /// The browser will ask.
    Prompt,
}

/// Whose virtual desktop it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Desktop {
    /// Citrix.
    Citrix,
    /// Omnissa (VMware) Horizon.
    Horizon,
    /// Azure Virtual Desktop and Windows 365.
    Azure,
    /// Amazon WorkSpaces and DCV.
    Amazon,
    /// A virtual machine of another make.
    Other,
}

/// The id of the observation that holds what was seen of the headset.
pub const HEADSET: &str = "headset";

/// Microphone and loudspeaker, tried after the agent agreed. Names of devices are not seen, so that they cannot leave.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HeadsetSeen {
    /// What became of the microphone.
    pub microphone: MicrophoneSeen,
    /// How many devices for listening there are; `None` where the browser does not list them.
    pub speakers: Option<u32>,
}

/// What became of the microphone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MicrophoneSeen {
    /// It was listened to.
    Heard(Level),
    /// The browser may not use it.
    Blocked,
    /// The system does not let the browser use it.
    BlockedBySystem,
    /// The agent closed the question without an answer.
    Dismissed,
    /// There is none.
    Missing,
    /// It is there, but cannot be opened: often another program holds it.
    Busy,
    /// The browser did not say what.
    Failed,
}

/// How loud it was.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Level {
    /// The loudest sample, of the loudest that there can be.
    pub peak: Share,
    /// How many samples were as loud as there can be: what is louder is cut off.
    pub clipped: Share,
}

impl Level {
    /// A sample this loud is at the end of the scale.
    const FULL: f32 = 0.99;

    /// The level of some samples, -1..=1; `None` of none.
    pub fn of(samples: &[f32]) -> Option<Self> {
        let peak = samples
            .iter()
            .fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
        let clipped = samples.iter().filter(|sample| sample.abs() >= Self::FULL).count();
        Some(Self {
            peak: Share(f64::from(peak.min(1.0))),
            clipped: Share::of(clipped as f64, samples.len() as f64)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_the_loudest_sample_and_the_share_cut_off() {
        assert_eq!(Level::of(&[]), None);
        assert_eq!(Level::of(&[0.0, 0.0]), Some(Level::default()));
        let loud = Level::of(&[0.25, -1.0, 0.995, 0.5]);
        assert_eq!(
            loud.map(|level| (level.peak.0, level.clipped.0)),
            Some((1.0, 0.5))
        );
    }
}
