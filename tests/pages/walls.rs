//! The wallboard, on good and bad days.

use std::rc::Rc;

use clearline::board::Board;
use clearline::diagnosis::Verdict;
use clearline::link::Link;
use clearline::ui::{PageProps, Wallboard};
use clearline::units::Millis;

use crate::fixtures::{blocked, degraded, inconclusive, ready};

pub fn kiosk_ready() -> PageProps {
    wallboard(ready(), Verdict::Ready)
}

pub fn kiosk_degraded() -> PageProps {
    wallboard(degraded(), Verdict::Degraded)
}

pub fn kiosk_inconclusive() -> PageProps {
    wallboard(inconclusive(), Verdict::Inconclusive)
}

pub fn kiosk_blocked() -> PageProps {
    wallboard(blocked(), Verdict::Blocked)
}

/// A single bad run is not shouted.
pub fn kiosk_doubted() -> PageProps {
    let page = wallboard(blocked(), Verdict::Ready);
    let wallboard = Wallboard {
        doubted: true,
        ..page.wallboard
    };
    PageProps { wallboard, ..page }
}

/// A wallboard that has run all day, but for its computer's rest at night.
fn wallboard(page: PageProps, newest: Verdict) -> PageProps {
    // 2026-11-23T11:40:00Z
    let end = 1_795_434_000.0;
    let every = Millis::seconds(300.0);
    let mut board = Board::new(0);
    for minutes in (0..=24 * 60).rev().step_by(5) {
        let verdict = match minutes {
            0..150 => newest,
            150..200 => Verdict::Inconclusive,
            400..900 => continue,
            900..905 => Verdict::Blocked,
            1000..1100 => Verdict::Degraded,
            _ => Verdict::Ready,
        };
        board.ended(verdict, Millis::seconds(end - f64::from(minutes) * 60.0), every);
    }
    PageProps {
        link: Rc::new(Link {
            kiosk: Some(300),
            ..Link::default()
        }),
        wallboard: Wallboard {
            shown: board.shown(),
            doubted: board.doubts(),
            since: Some("09:12".into()),
            last: Some("11:40".into()),
            next: Some("11:45".into()),
            todo: page
                .state
                .conclusion
                .as_ref()
                .and_then(|it| Some(it.fixes.first()?.title.clone())),
            strip: board.strip(every, Millis::ZERO),
        },
        ..page
    }
}
