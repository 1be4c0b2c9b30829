//! The configuration view in a real browser: broken and mended, tried, left and found again, saved.

use std::path::Path;
use std::time::Duration;

use lab::policy;
use serde_json::{Value, json};

use crate::browser;
use crate::command::Outcome;
use crate::devtools::Page;
use crate::served::Served;
use crate::test::{self, Suite};

/// How long each step may take; a full run takes 6 s.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the browser opens before the page.
const BLANK: &str = "canary?nonce=0";

const PASSWORD: &str = "n0-reader-sees-this";

/// A click, a text typed into a field, and a file dropped on the page, as a reader does it; and the file that is saved.
const HANDS: &str = r"
window.press = action => document.querySelector(`[data-action=${action}]`).click();
window.field = id => document.getElementById(id);
window.type = (id, text) => { const it = field(id); it.value = text;
  it.dispatchEvent(new Event('input', { bubbles: true })); it.dispatchEvent(new Event('change', { bubbles: true })); };
window.drop = (name, text) => { const data = new DataTransfer(); data.items.add(new File([text], name));
  document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })); };
window.wrong = () => field('draft-count')?.dataset.count;
window.seen = () => document.documentElement.outerHTML + JSON.stringify(sessionStorage) + JSON.stringify(localStorage)
  + [...document.querySelectorAll('input, textarea')].map(it => it.value).join();
const make = URL.createObjectURL;
URL.createObjectURL = blob => { blob.text().then(text => { window.saved = text; }); return make(blob); };
";

/// The tests.
pub fn suites(folder: &Path) -> Vec<Suite> {
    let names = ["a draft is tried and saved", "a draft and its passwords"];
    match browser::find() {
        Ok(program) => vec![
            Suite::single(names[0], edited(&program, folder)),
            Suite::single(names[1], secretive(&program, folder)),
        ],
        Err(failure) => names
            .map(|name| Suite::left_out(name, failure.to_string()))
            .to_vec(),
    }
}

/// `cargo xtask draft`: these tests alone, on the bundle in `dist/` as it is.
///
/// # Errors
/// A test failed.
pub fn main() -> Outcome<()> {
    test::report(&suites(&crate::command::root().join("dist")))
}

fn expect(page: &mut Page, what: &str, condition: &str) -> Outcome<()> {
    page.expect(PATIENCE, what, condition)
}

/// A text as JavaScript writes it.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn write(page: &mut Page, text: &str) -> Outcome<()> {
    page.evaluate(&format!("type('draft-text', {})", quoted(text)))
        .map(drop)
}

