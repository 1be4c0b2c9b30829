//! A language as people write it: one file, `static/words/LANGUAGE.json`, with a group of words for each part of the page.
//! The build makes a file of each group, since a first visit waits for the first alone.

use std::collections::BTreeMap;

/// The groups of a language's file, and where the page fetches each from, below `words/`: what the first screen needs,
/// what results need, the sentences of problems, and the views that few open.
pub const PARTS: [(&str, &str); 4] = [
    ("page", ""),
    ("results", "results/"),
    ("problems", "problems/"),
    ("desk", "desk/"),
];

/// One part's words.
pub type Part = BTreeMap<String, String>;

/// Reads a language's file: its parts, in the order of [`PARTS`].
///
/// # Errors
/// It is no JSON, or has other groups than these: what is wrong.
pub fn parts(text: &str) -> Result<[Part; 4], String> {
    let mut whole: BTreeMap<String, Part> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut missing = None;
    let parts = PARTS.map(|(name, _)| {
        whole.remove(name).unwrap_or_else(|| {
            missing.get_or_insert(name);
            Part::new()
        })
    });
    match (missing, whole.keys().next()) {
        (Some(name), _) => Err(format!("the group `{name}` is missing")),
        (None, Some(name)) => Err(format!("there is no group `{name}`")),
        (None, None) => Ok(parts),
    }
}

/// A part as the page fetches it.
pub fn written(part: &Part) -> String {
    serde_json::to_string_pretty(part).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_each_part_once() {
        let good =
            r#"{ "page": { "b": "B", "a": "A" }, "results": {}, "problems": {}, "desk": { "c": "C" } }"#;
        let [page, results, _, desk] = parts(good).expect("all four are there");
        assert_eq!(written(&page), "{\n  \"a\": \"A\",\n  \"b\": \"B\"\n}\n");
        assert!(results.is_empty() && desk["c"] == "C");
        for (bad, why) in [
            (
                r#"{ "page": {}, "results": {}, "problems": {} }"#,
                "the group `desk` is missing",
            ),
            (
                r#"{ "page": {}, "results": {}, "problems": {}, "desk": {}, "more": {} }"#,
                "there is no group `more`",
            ),
            (r#"{ "page": { "a": 1 } }"#, "invalid type"),
            ("{", "EOF"),
        ] {
            let said = parts(bad).expect_err(bad);
            assert!(said.contains(why), "{said}");
        }
    }
}
