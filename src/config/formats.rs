//! The kinds of text in a configuration: what each must look like, for the reader.

use super::host::{LONGEST, host_name};
use super::spelling::printable;
use super::web_url::relative_or_http;
use super::{Fault, HttpUrl, TurnScheme, TurnUrl};

/// A kind of text.
pub(super) struct Format {
    /// A key into the words: what would be right, to follow "Write".
    pub(super) right: &'static str,
    /// In characters.
    pub(super) longest: usize,
    pub(super) check: fn(&str) -> Result<(), Fault>,
}

pub(super) static NAME: Format = Format {
    right: "format.name",
    longest: 100,
    check: |text| {
        if text.trim().is_empty() {
            return Err(Fault::of("name.empty"));
        }
        line(text)
    },
};

pub(super) static LINE: Format = Format {
    right: "format.line",
    longest: LONGEST,
    check: line,
};

pub(super) static ID: Format = Format {
    right: "format.id",
    longest: 40,
    check: |text| {
        let word = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        plain(text.split('-').all(word), "id.malformed")
    },
};

pub(super) static HTTP_URL: Format = Format {
    right: "format.http-url",
    longest: LONGEST,
    check: |text| HttpUrl::parse(text).map(drop),
};

pub(super) static CANARY_URL: Format = Format {
    right: "format.canary-url",
    longest: LONGEST,
    check: |text| canary(&HttpUrl::parse(text)?),
};

pub(super) static PAGE_URL: Format = Format {
    right: "format.page-url",
    longest: LONGEST,
    check: |text| relative_or_http(text).map(drop),
};

pub(super) static TURN_URL: Format = Format {
    right: "format.turn-url",
    longest: LONGEST,
    check: |text| {
        let stun = TurnUrl::parse(text)?.scheme == TurnScheme::Stun;
        plain(!stun, "turn.is-stun")
    },
};

pub(super) static STUN_URL: Format = Format {
    right: "format.stun-url",
    longest: LONGEST,
    check: |text| {
        let stun = TurnUrl::parse(text)?.scheme == TurnScheme::Stun;
        plain(stun, "stun.is-turn")
    },
};

pub(super) static NETWORK: Format = Format {
    right: "format.network",
    longest: 64,
    check: |text| super::network::on_access_list(text).map(drop),
};

pub(super) static CREDENTIAL: Format = Format {
    right: "format.credential",
    longest: 500,
    check: |text| {
        let fits = !text.is_empty() && !text.chars().any(char::is_control);
        plain(fits, "credential.malformed")
    },
};

pub(super) static TELEPHONE: Format = Format {
    right: "format.telephone",
    longest: 40,
    check: |text| {
        let fits = text.bytes().any(|b| b.is_ascii_digit())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b" +-()./*#,".contains(&b));
        plain(fits, "telephone.malformed")
    },
};

pub(super) static EMAIL: Format = Format {
    right: "format.email",
    longest: 254,
    check: |text| {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~.-".contains(&b);
        let fits = text.split_once('@').is_some_and(|(name, host)| {
            (1..=64).contains(&name.len()) && name.bytes().all(allowed) && host_name(host).is_ok()
        });
        plain(fits, "email.malformed")
    },
};

pub(super) static COLOUR: Format = Format {
    right: "format.colour",
    longest: 7,
    check: |text| {
        let fits = text
            .strip_prefix('#')
            .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()));
        plain(fits, "colour.malformed")
    },
};

/// A canary's parts and nonce are put behind its address.
pub(super) fn canary(url: &HttpUrl) -> Result<(), Fault> {
    plain(!url.has_query(), "canary.query")
}

fn line(text: &str) -> Result<(), Fault> {
    plain(text.chars().all(printable), "text.invisible")
}

fn plain(fits: bool, key: &'static str) -> Result<(), Fault> {
    if fits { Ok(()) } else { Err(Fault::of(key)) }
}
