//! Lines for machines in a ticket text: what a firewall, a web proxy or a PAC file has to be told, ready to be pasted.
//! The laboratory loads these very lines into the world that they are for, and it must turn ready.
//!
//! Names, never addresses: those of applications change without notice (guide fact G29); those of TURN are stable (G30),
//! so that a packet filter may look them up when it loads the rule.

use super::ticket::unique;
use crate::diagnosis::Finding;
use crate::few::Gather as _;
use crate::scene::evidence::text;
use crate::scene::turn_path::TurnPath;
use crate::words::{Arg, Sentence, say};

/// Where the sentences stand that carry such lines; what follows is the kind of machine.
const KEY: &str = "fix.copy.lines-";

/// The kind of machine and the lines, of a sentence that carries some.
pub fn of(sentence: &Sentence) -> Option<(&str, &str)> {
    match (sentence.key.strip_prefix(KEY), sentence.args.as_slice()) {
        (Some(kind), [(_, Arg::Text(lines))]) => Some((kind, lines)),
        _ => None,
    }
}

fn lines(kind: &str, lines: &[String]) -> Sentence {
    say(format!("{KEY}{kind}"), [("lines", text(lines.join("\n")))])
}

/// nftables: the voice connections and their answers, before whatever drops, refuses or inspects them.
pub fn nftables_voice(paths: &[&TurnPath]) -> Sentence {
    let mut rules = Vec::new();
    for path in paths {
        let (host, port) = (&path.url.host, path.url.port);
        let protocol = path.protocol().to_ascii_lowercase();
        let there = format!("ip daddr \"{host}\" {protocol} dport {port} accept");
        let back = format!("ip saddr \"{host}\" {protocol} sport {port} ct state established accept");
        for rule in [there, back] {
            let rule = format!("insert rule inet filter forward {rule}");
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
    }
    lines("nftables", &rules)
}

/// nftables: HTTPS to any destination, and HTTP for redirects (G29), with the answers.
pub fn nftables_web() -> Sentence {
    lines(
        "nftables",
        &["dport { 80, 443 }", "sport { 80, 443 } ct state established"]
            .map(|what| format!("insert rule inet filter forward tcp {what} accept")),
    )
}

/// squid: CONNECT to the voice servers, unopened and without sign-in.
pub fn squid_voice(paths: &[&TurnPath]) -> Sentence {
    let hosts = unique(paths.iter().map(|path| path.url.host.as_str()));
    let ports: Vec<String> = paths.iter().map(|path| path.url.port.to_string()).few();
    lines(
        "squid",
        &[
            format!("acl voice_turn dstdomain {}", hosts.join(" ")),
            format!(
                "acl voice_turn_port port {}",
                unique(ports.iter().map(String::as_str)).join(" ")
            ),
            "http_access allow CONNECT voice_turn voice_turn_port".to_owned(),
            "# Only where squid opens TLS, before its other ssl_bump lines:".to_owned(),
            "# ssl_bump splice voice_turn".to_owned(),
        ],
    )
}

/// squid: these hosts; with `below`, every name under them as well.
pub fn squid_web(found: &[&Finding], below: bool) -> Sentence {
    let hosts = unique(found.iter().map(|finding| finding.subject.as_str()));
    let dot = if below { "." } else { "" };
    let hosts: Vec<String> = hosts.iter().map(|host| format!("{dot}{host}")).few();
    lines(
        "squid",
        &[
            format!("acl contact_centre dstdomain {}", hosts.join(" ")),
            "acl contact_centre_port port 80 443".to_owned(),
            "http_access allow contact_centre contact_centre_port".to_owned(),
        ],
    )
}

/// A PAC file: voice goes past the proxy, whichever scheme the browser asks with (G24).
pub fn pac_voice(paths: &[&TurnPath]) -> Sentence {
    let hosts = unique(paths.iter().map(|path| path.url.host.as_str()));
    let direct: Vec<String> = hosts
        .iter()
        .map(|host| format!("  if (host == \"{host}\") return \"DIRECT\";"))
        .few();
    lines("pac", &direct)
}
