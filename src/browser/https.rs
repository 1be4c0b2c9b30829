//! Web servers: any answer, an image, a canary, or this page itself.

use super::clock;
use super::fetch::{CORS, Fetch, GaveUp, left, reach, with_query};
use super::image::Image;
use super::policy::PolicyWatch;
use crate::canary::{self, Exchange};
use crate::config::Check;
use crate::observation::{Answer, CanarySeen, HttpsSeen, Try, Wrong};
use crate::probe::{HttpsProbe, Role};
use crate::units::Millis;

/// A browser that sees its network change (as in its first second, when address detection ends) kills requests; one
/// retry after this pause tells that from a fault.
const RETRY_AFTER: Millis = Millis(1000.0);

/// What to say of a redirect whose status the browser hides: found elsewhere (RFC 9110, section 15.4.3).
const REDIRECTED: u16 = 302;

/// Only this page's own origin is asked.
const OWN: &str = "same-origin";

/// Stands in this page's own document, and in nobody else's.
const MARK: &str = "clearline-version";

/// Asks a web server, as often as the probe wants; ends by the probe's deadline.
pub(crate) async fn https(probe: &HttpsProbe) -> HttpsSeen {
    let start = clock::now();
    let policy = PolicyWatch::new(&probe.url.origin);
    let mut seen = HttpsSeen {
        role: probe.role,
        tries: Vec::new(),
        canary: None,
    };
    let mut retried = false;
    let mut wanted = probe.tries.max(1);
    while wanted > 0 {
        let begun = clock::now();
        let limit = left(probe.deadline, start);
        let answer = one_try(probe, limit, &policy, &mut seen.canary).await;
        let time = clock::now().since(begun);
        seen.tries.push(Try {
            answer: answer.clone(),
            time,
        });
        let spent = clock::now().since(start);
        match answer {
            Answer::Answered if spent.0 + 2.0 * time.0 < probe.deadline.0 => wanted -= 1,
            Answer::Failed if !retried && spent.0 + RETRY_AFTER.0 < probe.deadline.0 / 2.0 => {
                retried = true;
                clock::sleep(RETRY_AFTER).await;
            }
            _ => break,
        }
    }
    seen
}

async fn one_try(
    probe: &HttpsProbe,
    limit: Millis,
    policy: &PolicyWatch,
    told: &mut Option<CanarySeen>,
) -> Answer {
    let start = clock::now();
    let attempt = async {
        match &probe.check {
            Check::Reach if probe.role == Role::Page => own_page(&probe.url.text).await,
            Check::Reach => reach(&probe.url.text).await.map(|()| Answer::Answered),
            Check::Image { url, width, height } => image(&url.text, (*width, *height)).await,
            Check::Canary => ask_canary(&probe.url.text, told).await,
        }
    };
    match clock::within(limit, attempt).await {
        // An image may be forbidden where asking for it is not.
        Some(Ok(Answer::Wrong(_))) if policy.forbade().await => Answer::OwnPolicy,
        Some(Ok(answer)) => answer,
        Some(Err(GaveUp)) if policy.forbade().await => Answer::OwnPolicy,
        Some(Err(GaveUp)) if left(limit, start).0 > 0.0 => Answer::Failed,
        Some(Err(GaveUp)) | None => Answer::Silent,
    }
}

/// Asks for this page again. A redirect within the own origin is fine; one that leads away is somebody else's.
async fn own_page(url: &str) -> Result<Answer, GaveUp> {
    // Held until the text is read: dropping a request aborts it.
    let request = Fetch::new(url, OWN).stopping_at_redirects();
    let answered = request.answer().await?;
    let (status, text) = if answered.is_redirect() {
        let elsewhere = |GaveUp| (REDIRECTED, String::new());
        let within = Fetch::new(url, OWN).text().await;
        within.unwrap_or_else(elsewhere)
    } else {
        answered.text().await?
    };
    Ok(match status {
        200..=299 if text.contains(MARK) => Answer::Answered,
        200..=299 => Answer::Wrong(Wrong::NotThePage),
        status => Answer::Wrong(Wrong::Status(status)),
    })
}

/// Loads an image; when there is none, tells a silent server from one that says something else.
async fn image(url: &str, expected: (u32, u32)) -> Result<Answer, GaveUp> {
    let url = with_query(url, "clearline", &clock::random_id()[..8]);
    let size = match Image::load(&url) {
        Some(image) => image.size().await,
        None => None,
    };
    match size {
        Some(size) if size == expected => Ok(Answer::Answered),
        Some((width, height)) => Ok(Answer::Wrong(Wrong::OtherSize { width, height })),
        None => reach(&url).await.map(|()| Answer::Wrong(Wrong::NotTheImage)),
    }
}

/// Asks a canary; when it does not answer as one, tells a silent server from one that says something else.
async fn ask_canary(url: &str, told: &mut Option<CanarySeen>) -> Result<Answer, GaveUp> {
    let nonce = &clock::random_id()[..16];
    let url = with_query(url, "nonce", nonce);
    let sent = clock::epoch();
    let Ok((status, text)) = Fetch::new(&url, CORS).text().await else {
        return reach(&url).await.map(|()| Answer::Wrong(Wrong::NotTheCanary));
    };
    if !(200..300).contains(&status) {
        return Ok(Answer::Wrong(Wrong::Status(status)));
    }
    let exchange = Exchange {
        sent,
        answered: clock::epoch(),
    };
    Ok(match canary::read(&text, nonce, exchange) {
        Ok(seen) => {
            *told = Some(seen);
            Answer::Answered
        }
        Err(wrong) => Answer::Wrong(wrong),
    })
}
