//! One row of an upload, and how a format finds it.

use super::id::Id;
use crate::server::api::error::ApiError;
use bytes::BytesMut;

/// The most bytes of one row: a text of the largest size with every character escaped, and more.
pub const MAX_ROW: usize = 1_000_000;

/// Bytes of what works at a row until its line is there: a task with all that the engine may have to wait
/// for. A row of a byte took 3,500.
const WORK: usize = 4000;

/// One text.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What its sender calls it.
    pub id: Option<Id>,
    /// The text, or why there is none.
    pub text: Result<String, ApiError>,
}

impl Row {
    /// A row with this `id`, which is kept until its answer is read: where it is too large for that, no
    /// row at all.
    #[must_use]
    pub fn named(id: Option<Id>, text: Result<String, ApiError>) -> Self {
        if id.as_ref().is_some_and(Id::is_too_large) {
            let limit = Id::MAX_BYTES;
            return ApiError::TooLarge(format!("The id has more than {limit} bytes. Send a shorter one."))
                .into();
        }
        Self { id, text }
    }

    /// Bytes of it in memory, and of what works at it.
    #[must_use]
    pub fn bytes(&self) -> usize {
        WORK + self.text.as_ref().map_or(0, String::len) + self.id.as_ref().map_or(0, Id::bytes)
    }
}

impl From<ApiError> for Row {
    /// A row of which nothing else is known.
    fn from(error: ApiError) -> Self {
        Self { id: None, text: Err(error) }
    }
}

/// Finds rows in what has been read so far.
pub trait Format: Send {
    /// Takes the next row off the front of `buffer`; `None` when it needs more bytes, or, at the
    /// end, when there are no more rows.
    fn decode(&mut self, buffer: &mut BytesMut, is_end: bool) -> Option<Row>;

    /// Bytes of memory that it keeps for rows, beside the buffer.
    fn kept(&self) -> usize;
}
