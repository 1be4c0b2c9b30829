//! A real browser in the agent's namespace, driven over WebDriver.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;

use crate::{
    Result, Trouble,
    expect::{Ended, Expect},
    fault::Fault,
    hosts, interrupt,
    remedy::{self, Kind},
    stage::Stage,
    world::{Engine, World},
};

mod chromium;
mod firefox;

/// The driver's port; the namespace is ours alone.
const PORT: u16 = 9515;

/// How long the laboratory waits for a run to end before it calls that a failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a run went.
#[derive(Debug)]
pub struct Ride {
    /// How the page ended.
    pub ended: Ended,
    /// From the start of the run to its end, by the laboratory's clock.
    pub took: Duration,
    /// The page as it looked then, PNG.
    pub screenshot: Option<Vec<u8>>,
    /// What kept the page from being ready after its own lines were applied, and the agent had it tested again: for
    /// worlds that such lines mend while they are up.
    pub mended: Option<Vec<String>>,
    /// The browser's console.
    pub console: String,
}

/// Where the page is, with its link parameters; `auto` starts the run by itself.
#[must_use]
pub fn address(world: &World, auto: bool) -> String {
    let start = if auto { "run=auto&" } else { "" };
    format!(
        "https://{}/?{start}depth={}",
        hosts::PAGE.name,
        world.depth.as_str()
    )
}

/// A driver that has been started, and how to ask it for a browser.
struct Drive {
    capabilities: Value,
    /// The file that the page's console goes to, among other things.
    console: PathBuf,
    /// What its lines of the console hold.
    marks: &'static [&'static str],
}

/// The command that opens the page in a browser for a person.
pub fn by_hand(stage: &Stage, world: &World, engine: Engine) -> Result<String> {
    let address = address(world, false);
    match engine {
        Engine::Chromium => chromium::by_hand(stage, world, &address),
        Engine::Firefox => firefox::by_hand(stage, world, &address),
    }
}

/// Runs the page once and brings back what it concluded.
pub fn ride(stage: &mut Stage, world: &World, engine: Engine) -> Result<Ride> {
    let drive = match engine {
        Engine::Chromium => chromium::drive(stage, world),
        Engine::Firefox => firefox::drive(stage, world),
    }?;
    let Drive {
        capabilities,
        console,
        marks,
    } = drive;
    let stage = &*stage;
    let mut ride = stage.agent().enter(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Trouble::new(error.to_string()))?;
        runtime.block_on(async {
            let client = connect(capabilities).await?;
            let ride = tokio::select! {
                ride = follow(&client, stage, world, engine) => ride,
                () = interrupted() => Err(Trouble::new("interrupted")),
            };
            // The namespace's end would take it too; this only lets the console be written to its end.
            _ = tokio::time::timeout(Duration::from_secs(5), client.close()).await;
            ride
        })
    })??;
    ride.console = std::fs::read(&console).map_or_else(
        |_| String::new(),
        |bytes| {
            String::from_utf8_lossy(&bytes)
                .lines()
                .filter(|line| marks.iter().any(|mark| line.contains(mark)))
                .fold(String::new(), |text, line| text + line + "\n")
        },
    );
    Ok(ride)
}

