//! Signals that come early: before a verb listens for them itself, or to one that never does.
//!
//! They end a process by default, but not the first of a container: from that one the kernel keeps
//! what it does not listen for.

use std::{
    io, process,
    sync::atomic::{AtomicBool, Ordering},
};
use tokio::{
    runtime::Runtime,
    signal::unix::{SignalKind, signal},
};

/// Whether a verb listens itself.
static IS_OVER: AtomicBool = AtomicBool::new(false);

/// Ends the first process of a container at SIGINT and SIGTERM, until a verb listens itself. The exit
/// code is what shells make of the signal: 128 and its number.
///
/// # Errors
///
/// What the system says where signals cannot be listened for.
pub fn listen(runtime: &Runtime) -> io::Result<()> {
    if process::id() != 1 {
        return Ok(());
    }
    let _inside = runtime.enter();
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut signals = signal(kind)?;
        runtime.spawn(async move {
            signals.recv().await;
            if !IS_OVER.load(Ordering::Acquire) {
                process::exit(128 + kind.as_raw_value());
            }
        });
    }
    Ok(())
}

/// Leaves signals to a verb, which listens from now on.
pub fn hand_over() {
    IS_OVER.store(true, Ordering::Release);
}
