//! From findings to the fix list: who acts, in which order, with which text for the ticket.
//!
//! A cause's fixes stand in its own file below `diagnosis/`; here are the parts they are made of, and the order.

pub mod snippet;
pub mod ticket;

use serde::{Deserialize, Serialize};

use crate::activity;
use crate::config::Config;
use crate::diagnosis::{CAUSES, Confidence, Finding, Severity, other_browser};
use crate::few::{Few as _, Gather as _, Put as _};
use crate::observation::Observation;
use crate::scene::Scene;
use crate::words::{Arg, Sentence, say};

/// What someone does about one or more findings.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    /// Its stable id, such as `exempt-turn-from-inspection`.
    pub id: &'static str,
    /// Who acts.
    pub owner: Owner,
    /// The ids of the findings it resolves.
    pub resolves: Vec<&'static str>,
    /// The action as one sentence.
    pub title: Sentence,
    /// Steps in plain words.
    pub steps: Vec<Sentence>,
    /// Text ready for a ticket: hosts, ports, direction, evidence filled in. One sentence or snippet per line.
    pub copy: Vec<Sentence>,
    /// Which probes to run again to see whether it worked: id prefixes such as `turn:turn-1`; empty means all.
    pub retest: Vec<String>,
    /// It repairs nothing: these tries tell whose matter it is, the best first. Empty for every other fix, and where
    /// another browser tells.
    pub tries: &'static [Change],
}

/// What is different in the next run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The fix with this id was carried out.
    Fix(&'static str),
    /// The computer is on another network, such as a phone's hotspot.
    OtherNetwork,
    /// The VPN is off.
    VpnOff,
}

/// What another network would not have, unless this computer or the server is to blame: these are never certain from
/// one place alone.
const ON_THE_WAY: [&str; 17] = [
    "dns-failed",
    "domain-blocked",
    "allow-list-incomplete",
    "block-page",
    "host-unreachable",
    "turn-dns-failed",
    "turn-inspected",
    "turn-refused",
    "turn-blocked",
    "media-blocked",
    "line-unstable",
    "loss-high",
    "media-bitrate-low",
    "latency-high",
    "jitter-high",
    "https-slow",
    "vpn-detour",
];

/// The try in another browser: no run on this page tells how it went, but the agent.
pub const OTHER_BROWSER: &str = "try-another-browser";
/// What the try in another browser leads to when it works there.
pub const MEND_BROWSER: &str = "mend-this-browser";

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// The agent.
    Agent,
    /// The helpdesk.
    Helpdesk,
    /// Whoever looks after the workstation.
    Desktop,
    /// Whoever looks after firewall, DNS and line.
    Network,
    /// Whoever looks after the web proxy.
    Proxy,
    /// Whoever looks after the VPN.
    Vpn,
    /// Whoever looks after virtual desktops.
    Vdi,
    /// The provider of the cloud or of this test's servers.
    Vendor,
}

impl Owner {
    /// How long until this person can act, soonest first: agents at once, other companies last.
    fn distance(self) -> u8 {
        match self {
            Self::Agent => 0,
            Self::Helpdesk => 1,
            Self::Desktop => 2,
            Self::Network | Self::Proxy | Self::Vpn | Self::Vdi => 3,
            Self::Vendor => 4,
        }
    }
}

