//! Requests over HTTPS. Dropping a request aborts it.

use futures_util::future::LocalBoxFuture;
use js_sys::Object;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Response};

use super::policy::PolicyWatch;
use super::window::{object, property, put, settled, text, window};
use super::{clock, place};
use crate::kept::Kept;
use crate::observation::CredentialsSeen;
use crate::probe::{Credentials, CredentialsProbe};
use crate::turn_rest;
use crate::units::Millis;

/// Other origins are asked whether the page may read their answer.
pub(crate) const CORS: &str = "cors";

/// A request under way. Dropping it aborts it, without a reason of its own.
#[must_use]
pub(crate) struct Fetch {
    _abort: Abort,
    init: Object,
    url: String,
}

/// The browser gave up on a request; it does not say why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GaveUp;

impl Fetch {
    /// A request past every cache, without cookies and without a referrer.
    pub(crate) fn new(url: &str, mode: &str) -> Self {
        let init = object(&[
            ("mode", mode),
            ("cache", "no-store"),
            ("credentials", "omit"),
            ("redirect", "follow"),
            ("referrerPolicy", "no-referrer"),
        ]);
        let abort = AbortController::new().ok();
        if let Some(abort) = &abort {
            put(&init, "signal", &abort.signal());
        }
        Self {
            _abort: Abort(abort),
            init,
            url: url.to_owned(),
        }
    }

    /// With another `fetch` option.
    fn with(self, option: &str, value: &str) -> Self {
        put(&self.init, option, &JsValue::from_str(value));
        self
    }

    /// Sends the cookies of the page's own origin.
    pub(crate) fn with_own_cookies(self) -> Self {
        self.with("credentials", "same-origin")
    }

    /// Stops at a redirect.
    pub(crate) fn stopping_at_redirects(self) -> Self {
        self.with("redirect", "manual")
    }

    /// Posts `body`.
    pub(crate) fn with_body(self, body: &JsValue) -> Self {
        put(&self.init, "body", body);
        self.with("method", "POST")
    }

    /// With these headers.
    pub(crate) fn with_headers(self, headers: &[(&str, &str)]) -> Self {
        put(&self.init, "headers", &object(headers));
        self
    }

    /// Sends it; returns when the answer's head is here.
    pub(crate) async fn answer(&self) -> Result<Answered, GaveUp> {
        let promise = window().fetch_with_str_and_init(&self.url, self.init.unchecked_ref());
        let response = JsFuture::from(promise).await.map_err(|_| GaveUp)?;
        Ok(Answered(response.unchecked_into()))
    }

    /// Sends it; returns the status and the text.
    pub(crate) async fn text(&self) -> Result<(u16, String), GaveUp> {
        self.answer().await?.text().await
    }
}

/// The head of an answer.
pub(crate) struct Answered(Response);

impl Answered {
    /// The HTTP status; 0 when the browser hides it.
    pub(crate) fn status(&self) -> u16 {
        self.0.status()
    }

    /// The status and the text.
    pub(crate) async fn text(&self) -> Result<(u16, String), GaveUp> {
        let body = self.0.text().map_err(|_| GaveUp)?;
        let body = JsFuture::from(body).await.map_err(|_| GaveUp)?;
        Ok((self.status(), body.as_string().unwrap_or_default()))
    }

    /// A header that the page may read.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.0.headers().get(name).ok()?
    }

    /// The body as it comes.
    pub(crate) fn body(&self) -> JsValue {
        property(&self.0, "body")
    }

    /// The server wanted to send us elsewhere.
    pub(crate) fn is_redirect(&self) -> bool {
        text(&self.0, "type").as_deref() == Some("opaqueredirect")
    }
}

/// The page's own files come within this time, or the page says that they do not.
const TEXT_DEADLINE: Millis = Millis(20_000.0);

/// Why a text could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextError {
    /// The server answered with this HTTP status.
    Status(u16),
    /// No answer came.
    Failed,
}

/// The text at a path relative to the page, as new as the server has it.
///
/// # Errors
/// Says why it could not be had.
pub async fn fetch_text(path: &str) -> Result<String, TextError> {
    fetched(path, NEWEST).await.map(|(text, _)| text)
}

/// The same from the server alone: this browser's memory is not asked.
///
/// # Errors
/// Says why it could not be had.
pub async fn fetch_from_server(path: &str) -> Result<String, TextError> {
    fetched(path, "no-store").await.map(|(text, _)| text)
}

