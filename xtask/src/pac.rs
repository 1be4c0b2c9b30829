//! The PAC checker in a real browser: right files, wrong ones, and hostile ones.

use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use clearline::config::Config;
use clearline::fix::snippet;
use clearline::scene::turn_path::TurnPath;
use lab::policy::WORKER;
use serde_json::{Value, json};

use crate::browser;
use crate::command::{Failure, Outcome};
use crate::devtools::Page;
use crate::page::{self, Build};
use crate::served::Served;
use crate::test::Suite;
use crate::tools;

/// How long each step may take, the check's own two seconds included.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the standard functions answer. The reader has said that `known.example` is 192.0.2.7.
const FUNCTIONS: &[(&str, &str)] = &[
    ("isPlainHostName('intranet')", "true"),
    ("isPlainHostName('a.example')", "false"),
    ("dnsDomainIs('a.example', '.example')", "true"),
    ("dnsDomainIs('badexample', 'example')", "true"),
    ("dnsDomainIs('a.example', 'b.example')", "false"),
    ("localHostOrDomainIs('www', 'www.a.example')", "true"),
    ("localHostOrDomainIs('www.a.example', 'www.a.example')", "true"),
    ("localHostOrDomainIs('ww', 'www.a.example')", "false"),
    ("dnsDomainLevels('a.b.example')", "2"),
    ("shExpMatch('a.example', '*.example')", "true"),
    ("shExpMatch('aXexample', 'a.example')", "false"),
    ("shExpMatch('b.example', '(a|b).example')", "true"),
    ("shExpMatch('ab.example', '?.example')", "false"),
    ("convert_addr('104.16.41.2')", "1745889538"),
    ("isResolvable('known.example')", "true"),
    ("isResolvable('unknown.example')", "false"),
    ("dnsResolve('known.example')", "192.0.2.7"),
    ("dnsResolve('unknown.example')", "null"),
    ("dnsResolve('9.9.9.9')", "9.9.9.9"),
    ("isInNet('known.example', '192.0.2.0', '255.255.255.0')", "true"),
    ("isInNet('10.1.2.3', '10.0.0.0', '255.0.0.0')", "true"),
    ("isInNet('10.1.2.3', '11.0.0.0', '255.0.0.0')", "false"),
    ("isInNet('unknown.example', '0.0.0.0', '0.0.0.0')", "false"),
    ("isInNet('10.1.2.3', '10.0.0.0', 'wrong')", "false"),
    ("myIpAddress()", "10.9.8.7"),
    ("weekdayRange('SUN', 'SAT')", "true"),
    ("weekdayRange('SUN', 'SAT', 'GMT')", "true"),
    ("weekdayRange('FOO')", "false"),
    ("dateRange(1, 31)", "true"),
    ("dateRange('JAN', 'DEC')", "true"),
    ("dateRange(1999, 2020)", "false"),
    ("dateRange(1, 'JAN', 1999, 31, 'DEC', 2020, 'GMT')", "false"),
    ("dateRange(1, 'JAN', 31, 'DEC')", "true"),
    ("timeRange(0, 23)", "true"),
    ("timeRange(0, 0, 23, 59)", "true"),
    ("timeRange(0, 0, 0, 23, 59, 59, 'GMT')", "true"),
    ("timeRange(new Date().getHours())", "true"),
    ("timeRange((new Date().getHours() + 2) % 24)", "false"),
    ("alert('x')", "undefined"),
    ("dnsResolveEx('known.example')", "192.0.2.7"),
    ("isResolvableEx('unknown.example')", "false"),
    ("isInNetEx('known.example', '192.0.2.0/24')", "true"),
    ("isInNetEx('known.example', '192.0.3.0/24')", "false"),
    ("myIpAddressEx()", "10.9.8.7"),
    ("sortIpAddressList('b;a')", "a;b"),
    ("typeof getClientVersion()", "string"),
];

/// What a PAC file must not find.
const GONE: &str = "fetch XMLHttpRequest WebSocket WebSocketStream WebTransport EventSource importScripts Worker \
    SharedWorker BroadcastChannel MessageChannel indexedDB caches navigator location self postMessage onmessage close \
    addEventListener setTimeout setInterval queueMicrotask Request Response WebAssembly SharedArrayBuffer ArrayBuffer \
    crypto FileReaderSync FontFace console performance reportError structuredClone Notification RTCDataChannel \
    RTCPeerConnection scheduler trustedTypes localStorage document window";

