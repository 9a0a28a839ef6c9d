//! What a verb says of itself that is no error of the part of the program it asks.

use std::io;
use thiserror::Error;

/// Why a verb was not done.
#[derive(Debug, Error)]
pub enum CliError {
    /// No server listens.
    #[error("nothing answers at {url}; start the server, or name its address with --host and --port")]
    NoServer {
        /// What was asked.
        url: String,
        /// What the system says.
        source: ureq::Error,
    },
    /// The server cannot answer texts.
    #[error("not ready: {url} answers with status {status}; wait a moment, or read the server's log")]
    NotReady {
        /// What was asked.
        url: String,
        /// The status of its answer.
        status: u16,
    },
    /// Port 0 was asked.
    #[error("port 0 means any free port; name the one that the server listens on with --port")]
    AnyPort,
    /// A method stands where the text does.
    #[error("{text} was taken for the text; a method follows an equals sign: --explain={text}")]
    TakenForText {
        /// The method.
        text: String,
    },
    /// There is nothing to measure.
    #[error(
        "no text was scored, so there is nothing to measure; name a file with texts, or raise --max-tokens"
    )]
    NoneScored,
    /// There is no text.
    #[error("no text was given; pass one, or pipe it in (see valence analyze --help)")]
    NoText,
    /// More was piped in than is read.
    #[error("the text is too large: more than {limit} bytes; try a part of it")]
    TooLarge {
        /// The most that a text may have.
        limit: usize,
    },
    /// What was piped in is no text.
    #[error("standard input is not UTF-8; convert the text to UTF-8")]
    NotUtf8,
    /// What is piped in does not come.
    #[error("standard input cannot be read; pipe the text in again, or pass it")]
    Input(#[source] io::Error),
    /// The answer cannot be written.
    #[error("standard output cannot be written; make room, or lead it elsewhere")]
    Output(#[source] io::Error),
    /// The system gives no threads.
    #[error("the program's threads cannot be started; let this user have more of them")]
    Threads(#[source] io::Error),
}
