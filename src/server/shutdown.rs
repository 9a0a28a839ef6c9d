//! When to stop: SIGTERM, or Ctrl-C at a terminal; a second Ctrl-C waits for nobody.

use std::process;
use tokio::signal::{
    ctrl_c,
    unix::{SignalKind, signal as unix_signal},
};

/// As shells count: 128 and the number of SIGINT.
const INTERRUPTED: i32 = 130;

/// Waits until the process is asked to stop.
pub async fn signal() {
    let interrupt = async {
        if ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let terminate = async {
        match unix_signal(SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        };
    };
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
    tracing::info!("stopping: no new requests, finishing those under way; Ctrl-C ends them");
    tokio::spawn(async {
        if ctrl_c().await.is_ok() {
            process::exit(INTERRUPTED);
        }
    });
}
