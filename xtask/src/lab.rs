//! The network laboratory's command.

use crate::command::{Failure, Outcome};

/// `cargo xtask lab`.
pub fn main(_arguments: &[String]) -> Outcome<()> {
    Err(Failure::new("the laboratory is not built yet"))
}

/// `cargo xtask record`.
pub fn record(_arguments: &[String]) -> Outcome<()> {
    Err(Failure::new("the laboratory is not built yet"))
}
