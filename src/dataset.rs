//! Datasets: files of rows with a text in each, as CSV, TSV, JSONL or Parquet.
//!
//! Rows stream through in chunks of bounded size, so that a file may be larger than the memory. A table keeps its
//! columns' types (Parquet) or its fields' characters (CSV, TSV); an object of JSONL keeps the order
//! of its members and each value's characters.

pub mod chunk;
pub mod column;
pub mod convert;
pub mod csv;
pub mod damage;
pub mod encoder;
pub mod error;
pub mod format;
pub mod jsonl;
pub mod parquet;
pub mod rows;
pub mod source;
#[cfg(test)]
mod tests;
pub mod values;

use crate::columns::LOOKED_AT;
use chunk::Chunk;
use damage::{Caught, caught};
use encoder::Encoder;
use error::DatasetError;
use format::Format;
use indexmap::IndexSet;
use rows::Rows;
use source::Source;
use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

/// Rows of one chunk at most.
pub const CHUNK_ROWS: usize = 256;

/// Bytes of a chunk's rows, about: it ends with the row that has it reach so many.
const CHUNK_BYTES: usize = 4_000_000;

/// Bytes of one row of text at most; a larger one could not be read. Far more than a text may have, as
/// other columns may hold more, such as pictures.
const MAX_ROW: usize = 16_000_000;

/// Reads a dataset chunk by chunk.
pub type Chunks = Box<dyn Iterator<Item = Result<Chunk, DatasetError>> + Send>;

/// A dataset that is open for reading.
pub struct Dataset {
    /// Its columns, no two of one name; of JSONL those of the first rows.
    pub columns: Vec<String>,
    /// Its first rows, of which there are as many as are looked at, or as have come.
    pub first: Vec<Rows>,
    /// Whether its first chunk has no row, as in JSONL only where there is none.
    pub is_empty: bool,
    /// Its rows; the first chunk may be empty, the others are not.
    pub chunks: Chunks,
    /// Where the last of them ends, as [`Chunk::end`]; unknown of a file that can be read but once.
    pub size: Option<u64>,
}

impl Dataset {
    /// Opens a file; `-` is standard input. The columns of JSONL are those of as many rows as a chunk may
    /// have.
    ///
    /// # Errors
    ///
    /// A [`DatasetError`] where it cannot be read, or none of its first rows is of this format.
    pub fn open(file: &Path, format: Format) -> Result<Self, DatasetError> {
        Self::open_until(file, format, |_| false)
    }

    /// The same, but of JSONL those of no more rows than it takes for `is_enough` of them.
    ///
    /// # Errors
    ///
    /// As [`Dataset::open`].
    pub fn open_until(
        file: &Path,
        format: Format,
        is_enough: impl Fn(&IndexSet<String>) -> bool,
    ) -> Result<Self, DatasetError> {
        if file.is_dir() {
            // Each format would find another word for it.
            return Err(unreadable(file)(io::ErrorKind::IsADirectory.into()));
        }
        let mut size = fs::metadata(file).ok().filter(|_| !is_stream(file)).map(|file| file.len());
        let source = || Source::open(file).map_err(unreadable(file));
        let chunks: Chunks = match format {
            Format::Csv | Format::Tsv => Box::new(csv::Reader::new(format, file, source()?)?),
            Format::Jsonl => Box::new(jsonl::Reader::new(file, source()?)),
            Format::Parquet if is_stream(file) => return Err(DatasetError::ParquetStream),
            Format::Parquet => {
                let file = File::open(file).map_err(unreadable(file))?;
                let (chunks, rows) = caught(0, || parquet::read(file))?;
                size = Some(rows);
                chunks
            }
        };
        let mut chunks: Chunks = Box::new(Caught::new(chunks));
        let (first, columns) = chunk::first(&mut chunks, is_enough)?;
        let is_empty = first.iter().all(|chunk| chunk.rows.is_empty());
        let (columns, rows) = (columns.into_iter().collect(), chunk::head(&first, LOOKED_AT));
        let chunks = Box::new(first.into_iter().map(Ok).chain(chunks));
        Ok(Self { columns, first: rows, is_empty, chunks, size })
    }
}

// Not in `format`, which those that write know themselves.
impl Format {
    /// An encoder for rows with these `columns`. Only the first part of a file `has_header`.
    #[must_use]
    pub fn encoder(
        self,
        out: Box<dyn Write + Send>,
        columns: &[String],
        has_header: bool,
    ) -> Box<dyn Encoder> {
        match self {
            Self::Csv | Self::Tsv => Box::new(csv::writer::Writer::new(self, out, columns, has_header)),
            Self::Jsonl => Box::new(jsonl::Writer::new(out)),
            Self::Parquet => Box::new(parquet::Writer::new(out, columns)),
        }
    }
}

/// Whether a file's name means standard input or output.
#[must_use]
pub fn is_standard(file: &Path) -> bool {
    file == Path::new("-")
}

/// Whether a file can be read but once, as standard input and pipes.
#[must_use]
pub fn is_stream(file: &Path) -> bool {
    is_standard(file) || fs::metadata(file).is_ok_and(|kind| !kind.is_file() && !kind.is_dir())
}

fn unreadable(file: &Path) -> impl Fn(io::Error) -> DatasetError {
    move |source| DatasetError::Unreadable { file: file.into(), source }
}
