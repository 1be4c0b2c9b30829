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
    _browser: Browser,
    _servers: Embedded,
    _runtime: tokio::runtime::Runtime,
}

impl Served {
    /// Opens the bundle in `folder` with this `query`, such as `?run=auto`.
    ///
    /// # Errors
    /// The servers or the browser do not start.
    pub fn open(program: &Path, folder: &Path, query: &str) -> Outcome<Self> {
        let runtime = tokio::runtime::Runtime::new()?;
        let options = Options {
            page_dir: folder.to_owned(),
            http_port: None,
            turn_port: None,
            content_security_policy: policy::content_security_policy(&[], &[]),
            users: Vec::new(),
        };
        let servers = runtime.block_on(Embedded::start(options))?;
        let (browser, devtools) = Browser::start(program)?;
        let page = Page::open(&devtools, &format!("{}{query}", servers.url()))?;
        Ok(Self {
            page,
            _browser: browser,
            _servers: servers,
            _runtime: runtime,
        })
    }
}
