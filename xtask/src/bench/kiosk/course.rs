//! The course of such a measurement: calm runs, with a fault or a change now and then.

use std::path::Path;
use std::time::{Duration, Instant};

use lab::fault::Side;
use lab::stage::Stage;
use lab::world::World;
use serde_json::{Value, json};

use super::counts::{Counters, Held, Taken};
use super::{Asked, patience};
use crate::command::{Failure, Outcome};
use crate::devtools::Page;
use crate::inside::{Inside, failure};
use crate::wallboard::LOCKED_DOWN;

/// The page's nginx hands TURN credentials out, as `docs/hosting.md` has it.
const WORLD: &str = "title = 'A wallboard'
[[faults]]
kind = 'shared-secret'
[config]
turn = [{ id = 'turn-1', urls = ['turn:turn.voice-cloud.example:443?transport=tcp'], credentials_url = '/turn-credentials' }]
[expect]
verdict = 'ready'
";

/// Keeps what each run said until it is looked at, and in which state a page was left.
const KEEP: &str = "window.ends = [];
    addEventListener('clearline-report', event => {
        const { run, verdict, primary } = event.detail;
        ends.push([run.id, verdict, primary ?? '', run.duration_ms]);
    });
    addEventListener('pagehide', () => localStorage.setItem('left', document.documentElement.dataset.clearline));";

const LOOK: &str = "({
    ends: window.ends?.splice(0) ?? [],
    running: document.documentElement?.dataset.clearline === 'running',
    shown: document.querySelector('main')?.dataset.verdict ?? '',
    doubted: document.querySelector('.runs')?.textContent.includes('again') ?? false,
    origin: performance.timeOrigin,
})";

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(1);
/// How long the line is cut, at least.
const CUT: Duration = Duration::from_secs(130);
/// How long the servers are away, at the most: until a run has noticed.
const AWAY: Duration = Duration::from_secs(90);
/// How far the clock is set, less than what `clock-skewed` is about.
const STEP_MS: i32 = 100_000;
/// Memory is looked at after so many runs.
const SAMPLE: usize = 10;

/// One run.
struct Ran {
    end: Instant,
    length: Duration,
    verdict: String,
    primary: String,
    /// After what, where nothing was broken.
    phase: &'static str,
}

/// Something that was broken.
struct Broken {
    name: &'static str,
    from: Instant,
    to: Option<Instant>,
}

/// What was seen of the board.
struct Seen {
    running: bool,
    shown: String,
    doubted: bool,
    origin: f64,
}

struct Course {
    stage: Stage,
    page: Page,
    every: u32,
    counters: Counters,
    runs: Vec<Ran>,
    broken: Vec<Broken>,
    held: Vec<(usize, Held)>,
    origins: Vec<f64>,
    running: bool,
    phases: Vec<&'static str>,
}

pub fn run(asked: &Asked, folder: &Path) -> Outcome<()> {
    lab::ready(lab::world::Engine::Chromium).map_err(failure)?;
    lab::interrupt::watch();
    lab::namespace::sweep();
    let world = World::parse("kiosk", WORLD).map_err(failure)?;
    let mut stage = Stage::bring_up(&world, folder).map_err(failure)?;
    let flags: Vec<String> = LOCKED_DOWN.iter().map(|&flag| flag.to_owned()).collect();
    let browser = Inside::start(&mut stage, Side::Agent, "kiosk", &flags)?;
    let mut page = browser.open(&stage, "about:blank")?;
    page.call("Page.enable", json!({}))?;
    page.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": KEEP }))?;
    let counters = Counters::new(&stage)?;
    let url = format!(
        "https://{}/?mode=kiosk&every={}&depth={}",
        lab::hosts::PAGE.name,
        asked.every,
        asked.depth
    );
    page.call("Page.navigate", json!({ "url": url }))?;
    let mut course = Course {
        stage,
        page,
        every: asked.every,
        counters,
        runs: Vec::new(),
        broken: Vec::new(),
        held: Vec::new(),
        origins: Vec::new(),
        running: false,
        phases: Vec::new(),
    };
    let started = Instant::now();
    let outcome = course.play(asked.runs as usize);
    course.tell(started, asked);
    outcome?;
    course.judge()
}

impl Course {
    fn play(&mut self, runs: usize) -> Outcome<()> {
        self.calm("at first", runs / 4)?;
        self.cut()?;
        self.calm("after a network cut", runs * 2 / 4)?;
        self.restart()?;
        self.calm("after a restart of the servers", runs * 5 / 8)?;
        self.deploy()?;
        self.calm("after a new deployment", runs * 6 / 8)?;
        self.set_clock(STEP_MS)?;
        self.calm("with a clock that was set ahead", runs * 7 / 8)?;
        self.set_clock(0)?;
        self.calm("with a clock that was set back", runs)
    }

    /// Looks until there are so many runs.
    fn calm(&mut self, phase: &'static str, runs: usize) -> Outcome<()> {
        self.phases.push(phase);
        while self.runs.len() < runs {
            let before = self.runs.len();
            self.until("the next run ends", patience(self.every), |course, _| {
                course.runs.len() > before
            })?;
        }
        Ok(())
    }

