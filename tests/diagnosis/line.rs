//! One compact line of a story becomes what a probe saw.

use clearline::observation::{
    Answer, AnswersSeen, AttentionSeen, BandwidthSeen, CallSeen, CanarySeen, Constructor, CredentialsSeen,
    Engine, Gap, HeadsetSeen, HttpsSeen, IceError, LadderSeen, Level, LoadedSeen, MicrophoneSeen, NameSeen,
    OtherBrowser, PacRoute, PacSeen, PageSeen, Quality, RelaySeen, Seen, Step, ThroughputSeen, TlsSeen, Try,
    TurnSeen, Unclean, Wrong,
};
use clearline::probe::Role;
use clearline::quality::share_range;
use clearline::units::{Address, Kbps, Millis, Share};

/// The rates that the ladder of a story climbs.
const LADDER: [f64; 6] = [10.0, 32.0, 64.0, 100.0, 128.0, 160.0];

/// Reads the line of probe `id`.
pub fn seen(id: &str, line: &str) -> Option<Seen> {
    let words: Vec<&str> = line.split_whitespace().collect();
    if words == ["unfinished"] {
        return Some(Seen::Unfinished);
    }
    let (kind, subject) = id.split_once(':').unwrap_or((id, ""));
    Some(match kind {
        "page" => Seen::Page(page(&words)?),
        "https" => Seen::Https(https(subject, &words)?),
        "name" => Seen::Name(name(line)?),
        "credentials" => Seen::Credentials(credentials(&words)?),
        "turn" => Seen::Turn(turn(&words, false)?),
        "turns" => Seen::Turn(turn(&words, true)?),
        "call" => Seen::Call(call(&words)?),
        "ladder" => Seen::Ladder(ladder(&words)?),
        "pac" => Seen::Pac(pac(line)?),
        "answers" => Seen::Answers(answers(&words)?),
        "headset" => Seen::Headset(headset(&words)?),
        "bandwidth" => Seen::Bandwidth(bandwidth(&words)?),
        "attention" => Seen::Attention(attention(&words)?),
        _ => return None,
    })
}

fn page(words: &[&str]) -> Option<PageSeen> {
    let mut page = PageSeen {
        secure: true,
        webrtc: Constructor::Works,
        opus: Some(true),
        online: true,
        browser: "Chromium 156".into(),
        engine: Some(Engine::Chromium(156)),
        os: "Linux".into(),
        ..PageSeen::default()
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "fine" => {}
            "insecure" => page.secure = false,
            "offline" => page.online = false,
            "no-webrtc" => page.webrtc = Constructor::Missing,
            "webrtc-throws" => page.webrtc = Constructor::Throws,
            "no-opus" => page.opus = Some(false),
            "chromium" => page.engine = Some(Engine::Chromium(words.next()?.parse().ok()?)),
            "firefox" => page.engine = Some(Engine::Gecko(words.next()?.parse().ok()?)),
            "local-network" => {
                page.local_network = Some(serde_json::from_value((*words.next()?).into()).ok()?)
            }
            "redirected-by" => {
                page.redirected_by = Some(serde_json::from_value((*words.next()?).into()).ok()?)
            }
            "renderer" => page.renderer = Some(words.next()?.replace('_', " ")),
            "unknown-engine" => page.engine = None,
            _ => return None,
        }
    }
    Some(page)
}

