//! Ctrl-C and a polite kill: remembered, asked for at every wait, so that everything is taken down in order.

use std::{
    sync::{
        Once,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use tokio::signal::unix::{SignalKind, signal};

use crate::{Result, Trouble};

static ASKED: AtomicBool = AtomicBool::new(false);
static WATCH: Once = Once::new();

/// Starts to listen. From then on Ctrl-C no longer ends the process by itself.
pub fn watch() {
    WATCH.call_once(|| {
        thread::spawn(|| {
            // Without a runtime there is no listening, and Ctrl-C stays what it was.
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
                return;
            };
            runtime.block_on(async {
                let kinds = [
                    SignalKind::interrupt(),
                    SignalKind::terminate(),
                    SignalKind::hangup(),
                ];
                let [Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)] = kinds.map(signal) else {
                    return;
                };
                loop {
                    tokio::select! {
                        _ = interrupt.recv() => {}
                        _ = terminate.recv() => {}
                        _ = hangup.recv() => {}
                    }
                    ASKED.store(true, Ordering::SeqCst);
                }
            });
        });
    });
}

/// Whether somebody wants us to end.
#[must_use]
pub fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}

/// The same, as a reason to stop what one does.
pub fn check() -> Result<()> {
    if asked() {
        Err(Trouble::new("interrupted"))
    } else {
        Ok(())
    }
}
