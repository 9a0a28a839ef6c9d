//! An upload: its bytes as they come, until they are understood, and what of it counts as in memory.

use super::row::MAX_ROW;
use crate::{
    dataset::csv::header::Header,
    error::AnalyzeError,
    server::{
        api::error::ApiError,
        room::{
            NoRoom,
            claim::{Claim, Held},
        },
    },
};
use axum::{body::BodyDataStream, extract::Request};
use bytes::BytesMut;
use futures_util::StreamExt;
use std::sync::Arc;

/// The bytes of an upload that have not been understood yet.
pub struct Upload {
    body: BodyDataStream,
    /// What has been read and not yet taken.
    pub buffer: BytesMut,
    /// Whether nothing follows.
    pub is_end: bool,
    claim: Arc<Claim>,
    /// Bytes that have come, and so count, since it was settled what counts.
    fresh: usize,
    /// The most that has been in the buffer, which keeps the memory for it.
    most: usize,
    /// Bytes that count beside those that are fresh and those of rows.
    kept: usize,
}

impl Upload {
    /// Nothing of this request's body has been read.
    #[must_use]
    pub fn new(request: Request) -> Self {
        let claim = request.extensions().get().cloned().unwrap_or_default();
        let body = request.into_body().into_data_stream();
        Self { body, buffer: BytesMut::new(), is_end: false, claim, fresh: 0, most: 0, kept: 0 }
    }

    /// Reads on.
    ///
    /// # Errors
    ///
    /// When the body does not come to its end, as [`ApiError::broken`] tells it.
    pub async fn read(&mut self) -> Result<(), ApiError> {
        match self.body.next().await {
            Some(Ok(bytes)) => {
                self.buffer.extend_from_slice(&bytes);
                self.fresh += bytes.len();
                self.most = self.most.max(self.buffer.len());
            }
            Some(Err(error)) => return Err(ApiError::broken(&error)),
            None => self.is_end = true,
        }
        Ok(())
    }

    /// Settles what counts of the upload: the memory of the buffer, as much for the format as it keeps, and
    /// a row of so many bytes, until what this returns is dropped.
    ///
    /// # Errors
    ///
    /// [`AnalyzeError::Busy`] where there is no room for that.
    pub fn settle(&mut self, format: usize, row: usize) -> Result<Held, ApiError> {
        let kept = self.most + format;
        self.claim.exchange(self.fresh + self.kept, kept + row).map_err(|NoRoom| AnalyzeError::Busy)?;
        (self.fresh, self.kept) = (0, kept);
        Ok(Held::of(Arc::clone(&self.claim), row))
    }

    /// Room for nothing yet.
    #[must_use]
    pub fn nothing(&self) -> Held {
        Held::of(Arc::clone(&self.claim), 0)
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

impl Drop for Upload {
    fn drop(&mut self) {
        // Its last lines may still be on their way.
        let _ = self.claim.exchange(self.fresh + self.kept, 0);
    }
}