/// `cargo xtask pac`: the suite alone, on the page as it is now.
///
/// # Errors
/// The page does not build, or a test failed.
pub fn main() -> Outcome<()> {
    tools::ensure_for_page()?;
    let folder = page::development_folder();
    page::build(Build::Development, &folder)?;
    let program = browser::find()?;
    checks(&program, &folder)
}

/// The test, on a page that was built into `folder`.
pub fn suite(folder: &Path) -> Suite {
    let name = "PAC checker in the browser";
    match browser::find() {
        Ok(program) => Suite::single(name, checks(&program, folder)),
        Err(failure) => Suite::left_out(name, failure.to_string()),
    }
}

fn checks(program: &Path, folder: &Path) -> Outcome<()> {
    // The hostile files call here; nobody may come.
    let trap = TcpListener::bind(("127.0.0.1", 0))?;
    trap.set_nonblocking(true)?;
    let trap_url = format!("http://127.0.0.1:{}/", trap.local_addr()?.port());

    // A page of the same origin and policy, for the worker alone.
    let mut served = Served::open(program, folder, "config.schema.json")?;
    // Until it has come, the tab holds an empty page, from where no worker can be named.
    served.page.until(
        PATIENCE,
        "location.protocol.startsWith('http') && document.readyState === 'complete'",
    )?;
    // What `boot.js` does on the page itself.
    served.page.evaluate(&format!(
        "if (window.trustedTypes) trustedTypes.createPolicy('default', {{ createScriptURL: (url) => \
         url === '{WORKER}' ? url : null }}); 1"
    ))?;
    functions(&mut served.page)?;
    nothing_is_left(&mut served.page)?;

    let mut page = served.tab("?run=auto&depth=quick")?;
    page.until(PATIENCE, "document.documentElement?.dataset.clearline === 'done'")?;
    nothing_else_becomes_code(&mut page)?;
    right_and_wrong(&mut page, served.config_json())?;
    hostile(&mut page, &trap_url)?;
    match trap.accept() {
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ok(()),
        _ => Err(Failure::new("a PAC file reached the network")),
    }
}

/// Where the browser knows Trusted Types, the page's policy refuses every text that would become markup or code, but for
/// the worker's address.
fn nothing_else_becomes_code(page: &mut Page) -> Outcome<()> {
    for attempt in [
        "document.createElement('p').innerHTML = '<b>x</b>'",
        "document.createElement('script').src = 'pac-worker.js?'",
        "document.createElement('script').text = '1'",
        "document.createElement('iframe').srcdoc = 'x'",
        "new Worker('boot.js')",
        "setTimeout('1')",
        "trustedTypes.createPolicy('another', {})",
    ] {
        let refused = format!(
            "(() => {{ if (!window.trustedTypes) return true; \
             try {{ {attempt}; return false; }} catch {{ return true; }} }})()"
        );
        expect(page.evaluate(&refused)? == true, &format!("{attempt} is refused"))?;
    }
    Ok(())
}

/// Runs a job in the worker as the page does, and gives its reply.
fn run(page: &mut Page, job: &Value) -> Outcome<Value> {
    let text = json!(job.to_string());
    page.evaluate(&format!(
        "window.reply = null; {{ const worker = new Worker('pac-worker.js'); worker.onmessage = (event) => {{ \
         if (event.data === 'ready') worker.postMessage({text}); \
         else {{ window.reply = event.data; worker.terminate(); }} }} }}"
    ))?;
    page.until(PATIENCE, "window.reply !== null")?;
    let reply = page.evaluate("window.reply")?;
    serde_json::from_str(reply.as_str().unwrap_or_default()).map_err(|error| Failure::new(error.to_string()))
}

