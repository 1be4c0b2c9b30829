//! Clearline.

pub mod activity;
pub mod checkup;
pub mod config;
pub mod diagnosis;
pub mod fix;
pub mod ladder;
pub mod link;
pub mod observation;
pub mod plan;
pub mod probe;
pub mod quality;
pub mod report;
pub mod units;
pub mod words;
