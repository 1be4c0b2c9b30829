//! What people see, as HTML: one snapshot for each state of the page. Run with `UPDATE_EXPECT=1` after a wanted change
//! and read the difference. Each state is also written, with its style, to `target/pages/` to be looked at.

#![cfg(not(target_arch = "wasm32"))]

#[path = "pages/at_desk.rs"]
mod at_desk;
#[path = "pages/drafts.rs"]
mod drafts;
#[path = "pages/earlier.rs"]
mod earlier;
#[path = "pages/fixtures.rs"]
mod fixtures;
#[path = "pages/line.rs"]
mod line;
#[path = "pages/report.rs"]
mod report;
#[path = "pages/sending.rs"]
mod sending;
#[path = "pages/ticket.rs"]
mod ticket;
#[path = "pages/walls.rs"]
mod walls;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clearline::ui::{Page, PageProps};
use expect_test::{ExpectFile, expect_file};
use yew::LocalServerRenderer;

async fn check(name: &str, props: PageProps, expected: ExpectFile) {
    let html = LocalServerRenderer::<Page>::with_props(props)
        .hydratable(false)
        .render()
        .await;
    write_whole(name, &html);
    assert!(
        !html.contains("style=\""),
        "{name}: the page's policy forbids inline styles"
    );
    expected.assert_eq(&lines(&html));
}

/// A line per element, so that a difference can be read.
fn lines(html: &str) -> String {
    html.replace("><", ">\n<") + "\n"
}

fn write_whole(name: &str, html: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../pages");
    let whole = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{name}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"stylesheet\" href=\"clearline.css\">\
         </head><body><div id=\"app\">{html}</div></body></html>\n"
    );
    let copy = || {
        fs::create_dir_all(&folder)?;
        fs::copy("static/clearline.css", folder.join("clearline.css"))?;
        fs::write(folder.join(format!("{name}.html")), whole)
    };
    copy().expect("target/ can be written");
}

macro_rules! pages {
    ($($name:ident),* $(,)?) => { pages![@fixtures: $($name),*]; };
    (@$from:ident: $($name:ident),* $(,)?) => {
        $(
            #[tokio::test(flavor = "current_thread")]
            async fn $name() {
                let expected = expect_file![concat!("pages/", stringify!($name), ".html")];
                check(stringify!($name), $from::$name(), expected).await;
            }
        )*
    };
}

pages![
    before,
    warned,
    kept,
    kept_config,
    kept_ready,
    away,
    before_private,
    running_early,
    running_ladder,
    running_blocked,
    ready,
    handed,
    degraded,
    blocked,
    compared_fixed,
    compared_network,
    unreached,
    other_browser,
    pac_wrong,
    pac_right,
    inconclusive,
    stopped,
    stopped_at_once,
    without_words,
    broken,
    headset_listening,
    headset_silent,
    headset_mended,
    headset_clipped,
];

pages![@walls: kiosk_ready, kiosk_degraded, kiosk_blocked, kiosk_inconclusive, kiosk_doubted];
pages![@earlier: history_empty, history_few, history_many, history_full, history_arabic];
pages![@drafts: draft_waiting, draft_fine, draft_wrong, draft_broken, draft_tried];
pages![@at_desk: desk_tools, desk_compared, received, received_short, received_damaged];

/// The page shows what it needs to start, and names what it finds, with the first file; the second is fetched beside
/// the start. The first file is a part of the first load.
#[test]
fn words_of_results_are_in_their_group() {
    let of_results = |key: &String| {
        let is = |kinds: &[&str]| {
            let mut kinds = kinds.iter();
            kinds.any(|kind| {
                key.strip_prefix(kind)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        is(&[
            "evidence",
            "meanwhile",
            "ui.compared",
            "ui.handed",
            "ui.pac",
            "ui.sending",
            "ui.takes",
            "ui.where",
        ]) || is(&["cause", "fix"]) && !key.ends_with(".title")
    };
    let [first, results, ..] =
        fixtures::words_in_parts("en").map(|part| part.into_keys().collect::<Vec<_>>());
    let late: Vec<_> = first.iter().filter(|key| of_results(key)).collect();
    assert!(late.is_empty(), "these belong into the group `results`: {late:?}");
    let early: Vec<_> = results.iter().filter(|key| !of_results(key)).collect();
    assert!(early.is_empty(), "these belong into the group `page`: {early:?}");
}

/// Every key that the components say has its words, and no words are left over.
#[test]
fn the_pages_words_are_complete_and_needed() {
    let there: BTreeSet<_> = fixtures::words_in_parts("en")
        .into_iter()
        .flat_map(|part| part.into_keys())
        .filter(|key| key.starts_with("ui."))
        .collect();

    let mut said = BTreeSet::new();
    let mut files = [
        "src/ui.rs",
        "src/app.rs",
        "src/app/arrive.rs",
        "src/app/arrive/draft.rs",
        "src/app/effects.rs",
        "src/app/history.rs",
        "src/app/load.rs",
        "src/app/model.rs",
        "src/desk.rs",
        "src/phone_code.rs",
        "src/travel.rs",
        "src/travel/shorter.rs",
        "src/report.rs",
        "src/report/ticket.rs",
        "src/kept.rs",
        "src/guided.rs",
        "src/history/trend.rs",
    ]
    .map(|file| Path::new(file).to_owned())
    .to_vec();
    files.extend(
        fs::read_dir("src/ui")
            .expect("the components are there")
            .flatten()
            .map(|entry| entry.path()),
    );
    for file in files {
        let text = fs::read_to_string(&file).expect("a source file can be read");
        said.extend(text.split('"').filter(|part| is_key(part)).map(str::to_owned));
    }

    let owners = [
        "agent", "helpdesk", "desktop", "network", "proxy", "vpn", "vdi", "vendor",
    ];
    said.extend(
        ["where", "takes"]
            .iter()
            .flat_map(|what| owners.map(|owner| format!("ui.{what}.{owner}"))),
    );
    said.retain(|key| !["ui.where", "ui.takes", "ui.status"].contains(&key.as_str()));

    // A problem's remedy is said with it.
    let remedies: Vec<_> = said.iter().map(|key| format!("{key}.fix")).collect();
    said.extend(remedies.into_iter().filter(|key| there.contains(key)));

    let missing: Vec<_> = said.difference(&there).collect();
    let unused: Vec<_> = there.difference(&said).collect();
    assert!(missing.is_empty(), "said, but without words: {missing:?}");
    assert!(unused.is_empty(), "words that nothing says: {unused:?}");
}

fn is_key(text: &str) -> bool {
    text.starts_with("ui.")
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c))
}
