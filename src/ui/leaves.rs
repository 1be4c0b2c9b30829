//! What the check does and what leaves this computer, built from the plan and the configuration.

use super::element::{El, el, group};
use crate::config::Config;
use crate::plan::Plan;
use crate::probe::Probe;
use crate::words::{Arg, Words};

/// The list of what is asked of whom.
pub(super) fn leaves(words: &Words, config: &Config, plan: &Plan) -> El {
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
    let mut receivers = Vec::new();
    for url in [&reporting.otlp_url, &reporting.webhook_url]
        .into_iter()
        .flatten()
    {
        once(&mut receivers, url.host.clone());
    }
    let call = (!plan.call.is_empty()).then(|| el("li").word(words, "ui.leaves.call"));
    let sent = if receivers.is_empty() {
        el("li").word(words, "ui.leaves.stays")
    } else {
        asked(words, "ui.leaves.sent", &receivers)
    };
    el("div class='leaves'")
        .with(
            el("ul")
                .with(asked(words, "ui.leaves.web", &web))
                .with(asked(words, "ui.leaves.names", &names))
                .with(asked(words, "ui.leaves.credentials", &services))
                .with(asked(words, "ui.leaves.voice", &voice))
                .with(call)
                .with(sent),
        )
        .with(el("p").fill(words, "ui.leaves.ends", &[("deadline", Arg::Time(plan.deadline))]))
        .with(el("p").word(words, "ui.leaves.never"))
}

fn asked(words: &Words, key: &str, hosts: &[String]) -> El {
    if hosts.is_empty() {
        return group();
    }
    let host = |host: &String| el("li").with(el("code").with(host));
    el("li")
        .word(words, key)
        .with(el("ul class='hosts'").with_all(hosts.iter().map(host)))
}

fn once(list: &mut Vec<String>, item: String) {
    if !list.contains(&item) {
        list.push(item);
    }
}
