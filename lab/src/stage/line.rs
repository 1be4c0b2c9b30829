//! What happens on the line while a world is up: delays and silences, each by a thread of ours.

use std::{
    io,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    Result, Trouble, fault,
    namespace::{Namespace, run},
};

/// A line that goes silent now and then.
#[derive(Debug, Clone)]
pub(super) struct Flaps {
    pub(super) corp: String,
    pub(super) after: Vec<Duration>,
    pub(super) length: Duration,
    pub(super) stop: Arc<AtomicBool>,
}

impl Flaps {
    /// Plays it to its end, or until it is stopped.
    pub(super) fn play(&self) {
        let start = Instant::now();
        for after in &self.after {
            for (moment, change) in [(*after, "-I"), (*after + self.length, "-D")] {
                while start.elapsed() < moment && !self.stop.load(Ordering::SeqCst) {
                    thread::sleep(Duration::from_millis(10));
                }
                for chain in fault::SILENCE {
                    // A namespace that is being taken down has no rules left to change.
                    _ = run(Command::new("ip")
                        .args(["netns", "exec", &self.corp, "iptables", "-w", change])
                        .args(chain.split(' '))
                        .args(["-j", "DROP"]));
                }
            }
        }
    }
}

/// A delay on the way: a thread of ours in a namespace.
#[derive(Debug)]
pub(super) struct Delay {
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Delay {
    /// Runs a relay in a namespace until dropped.
    pub(super) fn start(
        place: &Namespace,
        relay: impl Future<Output = io::Result<()>> + Send + 'static,
    ) -> Result<Delay> {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (ready, entered) = mpsc::channel();
        let inside = place.entrance()?;
        let thread = thread::spawn(move || {
            let outcome = inside.enter_this_thread();
            let failed = outcome.is_err();
            _ = ready.send(outcome);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            if let (Ok(runtime), false) = (runtime, failed) {
                runtime.block_on(async {
                    tokio::select! {
                        _ = stopped => {}
                        _ = relay => {}
                    }
                });
            }
        });
        entered
            .recv()
            .map_err(|_| Trouble::new("the delay's thread died"))??;
        Ok(Delay {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Delay {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}
