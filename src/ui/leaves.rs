//! What the check does and what leaves this computer, built from the plan and the configuration.

use yew::prelude::*;

use crate::config::Config;
use crate::plan::Plan;
use crate::probe::Probe;
use crate::words::{Arg, Words};

/// The list of what is asked of whom.
pub(super) fn leaves(words: &Words, config: &Config, plan: &Plan) -> Html {
    let mut web = Vec::new();
    let mut names = Vec::new();
    let mut services = Vec::new();
    let mut voice = Vec::new();
    for probe in &plan.reach {
        match probe {
            Probe::Page => {}
            Probe::Https(probe) => once(&mut web, format!("{}:{}", probe.url.host, probe.url.port)),
            Probe::Name(probe) => once(&mut names, probe.host.clone()),
            Probe::Credentials(probe) => once(&mut services, probe.url.clone()),
            Probe::Turn(probe) => once(&mut voice, format!("{}:{}", probe.url.host, probe.url.port)),
        }
    }
    let reporting = &config.reporting;
    let receivers: Vec<_> = [&reporting.otlp_url, &reporting.webhook_url]
        .into_iter()
        .flatten()
        .map(|url| url.host.clone())
        .collect();
    html! {
        <div class="leaves">
            <ul>
                { asked(words, "ui.leaves.web", &web) }
                { asked(words, "ui.leaves.names", &names) }
                { asked(words, "ui.leaves.credentials", &services) }
                { asked(words, "ui.leaves.voice", &voice) }
                if !plan.call.is_empty() {
                    <li>{ words.get("ui.leaves.call") }</li>
                }
                if receivers.is_empty() {
                    <li>{ words.get("ui.leaves.stays") }</li>
                } else {
                    { asked(words, "ui.leaves.sent", &receivers) }
                }
            </ul>
            <p>{ words.fill("ui.leaves.ends", &[("deadline", Arg::Time(plan.deadline))]) }</p>
            <p>{ words.get("ui.leaves.never") }</p>
        </div>
    }
}

fn asked(words: &Words, key: &str, hosts: &[String]) -> Html {
    if hosts.is_empty() {
        return html! {};
    }
    html! {
        <li>
            { words.get(key) }
            <ul class="hosts">
                for host in hosts {
                    <li><code>{ host }</code></li>
                }
            </ul>
        </li>
    }
}

fn once(list: &mut Vec<String>, item: String) {
    if !list.contains(&item) {
        list.push(item);
    }
}
