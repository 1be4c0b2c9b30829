//! The browser room, in a real browser. `CHROMEDRIVER=/path/to/chromedriver
//! CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner cargo test --target wasm32-unknown-unknown --test
//! browser`. With `CLEARLINE_TEST_TURN=turn:127.0.0.1:PORT?transport=tcp` (user `demo`, password `secret`) while it is
//! compiled, calls through that server are tested as well.

#![cfg(target_arch = "wasm32")]

use clearline::browser::call::call_within;
use clearline::browser::{Browser, RelayedCall, clock, live_peers};
use clearline::config::{Check, HttpUrl, TurnAccess, TurnScheme, TurnTransport, TurnUrl};
use clearline::observation::{Answer, CallSeen, Constructor, MediaSample, NameVerdict, TurnVerdict, Wrong};
use clearline::probe::{
    Call, CallProbe, Credentials, CredentialsProbe, HttpsProbe, NameProbe, Network, Role, TurnProbe,
};
use clearline::units::{Kbps, Millis, Secret};
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Nothing listens here.
const CLOSED: u16 = 49_009;

fn url(text: &str) -> HttpUrl {
    let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
    let authority = rest.split('/').next().unwrap_or_default();
    HttpUrl {
        text: text.to_owned(),
        origin: format!("{scheme}://{authority}"),
        host: authority.split(':').next().unwrap_or_default().to_owned(),
        port: authority
            .split_once(':')
            .and_then(|(_, port)| port.parse().ok())
            .unwrap_or(443),
    }
}

fn https(role: Role, text: &str, check: Check) -> HttpsProbe {
    HttpsProbe {
        id: "https:test".into(),
        role,
        activity: None,
        required: true,
        url: url(text),
        check,
        tries: 2,
        deadline: Millis(6000.0),
    }
}

fn turn_url(text: &str) -> TurnUrl {
    TurnUrl {
        text: text.to_owned(),
        scheme: TurnScheme::Turn,
        host: "127.0.0.1".into(),
        port: 0,
        transport: TurnTransport::Tcp,
    }
}

fn turn_probe(text: &str) -> TurnProbe {
    TurnProbe {
        id: "turn:test".into(),
        server: "test".into(),
        url: turn_url(text),
        access: TurnAccess::Unauthorized,
        credentials: None,
        companion_of: None,
        deadline: Millis(8000.0),
    }
}

fn credentials(password: &str) -> Credentials {
    Credentials {
        username: "demo".into(),
        password: Secret::new(password),
    }
}

fn rate(first: &MediaSample, last: &MediaSample) -> (f64, f64) {
    let time = last.at.since(first.at);
    let kbps = |bytes| Kbps::of_bytes(bytes, time).unwrap_or_default().0;
    (
        kbps(last.payload_sent - first.payload_sent),
        kbps(last.payload_received - first.payload_received),
    )
}

/// Asks for a rate, lets it settle, and measures what is sent and what arrives.
async fn measure(call: &RelayedCall, asked: f64) -> (f64, f64) {
    call.set_rate(Kbps(asked)).await;
    clock::sleep(Millis(400.0)).await;
    let first = call.sample().await.expect("statistics");
    clock::sleep(Millis(1500.0)).await;
    let last = call.sample().await.expect("statistics");
    let packets = (last.packets_received - first.packets_received) / last.at.since(first.at).as_seconds();
    let (sent, received) = rate(&first, &last);
    console_log!("asked {asked}: sent {sent:.1}, received {received:.1}, {packets:.1} packets/s");
    (sent, received)
}

async fn check_rates(call: &RelayedCall, rates: &[f64]) {
    for &asked in rates {
        let (sent, received) = measure(call, asked).await;
        assert!((sent / asked - 1.0).abs() < 0.15, "asked {asked}, sent {sent}");
        assert!(
            (received / sent - 1.0).abs() < 0.15,
            "sent {sent}, received {received}"
        );
    }
}

fn check_media(seen: &CallSeen) {
    console_log!("{seen:?}");
    assert!(seen.ice_connected && seen.connected, "{seen:?}");
    assert_eq!(seen.dtls_state.as_deref(), Some("connected"));
    assert!(seen.srtp_cipher.is_some());
    assert_eq!(seen.codec.as_deref(), Some("audio/opus"));
    assert_eq!(seen.decoded, Some(true));
    assert!(
        seen.received_here > Some(0) && seen.received_there > Some(0),
        "{seen:?}"
    );
    assert_eq!(seen.own_failure, None);
}

