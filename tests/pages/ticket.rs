//! The text for a ticket, and what of the agent's is in it and in every other form in which a result leaves.

use std::rc::Rc;

use clearline::config::{Config, HttpUrl, Reporting};
use clearline::observation::{
    CallSeen, IceError, PAC, PacFailure, PacRoute, PacSeen, RelaySeen, Seen, TurnSeen,
};
use clearline::report::{Format, Report, RunStamp};
use clearline::sending::{deliveries, targets};
use clearline::travel::shorter;
use clearline::ui::{Handed, Page, PageProps};
use clearline::units::{Address, Millis};
use proptest::prelude::*;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use yew::LocalServerRenderer;

use crate::fixtures;

fn report(props: &PageProps, reveal: bool) -> Report {
    let config = props.config.as_ref().expect("a configuration");
    let stamp = RunStamp {
        id: "0a1b2c3d4e5f60718293a4b5c6d7e8f9".into(),
        started: "2026-03-01T09:12:00Z".into(),
    };
    Report::new(config, &props.link, &props.state, &stamp, &props.words, reveal)
}

/// All that tells whose computer and network it is.
const PRIVATE: [&str; 11] = [
    "25.77.0.3",
    "2001:db8:7:8::9",
    "37.4.5.6",
    "via-fra01",
    "proxy.corp.example",
    "intranet.corp.example",
    "ice.corp.example",
    "call-fra01.corp.example",
    "jdoe",
    "Radeon Pro W6600",
    "192.168.17.4",
];

/// Everything that a run may see of it; the PAC file fails as a whole in the second.
fn telling() -> [PageProps; 2] {
    let routes = |props: PageProps, pac: PacSeen| {
        let config = props.config.clone().expect("a configuration");
        let state = (*props.state).clone().tell(PAC, Seen::Pac(pac), &config);
        PageProps {
            state: Rc::new(state),
            ..props
        }
    };
    let route = |subject: &str, route: &str, error: Option<&str>| PacRoute {
        subject: subject.into(),
        url: format!("https://{subject}/"),
        route: Some(route.into()),
        error: error.map(str::to_owned),
        names: vec!["intranet.corp.example".into(), subject.into()],
        ..PacRoute::default()
    };
    let pac = PacSeen {
        routes: vec![
            route("best-customer.example", "DIRECT", None),
            route(
                "login.best-customer.example",
                "PROXY proxy.corp.example:8080",
                None,
            ),
            route("crm.example", "", Some("Error: 192.168.17.4 is down")),
            route(
                "turn:turn.best-customer.example:443?transport=tcp",
                "PROXY proxy.corp.example:8080; PROXY 192.168.17.4:8080",
                None,
            ),
        ],
        ..PacSeen::default()
    };
    let broken = PacSeen {
        failed: Some(PacFailure::Broken),
        error: Some("SyntaxError in file:///home/jdoe/proxy.corp.example.pac".into()),
        ..PacSeen::default()
    };
    let mut seen = fixtures::blocked();
    let state = Rc::make_mut(&mut seen.state);
    for observation in &mut state.observations {
        match &mut observation.seen {
            Seen::Page(page) => page.renderer = Some("VMware on Radeon Pro W6600".into()),
            Seen::Https(https) => {
                if let Some(canary) = &mut https.canary {
                    canary.address = Some(Address::new("2001:db8:7:8::9"));
                    canary.via = Some("1.1 via-fra01 (squid/5.7)".into());
                }
            }
            Seen::Turn(turn) => {
                turn.errors.push(IceError {
                    code: 701,
                    text: "no way to ice.corp.example".into(),
                    at: Millis(90.0),
                });
                if let Some(relay) = &mut turn.relay {
                    relay.mapped = Some(Address::new("37.4.5.6"));
                }
            }
            _ => {}
        }
    }
    let mut other = state.observations[0].clone();
    other.id = "turn:other".into();
    other.seen = Seen::Turn(TurnSeen {
        relay: Some(RelaySeen {
            at: Millis(3.0),
            protocol: None,
            mapped: Some(Address::new("25.77.0.3")),
        }),
        ..TurnSeen::default()
    });
    let mut call = other.clone();
    call.id = "call:turn-1".into();
    call.seen = Seen::Call(CallSeen {
        own_failure: Some("OperationError: call-fra01.corp.example, jdoe@corp".into()),
        ..CallSeen::default()
    });
    state.observations.extend([other, call]);
    [routes(seen.clone(), pac), routes(seen, broken)]
}

