//! A chunk: some rows of a dataset, and which of them could not be read.
//!
//! A row that could not be read keeps its place, so that what is written has as many rows as the file,
//! of which blank lines are none. Of a pipe a chunk ends where the next row has not come yet.

use super::{CHUNK_BYTES, CHUNK_ROWS, Chunks, column, error::DatasetError, rows::Rows};
use indexmap::IndexSet;

/// Why a row is not of its format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Number of the row, from 1, without the header and blank lines.
    pub row: u64,
    /// What is wrong with it.
    pub reason: String,
}

impl From<Unreadable> for DatasetError {
    fn from(Unreadable { row, reason }: Unreadable) -> Self {
        Self::Row { row, reason }
    }
}

/// Some rows of a dataset.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// The rows; one that could not be read is empty where its values are not known.
    pub rows: Rows,
    /// For each row, why it could not be read, if so.
    pub unreadable: Vec<Option<Unreadable>>,
    /// Where it ends in its file: bytes from the start, of Parquet rows.
    pub end: u64,
}

impl Chunk {
    /// The rows, where all could be read.
    ///
    /// # Errors
    ///
    /// [`DatasetError::Row`] for the first that could not.
    pub fn sound(self) -> Result<Rows, DatasetError> {
        match self.unreadable.into_iter().flatten().next() {
            Some(unreadable) => Err(unreadable.into()),
            None => Ok(self.rows),
        }
    }

    /// Without its first `rows`.
    #[must_use]
    pub fn skip(mut self, rows: usize) -> Self {
        self.unreadable.drain(..rows);
        Self { rows: self.rows.skip(rows), ..self }
    }
}

impl From<Rows> for Chunk {
    /// All could be read, and end where nothing is before them.
    fn from(rows: Rows) -> Self {
        let unreadable = vec![None; rows.len()];
        Self { rows, unreadable, end: 0 }
    }
}

/// The first `most` rows of some chunks, or all where there are fewer.
#[must_use]
pub fn head(chunks: &[Chunk], most: usize) -> Vec<Rows> {
    let mut left = most;
    let mut head = Vec::new();
    for chunk in chunks {
        let rows = chunk.rows.take(left);
        left -= rows.len();
        head.push(rows);
    }
    head
}

/// Takes the first chunks, as many as it takes for the columns, and tells these: the first of a table, of
/// JSONL those of as many rows as one chunk may have, or of which `is_enough`.
///
/// # Errors
///
/// A [`DatasetError`] where they cannot be read, or have no column, as none of their rows could be read.
pub fn first(
    chunks: &mut Chunks,
    is_enough: impl Fn(&IndexSet<String>) -> bool,
) -> Result<(Vec<Chunk>, IndexSet<String>), DatasetError> {
    let (mut first, mut columns) = (Vec::<Chunk>::new(), IndexSet::new());
    let (mut rows, mut end, mut is_known) = (0, 0, false);
    while !is_known && rows < CHUNK_ROWS && end < CHUNK_BYTES as u64 {
        let Some(chunk) = chunks.next().transpose()? else { break };
        is_known = column::add_names(&chunk.rows, &mut columns, &is_enough);
        rows += chunk.rows.len();
        end = chunk.end;
        first.push(chunk);
    }
    if columns.is_empty() {
        first.iter().try_for_each(|chunk| chunk.clone().sound().map(drop))?;
    }
    Ok((first, columns))
}
