//! Parts of ticket texts: what exactly to open, and for whom, so that a network team can act without asking back.

use crate::config::TurnAccess;
use crate::diagnosis::Finding;
use crate::few::{Gather as _, Put as _};
use crate::fix::{Fix, Owner, snippet};
use crate::scene::evidence::text;
use crate::scene::turn_path::TurnPath;
use crate::scene::{Scene, no_credentials};
use crate::words::{Arg, Sentence, say};

/// The TURN URLs that these findings are about.
pub fn paths<'s, 'a>(scene: &'s Scene<'a>, found: &[&Finding]) -> Vec<&'s TurnPath<'a>> {
    let named = |path: &&TurnPath| found.iter().any(|it| it.subject == path.url.text);
    scene.turns.iter().filter(named).few()
}

/// `hosts` for titles and steps: the hosts of these paths, once each.
pub fn hosts(paths: &[&TurnPath]) -> (&'static str, Arg) {
    (
        "hosts",
        text(listed(paths.iter().map(|path| path.url.host.as_str()))),
    )
}

/// The subjects of these findings, once each, as `hosts`.
pub fn subjects(found: &[&Finding]) -> (&'static str, Arg) {
    (
        "hosts",
        text(listed(found.iter().map(|finding| finding.subject.as_str()))),
    )
}

/// One firewall rule per path: direction, protocol, port, host.
fn rules(paths: &[&TurnPath]) -> Vec<Sentence> {
    let mut rules: Vec<Sentence> = Vec::new();
    for path in paths {
        let rule = say(
            "fix.copy.rule",
            [
                ("protocol", text(path.protocol())),
                ("host", text(&path.url.host)),
                ("port", Arg::Number(f64::from(path.url.port))),
            ],
        );
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    rules
}

/// What a firewall has to do for voice, for people and for nftables: let it through, unopened.
pub fn firewall(paths: &[&TurnPath]) -> Vec<Sentence> {
    let mut lines = rules(paths);
    lines.put(["fix.copy.inspection-off", "fix.copy.any-address"].map(|key| say(key, [])));
    lines.push(snippet::nftables_voice(paths));
    lines
}

/// Another kind of phone for the agent, which the provider has to provision (G6).
pub fn another_phone(found: &[&Finding]) -> Fix {
    Fix::new("provision-another-phone", Owner::Helpdesk, found, 3, &[])
        .copy([say("fix.provision-another-phone.copy", [])])
}

/// The plan itself may be what is wrong. The agent cannot change it, so it is asked for.
pub fn correct_plan(found: &[&Finding]) -> Fix {
    Fix::new("correct-the-plan", Owner::Helpdesk, found, 2, &[])
        .copy([say("fix.correct-the-plan.copy", [])])
        .with_evidence(found)
}

/// The probes that show whether these paths work.
pub fn retest(paths: &[&TurnPath]) -> Vec<String> {
    let mut prefixes = Vec::new();
    for path in paths {
        prefixes.put(["turn", "turns"].map(|kind| format!("{kind}:{}", path.id)));
        if !no_credentials(path.server) {
            prefixes.put(["call", "ladder"].map(|kind| format!("{kind}:{}", path.id)));
        }
        if matches!(path.server.access, TurnAccess::Fetched { .. }) {
            prefixes.push(format!("credentials:{}", path.server.id));
        }
    }
    prefixes
}

/// Names in a row, once each.
pub fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    unique(names).join(", ")
}

/// Each name once, in order.
pub fn unique<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut once: Vec<&str> = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once
}
