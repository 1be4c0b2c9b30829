//! The view in which a configuration is edited, and a check with a draft.

use std::rc::Rc;

use clearline::desk::Desk;
use clearline::draft::Draft;
use clearline::ui::PageProps;

use crate::{at_desk, fixtures, line};

fn edited(mut draft: Draft) -> PageProps {
    draft.page = "https://check.best-customer.example".to_owned();
    at_desk::at(Desk {
        edits: true,
        draft: Some(Rc::new(draft)),
        ..Desk::default()
    })
}

fn deployed() -> Draft {
    let own = r#""username": "demo", "credential": "secret""#;
    let text = line::CONFIG.replace(r#""credentials_url": "/turn-credentials""#, own);
    Draft::open(&text, "config.json")
}

/// The file is not here yet.
pub fn draft_waiting() -> PageProps {
    at_desk::at(Desk {
        edits: true,
        ..Desk::default()
    })
}

/// Nothing is wrong, but the web server allows less than it needs.
pub fn draft_fine() -> PageProps {
    let mut draft = deployed();
    draft.policy = Some("default-src 'none'; connect-src 'self' https://best-customer.example".to_owned());
    edited(draft)
}

/// Several things are wrong, and a file was refused.
pub fn draft_wrong() -> PageProps {
    let draft = deployed().replaced("other.json", Some("{ \"name\": \"Gr\u{fffd}n\" }"));
    let wrong = draft
        .text
        .replacen("\"url\"", "\"ulr\"", 1)
        .replace("pass", "word");
    let mut after = draft.clone().typed(wrong).check();
    after.refused = draft.refused;
    edited(after)
}

/// It is no JSON, and somebody else's draft was there before.
pub fn draft_broken() -> PageProps {
    let typed = deployed().typed("{ \"schema\": \"clearline.config/1\" }".to_owned());
    edited(typed.replaced("other.json", Some("{\n  \"name\": \"A\",\n}\n")))
}

/// The result of a draft.
pub fn draft_tried() -> PageProps {
    PageProps {
        tried: true,
        ..fixtures::ready()
    }
}
