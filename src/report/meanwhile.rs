//! What the agent may use meanwhile, in the report.

use serde::{Deserialize, Serialize};

use crate::few::Gather as _;
use crate::fix::Owner;
use crate::meanwhile::{Alternative, Usable};
use crate::words::Words;

/// What the agent may use meanwhile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // documented in docs/contract.md
pub struct MeanwhilePart {
    pub id: String,
    pub usable: Usable,
    pub owner: Option<Owner>,
    pub text: String,
}

impl MeanwhilePart {
    /// All of them, in words.
    pub fn all(alternatives: &[Alternative], words: &Words) -> Vec<Self> {
        let part = |one: &Alternative| Self {
            id: one.id.to_owned(),
            usable: one.usable,
            owner: one.owner,
            text: words.say(&one.sentence()),
        };
        alternatives.iter().map(part).few()
    }
}
