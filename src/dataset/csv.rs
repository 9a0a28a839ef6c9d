//! CSV and TSV: a header, then a row of texts a line. The header of CSV tells what is between columns.

pub mod header;
pub mod writer;

use super::{
    CHUNK_BYTES, CHUNK_ROWS, MAX_ROW,
    chunk::{Chunk, Unreadable},
    convert,
    error::DatasetError,
    format::Format,
    rows::Rows,
    source::Source,
};
use crate::{
    cells::records::{Records, Step, Unfit},
    columns,
};
use arrow_array::{ArrayRef, builder::StringBuilder};
use header::Header;
use std::{
    io::{self, BufRead, Chain, Cursor, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

/// The most columns.
const MAX_COLUMNS: usize = 65_536;

/// Reads a file; a row with another number of fields than the header could not be read.
pub struct Reader {
    file: PathBuf,
    /// What was read to find out what is between the columns, and all that follows.
    bytes: Chain<Cursor<Vec<u8>>, Source>,
    records: Records,
    columns: Vec<String>,
    rows: u64,
    end: u64,
    is_first: bool,
}

impl Reader {
    /// Reads the header of a file with these bytes.
    ///
    /// # Errors
    ///
    /// [`DatasetError::Unreadable`], or [`DatasetError::Header`] where it is no header.
    pub fn new(format: Format, file: &Path, bytes: impl Into<Source>) -> Result<Self, DatasetError> {
        let mut bytes: Source = bytes.into();
        let mut first = Vec::new();
        let delimiter = match format {
            Format::Tsv => b'\t',
            _ => delimiter(&mut bytes, &mut first).map_err(super::unreadable(file))?,
        };
        let records = Records::new(delimiter, MAX_ROW, MAX_COLUMNS);
        let bytes = Cursor::new(first).chain(bytes);
        let columns = Vec::new();
        let mut reader = Self { file: file.into(), bytes, records, columns, rows: 0, end: 0, is_first: true };
        if reader.read()? {
            let wrong = |reason| DatasetError::Header { reason };
            let header = reader.records.fields().map_err(|unfit| wrong(reason(unfit)))?;
            let header: Option<Vec<&str>> = header.into_iter().collect();
            let header = header.ok_or_else(|| wrong("not UTF-8".into()))?;
            reader.columns = columns::distinct(header.into_iter().map(str::to_owned));
        }
        Ok(reader)
    }

    /// Reads a record; whether there is one more.
    fn read(&mut self) -> Result<bool, DatasetError> {
        if self.records.read_ahead() {
            // Not behind bytes that may be long in coming.
            return Ok(true);
        }
        loop {
            let bytes = self.bytes.fill_buf().map_err(super::unreadable(&self.file))?;
            let (taken, step) = self.records.read(bytes);
            self.bytes.consume(taken);
            self.end += taken as u64;
            match step {
                Step::More => {}
                Step::Record => return Ok(true),
                Step::End => return Ok(false),
            }
        }
    }

    fn chunk(&mut self) -> Result<Option<Chunk>, DatasetError> {
        let mut fields: Vec<StringBuilder> = self.columns.iter().map(|_| StringBuilder::new()).collect();
        let mut unreadable = Vec::new();
        let start = self.end;
        while unreadable.len() < CHUNK_ROWS
            && self.end - start < CHUNK_BYTES as u64
            && (unreadable.is_empty() || self.bytes.get_mut().1.has_line())
            && self.read()?
        {
            let record = self.records.fields();
            let wrong = match &record {
                Ok(record) if record.len() != fields.len() => {
                    Some(format!("{} fields, where the header has {}", record.len(), self.columns.len()))
                }
                Ok(record) if record.contains(&None) => {
                    Some("not UTF-8, which the file should be saved as".into())
                }
                Ok(_) => None,
                Err(unfit) => Some(reason(*unfit)),
            };
            let record = record.unwrap_or_default();
            self.rows += 1;
            for (place, field) in fields.iter_mut().enumerate() {
                field.append_option(record.get(place).copied().flatten());
            }
            unreadable.push(wrong.map(|reason| Unreadable { row: self.rows, reason }));
        }
        if unreadable.is_empty() && !self.is_first {
            return Ok(None);
        }
        self.is_first = false;
        let arrays = fields.iter_mut().map(|field| Arc::new(field.finish()) as ArrayRef).collect();
        let rows = Rows::Table(convert::strings(&self.columns, arrays, unreadable.len())?);
        Ok(Some(Chunk { rows, unreadable, end: self.end }))
    }
}

/// What is wrong with a record.
fn reason(unfit: Unfit) -> String {
    match unfit {
        Unfit::TooLarge => {
            format!("more than {MAX_ROW} bytes or {MAX_COLUMNS} columns; is a quote left open?")
        }
        Unfit::OpenQuote => "a quote is left open, so that all that follows is a part of this row".into(),
        Unfit::Cut => "a quote is left open, and the line after it is no whole row".into(),
    }
}

/// What is between the columns, by a header that goes into `first`.
fn delimiter(bytes: &mut impl BufRead, first: &mut Vec<u8>) -> io::Result<u8> {
    let mut lines = bytes.take(MAX_ROW as u64);
    let mut header = Header::default();
    let mut read = 0;
    while lines.read_until(b'\n', first)? > 0 && !header.read(&first[read..]) {
        read = first.len();
    }
    Ok(header.delimiter())
}

impl Iterator for Reader {
    type Item = Result<Chunk, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.chunk().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::column;

    // The whole line was taken for a text.
    #[test]
    fn a_header_may_have_line_breaks() {
        let bytes = Cursor::new("\u{feff}\n\"Review\ntext, new\";stars\n\"good\";1\n");
        let reader = Reader::new(Format::Csv, Path::new("in.csv"), Box::new(bytes)).expect("a header");
        assert_eq!(reader.columns, ["Review\ntext, new", "stars"]);
    }

    // It was taken for the header.
    #[test]
    fn the_line_that_tells_excel_the_delimiter_is_no_header() {
        for delimiter in [",", ";", "|", "\t"] {
            let bytes = "\u{feff}sep=;\r\nid;text\r\n1;good\r\n".replace(';', delimiter);
            let bytes = Box::new(Cursor::new(bytes));
            let mut reader = Reader::new(Format::Csv, Path::new("in.csv"), bytes).expect("a header");
            assert_eq!(reader.columns, ["id", "text"]);
            let chunk = reader.next().expect("a chunk").expect("read");
            assert_eq!(column::texts(&chunk.rows, "text").expect("a column"), [Some("good".to_owned())]);
        }
    }

    // What follows it was taken for the text.
    #[test]
    fn a_quote_that_is_left_open_is_told_at_the_end() {
        let bytes = Cursor::new("id,text\n1,good\n2,\"good\n3,bad\n");
        let mut reader = Reader::new(Format::Csv, Path::new("in.csv"), Box::new(bytes)).expect("a header");
        let error = reader.next().expect("a chunk").expect("read").sound().expect_err("an open quote");
        assert!(error.to_string().starts_with("row 2 cannot be read: a quote is left open"), "{error}");
        assert!(reader.next().is_none());
    }

    // It lost its id too, so that nobody could tell which row it was.
    #[test]
    fn a_value_that_is_not_utf_8_costs_no_other() {
        let bytes = Cursor::new(b"id,text\n1,caf\xe9 good\n");
        let mut reader = Reader::new(Format::Csv, Path::new("in.csv"), Box::new(bytes)).expect("a header");
        let chunk = reader.next().expect("a chunk").expect("read");
        let texts = ["id", "text"].map(|name| column::texts(&chunk.rows, name).expect("a column"));
        assert_eq!(texts, [[Some("1".to_owned())], [None]]);
        let reason = "not UTF-8, which the file should be saved as";
        assert!(matches!(&chunk.unreadable[..], [Some(row)] if row.reason == reason));
    }

    // It took all that followed for one value, three times as large in memory as in the file.
    #[test]
    fn a_quote_that_is_left_open_costs_its_row_and_no_memory() {
        let row = "3,so good, and more\n".repeat(1000);
        let bytes = Cursor::new("id,text\n1,good\n2,\"good\n").chain(Cursor::new(row.repeat(1000)));
        let mut reader = Reader::new(Format::Csv, Path::new("in.csv"), Box::new(bytes)).expect("a header");
        let chunk = reader.next().expect("a chunk").expect("read");
        let reasons: Vec<_> =
            chunk.unreadable.into_iter().map(|row| row.map(|row| (row.row, row.reason))).collect();
        let reason = "more than 16000000 bytes or 65536 columns; is a quote left open?";
        assert_eq!(reasons, [None, Some((2, reason.to_owned()))]);
        assert!(reader.next().is_none());
        let header = Cursor::new("\"id").chain(Cursor::new(row.repeat(1000)));
        let error = Reader::new(Format::Csv, Path::new("in.csv"), Box::new(header)).err().expect("no header");
        assert!(error.to_string().contains("is a quote left open?"), "{error}");
    }

    #[test]
    fn a_chunk_of_large_rows_has_fewer_of_them() {
        let row = format!("good,{}\n", "a".repeat(999_994));
        let bytes = Cursor::new(format!("text,other\n{}", row.repeat(9)));
        let reader = Reader::new(Format::Csv, Path::new("in.csv"), Box::new(bytes)).expect("a header");
        let sizes: Vec<_> = reader.map(|chunk| chunk.expect("read").rows.len()).collect();
        assert_eq!(sizes, [4, 4, 1]);
    }
}
