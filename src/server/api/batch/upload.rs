//! An upload: its bytes as they come, until they are understood.

use super::rows::MAX_ROW;
use crate::{dataset::csv::header::Header, server::api::error::ApiError};
use axum::body::BodyDataStream;
use bytes::BytesMut;
use futures_util::StreamExt;

/// The bytes of an upload that have not been understood yet.
pub struct Upload {
    body: BodyDataStream,
    /// What has been read and not yet taken.
    pub buffer: BytesMut,
    /// Whether nothing follows.
    pub is_end: bool,
}

impl Upload {
    /// Nothing of this body has been read.
    #[must_use]
    pub fn new(body: BodyDataStream) -> Self {
        Self { body, buffer: BytesMut::new(), is_end: false }
    }

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

    /// Reads until a header of CSV, or as much as a row may have, is there, and gives its delimiter.
    ///
    /// # Errors
    ///
    /// As [`Upload::read`].
    pub async fn delimiter(&mut self) -> Result<u8, ApiError> {
        let mut header = Header::default();
        let mut read = 0;
        while !header.read(&self.buffer[read..]) && !self.is_end && self.buffer.len() <= MAX_ROW {
            read = self.buffer.len();
            self.read().await?;
        }
        Ok(header.delimiter())
    }
}