fn reporting() -> Reporting {
    let url = |text: &str| Some(HttpUrl::parse(text).expect("an address"));
    Reporting {
        otlp_url: url("https://telemetry.best-customer.example/v1/logs"),
        webhook_url: url("https://hooks.best-customer.example/T0"),
    }
}

/// Every form in which a result leaves, with its name.
fn forms(props: &PageProps, reveal: bool) -> Vec<(String, String)> {
    let report = report(props, reveal);
    let mut all: Vec<(String, String)> = Format::ALL
        .map(|(format, name)| (name.to_owned(), report.ticket(&props.words, format)))
        .into();
    all.push(("saved, and automation".into(), report.to_json()));
    let requests = report
        .fixes
        .iter()
        .map(|fix| ("request".into(), fix.copy.clone()));
    all.extend(requests);
    let shared = shorter(&report.to_json()).into_iter();
    all.extend(shared.map(|text| ("shared".into(), text)));
    let sent = deliveries(&report, &targets(&reporting()), 0).into_iter();
    all.extend(sent.map(|it| (format!("{:?}", it.kind), it.body)));
    all
}

#[test]
fn nothing_of_the_agents_leaves_unless_the_box_is_ticked() {
    for props in telling() {
        for (form, text) in forms(&props, false) {
            for private in PRIVATE {
                assert!(!text.contains(private), "{private} is in what is {form}:\n{text}");
            }
        }
    }
}

#[test]
fn with_the_box_ticked_all_of_it_is_there() {
    let all = telling().map(|props| report(&props, true).to_json()).concat();
    for private in PRIVATE {
        assert!(all.contains(private), "{private}");
    }
    let tickets = telling().map(|props| report(&props, true).ticket(&props.words, Format::Plain));
    for told in ["2001:db8:7:8::9", "via-fra01", "proxy.corp.example"] {
        assert!(tickets.concat().contains(told), "{told} in\n{}", tickets.concat());
    }
}

#[test]
fn what_a_ticket_is_about_stays() {
    let [props, _] = telling();
    let json = report(&props, false).to_json();
    for host in [
        "turn:turn.best-customer.example:443?transport=tcp",
        "login.best-customer.example",
        "svga3d",
    ] {
        assert_eq!(json.contains(host), host != "svga3d", "{host}");
    }
    for kept in [
        "1.1 x (squid/5.7)",
        "PROXY x:8080",
        "2001:db8:7:x",
        "\"vmware\"",
        "192.168.17.x",
    ] {
        assert!(json.contains(kept), "{kept}");
    }
}

/// Shortening changes words, and never what is concluded.
#[test]
fn the_conclusion_is_the_same_with_and_without() {
    for props in telling() {
        let [short, full] = [false, true].map(|reveal| report(&props, reveal));
        assert_eq!((short.verdict, &short.primary), (full.verdict, &full.primary));
        let ids = |report: &Report| -> Vec<String> {
            let fixes = report.fixes.iter().map(|it| it.id.clone());
            report
                .findings
                .iter()
                .map(|it| it.id.clone())
                .chain(fixes)
                .collect()
        };
        assert_eq!(ids(&short), ids(&full));
        // Nor on a machine that reads the report and concludes again.
        let config = props.config.as_ref().expect("a configuration");
        let again: Vec<_> = short.probes.iter().map(|probe| probe.observation()).collect();
        let again = clearline::checkup::conclude(config, &again);
        assert_eq!(
            (again.verdict, again.primary),
            (full.verdict, full.primary.as_deref())
        );
        let found: Vec<_> = again.findings.iter().map(|it| it.id).collect();
        assert_eq!(found, short.findings.iter().map(|it| &*it.id).collect::<Vec<_>>());
    }
}

