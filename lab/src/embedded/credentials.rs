//! Time-limited TURN credentials: what a TURN REST service hands out and coturn's `use-auth-secret` accepts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use serde::Serialize;
use sha1::Sha1;

/// How long a credential is good for, in seconds.
pub const LIFETIME_S: u64 = 600;

/// What `/turn-credentials` answers (draft-uberti-behave-turn-rest).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Credential {
    /// `EXPIRY:USER`, the expiry in seconds since 1970.
    pub username: String,
    /// base64(HMAC-SHA1(secret, username)).
    pub password: String,
    /// Seconds that it is good for.
    pub ttl: u64,
    /// The TURN servers that accept it.
    pub uris: Vec<String>,
}

impl Credential {
    /// A credential for `uris` that ends [`LIFETIME_S`] after `now_s` (seconds since 1970).
    pub fn issue(secret: &[u8], uris: &[String], now_s: u64) -> Self {
        let username = format!("{}:clearline", now_s + LIFETIME_S);
        Self {
            password: password(secret, &username),
            username,
            ttl: LIFETIME_S,
            uris: uris.to_vec(),
        }
    }
}

/// The password that belongs to a user name.
pub(super) fn password(secret: &[u8], username: &str) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(username.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_what_coturn_computes() {
        // printf 1700000600:clearline | openssl dgst -sha1 -hmac secret -binary | base64
        let credential = Credential::issue(b"secret", &[], 1_700_000_000);
        assert_eq!(credential.username, "1700000600:clearline");
        assert_eq!(credential.password, "s8Yy+HKIBpRcfj1VIGG9f3vlEhk=");
    }
}