fn functions(page: &mut Page) -> Outcome<()> {
    let calls: Vec<String> = FUNCTIONS
        .iter()
        .map(|(call, _)| format!("() => {call}"))
        .collect();
    let text = format!(
        "var calls = [{}]; function FindProxyForURL(url, host) {{ return String(calls[+host]()); }}",
        calls.join(", ")
    );
    let questions: Vec<Value> = (0..FUNCTIONS.len())
        .map(|at| json!(["https://x/", at.to_string()]))
        .collect();
    let job = json!({
        "text": text, "questions": questions, "names": [["known.example", "192.0.2.7"]], "own": "10.9.8.7"
    });
    let reply = run(page, &job)?;
    for (at, (call, expected)) in FUNCTIONS.iter().enumerate() {
        let answer = &reply["answers"][at];
        expect(
            answer["route"] == *expected,
            &format!("{call}: {answer} instead of {expected}"),
        )?;
    }
    let of = |name: &str, what: &str| {
        let at = FUNCTIONS
            .iter()
            .position(|(call, _)| call.starts_with(name))
            .unwrap_or_default();
        reply["answers"][at][what].clone()
    };
    expect(
        of("isResolvable('unknown", "names") == json!(["unknown.example"]),
        "look-ups are told",
    )?;
    expect(
        of("isInNet('10.", "names") == json!([]),
        "an address needs no look-up",
    )?;
    expect(of("myIpAddress()", "own") == true, "the own address is told")?;
    expect(of("timeRange(0, 23)", "clock") == true, "the clock is told")?;
    expect(
        of("isInNetEx", "extended") == true,
        "Microsoft's functions are told",
    )
}

/// Whatever a file may use to look around is gone.
fn nothing_is_left(page: &mut Page) -> Outcome<()> {
    let text = format!(
        "function FindProxyForURL() {{ return 'left: ' + '{GONE}'.split(' ').filter(function (name) {{ \
         return name in globalThis && globalThis[name] !== undefined; }}).join(' ') + ' ' + typeof this.self; }}"
    );
    let reply = run(
        page,
        &json!({ "text": text, "questions": [["https://x/", "x"]], "names": [], "own": null }),
    )?;
    let route = &reply["answers"][0]["route"];
    expect(*route == "left:  undefined", &format!("{reply}"))
}

/// Puts a file into the page and presses the button; gives how it ended: `right`, `wrong` or `failed`.
fn check(page: &mut Page, text: &str) -> Outcome<String> {
    page.evaluate(&format!(
        "document.getElementById('details').open = true; document.querySelector('.pac').open = true; \
         window.reports ??= (addEventListener('clearline-report', () => window.reports++), 0); \
         window.before = window.reports; \
         document.getElementById('pac-text').value = {}; document.querySelector('[data-action=check-pac]').click();",
        json!(text)
    ))?;
    page.until(
        PATIENCE,
        "window.reports > window.before && !!document.querySelector('[data-pac]')",
    )?;
    let ended = page.evaluate("document.querySelector('[data-pac]').dataset.pac")?;
    Ok(ended.as_str().unwrap_or_default().to_owned())
}

fn right_and_wrong(page: &mut Page, config: &str) -> Outcome<()> {
    let ended = check(page, "function FindProxyForURL(url, host) { return 'DIRECT'; }")?;
    expect(ended == "right", "straight out is right")?;
    let proxied = "function FindProxyForURL(url, host) { return 'PROXY secret:word@proxy:3128'; }";
    expect(check(page, proxied)? == "wrong", "voice through a proxy is wrong")?;
    let probe = "window.clearline.report().probes.find((probe) => probe.id === 'pac')";
    expect(
        page.evaluate(&format!("!!{probe}"))? == true,
        "the report carries the check",
    )?;
    let words = "JSON.stringify(window.clearline.report()).includes('word@') || document.body.innerText.includes('word@')";
    expect(
        page.evaluate(words)? == false,
        "a password in a route shows nowhere",
    )?;

    // The lines that our own fixes hand out, in front of a file that proxies everything else.
    let config = Config::parse(config).map_err(|_| Failure::new("the embedded configuration is broken"))?;
    let paths = TurnPath::all(&config, &[]);
    let sentence = snippet::pac_voice(&paths.iter().collect::<Vec<_>>());
    let (_, lines) =
        snippet::of(&sentence).ok_or_else(|| Failure::new("the fix has no lines for a PAC file"))?;
    let healed =
        format!("function FindProxyForURL(url, host) {{\n{lines}\n  return \"PROXY proxy:3128\";\n}}");
    expect(check(page, &healed)? == "right", "the fix's own lines are right")?;

    for (text, word) in [
        ("function (", "broken"),
        ("var x = 1;", "FindProxyForURL"),
        ("function FindProxyForURL() { return 7; }", "not a text"),
        ("function FindProxyForURL() { return nothing(); }", "nothing"),
        ("function FindProxyForURL() { return 'PROXYp:1'; }", "PROXYp:1"),
    ] {
        let ended = check(page, text)?;
        expect(ended != "right", &format!("{text}: {ended}"))?;
        let shown = page.evaluate("document.querySelector('[data-pac]').innerText")?;
        let shown = shown.as_str().unwrap_or_default().to_owned();
        expect(
            shown.contains(word) || word == "broken",
            &format!("{text}: {shown}"),
        )?;
    }
    let asks = "function FindProxyForURL(url, host) { return isInNet('desk.example', '10.0.0.0', '255.0.0.0') && \
        myIpAddress() == '10.1.1.1' ? 'PROXY p:1' : 'DIRECT'; }";
    expect(check(page, asks)? == "right", "unknown names are unknown")?;
    page.evaluate("document.querySelector('[data-pac-name=\"desk.example\"]').value = '10.2.3.4'")?;
    expect(
        check(page, asks)? == "right",
        "an unknown own address is the computer's own",
    )?;
    page.evaluate("document.querySelector('[data-pac-name=\"\"]').value = '10.1.1.1'")?;
    expect(check(page, asks)? == "wrong", "the reader's answers count")
}

