//! The words of the configuration, the link and the report for closed sets.

use super::{ActivityId, Check, Phone, Transport};

/// Gives a closed set its ids, in one place for both directions.
macro_rules! ids {
    ($type:ident { $($variant:ident = $id:literal),+ $(,)? }) => {
        impl $type {
            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
            /// Their ids, in the same order.
            pub const IDS: &[&str] = &[$($id),+];

            /// The id in configuration, link and report.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$variant => $id),+
                }
            }

            /// The one with this id.
            pub fn from_id(id: &str) -> Option<Self> {
                match id {
                    $($id => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

ids!(Transport { Internet = "internet", Private = "private", Both = "both" });

ids!(Phone {
    WebrtcEmbedded = "webrtc-embedded",
    WebrtcSoftphone = "webrtc-softphone",
    Sip = "sip",
    Corporate = "corporate",
    Pstn = "pstn",
});

ids!(ActivityId {
    SignIn = "sign-in",
    AgentDesktop = "agent-desktop",
    Voice = "voice",
    ScreenRecording = "screen-recording",
    Administration = "administration",
});

impl Check {
    /// The ids of the checks.
    pub const IDS: &[&str] = &["reach", "image", "canary"];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_what_a_report_says() {
        fn same<T: serde::Serialize + Copy>(all: &[T], ids: &[&str]) {
            let written: Vec<_> = all.iter().map(|one| serde_json::to_value(one).unwrap()).collect();
            assert_eq!(written, ids);
        }
        same(Transport::ALL, Transport::IDS);
        same(Phone::ALL, Phone::IDS);
        same(ActivityId::ALL, ActivityId::IDS);
        assert!(
            Phone::ALL
                .iter()
                .all(|phone| Phone::from_id(phone.id()) == Some(*phone))
        );
    }
}
