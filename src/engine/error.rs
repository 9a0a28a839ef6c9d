//! Why the engine gives a text no scores.

use super::{queue::Refusal, session::SessionError, submission::BatchError, tokenizer::TokenizerError};
use std::{error::Error as StdError, sync::Arc};
use thiserror::Error;

/// Why a text got no scores.
#[derive(Clone, Debug, Error)]
pub enum EngineError {
    /// More tokens than this engine takes in.
    #[error("{tokens} tokens, and the limit is {limit}; try a part of the text, or a higher --max-tokens")]
    TooLong {
        /// Tokens of the text, special tokens included.
        tokens: u32,
        /// The most that are read.
        limit: u32,
    },
    /// The tokenizer keeps nothing of the text.
    #[error("the model finds nothing to read in this text; give one with at least one visible character")]
    Empty,
    /// The queue is full.
    #[error("the queue is full; try again in a moment")]
    Overloaded,
    /// The tokenizer has no token for some of the text.
    #[error("the model's tokenizer cannot read this text; change the text, or choose another model")]
    Tokenizer(#[source] Arc<dyn StdError + Send + Sync>),
    /// The tokenizer panicked over the text.
    #[error("the model's tokenizer failed at this text; get the model again, or choose another")]
    Broken,
    /// The session returned an error.
    #[error("the model failed at this text; try again, or choose another model")]
    Session(#[source] SessionError),
    /// The session has failed, at this text or at another of its batch, and did not restart at once; or no
    /// session runs for now.
    #[error("the model has failed and is being restarted; try again in a moment")]
    Restarting,
    /// The model's logits are infinite or no numbers, as where 16 bits overflow.
    #[error("the model gives no numbers for this text; choose another --dtype, or another model")]
    NoNumbers,
    /// The engine is shutting down, or one of its threads has died.
    #[error("the engine has stopped; start the program again")]
    Stopped,
}

impl From<TokenizerError> for EngineError {
    fn from(error: TokenizerError) -> Self {
        match error {
            TokenizerError::TooLong { tokens, limit } => Self::TooLong { tokens, limit },
            TokenizerError::Empty => Self::Empty,
            TokenizerError::Library(source) => Self::Tokenizer(source.into()),
            TokenizerError::Broken => Self::Broken,
        }
    }
}

impl From<Refusal> for EngineError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Full => Self::Overloaded,
            Refusal::Left => Self::Restarting,
            Refusal::Closed => Self::Stopped,
        }
    }
}

impl From<SessionError> for EngineError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Down => Self::Restarting,
            error => Self::Session(error),
        }
    }
}

impl From<BatchError> for EngineError {
    fn from(error: BatchError) -> Self {
        match error {
            BatchError::Refused(refusal) => refusal.into(),
            BatchError::Failed(error) => error.into(),
        }
    }
}
