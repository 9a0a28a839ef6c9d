//! Tables: CSV and tab-separated files whose first record names the columns.

use super::{
    id::Id,
    row::{Format, MAX_ROW, Row},
    upload::Upload,
};
use crate::{
    cells::records::{Records, Step, Unfit},
    columns,
    server::api::error::ApiError,
};
use bytes::{Buf, BytesMut};

/// The most columns.
const MAX_COLUMNS: usize = 1024;

/// What a table is sent as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Its header tells what is between the columns.
    Csv,
    /// With tabs.
    Tabs,
}

/// Takes records, each with the text in one column and maybe an `id` in another.
pub struct Table {
    records: Records,
    columns: usize,
    text: usize,
    id: Option<usize>,
}

impl Table {
    /// Reads the header.
    ///
    /// # Errors
    ///
    /// [`ApiError::Invalid`] when there is no header or no column for the texts.
    pub async fn open(upload: &mut Upload, kind: Kind, column: Option<&str>) -> Result<Self, ApiError> {
        let delimiter = match kind {
            Kind::Csv => upload.delimiter().await?,
            Kind::Tabs => b'\t',
        };
        let mut records = Records::new(delimiter, MAX_ROW, MAX_COLUMNS);
        let header = loop {
            // What was taken of blank lines is there no longer.
            upload.settle(records.kept(), 0)?;
            match next(&mut records, &mut upload.buffer, upload.is_end) {
                Some(header) => {
                    let names = header?.into_iter().map(|name| name.map(str::to_owned));
                    break names.collect::<Option<Vec<_>>>().ok_or_else(not_utf8)?;
                }
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
            let name = if column.is_some() { "the name asked for" } else { "a usual name for texts" };
            // Without a header, the first line is a user's text.
            return Err(ApiError::Invalid(format!(
                "None of the columns in the file's first line ({}) has {name}. Name the one with the texts: ?column=…",
                header.len()
            )));
        };
        let id = columns::named(&header, &["id"]).filter(|&id| id != text);
        Ok(Self { records, columns: header.len(), text, id })
    }
}

impl Format for Table {
    fn decode(&mut self, buffer: &mut BytesMut, is_end: bool) -> Option<Row> {
        let fields = match next(&mut self.records, buffer, is_end)? {
            Ok(fields) => fields,
            Err(error) => return Some(error.into()),
        };
        let is_whole = fields.len() == self.columns;
        // In other records only what is before the text, the likeliest to be cut, is surely in its place.
        let id = self.id.filter(|&id| is_whole || id < self.text);
        let id = id.and_then(|id| *fields.get(id)?).map(Id::from);
        let text = if is_whole {
            fields[self.text].filter(|_| !fields.contains(&None)).map(str::to_owned).ok_or_else(not_utf8)
        } else {
            Err(ApiError::Invalid(format!(
                "The header has {} fields, this record {}. Fix it or leave it out.",
                self.columns,
                fields.len()
            )))
        };
        Some(Row::named(id, text))
    }

    fn kept(&self) -> usize {
        self.records.kept()
    }
}

/// The next record's fields, taken off the front of `buffer`.
fn next<'r>(
    records: &'r mut Records,
    buffer: &mut BytesMut,
    is_end: bool,
) -> Option<Result<Vec<Option<&'r str>>, ApiError>> {
    if records.read_ahead() {
        return Some(fields(records));
    }
    while is_end || !buffer.is_empty() {
        let (taken, step) = records.read(buffer);
        buffer.advance(taken);
        match step {
            Step::More => {}
            Step::Record => return Some(fields(records)),
            Step::End => return None,
        }
    }
    None
}

fn fields(records: &Records) -> Result<Vec<Option<&str>>, ApiError> {
    records.fields().map_err(|unfit| match unfit {
        Unfit::TooLarge => ApiError::TooLarge(format!(
            "This record has more than {MAX_ROW} bytes or {MAX_COLUMNS} columns; is a quote left open?"
        )),
        Unfit::OpenQuote => ApiError::Malformed(
            "A quote is left open in this record, so that all that follows is a part of it. Close it.".into(),
        ),
        Unfit::Cut => ApiError::Malformed(
            "A quote is left open in this record, and the line after it is no whole one. Close it.".into(),
        ),
    })
}

fn not_utf8() -> ApiError {
    ApiError::Malformed("This record is not UTF-8. Write the file in UTF-8.".into())
}
