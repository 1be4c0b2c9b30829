//! The steps of `docs/rollout.md`.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use lab::fault::{Fault, Side};
use lab::remedy::{self, Kind};
use lab::stage::Stage;
use lab::world::World;
use lab::{browser, hosts};
use serde_json::Value;

use super::people::{Person, sure};
use crate::command::{Failure, Outcome};
use crate::config;
use crate::inside::{Inside, failure};

const TICKET: &str = "INC-4711";
/// All of it takes 20 s; two runs may end as late as the contract lets them.
const LIMIT: Duration = Duration::from_secs(90);

/// The company: its PAC file sends everything to squid, which opens TLS.
const COMPANY: &str = r#"title = "A rollout"
[browser]
pac = '''
function FindProxyForURL(url, host) {
  return "PROXY proxy.best-customer.example:3128";
}
'''
[[faults]]
kind = "shared-secret"
[[faults]]
kind = "direct-closed"
[expect]
verdict = "ready"
"#;

/// What the administrator writes.
const CONFIG: &str = r#"{
  "schema": "clearline.config/1",
  "name": "Best Customer contact centre",
  "transport": "internet",
  "phone": "webrtc-embedded",
  "applications": [
    { "id": "agent-desktop", "url": "https://best-customer.example/" },
    {
      "id": "agent-setup",
      "url": "https://setup.best-customer.example/",
      "check": "image",
      "image": { "url": "https://setup.best-customer.example/favicon.png", "width": 32, "height": 32 }
    }
  ],
  "turn": [
    {
      "id": "turn-1",
      "urls": ["turn:turn.voice-cloud.example:443?transport=tcp"],
      "credentials_url": "/turn-credentials"
    }
  ],
  "controls": ["https://control.example/"],
  "canary": { "url": "https://selftest.best-customer.example/canary" },
  "egress": { "known": ["25.77.0.0/29"] },
  "helpdesk": { "name": "IT Service Desk", "phone": "+1 555 0100", "email": "desk@best-customer.example" }
}"#;

pub fn all(folder: &Path, squid: PathBuf) -> Outcome<()> {
    let started = Instant::now();
    let step = |who: &str, what: &str| {
        println!("{:>5.1} s  {who:<14} {what}", started.elapsed().as_secs_f64());
    };
    lab::interrupt::watch();
    lab::namespace::sweep();

    let policy = checked_configuration()?;
    step(
        "administrator",
        "`cargo xtask config` names what is wrong with a draft, and gives the policy for the right one",
    );
    let mut stage = hosted(folder, squid, policy)?;
    let page = format!("https://{}/", hosts::PAGE.name);
    let elsewhere = Inside::start(&mut stage, Side::Cloud, "helpdesk", &[])?;
    let mut desk = Person(elsewhere.open(&stage, &format!("{page}#helpdesk"))?);
    as_hosted(&mut desk)?;
    step(
        "administrator",
        "the page is up: nginx with TLS, its policy, and TURN credentials that end",
    );

    let link = built_link(&mut desk, &page)?;
    step("helpdesk", &format!("builds a link: {link}"));

    let behind = Inside::start(&mut stage, Side::Agent, "agent", &[pac()?])?;
    let mut agent = Person(behind.open(&stage, &link)?);
    agent.sees("French", "document.documentElement?.lang === 'fr'")?;
    let before = agent.runs()?;
    blocked_by_inspection(&before)?;
    step(
        "agent",
        &format!("runs it: {}, {}", before["verdict"], before["primary"]),
    );

    let shared = agent.copies("share")?;
    sure(
        shared.starts_with(&page) && !shared.contains(lab::servers::SECRET),
        format!("what was shared is {shared}"),
    )?;
    desk.opens(&shared, 1)?;
    desk.sees(
        "verdict",
        "document.querySelector('.verdict').dataset.verdict === 'blocked'",
    )?;
    desk.sees(
        "the ticket",
        &format!("document.body.innerText.includes({TICKET:?})"),
    )?;
    step(
        "helpdesk",
        &format!("opens what the agent shared ({} characters)", shared.len()),
    );

    // A link for a chat has no room for lines for machines; the file has.
    let file = agent.saves(&stage.dir().join("saved"))?;
    desk.chooses_file("#desk-files", &file)?;
    let lines = proxy_lines(&before)?;
    for line in lines.lines().filter(|line| !line.contains('#')) {
        let line = line.trim_start_matches("# ");
        desk.sees(line, &format!("document.body.textContent.includes({line:?})"))?;
    }
    desk.sees(
        "one result",
        "document.querySelectorAll('[data-verdict].verdict').length === 1",
    )?;
    step(
        "helpdesk",
        "opens the saved file too: it has the text for the ticket, with lines for squid",
    );

    stage.mend(Kind::Squid, &lines).map_err(failure)?;
    step(
        "network team",
        &format!("puts the result's lines into squid.conf:\n{}", indented(&lines)),
    );

    let after = agent.runs()?;
    sure(
        after["verdict"] == "ready",
        format!("after the fix: {} {}", after["verdict"], after["findings"]),
    )?;
    step("agent", &format!("runs it again: {}", after["verdict"]));

    let shared = agent.copies("share")?;
    desk.opens(&shared, 2)?;
    desk.sees("side by side", "!!document.getElementById('desk-compare')")?;
    let reading = desk.reads("document.querySelector('#desk-compare .reading, .reading').textContent")?;
    sure(
        reading.starts_with("Calls work in the later one."),
        format!("it reads {reading}"),
    )?;
    step("helpdesk", &format!("compares, and closes {TICKET}: {reading}"));
    let took = started.elapsed();
    sure(took < LIMIT, format!("it took {} s", took.as_secs()))
}

