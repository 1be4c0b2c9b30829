//! The PAC checker, without the worker.

use serde_json::json;

use super::*;

const CONFIG: &str = r#"{
    "schema": "clearline.config/1", "name": "Test",
    "applications": [
        { "id": "agent-desktop", "url": "https://desk.best.example/" },
        { "id": "sign-in", "url": "https://login.best.example/" },
        { "id": "agent-setup", "url": "https://setup.best.example:8443/x" }
    ],
    "turn": [
        { "id": "one", "urls": ["turn:turn.voice.example:443?transport=tcp"], "username": "u", "credential": "c" },
        { "id": "two", "urls": ["turns:turn.voice.example:443?transport=tcp", "turn:9.9.9.9:3478?transport=tcp",
            "turn:turn.voice.example:3478?transport=udp"], "credentials_url": "https://rest.best.example/turn" }
    ]
}"#;
const TURN: &str = "turn:turn.voice.example:443?transport=tcp";

fn config() -> Config {
    Config::parse(CONFIG).expect("valid")
}

/// A file that answers with what `route` says of a URL.
fn seen(route: impl Fn(&str) -> String) -> PacSeen {
    let questions = questions(&config());
    let answers: Vec<_> = questions
        .iter()
        .map(|one| json!({ "route": route(&one.url), "names": [] }))
        .collect();
    read(questions, &json!({ "answers": answers }).to_string())
}

fn kinds(pac: &PacSeen) -> Vec<String> {
    let found = mistakes(&config(), pac);
    found
        .iter()
        .map(|it| format!("{} {}", it.kind, it.subject).trim().to_owned())
        .collect()
}

#[test]
fn each_browser_asks_in_its_own_way() {
    let asked: Vec<_> = questions(&config())
        .into_iter()
        .map(|one| (one.url, one.host, one.by))
        .collect();
    let expected = [
        ("https://desk.best.example/", "desk.best.example", Asker::Both),
        ("https://login.best.example/", "login.best.example", Asker::Both),
        (
            "https://setup.best.example:8443/",
            "setup.best.example",
            Asker::Both,
        ),
        ("https://rest.best.example/", "rest.best.example", Asker::Both),
        (
            "https://turn.voice.example/",
            "turn.voice.example",
            Asker::Chromium,
        ),
        (
            "http://turn.voice.example:443/",
            "turn.voice.example",
            Asker::Firefox,
        ),
        ("https://turn.voice.example/", "turn.voice.example", Asker::Both),
        ("https://9.9.9.9:3478/", "9.9.9.9", Asker::Chromium),
        ("http://9.9.9.9:3478/", "9.9.9.9", Asker::Firefox),
    ];
    assert_eq!(
        asked,
        expected.map(|(url, host, by)| (url.to_owned(), host.to_owned(), by))
    );
}

#[test]
fn the_first_way_that_a_browser_knows_counts() {
    for (route, hop) in [
        ("DIRECT", Some(Hop::Direct)),
        ("", Some(Hop::Direct)),
        ("  direct ; PROXY a:1", Some(Hop::Direct)),
        ("PROXY a:1; DIRECT", Some(Hop::Proxy)),
        ("SOCKS5 a:1", Some(Hop::Proxy)),
        ("PROXY; DIRECT", Some(Hop::Direct)),
        ("TUNNEL a:1; HTTPS b:2", Some(Hop::Proxy)),
        ("PROXYa:1", None),
        ("NONE", None),
    ] {
        assert_eq!(first_hop(route), hop, "{route}");
    }
}

#[test]
fn a_right_file_has_no_mistakes() {
    let right = seen(|url| {
        if url.contains("voice") || url.contains("9.9") {
            "DIRECT"
        } else {
            "PROXY p:3128"
        }
        .into()
    });
    assert_eq!(kinds(&right), Vec::<String>::new());
    assert_eq!(kinds(&seen(|_| "DIRECT".into())), Vec::<String>::new());
    let two_proxies = seen(|url| match url {
        url if url.contains("login") => "PROXY other:3128".into(),
        url if url.contains("best") => "PROXY p:3128".into(),
        _ => "DIRECT".into(),
    });
    assert_eq!(
        kinds(&two_proxies),
        Vec::<String>::new(),
        "which proxy is not for us to say"
    );
}

