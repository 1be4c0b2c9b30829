//! The seeds of the fuzzer, and what it once found, through the same code natively: see `fuzz/src/lib.rs`.

#![cfg(not(target_arch = "wasm32"))]

#[path = "../fuzz/src/lib.rs"]
mod readers;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A target's seeds stay small enough to be kept beside the sources.
const MOST_FILES: usize = 20;
const MOST_BYTES: usize = 100_000;

#[test]
fn every_reader_keeps_its_promises_for_every_seed() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join("seeds");
    for (name, read) in readers::READERS {
        let folder =
            fs::read_dir(seeds.join(name)).unwrap_or_else(|error| panic!("seeds of {name}: {error}"));
        let mut files: Vec<_> = folder.flatten().map(|file| file.path()).collect();
        files.sort();
        let mut bytes = 0;
        for file in &files {
            let content = fs::read(file).expect("a file");
            bytes += content.len();
            // A panic says what was broken; this says by which file.
            println!("{}", file.display());
            read(&content);
        }
        assert!(
            (3..=MOST_FILES).contains(&files.len()) && bytes <= MOST_BYTES,
            "{name}: {} files, {bytes} bytes",
            files.len()
        );
    }
}

#[test]
fn the_fuzzer_and_this_test_know_the_same_readers() {
    let names = |folder: &str| -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder);
        let files = fs::read_dir(folder).expect("a folder").flatten();
        files
            .filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned()))
            .collect()
    };
    let readers: BTreeSet<String> = readers::READERS
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(names("targets"), readers);
    assert_eq!(names("seeds"), readers);
}
