//! Rows: the texts of an upload, one after the other, in memory for one row at a time.

use super::{ndjson::Lines, table::Table};
use crate::server::api::{error::ApiError, json::essence};
use axum::{body::BodyDataStream, extract::Request};
use bytes::BytesMut;
use futures_util::StreamExt;
use serde_json::Value;

/// The most bytes of one row: a text of the largest size with every character escaped, and more.
pub const MAX_ROW: usize = 1_000_000;

/// One text.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What its sender calls it.
    pub id: Option<Value>,
    /// The text.
    pub text: String,
}

/// Finds rows in what has been read so far.
pub trait Format: Send {
    /// Takes the next row off the front of `buffer`; `None` when it needs more bytes, or, at the
    /// end, when there are no more rows.
    fn decode(&mut self, buffer: &mut BytesMut, is_end: bool) -> Option<Result<Row, ApiError>>;
}

/// The rows of one upload.
pub struct Rows {
    upload: Upload,
    format: Box<dyn Format>,
    /// Whether the body broke off: what came of the row under way is no row.
    is_broken: bool,
}

/// The bytes of an upload that have not been understood yet.
pub struct Upload {
    body: BodyDataStream,
    /// What has been read and not yet taken.
    pub buffer: BytesMut,
    /// Whether nothing follows.
    pub is_end: bool,
}

impl Upload {
    /// Reads on.
    ///
    /// # Errors
    ///
    /// [`ApiError::CutOff`] or [`ApiError::TooSlow`] when the body does not come to its end.
    pub async fn read(&mut self) -> Result<(), ApiError> {
        match self.body.next().await {
            Some(Ok(bytes)) => self.buffer.extend_from_slice(&bytes),
            Some(Err(error)) => return Err(ApiError::broken(&error)),
            None => self.is_end = true,
        }
        Ok(())
    }
}

impl Rows {
    /// Chooses the format by the request's content type, and reads a table's header.
    ///
    /// `column` is the one of a table's columns that holds the texts.
    ///
    /// # Errors
    ///
    /// [`ApiError::MediaType`] for another type, and what [`Table::open`] returns.
    pub async fn open(request: Request, column: Option<&str>) -> Result<Self, ApiError> {
        let delimiter = match essence(request.headers()).as_str() {
            "text/csv" => Some(b','),
            "text/tab-separated-values" => Some(b'\t'),
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonlines" => None,
            _ => {
                return Err(ApiError::MediaType(
                    "The body must be NDJSON (Content-Type: application/x-ndjson), CSV (text/csv) or tab-separated \
                     (text/tab-separated-values)."
                        .into(),
                ));
            }
        };
        let body = request.into_body().into_data_stream();
        let mut upload = Upload { body, buffer: BytesMut::new(), is_end: false };
        let format: Box<dyn Format> = match delimiter {
            Some(delimiter) => Box::new(Table::open(&mut upload, delimiter, column).await?),
            None => Box::new(Lines::new()),
        };
        Ok(Self { upload, format, is_broken: false })
    }

    /// The next row, or why it is none; `None` after the last.
    ///
    /// A body that breaks off has an error for its last row.
    pub async fn next(&mut self) -> Option<Result<Row, ApiError>> {
        while !self.is_broken {
            let row = self.format.decode(&mut self.upload.buffer, self.upload.is_end);
            if row.is_some() || self.upload.is_end {
                return row;
            }
            if let Err(error) = self.upload.read().await {
                self.is_broken = true;
                return Some(Err(error));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use futures_util::stream;
    use http::header::CONTENT_TYPE;
    use std::io;

    /// The rows of a body that breaks off after `bytes`.
    async fn broken_off(content_type: &str, bytes: &'static str) -> Vec<Result<String, ApiError>> {
        let body = [Ok(bytes), Err(io::Error::from(io::ErrorKind::ConnectionReset))];
        let request = Request::post("/").header(CONTENT_TYPE, content_type);
        let request = request.body(Body::from_stream(stream::iter(body))).expect("a request");
        let mut rows = Rows::open(request, None).await.expect("a format that is known");
        let mut found = Vec::new();
        while let Some(row) = rows.next().await {
            found.push(row.map(|row| row.text));
        }
        found
    }

    #[tokio::test]
    async fn a_line_that_breaks_off_is_one_error_and_the_end() {
        let rows = broken_off("application/x-ndjson", "\"good\"\n{\"text\": \"so go").await;
        assert_eq!(rows, [Ok("good".into()), Err(ApiError::CutOff)]);
    }

    #[tokio::test]
    async fn a_record_that_breaks_off_is_one_error_and_the_end() {
        assert_eq!(
            broken_off("text/csv", "text\ngood\nso go").await,
            [Ok("good".into()), Err(ApiError::CutOff)]
        );
    }
}
