//! Signals: the first SIGINT or SIGTERM asks the process to stop, Ctrl-C after it ends it at once.
//!
//! What stopping means is the verb's to say.

use std::process;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::oneshot,
};

/// A signal that asks the process to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT, as of Ctrl-C.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

impl Signal {
    /// The exit code of what it stopped, as shells count: 128 and the signal's number.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

/// Listens from now on; the future is ready at the first signal, polled or not when it comes.
///
/// A SIGINT after that ends the process. A SIGTERM does not: supervisors repeat it, and have SIGKILL.
pub fn stop() -> impl Future<Output = Signal> {
    let listen = |kind| signal(kind).expect("SIGINT and SIGTERM can be caught in a runtime");
    let mut interrupt = listen(SignalKind::interrupt());
    let mut terminate = listen(SignalKind::terminate());
    let (sender, first) = oneshot::channel();
    tokio::spawn(async move {
        let signal = tokio::select! {
            _ = interrupt.recv() => Signal::Interrupt,
            _ = terminate.recv() => Signal::Terminate,
        };
        // Nobody waits any more where the work is over.
        let _ = sender.send(signal);
        interrupt.recv().await;
        process::exit(Signal::Interrupt.exit_code().into())
    });
    async move {
        match first.await {
            Ok(signal) => signal,
            // The runtime ends, and with it whoever waits.
            Err(_) => std::future::pending().await,
        }
    }
}
