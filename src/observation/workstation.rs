//! What was seen of the computer that the page runs on.

use serde::{Deserialize, Serialize};

use crate::units::Millis;

/// How a page was kept from measuring: hidden pages are slowed down, and a computer that sleeps stands still.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct AttentionSeen {
    /// How long the page was hidden.
    pub hidden: Millis,
    /// How long the computer slept, or the browser stood still.
    pub slept: Millis,
    /// How many measurements were dropped for it.
    pub dropped: u32,
}
