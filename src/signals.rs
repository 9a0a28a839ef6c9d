//! Signals: the first SIGINT or SIGTERM asks the process to stop, Ctrl-C after it ends it at once.
//!
//! What stopping means is the verb's to say; before a verb listens, and to one that never does, a
//! signal is the end. A SIGINT that was ignored when the process began stays so: shells give it to what a
//! script starts in the background, where Ctrl-C is meant for another program.

use std::{
    fs,
    future::pending,
    process,
    sync::atomic::{AtomicBool, Ordering},
};
use tokio::{
    runtime::Runtime,
    signal::unix::{self, SignalKind},
    sync::oneshot,
};

/// Whether a verb listens itself.
static IS_HEARD: AtomicBool = AtomicBool::new(false);

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

/// Ends the first process of a container at SIGINT and SIGTERM, until [`stop`] listens.
///
/// Others end by default; from the first one the kernel keeps what it does not listen for.
pub fn end_until_heard(runtime: &Runtime) {
    if process::id() != 1 {
        return;
    }
    let _inside = runtime.enter();
    for (kind, sign) in
        [(SignalKind::interrupt(), Signal::Interrupt), (SignalKind::terminate(), Signal::Terminate)]
    {
        let mut signals = listen(kind);
        runtime.spawn(async move {
            signals.recv().await;
            if !IS_HEARD.load(Ordering::Acquire) {
                process::exit(sign.exit_code().into());
            }
        });
    }
}

/// Lets a write to what has been closed fail, as Rust does from the start.
///
/// A start of the program that failed (`cli::again`) has undone it, and the process would end without a word
/// where a client leaves. Once it is listened for, it stays so.
pub fn survive_closed_pipes(runtime: &Runtime) {
    let _inside = runtime.enter();
    let _ = unix::signal(SignalKind::pipe());
}

/// Listens from now on; the future is ready at the first signal, polled or not when it comes.
///
/// To a SIGINT that is ignored it does not listen.
/// A SIGINT after that ends the process. A SIGTERM does not: supervisors repeat it, and have SIGKILL.
pub fn stop() -> impl Future<Output = Signal> {
    let mut interrupt = (!is_interrupt_ignored()).then(|| listen(SignalKind::interrupt()));
    let mut terminate = listen(SignalKind::terminate());
    IS_HEARD.store(true, Ordering::Release);
    let (sender, first) = oneshot::channel();
    tokio::spawn(async move {
        let signal = tokio::select! {
            () = next(&mut interrupt) => Signal::Interrupt,
            _ = terminate.recv() => Signal::Terminate,
        };
        // Nobody waits any more where the work is over.
        let _ = sender.send(signal);
        next(&mut interrupt).await;
        process::exit(Signal::Interrupt.exit_code().into())
    });
    async move {
        match first.await {
            Ok(signal) => signal,
            // The runtime ends, and with it whoever waits.
            Err(_) => pending().await,
        }
    }
}

/// Whether this process ignores SIGINT; where there is no `/proc`, it is taken not to.
fn is_interrupt_ignored() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // Of the first signal it is the lowest bit.
    ignored.is_some_and(|mask| mask & (1_u64 << (SignalKind::interrupt().as_raw_value() - 1)) != 0)
}

/// Ready at the next of these signals; never where they are not listened for.
async fn next(signals: &mut Option<unix::Signal>) {
    match signals {
        Some(signals) => _ = signals.recv().await,
        None => pending().await,
    }
}

fn listen(kind: SignalKind) -> unix::Signal {
    unix::signal(kind).expect("SIGINT and SIGTERM can be caught in a runtime")
}
