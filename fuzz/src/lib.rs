//! What the readers of foreign text have to keep, whatever they are given. One function for each reader: the fuzzer's
//! targets call them with what it makes up, and `tests/fuzzed.rs` with the files of `fuzz/seeds/`.
//!
//! None may panic. Beyond that each demands what is easy to say: what is read can be written and read again, what is
//! shown is bounded and plain, and what goes into a header or an address holds nothing that would end it there.

use std::sync::OnceLock;

use clearline::board::{self, Board};
use clearline::canary::{self, Exchange};
use clearline::config::Config;
use clearline::diagnosis::Verdict;
use clearline::draft::{Access, Change, Draft};
use clearline::history::{self as past, Figure, Run};
use clearline::json::Json;
use clearline::link::Link;
use clearline::observation::MediaSample;
use clearline::pac::Question;
use clearline::received::Received;
use clearline::sdp::{self, Candidate};
use clearline::sending::{self, Next, Queue};
use clearline::stats::{Stats, media_sample};
use clearline::units::{Kbps, Millis, Secret};
use clearline::{pac as pac_file, phone_code as code, travel as way, turn_rest as service};

/// A reader and its name, which is also that of its seeds.
pub type Reader = (&'static str, fn(&[u8]));

/// All of them.
pub const READERS: [Reader; 14] = [
    ("board", board),
    ("canary", canary),
    ("config", config),
    ("history", history),
    ("json", json),
    ("link", link),
    ("pac", pac),
    ("phone_code", phone_code),
    ("queue", queue),
    ("received", received),
    ("sdp", sdp),
    ("stats", stats),
    ("travel", travel),
    ("turn_rest", turn_rest),
];

/// The page reads texts: what is no UTF-8 has been replaced by then, as the browser does.
fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}

/// The text before and after a line of its own that holds `---`.
fn two(data: &[u8]) -> (String, String) {
    let text = text(data);
    match text.split_once("\n---\n") {
        Some((one, other)) => (one.to_owned(), other.to_owned()),
        None => (text, String::new()),
    }
}

/// What is a number or letter of an address, and ends nothing.
fn of_an_address(text: &str) -> bool {
    !text.contains(|it: char| it.is_whitespace() || it.is_control() || ";,'\"<>".contains(it))
}

/// A moment of the wall clock: 2026-11-23T10:00:00Z.
const NOW: Millis = Millis(1_795_428_000_000.0);

/// What a wallboard remembers: what is read is written as it was, and takes the next run.
pub fn board(data: &[u8]) {
    let kept = text(data);
    let mut board = Board::recalled(Some(&kept), 7);
    let written = board.written();
    assert_eq!(Board::recalled(Some(&written), 8), board, "{written}");
    let every = Millis::seconds(300.0);
    for ahead in [
        Millis::ZERO,
        Millis::seconds(-43_200.0),
        Millis::seconds(50_400.0),
    ] {
        let strip = board.strip(every, ahead);
        let places = strip.stretches.iter().flat_map(|it| [it.from, it.to]);
        assert!(places.into_iter().all(|it| (0.0..=1.01).contains(&it)), "{kept}");
        assert!(strip.hours.iter().all(|(hour, _)| *hour < 24));
    }
    let wait = board.wait(NOW, NOW, every);
    assert!((0.0..=2.0 * every.0).contains(&wait.0), "{wait}");
    board.forget_stale(NOW, every);
    board.ended(Verdict::Blocked, NOW, every);
    assert_eq!(board.last(), Some(NOW));
    assert!(board.written().len() <= 10 * (board::LONGEST + 3) * 2);
}

/// A canary's answer: the nonce stands in the first line.
pub fn canary(data: &[u8]) {
    let (nonce, answer) = two(data);
    let exchange = Exchange {
        sent: 1_795_428_000_000.0,
        answered: 1_795_428_000_200.0,
    };
    let Ok(seen) = canary::read(&answer, &nonce, exchange) else {
        return;
    };
    let echoed = Json::read(&answer).ok();
    let echoed = echoed.as_ref().and_then(|answer| answer.text_of("nonce"));
    assert_eq!(echoed, Some(&*nonce), "an answer to another question counts");
    assert!(seen.clock_ahead.is_none_or(|ahead| ahead.0.is_finite()));
    let plain = |text: &String| text.chars().count() <= 4_000 && !text.contains(char::is_control);
    assert!(seen.via.is_none_or(|via| plain(&via)));
}

