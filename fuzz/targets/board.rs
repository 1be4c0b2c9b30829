//! `cargo xtask fuzz board`; what is demanded is in `src/lib.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| clearline_fuzz::board(data));
