//! Evidence that more than one cause gives: one sentence each, with the numbers.

use crate::few::Gather as _;
use crate::observation::{NameVerdict, TurnVerdict, Wrong};
use crate::scene::turn_path::TurnPath;
use crate::scene::web::{Web, WebAnswer, covers};
use crate::scene::{ProxyHint, Scene};
use crate::words::{Arg, Sentence, say};

/// A name, host or URL as an argument.
pub fn text(text: impl Into<String>) -> Arg {
    Arg::Text(text.into())
}

/// How a web server behaved.
pub fn web(web: &Web) -> Sentence {
    let host = ("host", text(&web.host));
    match web.answer {
        WebAnswer::Answered => say("evidence.web-answered", [host]),
        WebAnswer::Failed(time) => say("evidence.web-failed", [host, ("time", Arg::Time(time))]),
        WebAnswer::Silent(time) => say("evidence.web-silent", [host, ("time", Arg::Time(time))]),
        WebAnswer::OwnPolicy => say("evidence.own-policy", [host]),
        WebAnswer::Wrong(Wrong::Status(code)) => say(
            "evidence.web-status",
            [host, ("code", Arg::Number(f64::from(*code)))],
        ),
        WebAnswer::Wrong(Wrong::NotThePage) => say("evidence.web-not-the-page", [host]),
        WebAnswer::Wrong(Wrong::NotTheImage) => say("evidence.web-not-the-image", [host]),
        WebAnswer::Wrong(Wrong::OtherSize { width, height }) => say(
            "evidence.web-other-size",
            [
                host,
                ("width", Arg::Number(f64::from(*width))),
                ("height", Arg::Number(f64::from(*height))),
            ],
        ),
        WebAnswer::Wrong(Wrong::NotTheCanary | Wrong::OtherNonce) => {
            say("evidence.web-not-the-canary", [host])
        }
    }
}

/// Another server that did answer: the line as such works.
pub fn alive(scene: &Scene, domain: &str) -> Option<Sentence> {
    let mut answered = scene
        .webs
        .iter()
        .filter(|it| it.answered() && !covers(domain, &it.host));
    Some(say("evidence.alive", [("host", text(&answered.next()?.host))]))
}

/// What a TURN URL's try, and the `turns:` try beside it, saw.
pub fn turn(path: &TurnPath) -> Vec<Sentence> {
    let own = path
        .verdict()
        .map(|verdict| said("turn", &path.url.text, verdict));
    let companion_url = format!("turns:{}:{}", path.url.host, path.url.port);
    let companion = path
        .companion_verdict()
        .map(|verdict| said("turns", &companion_url, verdict));
    own.into_iter().chain(companion).few()
}

fn said(kind: &str, url: &str, verdict: TurnVerdict) -> Sentence {
    let url = ("url", text(url));
    let timed = |how: &str, time| {
        say(
            format!("evidence.{kind}-{how}"),
            [url.clone(), ("time", Arg::Time(time))],
        )
    };
    let coded = |code: u16| {
        let code = ("code", Arg::Number(f64::from(code)));
        say(format!("evidence.{kind}-code"), [url.clone(), code])
    };
    match verdict {
        TurnVerdict::Relay => say(format!("evidence.{kind}-relay"), [url.clone()]),
        TurnVerdict::Unauthorized => coded(401),
        TurnVerdict::Quota(code) | TurnVerdict::Rejected(code) => coded(code),
        TurnVerdict::NameNotFound(_) => say("evidence.turn-name", [url.clone()]),
        TurnVerdict::Failed(time) => timed("failed", time),
        TurnVerdict::Silent(time) => timed("silent", time),
    }
}

/// What the local resolver said of a host.
pub fn name(scene: &Scene, host: &str) -> Option<Sentence> {
    let key = match scene.name(host)? {
        NameVerdict::Resolves => "evidence.name-resolves",
        NameVerdict::NotFound => "evidence.name-not-found",
        NameVerdict::Unclear => return None,
    };
    Some(say(key, [("host", text(host))]))
}

/// Why we believe in a proxy.
pub fn proxy(scene: &Scene) -> Option<Sentence> {
    let key = match scene.proxy()? {
        ProxyHint::Headers => "evidence.proxy-headers",
        ProxyHint::Names => "evidence.proxy-names",
    };
    Some(say(key, []))
}

/// A call that carried media over another TURN URL.
pub fn media_flowed(scene: &Scene) -> Option<Sentence> {
    let (id, _) = scene.calls.iter().find(|(_, call)| crate::scene::carried(call))?;
    Some(say("evidence.media-flowed", [("server", text(*id))]))
}