/// A configuration, whose hosts go into the server's Content-Security-Policy.
pub fn config(data: &[u8]) {
    let text = text(data);
    draft(&text);
    match Config::parse(&text) {
        Ok(config) => {
            let sources = config.connect_sources().into_iter().chain(config.image_sources());
            for source in sources {
                assert!(of_an_address(&source), "{source}");
            }
            let page = config
                .helpdesk
                .as_ref()
                .and_then(|helpdesk| helpdesk.url.as_deref());
            assert!(page.is_none_or(|url| !url.to_ascii_lowercase().starts_with("javascript:")));
            assert!(
                pac_file::questions(&config)
                    .iter()
                    .all(|one| of_an_address(&one.url))
            );
        }
        Err(problems) => {
            assert!(!problems.is_empty(), "refused without a reason");
            for problem in problems {
                assert!(!problem.to_string().is_empty());
            }
        }
    }
}

/// The same while it is edited: what is saved is what was opened, and a change by the form leaves JSON.
fn draft(text: &str) {
    let draft = Draft::open(text, "config.json");
    let is_json = draft.checked.json.is_some();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // A password that is none in JSON is put back as one that is: then the file is right, and another.
    if Json::read(text).is_ok() {
        assert_eq!(draft.whole().expose(), text, "saved is not what was opened");
    }
    assert_eq!(draft.checked.count == 0, draft.checked.config.is_some());
    let units = draft.text.encode_utf16().count() as u32;
    for (problem, spot) in &draft.checked.problems {
        let within = spot.is_none_or(|spot| spot.selects.0 <= spot.selects.1 && spot.selects.1 <= units);
        assert!(within, "{problem:?} at {spot:?}");
    }
    for change in [
        Change::Field("helpdesk.name", "A \"B\""),
        Change::Turn,
        Change::Access(0, Access::Fetched),
        Change::Gone("applications.0"),
    ] {
        if let Some((after, _)) = draft.with(&change) {
            assert!(is_json && Json::read(&after.text).is_ok(), "{change:?}");
        }
    }
    let edited = draft.clone().typed(format!("{} ", draft.text));
    if is_json {
        let again = draft.restored(&edited.stored());
        assert_eq!(again.text, edited.text, "a draft does not come back");
    }
}

/// The history of runs: what is read is bounded and plain, and a further run is kept behind it.
pub fn history(data: &[u8]) {
    let kept = text(data);
    let runs = past::runs(&kept);
    assert!(runs.len() <= past::MOST);
    let plain = |name: &Option<String>| {
        let fits = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
        name.as_ref()
            .is_none_or(|name| name.len() <= 40 && name.bytes().all(fits))
    };
    for run in &runs {
        assert!(plain(&run.cause) && plain(&run.config), "{run:?}");
        assert!(run.loss.is_none_or(|loss| loss <= 1000));
        assert!(run.moment().0.is_finite());
    }
    past::says(&runs, "");
    for figure in Figure::ALL {
        past::shift(&runs, figure);
        assert!(figure.middle(&runs).is_none_or(|(middle, _)| middle.is_finite()));
    }
    let Some(run) = runs.last() else { return };
    // One more, and then the same concluded anew.
    let next = Run {
        began: run.began / 2 + 1,
        mark: "0123abcd".to_owned(),
        ..run.clone()
    };
    let Some(after) = past::kept(&kept, &next.line(), false) else {
        return;
    };
    assert!(past::runs(&after).contains(&next), "{after}");
    let anew = Run {
        cause: Some("offline".to_owned()),
        loss: Some(7),
        ..next
    };
    if let Some(again) = past::kept(&after, &anew.line(), true) {
        assert_eq!(past::runs(&again).len(), past::runs(&after).len());
        assert!(past::runs(&again).contains(&anew), "{again}");
    }
}

/// All JSON: read as serde_json reads it, and written as it was read.
pub fn json(data: &[u8]) {
    let text = text(data);
    let read = Json::read(&text);
    match serde_json::from_str::<serde_json::Value>(&text) {
        // No f64 holds it, and it is JSON all the same.
        Err(error) if error.to_string().starts_with("number out of range") => {}
        // Half a pair of escapes is a character that cannot be shown, as in JavaScript.
        Err(error)
            if ["surrogate", "hex escape"]
                .iter()
                .any(|it| error.to_string().contains(it)) => {}
        // It goes deeper than this reader, which is deep enough.
        Ok(_) if matches!(read, Err(no) if no.reason == "json.deep") => {}
        other => assert_eq!(other.is_ok(), read.is_ok(), "{text}"),
    }
    match read {
        Ok(json) => {
            assert_eq!(Json::read(&json.line()).as_ref(), Ok(&json));
            assert!(json.number().is_none_or(|number| !number.is_nan()));
        }
        Err(no) => assert!(no.line >= 1 && no.column >= 1),
    }
}

