//! JSON in ASCII, for what would cut it within any other character, or take some for keys that were pressed.

use std::fmt::Write;

/// The same JSON in printable ASCII. What is not stands within strings alone, where its UTF-16 may stand for
/// it.
#[must_use]
pub fn ascii(json: String) -> String {
    let is_plain = |character: char| matches!(character, ' '..='~');
    if json.chars().all(is_plain) {
        return json;
    }
    let mut escaped = String::with_capacity(2 * json.len());
    for character in json.chars() {
        if is_plain(character) {
            escaped.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            // A string takes every write.
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_ascii_is_the_same_json() {
        let json = "[\"é\",{\"\\n😀\":\"\u{2028}\u{7f}\"}]";
        assert_eq!(ascii(json.into()), "[\"\\u00e9\",{\"\\n\\ud83d\\ude00\":\"\\u2028\\u007f\"}]");
    }
}
