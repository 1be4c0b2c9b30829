//! The kinds of text in a configuration: what each must look like, for the reader and for the JSON Schema.

use super::spelling::printable;
use super::url::{LONGEST, host_name, relative_or_http};
use super::{Fault, HttpUrl, TurnScheme, TurnUrl};

/// A kind of text.
pub(super) struct Format {
    /// What would be right, to follow "Write".
    pub(super) right: &'static str,
    /// For the JSON Schema: what the check does, or a little less.
    pub(super) pattern: &'static str,
    /// In characters.
    pub(super) longest: usize,
    pub(super) check: fn(&str) -> Result<(), Fault>,
}

pub(super) static NAME: Format = Format {
    right: "a name of 1 to 100 characters",
    pattern: r"\S",
    longest: 100,
    check: |text| {
        if text.trim().is_empty() {
            return Err(Fault::new(
                "The name is empty.",
                "Write a name that people recognise.",
            ));
        }
        line(text)
    },
};

pub(super) static LINE: Format = Format {
    right: "one line of text",
    pattern: "",
    longest: LONGEST,
    check: line,
};

pub(super) static ID: Format = Format {
    right: "small letters, digits and hyphens, at most 40, such as agent-desktop",
    pattern: "^[a-z0-9]+(-[a-z0-9]+)*$",
    longest: 40,
    check: |text| {
        let word = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        plain(
            text.split('-').all(word),
            "This is no id.",
            "Write small letters, digits and single hyphens, such as crm-2.",
        )
    },
};

pub(super) static HTTP_URL: Format = Format {
    right: "an https:// address such as https://best-customer.example/",
    pattern: r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s#@\\]+$",
    longest: LONGEST,
    check: |text| HttpUrl::parse(text).map(drop),
};

pub(super) static CANARY_URL: Format = Format {
    right: "an https:// address such as https://selftest.best-customer.example/canary",
    pattern: r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s#@?\\]+$",
    longest: LONGEST,
    check: |text| canary(&HttpUrl::parse(text)?),
};

pub(super) static PAGE_URL: Format = Format {
    right: "an https:// address, or one relative to the page such as /turn-credentials",
    pattern: r"^[^\s#\\]+$",
    longest: LONGEST,
    check: |text| relative_or_http(text).map(drop),
};

pub(super) static TURN_URL: Format = Format {
    right: "a TURN address such as turn:turn.best-customer.example:443?transport=tcp",
    pattern: r"^turns?:[^/\s#@?\\\[]+(\?transport=(tcp|udp))?$",
    longest: LONGEST,
    check: |text| {
        let stun = TurnUrl::parse(text)?.scheme == TurnScheme::Stun;
        plain(
            !stun,
            "This is a STUN address, not a TURN one.",
            "Move it to the list `stun`, or write turn: or turns:.",
        )
    },
};

pub(super) static STUN_URL: Format = Format {
    right: "a STUN address such as stun:turn.best-customer.example:443",
    pattern: r"^stun:[^/\s#@?\\\[]+$",
    longest: LONGEST,
    check: |text| {
        let stun = TurnUrl::parse(text)?.scheme == TurnScheme::Stun;
        plain(
            stun,
            "This is a TURN address, not a STUN one.",
            "Move it to the list `turn`, or write stun:.",
        )
    },
};

pub(super) static NETWORK: Format = Format {
    right: "an IPv4 network such as 25.77.0.0/29",
    pattern: r"^[0-9]{1,3}(\.[0-9]{1,3}){3}(/[0-9]{1,2})?$",
    longest: 64,
    check: |text| super::network::on_access_list(text).map(drop),
};

pub(super) static CREDENTIAL: Format = Format {
    right: "1 to 500 characters",
    pattern: "",
    longest: 500,
    check: |text| {
        let fits = !text.is_empty() && !text.chars().any(char::is_control);
        plain(
            fits,
            "It is empty, or has invisible characters in it.",
            "Copy it again from where it was issued.",
        )
    },
};

pub(super) static TELEPHONE: Format = Format {
    right: "a telephone number such as +1 555 0100",
    pattern: "[0-9]",
    longest: 40,
    check: |text| {
        let fits = text.bytes().any(|b| b.is_ascii_digit())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b" +-()./*#,".contains(&b));
        plain(
            fits,
            "This is no telephone number.",
            "Write digits, with blanks, +, - and brackets, such as +1 555 0100.",
        )
    },
};

pub(super) static EMAIL: Format = Format {
    right: "an e-mail address such as desk@best-customer.example",
    pattern: r"^[^\s@]+@[^\s@]+$",
    longest: 254,
    check: |text| {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~.-".contains(&b);
        let fits = text.split_once('@').is_some_and(|(name, host)| {
            (1..=64).contains(&name.len()) && name.bytes().all(allowed) && host_name(host).is_ok()
        });
        plain(
            fits,
            "This is no e-mail address.",
            "Write one address, such as desk@best-customer.example.",
        )
    },
};

pub(super) static COLOUR: Format = Format {
    right: "a colour such as #0a5cff",
    pattern: "^#[0-9a-fA-F]{6}$",
    longest: 7,
    check: |text| {
        let fits = text
            .strip_prefix('#')
            .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()));
        plain(
            fits,
            "This is no colour.",
            "Write # and six digits or letters a to f, such as #0a5cff.",
        )
    },
};

/// A canary's parts and nonce are put behind its address.
pub(super) fn canary(url: &HttpUrl) -> Result<(), Fault> {
    plain(
        !url.has_query(),
        "A canary's address has no query.",
        "Leave the ? and what follows out: the page puts a query of its own there.",
    )
}

fn line(text: &str) -> Result<(), Fault> {
    plain(
        text.chars().all(printable),
        "There are invisible characters in it, such as a line break.",
        "Write it again in one line.",
    )
}

fn plain(fits: bool, what: &str, remedy: &str) -> Result<(), Fault> {
    if fits {
        Ok(())
    } else {
        Err(Fault::new(what, remedy))
    }
}
