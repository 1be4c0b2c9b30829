//! A web server and how it behaved over all tries; hosts and the domains they belong to.

use crate::config::{Application, Config};
use crate::few::{Few as _, Gather as _};
use crate::observation::{Answer, HttpsSeen, Observation, Wrong};
use crate::probe::Role;
use crate::units::Millis;

/// A web server that was asked.
pub struct Web<'a> {
    /// Its host.
    pub host: String,
    /// Whom we asked.
    pub role: Role,
    /// The application, when it is one.
    pub application: Option<&'a Application>,
    /// When it was first asked.
    pub began: Millis,
    /// How it behaved over all tries.
    pub answer: WebAnswer<'a>,
    /// What was seen, try by try.
    pub seen: &'a HttpsSeen,
}

/// How a web server behaved over all tries: one right answer is enough.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WebAnswer<'a> {
    /// The expected answer came.
    Answered,
    /// Something else answered.
    Wrong(&'a Wrong),
    /// It failed after this time.
    Failed(Millis),
    /// Nothing came for this long.
    Silent(Millis),
    /// The page's own policy forbade asking.
    OwnPolicy,
}

impl<'a> Web<'a> {
    /// Indexes what was seen of it; `None` when nothing was.
    pub fn new(
        config: &'a Config,
        observation: &'a Observation,
        subject: &str,
        seen: &'a HttpsSeen,
    ) -> Option<Self> {
        let application = (seen.role == Role::Application)
            .then(|| {
                config
                    .applications
                    .iter()
                    .find(|application| application.id == subject)
            })
            .flatten();
        let find =
            |wanted: fn(&Answer) -> bool| seen.tries.iter().rev().find(|attempt| wanted(&attempt.answer));
        let answer = if find(|it| *it == Answer::Answered).is_some() {
            WebAnswer::Answered
        } else if find(|it| *it == Answer::OwnPolicy).is_some() {
            WebAnswer::OwnPolicy
        } else if let Some(Answer::Wrong(wrong)) =
            find(|it| matches!(it, Answer::Wrong(_))).map(|it| &it.answer)
        {
            WebAnswer::Wrong(wrong)
        } else if let Some(failed) = find(|it| *it == Answer::Failed) {
            WebAnswer::Failed(failed.time)
        } else {
            WebAnswer::Silent(seen.tries.last()?.time)
        };
        let host = application.map_or_else(|| host_of(&observation.target), |it| it.url.host.clone());
        Some(Self {
            host,
            role: seen.role,
            application,
            began: observation.started,
            answer,
            seen,
        })
    }

    /// The right answer came.
    pub fn answered(&self) -> bool {
        self.answer == WebAnswer::Answered
    }

    /// Nothing answered, neither rightly nor wrongly.
    pub fn unreachable(&self) -> bool {
        matches!(self.answer, WebAnswer::Failed(_) | WebAnswer::Silent(_))
    }

    /// The median time of the right answers, when there are enough of them.
    pub fn median(&self, least: usize) -> Option<Millis> {
        let right = self
            .seen
            .tries
            .iter()
            .filter(|attempt| attempt.answer == Answer::Answered);
        let mut times: Vec<f64> = right.map(|attempt| attempt.time.0).few();
        times.sort_few_by(f64::total_cmp);
        (times.len() >= least.max(1)).then(|| Millis(times[times.len() / 2]))
    }
}

/// The host in what a probe asked: a host already, or a URL.
pub fn host_of(target: &str) -> String {
    let rest = target.split_once("://").map_or(target, |(_, rest)| rest);
    rest.split(['/', '?', ':'])
        .next()
        .unwrap_or(rest)
        .to_ascii_lowercase()
}

/// The part of a host name that someone registers: the last two labels, or three under a short country suffix such as
/// `co.uk`. An address is its own domain.
pub fn domain_of(host: &str) -> &str {
    if host.parse::<std::net::Ipv4Addr>().is_ok() {
        return host;
    }
    let labels: Vec<&str> = host.split('.').few();
    let country =
        labels.len() >= 3 && labels[labels.len() - 1].len() == 2 && labels[labels.len() - 2].len() <= 3;
    let keep = if country { 3 } else { 2 };
    let length: usize = labels.iter().rev().take(keep).map(|label| label.len() + 1).sum();
    &host[(host.len() + 1).saturating_sub(length)..]
}

/// Whether `host` is `domain` or a name under it. Nothing is under an empty domain.
pub fn covers(domain: &str, host: &str) -> bool {
    host == domain
        || (!domain.is_empty() && host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_what_someone_registers() {
        let domains = [
            "a.b.example",
            "best.co.uk",
            "x.best.co.uk",
            "localhost",
            "25.77.0.3",
        ]
        .map(domain_of);
        assert_eq!(
            domains,
            ["b.example", "best.co.uk", "best.co.uk", "localhost", "25.77.0.3"]
        );
    }

    #[test]
    fn a_domain_covers_itself_and_what_is_under_it() {
        assert!(covers("b.example", "b.example") && covers("b.example", "a.b.example"));
        assert!(!covers("b.example", "bb.example") && !covers("", "b.example"));
    }

    #[test]
    fn a_target_is_a_host_or_a_url() {
        assert_eq!(host_of("https://A.example:8443/x"), "a.example");
        assert_eq!(host_of("a.example"), "a.example");
    }
}
