//! A wallboard in a browser that is locked down: it starts by itself, asks for nothing, opens nothing, and keeps the
//! screen on.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::LOCKED_DOWN;
use crate::command::{Failure, Outcome};
use crate::served::Served;

/// A quick run takes 3 s.
const PATIENCE: Duration = Duration::from_secs(30);

/// Keeps what a page asks the browser for, and each hold on the screen.
const KEEP: &str = "window.asked = [];
    const watch = (of, name) => {
        const before = of?.[name];
        if (before) of[name] = function (...all) { asked.push(name); return before.apply(this, all); };
    };
    watch(window, 'open');
    watch(window, 'alert');
    watch(window, 'confirm');
    watch(window, 'prompt');
    watch(window, 'print');
    watch(window.Notification, 'requestPermission');
    watch(MediaDevices.prototype, 'getUserMedia');
    watch(MediaDevices.prototype, 'getDisplayMedia');
    watch(Element.prototype, 'requestFullscreen');
    watch(Clipboard.prototype, 'readText');
    watch(Clipboard.prototype, 'writeText');
    window.held = [];
    const request = WakeLock.prototype.request;
    WakeLock.prototype.request = async function (...all) {
        const lock = await request.apply(this, all);
        held.push(lock);
        return lock;
    };
    window.holds = () => held.filter(it => !it.released).length;";

pub fn suite(program: &Path, folder: &Path) -> Outcome<()> {
    let mut served = Served::open_with_flags(program, folder, "canary?nonce=0", &LOCKED_DOWN)?;
    let url = served.address("?mode=kiosk&every=30&depth=quick");
    let page = &mut served.page;
    let size = json!({ "width": 1024, "height": 768, "deviceScaleFactor": 1, "mobile": false });
    page.call("Emulation.setDeviceMetricsOverride", size)?;
    page.call("Page.enable", json!({}))?;
    page.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": KEEP }))?;
    page.call("Page.navigate", json!({ "url": url }))?;
    page.until(PATIENCE, "document.documentElement?.dataset.clearline === 'done'")?;
    page.until(
        PATIENCE,
        "document.querySelector('main')?.dataset.verdict === 'ready'",
    )?;
    let told = page.settled(
        "(async () => ({
            asked,
            gesture: navigator.userActivation.hasBeenActive,
            microphone: (await navigator.permissions.query({ name: 'microphone' })).state,
            notifications: Notification.permission,
            clickable: document.querySelectorAll('button, a, input, select, summary').length,
            room: [document.documentElement.scrollWidth, document.documentElement.scrollHeight],
        }))()",
    )?;
    let right = told["asked"] == json!([])
        && told["gesture"] == false
        && told["microphone"] != "granted"
        && told["notifications"] != "granted"
        && told["clickable"] == 0
        && told["room"] == json!([1024, 768]);
    if !right {
        return Err(Failure::new(format!("a locked-down board: {told}")));
    }
    for event in [
        "Page.javascriptDialogOpening",
        "Page.windowOpen",
        "Page.fileChooserOpened",
    ] {
        if page.heard(event) > 0 {
            return Err(Failure::new(format!("{event} in a locked-down browser")));
        }
    }
    let targets = page.call_browser("Target.getTargets")?;
    let pages = targets["targetInfos"].as_array().into_iter().flatten();
    let pages: Vec<_> = pages
        .filter(|it| it["type"] == "page" && it["url"] != "about:blank")
        .map(|it| it["url"].clone())
        .collect();
    if pages.len() != 1 {
        return Err(Failure::new(format!("other pages were opened: {pages:?}")));
    }
    awake(&mut served)
}

/// The screen is kept on while the board is shown, and again after it was hidden.
fn awake(served: &mut Served) -> Outcome<()> {
    let one = "holds() === 1";
    let all = "held.length";
    served.page.until(PATIENCE, one)?;
    let before = served.page.evaluate(all)?;
    // Another tab lies over it; the browser takes the lock back.
    let mut other = served.tab("canary?nonce=1")?;
    other.call("Page.bringToFront", json!({}))?;
    served
        .page
        .until(PATIENCE, "document.visibilityState === 'hidden'")?;
    served.page.until(PATIENCE, "holds() === 0")?;
    served.page.call("Page.bringToFront", json!({}))?;
    served
        .page
        .until(PATIENCE, "document.visibilityState === 'visible'")?;
    served.page.until(PATIENCE, one)?;
    let after = served.page.evaluate(all)?;
    match after.as_u64() > before.as_u64() {
        true => Ok(()),
        false => Err(Failure::new("the screen was not kept on again")),
    }
}
