//! Exit codes of verbs that did not fail.

use crate::signals::Signal;
use std::{io, process::ExitCode};

/// How a verb ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// Done, but for some rows or files.
    Partial,
    /// Stopped by a signal.
    Stopped(Signal),
    /// The reader of standard output has gone; what SIGPIPE makes of a program in C.
    ClosedPipe,
}

impl Exit {
    /// The code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Partial => 3,
            Self::Stopped(signal) => signal.exit_code(),
            Self::ClosedPipe => 141,
        }
    }

    /// Whether an error means that nobody reads the output any more.
    #[must_use]
    pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
        error.chain().any(|cause| {
            cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
        })
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