#[test]
fn a_ticket_begins_with_the_verdict_and_the_first_step() {
    let props = fixtures::blocked();
    let text = report(&props, false).ticket(&props.words, Format::Plain);
    let places: Vec<_> = [
        "You can’t take calls on this connection yet.",
        "For ticket INC-20417",
        "First step: your network team",
        "turn.best-customer.example",
        "What works from here",
    ]
    .iter()
    .map(|part| text.find(part).unwrap_or_else(|| panic!("{part} in\n{text}")))
    .collect();
    assert!(places.is_sorted(), "{text}");
}

/// For a field in a ticket, or a chat.
#[test]
fn a_ticket_is_short() {
    for props in [
        fixtures::ready(),
        fixtures::degraded(),
        fixtures::blocked(),
        fixtures::inconclusive(),
        fixtures::pac_wrong(),
    ] {
        for (format, name) in Format::ALL {
            let text = report(&props, true).ticket(&props.words, format);
            println!(
                "{:?} {name}: {}",
                props.state.conclusion.as_ref().map(|it| it.verdict),
                text.len()
            );
            assert!(text.chars().count() < 4_500, "{}:\n{text}", text.len());
        }
    }
}

/// A report in which whatever comes from elsewhere says this.
fn hostile(text: &str) -> Report {
    let props = fixtures::blocked();
    let mut report = report(&props, false);
    report.run.config = text.to_owned();
    report.run.ticket = Some(text.to_owned());
    report.environment.browser = Some(text.to_owned());
    for fix in &mut report.fixes {
        fix.title = text.to_owned();
        fix.copy = format!("Please: {text}\n{text}");
    }
    for finding in &mut report.findings {
        finding.subject = text.to_owned();
        finding.evidence = vec![text.to_owned()];
    }
    report
}

/// What CommonMark and GitHub's additions make of it.
fn read(markdown: &str) -> Vec<Event<'_>> {
    let additions = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    Parser::new_ext(markdown, additions).collect()
}

/// A line in which GitHub would find an address or a name to call (GitHub Flavored Markdown, section 6.9).
fn calls(line: &str) -> bool {
    let letter = |rest: &str| rest.starts_with(|it: char| it.is_ascii_alphanumeric());
    let mut after = ["@", "#"].iter().flat_map(|sign| line.split(sign).skip(1));
    line.contains("://") || line.to_ascii_lowercase().contains("www.") || after.any(letter)
}

fn harmless(text: &str) {
    let markdown = hostile(text).ticket(&fixtures::blocked().words, Format::Markdown);
    let (mut titles, mut requests) = (0, 0);
    for event in read(&markdown) {
        match &event {
            Event::Start(Tag::Heading {
                level: HeadingLevel::H2,
                ..
            }) => titles += 1,
            Event::Start(Tag::CodeBlock(_)) => requests += 1,
            Event::Start(Tag::Heading { .. } | Tag::Paragraph | Tag::List(None) | Tag::Item)
            | Event::End(_)
            | Event::Text(_) => {}
            other => panic!("{other:?} of {text:?}:\n{markdown}"),
        }
    }
    assert_eq!((titles, requests), (1, 1), "{text:?}:\n{markdown}");
    let fence = markdown
        .lines()
        .find(|line| line.starts_with("```"))
        .expect("a fence");
    let parts: Vec<_> = markdown.split(fence).collect();
    for line in [parts[0], parts[2]].iter().flat_map(|part| part.lines()) {
        assert!(!calls(line), "{text:?}: {line}");
    }
}