/// `answered 20ms 30ms`, `failed 8ms`, `silent 6s`, `not-the-image`, `status 503`, and for the canary what it told.
fn https(subject: &str, words: &[&str]) -> Option<HttpsSeen> {
    let role = match subject {
        "page" => Role::Page,
        "canary" => Role::Canary,
        control if control.starts_with("control-") => Role::Control,
        _ => Role::Application,
    };
    let (mut tries, mut canary) = (Vec::new(), CanarySeen::default());
    let mut answer = None;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "answered" => answer = Some(Answer::Answered),
            "failed" => answer = Some(Answer::Failed),
            "silent" => answer = Some(Answer::Silent),
            "own-policy" => answer = Some(Answer::OwnPolicy),
            "not-the-page" => answer = Some(Answer::Wrong(Wrong::NotThePage)),
            "not-the-image" => answer = Some(Answer::Wrong(Wrong::NotTheImage)),
            "not-the-canary" => answer = Some(Answer::Wrong(Wrong::NotTheCanary)),
            "tiny-image" => answer = Some(Answer::Wrong(Wrong::OtherSize { width: 1, height: 1 })),
            "status" => answer = Some(Answer::Wrong(Wrong::Status(words.next()?.parse().ok()?))),
            "hello" => canary.tls = Some(hello(words.next()?)?),
            "address" => canary.address = Some(Address::new(*words.next()?)),
            "via" => canary.via = Some((*words.next()?).into()),
            "clock" => canary.clock_ahead = Some(time(words.next()?)?),
            word => tries.push(Try {
                answer: answer.clone()?,
                time: time(word)?,
            }),
        }
    }
    if tries.is_empty() {
        tries.push(Try {
            answer: answer?,
            time: Millis(20.0),
        });
    }
    let told = role == Role::Canary && tries.iter().any(|attempt| attempt.answer == Answer::Answered);
    Some(HttpsSeen {
        role,
        tries,
        canary: told.then_some(canary),
    })
}

/// Whose client hello the canary's server saw.
fn hello(whose: &str) -> Option<TlsSeen> {
    let (ciphers, curves) = match whose {
        "chromium" => (
            "0x3a3a:TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256",
            "0x8a8a:0x11ec:X25519:prime256v1:secp384r1",
        ),
        "firefox" => (
            "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384:ECDHE-ECDSA-AES128-GCM-SHA256",
            "0x11ec:X25519:prime256v1:secp384r1:secp521r1:ffdhe2048:ffdhe3072",
        ),
        "openssl" => (
            "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES256-GCM-SHA384",
            "X25519:prime256v1:X448:secp521r1:secp384r1",
        ),
        _ => return None,
    };
    Some(TlsSeen {
        ciphers: Some(ciphers.into()),
        curves: Some(curves.into()),
        ..TlsSeen::default()
    })
}

fn name(line: &str) -> Option<NameSeen> {
    let (lookup_errors, candidates, wordless) = match line {
        "resolves" => (1, 1, false),
        "not-found" => (2, 0, false),
        "gone-without-a-word" => (0, 0, true),
        "unclear" => (0, 0, false),
        _ => return None,
    };
    Some(NameSeen {
        lookup_errors,
        candidates,
        complete: true,
        wordless,
    })
}

fn credentials(words: &[&str]) -> Option<CredentialsSeen> {
    Some(match words {
        ["answered"] => CredentialsSeen::Answered,
        ["status", code] => CredentialsSeen::Status(code.parse().ok()?),
        ["malformed"] => CredentialsSeen::Malformed,
        ["failed"] => CredentialsSeen::Failed,
        ["silent"] => CredentialsSeen::Silent,
        ["own-policy"] => CredentialsSeen::OwnPolicy,
        _ => return None,
    })
}

/// `relay 90ms`, `relay 90ms from 25.77.0.3`, `code 401`, `failed 80ms`, `silent 8s`, `ended 90ms` (without a word), `name-not-found 20ms`.
fn turn(words: &[&str], companion: bool) -> Option<TurnSeen> {
    let mut turn = TurnSeen {
        companion,
        complete: true,
        waited: Millis(100.0),
        ..TurnSeen::default()
    };
    let error = |code, text: &str, at| {
        vec![IceError {
            code,
            text: text.into(),
            at,
        }]
    };
    match words {
        ["relay", at, rest @ ..] => {
            turn.relay = Some(RelaySeen {
                at: time(at)?,
                protocol: Some("tcp".into()),
                mapped: match rest {
                    ["from", address] => Some(Address::new(*address)),
                    [] => None,
                    _ => return None,
                },
            })
        }
        ["code", code] => turn.errors = error(code.parse().ok()?, "", Millis(90.0)),
        ["failed", at] => turn.errors = error(701, "Failed to establish connection", time(at)?),
        ["name-not-found", at] => turn.errors = error(701, "TURN host lookup received error.", time(at)?),
        ["silent", waited] => (turn.waited, turn.complete) = (time(waited)?, false),
        ["ended", waited] => turn.waited = time(waited)?,
        _ => return None,
    }
    Some(turn)
}