/// A draft with two mistakes is refused, each named with its place; the right one gives the policy for the web server.
fn checked_configuration() -> Outcome<String> {
    let draft = CONFIG
        .replace("credentials_url", "credential_url")
        .replace("https://control.example/", "control.example");
    let refused = match config::content_security_policy(&draft) {
        Ok(_) => return Err(Failure::new("the broken draft was taken")),
        Err(refused) => refused.to_string(),
    };
    for named in ["turn[0]", "credential_url", "controls[0]"] {
        sure(
            refused.contains(named),
            format!("{named} is not named:\n{refused}"),
        )?;
    }
    config::content_security_policy(CONFIG)
}

fn hosted(folder: &Path, squid: PathBuf, policy: String) -> Outcome<Stage> {
    let mut world = company()?;
    world.faults.push(Fault::ProxyOpens { root: squid });
    world.config = serde_json::from_str(CONFIG).map_err(|error| Failure::new(error.to_string()))?;
    world.policy = Some(policy);
    Stage::bring_up(&world, folder).map_err(failure)
}

fn company() -> Outcome<World> {
    World::parse("rollout", COMPANY).map_err(failure)
}

/// The checklist of `docs/hosting.md`, from the helpdesk's browser.
fn as_hosted(desk: &mut Person) -> Outcome<()> {
    desk.sees("the helpdesk's view", "!!document.getElementById('desk-ticket')")?;
    let told = desk.0.settled(
        "(async () => {
            const page = await fetch('./');
            const config = await fetch('config.json');
            const hidden = await fetch('server/nginx.conf');
            const one = await (await fetch('turn-credentials')).json();
            const other = await (await fetch('turn-credentials')).json();
            return {
                policy: page.headers.get('content-security-policy'),
                cache: config.headers.get('cache-control'),
                name: (await config.json()).name,
                hidden: hidden.status,
                names: [one.username, other.username],
                ttl: one.ttl,
            };
        })()",
    )?;
    let policy = told["policy"].as_str().unwrap_or_default();
    sure(
        policy.contains("connect-src 'self' https://best-customer.example "),
        format!("the policy is {policy}"),
    )?;
    let right = told["cache"] == "no-cache"
        && told["name"] == "Best Customer contact centre"
        && told["hidden"] == 404
        && told["names"][0] != told["names"][1]
        && told["ttl"] == 600;
    sure(right, format!("not as hosted: {told}"))
}

fn built_link(desk: &mut Person, page: &str) -> Outcome<String> {
    desk.types("#desk-ticket", TICKET)?;
    desk.chooses("#desk-language", "Fran", "fr")?;
    desk.presses("[data-action=make-link]")?;
    desk.sees("the link", "!!document.querySelector('#desk-made .address')")?;
    let link = desk.reads("document.querySelector('#desk-made .address').textContent")?;
    sure(
        link.starts_with(page) && link.contains(TICKET) && link.contains("lang=fr"),
        format!("the link is {link}"),
    )?;
    let message = desk.copies("copy-message")?;
    sure(message.contains(&link), format!("the message is {message}"))?;
    Ok(link)
}

/// The PAC file of the company, as the agent's browser is given it.
fn pac() -> Outcome<String> {
    let pac = company()?.browser.pac.unwrap_or_default();
    Ok(format!(
        "--proxy-pac-url=data:application/x-ns-proxy-autoconfig,{}",
        browser::percent(&pac)
    ))
}

fn blocked_by_inspection(report: &Value) -> Outcome<()> {
    let found = |id: &str| {
        let findings = report["findings"].as_array();
        findings.is_some_and(|all| all.iter().any(|finding| finding["id"] == id))
    };
    let right = report["verdict"] == "blocked"
        && report["primary"] == "turn-inspected"
        && found("tls-intercepted")
        && report["run"]["ticket"] == TICKET;
    sure(right, format!("the agent's report is {report:#}"))
}

/// The lines for squid out of the result, as whoever looks after a squid that opens TLS takes them over: the comment says
/// which line is for it alone.
fn proxy_lines(report: &Value) -> Outcome<String> {
    let lines = remedy::lines(report, Kind::Squid)
        .ok_or_else(|| Failure::new(format!("no lines for squid: {:#}", report["fixes"])))?;
    Ok(lines.text.replace("# ssl_bump", "ssl_bump"))
}

fn indented(lines: &str) -> String {
    lines
        .lines()
        .map(|line| format!("{:25}{line}", ""))
        .collect::<Vec<_>>()
        .join("\n")
}