impl Fix {
    /// A fix with its title and `steps` numbered steps, all from the words under `fix.ID`.
    pub fn new(
        id: &'static str,
        owner: Owner,
        found: &[&Finding],
        steps: usize,
        args: &[(&'static str, Arg)],
    ) -> Self {
        let args = || args.to_vec();
        let mut resolves: Vec<&'static str> = found.iter().map(|finding| finding.id).few();
        resolves.dedup();
        Self {
            id,
            owner,
            resolves,
            title: say(format!("fix.{id}.title"), args()),
            steps: (1..=steps)
                .map(|step| say(format!("fix.{id}.step-{step}"), args()))
                .few(),
            copy: Vec::new(),
            retest: Vec::new(),
            tries: &[],
        }
    }

    /// The try that tells whether it is this network, the VPN, or neither. Who works without a VPN is not asked to
    /// switch it off; who told of one tries that first, since it takes no second line.
    fn experiment(vpn: Option<bool>, found: &[&Finding]) -> Self {
        let mut fix = Self::new("try-another-network", Owner::Agent, found, 3, &[]);
        fix.tries = match vpn {
            Some(true) => &[Change::VpnOff, Change::OtherNetwork],
            Some(false) => &[Change::OtherNetwork],
            None => &[Change::OtherNetwork, Change::VpnOff],
        };
        if vpn == Some(false) {
            fix.steps.remove(0);
        }
        fix
    }

    /// The try that tells whether it is this browser, with what the agent told of it.
    fn other_browser(scene: &Scene, found: &Finding) -> Self {
        let mut fix = Self::new(OTHER_BROWSER, Owner::Agent, &[found], 3, &[]);
        let told = scene.answers.other_browser.as_ref();
        let key = told.filter(|told| told.is_about(found.id)).map(|told| {
            if told.works {
                "fix.try-another-browser.works"
            } else {
                "fix.try-another-browser.same"
            }
        });
        fix.steps.put(key.map(|key| say(key, [])));
        fix
    }

    /// What to do where it works in another browser.
    fn mend_browser(scene: &Scene, found: &[&Finding]) -> Self {
        let browser = scene.page.map_or("", |page| page.browser.as_str());
        let browser = [("browser", Arg::Text(browser.to_owned()))];
        Self::new(MEND_BROWSER, Owner::Desktop, found, 4, &[])
            .copy([say("fix.mend-this-browser.copy", browser)])
            .with_evidence(found)
    }

    /// Adds lines to the ticket text.
    #[must_use]
    #[inline(never)]
    pub fn copy(mut self, lines: impl IntoIterator<Item = Sentence>) -> Self {
        self.copy.put(lines);
        self
    }

    /// Adds the evidence of these findings to the ticket text.
    #[must_use]
    pub fn with_evidence(self, found: &[&Finding]) -> Self {
        let evidence = found
            .iter()
            .flat_map(|finding| finding.evidence.iter().cloned())
            .few();
        self.copy([say("fix.copy.seen", [])]).copy(evidence)
    }

    /// The lines for machines in the ticket text: what kind of machine, and the lines.
    pub fn snippets(&self) -> impl Iterator<Item = (&str, &str)> {
        self.copy.iter().filter_map(snippet::of)
    }

    /// Says which probes show whether it worked.
    #[must_use]
    #[inline(never)]
    pub fn retest(mut self, prefixes: impl IntoIterator<Item = String>) -> Self {
        self.retest.put(prefixes);
        self.retest.sort_few_by(Ord::cmp);
        self.retest.dedup();
        self
    }

    /// A try that splits two causes; it does not repair anything, and so never comes before a repair.
    pub fn is_experiment(&self) -> bool {
        !self.tries.is_empty() || self.id == OTHER_BROWSER
    }
}

/// The fix list for these findings; the first one is the first step. What resolves the primary finding comes first,
/// then what is graver, surer, reaches further, and is sooner done.
pub fn fixes(config: &Config, findings: &[Finding], observations: &[Observation]) -> Vec<Fix> {
    let scene = Scene::new(config, observations);
    let activities = activity::activities(config, findings, observations);
    let (_, primary) = activity::verdict(config, findings, &activities);

    let mut fixes: Vec<Fix> = Vec::new();
    for cause in CAUSES {
        let found: Vec<&Finding> = findings
            .iter()
            .filter(|it| it.id == cause.id && it.stands())
            .few();
        if !found.is_empty() {
            for fix in (cause.fixes)(&scene, &found) {
                merge(&mut fixes, fix);
            }
        }
    }
    let unsure: Vec<&Finding> = findings
        .iter()
        .filter(|it| it.stands() && it.confidence != Confidence::Certain && ON_THE_WAY.contains(&it.id))
        .few();
    if unsure.iter().any(|it| Some(it.id) == primary) {
        fixes.push(Fix::experiment(scene.answers.vpn, &unsure));
    }
    let told = |it: &&&Finding| {
        let told = scene.answers.other_browser.as_ref();
        told.is_some_and(|told| told.is_about(it.id))
    };
    let elsewhere: Vec<&Finding> = findings.iter().filter(|it| other_browser::may_tell(it)).few();
    // What was answered stays open to be changed.
    let tried = elsewhere.iter().find(|it| Some(it.id) == primary);
    fixes.put(
        tried
            .or(elsewhere.iter().find(told))
            .map(|it| Fix::other_browser(&scene, it)),
    );
    let found: Vec<&Finding> = elsewhere
        .into_iter()
        .filter(|it| other_browser::contradicts(&scene, it))
        .few();
    if !found.is_empty() {
        fixes.push(Fix::mend_browser(&scene, &found));
    }
    let gravest = |fix: &Fix| {
        let standing = findings
            .iter()
            .filter(|it| it.stands() && fix.resolves.contains(&it.id));
        standing
            .map(|it| (it.severity, it.confidence))
            .min()
            .unwrap_or((Severity::Info, Confidence::Possible))
    };
    fixes.sort_few_by_key(|fix| {
        let resolved = findings
            .iter()
            .filter(|it| it.stands() && fix.resolves.contains(&it.id))
            .count();
        (
            !primary.is_some_and(|primary| fix.resolves.contains(&primary)),
            gravest(fix),
            fix.is_experiment(),
            usize::MAX - resolved,
            fix.owner.distance(),
        )
    });
    fixes
}

/// The hosts of one sentence, in another that says the same of others.
fn add_hosts(known: &mut Sentence, more: &Sentence) {
    for ((name, known), (_, more)) in known.args.iter_mut().zip(&more.args) {
        if let ("hosts", Arg::Text(known), Arg::Text(more)) = (*name, known, more) {
            *known = ticket::listed(known.split(", ").chain(more.split(", ")));
        }
    }
}

/// One fix for several causes is one entry.
fn merge(fixes: &mut Vec<Fix>, fix: Fix) {
    let Some(known) = fixes.iter_mut().find(|known| known.id == fix.id) else {
        fixes.push(fix);
        return;
    };
    known.resolves.put(fix.resolves);
    let sentences = known.steps.iter_mut().zip(&fix.steps);
    for (known, more) in sentences.chain([(&mut known.title, &fix.title)]) {
        add_hosts(known, more);
    }
    let fresh: Vec<Sentence> = fix
        .copy
        .into_iter()
        .filter(|line| !known.copy.contains(line))
        .few();
    known.copy.put(fresh);
    // An empty list means "all of it", and all includes the rest.
    if !known.retest.is_empty() && !fix.retest.is_empty() {
        *known = known.clone().retest(fix.retest);
    } else {
        known.retest.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::say;

    #[test]
    fn a_fix_for_several_causes_names_the_hosts_of_all() {
        let fix = |cause: &'static str, hosts: &str| {
            let hosts = || [("hosts", Arg::Text(hosts.to_owned()))];
            Fix {
                id: "allow-turn-connect",
                owner: Owner::Proxy,
                resolves: vec![cause],
                title: say("fix.allow-turn-connect.title", hosts()),
                steps: vec![
                    say("fix.allow-turn-connect.step.1", []),
                    say("fix.allow-turn-connect.step.2", hosts()),
                ],
                copy: Vec::new(),
                retest: vec![format!("turn:{cause}")],
                tries: &[],
            }
        };
        let mut all = vec![fix("turn-inspected", "a.example")];
        merge(&mut all, fix("turn-refused", "b.example, a.example"));
        let both = Arg::Text("a.example, b.example".to_owned());
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].title.args[0].1, both);
        assert_eq!(all[0].steps[1].args[0].1, both);
    }
}
