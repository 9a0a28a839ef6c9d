//! CSV and TSV: a header, then a row of texts a line. The header of CSV tells what is between columns.

use super::{
    CHUNK_ROWS, Encoder, Rows,
    chunk::{Chunk, Unreadable},
    column, convert,
    error::DatasetError,
    format::Format,
};
use crate::columns;
use arrow_array::{ArrayRef, StringArray, builder::StringBuilder};
use csv::{ErrorKind, QuoteStyle, ReaderBuilder, StringRecord, WriterBuilder};
use std::{
    io::{self, BufRead, BufReader, Cursor, Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Reads a file; a row with another number of fields than the header could not be read.
pub struct Reader {
    file: PathBuf,
    reader: csv::Reader<Box<dyn Read + Send>>,
    columns: Vec<String>,
    rows: u64,
    is_first: bool,
}

impl Reader {
    /// Reads the header of a file with these bytes.
    ///
    /// # Errors
    ///
    /// [`DatasetError::Unreadable`], or [`DatasetError::Header`] where it is no text.
    pub fn new(format: Format, file: &Path, bytes: Box<dyn Read + Send>) -> Result<Self, DatasetError> {
        let mut builder = ReaderBuilder::new();
        builder.flexible(true);
        let mut bytes = BufReader::new(bytes);
        let mut first = Vec::new();
        bytes.read_until(b'\n', &mut first).map_err(super::unreadable(file))?;
        match format {
            Format::Tsv => builder.delimiter(b'\t').quoting(false),
            _ => builder.delimiter(delimiter(&first)),
        };
        let mut reader = builder.from_reader(Box::new(Cursor::new(first).chain(bytes)) as _);
        let header = reader.headers().map_err(|error| match error.kind() {
            ErrorKind::Utf8 { .. } => DatasetError::Header,
            _ => super::unreadable(file)(io_error(error)),
        })?;
        let columns = columns::distinct(header.iter().map(str::to_owned));
        Ok(Self { file: file.into(), reader, columns, rows: 0, is_first: true })
    }

    fn chunk(&mut self) -> Result<Option<Chunk>, DatasetError> {
        let mut fields: Vec<StringBuilder> = self.columns.iter().map(|_| StringBuilder::new()).collect();
        let mut unreadable = Vec::new();
        let mut record = StringRecord::new();
        while unreadable.len() < CHUNK_ROWS {
            let wrong = match self.reader.read_record(&mut record) {
                Ok(false) => break,
                Ok(true) if record.len() == fields.len() => None,
                Ok(true) => {
                    Some(format!("{} fields, where the header has {}", record.len(), self.columns.len()))
                }
                Err(error) if matches!(error.kind(), ErrorKind::Utf8 { .. }) => {
                    record.clear();
                    Some("not UTF-8".into())
                }
                Err(error) => return Err(super::unreadable(&self.file)(io_error(error))),
            };
            self.rows += 1;
            for (place, field) in fields.iter_mut().enumerate() {
                field.append_option(record.get(place));
            }
            unreadable.push(wrong.map(|reason| Unreadable { row: self.rows, reason }));
        }
        if unreadable.is_empty() && !self.is_first {
            return Ok(None);
        }
        self.is_first = false;
        let arrays = fields.iter_mut().map(|field| Arc::new(field.finish()) as ArrayRef).collect();
        let rows = Rows::Table(convert::strings(&self.columns, arrays, unreadable.len())?);
        Ok(Some(Chunk { rows, unreadable, end: self.reader.position().byte() }))
    }
}

/// What is between the columns' names in a header: commas, else the semicolons of spreadsheets in many
/// countries, bars or tabs. The same for the command line and the HTTP API.
#[must_use]
pub fn delimiter(header: &[u8]) -> u8 {
    let is_bare = |delimiter: u8| {
        let mut is_quoted = false;
        header.iter().any(|&byte| {
            is_quoted ^= byte == b'"';
            !is_quoted && byte == delimiter
        })
    };
    [b',', b';', b'|', b'\t'].into_iter().find(|&delimiter| is_bare(delimiter)).unwrap_or(b',')
}

impl Iterator for Reader {
    type Item = Result<Chunk, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.chunk().transpose()
    }
}

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
            .map(|array| Ok(StringArray::from(column::array_texts(array.as_ref())?)))
            .collect::<Result<Vec<_>, DatasetError>>()?;
        if self.format == Format::Tsv {
            for (name, column) in self.columns.iter().zip(&columns) {
                if column.iter().flatten().any(|value| value.contains(['\t', '\n', '\r'])) {
                    return Err(DatasetError::NotForTsv { column: name.clone() });
                }
            }
        }
        if std::mem::take(&mut self.has_header) {
            self.writer.write_record(&self.columns).map_err(failed)?;
        }
        for row in 0..table.num_rows() {
            let fields = columns
                .iter()
                .map(|column| if arrow_array::Array::is_null(column, row) { "" } else { column.value(row) });
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_tells_what_is_between_its_columns() {
        for (header, expected) in [
            ("id,text;note", b','),
            ("id;text", b';'),
            ("\"id, old\";text", b';'),
            ("id|text", b'|'),
            ("id\ttext", b'\t'),
            ("text", b','),
            ("", b','),
        ] {
            assert_eq!(delimiter(header.as_bytes()), expected, "{header}");
        }
    }
}
