//! The one mapping from errors to HTTP: what the user reads, what the log keeps, which status.

use crate::{
    engine::{Engine, EngineError},
    error::AnalyzeError,
    sentiment::Analysis,
    text::Text,
};
use http::{HeaderValue, StatusCode, header::RETRY_AFTER};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds after which a refused client may try again.
///
/// A full queue of short texts drains in less.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("1");

/// Accepts and scores a text.
///
/// # Errors
///
/// An [`AnalyzeError`] for the user; what the user cannot mend is in the log.
pub async fn answer(engine: &Engine, text: String) -> Result<Analysis, AnalyzeError> {
    engine.analyze(Text::new(text)?).await.map_err(explain)
}

/// Turns an engine's error into its user's; a cause that the user cannot mend goes to the log.
fn explain(error: EngineError) -> AnalyzeError {
    match error {
        EngineError::TooLong { tokens, limit } => AnalyzeError::TooLong { tokens, limit },
        EngineError::Overloaded => AnalyzeError::Busy,
        EngineError::Tokenizer(_) | EngineError::Session(_) | EngineError::Stopped => {
            let reference = reference();
            tracing::error!(reference, error = %chain(&error), "analysis failed");
            AnalyzeError::Failed { reference }
        }
    }
}

/// Gives the response that is being made the status and headers of `error`.
pub fn set_response(error: &AnalyzeError) {
    let Some(response) = use_context::<ResponseOptions>() else { return };
    if let Ok(status) = StatusCode::from_u16(error.status()) {
        response.set_status(status);
    }
    if *error == AnalyzeError::Busy {
        response.insert_header(RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
}

/// A short name for one failure, to be found again in the log.
fn reference() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{:08x}", now.as_micros() & 0xffff_ffff)
}

/// An error and its sources in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        line.push_str(": ");
        line.push_str(&cause.to_string());
        source = cause.source();
    }
    line
}
