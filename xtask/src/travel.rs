//! A result that travels, in a real browser: run, shared, opened on another page, damaged, and compared by the helpdesk.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::browser;
use crate::command::{Failure, Outcome};
use crate::devtools::Page;
use crate::served::Served;
use crate::test::Suite;

/// How long each step may take; a quick run takes 3 s.
const PATIENCE: Duration = Duration::from_secs(30);

/// A chat message's room, as the page has it.
const CHAT: usize = 2_000;

/// A headless browser keeps no clipboard: what the page would put there is kept here.
const CLIPBOARD: &str = "navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); }; window.copied = null;";

/// The tests.
pub fn suites(folder: &Path) -> Vec<Suite> {
    let names = ["a result travels", "the helpdesk's view", "what leaves is shown"];
    match browser::find() {
        Ok(program) => vec![
            Suite::single(names[0], travels(&program, folder)),
            Suite::single(names[1], helpdesk(&program, folder)),
            Suite::single(names[2], shown(&program, folder)),
        ],
        Err(failure) => names
            .map(|name| Suite::left_out(name, failure.to_string()))
            .to_vec(),
    }
}

/// Presses the button and gives what it copied.
fn copied(page: &mut Page, action: &str) -> Outcome<String> {
    page.evaluate(CLIPBOARD)?;
    page.evaluate(&format!(
        "document.querySelector('[data-action={action}]').click()"
    ))?;
    page.until(PATIENCE, "!!window.copied")?;
    text(page, "window.copied")
}

fn text(page: &mut Page, expression: &str) -> Outcome<String> {
    match page.evaluate(expression)? {
        Value::String(text) => Ok(text),
        other => Err(Failure::new(format!("{expression} is {other}"))),
    }
}

fn finished(served: &mut Served) -> Outcome<String> {
    served
        .page
        .until(PATIENCE, "document.documentElement?.dataset.clearline === 'done'")?;
    served
        .page
        .until(PATIENCE, "!!document.querySelector('[data-action=share]')")?;
    copied(&mut served.page, "share")
}

fn expect(page: &mut Page, what: &str, condition: &str) -> Outcome<()> {
    page.expect(PATIENCE, what, condition)
}

/// A file is not saved but kept here, as it would be written.
const FILE: &str = "window.saved = null; HTMLAnchorElement.prototype.click = () => {}; \
    URL.createObjectURL = file => { file.text().then(text => { window.saved = text; }); return 'about:blank'; };";

/// Copied and saved is, to the letter, what the page shows before, in both formats, with names in full and shortened.
fn shown(program: &Path, folder: &Path) -> Outcome<()> {
    let mut served = Served::open(program, folder, "?run=auto&depth=quick&lang=en")?;
    finished(&mut served)?;
    let page = &mut served.page;
    expect(
        page,
        "nothing is shown unasked",
        "!document.getElementById('handed')",
    )?;
    page.evaluate("document.querySelector('[data-action=show-handed]').click()")?;
    for (format, first) in [("plain", ""), ("markdown", "## ")] {
        let chosen = format!("document.querySelector('[name=format][value={format}]')");
        page.evaluate(&format!("{chosen}.click()"))?;
        for full in [true, false] {
            let ticked = "document.getElementById('full-addresses')";
            page.evaluate(&format!("{ticked}.checked === {full} || {ticked}.click()"))?;
            let there = format!(
                "{chosen}.checked && {ticked}.checked === {full} \
                    && document.getElementById('handed-ticket').textContent.startsWith('{first}') \
                    && document.getElementById('handed-ticket').textContent.includes('127.0.0.{}')",
                if full { "1" } else { "x" }
            );
            expect(page, &format!("{format}, {full}"), &there)?;
            let ticket = copied(page, "copy-ticket")?;
            page.evaluate(FILE)?;
            page.evaluate("document.querySelector('[data-action=save]').click()")?;
            page.until(PATIENCE, "!!window.saved")?;
            for (id, left) in [
                ("handed-ticket", ticket),
                ("handed-file", text(page, "window.saved")?),
            ] {
                let shown = text(page, &format!("document.getElementById('{id}').textContent"))?;
                if shown != left {
                    return Err(Failure::new(format!(
                        "{id} shows\n{shown}\nand what leaves is\n{left}"
                    )));
                }
            }
        }
    }
    let mut again = served.tab("?run=auto&depth=quick&lang=en")?;
    expect(
        &mut again,
        "the second result",
        "document.documentElement?.dataset.clearline === 'done' && !!document.querySelector('[data-action=show-handed]')",
    )?;
    again.evaluate("document.querySelector('[data-action=show-handed]').click()")?;
    expect(
        &mut again,
        "the format is remembered, and full names are not",
        "document.querySelector('[name=format][value=markdown]')?.checked && !document.getElementById('full-addresses').checked",
    )
}