/// Files that want to harm. Each ends in time, and the page lives on.
fn hostile(page: &mut Page, trap: &str) -> Outcome<()> {
    let find = "function FindProxyForURL() { return 'DIRECT'; }";
    let escapes = format!(
        "var ways = [() => import('{trap}a'), () => fetch('{trap}b'), () => importScripts('{trap}c'), \
         () => new WebSocket('{ws}d'), () => (async () => {{}}).constructor(\"return import('{trap}e')\")(), \
         () => Function(\"return import('{trap}f')\")(), () => eval(\"import('{trap}g')\"), \
         () => {{ var x = new XMLHttpRequest(); x.open('GET', '{trap}h', false); x.send(); }}, \
         () => new Worker('data:text/javascript,1'), () => navigator.sendBeacon('{trap}i'), \
         () => (() => {{}}).constructor('return this')().fetch('{trap}j')]; \
         for (var way of ways) {{ try {{ way(); }} catch (e) {{}} }} {find}",
        ws = trap.replace("http:", "ws:"),
    );
    let poison = format!(
        "JSON.stringify = () => '{{}}'; Object.prototype.toJSON = () => 'x'; Array.prototype.map = () => []; \
         String.prototype.slice = () => {{ throw 1; }}; Object.assign = null; {find}"
    );
    let long = "function FindProxyForURL() { return 'PROXY ' + 'x'.repeat(1e7); }";
    let markup = "function FindProxyForURL() { return 'PROXY <img src=x onerror=document.title=1>'; }";
    for (name, text, ends) in [
        ("endless at once", "for (;;) {}", Some("failed")),
        (
            "endless in the function",
            "function FindProxyForURL() { for (;;) {} }",
            Some("failed"),
        ),
        (
            "memory",
            "var all = []; for (;;) all.push(new Array(1e6).fill(7));",
            Some("failed"),
        ),
        (
            "memory of texts",
            "var all = []; for (;;) all.push('x'.repeat(1e7) + all.length);",
            Some("failed"),
        ),
        (
            "recursion",
            "function FindProxyForURL() { return FindProxyForURL() + 1; }",
            Some("wrong"),
        ),
        ("escapes", &escapes, Some("right")),
        ("poisoned built-ins", &poison, None),
        ("a long answer", long, Some("wrong")),
        ("markup", markup, Some("wrong")),
    ] {
        let start = Instant::now();
        let ended = check(page, text).map_err(|failure| {
            Failure::new(format!(
                "{name}: {failure} after {} ms",
                start.elapsed().as_millis()
            ))
        })?;
        println!("  {name}: {ended} after {} ms", start.elapsed().as_millis());
        if let Some(ends) = ends {
            expect(ended == ends, &format!("{name}: {ended}"))?;
        }
        expect(start.elapsed() < Duration::from_secs(6), name)?;
        let alive = page.evaluate(
            "document.querySelectorAll('[data-pac] img').length === 0 && document.title !== '1' && \
             document.documentElement.dataset.clearline === 'done'",
        )?;
        expect(alive == true, &format!("{name}: the page suffers"))?;
    }
    let ended = check(page, find)?;
    expect(ended == "right", "after all that the checker still works")
}

fn expect(holds: bool, what: &str) -> Outcome<()> {
    if holds {
        Ok(())
    } else {
        Err(Failure::new(format!("this does not hold: {what}")))
    }
}
