//! Whom to ask.

use super::element::{El, el};
use crate::config::Helpdesk;
use crate::few::Gather as _;
use crate::words::Words;

/// The helpdesk's name and every way to reach it.
pub(super) fn helpdesk_line(words: &Words, helpdesk: &Helpdesk) -> El {
    let phone = helpdesk.phone.as_ref().map(|phone| match telephone(phone) {
        Some(link) => el("a").set("href", link).with(phone),
        None => el("span").with(phone),
    });
    let email = helpdesk
        .email
        .as_ref()
        .map(|email| el("a").set("href", mail(email)).with(email));
    let url = helpdesk.url.as_ref().map(|url| {
        el("a href='' target='_blank' rel='noopener noreferrer'")
            .set("href", url)
            .word(words, "ui.helpdesk.ticket")
    });
    el("p class='helpdesk'")
        .with(el("span").with(&helpdesk.name))
        .with(phone)
        .with(email)
        .with(url)
}

/// A number as it is dialled (RFC 3966): without what makes it easy to read, and with its extension. Of `+44 (0)20 …` the
/// `(0)` is dialled at home only. `None` of one that nobody can dial as it stands: letters for digits, an extension alone.
#[inline(never)]
fn telephone(text: &str) -> Option<String> {
    let signs = "+*#0123456789(";
    let text = &text[text.find(|it| signs.contains(it))?..];
    let text = match text.starts_with('+') {
        true => text.replace("(0)", ""),
        false => text.to_owned(),
    };
    let behind = |it: char| it.is_ascii_alphabetic() || it == ',';
    let (number, behind) = text.split_at(text.find(behind).unwrap_or(text.len()));
    let dialled = |text: &str| text.split(|it| !"+*#0123456789".contains(it)).few().concat();
    let (number, extension) = (dialled(number), dialled(behind));
    let parts = match (behind.is_empty(), extension.is_empty()) {
        _ if number.is_empty() => return None,
        (true, _) => ["tel:", &number, "", ""],
        (false, true) => return None,
        (false, false) => ["tel:", &number, ";ext=", &extension],
    };
    Some(parts.concat().replace('#', "%23"))
}

/// A mail address may hold what means something in a link (RFC 6068, section 2).
#[inline(never)]
fn mail(email: &str) -> String {
    let mut address = "mailto:".to_owned() + email;
    for (sign, code) in [('%', "%25"), ('?', "%3F"), ('&', "%26"), ('#', "%23")] {
        address = address.replace(sign, code);
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dialled_as_they_are_meant() {
        for (text, address) in [
            ("+1 555 0100", "tel:+15550100"),
            ("+44 (0)20 7946-0000", "tel:+442079460000"),
            ("(020) 7946 0000", "tel:02079460000"),
            ("030/12345-67", "tel:0301234567"),
            ("+1 555 0100 ext. 7", "tel:+15550100;ext=7"),
            ("*100#", "tel:*100%23"),
            ("555 0100, 12", "tel:5550100;ext=12"),
            ("Tel. +49 30 1", "tel:+49301"),
            ("ext 4711", "tel:4711"),
        ] {
            assert_eq!(telephone(text).as_deref(), Some(address), "{text}");
        }
        for text in ["1-800-FLOWERS", "reception", ""] {
            assert_eq!(telephone(text), None, "{text}");
        }
    }

    #[test]
    fn an_address_adds_nothing_to_its_mail() {
        assert_eq!(
            mail("desk@best-customer.example"),
            "mailto:desk@best-customer.example"
        );
        assert_eq!(mail("a?cc=b&c%d@x.example"), "mailto:a%3Fcc=b%26c%25d@x.example");
    }
}
