//! What a program's request can fail with; the body is the same for every endpoint.

use super::values::MAX_VALUES;
use crate::{
    error::AnalyzeError,
    models::UnknownModel,
    server::{limits::MAX_BODY, pace::TooSlow, room::NoRoom},
    text::TextError,
};
use axum::extract::rejection::{BytesRejection, PathRejection};
use http::StatusCode;
use serde::Serialize;
use std::{error::Error, iter};
use thiserror::Error;
use utoipa::ToSchema;

/// A request that got no answer; its `Display` is the sentence for its sender.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ApiError {
    /// The text was refused unread.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The model refused the text, or failed. What is wrong with links, feedback and the page's own requests,
    /// and with a text that was refused unread, does not come here.
    #[error(transparent)]
    Analyze(AnalyzeError),
    /// One of several texts has no answer.
    #[error("Text {} of the request: {error}", index + 1)]
    At {
        /// Its place, from 0.
        index: usize,
        /// Why.
        error: Box<Self>,
    },
    /// No model has the name that was asked for.
    #[error(transparent)]
    UnknownModel(#[from] UnknownModel),
    /// The request's syntax is broken.
    #[error("{0}")]
    Malformed(String),
    /// The request can be read, but is none that is served here.
    #[error("{0}")]
    Invalid(String),
    /// The body is of a type that this address does not take.
    #[error("{0}")]
    MediaType(String),
    /// The body has too many bytes or values.
    #[error("{0}")]
    TooLarge(String),
    /// The body was cut off.
    #[error("The request was cut off. Send it again.")]
    CutOff,
    /// A model has not answered its first text yet.
    #[error("A model has not answered its first text yet. Try again in a moment.")]
    NotReady,
    /// There is nothing at this address.
    #[error("There is nothing at this address; /docs lists what there is.")]
    NotFound,
    /// The request names no API key.
    #[error("This address needs an API key: send it in the header \"Authorization: Bearer <key>\".")]
    Unauthorized,
    /// The request names a key that is none of the server's.
    #[error("This API key is not one of the server's. Ask whoever runs it for one.")]
    WrongKey,
    /// The client has sent more requests than it may.
    #[error("Too many requests. Try again in {seconds} s.")]
    TooOften {
        /// Seconds until it may send the next.
        seconds: u64,
    },
    /// The body comes too slowly.
    #[error(
        "The request came too slowly, so the server gave up on it. Send it again, in smaller parts if need be."
    )]
    TooSlow,
    /// The address does not take this method.
    #[error("This address does not take this method; /docs lists what it takes.")]
    MethodNotAllowed,
}

/// The body that answers a request which failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErrorBody {
    /// What is wrong, in a sentence.
    pub error: String,
    /// What kind of error it is, for a program to act on.
    #[schema(value_type = String)]
    pub error_type: &'static str,
}

impl From<&ApiError> for ErrorBody {
    fn from(error: &ApiError) -> Self {
        Self { error: error.to_string(), error_type: error.error_type() }
    }
}

impl ApiError {
    /// The kind of error: a name of Text Embeddings Inference (`core/src/lib.rs`,
    /// `TextEmbeddingsError`) where it has one.
    #[must_use]
    pub const fn error_type(&self) -> &'static str {
        match self {
            Self::At { error, .. } => error.error_type(),
            Self::Text(TextError::Blank) | Self::Analyze(AnalyzeError::Empty) => "Empty",
            Self::Text(TextError::TooLarge { .. })
            | Self::Analyze(
                AnalyzeError::TooLarge { .. }
                | AnalyzeError::TooLong { .. }
                | AnalyzeError::OversizedLink { .. }
                | AnalyzeError::NoRow { .. },
            )
            | Self::Invalid(_) => "Validation",
            Self::Analyze(AnalyzeError::Unreadable) => "Tokenizer",
            Self::Analyze(AnalyzeError::TooMuch) | Self::TooLarge(_) => "PayloadTooLarge",
            Self::Analyze(AnalyzeError::UnknownModel) | Self::UnknownModel(_) => "ModelNotFound",
            Self::Analyze(AnalyzeError::Busy) => "Overloaded",
            Self::Analyze(AnalyzeError::TookTooLong { .. }) => "Timeout",
            Self::Analyze(AnalyzeError::Failed { .. }) => "Backend",
            Self::Analyze(AnalyzeError::Restarting | AnalyzeError::Unreachable) | Self::NotReady => {
                "Unhealthy"
            }
            Self::Analyze(AnalyzeError::Malformed | AnalyzeError::DamagedLink)
            | Self::Malformed(_)
            | Self::CutOff => "Malformed",
            Self::Analyze(AnalyzeError::FeedbackOff | AnalyzeError::UnknownAddress) => "Forbidden",
            Self::MediaType(_) => "UnsupportedMediaType",
            Self::NotFound => "NotFound",
            Self::MethodNotAllowed => "MethodNotAllowed",
            Self::Unauthorized | Self::WrongKey => "Unauthorized",
            Self::TooOften { .. } => "TooManyRequests",
            Self::TooSlow => "RequestTimeout",
        }
    }

    /// A body that does not say that it is JSON.
    #[must_use]
    pub fn no_json() -> Self {
        Self::MediaType("The body must be JSON, with the header \"Content-Type: application/json\".".into())
    }

    /// A body of more bytes than those of single texts may have.
    #[must_use]
    pub fn too_large() -> Self {
        Self::TooLarge(format!(
            "The body has more than {MAX_BODY} bytes. Send many texts to /api/v1/batch, which has no limit."
        ))
    }

    /// A body of more values than those of single texts may have.
    #[must_use]
    pub fn too_many_values() -> Self {
        Self::TooLarge(format!(
            "The body has more than {MAX_VALUES} values. Send many texts to /api/v1/batch, which has no limit."
        ))
    }

    /// Why a body is incomplete: it came too slowly, found no room, or was cut off.
    #[must_use]
    pub fn broken(error: &(dyn Error + 'static)) -> Self {
        let causes = || iter::successors(Some(error), |&error| error.source());
        if causes().any(|cause| cause.is::<TooSlow>()) {
            Self::TooSlow
        } else if causes().any(|cause| cause.is::<NoRoom>()) {
            AnalyzeError::Busy.into()
        } else {
            Self::CutOff
        }
    }
}

/// A text that is blank to the model is told so as one that is blank to everybody.
impl From<AnalyzeError> for ApiError {
    fn from(error: AnalyzeError) -> Self {
        match error {
            AnalyzeError::Empty => Self::Text(TextError::Blank),
            error => Self::Analyze(error),
        }
    }
}

impl From<BytesRejection> for ApiError {
    fn from(rejection: BytesRejection) -> Self {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Self::too_large()
        } else {
            Self::broken(&rejection)
        }
    }
}

/// A name is any text, so only its bytes can be wrong.
impl From<PathRejection> for ApiError {
    fn from(_: PathRejection) -> Self {
        Self::Malformed("A name in the address is not UTF-8. Encode it in UTF-8.".into())
    }
}
