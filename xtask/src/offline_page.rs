//! The page whose server goes away: it is there all the same, it says so, what it measures is true, and it is no older than
//! it has to be.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lab::embedded::{Embedded, Options};
use lab::policy::{self, SERVICE_WORKER};

use crate::browser::{self, Browser};
use crate::command::{self, Failure, Outcome};
use crate::devtools::Page;
use crate::dist::VERSION;
use crate::offline::digest;
use crate::served::apart;
use crate::test::{self, Suite};

/// How long each step may take. Without a server, a run lasts until its deadlines.
const PATIENCE: Duration = Duration::from_secs(50);

const QUICK: &str = "?depth=quick";

/// The first screen, whole.
const READY: &str =
    "!!document.getElementById('start') && document.documentElement.dataset.clearline === 'idle'";
const DONE: &str = "document.documentElement.dataset.clearline === 'done' && !!window.clearline.report()";

/// `cargo xtask offline`: the tests alone, with the bundle that `cargo xtask dist` has left.
///
/// # Errors
/// A test failed.
pub fn main() -> Outcome<()> {
    test::report(&suites(&command::root().join("dist")))
}

/// The tests.
pub fn suites(folder: &Path) -> Vec<Suite> {
    let names = [
        "the page without its server",
        "the page's memory follows",
        "the page's memory switched off",
    ];
    match browser::find() {
        Ok(program) => vec![
            Suite::single(names[0], apart(folder, |it| away_and_back(&program, it))),
            Suite::single(names[1], apart(folder, |it| follows(&program, it))),
            Suite::single(names[2], apart(folder, |it| switched_off(&program, it))),
        ],
        Err(failure) => names
            .map(|name| Suite::left_out(name, failure.to_string()))
            .to_vec(),
    }
}

/// A server that comes and goes at one address.
struct Server {
    folder: PathBuf,
    port: u16,
    running: Option<(Embedded, tokio::runtime::Runtime)>,
}

impl Server {
    fn start(folder: &Path) -> Outcome<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut server = Self {
            folder: folder.to_owned(),
            port,
            running: None,
        };
        server.comes()?;
        Ok(server)
    }

    fn comes(&mut self) -> Outcome<()> {
        let runtime = tokio::runtime::Runtime::new()?;
        let options = Options {
            page_dir: self.folder.clone(),
            http_port: Some(self.port),
            turn_port: None,
            content_security_policy: policy::content_security_policy(&[], &[]),
            users: Vec::new(),
            reporting: None,
        };
        let embedded = runtime.block_on(Embedded::start(options))?;
        self.running = Some((embedded, runtime));
        Ok(())
    }

    /// With it go the connections that it has.
    fn goes(&mut self) {
        if let Some((embedded, runtime)) = self.running.take() {
            drop(embedded);
            runtime.shutdown_timeout(Duration::from_secs(2));
        }
    }

    fn config_json(&self) -> &str {
        self.running
            .as_ref()
            .map_or("", |(embedded, _)| embedded.config_json())
    }

    fn address(&self, place: &str) -> String {
        format!("http://127.0.0.1:{}/{place}", self.port)
    }
}

