//! The wiring: one reducer, one running effect. A run is an abortable future; stopping it drops it.

mod load;
mod model;

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::future::{AbortHandle, abortable};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::browser::automation::{self, ReportFunction};
use crate::browser::{Browser, clock, device, storage};
use crate::checkup::{Phase, run};
use crate::plan::plan;
use crate::report::RunStamp;
use crate::ui::{Action, Page, Theme, Wallboard};
use crate::units::Millis;
use load::{LANGUAGES, Started, load};
use model::{Message, Model};

/// A word such as "Copied" stays this long.
const NOTICE: Millis = Millis(4_000.0);
/// What a wallboard's strip shows at the most.
const DAY: Millis = Millis(86_400_000.0);
/// And in runs: one in five minutes.
const STRIP_LONGEST: usize = 288;
/// Where the chosen colours are remembered.
const THEME_KEY: &str = "clearline.theme";

/// Mounts the page into `#app`.
pub fn mount() {
    automation::install_panic_hook();
    spawn_local(async {
        match load().await {
            Ok(start) => automation::mount(|root| {
                yew::Renderer::<App>::with_root_and_props(
                    root,
                    AppProps {
                        start: Rc::new(start),
                    },
                )
                .render();
            }),
            Err(reason) => automation::give_up(&reason),
        }
    });
}

#[derive(Properties)]
struct AppProps {
    start: Rc<Started>,
}

impl PartialEq for AppProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.start, &other.start)
    }
}

#[component]
fn App(props: &AppProps) -> Html {
    let model = use_reducer(|| Model::new(props.start.clone(), remembered_theme()));
    let newest = use_mut_ref(|| None::<String>);
    use_run(&model);
    use_automation(&model, &newest);
    use_look(&model);
    use_focus(&model);
    use_kiosk(&model);

    let actions = {
        let model = model.clone();
        Callback::from(move |action: Action| {
            side_effect(&model, &action);
            model.dispatch(Message::Page(action, stamp()));
        })
    };
    html! {
        <Page
            words={model.start.words.clone()}
            config={model.config.clone()}
            link={model.link.clone()}
            state={model.state.clone()}
            {actions}
            notice={model.notice.clone()}
            revealed={model.revealed}
            theme={model.theme}
            languages={LANGUAGES.map(str::to_owned).to_vec()}
            wallboard={model.wallboard.clone()}
        />
    }
}

type Handle = UseReducerHandle<Model>;

/// The running effect: starts the wanted run; the run before it, a stopped one and a closed page are dropped.
#[hook]
fn use_run(model: &Handle) {
    let stopped = model.state.phase == Phase::Stopped;
    let model = model.clone();
    use_effect_with((model.wanted.clone(), stopped), move |(wanted, stopped)| {
        let mut abort: Option<AbortHandle> = None;
        if let (Some(wanted), Ok(config), false) = (wanted, &model.config, stopped) {
            let plan = plan(config, &model.link, &model.start.page).only(&wanted.again);
            let (number, dispatcher) = (wanted.run, model.dispatcher());
            let (work, handle) = abortable(async move {
                let emit = |event| dispatcher.dispatch(Message::Event(number, event));
                run(&plan, &Browser, &emit).await;
            });
            abort = Some(handle);
            spawn_local(async {
                // Err only says that the run was dropped.
                let _ = work.await;
            });
        }
        move || {
            if let Some(abort) = abort {
                abort.abort();
            }
        }
    });
}

/// What other programs see: the state on `<html>`, the newest report, the event.
#[hook]
fn use_automation(model: &Handle, newest: &Rc<RefCell<Option<String>>>) {
    {
        let newest = newest.clone();
        use_effect_with((), move |()| {
            let function = ReportFunction::install(Rc::new(move || newest.borrow().clone()));
            move || drop(function)
        });
    }
    {
        // `run=auto` and wallboards start by themselves.
        let model = model.clone();
        use_effect_with((), move |()| {
            if (model.link.auto || model.link.kiosk.is_some()) && model.config.is_ok() {
                model.dispatch(Message::Page(Action::Start, stamp()));
            }
        });
    }
    let model = model.clone();
    let newest = newest.clone();
    use_effect_with(
        (
            model.state.phase,
            model.state.run,
            model.revealed,
            model.state.told,
        ),
        move |(phase, ..)| match (&model.config, phase) {
            (Err(problems), _) => {
                let reason = problems
                    .first()
                    .map(|problem| format!("{}: {}", problem.path, problem.said(&model.start.words).what));
                automation::set_state("failed", Some(&reason.unwrap_or_default()));
            }
            (Ok(_), Phase::Ready) => automation::set_state("idle", None),
            (Ok(_), Phase::Running) => automation::set_state("running", None),
            (Ok(_), Phase::Done | Phase::Stopped) => {
                let json = model.report().map(|report| report.to_json());
                newest.borrow_mut().clone_from(&json);
                automation::set_state("done", None);
                if let Some(json) = json {
                    automation::announce_report(&json);
                }
            }
        },
    );
}

