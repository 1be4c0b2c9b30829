//! Two runs compared: what the second one proves, as a table of stories.

use std::rc::Rc;

use clearline::checkup::{Phase, State, conclude};
use clearline::config::Config;
use clearline::fix::{Change, Owner};
use clearline::guided::{Compared, Guide, Outcome};
use clearline::observation::{ANSWERS, AnswersSeen, Observation, Seen};
use clearline::units::Address;

use crate::story;

const ELSEWHERE: &str = "37.4.5.6";

/// The state at the end of a run. With `elsewhere`, servers saw another address.
fn ended(name: &str, elsewhere: bool) -> (Config, Rc<State>) {
    let story = story::read(name);
    let config = story.config();
    let mut observations = story.observations(&config);
    if elsewhere {
        observations.iter_mut().for_each(move_elsewhere);
    }
    let state = State {
        phase: Phase::Done,
        conclusion: Some(conclude(&config, &observations)),
        observations,
        ..State::default()
    };
    (config, Rc::new(state))
}

fn move_elsewhere(observation: &mut Observation) {
    if let Seen::Https(seen) = &mut observation.seen
        && let Some(canary) = &mut seen.canary
    {
        canary.address = Some(Address::new(ELSEWHERE));
    }
}

fn compared(before: &str, change: Change, after: &str, elsewhere: bool) -> Compared {
    let (_, before) = ended(before, false);
    let (config, after) = ended(after, elsewhere);
    let guide = Guide::default().begin(Some(change), &before).end(&config, &after);
    guide.compared.expect("both runs ended")
}

#[test]
fn what_a_second_run_proves() {
    use Change::{Fix, OtherNetwork, VpnOff};
    use Outcome::{Differs, Same, SameNetwork, Unknown, Works};
    let exempt = Fix("exempt-turn-from-inspection");
    let through = Fix("let-turn-through");
    let words = crate::english();
    for (before, change, after, elsewhere, outcome, says) in [
        ("turn-blocked", through, "healthy", false, Works, "fix-works"),
        ("turn-blocked", through, "turn-blocked", false, Same, "fix-same"),
        // The firewall lets it through now, and what inspects stops it.
        (
            "turn-blocked",
            through,
            "turn-inspected",
            false,
            Differs,
            "differs",
        ),
        ("turn-inspected", exempt, "healthy", false, Works, "fix-works"),
        (
            "turn-inspected",
            exempt,
            "test-service-down",
            false,
            Unknown,
            "unknown",
        ),
        // Advice that is left over is no reason to say that a fix did not work.
        (
            "turn-blocked",
            through,
            "latency-high-advice",
            false,
            Works,
            "fix-works",
        ),
        (
            "turn-blocked",
            OtherNetwork,
            "healthy",
            true,
            Works,
            "network-works",
        ),
        (
            "turn-blocked",
            OtherNetwork,
            "turn-blocked",
            true,
            Same,
            "network-same",
        ),
        // The agent pressed the button and stayed where they were.
        (
            "turn-blocked",
            OtherNetwork,
            "turn-blocked",
            false,
            SameNetwork,
            "same-network",
        ),
        (
            "turn-blocked",
            OtherNetwork,
            "healthy",
            false,
            SameNetwork,
            "same-network",
        ),
        ("turn-blocked", OtherNetwork, "offline", false, Unknown, "unknown"),
        (
            "turn-blocked",
            OtherNetwork,
            "turn-refused",
            true,
            Differs,
            "differs",
        ),
        ("turn-blocked", VpnOff, "healthy", false, Works, "vpn-works"),
        ("latency-high", VpnOff, "latency-high", false, Same, "vpn-same"),
        ("latency-high", VpnOff, "healthy", true, Works, "vpn-works"),
    ] {
        let compared = compared(before, change, after, elsewhere);
        let row = format!("{before}, {change:?}, {after}");
        for sentence in compared.details.iter().chain([&compared.says]) {
            let said = words.say(sentence);
            let bare = ["{", "ui.", ".title", "activity."]
                .iter()
                .any(|part| said.contains(part));
            assert!(words.has(&sentence.key) && !bare, "{row}: {said}");
        }
        assert_eq!(compared.outcome, outcome, "{row}");
        assert_eq!(compared.says.key, format!("ui.compared.{says}"), "{row}");
    }
}

