//! A wallboard as it is seen from afar, on an old screen: each verdict at 1024×768 in 256 colours.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::picture::{Part, Picture};
use crate::browser::Browser;
use crate::command::{self, Failure, Outcome};
use crate::devtools::Page;

/// How long a page may take to be there.
const PATIENCE: Duration = Duration::from_secs(10);

/// The pages of `tests/pages.rs`, in `target/pages/`.
const PAGES: [&str; 5] = [
    "kiosk_ready",
    "kiosk_degraded",
    "kiosk_blocked",
    "kiosk_inconclusive",
    "kiosk_doubted",
];

/// WCAG 2.2: 1.4.3 for text, 1.4.11 for what is drawn.
const TEXT: f64 = 4.5;
const DRAWN: f64 = 3.0;

/// Millimetres of a pixel on a screen of 15 inches (4:3) with 1024×768.
const PIXEL_MM: f64 = 15.0 * 25.4 * 0.8 / 1024.0;
/// From how far a board is read.
const DISTANCE_MM: f64 = 5_000.0;
/// A capital letter's height is at least this part of the distance: 17 minutes of arc, where ISO 9241-303 asks for 16.
const COMFORTABLE: f64 = 1.0 / 200.0;
/// What somebody with normal sight can just read: 5 minutes of arc, as on an eye chart (ISO 8596).
const LEGIBLE: f64 = 1.0 / 688.0;
/// Stretches of two verdicts differ in height by at least so many pixels: their colours need not tell them apart.
const STEP: f64 = 7.0;

/// A long one of the lines of what to do.
const LONG: &str = "fix.exempt-turn-from-inspection.title";

/// What is on the page, and where.
const SHOWN: &str = "(() => {
    const part = it => { const box = it.getBoundingClientRect();
        return { x: box.x, y: box.y, width: box.width, height: box.height }; };
    const capital = it => { const pen = document.createElement('canvas').getContext('2d');
        pen.font = getComputedStyle(it).font; return pen.measureText('H').actualBoundingBoxAscent; };
    const all = selector => [...document.querySelectorAll(selector)];
    const root = document.documentElement;
    const one = selector => document.querySelector(selector);
    return {
        texts: all('.place, h1 span, .since, .todo, .runs span, .strip text').map(it => ({ ...part(it), says: it.textContent })),
        mark: part(one('.kiosk .mark')),
        strip: all('.strip rect:not(.ground)').map(it => ({ ...part(it), says: it.getAttribute('class') })),
        word: capital(one('h1 span')),
        todo: capital(one('.todo')),
        room: [root.scrollWidth, root.scrollHeight],
    };
})()";

/// Every verdict, light and dark; in every language the words stay inside.
pub fn suite(program: &Path) -> Outcome<()> {
    let pages = command::target().join("pages");
    if !pages.join("kiosk_ready.html").is_file() {
        return Err(Failure::new(
            "target/pages/ is empty: `cargo test --test pages` writes it",
        ));
    }
    let pictures = command::target().join("wallboard");
    std::fs::create_dir_all(&pictures)?;
    let (_browser, devtools) = Browser::start(program)?;
    let mut page = Page::open(&devtools, "about:blank")?;
    let size = json!({ "width": 1024, "height": 768, "deviceScaleFactor": 1, "mobile": false });
    page.call("Emulation.setDeviceMetricsOverride", size)?;
    let mut wrong = Vec::new();
    for name in PAGES {
        let path = pages
            .join(format!("{name}.html"))
            .to_string_lossy()
            .replace('\\', "/");
        page.call(
            "Page.navigate",
            json!({ "url": format!("file:///{}", path.trim_start_matches('/')) }),
        )?;
        page.until(
            PATIENCE,
            &format!("document.title === '{name}' && document.readyState === 'complete'"),
        )?;
        for scheme in ["light", "dark"] {
            let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
            page.call("Emulation.setEmulatedMedia", json!({ "features": features }))?;
            let shown = page.evaluate(SHOWN)?;
            let (picture, png) = Picture::of(&mut page)?;
            std::fs::write(pictures.join(format!("{name}_{scheme}.png")), png)?;
            let found = judged(&shown, &picture.of_256_colours());
            wrong.extend(found.into_iter().map(|it| format!("{name}, {scheme}: {it}")));
        }
        wrong.extend(in_all_languages(&mut page, name)?);
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(Failure::new(wrong.join("\n"))),
    }
}

