//! What people see and press on the page, each at a computer of their own.

use std::time::Duration;

use serde_json::Value;

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