#[test]
fn a_try_that_proves_something_becomes_a_request() {
    let network = compared("turn-blocked", Change::OtherNetwork, "healthy", true);
    let request = network.request.expect("somebody is asked");
    assert_eq!((request.id, request.owner), ("let-turn-through", Owner::Network));
    assert_eq!(request.copy.last(), Some(&network.says));

    let vpn = compared("turn-blocked", Change::VpnOff, "healthy", false);
    assert_eq!(vpn.request.map(|fix| fix.owner), Some(Owner::Vpn));

    let same = compared("turn-blocked", Change::OtherNetwork, "turn-blocked", true);
    assert_eq!(same.request, None);
    let fixed = compared("turn-blocked", Change::Fix("let-turn-through"), "healthy", false);
    assert_eq!(fixed.request, None);
}

#[test]
fn what_is_different_is_told() {
    let compared = compared("latency-high", Change::VpnOff, "healthy", false);
    let keys: Vec<&str> = compared.details.iter().map(|it| it.key.as_str()).collect();
    for wanted in ["activity", "gone", "rate", "round-trip"] {
        assert!(
            keys.contains(&format!("ui.compared.{wanted}").as_str()),
            "no {wanted} in {keys:?}"
        );
    }
    assert!(!keys.contains(&"ui.compared.fresh"), "{keys:?}");
}

#[test]
fn what_worked_is_ticked_off_and_stays_so() {
    let (config, blocked) = ended("turn-blocked", false);
    let (_, inspected) = ended("turn-inspected", false);
    let (_, healthy) = ended("healthy", false);
    let guide = Guide::default();
    let guide = guide
        .begin(Some(Change::Fix("let-turn-through")), &blocked)
        .end(&config, &blocked);
    assert!(guide.solved.is_empty(), "nothing was gone");
    let guide = guide
        .begin(Some(Change::Fix("let-turn-through")), &blocked)
        .end(&config, &inspected);
    assert!(guide.solved.is_empty(), "voice does not work yet");
    let exempt = Change::Fix("exempt-turn-from-inspection");
    let guide = guide.begin(Some(exempt), &inspected).end(&config, &healthy);
    let solved: Vec<&str> = guide.solved.iter().map(|it| it.key.as_str()).collect();
    assert_eq!(solved, ["fix.exempt-turn-from-inspection.title"]);
    // A run with nothing different is compared with nothing.
    let guide = guide.begin(None, &healthy).end(&config, &healthy);
    assert_eq!((guide.compared.is_none(), guide.solved.len()), (true, 1));
}

/// What is left over and what is done after something was tried again, try by try.
fn tried(id: &str, story: &str, tries: &[&str]) -> Vec<Vec<String>> {
    let (config, mut state) = ended(story, false);
    let (mut guide, mut done) = (Guide::default(), Vec::new());
    for line in tries {
        let seen = crate::line::seen(id, line).expect("a line that can be read");
        let now = Rc::new((*state).clone().tell(id, seen, &config));
        guide = guide.tried(id, &state, &now);
        done.push(guide.solved.iter().map(|it| it.key.clone()).collect());
        state = now;
    }
    done
}

#[test]
fn another_browser_is_tried_where_it_may_tell_something() {
    let offered = |name| {
        let (_, state) = ended(name, false);
        let mut fixes = state.conclusion.iter().flat_map(|it| &it.fixes);
        fixes.any(|fix| fix.id == "try-another-browser")
    };
    for name in [
        "turn-blocked",
        "turn-refused",
        "media-blocked",
        "host-unreachable",
        "webrtc-disabled-removed",
        "microphone-silent",
        "microphone-blocked-busy",
        "local-network-blocked",
        "local-network-blocked-open",
    ] {
        assert!(offered(name), "{name}");
    }
    // Certain, the same line for every browser, or nothing to tell apart.
    for name in [
        "healthy",
        "offline",
        "webrtc-disabled",
        "microphone-missing",
        "microphone-blocked-here",
        "turn-dns-failed",
        "latency-high",
        "media-bitrate-low",
        "turn-quota",
    ] {
        assert!(!offered(name), "{name}");
    }
}

/// What works in another browser is told apart from what works on another network.
#[test]
fn another_network_asks_the_network() {
    let name = "turn-blocked-other-browser-works";
    let network = compared(name, Change::OtherNetwork, "healthy", true);
    assert_eq!(network.request.map(|fix| fix.id), Some("let-turn-through"));
}

