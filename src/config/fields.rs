//! The one table of what a configuration may hold. The reader checks files against it, and the published JSON Schema
//! is written from it. What each key is about stands in the words, under its path.

use super::formats::{
    CANARY_URL, COLOUR, CREDENTIAL, EMAIL, Format, HTTP_URL, ID, LINE, NAME, NETWORK, PAGE_URL, STUN_URL,
    TELEPHONE, TURN_URL,
};
use super::{ActivityId, Check, Phone, Transport};

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

/// A key that must be there, and not empty, when another one has one of these values.
pub(super) struct Need {
    pub(super) field: &'static str,
    pub(super) values: &'static [&'static str],
    /// Whether leaving `field` out means one of the values too.
    pub(super) by_default: bool,
    pub(super) needed: &'static str,
    /// A key into the words.
    pub(super) remedy: &'static str,
}

const fn required(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        required: true,
        kind,
    }
}

const fn optional(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        required: false,
        kind,
    }
}

const fn object(fields: &'static [Field]) -> Shape {
    Shape {
        fields,
        ways: &[],
        needs: None,
    }
}

pub(super) static FILE: Kind = Kind::Object(&ROOT);

pub(super) static ROOT: Shape = Shape {
    fields: &[
        optional("$schema", Kind::Text(&LINE)),
        required("schema", Kind::Choice(&[SCHEMA])),
        required("name", Kind::Text(&NAME)),
        optional("transport", Kind::Choice(Transport::IDS)),
        optional("phone", Kind::Choice(Phone::IDS)),
        required(
            "applications",
            Kind::List {
                of: &Kind::Object(&APPLICATION),
                least: 1,
                most: 50,
            },
        ),
        optional(
            "turn",
            Kind::List {
                of: &Kind::Object(&TURN_SERVER),
                least: 0,
                most: 20,
            },
        ),
        optional(
            "stun",
            Kind::List {
                of: &Kind::Text(&STUN_URL),
                least: 0,
                most: 10,
            },
        ),
        optional(
            "controls",
            Kind::List {
                of: &Kind::Text(&HTTP_URL),
                least: 0,
                most: 10,
            },
        ),
        optional("canary", Kind::Object(&CANARY)),
        optional("egress", Kind::Object(&EGRESS)),
        optional("activities", Kind::Object(&ACTIVITIES)),
        optional("helpdesk", Kind::Object(&HELPDESK)),
        optional("reporting", Kind::Object(&REPORTING)),
        optional("offline", Kind::Flag),
        optional("brand", Kind::Object(&BRAND)),
    ],
    ways: &[],
    needs: Some(Need {
        field: "phone",
        values: &["webrtc-embedded", "webrtc-softphone"],
        by_default: true,
        needed: "turn",
        remedy: "need.turn",
    }),
};

static APPLICATION: Shape = Shape {
    fields: &[
        required("id", Kind::Text(&ID)),
        optional("name", Kind::Text(&NAME)),
        required("url", Kind::Text(&HTTP_URL)),
        optional("check", Kind::Choice(Check::IDS)),
        optional("image", Kind::Object(&IMAGE)),
        optional("required", Kind::Flag),
        optional("activity", Kind::Choice(ActivityId::IDS)),
    ],
    ways: &[],
    needs: Some(Need {
        field: "check",
        values: &["image"],
        by_default: false,
        needed: "image",
        remedy: "need.image",
    }),
};

static IMAGE: Shape = object(&[
    required("url", Kind::Text(&HTTP_URL)),
    required("width", Kind::Whole { least: 1, most: 4096 }),
    required("height", Kind::Whole { least: 1, most: 4096 }),
]);

static TURN_SERVER: Shape = Shape {
    fields: &[
        required("id", Kind::Text(&ID)),
        required(
            "urls",
            Kind::List {
                of: &Kind::Text(&TURN_URL),
                least: 1,
                most: 8,
            },
        ),
        optional("username", Kind::Text(&CREDENTIAL)),
        optional("credential", Kind::Text(&CREDENTIAL)),
        optional("credentials_url", Kind::Text(&PAGE_URL)),
        optional("expect", Kind::Choice(&["unauthorized"])),
    ],
    ways: &[&["username", "credential"], &["credentials_url"], &["expect"]],
    needs: None,
};

static CANARY: Shape = object(&[required("url", Kind::Text(&CANARY_URL))]);

static EGRESS: Shape = object(&[optional(
    "known",
    Kind::List {
        of: &Kind::Text(&NETWORK),
        least: 0,
        most: 200,
    },
)]);

static ACTIVITIES: Shape = object(&[
    optional("calls", Kind::Whole { least: 1, most: 100 }),
    optional("screen_recording", Kind::Flag),
]);

static HELPDESK: Shape = object(&[
    required("name", Kind::Text(&NAME)),
    optional("phone", Kind::Text(&TELEPHONE)),
    optional("email", Kind::Text(&EMAIL)),
    optional("url", Kind::Text(&HTTP_URL)),
]);

static REPORTING: Shape = object(&[
    optional("otlp_url", Kind::Text(&HTTP_URL)),
    optional("webhook_url", Kind::Text(&HTTP_URL)),
]);

static BRAND: Shape = object(&[
    optional("logo", Kind::Text(&PAGE_URL)),
    optional("accent", Kind::Text(&COLOUR)),
]);