/// `connected`, `no-pair`, `dtls-stuck`, `one-way`, `no-packets`, `error 486`, `own-failure`; `one-way rtt 2300ms`.
fn call(words: &[&str]) -> Option<CallSeen> {
    if let [words @ .., "rtt", trip] = words {
        let call = call(words)?;
        let round_trip = Some(time(trip)?);
        return Some(CallSeen { round_trip, ..call });
    }
    let mut call = CallSeen {
        relays: 2,
        ice_connected: true,
        connected: true,
        both_relayed: Some(true),
        received_there: Some(20),
        received_here: Some(20),
        setup: Some(Millis(400.0)),
        ..CallSeen::default()
    };
    let failed = |relays, ice_connected| CallSeen {
        relays,
        ice_connected,
        ..CallSeen::default()
    };
    match words {
        ["connected"] => {}
        ["no-relay"] => call = failed(0, false),
        ["no-pair"] => call = failed(2, false),
        ["dtls-stuck"] => {
            call = CallSeen {
                dtls_state: Some("connecting".into()),
                ..failed(2, true)
            }
        }
        ["one-way"] => (call.received_here, call.setup) = (Some(0), None),
        ["no-packets"] => (call.received_here, call.received_there, call.setup) = (Some(0), Some(0), None),
        ["own-failure"] => {
            call = CallSeen {
                own_failure: Some("no noise source".into()),
                ..failed(0, false)
            }
        }
        ["error", code] => {
            let error = IceError {
                code: code.parse().ok()?,
                text: String::new(),
                at: Millis(90.0),
            };
            call = CallSeen {
                errors: vec![error],
                ..failed(1, false)
            };
        }
        _ => return None,
    }
    Some(call)
}

/// `clean 160 rtt 24ms jitter 3ms loss 0%`, `clean 32 then queue`, `clean none then loss 25%`, `clean 64 cut`,
/// `clean 64 then not-sent`; `loss 3% of 200` for the packets; `pace 40` for the packets sent per second, `behind 120ms`, `late 90ms`.
/// `clean 160 gap 2s 1.7s` (when, how long).
fn ladder(words: &[&str]) -> Option<LadderSeen> {
    let mut ladder = LadderSeen::default();
    let mut quality = Quality::default();
    let (mut pace, mut behind, mut late) = (None, None, None);
    let mut why = None;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "clean" => ladder.highest_clean = words.next()?.parse().ok().map(Kbps),
            "cut" => ladder.cut_short = true,
            "gap" => ladder.gaps.push(Gap {
                at: time(words.next()?)?,
                length: time(words.next()?)?,
            }),
            "rtt" => quality.round_trip = Some(time(words.next()?)?),
            "jitter" => quality.jitter = Some(time(words.next()?)?),
            "loss" => {
                quality.loss = Some(Share(
                    words.next()?.strip_suffix('%')?.parse::<f64>().ok()? / 100.0,
                ))
            }
            "pace" => pace = Some(words.next()?.parse().ok()?),
            "of" => {
                let packets: f64 = words.next()?.parse().ok()?;
                quality.spread.loss = quality
                    .loss
                    .and_then(|loss| share_range(loss.0 * packets, packets, 1.0));
            }
            "behind" => behind = Some(time(words.next()?)?),
            "late" => late = Some(time(words.next()?)?),
            "then" => why = Some(serde_json::from_value::<Unclean>((*words.next()?).into()).ok()?),
            _ => return None,
        }
    }
    let clean = ladder.highest_clean.map_or(0.0, |rate| rate.0);
    for target in LADDER {
        let is_clean = target <= clean;
        if is_clean || why.is_some() {
            ladder.steps.push(Step {
                target: Kbps(target),
                sent: Kbps(target),
                loss: quality.loss,
                round_trip: quality.round_trip.map(|time| Millis(time.0 * 2.0)),
                packets_sent_per_second: pace,
                behind,
                late,
                duration: Millis(700.0),
                clean: is_clean,
                why: if is_clean { None } else { why },
                ..Step::default()
            });
        }
        if !is_clean && why != Some(Unclean::Stalled) {
            break;
        }
    }
    ladder.quality = Some(quality);
    Some(ladder)
}

