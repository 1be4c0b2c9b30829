//! The configuration as an administrator meets it: what is accepted, and every word about what is not.

#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::Path;

use clearline::config::{ActivityId, Check, Config, Phone, Problem, TurnAccess, problem_words, schema};
use expect_test::{expect, expect_file};
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn the_contracts_example_is_valid() {
    let config = Config::parse(&file("contract")).expect("the contract's example");
    assert_eq!(config.name, "Best Customer contact centre");
    let ids: Vec<_> = config
        .applications
        .iter()
        .map(|one| (one.id.as_str(), one.name.as_str(), one.required, one.activity))
        .collect();
    assert_eq!(
        ids,
        [
            ("agent-desktop", "Agent Desktop", true, ActivityId::AgentDesktop),
            ("agent-setup", "Agent Setup", true, ActivityId::Administration),
            ("crm", "Our CRM", false, ActivityId::AgentDesktop),
        ]
    );
    assert!(matches!(
        config.applications[1].check,
        Check::Image {
            width: 32,
            height: 32,
            ..
        }
    ));
    assert!(matches!(config.turn[0].access, TurnAccess::Static { .. }));
    assert_eq!(
        config.turn[1].access,
        TurnAccess::Fetched {
            url: "/turn-credentials".into()
        }
    );
    assert_eq!(config.turn[2].access, TurnAccess::Unauthorized);
    assert_eq!(config.egress_known[0].contains("25.77.0.3"), Some(true));
}

#[test]
fn the_page_may_ask_what_is_configured() {
    let config = Config::parse(&file("contract")).expect("the contract's example");
    assert_eq!(
        config.connect_sources(),
        [
            "https://best-customer.example",
            "https://control.example",
            "https://crm.example",
            "https://selftest.best-customer.example",
            "https://telemetry.best-customer.example",
        ]
    );
    assert_eq!(config.image_sources(), ["https://best-customer.example"]);
}

#[test]
fn the_shipped_configurations_are_valid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let named = fs::read_dir(root.join("static/configs"))
        .into_iter()
        .flatten()
        .flatten();
    let single = ["static/config.json", "lab/worlds/base.config.json"].map(|path| root.join(path));
    for path in named.map(|entry| entry.path()).chain(single) {
        if let Ok(text) = fs::read_to_string(&path) {
            assert_eq!(Config::parse(&text).err(), None, "{}", path.display());
        }
    }
}

#[test]
fn the_published_schema_is_up_to_date() {
    let text = serde_json::to_string_pretty(&schema()).expect("a schema is JSON") + "\n";
    expect_file!["../static/config.schema.json"].assert_eq(&text);
}

#[test]
fn a_secret_is_never_printed() {
    let text = file("contract")
        .replace("\"secret\"", "\"hunter2\"")
        .replace("null", "\"https://a.example/hunter2\"");
    let config = Config::parse(&text).expect("still valid");
    assert!(!format!("{config:?}").contains("hunter2"));
    for broken in ["urls", "turn"] {
        let problems = problems_of(&file(broken));
        assert!(!problems.contains("hunter2"), "{problems}");
    }
}

#[test]
fn a_phone_without_webrtc_needs_no_turn() {
    for phone in Phone::ALL {
        let text = json!({
            "schema": "clearline.config/1", "name": "A", "phone": phone.id(),
            "applications": [{ "id": "agent-desktop", "url": "https://a.example/" }],
        });
        assert_eq!(
            Config::parse(&text.to_string()).is_ok(),
            !phone.uses_browser(),
            "{phone:?}"
        );
    }
}