    fn cut(&mut self) -> Outcome<()> {
        say("the line is cut");
        self.breaks("while the network is cut");
        self.stage.plug(false).map_err(failure)?;
        let end = Instant::now() + CUT;
        let long = CUT + 3 * patience(self.every);
        self.until("a cut line is shown", long, |_, seen| {
            Instant::now() > end && !["ready", ""].contains(&&*seen.shown)
        })?;
        self.stage.plug(true).map_err(failure)?;
        self.mended();
        self.is_ready_again()
    }

    fn restart(&mut self) -> Outcome<()> {
        say("the servers stop");
        self.breaks("while the servers are away");
        self.stage.stop_web().map_err(failure)?;
        self.until("servers that are away are noticed", AWAY, |_, seen| {
            seen.doubted || seen.shown != "ready"
        })?;
        self.stage.start_web().map_err(failure)?;
        self.mended();
        self.is_ready_again()
    }

    fn deploy(&mut self) -> Outcome<()> {
        say("another deployment");
        let site = self.stage.dir().join("page");
        let index = std::fs::read_to_string(site.join("index.html"))?;
        for twin in ["index.html.gz", "index.html.br"] {
            // There is none where the page was not built for release.
            _ = std::fs::remove_file(site.join(twin));
        }
        std::fs::write(site.join("index.html"), index + "<!-- another deployment -->\n")?;
        std::fs::write(site.join("version.json"), "{\"version\": \"another\"}\n")?;
        let before = self.origins.last().copied();
        let patience = patience(self.every);
        self.until("the page begins anew", patience, |course, _| {
            course.origins.last().copied() != before
        })?;
        let left = self.page.evaluate("localStorage.getItem('left')")?;
        let new = self
            .page
            .settled("fetch('./').then(it => it.text()).then(it => it.includes('another'))")?;
        match left == "done" && new == true {
            true => Ok(()),
            false => Err(Failure::new(format!("the page was left when it was {left}"))),
        }
    }

    /// As the page sees it: the machine's own clock is everybody's.
    fn set_clock(&mut self, ms: i32) -> Outcome<()> {
        say(&format!("the clock is set: {ms} ms ahead"));
        self.page
            .evaluate(&format!(
                "window.realNow ??= Date.now.bind(Date); Date.now = () => realNow() + {ms}"
            ))
            .map(drop)
    }

    fn is_ready_again(&mut self) -> Outcome<()> {
        let patience = 2 * patience(self.every);
        self.until("it is ready again", patience, |_, seen| {
            seen.shown == "ready" && !seen.doubted && !seen.running
        })
    }

    fn breaks(&mut self, name: &'static str) {
        self.broken.push(Broken {
            name,
            from: Instant::now(),
            to: None,
        });
    }

    fn mended(&mut self) {
        if let Some(last) = self.broken.last_mut() {
            last.to = Some(Instant::now());
            say(&format!(
                "{}: over after {} s",
                last.name,
                last.from.elapsed().as_secs()
            ));
        }
    }

