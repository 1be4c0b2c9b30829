//! The configuration as an administrator meets it: what is accepted, and every word about what is not.

use std::fs;
use std::path::Path;

use clearline::config::{ActivityId, Check, Config, Phone, TurnAccess, schema};
use expect_test::{Expect, expect, expect_file};
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
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("static");
    let extra = fs::read_dir(root.join("configs"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    for path in extra.chain([root.join("config.json")]) {
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
    check(
        &text.to_string(),
        expect![[r#"
        $.applications
          The list has 60 entries.
          Keep at most 50.
    "#]],
    );
}

/// One snapshot per broken file.
macro_rules! broken {
    ($($test:ident $name:literal $expected:expr;)+) => {
        $(#[test] fn $test() { check(&file($name), $expected); })+
    };
}

broken! {
    an_empty_object "empty" expect![[r#"
        $.schema
          The key schema is missing.
          Add "schema": "clearline.config/1".
        $.name
          The key name is missing.
          Add it. The contact centre's name, shown on the page and in reports. Write text in double quotes: a name of 1 to 100 characters.
        $.applications
          The key applications is missing.
          Add it. What the agents work with. Write a list in square brackets, with at least one entry.
        $.turn
          The phone is webrtc-embedded by default, but turn is missing.
          Add at least one TURN server: without one the voice of this phone cannot be tested. Or choose another phone: sip, corporate or pstn.
    "#]];
    a_trailing_comma "trailing-comma" expect![[r#"
        $
          This is not JSON: trailing comma (line 4, column 1).
          Correct that place. Text and keys stand in double quotes, a comma between entries and none after the last.
    "#]];
    a_web_page "web-page" expect![[r#"
        $
          This is a web page, not a configuration.
          Check that the file exists: many servers answer with a page of their own when it does not.
    "#]];
    misspelled "misspelled" expect![[r#"
        $.phone
          “webrtc_embedded” is not known here.
          Did you mean webrtc-embedded? Write webrtc-embedded, webrtc-softphone, sip, corporate or pstn.
        $.transport
          “Internet” is not known here.
          Did you mean internet? Write internet, private or both.
        $.helpdsk
          The key is not known here.
          Did you mean helpdesk?
        $.aplications
          The key is not known here.
          Did you mean applications?
        $.applications[0].requird
          The key is not known here.
          Did you mean required?
        $.applications[2].activity
          “voices” is not known here.
          Did you mean voice? Write sign-in, agent-desktop, voice, screen-recording or administration.
        $.applications[3].check
          “picture” is not known here.
          Write reach, image or canary.
        $.applications[3].colour
          The key is not known here.
          Leave it out. The keys here are id, name, url, check, image, required and activity.
        $.turn[0].credentialsUrl
          The key is not known here.
          Did you mean credentials_url?
        $.turn[0].expect
          “401” is not known here.
          Write unauthorized.
        $[“a key that nobody would ever write, and which is much too lo…”]
          The key is not known here.
          Leave it out. The keys here are schema, name, transport, phone, applications, turn, stun, controls, canary, egress, activities, helpdesk, reporting and brand.
        $.applications[1].name
          The catalogue has no application “agent-desktp”, so its name is missing.
          Did you mean the id agent-desktop? Otherwise add a name that people recognise.
        $.applications[2].name
          The catalogue has no application “crm”, so its name is missing.
          Add a name that people recognise.
    "#]];
    wrong_types "types" expect![[r#"
        $.schema
          This is a number.
          Write clearline.config/1 in double quotes.
        $.name
          This is a list.
          Write text in double quotes: a name of 1 to 100 characters.
        $.applications
          This is an object.
          Write a list in square brackets, with at least one entry.
        $.turn
          This is text.
          Write a list in square brackets.
        $.stun[0]
          This is a number.
          Write text in double quotes: a STUN address such as stun:turn.best-customer.example:443.
        $.stun[1]
          This is null.
          Write text in double quotes: a STUN address such as stun:turn.best-customer.example:443.
        $.canary
          This is text.
          Write an object in curly brackets, with url.
        $.egress
          This is a list.
          Write an object in curly brackets.
        $.activities.calls
          This is text.
          Write a whole number from 1 to 100, without quotes.
        $.activities.screen_recording
          This is a number.
          Write true or false, without quotes.
        $.helpdesk.name
          This is null.
          Write text in double quotes: a name of 1 to 100 characters.
        $.brand.accent
          This is a number.
          Write text in double quotes: a colour such as #0a5cff.
    "#]];
    bad_urls "urls" expect![[r#"
        $.applications[0].url
          “best-customer.example” is no web address.
          Write the whole address, such as https://best-customer.example/.
        $.applications[1].url
          “http://best-customer.example/” is not encrypted.
          Write https:// instead of http://, which is possible on this computer (localhost, 127.0.0.1) only.
        $.applications[2].url
          There is a user name or password in the address.
          Leave everything up to the @ out; TURN has the keys username and credential for it.
        $.applications[3].url
          “https://best-customer.example/#/calls” has a # in it; what follows never reaches a server.
          Leave the # and what follows out.
        $.applications[4].url
          “[2001:db8::1]” is an IPv6 address.
          Write a host name or an IPv4 address: the cloud supports IPv4 only.
        $.applications[5].url
          “*.best-customer.example” stands for many hosts; a check needs one.
          Write a name such as best-customer.example, or an address such as 25.77.0.1.
        $.applications[6].url
          Browsers refuse to ask web servers on port 5060.
          Use 443 or another port that browsers allow; on this one the check would fail on every line.
        $.applications[7].url
          “x” is no port.
          Write a number from 1 to 65535 after the colon, or leave both out.
        $.applications[8].url
          “ https://best-customer.example/” has a space or another invisible character in it.
          Take it out, or write it percent-encoded.
        $.applications[9].url
          The address is empty.
          Write one, or leave the key out.
        $.turn[0].credentials_url
          “//turn.example/credentials” names a host but not how to reach it.
          Write https: before it, or a path on the page's own server, such as /turn-credentials.
        $.turn[0].urls[0]
          “turn://turn.example:443” has slashes after the colon.
          Write it like turn:turn.best-customer.example:443?transport=tcp.
        $.turn[0].urls[1]
          There is a user name or password in the address.
          Leave everything up to the @ out; TURN has the keys username and credential for it.
        $.turn[0].urls[2]
          “turn:turn.example?transport=TCP” has an unknown part after the question mark.
          Only ?transport=tcp or ?transport=udp may stand there, in small letters.
        $.turn[0].urls[3]
          turns: over UDP is something browsers do not offer.
          Write turns:HOST:PORT?transport=tcp.
        $.turn[0].urls[4]
          This is a STUN address, not a TURN one.
          Move it to the list `stun`, or write turn: or turns:.
        $.turn[0].urls[5]
          Chromium refuses TURN servers on port 22.
          Use 443, 80, 53, or a port from 1024 up; on this one the check would fail on every line.
        $.turn[0].urls[6]
          “https://turn.example/” is no TURN or STUN address.
          It starts with turn:, turns: or stun:, in small letters.
        $.turn[1].credentials_url
          “javascript:alert(1)” is no web address.
          Write the whole address, such as https://best-customer.example/.
        $.turn[1].urls[0]
          “25.77.0.256” looks like an IPv4 address, but is none.
          Write a name such as best-customer.example, or an address such as 25.77.0.1.
        $.stun[0]
          A STUN address has nothing after a question mark: “stun:turn.example?transport=udp”.
          Write stun:HOST:PORT.
        $.stun[1]
          This is a TURN address, not a STUN one.
          Move it to the list `turn`, or write stun:.
        $.stun[2]
          STUN over TLS (stuns:) is something browsers do not offer.
          Write stun:HOST:PORT.
        $.canary.url
          A canary's address has no query.
          Leave the ? and what follows out: the page puts a query of its own there.
        $.reporting.otlp_url
          A page cannot ask “ftp”: addresses.
          Write an https:// address.
        $.reporting.webhook_url
          “/hook” is no web address.
          Write the whole address, such as https://best-customer.example/.
        $.brand.logo
          “data:image/png;base64,AAAA” is no web address.
          Write the whole address, such as https://best-customer.example/.
    "#]];
    bad_turn_servers "turn" expect![[r#"
        $.turn[0]
          There are no credentials, and nothing else is expected.
          Add one of these: username and credential, credentials_url or expect.
        $.turn[1]
          The key credential is missing.
          username and credential go together.
        $.turn[2]
          The key username is missing.
          username and credential go together.
        $.turn[3]
          username and credential, expect exclude each other.
          Keep one of these: username and credential, credentials_url or expect.
        $.turn[4].credential
          This is a number.
          Write text in double quotes: 1 to 500 characters.
        $.turn[5].username
          It is empty, or has invisible characters in it.
          Copy it again from where it was issued.
        $.turn[5].credential
          It is empty, or has invisible characters in it.
          Copy it again from where it was issued.
        $.turn[6].urls
          The list is empty.
          Write a list in square brackets, with at least one entry.
        $.turn[7].id
          This is the same as $.turn[0].id.
          Give every entry an id of its own.
        $.turn[7].urls[2]
          This is the same as $.turn[7].urls[0].
          Keep one of them.
    "#]];
    nothing_to_test "no-turn" expect![[r#"
        $.applications
          The list is empty.
          Write a list in square brackets, with at least one entry.
        $.turn
          The phone is webrtc-embedded by default, but turn is missing.
          Add at least one TURN server: without one the voice of this phone cannot be tested. Or choose another phone: sip, corporate or pstn.
    "#]];
    bad_egress "egress" expect![[r#"
        $.egress.known[1]
          10.1.0.0/16 cannot be on an access list: 10.0.0.0/8 is private and not routable on the Internet.
          Write the address that the Internet sees: the outer one of your firewall, proxy or VPN.
        $.egress.known[2]
          192.168.1.1/32 cannot be on an access list: 192.168.0.0/16 is private and not routable on the Internet.
          Write the address that the Internet sees: the outer one of your firewall, proxy or VPN.
        $.egress.known[3]
          0.0.0.0/0 is too wide: it includes 0.0.0.0/8, which is “this network” and not routable on the Internet.
          Write the networks that are really yours, each by itself.
        $.egress.known[4]
          100.0.0.0/8 is too wide: it includes 100.64.0.0/10, which is shared inside providers and not routable on the Internet.
          Write the networks that are really yours, each by itself.
        $.egress.known[5]
          “2001:db8::/32” is an IPv6 network.
          Leave it out: the cloud supports IPv4 only.
        $.egress.known[6]
          25.77.0.3/29 does not start at the first address of a network.
          Write 25.77.0.0/29 for the whole network, or 25.77.0.3/32 for this address alone.
        $.egress.known[7]
          “25.77.0.0/33” has no number from 0 to 32 after the slash.
          Write an IPv4 network such as 25.77.0.0/29.
        $.egress.known[8]
          “25.77.0.0-25.77.0.7” is no IPv4 network.
          Write an IPv4 network such as 25.77.0.0/29.
        $.egress.known[10]
          203.0.113.7/32 cannot be on an access list: 203.0.113.0/24 is for documentation and not routable on the Internet.
          Write the address that the Internet sees: the outer one of your firewall, proxy or VPN.
        $.egress.known[9]
          This is the same as $.egress.known[0].
          Keep one of them.
    "#]];
    bad_details "details" expect![[r#"
        $.schema
          “clearline.config/2” is not known here.
          Write clearline.config/1.
        $.name
          The name is empty.
          Write a name that people recognise.
        $.applications[0].id
          This is no id.
          Write small letters, digits and single hyphens, such as crm-2.
        $.applications[0].name
          There are invisible characters in it, such as a line break.
          Write it again in one line.
        $.applications[1].image
          The check is image, but image is missing.
          Add the image's url, width and height, or choose another check: reach or canary.
        $.applications[2].image.width
          0 does not fit.
          Write a whole number from 1 to 4096, without quotes.
        $.applications[2].image.height
          2.5 does not fit.
          Write a whole number from 1 to 4096, without quotes.
        $.applications[3].image.url
          “a.png” is no web address.
          Write the whole address, such as https://best-customer.example/.
        $.applications[3].image.width
          The key width is missing.
          Add it. Its width in pixels. Write a whole number from 1 to 4096, without quotes.
        $.applications[3].image.height
          The key height is missing.
          Add it. Its height in pixels. Write a whole number from 1 to 4096, without quotes.
        $.applications[4].image.width
          1e300 does not fit.
          Write a whole number from 1 to 4096, without quotes.
        $.activities.calls
          0 does not fit.
          Write a whole number from 1 to 100, without quotes.
        $.activities.calls
          The key is there twice.
          Keep one of them.
        $.helpdesk.phone
          This is no telephone number.
          Write digits, with blanks, +, - and brackets, such as +1 555 0100.
        $.helpdesk.email
          This is no e-mail address.
          Write one address, such as desk@best-customer.example.
        $.helpdesk.url
          The address is no web address.
          Write the whole address, such as https://best-customer.example/.
        $.brand.accent
          This is no colour.
          Write # and six digits or letters a to f, such as #0a5cff.
        $.applications[2].id
          This is the same as $.applications[1].id.
          Give every entry an id of its own.
        $.applications[4].image
          The check is reach, so this image would not be looked at.
          Add "check": "image", or leave the image out.
        $.applications[5].url
          A canary's address has no query.
          Leave the ? and what follows out: the page puts a query of its own there.
        $.controls[1]
          This is the same as $.controls[0].
          Keep one of them.
    "#]];
}

proptest! {
    #[test]
    fn any_json_is_a_configuration_or_problems(value in any_json()) {
        let outcome = Config::parse(&value.to_string());
        if let Err(problems) = outcome {
            prop_assert!(!problems.is_empty());
            prop_assert!(problems.iter().all(|problem| problem.path.starts_with('$') && problem.what.len() < 1000));
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

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&problems_of(text));
}

fn problems_of(text: &str) -> String {
    let problems = Config::parse(text).expect_err("a broken configuration");
    problems
        .iter()
        .map(|problem| format!("{}\n  {}\n  {}\n", problem.path, problem.what, problem.remedy))
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
