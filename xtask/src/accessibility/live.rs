//! The release bundle as it runs: with the rules, with the keyboard alone, in other directions, without motion.

use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::rules::Tally;
use super::{media, nothing, pictures, too_wide, wide};
use crate::command::{Failure, Outcome};
use crate::devtools::Page;
use crate::served::Served;

/// How long each step may take; a quick run takes 3 s.
const PATIENCE: Duration = Duration::from_secs(30);

/// More presses of Tab than any page has stops.
const PRESSES: usize = 80;

/// The page is there with both of its halves.
const THERE: &str = "!!document.getElementById('start') && !!document.querySelector('.languages')";
const RUNNING: &str =
    "document.documentElement?.dataset.clearline === 'running' && !!document.getElementById('now')";
const DONE: &str = "document.documentElement?.dataset.clearline === 'done' && !!document.querySelector('[data-action=share]')";

/// The bundle, ready to start, in a window for desks.
fn opened(program: &Path, folder: &Path, place: &str) -> Outcome<Served> {
    let mut served = Served::open(program, folder, place)?;
    ready(&mut served.page, THERE)?;
    Ok(served)
}

/// Waits for what is to be there, in a page that has the focus as if its window were in front.
fn ready(page: &mut Page, there: &str) -> Outcome<()> {
    page.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }))?;
    wide(page, 1280)?;
    page.until(PATIENCE, there)?;
    page.settled("Promise.resolve(window.clearlineLater).then(() => true)")?;
    Ok(())
}

/// Presses a key with this name.
fn press(page: &mut Page, key: &str) -> Outcome<()> {
    let (code, number, text) = match key {
        "Tab" => (key, 9, ""),
        "Enter" => (key, 13, "\r"),
        "Escape" => (key, 27, ""),
        _ => ("Space", 32, " "),
    };
    for kind in ["keyDown", "keyUp"] {
        let mut event = json!({ "type": kind, "key": key, "code": code, "windowsVirtualKeyCode": number });
        if kind == "keyDown" && !text.is_empty() {
            event["text"] = text.into();
        }
        page.call("Input.dispatchKeyEvent", event)?;
    }
    Ok(())
}

/// axe-core's rules on the states that only the bundle has: with its own title, its second half, a long page.
pub(super) fn rules(program: &Path, folder: &Path, axe: &str) -> Outcome<()> {
    let mut served = opened(program, folder, "?depth=quick&lang=en")?;
    let mut tally = Tally::default();
    let page = &mut served.page;
    tally.run(page, axe, "the first screen")?;
    page.evaluate("document.querySelector('[popovertarget=languages]').click()")?;
    tally.run(page, axe, "the menu of languages")?;
    page.evaluate(
        "document.getElementById('languages').hidePopover(); document.getElementById('start').click()",
    )?;
    page.until(PATIENCE, RUNNING)?;
    tally.run(page, axe, "a run")?;
    page.until(PATIENCE, DONE)?;
    page.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true; })")?;
    for scheme in ["light", "dark"] {
        media(page, &[("prefers-color-scheme", scheme)])?;
        tally.run(page, axe, &format!("a result, {scheme}"))?;
    }
    for (place, there) in [
        ("#helpdesk", "!!document.getElementById('desk-ticket')"),
        ("#history", "!!document.querySelector('tbody')"),
        (
            "?config=not-there&lang=en",
            "!!document.querySelector('[data-screen=broken] h1')",
        ),
    ] {
        let mut page = served.tab(place)?;
        ready(&mut page, there)?;
        tally.run(&mut page, axe, place)?;
    }
    println!("The release bundle: {tally}");
    nothing(&tally.violations)
}

/// What Tab should reach, in this order, and what it reaches; and whether each stop can be seen.
const STOPS: &str = "(() => { \
    const seen = it => it.checkVisibility({ visibilityProperty: true }) && !it.closest('[popover]'); \
    window.stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex=\"0\"]')] \
        .filter(it => seen(it) && (it.type !== 'radio' || it.checked)); \
    return window.stops.length; })()";