/// `SUBJECT ROUTE | SUBJECT ROUTE`, or `failed WHY`.
fn pac(line: &str) -> Option<PacSeen> {
    if let Some(why) = line.strip_prefix("failed ") {
        return Some(PacSeen {
            failed: serde_json::from_value(why.into()).ok(),
            error: Some("it says so".into()),
            ..PacSeen::default()
        });
    }
    let routes = line.split(" | ").map(|one| {
        let (subject, route) = one.split_once(' ')?;
        let (subject, route) = (subject.into(), Some(route.into()));
        Some(PacRoute {
            subject,
            route,
            ..PacRoute::default()
        })
    });
    let routes = routes.collect::<Option<_>>()?;
    Some(PacSeen {
        routes,
        ..PacSeen::default()
    })
}

/// `vpn yes split-tunnel no other-browser works turn-blocked vdi citrix-windows installed workspace softphone`.
fn answers(words: &[&str]) -> Option<AnswersSeen> {
    let mut answers = AnswersSeen::default();
    let mut words = words.iter();
    let told = |word: Option<&&str>| match word {
        Some(&"yes") => Some(true),
        Some(&"no") => Some(false),
        _ => None,
    };
    while let Some(word) = words.next() {
        match *word {
            "vpn" => answers.vpn = Some(told(words.next())?),
            "split-tunnel" => answers.split_tunnel = Some(told(words.next())?),
            "other-browser" => {
                let works = match *words.next()? {
                    "works" => true,
                    "same" => false,
                    _ => return None,
                };
                let about = (*words.next()?).into();
                answers.other_browser = Some(OtherBrowser { about, works });
            }
            "vdi" => answers.vdi = Some(serde_json::from_value((*words.next()?).into()).ok()?),
            "installed" => {
                let software = words.by_ref().map(|word| serde_json::from_value((*word).into()));
                answers.installed = Some(software.collect::<Result<_, _>>().ok()?);
            }
            _ => return None,
        }
    }
    Some(answers)
}

/// `peak 40%`, `missing`, `blocked`, … with `speakers 1`.
fn headset(words: &[&str]) -> Option<HeadsetSeen> {
    let mut headset = HeadsetSeen {
        microphone: MicrophoneSeen::Failed,
        speakers: None,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "speakers" => headset.speakers = Some(words.next()?.parse().ok()?),
            "peak" => {
                let peak: f64 = words.next()?.strip_suffix('%')?.parse().ok()?;
                headset.microphone = MicrophoneSeen::Heard(Level {
                    peak: Share(peak / 100.0),
                    ..Level::default()
                });
            }
            word => headset.microphone = serde_json::from_value(word.into()).ok()?,
        }
    }
    Some(headset)
}

/// `up 400 down 2000`; `unsure` behind a rate that was not watched long enough; `loaded 700ms` for how
/// much later speech came under load.
fn bandwidth(words: &[&str]) -> Option<BandwidthSeen> {
    let mut seen = BandwidthSeen::default();
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        if *word == "loaded" {
            seen.loaded = Some(LoadedSeen {
                time: Millis(1_000.0),
                added: Some(time(words.next()?)?),
            });
            continue;
        }
        let rate = Kbps(words.next()?.parse().ok()?);
        let sure = words.next_if(|word| **word == "unsure").is_none();
        let way = Some(ThroughputSeen {
            rate,
            sure,
            ..ThroughputSeen::default()
        });
        match *word {
            "up" => seen.up = way,
            "down" => seen.down = way,
            _ => return None,
        }
    }
    Some(seen)
}

/// `hidden 12s`, `slept 10min`, `dropped 2`.
fn attention(words: &[&str]) -> Option<AttentionSeen> {
    let mut attention = AttentionSeen::default();
    for pair in words.chunks(2) {
        match pair {
            ["hidden", long] => attention.hidden = time(long)?,
            ["late", share] => {
                let percent: f64 = share.strip_suffix('%')?.parse().ok()?;
                attention.late = Share(percent / 100.0);
            }
            ["slept", long] => attention.slept = time(long)?,
            ["dropped", count] => attention.dropped = count.parse().ok()?,
            _ => return None,
        }
    }
    Some(attention)
}

fn time(text: &str) -> Option<Millis> {
    let number = |unit: &str| {
        text.strip_suffix(unit)
            .and_then(|number| number.parse::<f64>().ok())
    };
    None.or_else(|| number("ms"))
        .or_else(|| number("min").map(|minutes| minutes * 60_000.0))
        .or_else(|| number("s").map(|seconds| seconds * 1000.0))
        .map(Millis)
}
