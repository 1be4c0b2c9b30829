//! The one table of what a configuration may hold. The reader checks files against it, and the published JSON Schema
//! is written from it.

use super::spelling::printable;
use super::url::{LONGEST, host_name, relative_or_http};
use super::{ActivityId, Check, Fault, HttpUrl, Phone, Transport, TurnScheme, TurnUrl};

/// The version of the format.
pub(super) const SCHEMA: &str = "clearline.config/1";

/// An object with these keys and no others.
pub(super) struct Shape {
    pub(super) fields: &'static [Field],
    /// Exactly one of these groups of keys is there, and complete.
    pub(super) ways: &'static [&'static [&'static str]],
    pub(super) needs: Option<Need>,
}

/// A key.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) kind: Kind,
    pub(super) about: &'static str,
}

/// What may stand there. A key that is not required may also be null.
pub(super) enum Kind {
    Text(&'static Format),
    Choice(&'static [&'static str]),
    Whole {
        least: u32,
        most: u32,
    },
    Flag,
    Object(&'static Shape),
    List {
        of: &'static Kind,
        least: usize,
        most: usize,
    },
}

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

/// A key that must be there, and not empty, when another one has one of these values.
pub(super) struct Need {
    pub(super) field: &'static str,
    pub(super) values: &'static [&'static str],
    /// Whether leaving `field` out means one of the values too.
    pub(super) by_default: bool,
    pub(super) needed: &'static str,
    pub(super) remedy: &'static str,
}

const fn required(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field {
        name,
        required: true,
        kind,
        about,
    }
}

const fn optional(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field {
        name,
        required: false,
        kind,
        about,
    }
}

const fn object(fields: &'static [Field]) -> Shape {
    Shape {
        fields,
        ways: &[],
        needs: None,
    }
}

pub(super) static ROOT: Shape = Shape {
    fields: &[
        optional(
            "$schema",
            Kind::Text(&LINE),
            "For editors: where the JSON Schema is. Not read.",
        ),
        required("schema", Kind::Choice(&[SCHEMA]), "The version of this format."),
        required(
            "name",
            Kind::Text(&NAME),
            "The contact centre's name, shown on the page and in reports.",
        ),
        optional(
            "transport",
            Kind::Choice(Transport::IDS),
            "How the applications are reached. Default: internet.",
        ),
        optional(
            "phone",
            Kind::Choice(Phone::IDS),
            "The agents' kind of phone. Default: webrtc-embedded.",
        ),
        required(
            "applications",
            Kind::List {
                of: &Kind::Object(&APPLICATION),
                least: 1,
                most: 50,
            },
            "What the agents work with.",
        ),
        optional(
            "turn",
            Kind::List {
                of: &Kind::Object(&TURN_SERVER),
                least: 0,
                most: 20,
            },
            "The TURN servers, one verdict per URL. Needed for the WebRTC phones only.",
        ),
        optional(
            "stun",
            Kind::List {
                of: &Kind::Text(&STUN_URL),
                least: 0,
                most: 10,
            },
            "STUN servers.",
        ),
        optional(
            "controls",
            Kind::List {
                of: &Kind::Text(&HTTP_URL),
                least: 0,
                most: 10,
            },
            "Neutral hosts that should answer when the line works at all. The page's own origin always is one.",
        ),
        optional(
            "canary",
            Kind::Object(&CANARY),
            "This project's own endpoint on a host of your choice.",
        ),
        optional(
            "egress",
            Kind::Object(&EGRESS),
            "Where the agents' traffic leaves to the Internet.",
        ),
        optional(
            "activities",
            Kind::Object(&ACTIVITIES),
            "What an agent does at the same time.",
        ),
        optional("helpdesk", Kind::Object(&HELPDESK), "Whom an agent can ask."),
        optional(
            "reporting",
            Kind::Object(&REPORTING),
            "Where results are sent. Default: nowhere.",
        ),
        optional("brand", Kind::Object(&BRAND), "Logo and colour."),
    ],
    ways: &[],
    needs: Some(Need {
        field: "phone",
        values: &["webrtc-embedded", "webrtc-softphone"],
        by_default: true,
        needed: "turn",
        remedy: "Add at least one TURN server: without one the voice of this phone cannot be tested. \
                 Or choose another phone: sip, corporate or pstn.",
    }),
};

static APPLICATION: Shape = Shape {
    fields: &[
        required(
            "id",
            Kind::Text(&ID),
            "An id of the built-in catalogue, or a new one together with a name.",
        ),
        optional(
            "name",
            Kind::Text(&NAME),
            "The name people see. Default: the catalogue's.",
        ),
        required("url", Kind::Text(&HTTP_URL), "What is asked."),
        optional(
            "check",
            Kind::Choice(Check::IDS),
            "Which answer counts: any, an image of the stated size, or a canary's. Default: reach.",
        ),
        optional(
            "image",
            Kind::Object(&IMAGE),
            "For the check “image”: which image.",
        ),
        optional(
            "required",
            Kind::Flag,
            "False when an agent can work without it. Default: true.",
        ),
        optional(
            "activity",
            Kind::Choice(ActivityId::IDS),
            "What fails when it fails. Default: the catalogue's, else agent-desktop.",
        ),
    ],
    ways: &[],
    needs: Some(Need {
        field: "check",
        values: &["image"],
        by_default: false,
        needed: "image",
        remedy: "Add the image's url, width and height, or choose another check: reach or canary.",
    }),
};

