//! `cargo xtask config FILE`, and what a configuration means for the files beside the page.

use std::io::Read as _;

use clearline::config::Config;
use clearline::draft::{Spot, spots};
use lab::policy;

use crate::command::{Failure, Outcome};

/// Checks the configurations in files, `-` being the standard input, and prints the policy that the web server then has
/// to send: for all of them, since one server sends one.
///
/// # Errors
/// There is no such file, or something is wrong with one: every problem, each with its place and what would be right.
pub fn main(arguments: &[String]) -> Outcome<()> {
    if arguments.is_empty() {
        return Err(Failure::new(
            "usage: cargo xtask config FILE… (- reads the standard input)",
        ));
    }
    let (mut wrong, mut connect, mut images) = (Vec::new(), Vec::new(), Vec::new());
    for file in arguments {
        match read(file).and_then(|text| checked(file, &text)) {
            Ok(config) => {
                println!("{file} is fine.");
                connect.extend(config.connect_sources());
                images.extend(config.image_sources());
            }
            Err(failure) => wrong.push(failure.to_string()),
        }
    }
    if !wrong.is_empty() {
        return Err(Failure::new(wrong.join("\n")));
    }
    let policy = policy::content_security_policy(&connect, &images);
    println!("\nThe web server's Content-Security-Policy for that:\n\n{policy}");
    Ok(())
}

fn read(file: &str) -> Outcome<String> {
    let mut bytes = Vec::new();
    let read = match file {
        "-" => std::io::stdin().read_to_end(&mut bytes).map(drop),
        file => std::fs::read(file).map(|read| bytes = read),
    };
    read.map_err(|error| Failure::new(format!("{file}: {error}")))?;
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        Failure::new(format!("{file}:{line}: This is not UTF-8. Save it as UTF-8."))
    })
}

/// The configuration, or all that is wrong with it, as compilers say it: `FILE:LINE:COLUMN: PATH: …`.
fn checked(file: &str, text: &str) -> Outcome<Config> {
    Config::parse(text).map_err(|problems| {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let places = spots(text, &problems);
        let lines = problems.iter().zip(places).map(|(problem, spot)| match spot {
            Some(Spot { line, column, .. }) => format!("{file}:{line}:{column}: {problem}"),
            None => format!("{file}: {problem}"),
        });
        Failure::new(lines.collect::<Vec<_>>().join("\n"))
    })
}

/// The Content-Security-Policy under which a page with this configuration works.
///
/// # Errors
/// Everything that is wrong with the configuration.
pub fn content_security_policy(text: &str) -> Outcome<String> {
    let config = checked("config.json", text)?;
    Ok(policy::content_security_policy(
        &config.connect_sources(),
        &config.image_sources(),
    ))
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
        assert!(words.starts_with("config.json:1:35: $.nmae: "), "{words}");
    }

    #[test]
    fn several_files_are_checked_and_the_wrong_ones_named() {
        let folder = std::env::temp_dir().join(format!("clearline-config-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for the test");
        let file = |name: &str, bytes: &[u8]| {
            let path = folder.join(name);
            std::fs::write(&path, bytes).expect("it can be written");
            path.to_string_lossy().into_owned()
        };
        let good = file("good.json", include_bytes!("../../static/config.json"));
        let bad = file("bad.json", b"{\n  \"schema\": \"clearline.config/1\",\n}");
        let foreign = file("latin.json", b"{\n \"name\": \"Gr\xfcn\" }");
        let outcome = main(&[good.clone(), good.clone()]);
        assert!(outcome.is_ok(), "{outcome:?}");
        let failure = main(&[good, bad.clone(), foreign.clone(), "not-there.json".into()]);
        std::fs::remove_dir_all(&folder).expect("it can be removed");
        let words = failure.expect_err("three are wrong").to_string();
        let lines: Vec<&str> = words.lines().collect();
        assert_eq!(lines.len(), 3, "{words}");
        assert!(lines[0].starts_with(&format!("{bad}:3:1: $: ")), "{words}");
        assert!(lines[1].starts_with(&format!("{foreign}:2: ")), "{words}");
        assert!(lines[2].starts_with("not-there.json: "), "{words}");
        assert!(main(&[]).is_err());
    }

    /// The view says what the build does: a policy that the one asks for and the other does not send would be our mistake.
    #[test]
    fn the_view_in_the_page_asks_for_what_the_build_writes() {
        for text in [
            include_str!("../../static/config.json"),
            include_str!("../../tests/config/contract.json"),
        ] {
            let config = Config::parse(text).expect("it is fine");
            let whole = content_security_policy(text).expect("it is fine");
            for directive in clearline::draft::directives(&config).split("; ") {
                assert!(
                    whole.split("; ").any(|one| one == directive),
                    "{directive}\n{whole}"
                );
            }
            let forbidden = clearline::draft::forbidden(&config, &whole, "https://selftest.example");
            assert_eq!(forbidden, Vec::<String>::new());
        }
    }
}
