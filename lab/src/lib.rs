//! The network laboratory, and the embedded servers behind `cargo xtask run`.

pub mod embedded;
pub mod nginx;
pub mod policy;
