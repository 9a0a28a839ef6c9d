//! NDJSON: one JSON value on each line.

use super::rows::{Format, MAX_ROW, Row};
use crate::server::api::error::ApiError;
use bytes::BytesMut;
use serde_json::Value;
use tokio_util::codec::{Decoder, LinesCodec, LinesCodecError};

/// Takes lines; blank ones are no rows, and a byte order mark before the first is no part of it.
pub struct Lines {
    lines: LinesCodec,
    is_first: bool,
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
    fn decode(&mut self, buffer: &mut BytesMut, is_end: bool) -> Option<Row> {
        loop {
            let line = if is_end { self.lines.decode_eof(buffer) } else { self.lines.decode(buffer) };
            let line = line.transpose()?;
            let mark = if std::mem::take(&mut self.is_first) { "\u{feff}" } else { "" };
            match line.as_deref().map(|line| line.strip_prefix(mark).unwrap_or(line)) {
                Ok(line) if line.trim().is_empty() => {}
                Ok(line) => return Some(parse(line)),
                Err(LinesCodecError::MaxLineLengthExceeded) => {
                    let error = format!("This line has more than {MAX_ROW} bytes. Send a part of its text.");
                    return Some(ApiError::TooLarge(error).into());
                }
                Err(LinesCodecError::Io(_)) => {
                    let error = "This line is not UTF-8. Write the file in UTF-8.".into();
                    return Some(ApiError::Malformed(error).into());
                }
            }
        }
    }
}

fn parse(line: &str) -> Row {
    let (id, text) = match serde_json::from_str(line) {
        Ok(Value::Object(mut members)) => (members.remove("id"), members.remove("text")),
        Ok(value) => (None, Some(value)),
        Err(error) => {
            let error = format!("This line is not JSON ({error}). Fix it or leave it out.");
            return ApiError::Malformed(error).into();
        }
    };
    let text = match text {
        Some(Value::String(text)) => Ok(text),
        _ => Err(ApiError::Invalid(
            "A line must be a JSON string, or an object whose \"text\" is a string.".into(),
        )),
    };
    Row::named(id.filter(|id| !id.is_null()), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<Row> {
        let (mut lines, mut buffer) = (Lines::new(), BytesMut::from(bytes));
        std::iter::from_fn(|| lines.decode(&mut buffer, true)).collect()
    }

    #[test]
    fn reads_strings_and_objects_and_keeps_ids() {
        let rows = rows(b"\"good\"\r\n\n{\"text\": \"bad\", \"id\": [7], \"more\": 1}\n{\"text\": \"end\"}");
        let row = |text: &str, id| Row { id, text: Ok(text.into()) };
        assert_eq!(rows, [row("good", None), row("bad", Some(serde_json::json!([7]))), row("end", None)]);
    }

    // As many as are under way were kept whole.
    #[test]
    fn an_id_that_is_too_large_costs_its_row() {
        let row = |length| rows(format!(r#"{{"text": "good", "id": "{}"}}"#, "a".repeat(length)).as_bytes());
        assert!(row(998)[0].id.is_some() && row(998)[0].text.is_ok());
        assert!(matches!(row(999)[..], [Row { id: None, text: Err(ApiError::TooLarge(_)) }]));
    }

    #[test]
    fn a_byte_order_mark_before_the_first_line_is_no_part_of_it() {
        let texts = |bytes: &str| rows(bytes.as_bytes()).into_iter().map(|row| row.text).collect::<Vec<_>>();
        assert_eq!(texts("\u{feff}{\"text\": \"good\"}\n\"bad\""), [Ok("good".into()), Ok("bad".into())]);
        assert_eq!(texts("\u{feff}\n\"good\""), [Ok("good".into())]);
    }

    #[test]
    fn an_error_takes_one_line() {
        let long = [b"\"".as_slice(), &[b'a'; MAX_ROW], b"\"\n"].concat();
        let rows = rows(&[b"{\n5\n\"\xff\"\n".as_slice(), &long, b"\"good\"\n"].concat());
        let kinds: Vec<_> = rows
            .iter()
            .map(|row| row.text.as_ref().map_or_else(|error| error.error_type(), |text| &**text))
            .collect();
        assert_eq!(kinds, ["Malformed", "Validation", "Malformed", "PayloadTooLarge", "good"]);
    }

    // A list was read as an object whose members are in this order.
    #[test]
    fn an_object_without_a_text_keeps_its_id_and_a_list_is_none() {
        let rows = rows(b"{\"id\": 7, \"text\": null}\n{\"id\": 8}\n[\"good\", 9]\n{\"id\": null}\n{\"text\": {\"text\": \"good\"}}");
        assert!(rows.iter().all(|row| matches!(row.text, Err(ApiError::Invalid(_)))), "{rows:?}");
        let ids: Vec<_> = rows.into_iter().map(|row| row.id).collect();
        assert_eq!(ids, [Some(7.into()), Some(8.into()), None, None, None]);
    }
}