async fn connect(capabilities: Value) -> Result<Client> {
    let Value::Object(capabilities) = capabilities else {
        return Err(Trouble::new("capabilities are an object"));
    };
    let driver = format!("http://127.0.0.1:{PORT}");
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        interrupt::check()?;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        match builder.capabilities(capabilities.clone()).connect(&driver).await {
            Ok(client) => return Ok(client),
            Err(error) if Instant::now() > end => {
                return Err(Trouble::new(format!("the browser did not start: {error}")));
            }
            // The driver is not up yet.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn follow(client: &Client, stage: &Stage, world: &World, engine: Engine) -> Result<Ride> {
    let auto = !world.changes_after_load();
    let broken = |error: fantoccini::error::CmdError| Trouble::new(format!("WebDriver: {error}"));
    if world.faults.contains(&Fault::Ipv6Only {}) {
        // Without IPv4 the browser looks at its addresses for longer, and cuts what it loads meanwhile.
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
    let mut start = Instant::now();
    client.goto(&address(world, auto)).await.map_err(broken)?;
    if !auto {
        await_start(client, Duration::from_secs(20)).await?;
        stage.strike()?;
        start = Instant::now();
        // As an agent does it: a gesture, which some browsers want before anything plays.
        let button = client.find(Locator::Css("#start")).await.map_err(broken)?;
        button.click().await.map_err(broken)?;
    }

    let mut cover = world.browser.hidden_ms;
    let ended = loop {
        if let Some((from, to)) = cover
            && start.elapsed() >= Duration::from_millis(from.into())
        {
            cover = None;
            let rest = Duration::from_millis(to.into()).saturating_sub(start.elapsed());
            hide(client, rest).await.map_err(broken)?;
        }
        let (state, error) = state(client).await?;
        match state.as_str() {
            "done" => {
                if world.browser.microphone.is_some() {
                    try_headset(client).await?;
                }
                break report(client).await?;
            }
            "failed" => break Ended::Failed(error),
            _ if start.elapsed() > PATIENCE => break Ended::Never(format!("data-clearline={state:?}")),
            _ => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    };
    let took = start.elapsed();
    let screenshot = client.screenshot().await.ok();
    let kind = world
        .fix
        .map(|remedy| remedy.apply)
        .filter(|kind| *kind != Kind::Pac);
    let mended = match (&ended, kind) {
        (Ended::Done(before), Some(kind)) if world.expect.of(engine).differences(&ended).is_empty() => {
            Some(mend(client, stage, before, kind).await?)
        }
        _ => None,
    };
    Ok(Ride {
        ended,
        took,
        screenshot,
        mended,
        console: String::new(),
    })
}

/// The page's newest report.
async fn report(client: &Client) -> Result<Ended> {
    let report = client
        .execute("return JSON.stringify(window.clearline.report())", vec![])
        .await
        .map_err(|error| Trouble::new(format!("WebDriver: {error}")))?;
    let report = report.as_str().and_then(|text| serde_json::from_str(text).ok());
    Ok(report.map_or_else(|| Ended::Never("done, but no report".to_owned()), Ended::Done))
}

/// Puts the report's own lines where they belong and presses that fix's "Test this again", as its owner and the agent
/// would: what keeps the page from being ready, and from saying that the fix worked.
async fn mend(client: &Client, stage: &Stage, before: &Value, kind: Kind) -> Result<Vec<String>> {
    let Some(lines) = remedy::lines(before, kind) else {
        return Ok(vec!["no fix of the primary finding has any".to_owned()]);
    };
    if let Err(trouble) = stage.mend(kind, &lines.text) {
        return Ok(vec![format!("they are not taken: {trouble}")]);
    }
    let broken = |error: fantoccini::error::CmdError| Trouble::new(format!("WebDriver: {error}"));
    let press = format!(
        "const button = document.querySelector('[data-fix=\"{}\"] [data-action=retest]'); button?.click(); \
         return button !== null",
        lines.fix
    );
    if client.execute(&press, vec![]).await.map_err(broken)? != true {
        return Ok(vec![format!("{} has no button to test it again", lines.fix)]);
    }
    // Such a run may be over before anybody sees that it runs: it is known by its report.
    let started = Instant::now();
    let ended = loop {
        let (state, _) = state(client).await?;
        if state == "done"
            && let Ended::Done(report) = report(client).await?
            && report["run"]["id"] != before["run"]["id"]
        {
            break Ended::Done(report);
        }
        if started.elapsed() > PATIENCE {
            return Ok(vec![format!("testing it again never ended: {state:?}")]);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let mut differences = Expect::healthy().differences(&ended);
    if let Ended::Done(report) = &ended
        && report["compared"]["outcome"] != "works"
    {
        differences.push(format!("the fix did not work: {}", report["compared"]));
    }
    Ok(differences)
}

/// Presses the button of the headset and waits until the report tells of it.
async fn try_headset(client: &Client) -> Result<()> {
    let broken = |error: fantoccini::error::CmdError| Trouble::new(format!("WebDriver: {error}"));
    let button = client
        .find(Locator::Css("[data-action=headset]"))
        .await
        .map_err(broken)?;
    button.click().await.map_err(broken)?;
    let end = Instant::now() + Duration::from_secs(20);
    let told = "return window.clearline.report().probes.some(probe => probe.id === 'headset')";
    while Instant::now() < end {
        if client.execute(told, vec![]).await.map_err(broken)? == true {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(Trouble::new("the headset was not tried to its end"))
}

/// Lays another tab over the page for a while.
async fn hide(client: &Client, time: Duration) -> std::result::Result<(), fantoccini::error::CmdError> {
    let page = client.window().await?;
    let other = client.new_window(true).await?.handle;
    client.switch_to_window(other).await?;
    tokio::time::sleep(time).await;
    client.close_window().await?;
    client.switch_to_window(page).await
}

/// Waits for the start button: `data-clearline` is `idle` before the application has mounted already.
async fn await_start(client: &Client, patience: Duration) -> Result<()> {
    let end = Instant::now() + patience;
    loop {
        let there = client
            .execute("return document.querySelector('#start') !== null", vec![])
            .await
            .map_err(|error| Trouble::new(format!("WebDriver: {error}")))?;
        if there == true {
            return Ok(());
        }
        if Instant::now() > end {
            let (state, error) = state(client).await?;
            return Err(Trouble::new(format!(
                "the page is {state:?} {error} and shows no start button"
            )));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// `data-clearline` and `data-clearline-error`.
async fn state(client: &Client) -> Result<(String, String)> {
    // On a slow line there is no document yet when the browser is asked first.
    let script = "const d = document.documentElement?.dataset ?? {}; return [d.clearline ?? '', d.clearlineError ?? '']";
    let answer = client
        .execute(script, vec![])
        .await
        .map_err(|error| Trouble::new(format!("WebDriver: {error}")))?;
    let text = |index: usize| answer[index].as_str().unwrap_or_default().to_owned();
    Ok((text(0), text(1)))
}

async fn interrupted() {
    while !interrupt::asked() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Words for a shell.
fn shell(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    quoted.join(" ")
}

/// Percent-encodes for a data: URL.
#[must_use]
pub fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |encoded, byte| {
        if byte.is_ascii_alphanumeric() {
            encoded + &char::from(byte).to_string()
        } else {
            format!("{encoded}%{byte:02X}")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_starts_by_itself_unless_something_strikes_first() {
        let world =
            World::parse("x", "title = 'x'\ndepth = 'quick'\n[expect]\nverdict = 'ready'\n").expect("parses");
        assert_eq!(
            address(&world, true),
            "https://clearline.helpdesk.example/?run=auto&depth=quick"
        );
        assert_eq!(
            address(&world, false),
            "https://clearline.helpdesk.example/?depth=quick"
        );
    }
}
