//! The states that the page is shown in: one contact centre, seen on good and bad days. What is concluded comes from
//! the diagnosis itself.

use std::rc::Rc;

use clearline::checkup::{Phase, State, conclude};
use clearline::config::{Config, Fault, HttpUrl, Problem, Reporting, Transport};
use clearline::diagnosis::Verdict;
use clearline::fix::Change;
use clearline::guided::Guide;
use clearline::kept::Kept;
use clearline::link::Link;
use clearline::observation::{
    ANSWERS, AnswersSeen, CredentialsSeen, HEADSET, HeadsetSeen, IceError, Level, MicrophoneSeen,
    Observation, OtherBrowser, PAC, PacRoute, PacSeen, RelaySeen, Seen, Step, TurnSeen,
};
use clearline::probe::ProbeId;
use clearline::report::{Format, Report, RunStamp};
use clearline::ui::{Handed, HeadsetStage, NO_ANSWER, PageProps, Theme};
use clearline::units::{Address, Millis, Share};
use clearline::words::Words;
use clearline::words::source::{Part, parts, written};
use yew::Callback;

use crate::line::{
    call, clean, companion, config, ladder, plan, reached, reached_without_turn, turn, unclean,
};

pub fn before() -> PageProps {
    page(State {
        plan: plan().into(),
        ..State::default()
    })
}

/// The plan cannot work: said before anybody waits for a check.
pub fn warned() -> PageProps {
    let mut private = config();
    private.transport = Transport::Private;
    PageProps {
        config: Ok(Rc::new(private)),
        ..before()
    }
}

/// Opened while the page's server is away, in a browser that has checked before.
pub fn kept() -> PageProps {
    PageProps {
        kept: Some(Kept::Page),
        last: Some(("14:05".to_owned(), Verdict::Blocked)),
        ..before()
    }
}

/// Of all of it, the configuration alone did not come.
pub fn kept_config() -> PageProps {
    PageProps {
        kept: Some(Kept::Config),
        ..before()
    }
}

/// A result of a page that came from memory.
pub fn kept_ready() -> PageProps {
    PageProps {
        kept: Some(Kept::Page),
        ..ready()
    }
}

/// The configuration did not come.
pub fn away() -> PageProps {
    let fault = Fault {
        key: NO_ANSWER,
        args: Vec::new(),
    };
    let path = "config.json".to_owned();
    PageProps {
        config: Err(Rc::new(vec![Problem { path, fault }])),
        ..page(State::default())
    }
}

pub fn running_early() -> PageProps {
    let early = |seen: &Observation| seen.started.0 + seen.duration.0 < 90.0;
    let observations = reached().into_iter().filter(early).collect();
    running(observations, &[], &["https:crm", "turn:turn-1"], 120.0)
}

pub fn running_ladder() -> PageProps {
    let mut observations = reached();
    observations.push(call());
    running(
        observations,
        &[10.0, 32.0, 64.0].map(clean),
        &["ladder:turn-1"],
        4200.0,
    )
}

pub fn running_blocked() -> PageProps {
    running(inspected(), &[], &["turns:turn-1-2"], 8800.0)
}

pub fn ready() -> PageProps {
    let steps = [10.0, 160.0].map(clean);
    let mut observations = reached();
    observations.extend([call(), ladder(&steps)]);
    done(observations, &steps, 5210.0)
}

pub fn degraded() -> PageProps {
    let steps = [clean(16.0), clean(24.0), unclean(32.0)];
    let mut observations = reached();
    observations.extend([call(), ladder(&steps)]);
    done(observations, &steps, 9120.0)
}

pub fn blocked() -> PageProps {
    PageProps {
        link: Rc::new(Link::parse("?ticket=INC-20417&every=soon")),
        ..done(inspected(), &[], 9800.0)
    }
}

/// What would leave is shown, with the names in it.
pub fn handed() -> PageProps {
    let page = PageProps {
        revealed: true,
        ..ready()
    };
    let config = Rc::new(Config {
        reporting: Reporting {
            otlp_url: None,
            webhook_url: HttpUrl::parse("https://hooks.best-customer.example/T0/not-to-be-seen").ok(),
        },
        ..config()
    });
    let stamp = stamp();
    let report = Report::new(&config, &page.link, &page.state, &stamp, &page.words, true);
    PageProps {
        handed: Some(Rc::new(Handed::of(&report, &page.words, Format::Markdown))),
        config: Ok(config),
        ..page
    }
}

fn stamp() -> RunStamp {
    RunStamp {
        id: "0a1b2c3d4e5f60718293a4b5c6d7e8f9".into(),
        started: "2026-03-01T09:12:00Z".into(),
    }
}

