//! Writing CSV, with commas, and TSV, which has no way to write some texts.

use crate::dataset::{convert, encoder::Encoder, error::DatasetError, format::Format, rows::Rows, values};
use arrow_array::{Array, StringArray};
use csv::{ErrorKind, QuoteStyle, WriterBuilder};
use std::io::{self, Write};

/// Writes rows of one table.
pub struct Writer {
    format: Format,
    writer: csv::Writer<Box<dyn Write + Send>>,
    columns: Vec<String>,
    has_header: bool,
}

impl Writer {
    /// A writer for these columns.
    #[must_use]
    pub fn new(format: Format, out: Box<dyn Write + Send>, columns: &[String], has_header: bool) -> Self {
        let writer = match format {
            Format::Tsv => {
                WriterBuilder::new().delimiter(b'\t').quote_style(QuoteStyle::Never).from_writer(out)
            }
            _ => csv::Writer::from_writer(out),
        };
        Self { format, writer, columns: columns.to_vec(), has_header }
    }
}

impl Encoder for Writer {
    fn write(&mut self, rows: Rows) -> Result<(), DatasetError> {
        let table = convert::table(rows, &self.columns)?;
        let columns = table
            .columns()
            .iter()
            .map(|array| Ok(StringArray::from(values::texts(array.as_ref())?)))
            .collect::<Result<Vec<_>, DatasetError>>()?;
        let is_unfit = |text: &str| !self.format.holds(text);
        for (name, column) in self.columns.iter().zip(&columns) {
            if is_unfit(name) || column.iter().flatten().any(is_unfit) {
                return Err(DatasetError::NotForTsv { column: name.clone() });
            }
        }
        if std::mem::take(&mut self.has_header) {
            self.writer.write_record(&self.columns).map_err(failed)?;
        }
        for row in 0..table.num_rows() {
            let fields =
                columns.iter().map(|column| if column.is_null(row) { "" } else { column.value(row) });
            self.writer.write_record(fields).map_err(failed)?;
        }
        Ok(self.writer.flush()?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), DatasetError> {
        Ok(self.writer.flush()?)
    }
}

fn failed(error: csv::Error) -> DatasetError {
    DatasetError::Write(io_error(error))
}

fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        // As it is, for those who look for a closed pipe.
        ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