/// The same of a configuration; and what of the page came from this browser's memory with it, since the server did not
/// answer in time.
///
/// # Errors
/// Says why it could not be had.
pub async fn fetch_config(path: &str) -> Result<(String, Option<Kept>), TextError> {
    let (text, kept) = fetched(path, NEWEST).await?;
    Ok((text, kept.and_then(|kept| Kept::named(&kept))))
}

type Fetched = Result<(String, Option<String>), TextError>;

/// As new as the server has it; what is the same there is taken from the browser's cache.
const NEWEST: &str = "no-cache";

fn fetched<'a>(path: &'a str, cache: &'static str) -> LocalBoxFuture<'a, Fetched> {
    Box::pin(fetch_own(path, cache))
}

async fn fetch_own(path: &str, cache: &str) -> Fetched {
    let request = Fetch::new(path, CORS).with_own_cookies().with("cache", cache);
    let asked = async {
        let answered = match asked_before(path).await {
            Some(answered) => answered,
            None => request.answer().await?,
        };
        let kept = answered.header(KEPT);
        answered.text().await.map(|(status, text)| (status, text, kept))
    };
    match clock::within(TEXT_DEADLINE, asked).await {
        Some(Ok((200..=299, text, kept))) => Ok((text, kept)),
        Some(Ok((status, ..))) => Err(TextError::Status(status)),
        Some(Err(GaveUp)) | None => Err(TextError::Failed),
    }
}

/// What `static/service-worker.js` says of a copy.
const KEPT: &str = "Clearline-Kept";

/// What the page's own server answers at a path right now, past every cache; `None` where no such text comes in time.
pub async fn fetch_now(path: &str, limit: Millis) -> Option<String> {
    let request = Fetch::new(path, CORS).with_own_cookies();
    match clock::within(limit, request.text()).await {
        Some(Ok((200..=299, text))) => Some(text),
        _ => None,
    }
}

/// The Content-Security-Policy that the web server sends with the page; `None` where it sends none, or does not answer in
/// time.
pub async fn own_policy(limit: Millis) -> Option<String> {
    let request = Fetch::new(&place::page_url(), CORS).with_own_cookies();
    let answered = clock::within(limit, request.answer()).await?.ok()?;
    answered.header("content-security-policy")
}

/// The answer to what `boot.js` asked for while the app was still on its way. It can be read once.
async fn asked_before(path: &str) -> Option<Answered> {
    let early = property(&window(), "clearlineEarly");
    let answer = property(&early, path);
    put(&early, path, &JsValue::UNDEFINED);
    let answer = settled(&answer).await.ok()?;
    answer.dyn_into().ok().map(Answered)
}

/// Aborts what it signals when dropped.
struct Abort(Option<AbortController>);

impl Drop for Abort {
    fn drop(&mut self) {
        if let Some(abort) = &self.0 {
            abort.abort();
        }
    }
}

/// Fetches TURN credentials. They are handed to the caller and written nowhere.
pub(crate) async fn credentials(probe: &CredentialsProbe) -> (CredentialsSeen, Option<Credentials>) {
    let start = clock::now();
    let policy = PolicyWatch::new(origin_of(&probe.url));
    let request = Fetch::new(&probe.url, CORS).with_own_cookies();
    let seen = match clock::within(probe.deadline, request.text()).await {
        Some(Ok((200..=299, text))) => match turn_rest::credentials(&text) {
            Some(credentials) => return (CredentialsSeen::Answered, Some(credentials)),
            None => CredentialsSeen::Malformed,
        },
        Some(Ok((status, _))) => CredentialsSeen::Status(status),
        Some(Err(GaveUp)) if policy.forbade().await => CredentialsSeen::OwnPolicy,
        Some(Err(GaveUp)) if clock::now().since(start).0 < probe.deadline.0 => CredentialsSeen::Failed,
        Some(Err(GaveUp)) | None => CredentialsSeen::Silent,
    };
    (seen, None)
}

/// Scheme, host and port of an absolute URL; the whole text of a relative one.
fn origin_of(url: &str) -> &str {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url;
    };
    let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    &url[..scheme.len() + 3 + host]
}

/// `url` with one more query parameter.
pub(crate) fn with_query(url: &str, name: &str, value: &str) -> String {
    let (url, _fragment) = url.split_once('#').unwrap_or((url, ""));
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}{name}={value}")
}

/// A request that is content with any answer at all.
pub(crate) async fn reach(url: &str) -> Result<(), GaveUp> {
    Fetch::new(url, "no-cors").answer().await.map(|_| ())
}

/// A limit that leaves room: at least zero.
pub(crate) fn left(deadline: Millis, start: Millis) -> Millis {
    deadline.since(clock::now().since(start))
}
