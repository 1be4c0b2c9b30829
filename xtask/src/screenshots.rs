//! The pictures of `docs/`, made from the states of the page that `tests/pages.rs` writes, in a real browser.

use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::browser::{self, Browser};
use crate::command::{self, Failure, Outcome};
use crate::devtools::Page;

/// How long a page may take to be there.
const PATIENCE: Duration = Duration::from_secs(10);

/// One picture.
struct Picture {
    /// Its name in `docs/pictures/`.
    name: &'static str,
    /// The state that it shows, in `target/pages/`.
    state: &'static str,
    /// The window, in CSS pixels; a longer page is shown to its end.
    window: (u32, u32),
    /// What is done on the page first, in JavaScript.
    before: &'static str,
    /// The element that is shown; the whole page where it is empty.
    only: &'static str,
}

/// All of them. `tests/docs.rs` wants each to be shown by a page.
const PICTURES: &[Picture] = &[
    Picture::of("before", "before"),
    Picture::of("ready", "ready"),
    Picture {
        before: "document.querySelectorAll('main > .aside').forEach(it => it.remove())",
        ..Picture::of("blocked", "blocked")
    },
    Picture {
        before: "document.querySelector('.engineers').open = true",
        only: ".engineers",
        window: (900, 600),
        ..Picture::of("details", "degraded")
    },
    Picture {
        only: "[aria-labelledby=desk-link]",
        ..Picture::of("link", "desk_tools")
    },
    Picture {
        only: "[aria-labelledby=desk-compare]",
        ..Picture::of("compared", "desk_compared")
    },
    Picture::of("history", "history_many"),
    Picture {
        only: ".hero + .card",
        ..Picture::of("configuration", "draft_fine")
    },
    Picture {
        window: (1024, 768),
        ..Picture::of("kiosk", "kiosk_blocked")
    },
];

impl Picture {
    const fn of(name: &'static str, state: &'static str) -> Self {
        Self {
            name,
            state,
            window: (760, 400),
            before: "",
            only: "",
        }
    }
}

/// `cargo xtask screenshots`: makes all pictures anew.
///
/// # Errors
/// There is no browser, or a state of the page is not there.
pub fn main() -> Outcome<()> {
    let program = browser::find()?;
    command::finish(&mut command::cargo(&["test", "--quiet", "--test", "pages"]))?;
    let folder = command::root().join("docs/pictures");
    std::fs::create_dir_all(&folder)?;
    let (_browser, devtools) = Browser::start(&program)?;
    let mut page = Page::open(&devtools, "about:blank")?;
    for picture in PICTURES {
        let file = folder.join(format!("{}.png", picture.name));
        let bytes = taken(&mut page, picture)?;
        println!("{}: {} bytes", file.display(), bytes.len());
        std::fs::write(file, bytes)?;
    }
    Ok(())
}

fn taken(page: &mut Page, picture: &Picture) -> Outcome<Vec<u8>> {
    let state = command::target()
        .join("pages")
        .join(format!("{}.html", picture.state));
    show(page, &state, picture)?;
    let (width, height) = picture.window;
    let mut size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    page.call("Emulation.setDeviceMetricsOverride", size.clone())?;
    if !picture.before.is_empty() {
        page.evaluate(picture.before)?;
    }
    // The window is as long as the page, so that nothing is drawn twice or not at all.
    size["height"] = page.evaluate("document.documentElement.scrollHeight")?;
    page.call("Emulation.setDeviceMetricsOverride", size)?;
    let shown = match picture.only {
        "" => "document.documentElement".to_owned(),
        selector => format!("document.querySelector('{selector}')"),
    };
    let place = page.evaluate(&format!(
        "(() => {{ const box = {shown}.getBoundingClientRect(); \
            return {{ x: box.x, y: box.y, width: box.width, height: box.height, scale: 1 }}; }})()"
    ))?;
    let taken = page.call(
        "Page.captureScreenshot",
        json!({ "format": "png", "clip": place }),
    )?;
    STANDARD
        .decode(taken["data"].as_str().unwrap_or_default())
        .map_err(|error| Failure::new(format!("{}: the picture: {error}", picture.name)))
}

fn show(page: &mut Page, state: &Path, picture: &Picture) -> Outcome<()> {
    // On Windows a path starts with a letter, and its folders are parted by backslashes.
    let path = state.to_string_lossy().replace('\\', "/");
    let url = format!("file:///{}", path.trim_start_matches('/'));
    page.call("Page.navigate", json!({ "url": url }))?;
    let there = format!(
        "document.readyState === 'complete' && document.title === '{}'",
        picture.state
    );
    page.until(PATIENCE, &there)
}
