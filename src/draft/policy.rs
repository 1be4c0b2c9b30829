//! The web server's Content-Security-Policy: what of it a configuration needs, and what of that the server's own forbids.

use crate::config::Config;
use crate::few::Gather as _;

/// The two directives that follow from a configuration, as `cargo xtask dist` writes them.
pub fn directives(config: &Config) -> String {
    let line = |name: &str, first: &str, more: &[String]| {
        let mut line = format!("{name} {first}");
        for origin in more {
            line.push(' ');
            line.push_str(origin);
        }
        line
    };
    format!(
        "{}; {}",
        line("img-src", "'self' data:", &config.image_sources()),
        line("connect-src", "'self'", &config.connect_sources())
    )
}

/// The origins that the configuration needs and `policy`, the header's value, forbids to a page of the origin `page`.
pub fn forbidden(config: &Config, policy: &str, page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (directive, needed) in [
        ("connect-src", config.connect_sources()),
        ("img-src", config.image_sources()),
    ] {
        for origin in needed {
            // Of several policies each must allow it.
            let allowed = policy.split(',').all(|one| allows(one, directive, &origin, page));
            if !allowed && !found.contains(&origin) {
                found.push(origin);
            }
        }
    }
    found
}

fn allows(policy: &str, directive: &str, origin: &str, page: &str) -> bool {
    let list = |wanted: &str| {
        let mut directives = policy.split(';').map(str::split_ascii_whitespace);
        directives.find_map(|mut words| {
            let named = words.next()?.eq_ignore_ascii_case(wanted);
            named.then(|| words.few())
        })
    };
    match list(directive).or_else(|| list("default-src")) {
        None => true,
        Some(sources) => sources.iter().any(|source| matches(source, origin, page)),
    }
}

/// Whether a source expression (CSP level 3, section 6.7.2.8; without paths, which no origin has) lets an origin through.
fn matches(source: &str, origin: &str, page: &str) -> bool {
    let source = source.to_ascii_lowercase();
    let (Some((scheme, host)), own) = (origin.split_once("://"), page) else {
        return false;
    };
    if source == "'self'" {
        return origin == own;
    }
    if source == "*" {
        return true;
    }
    let safer = |wanted: &str| scheme == wanted || wanted == "http" && scheme == "https";
    if let Some(wanted) = source.strip_suffix(':') {
        return safer(wanted);
    }
    let (wanted, rest) = match source.split_once("://") {
        Some((wanted, rest)) => (wanted, rest),
        None => (own.split_once("://").map_or("https", |(own, _)| own), &*source),
    };
    let rest = rest.split('/').next().unwrap_or_default();
    let (name, port) = rest.split_once(':').unwrap_or((rest, ""));
    let (host, own_port) = host.split_once(':').unwrap_or((host, ""));
    let usual = |port: &str| match port {
        "80" if scheme == "http" => String::new(),
        "443" if scheme == "https" => String::new(),
        other => other.to_owned(),
    };
    let same_name = match name.strip_prefix("*.") {
        Some(domain) => host.strip_suffix(domain).is_some_and(|sub| sub.ends_with('.')),
        None => host == name,
    };
    safer(wanted) && same_name && (port == "*" || usual(port) == usual(own_port))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "https://selftest.example";

    fn config() -> Config {
        Config::parse(
            r#"{ "schema": "clearline.config/1", "name": "A", "phone": "pstn",
              "applications": [
                { "id": "agent-desktop", "url": "https://desk.example/" },
                { "id": "agent-setup", "url": "https://setup.example:8443/", "check": "image",
                  "image": { "url": "https://img.example/a.png", "width": 1, "height": 1 } }] }"#,
        )
        .unwrap()
    }

    #[test]
    fn the_directives_name_each_origin() {
        assert_eq!(
            directives(&config()),
            "img-src 'self' data: https://img.example; \
             connect-src 'self' https://desk.example https://img.example https://setup.example:8443"
        );
        assert!(forbidden(&config(), &directives(&config()), PAGE).is_empty());
    }

    #[test]
    fn what_a_policy_forbids_is_named() {
        let forbids = |policy: &str| forbidden(&config(), policy, PAGE);
        assert_eq!(forbids(""), Vec::<String>::new());
        assert_eq!(
            forbids("default-src 'none'; img-src *; connect-src 'self' https://DESK.example"),
            ["https://img.example", "https://setup.example:8443"]
        );
        assert_eq!(
            forbids("default-src 'self' https://*.example:*, connect-src https:"),
            Vec::<String>::new()
        );
        assert_eq!(
            forbids("default-src *, connect-src https://desk.example; img-src data:"),
            ["https://img.example", "https://setup.example:8443"]
        );
    }

    #[test]
    fn sources_let_through_what_browsers_do() {
        for (source, origin, lets) in [
            ("'self'", PAGE, true),
            ("'none'", PAGE, false),
            ("*.desk.example", "https://desk.example", false),
            ("*.example", "https://desk.example", true),
            ("desk.example", "https://desk.example", true),
            ("desk.example:443", "https://desk.example", true),
            ("desk.example", "https://desk.example:444", false),
            ("desk.example:*", "https://desk.example:444", true),
            ("http://desk.example", "https://desk.example", true),
            ("https://desk.example", "http://desk.example", false),
            ("https://desk.example/path", "https://desk.example", true),
            ("data:", "https://desk.example", false),
            ("desk.example.evil", "https://desk.example", false),
        ] {
            assert_eq!(matches(source, origin, PAGE), lets, "{source} {origin}");
        }
    }
}