fn travels(program: &Path, folder: &Path) -> Outcome<()> {
    let mut served = Served::open(program, folder, "?run=auto&depth=quick&ticket=INC-7")?;
    let shared = finished(&mut served)?;
    let Some((_, fragment)) = shared.split_once('#') else {
        return Err(Failure::new(format!("{shared} has no fragment")));
    };
    if shared.len() > CHAT {
        return Err(Failure::new(format!(
            "{} characters are too long for a chat",
            shared.len()
        )));
    }
    println!("A result in a link of {} characters.", shared.len());
    let mut opened = served.tab(&format!("#{fragment}"))?;
    expect(
        &mut opened,
        "the shared result",
        "document.querySelector('[data-verdict]')?.dataset.verdict === 'ready'",
    )?;
    expect(
        &mut opened,
        "its ticket",
        "document.body.innerText.includes('INC-7')",
    )?;
    expect(
        &mut opened,
        "no check is offered or run",
        "!document.getElementById('start') && document.documentElement.dataset.clearline === 'idle'",
    )?;
    let elsewhere = "performance.getEntriesByType('resource').filter(it => !it.name.startsWith(location.origin + '/')).length";
    let asked =
        "performance.getEntriesByType('resource').filter(it => /canary|credentials/.test(it.name)).length";
    for (what, count) in [("other hosts", elsewhere), ("servers under test", asked)] {
        let count = opened.evaluate(count)?;
        if count != 0 {
            return Err(Failure::new(format!(
                "reading a result asked {what} {count} times"
            )));
        }
    }

    let middle = fragment.len() / 2;
    let (before, after) = fragment.split_at(middle);
    let other = if after.starts_with('A') { 'B' } else { 'A' };
    for (link, key) in [
        (format!("#{before}{other}{}", &after[1..]), "ui.received.damaged"),
        (format!("#{before}"), "ui.received.cut"),
        ("#report=9.1.A.0".to_owned(), "ui.received.newer"),
        ("#report=nothing".to_owned(), "ui.received.no-report"),
    ] {
        let mut bad = served.tab(&link)?;
        expect(
            &mut bad,
            key,
            &format!("document.querySelector('[data-unreadable]')?.dataset.unreadable === '{key}'"),
        )?;
    }
    Ok(())
}

fn helpdesk(program: &Path, folder: &Path) -> Outcome<()> {
    let mut served = Served::open(program, folder, "?run=auto&depth=quick")?;
    let first = finished(&mut served)?;
    let code = text(
        &mut served.page,
        "document.querySelector('p.code').textContent.match(/[0-9A-Z]{4}-[0-9A-Z]{4}/)[0]",
    )?;
    served.page.evaluate("document.getElementById('start').click()")?;
    expect(
        &mut served.page,
        "the second run",
        "document.documentElement.dataset.clearline === 'running'",
    )?;
    let second = finished(&mut served)?;

    let mut desk = served.tab("#helpdesk")?;
    expect(
        &mut desk,
        "the tools",
        "!!document.getElementById('desk-ticket') && !document.getElementById('start')",
    )?;
    desk.evaluate("document.getElementById('desk-ticket').value = 'INC 8'; document.getElementById('desk-phone').value = 'pstn'")?;
    desk.evaluate("document.querySelector('[data-action=make-link]').click()")?;
    expect(
        &mut desk,
        "the link",
        "document.querySelector('.address')?.textContent.endsWith('?phone=pstn&ticket=INC%208')",
    )?;
    expect(
        &mut desk,
        "its picture",
        "!!document.querySelector('svg.qr path')",
    )?;
    let message = copied(&mut desk, "copy-message")?;
    if !message.contains("?phone=pstn&ticket=INC%208") {
        return Err(Failure::new(format!("the message is {message}")));
    }

    desk.evaluate(&format!(
        "document.getElementById('desk-code').value = '{}'",
        code.to_lowercase()
    ))?;
    desk.evaluate("document.querySelector('[data-action=read-code]').click()")?;
    expect(
        &mut desk,
        "the code",
        "document.querySelector('dl.code')?.dataset.verdict === 'ready'",
    )?;

    for (number, link) in [(1, &first), (2, &second)] {
        desk.evaluate(&format!(
            "document.getElementById('desk-pasted').value = {link:?}"
        ))?;
        desk.evaluate("document.querySelector('[data-action=open-link]').click()")?;
        expect(
            &mut desk,
            "a pasted result",
            &format!("document.querySelectorAll('[data-verdict=ready].verdict').length === {number}"),
        )?;
    }
    expect(
        &mut desk,
        "side by side",
        "!!document.getElementById('desk-compare')",
    )?;
    // The first link again is no third result.
    desk.evaluate(&format!(
        "document.getElementById('desk-pasted').value = {first:?}"
    ))?;
    desk.evaluate("document.querySelector('[data-action=open-link]').click()")?;
    expect(
        &mut desk,
        "the field is taken",
        "document.getElementById('desk-pasted').value === ''",
    )?;
    std::thread::sleep(Duration::from_millis(500));
    expect(
        &mut desk,
        "still two",
        "document.querySelectorAll('[data-verdict=ready].verdict').length === 2",
    )
}
