//! Writing rows, whatever the format.

use super::{error::DatasetError, rows::Rows};

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
