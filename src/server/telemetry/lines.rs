//! Lines of the log on their way to standard error, from a thread of their own: a reader that stops reading
//! holds up no request. Those for which it leaves no room are dropped, and counted.

use std::{
    io,
    sync::{OnceLock, mpsc},
    thread,
    time::Duration,
};
use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};

/// Lines that may wait, of some 250 bytes each.
const WAITING: usize = 8192;

/// How long the end may take: the library gives the last ones a second, and may have something to tell.
const LAST: Duration = Duration::from_secs(2);

/// A process has one log.
static DROPPED: OnceLock<ErrorCounter> = OnceLock::new();

/// How many lines were dropped so far.
#[must_use]
pub fn lines_dropped() -> u64 {
    DROPPED.get().map_or(0, |lines| lines.dropped_lines() as u64)
}

/// The way to standard error. Lines that wait are written when it is dropped, if a second is enough, and later
/// ones no more.
pub struct Lines {
    queue: NonBlocking,
    thread: Option<WorkerGuard>,
}

impl Lines {
    /// Starts the thread that writes them.
    #[must_use]
    pub fn start() -> Self {
        let (queue, thread) =
            NonBlockingBuilder::default().buffered_lines_limit(WAITING).finish(io::stderr());
        DROPPED.get_or_init(|| queue.error_counter());
        Self { queue, thread: Some(thread) }
    }

    /// Where a line is put.
    #[must_use]
    pub fn queue(&self) -> NonBlocking {
        self.queue.clone()
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        let (thread, (done, is_done)) = (self.thread.take(), mpsc::channel::<()>());
        // Apart, as the library tells of a queue that stays full on standard output, which nobody may read
        // either.
        let _ = thread::Builder::new().spawn(move || {
            drop(thread);
            drop(done);
        });
        let _ = is_done.recv_timeout(LAST);
    }
}