#[test]
fn hostile_files_are_only_problems() {
    let deep = "[".repeat(100_000);
    let deep_keys = "{\"turn\":".repeat(100_000);
    let many = format!("[{}]", vec!["0"; 100_000].join(","));
    let long = format!("{{\"name\":\"{}\"}}", "x".repeat(1_000_000));
    let keys = format!("{{{}}}", vec!["\"name\":1"; 20_000].join(","));
    for text in [
        "",
        "\u{feff}",
        "1e999",
        "{\"a\":1e308}",
        "\"\\ud800\"",
        "null",
        &deep,
        &deep_keys,
        &many,
        &long,
        &keys,
    ] {
        assert!(Config::parse(text).is_err_and(|problems| !problems.is_empty()));
    }
    let applications: Vec<Value> = (0..60)
        .map(|n| json!({ "id": format!("a-{n}"), "name": "A", "url": "https://a.example/" }))
        .collect();
    let text =
        json!({ "schema": "clearline.config/1", "name": "A", "phone": "sip", "applications": applications });
    let expected = expect![[r#"
        $.applications
          The list has 60 entries.
          Keep at most 50.
    "#]];
    expected.assert_eq(&problems_of(&text.to_string()));
}

/// One broken file each, and beside it every word about it.
macro_rules! broken {
    ($($test:ident $name:literal,)+) => {
        $(#[test] fn $test() {
            expect_file![concat!("config/", $name, ".txt")].assert_eq(&problems_of(&file($name)));
        })+
    };
}

broken! {
    an_empty_object "empty",
    a_trailing_comma "trailing-comma",
    a_web_page "web-page",
    misspelled "misspelled",
    wrong_types "types",
    bad_urls "urls",
    bad_turn_servers "turn",
    nothing_to_test "no-turn",
    bad_egress "egress",
    bad_details "details",
}

proptest! {
    #[test]
    fn any_json_is_a_configuration_or_problems(value in any_json()) {
        let outcome = Config::parse(&value.to_string());
        if let Err(problems) = outcome {
            prop_assert!(!problems.is_empty());
            prop_assert!(problems.iter().all(|problem| problem.path.starts_with('$')));
            let said = |problem: &Problem| problem.said(problem_words());
            prop_assert!(problems.iter().map(said).all(|said| said.what.len() < 1000 && said.remedy.len() > 5));
        }
    }

    #[test]
    fn any_text_is_a_configuration_or_problems(text in any::<String>()) {
        prop_assert!(Config::parse(&text).is_err());
    }

    #[test]
    fn a_changed_value_never_panics(place in 0usize..64, value in any_json()) {
        let mut config: Value = serde_json::from_str(&file("contract")).expect("JSON");
        let mut left = place;
        replace(&mut config, &mut left, &value);
        if let Ok(config) = Config::parse(&config.to_string()) {
            for source in config.connect_sources().iter().chain(&config.image_sources()) {
                let rest = source.strip_prefix("https://").or(source.strip_prefix("http://"));
                prop_assert!(rest.is_some_and(|host| host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_:".contains(&b))));
            }
        }
    }
}

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/config")
        .join(name)
        .with_extension("json");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn problems_of(text: &str) -> String {
    let problems = Config::parse(text).expect_err("a broken configuration");
    problems
        .iter()
        .map(|problem| (&problem.path, problem.said(problem_words())))
        .map(|(path, said)| format!("{path}\n  {}\n  {}\n", said.what, said.remedy))
        .collect()
}

/// Puts `value` in the place of the n-th value of a tree.
fn replace(tree: &mut Value, left: &mut usize, value: &Value) {
    if *left == 0 {
        *tree = value.clone();
    }
    let at_end = *left == 0;
    *left = left.wrapping_sub(1);
    if at_end {
        return;
    }
    match tree {
        Value::Array(entries) => entries.iter_mut().for_each(|entry| replace(entry, left, value)),
        Value::Object(entries) => entries.values_mut().for_each(|entry| replace(entry, left, value)),
        _ => {}
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "(https?|turns?|stun):(//)?[a-z0-9.:\\[\\]-]{0,12}[/?#a-z=]{0,12}".prop_map(Value::from),
        "[0-9.]{1,15}(/[0-9]{1,3})?".prop_map(Value::from),
    ];
    let key = prop_oneof![
        3 => prop::sample::select(vec![
            "schema", "name", "applications", "id", "url", "urls", "check", "image", "width", "turn", "username",
            "credential", "expect", "stun", "canary", "egress", "known", "activities", "calls", "helpdesk", "brand",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    leaf.prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..8)
                .prop_map(|entries| entries.into_iter().collect()),
        ]
    })
}

#[test]
fn ids_of_the_checks_own_probes_are_taken() {
    let text = r#"{ "schema": "clearline.config/1", "name": "Test", "phone": "pstn",
        "applications": [{ "id": "canary", "name": "Ours", "url": "https://desk.example/" }] }"#;
    let problems = Config::parse(text).expect_err("the id is taken");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].path, "$.applications[0].id");
}
