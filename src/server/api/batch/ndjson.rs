//! NDJSON: one JSON value on each line.

use super::{
    id::Id,
    row::{Format, MAX_ROW, Row},
};
use crate::{
    cells,
    server::api::{
        error::ApiError,
        unread::{self, CUT_BETWEEN},
    },
};
use bytes::BytesMut;
use serde_json::value::RawValue;
use std::collections::HashMap;
use tokio_util::codec::{Decoder, LinesCodec, LinesCodecError};

/// Takes lines; blank ones are no rows, and a byte order mark before the first is no part of it.
pub struct Lines {
    lines: LinesCodec,
    is_first: bool,
    /// The member with the text that was asked for.
    member: Option<String>,
}

impl Lines {
    /// At the first line; `member` is the one of an object that holds the text, `text` where none is named.
    #[must_use]
    pub fn new(member: Option<&str>) -> Self {
        let lines = LinesCodec::new_with_max_length(MAX_ROW);
        Self { lines, is_first: true, member: member.map(str::to_owned) }
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
                Ok(line) => return Some(parse(line, self.member.as_deref())),
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

    fn kept(&self) -> usize {
        // A line stays in the buffer until it is whole.
        0
    }
}

fn parse(line: &str, member: Option<&str>) -> Row {
    let (text, id) = match split(line, member.unwrap_or("text")) {
        Ok(parts) => parts,
        Err(error) => return unread::no_line(&error).into(),
    };
    let is_object = line.trim_start().starts_with('{');
    let (named, hint) = match member {
        Some(_) => ("member with the name asked for", ""),
        None if is_object => ("\"text\"", " Name another member that has it: ?column=…"),
        None => ("\"text\"", ""),
    };
    let text = match text.map(RawValue::get) {
        // What is kept as it is written was checked for all but half pairs.
        Some(text) if text.starts_with('"') => serde_json::from_str(text).map_err(|_| {
            ApiError::Malformed(format!("The text of this line has half a surrogate pair. {CUT_BETWEEN}"))
        }),
        Some(text) if is_object && text != "null" && cells::no_text(text).is_none() => Ok(text.to_owned()),
        _ => Err(ApiError::Invalid(format!(
            "A line must be a JSON string, or an object whose {named} is a string or a number.{hint}"
        ))),
    };
    Row::named(id, text)
}

/// What a line has for its text, as it is written, and its id.
fn split<'l>(line: &'l str, member: &str) -> serde_json::Result<(Option<&'l RawValue>, Option<Id>)> {
    if !line.trim_start().starts_with('{') {
        return Ok((Some(serde_json::from_str(line)?), None));
    }
    let mut members: HashMap<String, &RawValue> = serde_json::from_str(line)?;
    let text = members.remove(member);
    let id = members.remove("id").filter(|id| id.get() != "null");
    Ok((text, id.map(Id::from)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<Row> {
        rows_of(None, bytes)
    }

    fn rows_of(member: Option<&str>, bytes: &[u8]) -> Vec<Row> {
        let (mut lines, mut buffer) = (Lines::new(member), BytesMut::from(bytes));
        std::iter::from_fn(|| lines.decode(&mut buffer, true)).collect()
    }

    fn id(json: &str) -> Option<Id> {
        Some(Id::from(serde_json::from_str::<&RawValue>(json).expect("JSON")))
    }

    #[test]
    fn reads_strings_and_objects_and_keeps_ids() {
        let rows = rows(b"\"good\"\r\n\n{\"text\": \"bad\", \"id\": [7], \"more\": 1}\n{\"text\": \"end\"}");
        let row = |text: &str, id| Row { id, text: Ok(text.into()) };
        assert_eq!(rows, [row("good", None), row("bad", id("[7]")), row("end", None)]);
    }

    // The name did not count, and each such line was an error.
    #[test]
    fn a_text_is_in_the_member_that_is_asked_for() {
        let lines = b"{\"review\": \"good\", \"text\": \"no\", \"id\": 7}\n\"end\"\n{\"text\": \"no\"}";
        let rows = rows_of(Some("review"), lines);
        let [good, end, Row { id: None, text: Err(ApiError::Invalid(error)) }] = &rows[..] else {
            panic!("{rows:?}")
        };
        assert_eq!(*good, Row { id: id("7"), text: Ok("good".into()) });
        assert_eq!(*end, Row { id: None, text: Ok("end".into()) });
        assert!(error.contains("the name asked for") && !error.contains("?column"), "{error}");
        let rows = rows_of(None, b"{\"review\": \"good\"}");
        let [Row { text: Err(ApiError::Invalid(error)), .. }] = &rows[..] else { panic!("{rows:?}") };
        assert!(error.ends_with("?column=…"), "{error}");
        assert_eq!(rows_of(Some("id"), b"{\"id\": \"good\"}"), [Row { id: None, text: Ok("good".into()) }]);
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

    // It was told to be at line 1.
    #[test]
    fn a_broken_line_is_told_by_its_column_alone() {
        for (line, words) in [
            ("{\"text\": \"x\",}", "This line is not JSON: trailing comma at column 14. Fix it"),
            ("{\"text\": \"x", "This line is not JSON: EOF while parsing a string at column 11."),
            ("\"one\ttwo\"", "This line has a control character in a string at column"),
        ] {
            let rows = rows(format!("\"good\"\n{line}\n").as_bytes());
            let [_, Row { text: Err(ApiError::Malformed(error)), .. }] = &rows[..] else {
                panic!("{rows:?}")
            };
            assert!(error.starts_with(words), "{error}");
        }
    }

    // Each was an error, which the page and the command line score.
    #[test]
    fn a_number_is_a_text_as_it_is_written() {
        let texts: Vec<_> =
            rows(b"{\"text\": 5}\n{\"text\": -1.50 }\n5\n").into_iter().map(|row| row.text).collect();
        let [five, other, Err(ApiError::Invalid(_))] = &texts[..] else { panic!("{texts:?}") };
        assert_eq!([five, other], [&Ok("5".into()), &Ok("-1.50".into())]);
    }

    // A list was read as an object whose members are in this order.
    #[test]
    fn an_object_without_a_text_keeps_its_id_and_a_list_is_none() {
        let rows = rows(b"{\"id\": 7, \"text\": null}\n{\"id\": 8}\n[\"good\", 9]\n{\"id\": null}\n{\"text\": {\"text\": \"good\"}}");
        assert!(rows.iter().all(|row| matches!(row.text, Err(ApiError::Invalid(_)))), "{rows:?}");
        let ids: Vec<_> = rows.into_iter().map(|row| row.id).collect();
        assert_eq!(ids, [id("7"), id("8"), None, None, None]);
    }

    // They lost digits, so that two ids became one, and the last cost its row.
    #[test]
    fn an_id_keeps_every_digit() {
        for written in
            ["18446744073709551616", "12345678901234567890123", "0.1234567890123456789", "1E2", "1e400"]
        {
            let line = format!("{{\"text\": \"good\", \"id\": {written} }}");
            assert_eq!(rows(line.as_bytes()), [Row { id: id(written), text: Ok("good".into()) }]);
        }
    }

    // It was no JSON, and its row had no id.
    #[test]
    fn a_text_that_was_cut_inside_a_character_is_an_error_with_its_id() {
        let rows =
            rows(b"{\"text\": \"good \\ud83d\", \"id\": 7}\n\"good \\ude00\"\n\"good \\ud83d\\ude00\"");
        let [one, other, Row { text: Ok(whole), .. }] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!((&one.id, &other.id, &**whole), (&id("7"), &None, "good \u{1f600}"));
        for row in [one, other] {
            let Err(ApiError::Malformed(error)) = &row.text else { panic!("{row:?}") };
            assert!(error.contains("half a surrogate pair"), "{error}");
        }
    }
}