const STOP: &str = "(() => { const it = document.activeElement; const style = getComputedStyle(it); \
    const box = it.getBoundingClientRect(); \
    return { at: window.stops.indexOf(it), what: it.outerHTML.slice(0, 100), body: it === document.body, \
        ring: it.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, \
        inside: box.bottom > 0 && box.top < innerHeight }; })()";

/// The next Tab goes to the first stop: the focus was on what stood before everything, and is gone.
const TOP: &str = "{ const top = document.createElement('i'); top.tabIndex = -1; document.body.prepend(top); \
    top.focus(); top.remove(); }";

/// Goes through the page by Tab: every stop once, from top to bottom, each with its ring and inside the window.
fn through(page: &mut Page, place: &str) -> Outcome<u64> {
    page.evaluate(TOP)?;
    let all = page.evaluate(STOPS)?.as_u64().unwrap_or_default();
    let mut wrong = Vec::new();
    let mut next = 0;
    for _ in 0..PRESSES {
        press(page, "Tab")?;
        let stop = page.evaluate(STOP)?;
        if stop["body"] == true {
            break;
        }
        if stop["at"] != next {
            wrong.push(format!("{place}: stop {next} of {all} is {stop}"));
            break;
        }
        for (kind, what) in [("ring", "no ring"), ("inside", "outside of the window")] {
            if stop[kind] != true {
                wrong.push(format!("{place}: {what}: {}", stop["what"]));
            }
        }
        next += 1;
        if next == all {
            break;
        }
    }
    if next != all && wrong.is_empty() {
        wrong.push(format!("{place}: Tab reached {next} of {all} stops"));
    }
    nothing(&wrong).map(|()| all)
}

/// Presses Tab until the element is reached.
fn reach(page: &mut Page, selector: &str) -> Outcome<()> {
    for _ in 0..PRESSES {
        if page.evaluate(&format!("document.activeElement.matches('{selector}')"))? == true {
            return Ok(());
        }
        press(page, "Tab")?;
    }
    Err(Failure::new(format!("Tab does not reach {selector}")))
}

/// From the first screen to the result and into its details, without a pointer.
pub(super) fn keyboard(program: &Path, folder: &Path) -> Outcome<()> {
    let mut counts = Vec::new();
    let mut served = opened(program, folder, "?depth=quick&lang=en")?;
    let page = &mut served.page;
    counts.push(through(page, "the first screen")?);
    page.evaluate(TOP)?;
    reach(page, "#start")?;
    press(page, "Enter")?;
    page.until(PATIENCE, RUNNING)?;
    page.until(PATIENCE, "document.activeElement.id === 'now'")?;
    page.until(PATIENCE, DONE)?;
    page.until(PATIENCE, "document.activeElement.id === 'verdict'")?;
    counts.push(through(page, "a result")?);
    page.evaluate(TOP)?;
    reach(page, ".engineers > summary")?;
    press(page, "Enter")?;
    page.until(PATIENCE, "document.querySelector('.engineers').open")?;
    counts.push(through(page, "its details")?);
    let mut desk = served.tab("#helpdesk")?;
    ready(&mut desk, "!!document.getElementById('desk-ticket')")?;
    counts.push(through(&mut desk, "the helpdesk's view")?);
    let mut history = served.tab("#history")?;
    ready(&mut history, "!!document.querySelector('tbody')")?;
    counts.push(through(&mut history, "the history")?);

    let mut again = served.tab("?depth=quick&lang=en")?;
    ready(&mut again, THERE)?;
    reach(&mut again, "#start")?;
    press(&mut again, " ")?;
    again.until(PATIENCE, RUNNING)?;
    reach(&mut again, "[data-action=stop]")?;
    press(&mut again, "Enter")?;
    again.until(PATIENCE, "document.activeElement.id === 'verdict'")?;
    println!("Stops of Tab: {counts:?}, all in order, with a ring, inside the window.");
    Ok(())
}