fn edited(program: &Path, folder: &Path) -> Outcome<()> {
    // What the page may ask, but not show an image of.
    let policy = policy::content_security_policy(&["http://localhost:*".to_owned()], &[]);
    let mut served = Served::open_under(program, folder, "#configuration", policy)?;
    let localhost = served.address("").replace("127.0.0.1", "localhost");
    let deployed = served.config_json().to_owned();
    let hook = served.address("hook");
    let page = &mut served.page;
    expect(page, "the view", "!!document.getElementById('draft-text')")?;
    page.evaluate(HANDS)?;
    expect(
        page,
        "what is deployed",
        &format!(
            "field('draft-text').value === {} && wrong() === '0'",
            quoted(&deployed)
        ),
    )?;

    let broken = deployed.replacen(",\n  \"canary\"", "\n  \"canary\"", 1);
    let place = broken.find("\n  \"canary\"").unwrap_or_default();
    let line = 2 + broken[..place].matches('\n').count();
    write(page, &broken)?;
    expect(
        page,
        "the problem and its line",
        &format!(
            "wrong() === '1' && document.querySelector('[data-problem=\"file.no-json\"]').innerText.includes('line {line},')"
        ),
    )?;
    page.evaluate("press('draft-go')")?;
    expect(
        page,
        "the cursor is there",
        "document.activeElement.id === 'draft-text' && field('draft-text').value.slice(field('draft-text').selectionStart).startsWith('\"canary\"')",
    )?;

    write(page, &deployed)?;
    expect(page, "mended", "wrong() === '0' && !!field('draft-name')")?;
    page.evaluate("type('draft-name', 'Draft centre')")?;
    page.evaluate(&format!("type('draft-reporting.webhook_url', {})", quoted(&hook)))?;
    expect(
        page,
        "the form has written it",
        "wrong() === '0' && field('draft-text').value.includes('\"name\": \"Draft centre\"') && field('draft-text').value.includes('hook')",
    )?;
    page.evaluate("press('draft-application')")?;
    expect(
        page,
        "a new application is wanted",
        "wrong() !== '0' && document.activeElement.id === 'draft-applications.3.id'",
    )?;
    page.evaluate("type('draft-applications.3.name', 'Not allowed yet')")?;
    page.evaluate("type('draft-applications.3.url', 'https://forbidden.example/')")?;
    page.evaluate("document.querySelectorAll('.entry .tick input')[3].click()")?;
    expect(
        page,
        "the page's own policy is named beforehand",
        "wrong() === '0' && field('draft-forbidden')?.innerText.includes('https://forbidden.example') \
            && field('draft-policy').textContent.includes(\"connect-src 'self' http://127.0.0.1\")",
    )?;
    page.evaluate(&format!(
        "(() => {{ const config = JSON.parse(field('draft-text').value); const url = {}; \
            config.applications.push({{ id: 'image', name: 'An image', url, check: 'image', required: false, \
                image: {{ url: url + 'icons/check-32.png', width: 32, height: 32 }} }}); \
            type('draft-text', JSON.stringify(config, null, 2)); }})()",
        quoted(&localhost)
    ))?;
    expect(
        page,
        "so is what it may not show",
        "wrong() === '0' && field('draft-forbidden')?.innerText.includes('http://localhost:')",
    )?;
    let text = page.evaluate("field('draft-text').value")?;

    page.evaluate("press('draft-try')")?;
    expect(
        page,
        "the try ends",
        "document.documentElement.dataset.clearline === 'done' && !!document.querySelector('.tried')",
    )?;
    for (what, condition) in [
        ("it is ready", "clearline.report().verdict === 'ready'"),
        (
            "its report is marked",
            "clearline.report().run.draft === true && clearline.report().run.config === 'Draft centre (draft)'",
        ),
        (
            "not the network's fault",
            "clearline.report().probes.find(it => it.target.includes('forbidden')).outcome === 'own-policy'",
        ),
        (
            "nor is the image",
            "clearline.report().probes.find(it => it.id === 'https:image').outcome === 'own-policy'",
        ),
        (
            "no code for the phone",
            "!document.querySelector('p.code') && !!document.querySelector('[data-action=share]')",
        ),
        (
            "nothing is sent",
            "!performance.getEntriesByType('resource').some(it => it.name.endsWith('/hook'))",
        ),
    ] {
        expect(page, what, condition)?;
    }

    page.evaluate("press('draft-back')")?;
    let same = format!("field('draft-text')?.value === {text} && wrong() === '0'");
    expect(page, "back at the draft", &same)?;
    expect(
        page,
        "it is over",
        "document.documentElement.dataset.clearline === 'idle'",
    )?;
    page.call("Page.reload", json!({}))?;
    expect(
        page,
        "the view again",
        "document.readyState === 'complete' && !!document.getElementById('draft-text') && !window.press",
    )?;
    page.evaluate(HANDS)?;
    expect(page, "the draft outlives the page", &same)?;
    page.evaluate("press('draft-save')")?;
    expect(page, "the file", &format!("window.saved === {text}"))?;

    let mut missing = served.tab("?config=nothing")?;
    expect(
        &mut missing,
        "a page without a configuration leads to it",
        "document.querySelector('[data-screen=broken] a')?.hash === '#configuration'",
    )?;
    missing.evaluate("document.querySelector('[data-screen=broken] a').click()")?;
    expect(
        &mut missing,
        "a beginning, and why",
        "document.querySelector('[role=alert] code')?.textContent === 'configs/nothing.json' \
            && document.getElementById('draft-text').value.includes('clearline.config/1')",
    )
}

