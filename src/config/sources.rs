//! Which origins the page asks, so that its own Content-Security-Policy lets it: a policy that does not fit the
//! configuration looks like a firewall.

use super::web_url::relative_or_http;
use super::{Application, Check, Config, HttpUrl, TurnAccess};
use crate::few::{Few as _, Gather as _};

impl Config {
    /// The origins that `connect-src` has to allow besides `'self'`, each once, in alphabetical order. ICE traffic is
    /// not governed by it.
    pub fn connect_sources(&self) -> Vec<String> {
        let applications = self.applications.iter().map(|application| &application.url);
        // Where an image fails, its host is asked as well, without reading the answer.
        let images = self.applications.iter().filter_map(Application::image);
        let reporting = self.reporting.otlp_url.iter().chain(&self.reporting.webhook_url);
        let asked = applications
            .chain(images)
            .chain(&self.canary)
            .chain(&self.controls)
            .chain(reporting);
        let services = self.turn.iter().filter_map(|server| match &server.access {
            TurnAccess::Fetched { url } => relative_or_http(url).ok().flatten(),
            TurnAccess::Static { .. } | TurnAccess::Unauthorized => None,
        });
        once(asked.cloned().chain(services))
    }

    /// The origins that `img-src` has to allow besides `'self'`, each once, in alphabetical order.
    pub fn image_sources(&self) -> Vec<String> {
        let images = self.applications.iter().filter_map(Application::image);
        let logo = self
            .brand
            .logo
            .iter()
            .filter_map(|logo| relative_or_http(logo).ok().flatten());
        once(images.cloned().chain(logo))
    }
}

impl Application {
    /// The image that proves the right server, where one does.
    fn image(&self) -> Option<&HttpUrl> {
        match &self.check {
            Check::Image { url, .. } => Some(url),
            Check::Reach | Check::Canary => None,
        }
    }
}

fn once(urls: impl Iterator<Item = HttpUrl>) -> Vec<String> {
    let mut origins: Vec<String> = urls.map(|url| url.origin).few();
    origins.sort_few_by(Ord::cmp);
    origins.dedup();
    origins
}
