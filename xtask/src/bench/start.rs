//! `cargo xtask bench start`: how soon the page can be used, beside a bare Yew page, and whether anything holds the
//! main thread.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use super::{Common, median, spread};
use crate::browser;
use crate::command::{self, Failure, Outcome};
use crate::served::Served;
use crate::{dist, tools};

/// How long a page may take, and a run.
const PATIENCE: Duration = Duration::from_secs(60);

/// Notes, from before the page's own scripts on, when its first button is there, and what held the main thread for more
/// than 50 ms (W3C Long Tasks).
const NOTES: &str = "
    window.noted = { ready: null, whole: null, long: [] };
    new PerformanceObserver(list => window.noted.long.push(...list.getEntries().map(it => it.duration)))
        .observe({ type: 'longtask', buffered: true });
    const watch = new MutationObserver(() => {
        if (!document.querySelector('button')) return;
        window.noted.ready = performance.now();
        watch.disconnect();
        Promise.resolve(window.clearlineLater).then(() => { window.noted.whole = performance.now(); });
    });
    watch.observe(document, { childList: true, subtree: true });
";

/// What a browser opens first, so that its own start does not count.
const BLANK: &str = "canary?nonce=0";

/// A page that does what every Yew page does: it draws a button.
const BARE: [(&str, &str); 4] = [
    (
        "Cargo.toml",
        "[package]\nname = \"bare\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\n\
         yew = { version = \"0.23\", features = [\"csr\"] }\nwasm-bindgen = \"=VERSION\"\n[profile.release]\nopt-level = \"z\"\nlto = true\n\
         codegen-units = 1\npanic = \"abort\"\nstrip = \"symbols\"\n[workspace]\n",
    ),
    (
        "src/main.rs",
        "#![allow(unused_braces)]\nuse yew::prelude::*;\n#[component]\nfn App() -> Html { html! { <button id=\"start\">{ \"Start\" }</button> } }\n\
         fn main() { yew::Renderer::<App>::new().render(); }\n",
    ),
    (
        "index.html",
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Bare</title>\
         <link data-trunk rel=\"rust\" data-wasm-opt=\"z\" data-wasm-opt-params=\"--low-memory-unused --zero-filled-memory --converge --one-caller-inline-max-function-size=60 --dealign --enable-bulk-memory --enable-multivalue --enable-mutable-globals --enable-nontrapping-float-to-int --enable-reference-types --enable-sign-ext\"></head><body></body></html>\n",
    ),
    ("Trunk.toml", "[tools]\nwasm_opt = \"version_132\"\n"),
];

/// What pages did at their start.
#[derive(Default)]
struct Started {
    ready: Vec<f64>,
    /// When a split page is whole.
    whole: Vec<f64>,
    longest: Vec<f64>,
}

pub fn main(arguments: &[String]) -> Outcome<()> {
    let mut common = Common::parse(arguments)?;
    let page = common.page()?;
    let bare = bare()?;
    let program = browser::find()?;
    let (mut ours, mut theirs) = (Started::default(), Started::default());
    let mut runs = Started::default();
    for _ in 0..common.times {
        // In turns, so that both meet the same machine.
        theirs.note(&program, &bare, None)?;
        ours.note(&program, &page, Some(&mut runs))?;
    }
    let over = median(&ours.ready).zip(median(&theirs.ready));
    let over = over.map(|(ours, theirs)| ours / theirs);
    println!(
        "{} starts each, a fresh browser each time, from this computer's own server\n\n\
         | page | can be used after, ms | is whole after, ms | longest task at the start, ms |\n|---|---|---|---|\n\
         | bare Yew | {} | {} | {} |\n| Clearline | {} | {} | {} |\n\n\
         Clearline over bare: {:.2}. Longest task of a full run, ms: {}",
        common.times,
        spread(&theirs.ready, 0),
        spread(&theirs.whole, 0),
        spread(&theirs.longest, 0),
        spread(&ours.ready, 0),
        spread(&ours.whole, 0),
        spread(&ours.longest, 0),
        over.unwrap_or(f64::NAN),
        spread(&runs.longest, 0),
    );
    Ok(())
}

impl Started {
    /// Opens the page in `folder` in a fresh browser; then runs it, for `run`.
    fn note(&mut self, program: &Path, folder: &Path, run: Option<&mut Self>) -> Outcome<()> {
        // trunk's own start of a page is inline; this page has a file for it, and the strict policy.
        let mut served = match run {
            Some(_) => Served::open(program, folder, BLANK)?,
            None => Served::open_under(program, folder, BLANK, String::new())?,
        };
        let url = served.address("");
        let page = &mut served.page;
        page.call("Page.enable", json!({}))?;
        page.call(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": NOTES }),
        )?;
        page.call("Page.navigate", json!({ "url": url }))?;
        page.until(PATIENCE, "!!window.noted && window.noted.whole !== null")?;
        std::thread::sleep(Duration::from_millis(500));
        let longest = "Math.max(0, ...window.noted.long)";
        self.ready.extend(page.evaluate("window.noted.ready")?.as_f64());
        self.whole.extend(page.evaluate("window.noted.whole")?.as_f64());
        self.longest.extend(page.evaluate(longest)?.as_f64());
        let Some(run) = run else { return Ok(()) };
        page.evaluate("window.noted.long = []; document.getElementById('start').click()")?;
        page.until(PATIENCE, "document.documentElement.dataset.clearline === 'done'")?;
        run.longest.extend(page.evaluate(longest)?.as_f64());
        Ok(())
    }
}

/// Builds the bare page with trunk and wasm-opt, for size, and compresses it as this page is.
fn bare() -> Outcome<PathBuf> {
    tools::ensure_for_page()?;
    let source = command::target().join("bare-yew");
    let version = lock_version("wasm-bindgen")?;
    for (name, text) in BARE {
        let file = source.join(name);
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(file, text.replace("VERSION", &version))?;
    }
    let folder = source.join("dist");
    let arguments = [
        "build",
        "--release",
        "--color",
        "never",
        "--log",
        "error",
        "--dist",
    ];
    let mut trunk = tools::program("trunk", &arguments);
    trunk.arg(&folder).current_dir(&source).env_remove("NO_COLOR");
    command::finish(&mut trunk)?;
    dist::compress_all(&folder)?;
    Ok(folder)
}

/// The version of a crate that `Cargo.lock` names.
fn lock_version(name: &str) -> Outcome<String> {
    let lock = std::fs::read_to_string(command::root().join("Cargo.lock"))?;
    let after = lock.split(&format!("name = \"{name}\"\nversion = \"")).nth(1);
    let version = after.and_then(|rest| rest.split('"').next());
    version
        .map(str::to_owned)
        .ok_or_else(|| Failure::new(format!("Cargo.lock names no {name}")))
}
