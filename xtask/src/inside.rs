//! A browser inside of the laboratory, driven over DevTools as a person drives it: it presses and types.

use std::process::Command;
use std::time::{Duration, Instant};

use lab::fault::Side;
use lab::stage::Stage;
use serde_json::{Value, json};

use crate::browser;
use crate::command::{Failure, Outcome};
use crate::devtools::Page;

/// How long a browser may take until its DevTools listen.
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser that runs in a namespace; it ends with the stage.
pub struct Inside {
    devtools: String,
    side: Side,
}

impl Inside {
    /// Starts one that trusts the laboratory's authorities, in a home of its own.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(stage: &mut Stage, side: Side, name: &str, flags: &[String]) -> Outcome<Self> {
        let program = browser::find()?;
        let home = stage.dir().join(name);
        lab::certificates::trust(stage.dir(), &home.join(".pki/nssdb")).map_err(failure)?;
        let profile = home.join("profile");
        let mut command = Command::new(program);
        command
            .args(browser::FLAGS)
            .args(flags)
            .arg("--no-sandbox")
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg("about:blank")
            .env("HOME", &home)
            .env("TZ", "UTC")
            .env("LANGUAGE", "en");
        stage
            .start(side, &mut command, &format!("{name}.log"))
            .map_err(failure)?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(devtools) = browser::devtools_of(&profile) {
                return Ok(Self { devtools, side });
            }
            if lab::interrupted() || Instant::now() > deadline {
                return Err(Failure::new(format!("the browser {name} did not start")));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Opens an address in a tab of its own.
    ///
    /// # Errors
    /// The browser does not answer.
    pub fn open(&self, stage: &Stage, url: &str) -> Outcome<Page> {
        // A socket stays in the namespace in which it was made.
        stage
            .side(self.side)
            .enter(|| Page::open(&self.devtools, url))
            .map_err(failure)?
    }
}

/// Presses what a selector finds, with the mouse: pages see a person's gesture.
///
/// # Errors
/// It is not there within `patience`, or nothing of it can be seen.
pub fn press(page: &mut Page, patience: Duration, selector: &str) -> Outcome<()> {
    let found = format!("document.querySelector({selector:?})");
    page.until(patience, &format!("!!{found}"))?;
    let place = page.evaluate(&format!(
        "(() => {{ const it = {found}; it.scrollIntoView({{ block: 'center', behavior: 'instant' }}); \
         const box = it.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2, box.width]; }})()"
    ))?;
    if place[2] == 0 {
        return Err(Failure::new(format!("{selector} cannot be seen")));
    }
    for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
        let event = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
        page.call("Input.dispatchMouseEvent", event)?;
    }
    Ok(())
}

/// Types a text into a field.
///
/// # Errors
/// The field is not there, or does not hold the text then.
pub fn type_into(page: &mut Page, patience: Duration, selector: &str, text: &str) -> Outcome<()> {
    press(page, patience, selector)?;
    page.call("Input.insertText", json!({ "text": text }))?;
    holds(page, selector, text)
}

/// Chooses an option of a list by what it is called, from the keyboard.
///
/// # Errors
/// The list is not there, or does not have the option.
pub fn choose(page: &mut Page, patience: Duration, selector: &str, name: &str, value: &str) -> Outcome<()> {
    page.until(patience, &format!("!!document.querySelector({selector:?})"))?;
    page.evaluate(&format!("document.querySelector({selector:?}).focus()"))?;
    for letter in name.chars() {
        let event = json!({ "type": "keyDown", "text": letter.to_string(), "key": letter.to_string() });
        page.call("Input.dispatchKeyEvent", event)?;
        page.call(
            "Input.dispatchKeyEvent",
            json!({ "type": "keyUp", "key": letter.to_string() }),
        )?;
    }
    holds(page, selector, value)
}

fn holds(page: &mut Page, selector: &str, value: &str) -> Outcome<()> {
    let held = page.evaluate(&format!("document.querySelector({selector:?}).value"))?;
    match held == value {
        true => Ok(()),
        false => Err(Failure::new(format!("{selector} holds {held}, not {value}"))),
    }
}

/// The text of an expression.
///
/// # Errors
/// It is none.
pub fn text(page: &mut Page, expression: &str) -> Outcome<String> {
    match page.evaluate(expression)? {
        Value::String(text) => Ok(text),
        other => Err(Failure::new(format!("{expression} is {other}"))),
    }
}

/// What the laboratory says, for whoever typed the command.
pub fn failure(trouble: lab::Trouble) -> Failure {
    Failure::new(trouble.to_string())
}
