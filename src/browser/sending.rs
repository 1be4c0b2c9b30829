//! Posts results, and keeps what waits in local storage.

use std::cell::RefCell;

use wasm_bindgen::JsValue;

use super::fetch::{CORS, Fetch};
use super::{clock, storage};
use crate::sending::{Answer, Delivery, Next, Outcome, Queue, Target, Trouble, retry_after};
use crate::units::Millis;

/// A receiver answers within this time, or is tried again.
const DEADLINE: Millis = Millis(10_000.0);
/// Where the queue is kept.
const KEY: &str = "clearline.sending";

/// What is still to be delivered. A browser that keeps nothing has it until the page is closed.
#[derive(Debug, Default)]
pub struct Outbox(RefCell<Option<Queue>>);

impl Outbox {
    /// Changes what is kept: read anew each time, since other tabs keep theirs there, too.
    pub fn change<T>(&self, change: impl FnOnce(&mut Queue, f64) -> T) -> T {
        let mut alone = self.0.borrow_mut();
        let kept = || storage::recall(KEY).map_or_else(Queue::default, |text| Queue::read(&text));
        let own = alone.take();
        let (mut changed, before) = (own.is_some(), own.unwrap_or_else(kept));
        let mut queue = before.clone();
        let result = change(&mut queue, clock::epoch());
        changed |= queue != before;
        if changed && !storage::remember(KEY, &queue.text()) {
            storage::forget(KEY);
            *alone = Some(queue);
        }
        result
    }
}

/// Delivers to these targets until nothing waits for them, and tells what is in the way. Dropping it leaves the rest in
/// the outbox.
pub async fn deliver(outbox: &Outbox, targets: &[Target], tell: &dyn Fn(Option<Trouble>)) {
    let mut trouble: Option<Trouble> = None;
    loop {
        let next = outbox.change(|queue, now| queue.next(targets, now));
        let (delivery, target) = match next {
            Next::Nothing => return,
            Next::Wait(time) => {
                clock::sleep(Millis(time.max(50.0))).await;
                continue;
            }
            Next::Send(delivery, target) => (delivery, &targets[target]),
        };
        let answer = post(&delivery, target).await;
        let outcome = outbox.change(|queue, now| queue.settle(&delivery, answer, now, clock::chance()));
        match outcome {
            Outcome::Accepted => trouble = trouble.filter(|it| it.kind != target.kind),
            Outcome::Again | Outcome::GivenUp => {
                trouble = Some(Trouble {
                    kind: target.kind,
                    host: target.host.clone(),
                    again: outcome == Outcome::Again,
                });
            }
        }
        tell(trouble.clone());
    }
}

/// One request: without cookies, without a referrer, and to no other address.
async fn post(delivery: &Delivery, target: &Target) -> Answer {
    let request = Fetch::new(&target.url, CORS)
        .stopping_at_redirects()
        .with_headers(&[
            ("Content-Type", "application/json"),
            ("Idempotency-Key", &delivery.run),
        ])
        .with_body(&JsValue::from_str(&delivery.body));
    match clock::within(DEADLINE, request.answer()).await {
        Some(Ok(answer)) if answer.is_redirect() => Answer::Redirected,
        Some(Ok(answer)) => {
            let wish = answer.header("Retry-After");
            let wish = wish.and_then(|wish| retry_after(&wish, clock::epoch()));
            Answer::Status(answer.status(), wish)
        }
        Some(Err(_)) | None => Answer::Silent,
    }
}
