//! Writing rows, whatever the format.

use super::{Rows, csv, error::DatasetError, format::Format, jsonl, parquet};
use std::io::Write;

/// Writes rows in a format.
pub trait Encoder: Send {
    /// Writes some rows.
    ///
    /// # Errors
    ///
    /// [`DatasetError::Write`] where the file takes no more, others where the format cannot hold a
    /// value.
    fn write(&mut self, rows: Rows) -> Result<(), DatasetError>;

    /// Writes what is left, such as Parquet's footer.
    ///
    /// # Errors
    ///
    /// As [`Encoder::write`].
    fn finish(self: Box<Self>) -> Result<(), DatasetError>;
}

/// An encoder of `format` for rows with these `columns`. Only the first part of a file
/// `has_header`.
#[must_use]
pub fn of(
    format: Format,
    out: Box<dyn Write + Send>,
    columns: &[String],
    has_header: bool,
) -> Box<dyn Encoder> {
    match format {
        Format::Csv | Format::Tsv => Box::new(csv::writer::Writer::new(format, out, columns, has_header)),
        Format::Jsonl => Box::new(jsonl::Writer::new(out)),
        Format::Parquet => Box::new(parquet::Writer::new(out, columns)),
    }
}
