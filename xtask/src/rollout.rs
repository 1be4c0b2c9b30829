//! `cargo xtask rollout`: a rollout as people do it, from the checked configuration to the ticket that is closed, in the
//! laboratory: `docs/rollout.md` step by step.

use std::path::{Path, PathBuf};

use crate::command::{self, Failure, Outcome};
use crate::test::{self, Suite};
use crate::{dist, tools};

#[cfg(target_os = "linux")]
mod people;
#[cfg(target_os = "linux")]
mod steps;

const NAME: &str = "a rollout";

/// `cargo xtask rollout`.
///
/// # Errors
/// A step did not go as `docs/rollout.md` has it.
pub fn main(arguments: &[String]) -> Outcome<()> {
    let folder = match arguments {
        [] => {
            tools::ensure_for_page()?;
            let folder = command::target().join("dist");
            dist::build(&folder)?;
            folder
        }
        [option, folder] if option == "--page" => PathBuf::from(folder),
        _ => return Err(Failure::new("cargo xtask rollout [--page DIR]")),
    };
    test::report(&[suite(&folder)])
}

/// The test.
#[cfg(target_os = "linux")]
pub fn suite(folder: &Path) -> Suite {
    if let Err(trouble) = lab::ready(lab::world::Engine::Chromium) {
        return Suite::left_out(NAME, trouble.to_string());
    }
    if !Path::new(lab::servers::NJS).is_file() {
        return Suite::left_out(NAME, "nginx's njs is not here: libnginx-mod-http-js");
    }
    match tools::ensure_squid_openssl() {
        Ok(squid) => Suite::single(NAME, steps::all(folder, squid)),
        Err(failure) => Suite::left_out(NAME, failure.to_string()),
    }
}

/// The test.
#[cfg(not(target_os = "linux"))]
pub fn suite(_: &Path) -> Suite {
    Suite::left_out(NAME, "the laboratory needs Linux")
}