fn expect(page: &mut Page, what: &str, condition: &str) -> Outcome<()> {
    let settled = format!("Promise.resolve({condition}).catch(() => false)");
    let deadline = std::time::Instant::now() + PATIENCE;
    while page.settled(&settled).ok() != Some(true.into()) {
        if std::time::Instant::now() > deadline {
            let shown = page.evaluate("document.body?.innerText.slice(0, 800)");
            return Err(Failure::new(format!(
                "{what}: this did not become true: {condition}\n{}",
                shown.unwrap_or_default()
            )));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

fn go(page: &mut Page, url: &str) -> Outcome<()> {
    page.evaluate("window.before = 1")?;
    page.call("Page.navigate", serde_json::json!({ "url": url }))?;
    expect(page, "another page", "window.before === undefined")
}

/// Loads the page again, as it is.
fn again(page: &mut Page) -> Outcome<()> {
    page.evaluate("window.before = 1; location.reload()")?;
    expect(page, "the page again", "window.before === undefined")
}

/// Runs a check; what the report says of these things.
fn run(page: &mut Page) -> Outcome<()> {
    page.evaluate("document.getElementById('start').click()")?;
    expect(
        page,
        "a run",
        "document.documentElement.dataset.clearline === 'running'",
    )?;
    expect(page, "its end", DONE)
}

/// All that is needed without a server is kept, for these words.
const KEPT: &str = "Promise.all(['words/en.json', 'words/results/en.json', 'words/desk/en.json', 'words/problems/en.json', \
    'config.json', './'].map(it => caches.match(it))).then(all => all.every(it => it?.ok))";

const CONTROLLED: &str = "!!navigator.serviceWorker.controller";

fn away_and_back(program: &Path, folder: &Path) -> Outcome<()> {
    let mut server = Server::start(folder)?;
    let (_browser, devtools) = Browser::start(program)?;
    let mut page = Page::open(&devtools, &server.address(QUICK))?;
    // Quicker than the page is at rest: a run has the line to itself.
    expect(&mut page, "the first visit", READY)?;
    run(&mut page)?;
    let none = page.settled("navigator.serviceWorker.getRegistrations().then(all => all.length)")?;
    if none != 0 {
        return Err(Failure::new(
            "the page is registered to be kept before a run is over",
        ));
    }
    expect(&mut page, "the page is kept when it is at rest", KEPT)?;
    expect(
        &mut page,
        "not taken over while it is open",
        &format!("!({CONTROLLED})"),
    )?;

    // No probe is answered, or even seen, by the worker.
    again(&mut page)?;
    expect(&mut page, "the second visit", READY)?;
    expect(&mut page, "from the worker", CONTROLLED)?;
    run(&mut page)?;
    expect(
        &mut page,
        "a true result",
        "window.clearline.report().verdict === 'ready' && window.clearline.report().run.kept === undefined",
    )?;
    let probes = "performance.getEntriesByType('resource').filter(it => /canary|turn-credentials|clearline=/.test(it.name))";
    expect(&mut page, "probes", &format!("{probes}.length > 3"))?;
    expect(
        &mut page,
        "none by way of the worker: the browser itself sends them to the network",
        &format!("{probes}.every(it => (it.workerFinalSourceType ?? 'network') === 'network')"),
    )?;

    // Away: refused at once.
    server.goes();
    again(&mut page)?;
    without_a_server(&mut page)?;
    // Away: nothing comes back.
    let silent = TcpListener::bind(("127.0.0.1", server.port))?;
    again(&mut page)?;
    expect(
        &mut page,
        "the page of a silent server",
        "document.querySelector('[data-kept]')?.dataset.kept === 'page'",
    )?;
    drop(silent);

    // Something else answers in the page's place.
    let index = folder.join("index.html");
    let html = std::fs::read_to_string(&index)?;
    std::fs::write(&index, "<title>Blocked</title>Blocked by your company.")?;
    server.comes()?;
    again(&mut page)?;
    expect(
        &mut page,
        "the page behind a block page",
        "document.querySelector('[data-kept]')?.dataset.kept === 'page'",
    )?;
    another_deployment(folder, &html)?;
    let mut old = page;
    let mut page = Page::open(&devtools, &server.address(QUICK))?;
    expect(
        &mut page,
        "the new page at once",
        "document.title.startsWith('Second')",
    )?;
    let second = "caches.open('clearline / 5ec0d5ec0d5ec0d5').then(it => Promise.all(['./', 'words/desk/en.json'].map(name => \
        it.match(name)))).then(all => all.every(Boolean))";
    expect(&mut page, "it is kept whole, with the words that were", second)?;
    let settled =
        "navigator.serviceWorker.getRegistration().then(it => !!it.active && !it.installing && !it.waiting)";
    expect(&mut page, "it is what counts now", settled)?;
    expect(
        &mut old,
        "a page of the version before has its later parts",
        "window.clearlineDesk()",
    )?;
    server.goes();
    again(&mut page)?;
    expect(
        &mut page,
        "the new page without its server",
        "document.title.startsWith('Second') && !!document.querySelector('[data-kept]')",
    )
}

/// What a server gets that is followed by another version: `html` is its page.
fn another_deployment(folder: &Path, html: &str) -> Outcome<()> {
    let worker = folder.join(SERVICE_WORKER);
    let script = std::fs::read_to_string(&worker)?;
    let (_, after) = html
        .split_once("clearline-desk-")
        .ok_or_else(|| Failure::new("the bundle is not split"))?;
    let desk = format!("clearline-desk-{}", &after[..16]);
    let other = "clearline-desk-5ec0d5ec0d5ec0d5";
    std::fs::rename(
        folder.join(format!("{desk}.wasm")),
        folder.join(format!("{other}.wasm")),
    )?;
    // It names the version that `version.json` does.
    let told = std::fs::read_to_string(folder.join(VERSION))?;
    let version = told.split('"').nth(3).unwrap_or_default();
    if version.is_empty() || !script.contains(version) {
        return Err(Failure::new(format!(
            "{SERVICE_WORKER} is not of version {version:?}"
        )));
    }
    let page = html.replace(&desk, other).replace("<title>", "<title>Second ");
    let script = script.replace(&digest(html.as_bytes()), &digest(page.as_bytes()));
    std::fs::write(
        &worker,
        script.replace(&desk, other).replace(version, "5ec0d5ec0d5ec0d5"),
    )?;
    std::fs::write(folder.join(VERSION), "{\"version\": \"5ec0d5ec0d5ec0d5\"}")?;
    let html = page;
    std::fs::write(folder.join("index.html"), html).map_err(Failure::from)
}

/// The page, what it keeps, and what it finds.
fn without_a_server(page: &mut Page) -> Outcome<()> {
    expect(page, "the page without its server", READY)?;
    expect(
        page,
        "it says so",
        "document.querySelector('[data-kept]')?.dataset.kept === 'page'",
    )?;
    page.evaluate("document.getElementById('last').click()")?;
    expect(
        page,
        "the last result",
        "document.querySelector('.verdict')?.dataset.verdict === 'ready' && !document.getElementById('start')",
    )?;
    page.evaluate("document.querySelector('main a[href=\"#\"]').click()")?;
    expect(page, "the check again", READY)?;
    run(page)?;
    expect(
        page,
        "what is true without a server",
        "(it => it.verdict !== 'ready' && it.primary === 'offline' && it.run.kept === 'page')(window.clearline.report())",
    )?;
    // Everything was asked, and nothing was answered from memory.
    expect(
        page,
        "no probe is answered from a cache",
        "window.clearline.report().probes.filter(it => ['https', 'credentials'].includes(it.kind)).every(it => it.outcome !== 'answered')",
    )
}

/// What is kept follows the reader's language, and what the server has.
fn follows(program: &Path, folder: &Path) -> Outcome<()> {
    let mut server = Server::start(folder)?;
    let file = folder.join("configs").join("one.json");
    std::fs::create_dir_all(folder.join("configs"))?;
    let config = server.config_json().to_owned();
    std::fs::write(&file, &config)?;
    let (_browser, devtools) = Browser::start(program)?;
    let mut page = Page::open(&devtools, &server.address("?config=one"))?;
    expect(&mut page, "the first visit", READY)?;
    let kept = |name: &str| format!("caches.match('{name}').then(it => !!it?.ok)");
    expect(&mut page, "it is kept", &kept("configs/one.json"))?;
    page.evaluate("document.querySelector('#languages button[lang=de]').click()")?;
    expect(
        &mut page,
        "words of another language",
        &kept("words/desk/de.json"),
    )?;

    again(&mut page)?;
    expect(&mut page, "by the worker", CONTROLLED)?;
    std::fs::write(&file, config.replacen('{', "{,", 1))?;
    again(&mut page)?;
    expect(
        &mut page,
        "mistakes are named, although an older one is kept",
        "!!document.querySelector('[data-screen=broken] .problems')",
    )?;
    std::fs::write(&file, config.replacen('{', "{\"offline\": true,", 1))?;
    again(&mut page)?;
    expect(&mut page, "the mended one", READY)?;
    let newest = "caches.match('configs/one.json').then(it => it.text()).then(it => it.includes('offline'))";
    expect(&mut page, "it is kept in the place of the older one", newest)?;
    server.goes();
    again(&mut page)?;
    expect(
        &mut page,
        "without a server, in the language that was chosen",
        "document.documentElement.lang === 'de' && document.querySelector('[data-kept]')?.dataset.kept === 'page'",
    )
}

fn switched_off(program: &Path, folder: &Path) -> Outcome<()> {
    let server = Server::start(folder)?;
    std::fs::create_dir_all(folder.join("configs"))?;
    let config = server.config_json().replacen('{', "{\"offline\": false,", 1);
    std::fs::write(folder.join("configs").join("off.json"), config)?;
    let (_browser, devtools) = Browser::start(program)?;
    let mut page = Page::open(&devtools, &server.address(""))?;
    let gone = "Promise.all([navigator.serviceWorker.getRegistrations(), caches.keys()]).then(all => all.every(it => it.length === 0))";
    expect(&mut page, "it is kept", KEPT)?;
    go(&mut page, &server.address("?config=off"))?;
    expect(&mut page, "switched off in the configuration", gone)?;

    go(&mut page, &server.address(""))?;
    expect(&mut page, "it is kept again", KEPT)?;
    std::fs::remove_file(folder.join(SERVICE_WORKER))?;
    again(&mut page)?;
    expect(&mut page, "switched off on the server", gone)
}