fn secretive(program: &Path, folder: &Path) -> Outcome<()> {
    let mut served = Served::open(program, folder, BLANK)?;
    let with_password = |password: &str| {
        let mut config: Value = serde_json::from_str(served.config_json()).unwrap_or_default();
        for server in config["turn"].as_array_mut().into_iter().flatten() {
            *server = json!({ "id": server["id"], "urls": server["urls"], "username": "demo", "credential": password });
        }
        format!("{config:#}\n")
    };
    let (deployed, other) = (with_password(PASSWORD), with_password("an0ther-one"));
    let url = served.address("#configuration");
    let page = &mut served.page;
    let answers = format!(
        "const ask = window.fetch; window.fetch = (url, how) => String(url).endsWith('config.json') \
            ? Promise.resolve(new Response({})) : ask(url, how);",
        quoted(&deployed)
    );
    page.call("Page.enable", json!({}))?;
    page.call(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": answers }),
    )?;
    page.call("Page.navigate", json!({ "url": url }))?;
    expect(page, "the view", "!!document.getElementById('draft-text')")?;
    page.evaluate(HANDS)?;
    let hidden = format!(
        "!seen().includes({}) && !seen().includes('an0ther')",
        quoted(PASSWORD)
    );
    expect(
        page,
        "stand-ins",
        &format!("wrong() === '0' && field('draft-text').value.includes('••••••••2') && {hidden}"),
    )?;

    page.evaluate(&format!("drop('other.json', {})", quoted(&other)))?;
    expect(
        page,
        "a dropped file, which can be taken back",
        &format!("field('draft-text').value.includes('••••••••2') && {hidden}"),
    )?;
    for (name, text, key) in [
        (
            "huge.json",
            "'x'.repeat(2_000_000)",
            "longer than any configuration",
        ),
        ("long.json", "' '.repeat(300_000)", "262144"),
        ("latin.json", "new Uint8Array([123, 10, 34, 252, 34])", "line 2"),
    ] {
        page.evaluate(&format!("drop('{name}', {text})"))?;
        expect(
            page,
            name,
            &format!(
                "document.querySelector('[role=alert]')?.innerText.includes('{key}') && wrong() === '0'"
            ),
        )?;
    }
    page.evaluate("drop('deep.json', '['.repeat(100_000))")?;
    expect(
        page,
        "a deep file",
        "!!document.querySelector('[data-problem=\"file.no-json\"]') && !field('draft-name')",
    )?;
    page.evaluate("press('draft-undo')")?;
    expect(page, "taken back", "wrong() === '0'")?;

    page.evaluate("press('draft-again')")?;
    expect(
        page,
        "the file on the server",
        "!!document.querySelector('[data-action=draft-undo]')",
    )?;
    page.evaluate("type('draft-name', 'Secretive')")?;
    expect(
        page,
        "the deployed one again",
        &format!("wrong() === '0' && field('draft-text').value.includes('Secretive') && {hidden}"),
    )?;
    page.evaluate("press('draft-save')")?;
    let expected = deployed.replacen("Clearline on this computer", "Secretive", 1);
    expect(
        page,
        "the file has its passwords",
        &format!("window.saved === {}", quoted(&expected)),
    )?;
    page.evaluate("type('draft-turn.0.credential', 'typed-by-hand')")?;
    expect(
        page,
        "what was typed is in the text and in no storage",
        "field('draft-text').value.includes('typed-by-hand') && sessionStorage.length > 0 \
            && !JSON.stringify(sessionStorage).includes('typed-by-hand')",
    )?;
    page.call("Page.reload", json!({}))?;
    expect(
        page,
        "a typed password is asked for again",
        "document.querySelectorAll('[data-problem=\"credential.lost\"]').length === 1 && !window.press",
    )
}
