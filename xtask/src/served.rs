//! The release bundle on this computer's own servers, open in a browser without a window.

use std::path::Path;

use clearline::config::HttpUrl;
use lab::embedded::{Embedded, Options};
use lab::policy;
use serde_json::Value;

use crate::browser::Browser;
use crate::command::Outcome;
use crate::devtools::Page;
use crate::size;

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
        let policy = policy::content_security_policy(&[], &[]);
        Self::open_with(program, folder, place, policy, None, &[])
    }

    /// The same under another Content-Security-Policy.
    ///
    /// # Errors
    /// The servers or the browser do not start.
    pub fn open_under(program: &Path, folder: &Path, place: &str, policy: String) -> Outcome<Self> {
        Self::open_with(program, folder, place, policy, None, &[])
    }

    /// The same with results sent to these receivers: the configuration's `reporting`.
    ///
    /// # Errors
    /// The servers or the browser do not start.
    pub fn open_sending(program: &Path, folder: &Path, place: &str, reporting: Value) -> Outcome<Self> {
        let urls = reporting.as_object().into_iter().flat_map(|it| it.values());
        let origins = urls.filter_map(|url| Some(HttpUrl::parse(url.as_str()?).ok()?.origin));
        let policy = policy::content_security_policy(&origins.collect::<Vec<_>>(), &[]);
        Self::open_with(program, folder, place, policy, Some(reporting), &[])
    }

    /// The same in a browser that is started with further flags.
    ///
    /// # Errors
    /// The servers or the browser do not start.
    pub fn open_with_flags(program: &Path, folder: &Path, place: &str, flags: &[&str]) -> Outcome<Self> {
        let policy = policy::content_security_policy(&[], &[]);
        Self::open_with(program, folder, place, policy, None, flags)
    }

    fn open_with(
        program: &Path,
        folder: &Path,
        place: &str,
        policy: String,
        reporting: Option<Value>,
        flags: &[&str],
    ) -> Outcome<Self> {
        let runtime = tokio::runtime::Runtime::new()?;
        let options = Options {
            page_dir: folder.to_owned(),
            http_port: None,
            turn_port: None,
            content_security_policy: policy,
            users: Vec::new(),
            reporting,
        };
        let servers = runtime.block_on(Embedded::start(options))?;
        let (browser, devtools) = Browser::start_with(program, flags)?;
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

/// A test with a bundle of its own, which it changes.
///
/// # Errors
/// The bundle cannot be copied, or the test failed.
pub fn apart(folder: &Path, test: impl FnOnce(&Path) -> Outcome<()>) -> Outcome<()> {
    let copy = std::env::temp_dir().join(format!("clearline-apart-{}", std::process::id()));
    let outcome = copied(folder, &copy).and_then(|()| test(&copy));
    std::fs::remove_dir_all(&copy)?;
    outcome
}

fn copied(from: &Path, to: &Path) -> Outcome<()> {
    for file in size::files(from)? {
        let target = to.join(file.strip_prefix(from).unwrap_or(&file));
        std::fs::create_dir_all(target.parent().unwrap_or(to))?;
        std::fs::copy(&file, target)?;
    }
    Ok(())
}
