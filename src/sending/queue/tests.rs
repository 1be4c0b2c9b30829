use proptest::prelude::*;

use super::*;

const NOW: f64 = 1_795_428_000_000.0;

fn targets() -> Vec<Target> {
    let target = |kind, mark: &str| Target {
        kind,
        url: format!("https://{mark}.example/hook-password"),
        host: format!("{mark}.example"),
        mark: mark.into(),
    };
    vec![target(Kind::Logs, "a"), target(Kind::Webhook, "b")]
}

fn delivery(run: &str, length: usize) -> Delivery {
    Delivery {
        run: run.into(),
        kind: Kind::Logs,
        mark: "a".into(),
        body: "x".repeat(length),
    }
}

fn sent(queue: &mut Queue, now: f64) -> Option<Delivery> {
    match queue.next(&targets(), now) {
        Next::Send(delivery, 0) => Some(*delivery),
        _ => None,
    }
}

#[test]
fn a_delivery_is_tried_again_and_accepted_once() {
    let mut queue = Queue::default();
    queue.add(delivery("1", 9), NOW);
    queue.add(delivery("1", 9), NOW);
    let first = sent(&mut queue, NOW).unwrap();
    // Nobody takes it meanwhile; a page that was closed gives it back.
    assert_eq!(queue.next(&targets(), NOW), Next::Wait(UNDER_WAY));
    let busy = Answer::Status(503, None);
    assert_eq!(queue.settle(&first, busy, NOW, 1.0), Outcome::Again);
    assert_eq!(queue.next(&targets(), NOW), Next::Wait(1_000.0));
    assert_eq!(queue.settle(&first, Answer::Silent, NOW, 1.0), Outcome::Again);
    assert_eq!(queue.next(&targets(), NOW), Next::Wait(2_000.0));
    let again = sent(&mut queue, NOW + 2_000.0).unwrap();
    assert_eq!(
        queue.settle(&again, Answer::Status(200, None), NOW, 1.0),
        Outcome::Accepted
    );
    queue.add(delivery("1", 9), NOW);
    assert_eq!(queue.next(&targets(), NOW + 9e6), Next::Nothing);
    assert_eq!(queue.dropped(), 0);
}

#[test]
fn what_is_refused_or_redirected_is_over() {
    for answer in [Answer::Status(400, None), Answer::Redirected] {
        let mut queue = Queue::default();
        queue.add(delivery("1", 9), NOW);
        let one = sent(&mut queue, NOW).unwrap();
        assert_eq!(queue.settle(&one, answer, NOW, 0.5), Outcome::GivenUp);
        queue.add(delivery("1", 9), NOW);
        assert!(queue.is_empty());
    }
}

#[test]
fn after_a_day_it_is_given_up() {
    let mut queue = Queue::default();
    queue.add(delivery("1", 9), NOW);
    let (mut now, mut tries) = (NOW, 0);
    loop {
        match queue.next(&targets(), now) {
            Next::Send(one, _) => {
                tries += 1;
                queue.settle(&one, Answer::Silent, now, 1.0);
            }
            Next::Wait(time) => now += time,
            Next::Nothing => break,
        }
    }
    assert!(now - NOW <= OLDEST && tries > 200 && tries < 400, "{tries}");
    assert_eq!(queue.dropped(), 1);
    queue.told(1);
    assert_eq!(queue.dropped(), 0);
}

#[test]
fn other_addresses_get_nothing() {
    let mut queue = Queue::default();
    let mark = "other".to_owned();
    queue.add(
        Delivery {
            mark,
            ..delivery("1", 9)
        },
        NOW,
    );
    assert_eq!(queue.next(&targets(), NOW), Next::Nothing);
    assert_eq!(queue.next(&[], NOW), Next::Nothing);
}

#[test]
fn the_oldest_goes_when_there_is_no_room() {
    let mut queue = Queue::default();
    for run in 0..25 {
        queue.add(delivery(&run.to_string(), 9), NOW);
    }
    assert_eq!((queue.waiting.len(), queue.dropped()), (MOST_DELIVERIES, 5));
    assert_eq!(sent(&mut queue, NOW).unwrap().run, "5");
    queue.add(delivery("long", MOST_BYTES), NOW);
    assert_eq!((queue.waiting.len(), queue.dropped()), (1, 25));
    queue.add(delivery("too long", MOST_BYTES + 1), NOW);
    assert!(queue.is_empty());
}

#[test]
fn a_broken_memory_is_an_empty_one() {
    for text in [
        "",
        "{}",
        "[]",
        "null",
        r#"{"version":2,"dropped":0,"done":[],"waiting":[]}"#,
        r#"{"version":1,"dropped":0,"done":[1],"waiting":[{"kind":"logs"}, 7]}"#,
    ] {
        assert_eq!(Queue::read(text), Queue::default(), "{text}");
    }
    let mut queue = Queue::default();
    queue.add(delivery("1", 9), NOW);
    let text = queue.text();
    assert_eq!(Queue::read(&text), queue);
    assert!(!text.contains("hook-password"));
    assert_eq!(Queue::read(&text[..text.len() - 3]), Queue::default());
}

#[test]
fn a_clock_that_was_set_back_puts_nothing_off_for_long() {
    let mut queue = Queue::default();
    queue.add(delivery("1", 9), NOW);
    assert_eq!(
        queue.next(&targets(), NOW - 80_000_000.0),
        Next::Wait(LONGEST_WAIT)
    );
}

/// What may happen to a queue.
#[derive(Debug, Clone)]
enum Step {
    Add(u8, usize),
    Go(u32),
    Answered(u16, f64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (any::<u8>(), 0..90_000_usize).prop_map(|(run, length)| Step::Add(run % 40, length)),
        (0..4_000_000_u32).prop_map(Step::Go),
        (prop::sample::select(&[200, 400, 429, 503][..]), 0.0..1.0)
            .prop_map(|(status, chance)| Step::Answered(status, chance)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever happens, in whatever order: bounded, readable again, and nothing is accepted twice.
    #[test]
    fn nothing_is_lost_uncounted_or_sent_twice(steps in prop::collection::vec(step(), 0..60)) {
        let (mut queue, mut now, mut under_way) = (Queue::default(), NOW, None);
        let mut accepted = Vec::new();
        for step in steps {
            match step {
                Step::Add(run, length) => queue.add(delivery(&run.to_string(), length), now),
                Step::Go(time) => now += f64::from(time),
                Step::Answered(status, chance) => {
                    if under_way.is_none() {
                        under_way = sent(&mut queue, now);
                    }
                    if let Some(one) = under_way.take()
                        && queue.settle(&one, Answer::Status(status, None), now, chance) == Outcome::Accepted
                    {
                        prop_assert!(!accepted.contains(&one.run), "{} twice", one.run);
                        accepted.push(one.run);
                    }
                }
            }
            prop_assert!(queue.waiting.len() <= MOST_DELIVERIES);
            prop_assert!(queue.waiting.iter().map(|it| it.delivery.body.len()).sum::<usize>() <= MOST_BYTES);
        }
        prop_assert_eq!(Queue::read(&queue.text()), queue);
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        let _ = Queue::read(&text);
    }
}
