//! `cargo xtask bench kiosk`: a wallboard in a locked-down browser, in the laboratory, for hours: its line is cut, its
//! servers restart, another deployment comes, the clock is set. No other run may be anything but ready.

use std::path::PathBuf;
use std::time::Duration;

use super::{USAGE, built, number};
use crate::command::{Failure, Outcome};

mod counts;
mod course;

/// What was asked for.
struct Asked {
    runs: u32,
    every: u32,
    depth: String,
    page: Option<PathBuf>,
}

pub fn main(arguments: &[String]) -> Outcome<()> {
    let mut asked = Asked {
        runs: 200,
        every: 30,
        depth: "quick".to_owned(),
        page: None,
    };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| Failure::new(USAGE));
        match argument.as_str() {
            "--runs" => asked.runs = number(value()?)?.max(12),
            "--every" => asked.every = number(value()?)?.max(30),
            "--depth" => value()?.clone_into(&mut asked.depth),
            "--page" => asked.page = Some(PathBuf::from(value()?)),
            _ => return Err(Failure::new(USAGE)),
        }
    }
    let folder = asked.page.take().map_or_else(built, Ok)?;
    course::run(&asked, &folder)
}

/// Until a run that is due has ended.
fn patience(every: u32) -> Duration {
    Duration::from_secs(u64::from(every) * 2 + 60)
}
