//! The link as people mistype it, and as nobody should.

#![cfg(not(target_arch = "wasm32"))]

use clearline::config::{Config, Phone, Transport, problem_words};
use clearline::link::{Depth, Link};
use expect_test::{Expect, expect};
use proptest::prelude::*;

#[test]
fn every_parameter() {
    let query = "?run=auto&mode=kiosk&every=60&config=emea-1&phone=pstn&transport=both&ticket=INC+1%2F2&lang=de-CH&depth=quick";
    assert_eq!(
        Link::parse(query),
        Link {
            auto: true,
            kiosk: Some(60),
            config: Some("emea-1".into()),
            phone: Some(Phone::Pstn),
            transport: Some(Transport::Both),
            ticket: Some("INC 1/2".into()),
            language: Some("de-CH".into()),
            depth: Depth::Quick,
            problems: Vec::new(),
        }
    );
}

#[test]
fn an_address_for_another_browser_holds_what_decides_the_check_and_no_more() {
    for (query, address) in [
        ("", "https://check.example/a/"),
        (
            "?run=auto&config=emea-1&phone=pstn&transport=both&ticket=INC+1&lang=de-CH&depth=quick&token=s3cret",
            "https://check.example/a/?config=emea-1&phone=pstn&transport=both&lang=de-CH&depth=quick",
        ),
        ("?mode=kiosk&every=60&depth=full", "https://check.example/a/"),
    ] {
        let link = Link::parse(query);
        let copied = link.address("https://check.example/a/");
        assert_eq!(copied, address, "{query}");
        let (_, again) = copied.split_once('?').unwrap_or_default();
        let again = Link::parse(again);
        assert_eq!(
            (again.config, again.phone, again.depth),
            (link.config, link.phone, link.depth)
        );
    }
}

#[test]
fn no_parameter() {
    for query in ["", "?", "?&&"] {
        assert_eq!(Link::parse(query), Link::default(), "{query}");
    }
    assert_eq!(Link::parse("mode=kiosk").kiosk, Some(300));
}

#[test]
fn what_is_malformed_is_named_and_ignored() {
    check(
        "?run=now&mode=loop&every=29&config=../secret&phone=webrtc&transport=mpls&ticket=&lang=english&depth=ful",
        expect![[r#"
            ?run: “now” is not known here. Write auto.
            ?mode: “loop” is not known here. Write kiosk.
            ?every: “29” does not fit. Write a whole number of seconds from 30 to 86400.
            ?config: “../secret” is no name of a configuration. Write its name only: small letters, digits and hyphens, at most 40.
            ?phone: “webrtc” is not known here. Write webrtc-embedded, webrtc-softphone, sip, corporate or pstn.
            ?transport: “mpls” is not known here. Write internet, private or both.
            ?ticket: This is no ticket number. Write 1 to 64 printable characters.
            ?lang: “english” is no language. Write a tag such as en or de-CH.
            ?depth: “ful” is not known here. Did you mean full? Write quick or full.
        "#]],
    );
    check(
        "?run=auto&run=auto&ticket=%zz&lang=%ff&every=60&RUN=auto&pohne=sip",
        expect![[r#"
            ?run: The parameter is there twice. The first one counts.
            ?ticket: The percent-encoding is broken. It was ignored. Copy the link again.
            ?lang: The percent-encoding is broken. It was ignored. Copy the link again.
            ?RUN: The parameter is not known. Did you mean run?
            ?pohne: The parameter is not known. Did you mean phone?
            ?every: Nothing is repeated without mode=kiosk. Add mode=kiosk, or leave every out.
        "#]],
    );
    check(
        "?utm_source=hunter2&config=https%3A%2F%2Fevil.example%2Fc&ticket=a%E2%80%AEb&%00%1b=1&%ff=1&password=%zz",
        expect![[r#"
            ?utm_source: The parameter is not known. It was ignored.
            ?config: “https://evil.example/c” is no name of a configuration. Write its name only: small letters, digits and hyphens, at most 40.
            ?ticket: This is no ticket number. Write 1 to 64 printable characters.
            ?“��”: The parameter is not known. It was ignored.
            ?: The percent-encoding is broken. It was ignored. Copy the link again.
            ?password: The parameter is not known. It was ignored.
        "#]],
    );
    check(
        "?mode=kiosk&every=99999999999999999999&every=60",
        expect![[r#"
            ?every: “99999999999999999999” does not fit. Write a whole number of seconds from 30 to 86400.
            ?every: The parameter is there twice. The first one counts.
        "#]],
    );
}

#[test]
fn a_long_link_ends_somewhere() {
    let link = Link::parse(&"a=1&".repeat(100_000));
    assert!(link.problems.len() < 50);
}

#[test]
fn the_link_overrides_phone_and_transport() {
    let text = r#"{ "schema": "clearline.config/1", "name": "A", "phone": "sip",
                    "applications": [{ "id": "agent-desktop", "url": "https://a.example/" }] }"#;
    let config = Config::parse(text).expect("valid");
    assert_eq!(config.with_link(&Link::default()), config);
    let link = Link::parse("phone=corporate&transport=private");
    let changed = config.with_link(&link);
    assert_eq!(
        (changed.phone, changed.transport),
        (Phone::Corporate, Transport::Private)
    );
    assert_eq!(config.link_problems(&link), []);
    let link = Link::parse("phone=webrtc-embedded");
    assert_eq!(config.with_link(&link).phone, Phone::WebrtcEmbedded);
    assert_eq!(config.link_problems(&link).len(), 1);
}

proptest! {
    #[test]
    fn any_query_is_a_link(query in "(\\?|[a-z]{1,6}=[^&]{0,8}&|%[0-9a-fA-F]{0,2}|.){0,40}") {
        let link = Link::parse(&query);
        let shown = |text: &str| text.chars().count() <= 200 && !text.chars().any(char::is_control);
        prop_assert!(link.problems.iter().all(|problem| problem.path.starts_with('?') && shown(&problem.path) && shown(&problem.said(problem_words()).what)));
        prop_assert!(link.ticket.is_none_or(|ticket| shown(&ticket)));
    }
}

fn check(query: &str, expected: Expect) {
    let problems = Link::parse(query).problems;
    let lines: String = problems.iter().map(|problem| format!("{problem}\n")).collect();
    expected.assert_eq(&lines);
}