fn judged(shown: &Value, picture: &Picture) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut least = |what: String, is: f64, least: f64| {
        if is < least {
            wrong.push(format!("{what}: {is:.2}, not {least:.2}"));
        }
    };
    for text in list(&shown["texts"]) {
        least(
            format!("contrast of {}", text["says"]),
            picture.text_contrast(part(text)),
            TEXT,
        );
    }
    // The ground's own colour is left of all that stands on it.
    let beside = |of: Part| Part {
        x: 4.0,
        width: 16.0,
        ..of
    };
    let mark = part(&shown["mark"]);
    least(
        "contrast of the mark".into(),
        picture.shape_contrast(mark, beside(mark)),
        DRAWN,
    );
    let strip = list(&shown["strip"]);
    for stretch in strip {
        let of = part(stretch);
        least(
            format!("contrast of a stretch that is {}", stretch["says"]),
            picture.shape_contrast(of, beside(of)),
            DRAWN,
        );
    }
    for two in strip.windows(2) {
        let (one, other) = (part(&two[0]), part(&two[1]));
        let touch = other.x - (one.x + one.width) < 2.0;
        if touch {
            least(
                format!("height between {} and {}", two[0]["says"], two[1]["says"]),
                (one.height - other.height).abs(),
                STEP,
            );
        }
    }
    let millimetres = |what: &Value| what.as_f64().unwrap_or_default() * PIXEL_MM;
    least(
        "height of the word, mm".into(),
        millimetres(&shown["word"]),
        DISTANCE_MM * COMFORTABLE,
    );
    least(
        "height of what to do, mm".into(),
        millimetres(&shown["todo"]),
        DISTANCE_MM * LEGIBLE,
    );
    least("stretches".into(), strip.len() as f64, 4.0);
    if let Some(out) = outside(&shown["room"]) {
        wrong.push(out);
    }
    wrong
}

/// The word and its neighbours as every language has them.
fn in_all_languages(page: &mut Page, name: &str) -> Outcome<Vec<String>> {
    let mut wrong = Vec::new();
    let verdict = page.evaluate("document.querySelector('main').dataset.verdict")?;
    let verdict = verdict.as_str().unwrap_or_default();
    let folder = command::root().join("static").join("words");
    for file in std::fs::read_dir(folder)?.filter_map(|it| Some(it.ok()?.path())) {
        if file.extension().is_none_or(|it| it != "json") {
            continue;
        }
        let words: Value = serde_json::from_str(&std::fs::read_to_string(&file)?)
            .map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
        let word = |key: &str| {
            words[format!("ui.kiosk.{key}")]
                .as_str()
                .unwrap_or_default()
                .replace("{time}", "22:22")
        };
        let todo = match verdict {
            "ready" => word("nothing"),
            _ => words[LONG]
                .as_str()
                .unwrap_or_default()
                .replace("{hosts}", "turn.best-customer.example"),
        };
        let texts = json!([word(verdict), word("since"), word("last"), word("again"), todo]);
        let room = page.evaluate(&format!(
            "(() => {{ const put = (selector, text) => document.querySelector(selector).textContent = text; \
             const [verdict, since, last, again, todo] = {texts}; put('.todo', todo); put('h1 span', verdict); put('.since', since); \
             put('.runs span:first-child', last); put('.runs span:last-child', again); \
             const root = document.documentElement; return [root.scrollWidth, root.scrollHeight]; }})()"
        ))?;
        let language = file.file_stem().unwrap_or_default().display();
        wrong.extend(outside(&room).map(|it| format!("{name}, {language}: {it}")));
    }
    Ok(wrong)
}

/// What is larger than the window.
fn outside(room: &Value) -> Option<String> {
    let inside = |at: usize, most: u64| room[at].as_u64().is_some_and(|it| it <= most);
    (!inside(0, 1024) || !inside(1, 768)).then(|| format!("{room} px do not fit into 1024×768"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn part(value: &Value) -> Part {
    let of = |name: &str| value[name].as_f64().unwrap_or_default();
    Part {
        x: of("x"),
        y: of("y"),
        width: of("width"),
        height: of("height"),
    }
}