#[test]
fn mistakes_have_names() {
    let all = kinds(&seen(|_| "PROXY p:3128".into()));
    assert_eq!(
        all,
        [
            format!("turn-to-proxy {TURN}"),
            "turn-to-proxy turns:turn.voice.example:443?transport=tcp".into(),
            "address-literal turn:9.9.9.9:3478?transport=tcp".into(),
        ]
    );
    let direct = |wrong: &'static str| {
        move |url: &str| {
            let out = url.contains(wrong) || url.contains("voice") || url.contains("9.9");
            if out { "DIRECT" } else { "PROXY p:3128" }.to_owned()
        }
    };
    assert_eq!(
        kinds(&seen(direct("login"))),
        ["sign-in-forgotten login.best.example"]
    );
    assert_eq!(kinds(&seen(direct("setup"))), ["another-way setup.best.example"]);
    let by_scheme = seen(|url| {
        if url.starts_with("https") {
            "PROXY p:3128"
        } else {
            "DIRECT"
        }
        .into()
    });
    assert!(
        kinds(&by_scheme).contains(&format!("browsers-differ {TURN}")),
        "{:?}",
        kinds(&by_scheme)
    );
    let typing = seen(|url| if url.contains("9.9") { "PROXYp" } else { "DIRECT" }.into());
    assert_eq!(kinds(&typing), ["unknown-word turn:9.9.9.9:3478?transport=tcp"]);
}

#[test]
fn weaknesses_are_told_once_for_the_whole_file() {
    let mut pac = seen(|_| "DIRECT".into());
    for route in &mut pac.routes {
        route.names = vec!["a.example".into()];
        (route.own, route.clock, route.extended) = (true, true, true);
    }
    assert_eq!(
        kinds(&pac),
        ["slow-dns a.example", "extended", "own-address", "clock"]
    );
    assert!(mistakes(&config(), &pac).iter().all(|it| !it.wrong));
    assert_eq!(asked(&pac), ["a.example", ""]);
}

#[test]
fn a_reply_is_not_trusted() {
    let questions = || questions(&config());
    for reply in [
        "",
        "[]",
        r#"{"answers":[]}"#,
        r#"{"answers":"x"}"#,
        r#"{"failed":"made-up"}"#,
    ] {
        assert_eq!(
            read(questions(), reply).failed,
            Some(PacFailure::Unreadable),
            "{reply}"
        );
    }
    let broken = read(
        questions(),
        r#"{"failed":"broken","error":"Unexpected\u0007 token","answers":[{}]}"#,
    );
    assert_eq!(broken.failed, Some(PacFailure::Broken));
    assert_eq!(broken.error.as_deref(), Some("Unexpected token"));
    assert!(broken.routes.is_empty());
    let long = "x".repeat(1_000);
    let sly = seen(|url| match url {
        url if url.contains("desk") => format!("PROXY u:secret@p:1; PROXY q:2 {long}"),
        _ => "DIRECT".into(),
    });
    let route = sly.routes[0].route.clone().expect("a route");
    assert!(
        !route.contains("secret") && route.chars().count() <= 400,
        "{route}"
    );
    assert_eq!(sly.routes[0].subject, "desk.best.example");
}

#[test]
fn the_job_is_json() {
    let names = [
        ("a.example".to_owned(), "1.2.3.4".to_owned()),
        (String::new(), "10.0.0.9".to_owned()),
    ];
    let job: serde_json::Value =
        serde_json::from_str(&job(&questions(&config())[..1], "x", &names)).expect("JSON");
    assert_eq!(
        job,
        json!({ "text": "x", "questions": [["https://desk.best.example/", "desk.best.example"]],
            "names": [["a.example", "1.2.3.4"]], "own": "10.0.0.9" })
    );
}
