//! Where there are no network namespaces: the laboratory says so.

use std::path::Path;

use crate::{
    Outcome, Result, Trouble,
    world::{Engine, World},
};

/// Whether this machine can be a laboratory; if not, why.
pub fn ready(_engine: Engine) -> Result<()> {
    Err(Trouble::new(
        "the laboratory needs Linux, as root, for network namespaces",
    ))
}

/// Runs a world: not here.
pub fn run(_world: &World, _page: &Path, engine: Engine, _results: Option<&Path>) -> Result<Outcome> {
    ready(engine).map(|()| unreachable!("never ready here"))
}

/// Holds a world: not here.
pub fn hold(_world: &World, _page: &Path, engine: Engine, _say: impl Fn(&str)) -> Result<()> {
    ready(engine)
}

/// Whether somebody asked for the end.
#[must_use]
pub fn interrupted() -> bool {
    false
}
