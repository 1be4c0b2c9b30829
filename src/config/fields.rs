//! The one table of what a configuration may hold. The reader checks files against it, and the published JSON Schema
//! is written from it.

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