/// The menu of languages opens and closes by keyboard, and the focus comes back to its button.
pub(super) fn menu(program: &Path, folder: &Path) -> Outcome<()> {
    const BUTTON: &str = "[popovertarget=languages]:not([data-action])";
    const OPEN: &str = "!!document.querySelector('#languages:popover-open')";
    let closed = format!("!{OPEN} && document.activeElement.matches('{BUTTON}')");
    let mut served = opened(program, folder, "?depth=quick")?;
    let page = &mut served.page;
    reach(page, BUTTON)?;
    for key in ["Enter", " "] {
        press(page, key)?;
        page.until(PATIENCE, OPEN)?;
        press(page, "Tab")?;
        page.until(
            PATIENCE,
            "document.activeElement === document.querySelector('#languages button')",
        )?;
        press(page, "Escape")?;
        page.until(PATIENCE, &closed)?;
    }
    press(page, "Enter")?;
    page.until(PATIENCE, OPEN)?;
    for width in [360, 1280] {
        wide(page, width)?;
        picture(page, &format!("menu-{width}.png"))?;
    }
    reach(page, "#languages button[lang=de]")?;
    press(page, "Enter")?;
    page.until(PATIENCE, "document.documentElement.lang === 'de'")?;
    page.until(PATIENCE, &closed)?;

    // A language that does not come: the page keeps its own, and says so in it.
    page.call("Network.enable", json!({}))?;
    page.call("Network.setBlockedURLs", json!({ "urls": ["*/words/fr.json"] }))?;
    press(page, "Enter")?;
    page.until(PATIENCE, OPEN)?;
    reach(page, "#languages button[lang=fr]")?;
    press(page, "Enter")?;
    page.until(
        PATIENCE,
        "document.body.innerText.includes('Wörter dieser Sprache')",
    )?;
    page.until(PATIENCE, "document.documentElement.lang === 'de'")
}

/// A run says that it runs, then the verdict, and nothing in between.
pub(super) fn announced(program: &Path, folder: &Path) -> Outcome<()> {
    const LISTEN: &str = "window.said = []; new MutationObserver(list => { \
        const regions = new Set(list.map(it => (it.target.closest ? it.target : it.target.parentElement) \
            ?.closest('[aria-live], [role=status], [role=alert], [role=log]'))); \
        for (const region of regions) if (region) window.said.push(region.textContent); \
        }).observe(document.documentElement, { childList: true, characterData: true, subtree: true }); 0";
    let mut served = opened(program, folder, "?lang=en")?;
    let page = &mut served.page;
    page.evaluate(LISTEN)?;
    reach(page, "#start")?;
    press(page, "Enter")?;
    page.until(PATIENCE, RUNNING)?;
    page.until(PATIENCE, DONE)?;
    let said = page.evaluate("window.said")?;
    let verdict = page.evaluate("document.getElementById('verdict').textContent")?;
    let expected = json!(["The check is running.", verdict]);
    match said == expected {
        true => Ok(()),
        false => Err(Failure::new(format!(
            "a screen reader was told {said}, and not {expected}"
        ))),
    }
}