/// STUN gets no answer on port 443, TLS on the same port does; the CRM is slow as well.
fn inspected() -> Vec<Observation> {
    let mut observations = reached_without_turn();
    if let Some(Seen::Https(crm)) = observations
        .iter_mut()
        .find(|o| o.id == "https:crm")
        .map(|o| &mut o.seen)
    {
        for attempt in &mut crm.tries {
            attempt.time = Millis(4100.0);
        }
    }
    observations.push(turn(TurnSeen {
        errors: vec![IceError {
            code: 701,
            text: "TURN allocate request timed out.".into(),
            at: Millis(90.0),
        }],
        complete: true,
        waited: Millis(92.0),
        ..TurnSeen::default()
    }));
    observations.push(companion(TurnSeen {
        relay: Some(RelaySeen {
            at: Millis(300.0),
            protocol: Some("tls".into()),
            mapped: None,
        }),
        complete: true,
        waited: Millis(310.0),
        ..TurnSeen::default()
    }));
    observations
}

/// Voice works since the network team acted.
pub fn compared_fixed() -> PageProps {
    compared(blocked(), ready(), Change::Fix("exempt-turn-from-inspection"))
}

/// On a phone's hotspot it works, too: servers see another address.
pub fn compared_network() -> PageProps {
    let mut page = ready();
    let state = Rc::make_mut(&mut page.state);
    for observation in &mut state.observations {
        if let Seen::Https(https) = &mut observation.seen
            && let Some(canary) = &mut https.canary
        {
            canary.address = Some(Address::new("37.4.5.6"));
        }
    }
    compared(blocked(), page, Change::OtherNetwork)
}

fn compared(before: PageProps, after: PageProps, change: Change) -> PageProps {
    let guide = Guide::default().begin(Some(change), &before.state);
    PageProps {
        guide: Rc::new(guide.end(&config(), &after.state)),
        ..after
    }
}

/// In another browser it works, the agent says.
pub fn other_browser() -> PageProps {
    let page = unreached();
    let about = "turn-blocked".into();
    let told = AnswersSeen {
        other_browser: Some(OtherBrowser { about, works: true }),
        ..AnswersSeen::default()
    };
    let state = (*page.state)
        .clone()
        .tell(ANSWERS, Seen::Answers(told), &config());
    PageProps {
        state: Rc::new(state),
        ..page
    }
}

/// Nothing comes back from the voice server: there are tries that tell whose matter it is.
pub fn unreached() -> PageProps {
    let silent = TurnSeen {
        waited: Millis(8000.0),
        ..TurnSeen::default()
    };
    let mut observations = reached_without_turn();
    observations.extend([turn(silent.clone()), companion(silent)]);
    done(observations, &[], 9100.0)
}

/// The PAC file sends voice to the proxy, which does not let it through.
pub fn pac_wrong() -> PageProps {
    checked(blocked(), "PROXY proxy.best-customer.example:8080")
}

/// The corrected file sends it straight out.
pub fn pac_right() -> PageProps {
    checked(pac_wrong(), "DIRECT")
}

fn checked(page: PageProps, voice: &str) -> PageProps {
    let route = |subject: &str, url: &str, route: &str, names: &[&str]| PacRoute {
        subject: subject.into(),
        url: url.into(),
        route: Some(route.into()),
        names: names.iter().map(|name| (*name).into()).collect(),
        ..PacRoute::default()
    };
    let login = "login.best-customer.example";
    let seen = PacSeen {
        routes: vec![
            route(login, "https://login.best-customer.example/", "DIRECT", &[login]),
            route(
                "turn:turn.best-customer.example:443?transport=tcp",
                "https://turn.best-customer.example/",
                voice,
                &[],
            ),
        ],
        ..PacSeen::default()
    };
    let state = Rc::new((*page.state).clone().tell(PAC, Seen::Pac(seen), &config()));
    PageProps {
        guide: Rc::new((*page.guide).clone().tried(PAC, &page.state, &state)),
        state,
        ..page
    }
}

pub fn inconclusive() -> PageProps {
    let mut observations = reached_without_turn();
    for observation in &mut observations {
        if let Seen::Credentials(credentials) = &mut observation.seen {
            *credentials = CredentialsSeen::Status(503);
        }
    }
    PageProps {
        notice: Some("Copied".into()),
        revealed: true,
        ..done(observations, &[], 2100.0)
    }
}

pub fn stopped() -> PageProps {
    let page = running_ladder();
    let state = State {
        phase: Phase::Stopped,
        running: Vec::new(),
        ..(*page.state).clone()
    };
    PageProps {
        state: Rc::new(state),
        ..page
    }
}

/// Stopped when only the page itself had been looked at.
pub fn stopped_at_once() -> PageProps {
    let observations = reached().into_iter().filter(|it| it.id == "page").collect();
    let page = done(observations, &[], 90.0);
    let state = State {
        phase: Phase::Stopped,
        ..(*page.state).clone()
    };
    PageProps {
        state: Rc::new(state),
        ..page
    }
}

