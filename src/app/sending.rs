//! Results go out when a run is over, and what waits from before when none runs: a run has the line to itself.

use std::rc::Rc;

use yew::html::Scope;

use super::model::Message;
use super::{App, Task, changes};
use crate::browser::sending::{Outbox, deliver};
use crate::checkup::Phase;
use crate::sending::{deliveries, targets};

/// What is sent, and the sending under way.
#[derive(Default)]
pub(super) struct Sending {
    shown: Option<(Phase, u32, bool)>,
    outbox: Rc<Outbox>,
    task: Option<Task>,
}

/// The sending effect: dropped when a run is wanted, begun anew when it is over.
pub(super) fn keep_sending(app: &mut App, link: &Scope<App>) {
    let (model, sending) = (&app.model, &mut app.sending);
    let Ok(config) = &model.config else { return };
    let targets = targets(&config.reporting);
    // Nobody who counts results is told what a draft gave.
    if targets.is_empty() || model.desk.is_some() || model.tried.is_some() {
        return;
    }
    let (phase, run) = (model.state.phase, model.state.run);
    let wanted = model.wanted.as_ref().map_or(0, |wanted| wanted.run);
    let busy = phase == Phase::Running || wanted > run;
    if !changes(&mut sending.shown, (phase, run, busy)) {
        return;
    }
    sending.task = None;
    if busy {
        return;
    }
    // As the page says before the first run, whatever the agent wants to hand over by hand.
    if let Some(report) = model.report_with(false) {
        sending.outbox.change(|queue, now| {
            let dropped = queue.dropped();
            for delivery in deliveries(&report, &targets, dropped) {
                queue.add(delivery, now);
            }
            queue.told(dropped);
        });
    }
    let (outbox, link) = (sending.outbox.clone(), link.clone());
    sending.task = Some(Task::start(async move {
        let tell = |trouble| link.send_message(Message::Sending(trouble));
        deliver(&outbox, &targets, &tell).await;
    }));
}
