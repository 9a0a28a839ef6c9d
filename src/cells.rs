//! Cells: what of a table's bytes are its records, how much of a cell is words, and what in JSON is no text.
//!
//! One answer for the page, the command line and the HTTP API. A record with more or fewer cells than the
//! first one has no text, which each reader says in its own words.

pub mod records;
mod tabs;
pub mod words;

/// Why a JSON value, as it is written, is no text: a list, an object or a truth value is none. A number is
/// one, as in other formats.
#[must_use]
pub fn no_text(json: &str) -> Option<&'static str> {
    match json.as_bytes().first() {
        Some(b'[') => Some("the text is a list"),
        Some(b'{') => Some("the text is an object"),
        Some(b't' | b'f') => Some("the text is a truth value"),
        _ => None,
    }
}
