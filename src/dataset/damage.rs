//! Damage: a reader that panics over a broken file, as Parquet's does over some, has met an error.

use super::{Chunks, chunk::Chunk, error::DatasetError};
use crate::quiet::quietly;
use std::panic::AssertUnwindSafe;

/// What `read` gives after `row` rows were read.
///
/// # Errors
///
/// What `read` says, or [`DatasetError::Damaged`] where it panics.
pub fn caught<T>(row: u64, read: impl FnOnce() -> Result<T, DatasetError>) -> Result<T, DatasetError> {
    quietly(AssertUnwindSafe(read)).unwrap_or(Err(DatasetError::Damaged { row }))
}

/// Chunks of a reader that may panic; they end with the first error.
pub struct Caught {
    /// Nothing after an error, which some readers would tell for ever.
    chunks: Option<Chunks>,
    /// Rows of those that have come.
    rows: u64,
}

impl Caught {
    /// Those of this reader.
    #[must_use]
    pub fn new(chunks: Chunks) -> Self {
        Self { chunks: Some(chunks), rows: 0 }
    }
}

impl Iterator for Caught {
    type Item = Result<Chunk, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        let chunks = self.chunks.as_mut()?;
        let chunk = caught(self.rows, || chunks.next().transpose()).transpose()?;
        match &chunk {
            Ok(chunk) => self.rows += chunk.rows.len() as u64,
            Err(_) => self.chunks = None,
        }
        Some(chunk)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::rows::{Object, Rows};

    #[test]
    fn a_panic_is_the_last_that_is_read() {
        let mut calls = 0;
        let broken = std::iter::from_fn(move || {
            calls += 1;
            assert_ne!(calls, 3, "a fault of the test's own");
            Some(Ok::<Chunk, DatasetError>(Rows::Objects(vec![Object::new(); 5]).into()))
        });
        let read: Vec<_> = Caught::new(Box::new(broken)).collect();
        assert!(matches!(&read[..], [Ok(_), Ok(_), Err(DatasetError::Damaged { row: 10 })]), "{read:?}");
    }
}