    fn until(&mut self, what: &str, patience: Duration, over: impl Fn(&Self, &Seen) -> bool) -> Outcome<()> {
        let deadline = Instant::now() + patience;
        loop {
            let seen = self.look()?;
            if over(self, &seen) {
                return Ok(());
            }
            if lab::interrupted() {
                return Err(Failure::new("interrupted"));
            }
            if Instant::now() > deadline {
                let shown = self.page.evaluate("document.body?.innerText.slice(0, 600)")?;
                return Err(Failure::new(format!(
                    "not within {} s: {what}\n{shown}",
                    patience.as_secs()
                )));
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn look(&mut self) -> Outcome<Seen> {
        let told = self.page.evaluate(LOOK)?;
        let seen = Seen {
            running: told["running"] == true,
            shown: told["shown"].as_str().unwrap_or_default().to_owned(),
            doubted: told["doubted"] == true,
            origin: told["origin"].as_f64().unwrap_or_default(),
        };
        let broken = self.broken.last().is_some_and(|it| it.to.is_none());
        self.counters
            .look(&self.stage, seen.running || self.running, broken)?;
        self.running = seen.running;
        if self.origins.last() != Some(&seen.origin) {
            self.origins.push(seen.origin);
        }
        for end in told["ends"].as_array().into_iter().flatten() {
            self.ended(end, &seen)?;
        }
        Ok(seen)
    }

    fn ended(&mut self, told: &Value, seen: &Seen) -> Outcome<()> {
        let text = |at: usize| told[at].as_str().unwrap_or_default().to_owned();
        let length = Duration::from_secs_f64(told[3].as_f64().unwrap_or_default() / 1000.0);
        self.runs.push(Ran {
            end: Instant::now(),
            length,
            verdict: text(1),
            primary: text(2),
            phase: self.phases.last().copied().unwrap_or_default(),
        });
        let number = self.runs.len();
        if number.is_multiple_of(SAMPLE) || number == 1 {
            let held = Held::by(&mut self.page)?;
            self.held.push((number, held));
        }
        say(&format!(
            "run {number}: {} {} ({:.1} s); shown: {}{}",
            text(1),
            text(2),
            length.as_secs_f64(),
            seen.shown,
            if seen.doubted { ", doubted" } else { "" }
        ));
        Ok(())
    }

    /// In which fault a run was, if in any.
    fn fault_of(&self, run: &Ran) -> Option<&'static str> {
        let begun = run.end.checked_sub(run.length + PAUSE)?;
        let hit = |it: &&Broken| run.end >= it.from && it.to.is_none_or(|to| begun <= to);
        self.broken.iter().find(hit).map(|it| it.name)
    }

    fn judge(&self) -> Outcome<()> {
        let false_alarms: Vec<String> = self
            .runs
            .iter()
            .enumerate()
            .filter(|(_, run)| run.verdict != "ready" && self.fault_of(run).is_none())
            .map(|(at, run)| format!("run {}: {} {}", at + 1, run.verdict, run.primary))
            .collect();
        match false_alarms.is_empty() {
            true => Ok(()),
            false => Err(Failure::new(format!("false alarms: {}", false_alarms.join("; ")))),
        }
    }

    fn tell(&self, started: Instant, asked: &Asked) {
        println!("\n| when | runs | ready | degraded | inconclusive | blocked |\n|---|---|---|---|---|---|");
        let faults = self.broken.iter().map(|it| it.name);
        for name in self.phases.iter().copied().chain(faults) {
            let of = |verdict: &str| {
                let those = self.runs.iter();
                let those = those.filter(|it| self.fault_of(it).unwrap_or(it.phase) == name);
                those
                    .filter(|it| verdict.is_empty() || it.verdict == verdict)
                    .count()
            };
            let counts = ["", "ready", "degraded", "inconclusive", "blocked"].map(|it| of(it).to_string());
            println!("| {name} | {} |", counts.join(" | "));
        }
        println!(
            "\n{} runs in {} minutes; the page began anew {} times",
            self.runs.len(),
            started.elapsed().as_secs() / 60,
            self.origins.len().saturating_sub(1),
        );
        self.tell_memory();
        self.tell_taken(asked);
    }

    fn tell_memory(&self) {
        let samples: Vec<Held> = self.held.iter().map(|(_, held)| *held).collect();
        let quarter = samples.len().div_ceil(4);
        let (first, last) = (&samples[..quarter], &samples[samples.len() - quarter..]);
        println!("\n| memory | JavaScript, kB | nodes | listeners | resident, kB |\n|---|---|---|---|---|");
        for (name, held) in [
            ("first quarter", Held::mean(first)),
            ("last quarter", Held::mean(last)),
        ] {
            println!(
                "| {name} | {:.0} | {:.0} | {:.0} | {:.0} |",
                held.heap, held.nodes, held.listeners, held.resident
            );
        }
    }

    /// Runs and the time between them cost apart, so that both can be counted up for any interval.
    fn tell_taken(&self, asked: &Asked) {
        let counters = &self.counters;
        let calm = self.runs.iter().filter(|it| self.fault_of(it).is_none()).count();
        let per_run = share(counters.runs, calm as f64);
        let hours = counters.between.time.as_secs_f64() / 3600.0;
        let idle = share(counters.between, hours);
        println!(
            "\n| {} | processor, s | received, kB | sent, kB |\n|---|---|---|---|",
            asked.depth
        );
        row("one run", per_run);
        row("an hour without a run", idle);
        for every in [30.0, 60.0, 300.0] {
            let runs = 3600.0 / every;
            let resting = 1.0 - (per_run.time.as_secs_f64() * runs / 3600.0).min(1.0);
            let hour = Taken {
                time: Duration::from_secs(3600),
                processor: per_run.processor * runs + idle.processor * resting,
                received: per_run.received * runs + idle.received * resting,
                sent: per_run.sent * runs + idle.sent * resting,
            };
            row(&format!("an hour at `every={every:.0}`"), hour);
        }
        let all = share(counters.all, counters.all.time.as_secs_f64() / 3600.0);
        row("an hour of all that was measured, with the faults", all);
    }
}

fn row(name: &str, taken: Taken) {
    println!(
        "| {name} | {:.1} | {:.0} | {:.0} |",
        taken.processor,
        taken.received / 1000.0,
        taken.sent / 1000.0
    );
}

fn share(taken: Taken, parts: f64) -> Taken {
    let parts = parts.max(f64::MIN_POSITIVE);
    Taken {
        time: Duration::try_from_secs_f64(taken.time.as_secs_f64() / parts).unwrap_or_default(),
        processor: taken.processor / parts,
        received: taken.received / parts,
        sent: taken.sent / parts,
    }
}

/// A line with the time of day, for whoever looks in now and then.
fn say(what: &str) {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = since.unwrap_or_default().as_secs() % 86_400;
    println!(
        "{:02}:{:02}:{:02} {what}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
}
