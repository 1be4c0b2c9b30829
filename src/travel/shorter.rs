//! Leaves parts of a report out until it fits: what the helpdesk needs least goes first.

use crate::json::Json;

/// A part: a key into the words, empty where nothing is lost, and how it is left out.
type Part = (&'static str, fn(&mut Json));

/// What may be left out, in this order.
const PARTS: [Part; 8] = [
    ("", |report| drop_nulls(report)),
    ("ui.left-out.probes", |report| {
        each(report, "probes", |it, _| drop_keys(it, &["detail"]))
    }),
    ("ui.left-out.meanwhile", |report| {
        drop_keys(report, &["meanwhile"])
    }),
    ("ui.left-out.further-fixes", |report| {
        each(report, "fixes", |it, at| {
            if at > 0 {
                drop_keys(it, &["copy", "snippets", "steps"]);
            }
        });
    }),
    ("ui.left-out.ladder", |report| {
        if let Some(media) = member(report, "media") {
            each(media, "ladder", |it, _| {
                keep_keys(it, &["target_kbps", "received_kbps", "clean", "why"])
            });
            drop_keys(media, &["spread", "capacity_spread"]);
        }
    }),
    ("ui.left-out.snippets", |report| {
        each(report, "fixes", |it, _| drop_keys(it, &["snippets"]))
    }),
    ("ui.left-out.evidence", |report| {
        each(report, "findings", |it, at| {
            if at > 0 {
                drop_keys(it, &["evidence", "against"]);
            }
        });
    }),
    ("ui.left-out.requests", |report| {
        each(report, "fixes", |it, _| drop_keys(it, &["copy"]))
    }),
];

/// The report (a JSON text) as a whole, and then shorter and shorter: each as JSON on one line, in which `left_out` says
/// what is not in it.
pub fn shorter(report: &str) -> Vec<String> {
    let Ok(mut report) = Json::read(report) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    let mut left_out = Vec::new();
    for (key, leave_out) in PARTS {
        leave_out(&mut report);
        if !key.is_empty() {
            left_out.push(Json::Text(key.to_owned()));
        }
        let mut told = report.clone();
        if let (Json::Object(entries), false) = (&mut told, left_out.is_empty()) {
            entries.push(("left_out".to_owned(), Json::List(left_out.clone())));
        }
        all.push(told.line());
    }
    all
}

fn member<'a>(object: &'a mut Json, key: &str) -> Option<&'a mut Json> {
    let Json::Object(entries) = object else {
        return None;
    };
    entries
        .iter_mut()
        .find(|(name, _)| name == key)
        .map(|(_, value)| value)
}

fn each(object: &mut Json, key: &str, change: impl Fn(&mut Json, usize)) {
    if let Some(Json::List(list)) = member(object, key) {
        for (at, one) in list.iter_mut().enumerate() {
            change(one, at);
        }
    }
}

fn drop_keys(object: &mut Json, keys: &[&str]) {
    if let Json::Object(entries) = object {
        entries.retain(|(name, _)| !keys.contains(&&**name));
    }
}

fn keep_keys(object: &mut Json, keys: &[&str]) {
    if let Json::Object(entries) = object {
        entries.retain(|(name, _)| keys.contains(&&**name));
    }
}

/// What was not measured is missing in a link: the same, and shorter.
fn drop_nulls(json: &mut Json) {
    match json {
        Json::Object(entries) => {
            entries.retain(|(_, value)| *value != Json::Null);
            entries.iter_mut().for_each(|(_, value)| drop_nulls(value));
        }
        Json::List(list) => list.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"{"schema": "clearline.report/1", "primary": null,
        "findings": [{"id": "a", "evidence": ["1"]}, {"id": "b", "evidence": ["2"]}],
        "fixes": [{"id": "x", "copy": "ask", "steps": ["s"]}, {"id": "y", "copy": "more", "steps": ["t"]}],
        "probes": [{"id": "page", "detail": {"kind": "page"}}],
        "media": {"ladder": [{"target_kbps": 10, "sent_kbps": 10, "clean": true}]}}"#;

    #[test]
    fn the_first_is_whole_and_the_last_still_says_what_matters() {
        let all = shorter(REPORT);
        assert_eq!(all.len(), PARTS.len());
        assert!(all[0].contains("\"detail\"") && !all[0].contains("primary") && !all[0].contains("left_out"));
        let last = all.last().unwrap();
        for kept in [
            "\"a\"",
            "\"b\"",
            "[\"1\"]",
            "\"x\"",
            "[\"s\"]",
            "\"clean\":true",
            "ui.left-out.requests",
        ] {
            assert!(last.contains(kept), "{kept} in {last}");
        }
        for gone in ["\"detail\"", "sent_kbps", "[\"2\"]", "\"t\"", "ask"] {
            assert!(!last.contains(gone), "{gone} in {last}");
        }
    }

    #[test]
    fn each_is_shorter_but_for_what_it_says_of_itself() {
        let said = |text: &str| text.find("\"left_out\"").unwrap_or(text.len());
        let all = shorter(REPORT);
        assert!(all.windows(2).all(|pair| said(&pair[1]) <= said(&pair[0])));
    }

    #[test]
    fn what_is_no_json_has_no_short_form() {
        assert!(shorter("{").is_empty());
    }
}
