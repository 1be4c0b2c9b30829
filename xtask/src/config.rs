//! `cargo xtask config FILE`, and which hosts a configuration lets the page contact.

use serde_json::Value;

use crate::command::{Failure, Outcome};

/// Checks the configuration in a file.
///
/// # Errors
/// There is no such file, or something is wrong with it.
pub fn main(arguments: &[String]) -> Outcome<()> {
    let [file] = arguments else {
        return Err(Failure::new("usage: cargo xtask config FILE"));
    };
    let text = std::fs::read_to_string(file).map_err(|error| Failure::new(format!("{file}: {error}")))?;
    let sources = sources(&text)?;
    println!("{file}: this is JSON; the page's own checks are not part of this command yet");
    println!("Its Content-Security-Policy, for the web server:");
    println!(
        "{}",
        lab::policy::content_security_policy(&sources.connect, &sources.images)
    );
    Ok(())
}

/// What the Content-Security-Policy has to allow.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// Origins of `connect-src`.
    pub connect: Vec<String>,
    /// Origins of `img-src`.
    pub images: Vec<String>,
}

/// The origins that a page with this configuration contacts.
///
/// # Errors
/// The text is no JSON.
pub fn sources(config: &str) -> Outcome<Sources> {
    let config: Value = serde_json::from_str(config)
        .map_err(|error| Failure::new(format!("the configuration is no JSON: {error}")))?;
    let mut sources = Sources::default();
    let all = |key: &str| config[key].as_array().cloned().unwrap_or_default();
    for application in all("applications") {
        add(&mut sources.connect, &application["url"]);
        add(&mut sources.images, &application["image"]["url"]);
    }
    for server in all("turn") {
        add(&mut sources.connect, &server["credentials_url"]);
    }
    for control in all("controls") {
        add(&mut sources.connect, &control);
    }
    add(&mut sources.connect, &config["canary"]["url"]);
    add(&mut sources.connect, &config["reporting"]["otlp_url"]);
    add(&mut sources.connect, &config["reporting"]["webhook_url"]);
    Ok(sources)
}

fn add(origins: &mut Vec<String>, url: &Value) {
    if let Some(origin) = url.as_str().and_then(origin)
        && !origins.contains(&origin)
    {
        origins.push(origin);
    }
}

/// `https://host:port` of an absolute URL; none of a path, which is the page's own origin.
fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    Some(format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_that_the_page_contacts_is_allowed() {
        let config = r#"{
            "applications": [
                { "url": "https://a.example/x" },
                { "url": "https://a.example/y", "image": { "url": "https://img.example:8443/i.png?x" } }
            ],
            "turn": [{ "credentials_url": "/turn-credentials" }, { "credentials_url": "https://cred.example" }],
            "controls": ["https://control.example/"],
            "canary": { "url": "https://canary.example/canary" },
            "reporting": { "otlp_url": "https://otlp.example/v1/logs", "webhook_url": null }
        }"#;
        let sources = sources(config).expect("JSON");
        assert_eq!(
            sources.connect,
            [
                "https://a.example",
                "https://cred.example",
                "https://control.example",
                "https://canary.example",
                "https://otlp.example"
            ]
        );
        assert_eq!(sources.images, ["https://img.example:8443"]);
    }
}
