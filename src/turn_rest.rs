//! The answer of a TURN credential service (draft-uberti-behave-turn-rest): `{"username", "password", "ttl", "uris"}`.

use crate::json::Json;
use crate::probe::Credentials;
use crate::units::Secret;

/// The credentials in such an answer. Some services say `credential` where the draft says `password`; both count.
pub fn credentials(text: &str) -> Option<Credentials> {
    let answer = Json::read(text).ok()?;
    let field = |name| answer.text_of(name).filter(|text| !text.is_empty());
    Some(Credentials {
        username: field("username")?.to_owned(),
        password: Secret::new(field("password").or_else(|| field("credential"))?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_understood() {
        for answer in [
            r#"{"username":"1760000000:a","password":"p","ttl":3600,"uris":["turn:turn.example:443?transport=tcp"]}"#,
            r#"{"username":"1760000000:a","credential":"p"}"#,
        ] {
            let read = credentials(answer);
            assert_eq!(
                read.as_ref().map(|read| read.username.as_str()),
                Some("1760000000:a")
            );
            assert_eq!(read.as_ref().map(|read| read.password.expose()), Some("p"));
        }
    }

    #[test]
    fn anything_else_is_no_answer() {
        for answer in [
            "",
            "<html>",
            "[]",
            "null",
            r#"{"username":"a"}"#,
            r#"{"username":"","password":""}"#,
        ] {
            assert!(credentials(answer).is_none(), "{answer}");
        }
    }
}
