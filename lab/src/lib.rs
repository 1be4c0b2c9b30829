//! The network laboratory.
