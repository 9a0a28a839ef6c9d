//! The reason why a row has no verdict, in a few words and in a sentence.

use crate::error::AnalyzeError;

/// What a row without a verdict is, whatever the reason.
pub const NOT_ANALYZED: &str = "Not analyzed";

/// Why a row has no verdict, so short that it fits the column of verdicts.
#[must_use]
pub const fn in_short(error: &AnalyzeError) -> &'static str {
    match error {
        AnalyzeError::Empty => "No text",
        AnalyzeError::TooLarge { .. } | AnalyzeError::TooLong { .. } => "Too long",
        AnalyzeError::Busy => "Server busy",
        _ => NOT_ANALYZED,
    }
}

/// The same in a sentence.
#[must_use]
pub fn in_full(error: &AnalyzeError) -> String {
    match error {
        AnalyzeError::Empty => "This row has no text.".into(),
        _ => error.to_string(),
    }
}
