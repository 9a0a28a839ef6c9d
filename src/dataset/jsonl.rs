//! JSONL: a JSON object a line, or a string, which is a text; blank lines are passed over.

use super::{
    CHUNK_BYTES, CHUNK_ROWS, MAX_ROW,
    chunk::{Chunk, Unreadable},
    column, convert,
    encoder::Encoder,
    error::DatasetError,
    rows::{Object, Rows},
    source::Source,
};
use std::{
    io::{self, BufRead, Read, Write},
    path::{Path, PathBuf},
};

/// Reads one object a line; a line that is neither one nor a string is a row that could not be read.
pub struct Reader {
    file: PathBuf,
    bytes: Source,
    rows: u64,
    end: u64,
}

impl Reader {
    /// A reader of a file with these bytes.
    #[must_use]
    pub fn new(file: &Path, bytes: impl Into<Source>) -> Self {
        Self { file: file.into(), bytes: bytes.into(), rows: 0, end: 0 }
    }

    /// Reads a line, of one that is too large the beginning; how many bytes it has.
    fn read(&mut self, line: &mut Vec<u8>) -> io::Result<usize> {
        let read = self.bytes.by_ref().take(MAX_ROW as u64).read_until(b'\n', line)?;
        let is_cut = read == MAX_ROW && !line.ends_with(b"\n");
        Ok(read + if is_cut { self.bytes.skip_until(b'\n')? } else { 0 })
    }

    fn chunk(&mut self) -> Result<Option<Chunk>, DatasetError> {
        let mut objects: Vec<Object> = Vec::with_capacity(CHUNK_ROWS);
        let mut unreadable = Vec::with_capacity(CHUNK_ROWS);
        let mut line = Vec::new();
        let mut bytes = 0;
        while objects.len() < CHUNK_ROWS
            && bytes < CHUNK_BYTES
            && (objects.is_empty() || self.bytes.has_line())
        {
            line.clear();
            let read = self.read(&mut line).map_err(super::unreadable(&self.file))?;
            if read == 0 {
                break;
            }
            self.end += read as u64;
            let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&line);
            let json = line.trim_ascii();
            if !json.is_empty() || read > MAX_ROW {
                let object = if read > MAX_ROW {
                    Err(format!("more than {MAX_ROW} bytes in one line"))
                } else {
                    object(json, line.len() - line.trim_ascii_start().len())
                };
                self.rows += 1;
                let at = |reason: String| Unreadable { row: self.rows, reason };
                unreadable.push(object.as_ref().err().cloned().map(at));
                objects.push(object.unwrap_or_default());
                bytes += line.len();
            }
        }
        let end = self.end;
        Ok((!objects.is_empty()).then_some(Chunk { rows: Rows::Objects(objects), unreadable, end }))
    }
}

/// The object of a line, for a string one with the member `text`; or why there is none. It comes after so
/// many `blanks`.
fn object(json: &[u8], blanks: usize) -> Result<Object, String> {
    let json = str::from_utf8(json).map_err(|_| "not UTF-8")?;
    // Only where it is wrong, not what it says there.
    let wrong = |error: serde_json::Error| {
        let characters = json.char_indices().take_while(|&(byte, _)| byte < error.column()).count();
        format!("no JSON object or string, at character {}", blanks + characters.max(1))
    };
    let object: Object = if json.starts_with('"') {
        Object::from_iter([("text".to_owned(), serde_json::from_str(json).map_err(wrong)?)])
    } else {
        serde_json::from_str(json).map_err(wrong)?
    };
    // A value that is kept as it is written was checked for all but this.
    let mut values = object.values();
    if json.contains("\\u") && values.any(|value| value.get() != "null" && column::text(value).is_none()) {
        return Err("half a surrogate pair".into());
    }
    Ok(object)
}

impl Iterator for Reader {
    type Item = Result<Chunk, DatasetError>;

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
            serde_json::to_writer(&mut lines, &object).map_err(io::Error::from)?;
            lines.push(b'\n');
        }
        self.0.write_all(&lines)?;
        Ok(self.0.flush()?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), DatasetError> {
        Ok(self.0.flush()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    // It was read whole, and written out again.
    #[test]
    fn a_line_that_is_too_large_costs_its_row_and_the_next_one_is_read() {
        let long = format!("\n[\"{}\"]\n\"good\"\n", "a".repeat(MAX_ROW));
        let mut reader = Reader::new(Path::new("in.jsonl"), Box::new(Cursor::new(long)));
        let mut chunk = || {
            let chunk = reader.next()?.expect("read");
            let reasons = chunk.unreadable.into_iter().map(|row| row.map(|row| (row.row, row.reason)));
            Some((reasons.collect::<Vec<_>>(), chunk.end))
        };
        let reason = "more than 16000000 bytes in one line".to_owned();
        let end = MAX_ROW as u64 + 6;
        // A blank line is no row, as in CSV.
        assert_eq!(chunk(), Some((vec![Some((1, reason))], end)));
        assert_eq!(chunk(), Some((vec![None], end + 7)));
        assert_eq!(chunk(), None);
    }

    // It was passed over as a blank line.
    #[test]
    fn a_line_that_is_too_large_and_begins_blank_costs_its_row() {
        let long = format!("{}\"good\"\n", " ".repeat(MAX_ROW));
        let mut reader = Reader::new(Path::new("in.jsonl"), Box::new(Cursor::new(long)));
        let chunk = reader.next().expect("a chunk").expect("read");
        assert!(matches!(chunk.unreadable[..], [Some(_)]));
    }

    // It was the number of a byte, and blanks before it did not count.
    #[test]
    fn what_is_no_json_is_told_by_its_character() {
        let place = |line: &str| {
            let mut reader = Reader::new(Path::new("in.jsonl"), Box::new(Cursor::new(line.to_owned())));
            let chunk = reader.next().expect("a chunk").expect("read");
            let reason = chunk.unreadable[0].as_ref().expect("unreadable").reason.clone();
            reason.rsplit_once(' ').expect("words").1.to_owned()
        };
        assert_eq!(place(r#"{"text":"good" x}"#), "16");
        assert_eq!(place("\u{feff}  {\"text\":\"schön\" x}\r\n"), "19");
        assert_eq!(place(" [1]"), "2");
    }

    // It was taken for no text.
    #[test]
    fn a_string_with_half_a_surrogate_pair_cannot_be_read() {
        let lines = [
            r#"{"text":"good \ud83d"}"#,
            r#""good \ud83d""#,
            r#"{"text":"good","other":"\ud83d"}"#,
            r#"{"text":"good \ud83d\ude00"}"#,
            r#"{"text":"good \\ud83d"}"#,
        ];
        let mut reader = Reader::new(Path::new("in.jsonl"), Box::new(Cursor::new(lines.join("\n"))));
        let chunk = reader.next().expect("a chunk").expect("read");
        let reasons: Vec<_> =
            chunk.unreadable.into_iter().map(|row| row.map(|row| (row.row, row.reason))).collect();
        let half = |row| Some((row, "half a surrogate pair".to_owned()));
        assert_eq!(reasons, [half(1), half(2), half(3), None, None]);
    }
}
