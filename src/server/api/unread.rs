//! What cannot be read: JSON and queries that are not what an address takes.
//!
//! The parser's message quotes what was sent, which may be a user's text, and clients log errors. So a
//! refusal names the field and what is expected there, or the line and column, and nothing that was
//! sent.

use super::{error::ApiError, values};
use axum::extract::rejection::QueryRejection;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_path_to_error::{Error, Segment};
use std::{fmt::Display, iter};

/// How those of serde's messages begin that go on with what was sent, and then with what is expected.
const QUOTING: [&str; 5] =
    ["invalid type", "invalid value", "invalid length", "unknown variant", "unknown field"];

/// How serde_json's messages of half a surrogate pair begin.
const HALF_PAIRS: [&str; 2] = ["lone leading surrogate in hex escape", "unexpected end of hex escape"];

/// What to do about half a surrogate pair.
pub const CUT_BETWEEN: &str =
    "A text was cut inside a character, such as an emoji; cut it between two characters.";

/// Reads a value.
///
/// # Errors
///
/// What is expected, and where.
pub fn read<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, String> {
    serde_path_to_error::deserialize(deserializer).map_err(|error| told(&error))
}

/// Reads a body.
///
/// # Errors
///
/// [`ApiError::Malformed`] where it is not JSON, [`ApiError::Invalid`] where it is other JSON,
/// [`ApiError::TooLarge`] where it has too many values.
pub fn body<T: DeserializeOwned>(json: &[u8]) -> Result<T, ApiError> {
    if values::are_too_many(json) {
        return Err(ApiError::too_many_values());
    }
    let mut reader = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        if error.inner().is_data() {
            ApiError::Invalid(format!(
                "The body is not what this address takes: {}. /docs shows what it takes.",
                told(&error)
            ))
        } else {
            no_body(json, error.inner())
        }
    })?;
    reader.end().map_err(|error| no_body(json, &error))?;
    Ok(value)
}

/// Why a body cannot be read as JSON.
fn no_body(json: &[u8], error: &serde_json::Error) -> ApiError {
    if str::from_utf8(json).is_err() {
        return ApiError::Malformed("The body is not UTF-8. Send it in UTF-8.".into());
    }
    let place = format!("at line {} column {}", error.line(), error.column());
    no_json("The body", &place, error, "Check its quotes and brackets.")
}

/// Why one of many lines cannot be read as JSON.
///
/// Each is the first to the parser; its place among them is told beside the error.
#[must_use]
pub fn no_line(error: &serde_json::Error) -> ApiError {
    no_json("This line", &format!("at column {}", error.column()), error, "Fix it or leave it out.")
}

/// Why something, which `what` names, cannot be read as JSON at a `place`; `remedy` is for what is none.
fn no_json(what: &str, place: &str, error: &serde_json::Error, remedy: &str) -> ApiError {
    // Nothing of it was sent: it ends with a line and a column.
    let message = error.to_string();
    let kind = message.rsplit_once(" at line ").map_or(&*message, |(kind, _)| kind);
    let is = |begin: &str| kind.starts_with(begin);
    // The first three are JSON, whose grammar has no such limits.
    ApiError::Malformed(if HALF_PAIRS.into_iter().any(is) {
        format!("{what} has half a surrogate pair {place}. {CUT_BETWEEN}")
    } else if is("number out of range") {
        format!("{what} has a number that is too large {place}. Send a smaller one.")
    } else if is("recursion limit exceeded") {
        format!("{what} is nested too deeply {place}. Put fewer lists and objects into one another.")
    } else if is("control character") {
        format!(
            "{what} has a control character in a string {place}. Write a line break as \\n, a tab as \\t."
        )
    } else {
        format!("{what} is not JSON: {kind} {place}. {remedy}")
    })
}