/// A link's query: what it gives to another browser reads as the same there.
pub fn link(data: &[u8]) {
    let link = Link::parse(&text(data));
    let name_fits = |name: &str| {
        let fits = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
        (1..=40).contains(&name.len()) && name.bytes().all(fits)
    };
    assert!(link.config.as_deref().is_none_or(name_fits), "{link:?}");
    assert!(link.kiosk.is_none_or(|every| (30..=86_400).contains(&every)));
    assert!(
        link.ticket
            .as_ref()
            .is_none_or(|ticket| ticket.chars().count() <= 64)
    );
    let address = link.address("https://page.example/");
    assert!(of_an_address(&address), "{address}");
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let again = Link::parse(query);
    assert!(again.problems.is_empty(), "{again:?}");
    let passed_on = |it: &Link| {
        (
            it.config.clone(),
            it.phone,
            it.transport,
            it.language.clone(),
            it.depth,
        )
    };
    assert_eq!(passed_on(&again), passed_on(&link));
}

/// Read once: the fuzzer asks some ten thousand times a second.
static SHIPPED: OnceLock<(Config, Vec<Question>)> = OnceLock::new();

fn shipped() -> (Config, Vec<Question>) {
    match Config::parse(include_str!("../../static/config.json")) {
        Ok(config) => (config.clone(), pac_file::questions(&config)),
        Err(problems) => panic!("the shipped configuration: {problems:?}"),
    }
}

/// The reply of the PAC checker's worker, in which the file had its hands.
pub fn pac(data: &[u8]) {
    let reply = text(data);
    let (config, questions) = SHIPPED.get_or_init(shipped);
    let seen = pac_file::read(questions.clone(), &reply);
    assert!(seen.failed.is_some() || seen.routes.len() == questions.len());
    for route in &seen.routes {
        let texts = [(&route.route, 450), (&route.error, 200)];
        for (text, longest) in texts
            .into_iter()
            .filter_map(|(text, longest)| Some((text.as_ref()?, longest)))
        {
            assert!(
                text.chars().count() <= longest && !text.contains(char::is_control),
                "{text}"
            );
        }
        assert!(route.names.len() <= 50);
    }
    for mistake in pac_file::mistakes(config, &seen) {
        assert!(pac_file::KINDS.contains(&mistake.kind));
    }
    // The file's own text, in the job for the worker.
    let job = Json::read(&pac_file::job(
        questions,
        &reply,
        &[(String::new(), reply.clone())],
    ));
    assert_eq!(
        job.ok().as_ref().and_then(|job| job.text_of("text")),
        Some(&*reply)
    );
    let _ = pac_file::first_hop(&reply);
}

/// A result in eight characters: what is understood makes the same code again.
pub fn phone_code(data: &[u8]) {
    let Ok(told) = code::read(&text(data)) else { return };
    if told.unknown_cause {
        return;
    }
    let started = match told.day {
        Some((month, day)) => format!("2028-{month:02}-{day:02}T08:00:00Z"),
        None => String::new(),
    };
    let again = code::code(
        told.verdict,
        told.primary,
        told.clean_kbps,
        told.round_trip_ms,
        told.loss,
        &started,
    );
    assert_eq!(code::read(&again), Ok(told), "{again}");
}

/// Results that wait for a receiver: what is read is bounded, and reads the same when it is written again.
pub fn queue(data: &[u8]) {
    let mut queue = Queue::read(&text(data));
    let written = queue.text();
    assert_eq!(Queue::read(&written), queue, "{written}");
    assert!(written.len() <= 8 * sending::MOST_BYTES);
    queue.told(queue.dropped());
    assert_eq!(queue.dropped(), 0);
    // Where nobody takes anything, only what is too old goes.
    assert_eq!(queue.next(&[], NOW.0), Next::Nothing);
    assert!(queue.dropped() as usize <= sending::MOST_DELIVERIES);
}

