//! Clearline tells a contact-centre agent, in seconds, whether this browser on this line can take calls, and if not,
//! what to do first and who must do it.
//!
//! The agent's phone runs inside the browser, through whatever proxy, firewall and tunnel the browser's traffic
//! takes. So the test runs there too, as a page. It asks the cloud's applications over HTTPS, sets up a call with
//! itself through TURN, measures which bitrates the line carries, and concludes the root cause.
//!
//! # The way data takes
//!
//! `config → plan → probe → observation → diagnosis → fix → report`, and never back.
//!
//! | module | what it does |
//! |---|---|
//! | [`config`], [`link`] | text in; a configuration, or every problem at once, out |
//! | [`catalogue`] | what the cloud demands, as data |
//! | [`mod@plan`] | which probes, in which stages, with which deadlines |
//! | [`probe`] | the probes as data, and the one seam: [`probe::Network`] |
//! | [`observation`] | what was seen; an `Option` where a browser cannot say |
//! | [`checkup`] | the run: state, events, and the driver over a `Network` |
//! | [`ladder`], [`quality`] | which bitrates are clean; delay, jitter, loss and their score |
//! | [`json`] | the reader of all JSON that comes in |
//! | [`canary`], [`environment`], [`sdp`], [`stats`], [`throughput`], [`tone`], [`turn_rest`] | what the browser room needs that is pure: readers and makers of text and sound |
//! | [`scene`] | what was seen, indexed, so that a cause can be told in a few lines; evidence that several causes give |
//! | [`diagnosis`] | root causes, one file each; causes silence their symptoms |
//! | [`fix`], [`activity`], [`meanwhile`] | who does what first; what the agent can do right now, and what instead |
//! | [`questions`] | which of the agent's answers would decide something |
//! | [`pac`] | the PAC checker: which route a file gives to each configured host, against the plan |
//! | [`guided`] | two runs compared: did the fix work, what did the try prove |
//! | [`report`] | the versioned report, and its text for a ticket |
//! | [`privacy`] | which names are shortened before a result leaves |
//! | [`sending`] | a report on its way to a collector or a webhook: the bodies, and when each is tried again |
//! | [`travel`], [`received`] | a report in a link or a file, and what is read of one that comes from elsewhere |
//! | [`desk`] | the helpdesk's side: the link for an agent, results that were opened, several compared |
//! | [`draft`] | a configuration while an administrator edits it: its problems with their places, edits, its secrets kept |
//! | [`kept`] | what this browser keeps for when the page's server cannot be reached |
//! | [`phone_code`] | a result in eight characters, to be read over the phone |
//! | [`board`] | a wallboard over days: its history, what it shows of it, when it runs again |
//! | [`history`] | the history of this browser's runs: what is kept of each, and what they say together |
//! | [`brand`] | the customer's colour, so that it can be read |
//! | [`words`] | sentences from `static/words/` |
//! | [`ui`] | Yew components: props in, callbacks out |
//! | `app` | the wiring: one reducer, one running effect |
//! | `browser` | the only room where JavaScript lives |
//!
//! # Invariants
//!
//! 1. Everything but `browser` and `app` is pure: no clock, no dice, no input or output. Time comes in as a number.
//!    It is compiled and tested natively; crates that need a browser are dependencies of the wasm target alone.
//! 2. A failing network is an observation. An `Err` is a bad configuration. A panic is our bug.
//! 3. Every JavaScript resource is a value whose `Drop` releases it. To cancel is to drop the future.
//! 4. Components are functions of their props; state lives in `app` alone.
//! 5. One root cause: one file, one id, a case where it fires and a near-miss where it stays silent. A healthy line
//!    has no finding above info.
//! 6. Causes silence their symptoms: the agent sees one first step, not ten alarms.
//! 7. Rates, times and shares have types; thresholds have names and a source.
//! 8. Configuration, link, report and automation are public: they change by adding.
//! 9. The laboratory does not know the page; they meet in `xtask` and `tests/`.
//! 10. No sample is never a pass, missing is not zero, and "cannot tell" is an answer.
//!
//! `tests/architecture.rs` holds these rules as tests.
//!
//! # Two halves
//!
//! A release build cuts its wasm in two: what draws the first screen, and the rest, which `static/boot.js` fetches behind
//! it. What the reader asks for meanwhile waits in `app`. The few functions through which the first half enters the second
//! are marked `#[inline(never)]` and listed in `xtask/src/split.rs`; everything else finds its half by itself.

pub mod activity;
#[cfg(target_arch = "wasm32")]
pub mod app;
pub mod board;
pub mod brand;
#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod canary;
pub mod catalogue;
pub mod checkup;
pub mod config;
pub mod desk;
pub mod diagnosis;
pub mod draft;
pub mod environment;
pub mod few;
pub mod fix;
pub mod guided;
pub mod history;
pub mod json;
pub mod kept;
pub mod ladder;
pub mod link;
pub mod meanwhile;
pub mod observation;
pub mod pac;
pub mod phone_code;
pub mod plan;
pub mod privacy;
pub mod probe;
pub mod quality;
pub mod questions;
pub mod received;
pub mod report;
pub mod scene;
pub mod sdp;
pub mod sending;
pub mod stats;
pub mod throughput;
pub mod tone;
pub mod travel;
pub mod turn_rest;
pub mod ui;
pub mod units;
pub mod words;
