//! The release bundle on this computer's own servers, open in a browser without a window.

use std::path::Path;

use lab::embedded::{Embedded, Options};
use lab::policy;

use crate::browser::Browser;
use crate::command::Outcome;
use crate::devtools::Page;

/// A page that is open; dropping it ends browser and servers.
pub struct Served {
    /// The page.
    pub page: Page,
    devtools: String,
    _browser: Browser,
    servers: Embedded,
    _runtime: tokio::runtime::Runtime,
}

impl Served {
    /// Opens the bundle in `folder` at this `place`, such as `?run=auto`.
    ///
    /// # Errors
    /// The servers or the browser do not start.
    pub fn open(program: &Path, folder: &Path, place: &str) -> Outcome<Self> {
        Self::open_under(program, folder, place, policy::content_security_policy(&[], &[]))
    }

    /// The same under another Content-Security-Policy.
    ///
    /// # Errors
    /// The servers or the browser do not start.
    pub fn open_under(program: &Path, folder: &Path, place: &str, policy: String) -> Outcome<Self> {
        let runtime = tokio::runtime::Runtime::new()?;
        let options = Options {
            page_dir: folder.to_owned(),
            http_port: None,
            turn_port: None,
            content_security_policy: policy,
            users: Vec::new(),
        };
        let servers = runtime.block_on(Embedded::start(options))?;
        let (browser, devtools) = Browser::start(program)?;
        let page = Page::open(&devtools, &format!("{}{place}", servers.url()))?;
        Ok(Self {
            page,
            devtools,
            _browser: browser,
            servers,
            _runtime: runtime,
        })
    }

    /// The configuration that the page is given.
    pub fn config_json(&self) -> &str {
        self.servers.config_json()
    }

    /// The address of a `place`.
    pub fn address(&self, place: &str) -> String {
        format!("{}{place}", self.servers.url())
    }

    /// Opens another `place` in a tab of its own.
    ///
    /// # Errors
    /// The browser does not answer.
    pub fn tab(&self, place: &str) -> Outcome<Page> {
        Page::open(&self.devtools, &self.address(place))
    }
}