/// A query can always be parsed, so only its fields can be wrong.
impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        let mut causes =
            iter::successors(Some(&rejection as &(dyn std::error::Error + 'static)), |error| error.source());
        let wrong = causes.find_map(|cause| cause.downcast_ref::<Error<serde::de::value::Error>>());
        let wrong = wrong.map_or_else(|| "it cannot be read".into(), told);
        Self::Invalid(format!(
            "The query is not what this address takes: {wrong}. /docs shows what it takes."
        ))
    }
}

/// What of an error may be told.
fn told<E: Display>(error: &Error<E>) -> String {
    let message = error.inner().to_string();
    let kind = QUOTING.into_iter().find(|kind| message.starts_with(kind));
    let mut segments: Vec<_> = error.path().iter().collect();
    if message.starts_with("unknown field `") {
        // Its name was sent.
        segments.pop();
    }
    let place = place(&segments);
    match kind {
        // These words may be in what was sent too, but only before serde's own.
        Some(kind) => {
            let expected = message.rsplit_once(", expected ").map_or("another", |(_, expected)| expected);
            format!("{place}{kind}, expected {}", plain(expected))
        }
        // A message of our own, which quotes nothing, begins with the field.
        None if message.starts_with('"') => message,
        None => place + &message,
    }
}

/// What is expected, maybe with its line and column, in words that are none of Rust's.
fn plain(expected: &str) -> String {
    let (kind, place) = expected.split_at(expected.find(" at line ").unwrap_or(expected.len()));
    let kind = match kind {
        "a sequence" => "a list",
        "a map" => "an object",
        "f64" => "a number",
        "u32" => "a whole number from 0 to 4294967295",
        kind if kind.starts_with("struct ") => "an object",
        kind => kind,
    };
    format!("{kind}{place}")
}

/// The names of fields that lead to a value, before what is wrong with it.
fn place(segments: &[&Segment]) -> String {
    let mut place = String::new();
    for segment in segments {
        match segment {
            Segment::Seq { index } => place += &format!("[{index}]"),
            Segment::Map { key } if place.is_empty() => place += key,
            Segment::Map { key } => place += &format!(".{key}"),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    if place.is_empty() { place } else { place + ": " }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "what is read is never looked at")]
    struct Asked {
        texts: Vec<String>,
        count: Option<u32>,
        inner: Option<Box<Asked>>,
    }

    fn refusal(json: &[u8]) -> String {
        body::<Asked>(json).expect_err("a refusal").to_string()
    }

    #[test]
    fn a_refusal_names_the_place_and_what_is_expected_and_quotes_nothing() {
        let deep = r#"{"texts": [], "inner": "#.repeat(200);
        let deep = deep.as_str();
        for (json, words) in [
            (r#"{"texts": "secret"}"#, "takes: texts: invalid type, expected a list at line 1"),
            (r#"{"texts": 5}"#, "takes: texts: invalid type, expected a list at line 1 column 11."),
            (r#"{"texts": "secret, expected secret"}"#, "takes: texts: invalid type, expected a list"),
            (r#"{"texts": ["good", {"secret": 1}]}"#, "takes: texts[1]: invalid type, expected a string"),
            (r#"{"texts": [], "count": "secret"}"#, "takes: count: invalid type, expected a whole number"),
            (
                r#"{"texts": [], "count": -98765}"#,
                "takes: count: invalid value, expected a whole number from 0 to 4294967295 at line 1 column",
            ),
            (
                r#"{"texts": [], "secret": 1}"#,
                "takes: unknown field, expected one of `texts`, `count`, `inner`",
            ),
            (r#"{"texts": [], "inner": {"secret": 1}}"#, "takes: inner: unknown field, expected one of"),
            (r#"{"count": 1}"#, "takes: missing field `texts`"),
            (r#""secret""#, "takes: invalid type, expected an object at line 1"),
            (r#"{"texts": secret"#, "not JSON: expected value at line 1 column 11"),
            (r#"{"texts": [], "inner": secret"#, "not JSON: expected value at line 1 column 24"),
            (r#"{"texts": []} secret"#, "not JSON: trailing characters at line 1 column 15"),
            // All of these were told that they are not JSON.
            (r#"{"texts": ["secret \ud83d"]}"#, "The body has half a surrogate pair at line 1 column 26."),
            (r#"{"texts": ["secret \ud83d\n"]}"#, "The body has half a surrogate pair at line 1 column"),
            (r#"{"texts": ["secret \ude00"]}"#, "The body has half a surrogate pair at line 1 column"),
            (r#"{"texts": ["secret \ud83d\ud83d"]}"#, "The body has half a surrogate pair at line 1 column"),
            (r#"{"texts": [], "count": 1e400}"#, "The body has a number that is too large at line 1 column"),
            (deep, "The body is nested too deeply at line 1 column"),
        ] {
            let refusal = refusal(json.as_bytes());
            assert!(refusal.contains(words), "{words:?} is not in {refusal}");
            assert!(!refusal.contains("secret") && !refusal.contains("98765"), "{refusal}");
        }
    }

    // It was told to check its quotes and brackets.
    #[test]
    fn a_body_in_another_encoding_or_with_a_raw_line_break_is_told_so() {
        let utf16: Vec<u8> = "\u{feff}{\"texts\": []}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for body in [&b"{\"texts\": [\"caf\xe9\"]}"[..], &utf16[..], b"{\"texts\": []}\xe9"] {
            assert_eq!(refusal(body), "The body is not UTF-8. Send it in UTF-8.");
        }
        let broken = refusal(b"{\"texts\": [\"one\ntwo\"]}");
        assert!(broken.ends_with("Write a line break as \\n, a tab as \\t."), "{broken}");
    }

    #[test]
    fn a_query_is_refused_likewise() {
        use axum::extract::Query;
        for (query, words) in [
            ("texts=secret", "takes: texts: invalid type, expected a list"),
            ("secret=1", "takes: unknown field, expected one of"),
            ("count=secret", "takes: count: invalid digit found in string"),
        ] {
            let address = format!("/?{query}").parse().expect("an address");
            let rejection = Query::<Asked>::try_from_uri(&address).expect_err("a refusal");
            let refusal = ApiError::from(rejection);
            assert_eq!(refusal.error_type(), "Validation", "as of a body");
            let refusal = refusal.to_string();
            assert!(refusal.contains(words), "{words:?} is not in {refusal}");
            assert!(!refusal.contains("secret"), "{refusal}");
        }
    }
}
