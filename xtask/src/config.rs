//! `cargo xtask config FILE`, and what a configuration means for the files beside the page.

use clearline::config::{Config, Problem};
use lab::policy;

use crate::command::{Failure, Outcome};

/// Checks the configuration in a file, and prints the policy that the web server then has to send.
///
/// # Errors
/// There is no such file, or something is wrong with it.
pub fn main(arguments: &[String]) -> Outcome<()> {
    let [file] = arguments else {
        return Err(Failure::new("usage: cargo xtask config FILE"));
    };
    let text = std::fs::read_to_string(file).map_err(|error| Failure::new(format!("{file}: {error}")))?;
    let policy = content_security_policy(&text)?;
    println!("{file} is fine. The web server's Content-Security-Policy for it:\n\n{policy}");
    Ok(())
}

/// The Content-Security-Policy under which a page with this configuration works.
///
/// # Errors
/// Everything that is wrong with the configuration.
pub fn content_security_policy(text: &str) -> Outcome<String> {
    let config = Config::parse(text).map_err(|problems| Failure::new(listed(&problems)))?;
    Ok(policy::content_security_policy(
        &config.connect_sources(),
        &config.image_sources(),
    ))
}

fn listed(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(Problem::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_example_is_fine_and_its_hosts_are_allowed() {
        let policy = content_security_policy(include_str!("../../static/config.json"));
        let policy = policy.expect("the example has no problems");
        assert!(
            policy.contains("https://selftest.best-customer.example"),
            "{policy}"
        );
    }

    #[test]
    fn every_problem_is_named_with_its_place() {
        let failure = content_security_policy(r#"{ "schema": "clearline.config/1", "nmae": 1 }"#);
        let words = failure.expect_err("there are problems").to_string();
        assert!(words.contains("nmae") && words.lines().count() > 1, "{words}");
    }
}
