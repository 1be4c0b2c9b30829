//! A fix applied to its world: the very lines that the report gives whoever must act, put where they belong.

use serde::Deserialize;
use serde_json::Value;

/// The `[fix]` table of a world: with these lines of the report applied, the same world must be ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remedy {
    /// Which lines.
    pub apply: Kind,
}

/// For which kind of machine lines are, and so where they are put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Loaded by `nft -f` on the company's router.
    Nftables,
    /// Written into the configuration of the company's proxy.
    Squid,
    /// Written into the browser's PAC file.
    Pac,
}

impl Kind {
    /// As the report names it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Nftables => "nftables",
            Kind::Squid => "squid",
            Kind::Pac => "pac",
        }
    }
}

/// Lines of a report, and the fix that gives them.
#[derive(Debug, PartialEq, Eq)]
pub struct Lines {
    /// The fix's id.
    pub fix: String,
    /// The lines.
    pub text: String,
}

/// The lines of this kind in the report's first fix that resolves its primary finding and has some.
#[must_use]
pub fn lines(report: &Value, kind: Kind) -> Option<Lines> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    list(&report["fixes"])
        .iter()
        .filter(|fix| list(&fix["resolves"]).contains(&report["primary"]))
        .find_map(|fix| {
            let lines: Vec<String> = list(&fix["snippets"])
                .iter()
                .filter(|snippet| snippet["kind"] == kind.as_str())
                .filter_map(|snippet| Some(snippet["text"].as_str()?.to_owned()))
                .collect();
            (!lines.is_empty()).then(|| Lines {
                fix: fix["id"].as_str().unwrap_or_default().to_owned(),
                text: lines.join("\n"),
            })
        })
}

/// squid's configuration with lines added where the ticket says: before the other `http_access` lines.
#[must_use]
pub fn squid(configuration: &str, lines: &str) -> String {
    before(configuration, "http_access", lines).unwrap_or_else(|| format!("{lines}\n{configuration}"))
}

/// A PAC file with lines added where the ticket says: at the beginning of `FindProxyForURL`.
#[must_use]
pub fn pac(file: &str, lines: &str) -> Option<String> {
    let function = file.find("function FindProxyForURL")?;
    let body = function + file[function..].find('{')? + 1;
    Some(format!("{}\n{lines}{}", &file[..body], &file[body..]))
}

/// With lines before the first line that begins with a word.
fn before(text: &str, word: &str, lines: &str) -> Option<String> {
    let place = if text.starts_with(word) {
        0
    } else {
        text.find(&format!("\n{word}"))? + 1
    };
    Some(format!("{}{lines}\n{}", &text[..place], &text[place..]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lines_are_taken_from_a_fix_of_the_primary_finding_alone() {
        let report = json!({ "primary": "turn-refused", "fixes": [
            { "resolves": ["dns-failed"], "snippets": [{ "kind": "squid", "text": "another" }] },
            { "resolves": ["turn-refused"] },
            { "id": "let-voice-through", "resolves": ["turn-refused"], "snippets": [
                { "kind": "pac", "text": "p" }, { "kind": "squid", "text": "a" }, { "kind": "squid", "text": "b" }] },
        ]});
        let fix = |text: &str| {
            let (fix, text) = ("let-voice-through".to_owned(), text.to_owned());
            Some(Lines { fix, text })
        };
        assert_eq!(lines(&report, Kind::Squid), fix("a\nb"));
        assert_eq!(lines(&report, Kind::Pac), fix("p"));
        assert_eq!(lines(&report, Kind::Nftables), None);
    }

    #[test]
    fn squid_reads_them_before_it_denies() {
        let with = squid(
            "http_port 1\nacl d dstdomain x\nhttp_access deny d\n",
            "http_access allow y",
        );
        assert_eq!(
            with,
            "http_port 1\nacl d dstdomain x\nhttp_access allow y\nhttp_access deny d\n"
        );
    }

    #[test]
    fn a_pac_file_decides_by_them_first() {
        let file = "// {\nfunction FindProxyForURL(url, host) {\n  return \"PROXY p:1\";\n}\n";
        let with = pac(file, "  if (host == \"x\") return \"DIRECT\";").expect("has the function");
        assert!(
            with.contains("host) {\n  if (host == \"x\") return \"DIRECT\";\n  return"),
            "{with}"
        );
        assert_eq!(pac("nothing", "x"), None);
    }
}