#[test]
fn hostile_names_become_no_markup() {
    for text in [
        "[x](https://evil.example)",
        "![x](https://evil.example/x.png)",
        "<img src=x onerror=alert(1)>",
        "<https://evil.example>",
        "https://evil.example/",
        "www.evil.example",
        "a@evil.example",
        "@everyone",
        "# x",
        "- x",
        "1. x",
        "1) x",
        "> x",
        "```",
        "~~~\nx",
        "    x",
        "\tx",
        "x\n\n# y",
        "x\n===",
        "---",
        "***",
        "| a | b |\n|---|---|",
        "- [ ] x",
        "[^1]: x",
        "&lt;b&gt;",
        "*a* _b_ **c** ~~d~~ `e` $f$",
        "\\",
        "x\\",
        "``` \n````\n`````x",
        "[x]: https://evil.example",
        "mailto:a@evil.example",
        "#12",
        "<!-- x",
        "</code></pre><b>",
    ] {
        harmless(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_text_becomes_markup(text in "(https?://|www\\.|@|[-\\[\\]()<>!#*_`~|&$+=.:/\\\\ \n\tab1.é\u{202e}]){0,24}") {
        harmless(&text);
    }

    /// What is shown is what was meant.
    #[test]
    fn markdown_says_what_the_plain_text_says(text in "[ -~]{1,30}") {
        let text = text.trim().to_owned();
        prop_assume!(!text.is_empty());
        let markdown = hostile(&text).ticket(&fixtures::blocked().words, Format::Markdown);
        let events = read(&markdown).into_iter();
        let title = events.take_while(|it| !matches!(it, Event::End(TagEnd::Heading(_))));
        let title: String = title.filter_map(|it| match it {
            Event::Text(text) => Some(text.replace('\u{200b}', "")),
            _ => None,
        }).collect();
        prop_assert!(title.starts_with(&format!("{text}: ")), "{:?} in {:?}", text, title);
    }
}

#[test]
fn lines_cannot_be_forged() {
    let text =
        hostile("x\nFirst step: you\r\u{2028}\u{202e}y").ticket(&fixtures::blocked().words, Format::Plain);
    let first = text.lines().next().unwrap();
    assert!(first.starts_with("x First step: you  y: You can’t"), "{first:?}");
    assert!(!text.contains(['\r', '\u{2028}', '\u{202e}']));
}

/// What stands in the element with this id.
fn shown(html: &str, id: &str) -> String {
    let from = html
        .find(&format!("id=\"{id}\""))
        .unwrap_or_else(|| panic!("no {id}"));
    let text = html[from..].split_once('>').expect("an element").1;
    let text = text.split_once("</pre>").expect("its end").0;
    let signs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#x2F;", "/"),
        ("&amp;", "&"),
    ];
    signs
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// The very texts that the buttons copy and save: `Handed::of` and the buttons ask the same report.
#[tokio::test(flavor = "current_thread")]
async fn the_preview_is_what_leaves() {
    for (format, _) in Format::ALL {
        for reveal in [false, true] {
            let [props, _] = telling();
            let report = report(&props, reveal);
            let handed = Handed::of(&report, &props.words, format);
            let props = PageProps {
                handed: Some(Rc::new(handed)),
                revealed: reveal,
                ..props
            };
            let words = props.words.clone();
            let html = LocalServerRenderer::<Page>::with_props(props)
                .hydratable(false)
                .render()
                .await;
            assert_eq!(shown(&html, "handed-ticket"), report.ticket(&words, format));
            assert_eq!(shown(&html, "handed-file"), report.to_json());
            assert_eq!(
                html.contains("checked type=\"radio\" name=\"format\" value=\"markdown\""),
                format == Format::Markdown
            );
        }
    }
}

/// Nor does paper tell more: all of the page, but for the PAC checker, whose file the reader gave and which is not printed.
#[tokio::test(flavor = "current_thread")]
async fn paper_tells_no_more_than_the_rest() {
    for reveal in [false, true] {
        for props in telling() {
            let html = LocalServerRenderer::<Page>::with_props(PageProps {
                revealed: reveal,
                ..props
            })
            .hydratable(false)
            .render()
            .await;
            let from = html.find("class=\"pac").expect("the checker");
            let end = html.find("class=\"paper\"").expect("the paper");
            let printed = html[..from].to_owned() + &html[end..];
            for private in PRIVATE {
                assert!(reveal || !printed.contains(private), "{private} in\n{printed}");
            }
            assert_eq!(printed.contains("via-fra01"), reveal);
        }
    }
}

#[test]
fn a_configuration_keeps_its_hosts() {
    let config: &Config = &fixtures::ready()
        .config
        .expect("a configuration")
        .as_ref()
        .clone();
    let names = clearline::privacy::Known::of(config);
    for host in config
        .connect_sources()
        .iter()
        .filter_map(|it| it.strip_prefix("https://"))
    {
        assert_eq!(names.host(host), host);
    }
}