#[wasm_bindgen_test]
async fn the_page_knows_its_browser() {
    let seen = Browser.page().await;
    console_log!("{seen:?}");
    assert_eq!(seen.webrtc, Constructor::Works);
    assert_eq!(seen.opus, Some(true));
    assert!(seen.secure && !seen.browser.is_empty() && !seen.os.is_empty() && seen.engine.is_some());
}

#[wasm_bindgen_test]
async fn a_call_within_the_machine_carries_what_is_asked_and_leaves_nothing_behind() {
    let before = live_peers();
    let (seen, call) = call_within(Kbps(10.0), Millis(8000.0)).await;
    check_media(&seen);
    assert_eq!(seen.both_relayed, Some(false));
    let call = call.expect("a call");
    assert_eq!(live_peers(), before + 2);
    check_rates(&call, &[10.0, 64.0, 160.0]).await;
    let (asked, sample, told) = (
        clock::now(),
        call.sample().await.expect("statistics"),
        clock::now(),
    );
    console_log!("counted {:.1} ms after it was asked for", sample.at.0 - asked.0);
    assert!(
        sample.at.0 > asked.0 - 100.0 && sample.at.0 <= told.0,
        "on the page's clock"
    );
    assert!(
        sample.headers_sent.is_some() && sample.headers_received.is_some(),
        "{sample:?}"
    );
    assert!(sample.jitter.is_some() && sample.samples.is_some() && sample.samples_concealed.is_some());
    assert!(sample.jitter_buffer_delay.is_some() && sample.jitter_buffer_emitted.is_some());
    assert!(
        sample.round_trip_total.is_some() && sample.round_trips > Some(0.0),
        "{sample:?}"
    );
    call.set_rate(Kbps(0.0)).await;
    clock::sleep(Millis(300.0)).await;
    let (first, _) = (
        call.sample().await.expect("statistics"),
        clock::sleep(Millis(500.0)).await,
    );
    let last = call.sample().await.expect("statistics");
    assert!(
        last.packets_sent - first.packets_sent <= 1.0,
        "zero stops sending"
    );
    drop(call);
    assert_eq!(live_peers(), before);
}

#[wasm_bindgen_test]
async fn a_call_that_is_cancelled_leaves_nothing_behind() {
    for moment in [5.0, 20.0, 40.0, 60.0, 80.0, 100.0] {
        let call = call_within(Kbps(10.0), Millis(8000.0));
        if let Some((seen, _)) = clock::within(Millis(moment), call).await {
            assert!(seen.connected, "faster than its end, and whole: {seen:?}");
        }
        assert_eq!(live_peers(), 0, "cancelled after {moment} ms");
    }
}

#[wasm_bindgen_test]
async fn a_request_that_is_cancelled_is_aborted() {
    let probe = https(
        Role::Application,
        &format!("http://127.0.0.1:{CLOSED}/"),
        Check::Reach,
    );
    let start = clock::now();
    assert!(
        clock::within(Millis(500.0), Browser.https(&probe))
            .await
            .is_none(),
        "the retry comes after a second"
    );
    assert!(clock::now().since(start).0 < 1000.0);
}

#[wasm_bindgen_test]
async fn the_pages_own_policy_is_told_apart() {
    let document = web_sys::window()
        .and_then(|window| window.document())
        .expect("a document");
    let meta = document.create_element("meta").expect("an element");
    meta.set_attribute("http-equiv", "Content-Security-Policy")
        .expect("an attribute");
    meta.set_attribute("content", "connect-src 'self' http://127.0.0.1:*")
        .expect("an attribute");
    document
        .head()
        .expect("a head")
        .append_child(&meta)
        .expect("a policy");
    let probe = https(Role::Application, "https://forbidden.example/", Check::Reach);
    let seen = Browser.https(&probe).await;
    assert_eq!(
        seen.tries.iter().map(|one| &one.answer).collect::<Vec<_>>(),
        [&Answer::OwnPolicy]
    );
}

