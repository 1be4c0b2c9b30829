//! How far each activity's probes are.

use crate::activity::Status;
use crate::checkup::State;
use crate::config::ActivityId;
use crate::few::Gather as _;
use crate::observation::Seen;
use crate::probe::{Probe, Role};

const ORDER: [ActivityId; 5] = [
    ActivityId::SignIn,
    ActivityId::AgentDesktop,
    ActivityId::Voice,
    ActivityId::ScreenRecording,
    ActivityId::Administration,
];

/// One activity's row while the check runs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// Which activity.
    pub(super) id: ActivityId,
    /// How many of its measurements are in.
    pub(super) done: usize,
    /// How many are planned; 0 when it follows from others.
    pub(super) total: usize,
    /// Its status, as soon as nothing planned can change it any more.
    pub(super) status: Option<Status>,
}

/// The rows of all activities that the plan or the conclusion knows.
pub(super) fn rows(state: &State) -> Vec<Row> {
    ORDER.into_iter().filter_map(|id| row(state, id)).few()
}

fn row(state: &State, id: ActivityId) -> Option<Row> {
    let plan = &state.plan;
    let seen = |probe: &str| {
        state
            .observations
            .iter()
            .any(|observation| observation.id == probe)
    };
    let mut done = 0;
    let mut total = 0;
    for probe in &plan.reach {
        if let Some(probe) = serves(probe, id) {
            total += 1;
            done += usize::from(seen(probe));
        }
    }
    if id == ActivityId::Voice && !plan.call.is_empty() {
        let ladder_done = state
            .observations
            .iter()
            .any(|o| matches!(o.seen, Seen::Ladder(_)));
        let call_done = state.observations.iter().any(|o| matches!(o.seen, Seen::Call(_)));
        total += 1 + plan.ladder.len();
        done += usize::from(call_done);
        done += if ladder_done {
            plan.ladder.len()
        } else {
            state.steps.len().min(plan.ladder.len())
        };
    }
    let concluded = state.conclusion.as_ref().and_then(|conclusion| {
        conclusion
            .activities
            .iter()
            .find(|activity| activity.id == id)
            .map(|activity| activity.status)
    });
    let measured = total > 0 && done == total;
    let status = concluded.filter(|status| measured || matches!(status, Status::Blocked | Status::Degraded));
    (total > 0 || concluded.is_some()).then_some(Row {
        id,
        done,
        total,
        status,
    })
}

/// The probe's id when `activity` depends on it. Probes that only tell causes apart do not count.
fn serves(probe: &Probe, activity: ActivityId) -> Option<&str> {
    let (id, serves) = match probe {
        Probe::Page | Probe::Name(_) => return None,
        Probe::Https(probe) => (
            &probe.id,
            probe.role == Role::Application && probe.activity == Some(activity),
        ),
        Probe::Credentials(probe) => (&probe.id, activity == ActivityId::Voice),
        Probe::Turn(probe) => (
            &probe.id,
            activity == ActivityId::Voice && probe.companion_of.is_none(),
        ),
    };
    serves.then_some(id.as_str())
}
