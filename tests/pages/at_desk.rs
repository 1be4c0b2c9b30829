//! The helpdesk's view, and results that were made elsewhere.

use std::rc::Rc;

use clearline::desk::{Desk, Opened, agent_link};
use clearline::phone_code;
use clearline::received::Received;
use clearline::report::{Report, RunStamp};
use clearline::travel::{Unreadable, shorter};
use clearline::ui::PageProps;

use crate::fixtures;

/// The report of a finished page, as it would be saved.
fn saved(page: &PageProps, id: &str, started: &str) -> String {
    let config = page.config.as_ref().expect("a good configuration");
    let stamp = RunStamp {
        id: id.to_owned(),
        started: started.to_owned(),
    };
    Report::new(config, &page.link, &page.state, &stamp, &page.words, false).to_json()
}

fn opened(text: &str) -> Opened {
    Opened {
        name: String::new(),
        report: Received::read(text),
    }
}

pub fn at(desk: Desk) -> PageProps {
    PageProps {
        desk: Some(Rc::new(desk)),
        languages: Rc::new(
            [("en", "English"), ("de", "Deutsch")]
                .map(|(tag, name)| (tag.to_owned(), name.to_owned()))
                .to_vec(),
        ),
        ..fixtures::before()
    }
}

fn blocked() -> String {
    saved(&fixtures::blocked(), "1", "2026-11-25T08:00:00.000Z")
}

pub fn desk_tools() -> PageProps {
    let parameters = [
        ("config", "Berlin".to_owned()),
        ("phone", "webrtc-softphone".to_owned()),
        ("ticket", "INC 4711".to_owned()),
    ];
    at(Desk {
        tools: true,
        link: Some(agent_link("https://selftest.best-customer.example/", &parameters)),
        code: Some(phone_code::read("4CFZ-ZVSQ")),
        ..Desk::default()
    })
}

pub fn desk_compared() -> PageProps {
    let ready = saved(&fixtures::ready(), "2", "2026-11-25T09:30:00.000Z");
    let desk = Desk {
        tools: true,
        code: Some(phone_code::read("4CFZ-ZVSX")),
        ..Desk::default()
    };
    at(desk.with(opened(&ready)).with(opened(&blocked())))
}

pub fn received() -> PageProps {
    at(Desk::default().with(opened(&blocked())))
}

/// As it arrives in a link that fits into a chat.
pub fn received_short() -> PageProps {
    let degraded = saved(&fixtures::degraded(), "3", "2026-11-25T10:00:00.000Z");
    let shortest = shorter(&degraded).pop().expect("it has a short form");
    at(Desk::default().with(opened(&shortest)))
}

pub fn received_damaged() -> PageProps {
    at(Desk::default().with(Opened {
        name: "clearline.json".to_owned(),
        report: Err(Unreadable::Damaged),
    }))
}