#[wasm_bindgen_test]
async fn a_closed_port_fails_fast_and_is_tried_once_more() {
    let probe = https(
        Role::Application,
        &format!("http://127.0.0.1:{CLOSED}/"),
        Check::Reach,
    );
    let seen = Browser.https(&probe).await;
    let answers: Vec<&Answer> = seen.tries.iter().map(|one| &one.answer).collect();
    assert_eq!(answers, [&Answer::Failed, &Answer::Failed], "{seen:?}");
    assert!(seen.tries.iter().all(|one| one.time.0 < 1000.0), "{seen:?}");
}

#[wasm_bindgen_test]
async fn no_canary_and_no_image_at_a_closed_port() {
    let text = format!("http://127.0.0.1:{CLOSED}/");
    let seen = Browser.https(&https(Role::Canary, &text, Check::Canary)).await;
    assert_eq!(seen.tries[0].answer, Answer::Failed);
    let image = Check::Image {
        url: url(&text),
        width: 1,
        height: 1,
    };
    let seen = Browser.https(&https(Role::Application, &text, image)).await;
    assert_eq!(seen.tries[0].answer, Answer::Failed);
}

#[wasm_bindgen_test]
async fn another_page_in_place_of_ours_is_told() {
    // The test runner's document does not bear our mark; the laboratory's worlds see the one that does.
    let own = clearline::browser::place::page_url();
    let seen = Browser.https(&https(Role::Page, &own, Check::Reach)).await;
    assert_eq!(seen.tries[0].answer, Answer::Wrong(Wrong::NotThePage), "{seen:?}");
}

#[wasm_bindgen_test]
async fn a_page_is_neither_canary_nor_credential_service() {
    let own = clearline::browser::place::page_url();
    let seen = Browser.https(&https(Role::Canary, &own, Check::Canary)).await;
    assert!(matches!(seen.tries[0].answer, Answer::Wrong(_)), "{seen:?}");
    let probe = CredentialsProbe {
        id: "credentials:test".into(),
        server: "test".into(),
        url: "/".into(),
        deadline: Millis(3000.0),
    };
    let (seen, credentials) = Browser.credentials(&probe).await;
    console_log!("{seen:?}");
    assert!(credentials.is_none());
}

#[wasm_bindgen_test]
async fn a_name_that_does_not_exist() {
    let probe = NameProbe {
        id: "name:test".into(),
        host: "clearline-test.invalid".into(),
        doubt: String::new(),
        deadline: Millis(8000.0),
    };
    let start = clock::now();
    let seen = Browser.name(&probe).await;
    console_log!("{seen:?} after {}", clock::now().since(start));
    assert_ne!(seen.verdict(), NameVerdict::Resolves, "{seen:?}");
}

#[wasm_bindgen_test]
async fn a_turn_port_that_is_closed() {
    let probe = turn_probe(&format!("turn:127.0.0.1:{CLOSED}?transport=tcp"));
    let seen = Browser.turn(&probe, &credentials("secret")).await;
    console_log!("{seen:?}");
    assert!(matches!(seen.verdict(), TurnVerdict::Failed(_)), "{seen:?}");
    assert_eq!(live_peers(), 0);
}

#[wasm_bindgen_test]
async fn through_a_turn_server() {
    let Some(server) = option_env!("CLEARLINE_TEST_TURN") else {
        return;
    };
    let relay = Browser.turn(&turn_probe(server), &credentials("secret")).await;
    console_log!("{relay:?}");
    assert_eq!(relay.verdict(), TurnVerdict::Relay);
    let rejected = Browser.turn(&turn_probe(server), &credentials("wrong")).await;
    console_log!("{rejected:?}");
    assert_eq!(rejected.verdict(), TurnVerdict::Unauthorized);

    let probe = CallProbe {
        id: "call:test".into(),
        url: turn_url(server),
        first_rate: Kbps(10.0),
        deadline: Millis(8000.0),
        patience: Millis(4000.0),
    };
    let (seen, call) = Browser.call(&probe, &credentials("wrong")).await;
    console_log!("{seen:?}");
    assert!(call.is_none() && seen.relays == 0 && seen.errors.iter().any(|error| error.code == 401));
    let (seen, call) = Browser.call(&probe, &credentials("secret")).await;
    check_media(&seen);
    assert_eq!((seen.relays, seen.both_relayed), (2, Some(true)));
    check_rates(&call.expect("a call"), &[10.0, 32.0, 64.0, 100.0, 128.0, 160.0]).await;
    assert_eq!(live_peers(), 0);
}
