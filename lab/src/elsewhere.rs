//! Where there are no network namespaces: the laboratory says so.

use std::path::Path;

use crate::{
    Outcome, Result, Trouble,
    world::{Engine, World},
};

/// Whether this machine can be a laboratory; if not, why.
pub fn ready() -> Result<()> {
    Err(Trouble::new(
        "the laboratory needs Linux, as root, for network namespaces",
    ))
}

/// Runs a world: not here.
pub fn run(_world: &World, _page: &Path, _engine: Engine, _results: Option<&Path>) -> Result<Outcome> {
    ready().map(|()| unreachable!("never ready here"))
}

/// Holds a world: not here.
pub fn hold(_world: &World, _page: &Path, _say: impl Fn(&str)) -> Result<()> {
    ready()
}

/// Whether somebody asked for the end.
#[must_use]
pub fn interrupted() -> bool {
    false
}
