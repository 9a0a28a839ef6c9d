//! What can go wrong with what is asked for, an analysis, a link's text or feedback, in the words that its
//! user reads.
//!
//! Causes stay in the server's log; here is only what a person or a program can act on.

use crate::text::{TextError, narrow};
use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why there is no answer; its `Display` is the sentence shown beside the form. What is wrong with links,
/// feedback and the page's own requests is told to people, and never to a program.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum AnalyzeError {
    /// The text has nothing but white space and what no model reads.
    #[error("There is no text yet. Type or paste some, then analyze it.")]
    Empty,
    /// The text has more bytes than are read at all.
    #[error("This text is too large: {bytes} bytes; the limit is {limit}. Try a part of it.")]
    TooLarge {
        /// Size of the text in bytes of UTF-8.
        bytes: u32,
        /// The largest size accepted.
        limit: u32,
    },
    /// The text has more tokens than are read.
    #[error("This text is too long: {tokens} tokens; the limit is {limit}. Try a part of it.")]
    TooLong {
        /// Tokens of the text, special tokens included.
        tokens: u32,
        /// The most that are read.
        limit: u32,
    },
    /// The text in a link cannot be read.
    #[error("This link is damaged, so its text is lost. Ask for it again, or paste the text here.")]
    DamagedLink,
    /// The text in a link has more bytes than are read at all.
    #[error("The text in this link is too large; the limit is {limit} bytes. Try a part of it.")]
    OversizedLink {
        /// The largest size accepted.
        limit: u32,
    },
    /// The request has more bytes than are taken at once.
    #[error("This is more than the 2 MB that the server takes at once. Send it in parts.")]
    TooMuch,
    /// No model of that name is loaded.
    #[error("This model is not loaded on this server. Try again with one that is.")]
    UnknownModel,
    /// The server keeps no feedback.
    #[error(
        "Feedback is switched off on this server, so nothing was kept. Whoever runs it can start it with --feedback."
    )]
    FeedbackOff,
    /// The page that asks is another's, or reached at an address that the server does not know.
    #[error(
        "The server does not know this page's address, so nothing was kept. Whoever runs it can name it with --public-url."
    )]
    UnknownAddress,
    /// The queue is full.
    #[error("The server is busy. Try again in a moment.")]
    Busy,
    /// The model failed, and does not run again yet.
    #[error("A model has failed and is restarting. Try again in a moment.")]
    Restarting,
    /// The answer takes too long.
    #[error("The answer took more than {seconds} s, so the server gave up on it. Ask for less at once.")]
    TookTooLong {
        /// Seconds that it may take.
        seconds: u64,
    },
    /// The request was not of the expected form.
    #[error("The server did not understand the request. Reload the page and try again.")]
    Malformed,
    /// The server failed; the log holds the cause under the same reference.
    #[error("Something went wrong on the server (reference {reference}). Try again.")]
    Failed {
        /// Names the log line that tells the cause.
        reference: String,
    },
    /// No answer came back (seen in the browser only).
    #[error("The server cannot be reached. Check the connection and try again.")]
    Unreachable,
    /// The model's tokenizer has no token for some of the text.
    #[error("The model's tokenizer cannot read this text. Change the text, or choose another model.")]
    Unreadable,
    /// A row of a table or a line of JSON that is none (seen in the browser only).
    #[error("This row cannot be read: {reason}. Fix it or leave it out.")]
    #[serde(skip)]
    NoRow {
        /// What is wrong with it.
        reason: String,
    },
}

impl AnalyzeError {
    /// Whether the same may be answered in a moment.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        matches!(self, Self::Busy | Self::Restarting | Self::Failed { .. })
    }
}

impl From<TextError> for AnalyzeError {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Blank => Self::Empty,
            TextError::TooLarge { bytes, limit } => {
                Self::TooLarge { bytes: narrow(bytes), limit: narrow(limit) }
            }
        }
    }
}

impl FromServerFnError for AnalyzeError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Deserialization(_) => Self::Unreachable,
            _ => Self::Malformed,
        }
    }
}