/// Nothing moves for those who asked for that, nor could it; without the wish something could.
pub(super) fn motion(program: &Path, folder: &Path) -> Outcome<()> {
    // What could move tells by its style; progress bars move in a part of their own.
    const WATCH: &str = "window.moved = 0; window.movable = 0; window.looked = 0; \
        const movable = it => [null, '::before', '::after', '::-webkit-progress-value'].some(part => { \
            const style = getComputedStyle(it, part); \
            return parseFloat(style.transitionDuration) > 0 || style.animationName !== 'none'; }); \
        setInterval(() => { window.looked++; \
            window.moved = Math.max(window.moved, document.getAnimations().length); \
            window.movable = Math.max(window.movable, [...document.querySelectorAll('*')].filter(movable).length); }, 100); 0";
    let served = opened(program, folder, "?lang=en")?;
    let watched = |wish: &str| -> Outcome<[u64; 3]> {
        let mut page = served.tab("?depth=quick&lang=en")?;
        ready(&mut page, THERE)?;
        media(&mut page, &[("prefers-reduced-motion", wish)])?;
        page.evaluate(WATCH)?;
        page.evaluate("document.getElementById('start').click()")?;
        page.until(PATIENCE, DONE)?;
        let seen = page.evaluate("[window.looked, window.moved, window.movable]")?;
        Ok([0, 1, 2].map(|at| seen[at].as_u64().unwrap_or_default()))
    };
    let [looked, moved, movable] = watched("reduce")?;
    let [_, _, usually] = watched("no-preference")?;
    println!(
        "Reduced motion: looked {looked} times, {moved} moved, {movable} elements could; without it {usually} could."
    );
    match (looked, moved, movable, usually) {
        (10.., 0, 0, 1..) => Ok(()),
        _ => Err(Failure::new("reduced motion is not what it should be")),
    }
}

/// Long words, wide letters and right to left: nothing sticks out of a narrow window, and charts keep their direction.
pub(super) fn directions(program: &Path, folder: &Path) -> Outcome<()> {
    let served = Served::open(program, folder, "canary?nonce=0")?;
    let mut wrong = Vec::new();
    for language in ["ar", "de", "ja"] {
        let mut page = served.tab(&format!("?depth=quick&lang={language}"))?;
        ready(&mut page, THERE)?;
        page.until(
            PATIENCE,
            &format!("document.documentElement.lang === '{language}'"),
        )?;
        wrong.extend(narrow(&mut page, language, "first")?);
        page.evaluate("document.getElementById('start').click()")?;
        page.until(PATIENCE, RUNNING)?;
        wrong.extend(too_wide(&mut page, &format!("{language}, a run"))?);
        page.until(PATIENCE, DONE)?;
        wrong.extend(narrow(&mut page, language, "result")?);
        page.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true; })")?;
        wrong.extend(narrow(&mut page, language, "details")?);
        let mirrored = page.evaluate(
            "[...document.querySelectorAll('svg.chart')].filter(it => getComputedStyle(it).direction !== 'ltr').length",
        )?;
        if mirrored != 0 {
            wrong.push(format!("{language}: {mirrored} charts are mirrored"));
        }
        let mut desk = served.tab(&format!("?lang={language}#helpdesk"))?;
        ready(&mut desk, "!!document.getElementById('desk-ticket')")?;
        wrong.extend(narrow(&mut desk, language, "desk")?);
        let mut history = served.tab(&format!("?lang={language}#history"))?;
        ready(&mut history, "!!document.querySelector('tbody')")?;
        wrong.extend(narrow(&mut history, language, "history")?);
    }
    nothing(&wrong)
}

/// Whether the page fits into 320 pixels; leaves a picture of it in 360.
fn narrow(page: &mut Page, language: &str, state: &str) -> Outcome<Option<String>> {
    wide(page, 360)?;
    page.settled(
        "new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn))).then(() => true)",
    )?;
    picture(page, &format!("{language}-{state}.png"))?;
    wide(page, 320)?;
    too_wide(page, &format!("{language}, {state}"))
}

/// Takes a picture of the whole page.
fn picture(page: &mut Page, file: &str) -> Outcome<()> {
    page.call("Emulation.setScrollbarsHidden", json!({ "hidden": true }))?;
    let size = page.evaluate("[innerWidth, document.documentElement.scrollHeight]")?;
    let clip = json!({ "x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1 });
    let options = json!({ "captureBeyondViewport": true, "clip": clip });
    let taken = page.call("Page.captureScreenshot", options)?;
    page.call("Emulation.setScrollbarsHidden", json!({ "hidden": false }))?;
    let png = STANDARD
        .decode(taken["data"].as_str().unwrap_or_default())
        .map_err(|error| Failure::new(format!("the picture: {error}")))?;
    Ok(std::fs::write(pictures()?.join(file), png)?)
}
