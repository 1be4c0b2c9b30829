//! The headers that every production server of the page sends: said once, for the embedded default and for
//! the rendered configurations of web servers alike.

/// Headers of every answer, apart from the Content-Security-Policy, which depends on the configuration.
pub const HEADERS: [(&str, &str); 4] = [
    (
        "permissions-policy",
        "autoplay=(self), microphone=(self), fullscreen=(self), screen-wake-lock=(self), clipboard-write=(self), \
         camera=(), geolocation=(), display-capture=(), midi=(), payment=(), usb=(), serial=()",
    ),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("cross-origin-opener-policy", "same-origin"),
];

/// The file that runs a PAC file nobody trusts, and so has a policy of its own: it may evaluate text, and may load and
/// contact nothing at all.
pub const WORKER: &str = "pac-worker.js";

/// The Content-Security-Policy of [`WORKER`].
pub const WORKER_POLICY: &str = "default-src 'none'; script-src 'unsafe-eval'";

/// The file that keeps the page for when its server cannot be reached.
pub const SERVICE_WORKER: &str = "service-worker.js";

/// The Content-Security-Policy of [`SERVICE_WORKER`]: it fetches the page's own files, and nothing else.
pub const SERVICE_WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'";

/// The Content-Security-Policy of a page that may contact `connect` and show images of `images`: origins such
/// as `https://best-customer.example`, besides its own.
///
/// What is no plain origin or source would end the directive or the header and is left out.
pub fn content_security_policy(connect: &[String], images: &[String]) -> String {
    let sources = |first: &str, more: &[String]| {
        let mut sources = vec![first.to_owned()];
        for source in more.iter().filter(|source| is_source(source)) {
            if !sources.contains(source) {
                sources.push(source.clone());
            }
        }
        sources.join(" ")
    };
    [
        "default-src 'none'".to_owned(),
        "script-src 'self' 'wasm-unsafe-eval'".to_owned(),
        "style-src 'self'".to_owned(),
        format!("img-src {}", sources("'self' data:", images)),
        "media-src blob:".to_owned(),
        format!("connect-src {}", sources("'self'", connect)),
        "base-uri 'none'".to_owned(),
        "form-action 'none'".to_owned(),
        "frame-ancestors 'self'".to_owned(),
        // No text becomes markup or code but by the one policy of `static/boot.js`, which lets the workers' addresses through.
        "require-trusted-types-for 'script'".to_owned(),
        "trusted-types default".to_owned(),
    ]
    .join("; ")
}

fn is_source(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._:/*[]".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_cannot_break_out_of_its_directive() {
        let connect = [
            "https://a.example".to_owned(),
            "https://b.example; script-src *".to_owned(),
        ];
        let policy = content_security_policy(&connect, &["https://a.example".to_owned()]);
        assert!(
            policy.contains("connect-src 'self' https://a.example; base-uri"),
            "{policy}"
        );
        assert!(
            policy.contains("img-src 'self' data: https://a.example; media-src"),
            "{policy}"
        );
    }

    #[test]
    fn nothing_inline_and_nothing_evaluated() {
        let policy = content_security_policy(&[], &[]);
        assert!(policy.starts_with("default-src 'none'"));
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{policy}"
        );
        assert!(
            policy.ends_with("; require-trusted-types-for 'script'; trusted-types default"),
            "{policy}"
        );
    }
}