static IMAGE: Shape = object(&[
    required("url", Kind::Text(&HTTP_URL), "Where the image is."),
    required(
        "width",
        Kind::Whole { least: 1, most: 4096 },
        "Its width in pixels.",
    ),
    required(
        "height",
        Kind::Whole { least: 1, most: 4096 },
        "Its height in pixels.",
    ),
]);

static TURN_SERVER: Shape = Shape {
    fields: &[
        required(
            "id",
            Kind::Text(&ID),
            "Names the server on the page and in reports.",
        ),
        required(
            "urls",
            Kind::List {
                of: &Kind::Text(&TURN_URL),
                least: 1,
                most: 8,
            },
            "Its TURN URLs.",
        ),
        optional(
            "username",
            Kind::Text(&CREDENTIAL),
            "The user name, together with `credential`.",
        ),
        optional(
            "credential",
            Kind::Text(&CREDENTIAL),
            "The password. Everybody who opens the page can read it.",
        ),
        optional(
            "credentials_url",
            Kind::Text(&PAGE_URL),
            "A service that answers the usual TURN REST object.",
        ),
        optional(
            "expect",
            Kind::Choice(&["unauthorized"]),
            "For a server without credentials: its refusal proves that it was reached.",
        ),
    ],
    ways: &[&["username", "credential"], &["credentials_url"], &["expect"]],
    needs: None,
};

static CANARY: Shape = object(&[required(
    "url",
    Kind::Text(&CANARY_URL),
    "Its address, without a query.",
)]);

static EGRESS: Shape = object(&[optional(
    "known",
    Kind::List {
        of: &Kind::Text(&NETWORK),
        least: 0,
        most: 200,
    },
    "The IPv4 networks that the cloud's access list holds for you.",
)]);

static ACTIVITIES: Shape = object(&[
    optional(
        "calls",
        Kind::Whole { least: 1, most: 100 },
        "Calls at the same time. Default: 1.",
    ),
    optional(
        "screen_recording",
        Kind::Flag,
        "Whether the screen is recorded. Default: false.",
    ),
]);

static HELPDESK: Shape = object(&[
    required("name", Kind::Text(&NAME), "Its name."),
    optional("phone", Kind::Text(&TELEPHONE), "Its telephone number."),
    optional("email", Kind::Text(&EMAIL), "Its e-mail address."),
    optional("url", Kind::Text(&HTTP_URL), "Where tickets are opened."),
]);

static REPORTING: Shape = object(&[
    optional(
        "otlp_url",
        Kind::Text(&HTTP_URL),
        "An OTLP/HTTP receiver of logs.",
    ),
    optional("webhook_url", Kind::Text(&HTTP_URL), "A plain webhook."),
]);

static BRAND: Shape = object(&[
    optional(
        "logo",
        Kind::Text(&PAGE_URL),
        "An image, relative to the page or absolute.",
    ),
    optional("accent", Kind::Text(&COLOUR), "The one colour."),
]);

static NAME: Format = Format {
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

static LINE: Format = Format {
    right: "one line of text",
    pattern: "",
    longest: LONGEST,
    check: line,
};

static ID: Format = Format {
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

static HTTP_URL: Format = Format {
    right: "an https:// address such as https://best-customer.example/",
    pattern: r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s#@\\]+$",
    longest: LONGEST,
    check: |text| HttpUrl::parse(text).map(drop),
};

static CANARY_URL: Format = Format {
    right: "an https:// address such as https://selftest.best-customer.example/canary",
    pattern: r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s#@?\\]+$",
    longest: LONGEST,
    check: |text| canary(&HttpUrl::parse(text)?),
};

static PAGE_URL: Format = Format {
    right: "an https:// address, or one relative to the page such as /turn-credentials",
    pattern: r"^[^\s#\\]+$",
    longest: LONGEST,
    check: |text| relative_or_http(text).map(drop),
};

static TURN_URL: Format = Format {
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

static STUN_URL: Format = Format {
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

static NETWORK: Format = Format {
    right: "an IPv4 network such as 25.77.0.0/29",
    pattern: r"^[0-9]{1,3}(\.[0-9]{1,3}){3}(/[0-9]{1,2})?$",
    longest: 64,
    check: |text| super::network::on_access_list(text).map(drop),
};

static CREDENTIAL: Format = Format {
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

static TELEPHONE: Format = Format {
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

static EMAIL: Format = Format {
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

static COLOUR: Format = Format {
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
