//! JSONL: a JSON object a line; blank lines are passed over.

use super::{CHUNK_ROWS, Encoder, Object, Rows, convert, error::DatasetError};
use std::io::{BufRead, BufReader, Read, Write};

/// Reads one object a line.
pub struct Reader {
    bytes: BufReader<Box<dyn Read + Send>>,
    line: u64,
}

impl Reader {
    /// A reader of these bytes.
    #[must_use]
    pub fn new(bytes: Box<dyn Read + Send>) -> Self {
        Self { bytes: BufReader::new(bytes), line: 0 }
    }

    fn chunk(&mut self) -> Result<Option<Rows>, DatasetError> {
        let mut objects: Vec<Object> = Vec::with_capacity(CHUNK_ROWS);
        let mut line = String::new();
        while objects.len() < CHUNK_ROWS {
            line.clear();
            self.line += 1;
            let at = |reason: String| DatasetError::Row { row: self.line, reason };
            if self.bytes.read_line(&mut line).map_err(|error| at(error.to_string()))? == 0 {
                break;
            }
            let json = line.trim_start_matches('\u{feff}').trim();
            if !json.is_empty() {
                // Only where it is wrong, not what it says there.
                let wrong =
                    |error: serde_json::Error| format!("not a JSON object, at character {}", error.column());
                objects.push(serde_json::from_str(json).map_err(|error| at(wrong(error)))?);
            }
        }
        Ok((!objects.is_empty()).then_some(Rows::Objects(objects)))
    }
}

impl Iterator for Reader {
    type Item = Result<Rows, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.chunk().transpose()
    }
}

/// Writes one object a line.
pub struct Writer(Box<dyn Write + Send>);

impl Writer {
    /// A writer to `out`.
    #[must_use]
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self(out)
    }
}

impl Encoder for Writer {
    fn write(&mut self, rows: Rows) -> Result<(), DatasetError> {
        let mut lines = Vec::new();
        for object in convert::objects(rows)? {
            serde_json::to_writer(&mut lines, &object).map_err(std::io::Error::from)?;
            lines.push(b'\n');
        }
        self.0.write_all(&lines)?;
        Ok(self.0.flush()?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), DatasetError> {
        Ok(self.0.flush()?)
    }
}