#[test]
fn a_headset_that_works_is_ticked_off() {
    const CONNECT: &str = "fix.connect-headset.title";
    const UNMUTE: &str = "fix.unmute-microphone.title";
    for (tries, done) in [
        (
            &["missing speakers 1", "peak 40% speakers 1"][..],
            &[&[][..], &[CONNECT]][..],
        ),
        // Voice is blocked for another reason: the headset is done all the same.
        (
            &["peak 0% speakers 1", "peak 0% speakers 1", "peak 40% speakers 1"],
            &[&[], &[], &[UNMUTE]],
        ),
        // These could not tell.
        (
            &["peak 0% speakers 1", "dismissed speakers 1", "failed"],
            &[&[], &[], &[]],
        ),
        (
            &["peak 40% speakers 0", "peak 40%", "peak 40% speakers 1"],
            &[&[], &[], &[]],
        ),
        (
            &["missing speakers 0", "peak 40% speakers 0", "peak 40% speakers 2"],
            &[&[], &[], &[CONNECT]],
        ),
        // There now, and silent; then muted again.
        (
            &[
                "missing speakers 1",
                "peak 0% speakers 1",
                "peak 9% speakers 1",
                "peak 0% speakers 1",
            ],
            &[&[], &[CONNECT], &[CONNECT, UNMUTE], &[CONNECT]],
        ),
    ] {
        for story in ["healthy", "turn-blocked"] {
            assert_eq!(tried("headset", story, tries), done, "{story}: {tries:?}");
        }
    }
}

#[test]
fn a_pac_file_that_is_right_is_ticked_off() {
    const CORRECT: &str = "fix.correct-pac.title";
    let route = |turn: &str| {
        let applications = ["desk.best.example", "login.best.example", "admin.cloud.example"];
        let mut routes = applications.map(|host| format!("{host} PROXY p:3128")).to_vec();
        routes.push(format!("turn:turn.voice.example:443?transport=tcp {turn}"));
        routes.join(" | ")
    };
    let (wrong, right) = (route("PROXY p:3128"), route("DIRECT"));
    for (tries, done) in [
        (&[&*wrong, &*wrong, &*right][..], &[&[][..], &[], &[CORRECT]][..]),
        (&[&*wrong, &*right, &*wrong], &[&[], &[CORRECT], &[]]),
        // These could not tell.
        (
            &[&*wrong, "failed unprotected", "failed not-loaded"],
            &[&[], &[], &[]],
        ),
        (
            &["failed broken", "failed no-function", &*right],
            &[&[], &[], &[CORRECT]],
        ),
    ] {
        assert_eq!(tried("pac", "turn-blocked", tries), done, "{tries:?}");
    }
    // A headset that was tried does not speak for a file.
    let (config, state) = ended("turn-blocked", false);
    let tell = |state: &State, id, line| {
        let seen = crate::line::seen(id, line).expect("a line that can be read");
        state.clone().tell(id, seen, &config)
    };
    let before = tell(&tell(&state, "headset", "peak 40%"), "pac", &wrong);
    let after = tell(&before, "pac", "failed unreadable");
    assert!(Guide::default().tried("pac", &before, &after).solved.is_empty());
}

#[test]
fn back_on_the_usual_line_it_is_compared_with_the_usual_line() {
    let (config, blocked) = ended("turn-blocked", false);
    let (_, elsewhere) = ended("healthy", true);
    let guide = Guide::default()
        .begin(Some(Change::OtherNetwork), &blocked)
        .end(&config, &elsewhere);
    let guide = guide
        .begin(Some(Change::Fix("let-turn-through")), &elsewhere)
        .end(&config, &blocked);
    assert_eq!(guide.compared.map(|it| it.outcome), Some(Outcome::Same));
}

#[test]
fn without_a_vpn_to_switch_off_only_another_network_is_tried() {
    for (vpn, tries) in [
        (None, &[Change::OtherNetwork, Change::VpnOff][..]),
        (Some(true), &[Change::VpnOff, Change::OtherNetwork]),
        (Some(false), &[Change::OtherNetwork]),
    ] {
        let story = story::read("turn-blocked");
        let config = story.config();
        let state = State {
            observations: story.observations(&config),
            conclusion: Some(conclude(&config, &[])),
            ..State::default()
        };
        let told = Seen::Answers(AnswersSeen {
            vpn,
            ..AnswersSeen::default()
        });
        let conclusion = state
            .tell(ANSWERS, told, &config)
            .conclusion
            .expect("concluded anew");
        let offered: Vec<_> = conclusion
            .fixes
            .iter()
            .filter(|fix| fix.id == "try-another-network")
            .collect();
        assert_eq!(offered.len(), 1);
        assert_eq!(
            (offered[0].tries, offered[0].steps.len()),
            (tries, tries.len() + 1),
            "{vpn:?}"
        );
    }
    // What is certain is not tried, and what works neither.
    for name in ["healthy", "turn-dns-failed", "page-not-secure"] {
        let (_, state) = ended(name, false);
        let fixes = state.conclusion.iter().flat_map(|it| &it.fixes);
        assert_eq!(fixes.filter(|fix| fix.is_experiment()).count(), 0, "{name}");
    }
}
