//! NDJSON: one JSON value on each line.

use super::rows::{Format, MAX_ROW, Row};
use crate::server::api::error::ApiError;
use bytes::BytesMut;
use serde::Deserialize;
use serde_json::Value;
use tokio_util::codec::{Decoder, LinesCodec, LinesCodecError};

/// Takes lines; blank ones are no rows, and a byte order mark before the first is no part of it.
pub struct Lines {
    lines: LinesCodec,
    is_first: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Text(String),
    Object { text: String, id: Option<Value> },
}

impl Lines {
    /// At the first line.
    #[must_use]
    pub fn new() -> Self {
        Self { lines: LinesCodec::new_with_max_length(MAX_ROW), is_first: true }
    }
}

impl Default for Lines {
    fn default() -> Self {
        Self::new()
    }
}

impl Format for Lines {
    fn decode(&mut self, buffer: &mut BytesMut, is_end: bool) -> Option<Result<Row, ApiError>> {
        loop {
            let line = if is_end { self.lines.decode_eof(buffer) } else { self.lines.decode(buffer) };
            let line = line.transpose()?;
            let mark = if std::mem::take(&mut self.is_first) { "\u{feff}" } else { "" };
            match line.as_deref().map(|line| line.strip_prefix(mark).unwrap_or(line)) {
                Ok(line) if line.trim().is_empty() => {}
                Ok(line) => return Some(parse(line)),
                Err(LinesCodecError::MaxLineLengthExceeded) => {
                    return Some(Err(ApiError::TooLarge(format!(
                        "This line has more than {MAX_ROW} bytes. Send a part of its text."
                    ))));
                }
                Err(LinesCodecError::Io(_)) => {
                    return Some(Err(ApiError::Malformed(
                        "This line is not UTF-8. Write the file in UTF-8.".into(),
                    )));
                }
            }
        }
    }
}

fn parse(line: &str) -> Result<Row, ApiError> {
    match serde_json::from_str(line) {
        Ok(Line::Text(text)) => Ok(Row { id: None, text }),
        Ok(Line::Object { text, id }) => Ok(Row { id, text }),
        Err(error) if error.is_data() => Err(ApiError::Invalid(
            "A line must be a JSON string, or an object whose \"text\" is a string.".into(),
        )),
        Err(error) => {
            Err(ApiError::Malformed(format!("This line is not JSON ({error}). Fix it or leave it out.")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<Result<Row, ApiError>> {
        let (mut lines, mut buffer) = (Lines::new(), BytesMut::from(bytes));
        std::iter::from_fn(|| lines.decode(&mut buffer, true)).collect()
    }

    #[test]
    fn reads_strings_and_objects_and_keeps_ids() {
        let rows = rows(b"\"good\"\r\n\n{\"text\": \"bad\", \"id\": [7], \"more\": 1}\n{\"text\": \"end\"}");
        let row = |text: &str, id| Ok(Row { id, text: text.into() });
        assert_eq!(rows, [row("good", None), row("bad", Some(serde_json::json!([7]))), row("end", None)]);
    }

    #[test]
    fn a_byte_order_mark_before_the_first_line_is_no_part_of_it() {
        let texts = |bytes: &str| {
            rows(bytes.as_bytes()).into_iter().map(|row| row.map(|row| row.text)).collect::<Vec<_>>()
        };
        assert_eq!(texts("\u{feff}{\"text\": \"good\"}\n\"bad\""), [Ok("good".into()), Ok("bad".into())]);
        assert_eq!(texts("\u{feff}\n\"good\""), [Ok("good".into())]);
    }

    #[test]
    fn an_error_takes_one_line() {
        let long = [b"\"".as_slice(), &[b'a'; MAX_ROW], b"\"\n"].concat();
        let rows = rows(&[b"{\n5\n\"\xff\"\n".as_slice(), &long, b"\"good\"\n"].concat());
        let kinds: Vec<_> = rows
            .iter()
            .map(|row| row.as_ref().map_or_else(|error| error.error_type(), |row| &*row.text))
            .collect();
        assert_eq!(kinds, ["Malformed", "Validation", "Malformed", "PayloadTooLarge", "good"]);
    }
}
