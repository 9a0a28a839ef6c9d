//! Values: how many a body in JSON has, counted before anything is made of them.
//!
//! One of two bytes takes some hundred in memory once it is read, so that a body within the limit of bytes
//! may take a hundred times as many.

/// The most values of a body. The largest that is answered, a thousand pairs of texts with a list around
/// each, has some 3,000.
pub const MAX_VALUES: usize = 10_000;

/// Whether a body has more values than that.
///
/// Each but the first stands behind a comma or a bracket, so these are counted, outside strings. That is
/// no less than there are, whether or not it is JSON as far as it goes.
#[must_use]
pub fn are_too_many(json: &[u8]) -> bool {
    let (mut bytes, mut values) = (json.iter(), 1);
    while let Some(byte) = bytes.next() {
        match byte {
            b',' | b'[' | b'{' => values += 1,
            b'"' => {
                while let Some(byte) = bytes.next().filter(|&&byte| byte != b'"') {
                    if *byte == b'\\' {
                        bytes.next();
                    }
                }
            }
            _ => {}
        }
    }
    values > MAX_VALUES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::api::input::MAX_TEXTS;
    use serde_json::json;

    #[test]
    fn the_largest_bodies_are_few_values() {
        let pairs = vec![[r#"[{"a",1}, \"#, r#""],[""#]; MAX_TEXTS];
        let body = json!({"inputs": pairs, "truncate": true, "raw_scores": false}).to_string();
        assert!(!are_too_many(body.as_bytes()));
        assert!(!are_too_many(format!(r#"{{"text": "{}"}}"#, r#"[,{\\\""#.repeat(MAX_VALUES)).as_bytes()));
    }

    #[test]
    fn values_of_every_kind_and_depth_count() {
        for (value, each) in [("0", 1), ("\"\"", 1), ("{\"\":0}", 2), ("[[[0]]]", 4)] {
            let list = |values: usize| format!("[{}]", vec![value; values].join(","));
            // One is the list itself.
            let most = (MAX_VALUES - 1) / each;
            assert!(!are_too_many(list(most).as_bytes()), "{value}");
            assert!(are_too_many(list(most + 1).as_bytes()), "{value}");
        }
    }
}
