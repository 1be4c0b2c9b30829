//! What people see and press on the page, each at a computer of their own.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::command::{Failure, Outcome};
use crate::devtools::Page;
use crate::inside::{choose, press, text, type_into};

/// How long a step may take: a run ends within 45 s whatever the network does.
const PATIENCE: Duration = Duration::from_secs(50);

/// A headless browser keeps no clipboard: what the page would put there is kept here.
const CLIPBOARD: &str = "navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); }; \
                         window.copied = null;";

/// Somebody at a page.
pub struct Person(pub Page);

impl Person {
    pub fn sees(&mut self, what: &str, condition: &str) -> Outcome<()> {
        if lab::interrupted() {
            return Err(Failure::new("interrupted"));
        }
        self.0.until(PATIENCE, condition).map_err(|failure| {
            let shown = self.0.evaluate("document.body?.innerText.slice(0, 1500)");
            Failure::new(format!("{what}: {failure}\n{}", shown.unwrap_or_default()))
        })
    }

    pub fn presses(&mut self, selector: &str) -> Outcome<()> {
        press(&mut self.0, PATIENCE, selector)
    }

    pub fn types(&mut self, selector: &str, what: &str) -> Outcome<()> {
        type_into(&mut self.0, PATIENCE, selector, what)
    }

    pub fn chooses(&mut self, selector: &str, name: &str, value: &str) -> Outcome<()> {
        choose(&mut self.0, PATIENCE, selector, name, value)
    }

    pub fn reads(&mut self, expression: &str) -> Outcome<String> {
        text(&mut self.0, expression)
    }

    /// Presses a button and gives what it copied.
    pub fn copies(&mut self, action: &str) -> Outcome<String> {
        self.0.evaluate(CLIPBOARD)?;
        self.presses(&format!("[data-action={action}]"))?;
        self.sees("something is copied", "!!window.copied")?;
        self.reads("window.copied")
    }

    /// Presses the button that starts a run, and gives its report.
    pub fn runs(&mut self) -> Outcome<Value> {
        let id = "(window.clearline?.report?.()?.run.id ?? '')";
        self.sees("the button", "!!document.getElementById('start')")?;
        let before = self.reads(id)?;
        self.presses("#start")?;
        let over = format!("document.documentElement.dataset.clearline === 'done' && {id} !== {before:?}");
        self.sees("the run ends", &over)?;
        self.0.evaluate("window.clearline.report()")
    }

    /// Saves the result as a file into a folder.
    pub fn saves(&mut self, folder: &Path) -> Outcome<PathBuf> {
        std::fs::create_dir_all(folder)?;
        let into = json!({ "behavior": "allow", "downloadPath": folder });
        self.0.call("Browser.setDownloadBehavior", into)?;
        self.presses("[data-action=save]")?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let files = std::fs::read_dir(folder)?.filter_map(|it| Some(it.ok()?.path()));
            let mut whole = files.filter(|file| file.extension().is_some_and(|it| it == "json"));
            match whole.next() {
                Some(file) => return Ok(file),
                None if Instant::now() > deadline => return Err(Failure::new("no file was saved")),
                None => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    /// Chooses a saved file.
    pub fn chooses_file(&mut self, selector: &str, file: &Path) -> Outcome<()> {
        let field = json!({ "expression": format!("document.querySelector({selector:?})") });
        let field = self.0.call("Runtime.evaluate", field)?;
        let chosen = json!({ "files": [file], "objectId": field["result"]["objectId"] });
        self.0.call("DOM.setFileInputFiles", chosen).map(drop)
    }

    /// Pastes a link with a result and opens it.
    pub fn opens(&mut self, link: &str, number: usize) -> Outcome<()> {
        self.types("#desk-pasted", link)?;
        self.presses("[data-action=open-link]")?;
        let all = format!("document.querySelectorAll('[data-verdict].verdict').length === {number}");
        self.sees("the result is opened", &all)
    }
}

pub fn sure(so: bool, what: impl Into<String>) -> Outcome<()> {
    if so { Ok(()) } else { Err(Failure::new(what)) }
}