/// A report from elsewhere: nothing of it is longer than it may be shown.
pub fn received(data: &[u8]) {
    let text = text(data);
    let Ok(received) = Received::read(&text) else {
        return;
    };
    assert!(["ready", "degraded", "blocked", "inconclusive"].contains(&&*received.verdict));
    let mut texts: Vec<&String> = vec![
        &received.id,
        &received.config,
        &received.started,
        &received.app_version,
    ];
    let optional = [
        &received.ticket,
        &received.primary,
        &received.browser,
        &received.os,
    ];
    texts.extend(optional.into_iter().flatten());
    for finding in &received.findings {
        texts.extend([
            &finding.id,
            &finding.severity,
            &finding.confidence,
            &finding.subject,
        ]);
        texts.extend(finding.evidence.iter().chain(&finding.against));
    }
    for fix in &received.fixes {
        texts.extend([&fix.id, &fix.owner, &fix.title, &fix.copy]);
        texts.extend(&fix.steps);
    }
    texts.extend(received.activities.iter().flat_map(|(id, status)| [id, status]));
    texts.extend(
        received
            .probes
            .iter()
            .flat_map(|one| [&one.id, &one.target, &one.outcome]),
    );
    texts.extend(&received.left_out);
    for text in texts {
        assert!(text.chars().count() <= 6_000);
        let turns =
            |it: char| ('\u{202a}'..='\u{202e}').contains(&it) || ('\u{2066}'..='\u{2069}').contains(&it);
        assert!(
            !text.contains(|it: char| it != '\n' && it.is_control() || turns(it)),
            "{text:?}"
        );
    }
    let lists = [
        received.findings.len(),
        received.fixes.len(),
        received.activities.len(),
        received.probes.len(),
        received.ladder.len(),
        received.left_out.len(),
    ];
    assert!(lists.into_iter().all(|length| length <= 200));
    assert!(
        received
            .figures
            .loss
            .is_none_or(|loss| (0.0..=1.0).contains(&loss))
    );
    // Passed on in a link it still is a report, with the same verdict.
    for shorter in way::shorter(&text)
        .iter()
        .filter(|shorter| shorter.len() <= way::MOST_BYTES)
    {
        let verdict = Received::read(shorter).map(|it| it.verdict);
        assert_eq!(verdict.as_ref(), Ok(&received.verdict), "{shorter}");
    }
}

/// Session descriptions and candidates, as another end may write them.
pub fn sdp(data: &[u8]) {
    let text = text(data);
    let once = sdp::constant_opus(&text, Kbps(160.0));
    assert_eq!(
        sdp::constant_opus(&once, Kbps(160.0)),
        once,
        "done twice is something else"
    );
    for line in text.lines() {
        let candidate = Candidate::parse(line);
        let words: Vec<&str> = line.split_ascii_whitespace().take(4).collect();
        let in_order = matches!(words[..], [_, _, protocol, priority]
            if !["typ", "raddr"].contains(&protocol) && priority.parse::<u32>().is_ok());
        if in_order && candidate.is_some() {
            assert_eq!(Candidate::parse(&sdp::wanted_most(line)), candidate, "{line:?}");
        }
        let renewed = sdp::renewed(line, 1);
        assert!(renewed.ends_with("generation 1"), "{renewed}");
    }
}

/// The statistics of both ends.
pub fn stats(data: &[u8]) {
    let (near, far) = two(data);
    let (Some(near), far) = (Stats::read(&near), Stats::read(&far).unwrap_or_default()) else {
        return;
    };
    let _ = (near.connection(), far.connection());
    assert!(near.taken().is_none_or(|at| !at.0.is_nan()));
    let before = MediaSample::default();
    for before in [None, Some(&before)] {
        if let Some(sample) = media_sample(Millis(7.0), &near, &far, before) {
            let counted = [sample.packets_sent, sample.packets_received, sample.packets_lost];
            assert!(counted.iter().all(|count| !count.is_nan()));
        }
    }
}

/// A report in a link: what is packed is unpacked, and what is unpacked can be packed.
pub fn travel(data: &[u8]) {
    if data.len() < 70_000 {
        assert_eq!(way::unpack(&way::pack(data)).as_deref(), Ok(data));
    }
    let text = text(data);
    if let Ok(deflated) = way::unpack(&text) {
        assert_eq!(way::unpack(&way::pack(&deflated)), Ok(deflated));
    }
    for shorter in way::shorter(&text) {
        assert!(Json::read(&shorter).is_ok(), "{shorter}");
    }
}

/// TURN credentials: both or none, and no password in what is printed.
pub fn turn_rest(data: &[u8]) {
    let Some(read) = service::credentials(&text(data)) else {
        return;
    };
    assert!(!read.username.is_empty() && !read.password.expose().is_empty());
    assert_eq!(format!("{:?}", read.password), format!("{:?}", Secret::new("")));
}
