//! `cargo xtask bench soak`: what stays behind after many runs in one tab.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use super::{USAGE, built, number};
use crate::browser;
use crate::command::{Failure, Outcome};
use crate::devtools::Page;
use crate::served::Served;

/// Runs, if nobody says otherwise.
const RUNS: u32 = 500;
/// After so many the page has all that it keeps; later counts are compared with this one.
const WARM: u32 = 20;
/// How long a run may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a tab holds after a run.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    /// Of JavaScript, in kB, after a collection.
    heap: f64,
    /// Of WebAssembly, in kB.
    wasm: f64,
    /// Resident memory of the browser's page processes, in kB; 0 where it cannot be told.
    resident: f64,
    peers: f64,
    audio: f64,
    listeners: f64,
    nodes: f64,
    /// Object URLs that were made and not given back.
    urls: f64,
}

/// Counts the object URLs that are out.
const COUNT_URLS: &str = "
    window.objectUrls = new Set();
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = of => {
        const url = createObjectURL.call(URL, of);
        window.objectUrls.add(url);
        return url;
    };
    URL.revokeObjectURL = url => {
        window.objectUrls.delete(url);
        revokeObjectURL.call(URL, url);
    };
";
/// How long the page is left alone after the last run, to see what it takes of the processor then.
const IDLE: Duration = Duration::from_secs(10);

impl Held {
    fn by(page: &mut Page) -> Outcome<Self> {
        page.call("HeapProfiler.collectGarbage", json!({}))?;
        let count = "all => all.length";
        let bytes = "all => all.reduce((sum, one) => sum + one.buffer.byteLength, 0)";
        let peers = number_of(&page.alive("RTCPeerConnection", count)?);
        let audio = number_of(&page.alive("AudioContext", count)?);
        let wasm = number_of(&page.alive("WebAssembly.Memory", bytes)?) / 1000.0;
        let heap = page.call("Runtime.getHeapUsage", json!({}))?;
        let dom = page.call("Memory.getDOMCounters", json!({}))?;
        Ok(Self {
            heap: number_of(&heap["usedSize"]) / 1000.0,
            wasm,
            resident: resident(page)?,
            peers,
            audio,
            listeners: number_of(&dom["jsEventListeners"]),
            nodes: number_of(&dom["nodes"]),
            urls: number_of(&page.evaluate("window.objectUrls.size")?),
        })
    }

    fn memory(self) -> f64 {
        self.heap + self.wasm
    }
}

pub(super) fn number_of(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// Resident memory of the page's processes.
pub(super) fn resident(page: &mut Page) -> Outcome<f64> {
    let pages = processes(page)?;
    let pages = pages.iter().filter(|process| process["type"] == "renderer");
    Ok(pages
        .filter_map(|process| of_process(process["id"].as_u64()?))
        .sum())
}

/// What all processes of the browser took of the processor so far, in seconds.
fn processor(page: &mut Page) -> Outcome<f64> {
    let times = processes(page)?;
    Ok(times.iter().map(|process| number_of(&process["cpuTime"])).sum())
}

fn processes(page: &mut Page) -> Outcome<Vec<Value>> {
    let info = page.call_browser("SystemInfo.getProcessInfo")?;
    Ok(info["processInfo"].as_array().cloned().unwrap_or_default())
}

fn of_process(id: u64) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

pub fn main(arguments: &[String]) -> Outcome<()> {
    let (mut runs, mut folder) = (RUNS, None);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| Failure::new(USAGE));
        match argument.as_str() {
            "--runs" => runs = number(value()?)?,
            "--page" => folder = Some(PathBuf::from(value()?)),
            _ => return Err(Failure::new(USAGE)),
        }
    }
    let folder = folder.map_or_else(built, Ok)?;
    let mut served = Served::open(&browser::find()?, &folder, "?depth=quick")?;
    let page = &mut served.page;
    page.until(PATIENCE, "!!document.getElementById('start')")?;
    page.evaluate(COUNT_URLS)?;
    println!(
        "{runs} quick runs in one tab\n\n\
         | run | JavaScript, kB | WebAssembly, kB | resident, kB | peer connections | audio contexts | listeners | object URLs | nodes | verdicts not ready |\n\
         |---|---|---|---|---|---|---|---|---|---|"
    );
    let (mut warm, mut last, mut not_ready) = (None, Held::default(), 0);
    for run in 1..=runs {
        page.until(PATIENCE, "!!document.getElementById('start')")?;
        page.evaluate("document.getElementById('start').click()")?;
        page.until(
            PATIENCE,
            "document.documentElement.dataset.clearline === 'running'",
        )?;
        page.until(PATIENCE, "document.documentElement.dataset.clearline === 'done'")?;
        let verdict = page.evaluate("window.clearline.report().verdict")?;
        not_ready += u32::from(verdict != "ready");
        let shown = run == 1 || run == WARM || run == runs || run % (runs / 10).max(1) == 0;
        if shown {
            last = Held::by(page)?;
            println!(
                "| {run} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} | {not_ready} |",
                last.heap,
                last.wasm,
                last.resident,
                last.peers,
                last.audio,
                last.listeners,
                last.urls,
                last.nodes
            );
        }
        if run == WARM {
            warm = Some(last);
        }
    }
    if let Some(warm) = warm {
        let grown = |now: f64, then: f64| (now / then - 1.0) * 100.0;
        println!(
            "\nsince run {WARM}: JavaScript and WebAssembly {:+.1} %, resident {:+.1} %",
            grown(last.memory(), warm.memory()),
            grown(last.resident, warm.resident)
        );
    }
    let before = processor(page)?;
    std::thread::sleep(IDLE);
    let share = (processor(page)? - before) / IDLE.as_secs_f64() * 100.0;
    println!("processor between runs, whole browser: {share:.1} % of one core");
    Ok(())
}
