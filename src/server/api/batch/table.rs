//! Tables: CSV and tab-separated files whose first record names the columns.

use super::rows::{Format, MAX_ROW, Row, Upload};
use crate::{columns, dataset::csv, server::api::error::ApiError};
use bytes::{Buf, BytesMut};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use serde_json::Value;

/// The most columns.
const MAX_COLUMNS: usize = 1024;

/// What a table is sent as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// With quotes; its header tells what is between the columns.
    Csv,
    /// With tabs and without quotes, as GLUE and IANA have them.
    Tabs,
}

/// Takes records, each with the text in one column and maybe an `id` in another.
pub struct Table {
    records: Records,
    columns: usize,
    text: usize,
    id: Option<usize>,
}

/// The parser, and as much of a record as it has seen.
///
/// It copies into a buffer of fixed size, so that a quote which is never closed cannot take in
/// the rest of the file.
struct Records {
    reader: Reader,
    fields: Box<[u8]>,
    ends: Box<[usize]>,
    written: usize,
    columns: usize,
    is_too_large: bool,
    is_over: bool,
}

impl Table {
    /// Reads the header.
    ///
    /// # Errors
    ///
    /// [`ApiError::Invalid`] when there is no header or no column for the texts.
    pub async fn open(upload: &mut Upload, kind: Kind, column: Option<&str>) -> Result<Self, ApiError> {
        let first = upload.first_line().await?;
        let mut records = match kind {
            Kind::Csv => Records::new(csv::delimiter(first), true),
            Kind::Tabs => Records::new(b'\t', false),
        };
        let header = loop {
            match records.next(&mut upload.buffer, upload.is_end) {
                Some(header) => break header?,
                None if upload.is_end => {
                    return Err(ApiError::Invalid(
                        "The file is empty; its first line must name the columns.".into(),
                    ));
                }
                None => upload.read().await?,
            }
        };
        let text = match column {
            Some(name) => columns::asked(&header, name),
            None => columns::text(&header),
        };
        let Some(text) = text else {
            let name = column.map_or("with a usual name for texts".into(), |name| format!("\"{name}\""));
            return Err(ApiError::Invalid(format!(
                "The file has no column {name}, only: {}. Name the one with the texts: ?column=…",
                header.join(", ")
            )));
        };
        let id = columns::named(&header, &["id"]).filter(|&id| id != text);
        Ok(Self { records, columns: header.len(), text, id })
    }
}

impl Format for Table {
    fn decode(&mut self, buffer: &mut BytesMut, is_end: bool) -> Option<Row> {
        let mut fields = match self.records.next(buffer, is_end)? {
            Ok(fields) => fields,
            Err(error) => return Some(error.into()),
        };
        let is_whole = fields.len() == self.columns;
        // In other records only what is before the text, the likeliest to be cut, is surely in its place.
        let id = self.id.filter(|&id| is_whole || id < self.text);
        let id = id.and_then(|id| fields.get(id)).cloned().map(Value::String);
        let text = if is_whole {
            Ok(fields.swap_remove(self.text))
        } else {
            Err(ApiError::Invalid(format!(
                "This record has {} fields, where the header has {}. Fix it or leave it out.",
                fields.len(),
                self.columns
            )))
        };
        Some(Row { id, text })
    }
}

impl Records {
    fn new(delimiter: u8, has_quotes: bool) -> Self {
        Self {
            reader: ReaderBuilder::new().delimiter(delimiter).quoting(has_quotes).build(),
            fields: vec![0; MAX_ROW].into(),
            ends: vec![0; MAX_COLUMNS].into(),
            written: 0,
            columns: 0,
            is_too_large: false,
            is_over: false,
        }
    }

    /// The next record's fields, taken off the front of `buffer`.
    fn next(&mut self, buffer: &mut BytesMut, is_end: bool) -> Option<Result<Vec<String>, ApiError>> {
        while !self.is_over && (is_end || !buffer.is_empty()) {
            let (result, read, written, columns) = self.reader.read_record(
                buffer,
                &mut self.fields[self.written..],
                &mut self.ends[self.columns..],
            );
            buffer.advance(read);
            self.written += written;
            self.columns += columns;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    // What follows of this record is read over what was kept of it.
                    self.is_too_large = true;
                    (self.written, self.columns) = (0, 0);
                }
                ReadRecordResult::Record => return Some(self.take()),
                ReadRecordResult::End => self.is_over = true,
            }
        }
        None
    }

    fn take(&mut self) -> Result<Vec<String>, ApiError> {
        let ends = &self.ends[..self.columns];
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let fields =
            starts.zip(ends).map(|(start, &end)| String::from_utf8(self.fields[start..end].to_vec()));
        let fields = if self.is_too_large {
            let (bytes, columns) = (MAX_ROW, MAX_COLUMNS);
            Err(ApiError::TooLarge(format!(
                "This record has more than {bytes} bytes or {columns} columns; is a quote left open?"
            )))
        } else {
            fields
                .collect::<Result<_, _>>()
                .map_err(|_| ApiError::Malformed("This record is not UTF-8. Write the file in UTF-8.".into()))
        };
        (self.written, self.columns, self.is_too_large) = (0, 0, false);
        fields
    }
}