/// The words of results have not come yet: the result has its names, and codes for the rest.
pub fn without_words() -> PageProps {
    let mut page = blocked();
    let [first, ..] = words_in_parts("en");
    page.words = Rc::new(Words::parse("en", &written(&first)).expect("flat JSON"));
    page
}

pub fn broken() -> PageProps {
    let text = r#"{
      "schema": "clearline.config/1", "name": "Best Customer contact centre", "colour": "blue",
      "turn": [{ "id": "turn-1", "urls": ["turn.best-customer.example"] }],
      "egress": { "known": ["10.0.0.0/8"] }
    }"#;
    PageProps {
        config: Err(Rc::new(Config::parse(text).expect_err("a broken configuration"))),
        ..page(State::default())
    }
}

fn running(observations: Vec<Observation>, steps: &[Step], under_way: &[&str], elapsed: f64) -> PageProps {
    let under_way = under_way
        .iter()
        .map(|id| (ProbeId::from(*id), Millis(elapsed - 60.0)));
    page(State {
        phase: Phase::Running,
        run: 1,
        plan: plan().into(),
        running: under_way.collect(),
        conclusion: Some(conclude(&config(), &observations)),
        observations,
        steps: steps.to_vec(),
        elapsed: Millis(elapsed),
        ..State::default()
    })
}

fn done(observations: Vec<Observation>, steps: &[Step], elapsed: f64) -> PageProps {
    let page = running(observations, steps, &[], elapsed);
    let state = State {
        phase: Phase::Done,
        ..(*page.state).clone()
    };
    PageProps {
        state: Rc::new(state),
        stamp: Some(stamp()),
        ..page
    }
}

/// A language's words, part by part.
pub fn words_in_parts(language: &str) -> [Part; 4] {
    let file = std::fs::read_to_string(format!("static/words/{language}.json")).expect("the words are there");
    parts(&file).expect("all parts are there")
}

/// All of them together.
pub fn words(language: &str) -> Words {
    let mut words = Words::parse(language, "{}").expect("flat JSON");
    for part in words_in_parts(language) {
        words.add(&written(&part)).expect("flat JSON");
    }
    words
}

fn page(state: State) -> PageProps {
    PageProps {
        whole: true,
        words: Rc::new(words("en")),
        config: Ok(Rc::new(config())),
        link: Rc::default(),
        state: Rc::new(state),
        actions: Callback::noop(),
        notice: None,
        revealed: false,
        handed: None,
        stamp: None,
        headset: None,
        theme: Theme::System,
        languages: Rc::default(),
        guide: Rc::default(),
        wallboard: Default::default(),
        code: None,
        desk: None,
        trouble: None,
        earlier: false,
        tried: false,
        kept: None,
        last: None,
    }
}

/// The agent speaks into the microphone.
pub fn headset_listening() -> PageProps {
    PageProps {
        headset: Some(HeadsetStage::Listening(Share(0.42))),
        ..ready()
    }
}

/// The microphone is silent, and there is nothing to listen with.
pub fn headset_silent() -> PageProps {
    let page = ready();
    let seen = Seen::Headset(HeadsetSeen {
        microphone: MicrophoneSeen::Heard(Level::default()),
        speakers: Some(0),
    });
    let state = (*page.state).clone().tell(HEADSET, seen, &config());
    PageProps {
        state: Rc::new(state),
        ..page
    }
}

/// The microphone is so loud that the tops of the sound are cut off.
pub fn headset_clipped() -> PageProps {
    let page = ready();
    let seen = Seen::Headset(HeadsetSeen {
        microphone: MicrophoneSeen::Heard(Level {
            peak: Share(1.0),
            clipped: Share(0.03),
        }),
        speakers: Some(1),
    });
    let state = (*page.state).clone().tell(HEADSET, seen, &config());
    PageProps {
        state: Rc::new(state),
        ..page
    }
}

/// It was silent, and is heard now.
pub fn headset_mended() -> PageProps {
    let page = headset_silent();
    let seen = Seen::Headset(HeadsetSeen {
        microphone: MicrophoneSeen::Heard(Level {
            peak: Share(0.4),
            clipped: Share(0.0),
        }),
        speakers: Some(1),
    });
    let state = Rc::new((*page.state).clone().tell(HEADSET, seen, &config()));
    PageProps {
        guide: Rc::new(Guide::default().tried(HEADSET, &page.state, &state)),
        state,
        ..page
    }
}

/// Some servers are in the company's own network, so the browser may ask.
pub fn before_private() -> PageProps {
    let config = Config {
        transport: Transport::Both,
        ..config()
    };
    PageProps {
        config: Ok(Rc::new(config)),
        ..before()
    }
}
