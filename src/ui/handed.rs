//! What leaves with "Copy for ticket", "Save" and "Share", word for word, before it does.

use yew::Callback;

use super::Action;
use super::element::{El, card, el};
use crate::config::Reporting;
use crate::report::{Format, Report};
use crate::words::Words;

/// What would leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// How the ticket is written.
    pub format: Format,
    /// What is copied for a ticket.
    pub ticket: String,
    /// What is saved.
    pub file: String,
}

impl Handed {
    /// Of a report.
    pub fn of(report: &Report, words: &Words, format: Format) -> Self {
        Self {
            format,
            ticket: report.ticket(words, format),
            file: report.to_json(),
        }
    }
}

/// All of it, and what was sent already.
pub(super) fn handed(
    words: &Words,
    handed: &Handed,
    reporting: &Reporting,
    actions: &Callback<Action>,
) -> El {
    let mut formats = el("fieldset class='choices'").with(el("legend").word(words, "ui.handed.format"));
    for (format, name) in Format::ALL {
        let choice = el("input type='radio' name='format'")
            .set("value", name)
            .checked(format == handed.format)
            .on_change(actions, Action::SetFormat(format));
        let key = match format {
            Format::Plain => "ui.handed.plain",
            Format::Markdown => "ui.handed.markdown",
        };
        formats = formats.with(el("label").with(choice).with(el("span").word(words, key)));
    }
    let exactly = |id: &str, label: &str, text: &str| {
        el("pre tabindex='0' role='group'")
            .set("id", id)
            .set("aria-label", words.get(label))
            .with(text)
    };
    let mut hosts: Vec<&str> = Vec::new();
    for url in reporting.otlp_url.iter().chain(&reporting.webhook_url) {
        if !hosts.contains(&&*url.host) {
            hosts.push(&url.host);
        }
    }
    let sent = (!hosts.is_empty()).then(|| {
        let hosts = hosts.iter().map(|host| el("li").with(el("code").with(*host)));
        el("div id='handed-sent'")
            .with(el("p").word(words, "ui.handed.sent"))
            .with(el("ul").with_all(hosts))
    });
    card("handed-heading", words.get("ui.handed"))
        .set("id", "handed")
        .class("handed")
        .with(formats)
        .with(el("p").word(words, "ui.handed.copied"))
        .with(exactly("handed-ticket", "ui.actions.ticket", &handed.ticket))
        .with(el("p").word(words, "ui.handed.saved"))
        .with(exactly("handed-file", "ui.actions.save", &handed.file))
        .with(el("p").word(words, "ui.handed.shared"))
        .with(sent)
}