/// The button that was pressed disappears: the focus goes to what takes its place.
#[hook]
fn use_focus(model: &Handle) {
    let people = model.link.kiosk.is_none();
    use_effect_with(
        (model.state.phase, model.state.run),
        move |(phase, _)| match phase {
            Phase::Running if people => automation::focus("now"),
            Phase::Done | Phase::Stopped if people => automation::focus("verdict"),
            _ => {}
        },
    );
}

/// Colours.
#[hook]
fn use_look(model: &Handle) {
    let accent = model
        .config
        .as_ref()
        .ok()
        .and_then(|config| config.brand.accent.clone());
    use_effect_with((model.theme, accent), |(theme, accent)| {
        let name = match theme {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        };
        automation::set_attribute("data-theme", name);
        storage::remember(THEME_KEY, name.unwrap_or_default());
        if let Some(accent) = accent {
            automation::set_accent(accent);
        }
    });
}

fn remembered_theme() -> Theme {
    match storage::recall(THEME_KEY).as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    }
}

/// A wallboard runs again and again.
#[hook]
fn use_kiosk(model: &Handle) {
    let every = model
        .link
        .kiosk
        .map(|seconds| Millis::seconds(f64::from(seconds)));
    let over = matches!(model.state.phase, Phase::Done | Phase::Stopped);
    let model = model.clone();
    use_effect_with((every, over, model.state.run), move |(every, over, _)| {
        let mut abort: Option<AbortHandle> = None;
        if let (Some(every), true) = (*every, *over) {
            let verdict = model
                .state
                .conclusion
                .as_ref()
                .map(|conclusion| conclusion.verdict);
            let before = model.wallboard.clone();
            let since = match before.history.last() {
                Some(last) if *last == verdict => before.since,
                _ => Some(clock::time_of_day(0.0)),
            };
            let most = (DAY.0 / every.0) as usize;
            let surplus = (before.history.len() + 1).saturating_sub(most.clamp(1, STRIP_LONGEST));
            let history = before
                .history
                .into_iter()
                .chain([verdict])
                .skip(surplus)
                .collect();
            let (last, next) = (Some(clock::time_of_day(0.0)), Some(clock::time_of_day(every.0)));
            model.dispatch(Message::Wallboard(Wallboard {
                since,
                last,
                next,
                history,
            }));
            let dispatcher = model.dispatcher();
            let (work, handle) = abortable(async move {
                clock::sleep(every).await;
                dispatcher.dispatch(Message::Page(Action::Start, stamp()));
            });
            abort = Some(handle);
            spawn_local(async {
                let _ = work.await;
            });
        }
        move || {
            if let Some(abort) = abort {
                abort.abort();
            }
        }
    });
}

/// What an action does outside the page's state.
fn side_effect(model: &Handle, action: &Action) {
    let words = &model.start.words;
    let Some(report) = model.report() else { return };
    match action {
        Action::CopyTicket => copy(model, report.to_text(words)),
        Action::CopyFix(index) => {
            if let Some(fix) = report.fixes.get(*index) {
                copy(model, fix.copy.clone());
            }
        }
        Action::SaveReport => {
            let name = format!("clearline-{}.json", report.run.started.replace(':', "-"));
            let model = model.clone();
            spawn_local(async move {
                let saved = device::save_text(&name, "application/json", &report.to_json()).await;
                tell(
                    &model,
                    if saved {
                        "ui.notice.saved"
                    } else {
                        "ui.notice.not-saved"
                    },
                )
                .await;
            });
        }
        Action::Print => {
            device::print();
        }
        _ => {}
    }
}

fn copy(model: &Handle, text: String) {
    let model = model.clone();
    spawn_local(async move {
        let copied = device::copy_text(&text).await;
        tell(
            &model,
            if copied {
                "ui.notice.copied"
            } else {
                "ui.notice.not-copied"
            },
        )
        .await;
    });
}

async fn tell(model: &Handle, key: &str) {
    let text = model.start.words.get(key).to_owned();
    model.dispatch(Message::Notice(Some(text)));
    clock::sleep(NOTICE).await;
    model.dispatch(Message::Notice(None));
}

/// Names a run that may start now.
fn stamp() -> RunStamp {
    RunStamp {
        id: clock::random_id(),
        started: clock::wall_clock(),
    }
}
