//! The source: what was pasted or dropped, before it is a table, and what of it is no texts.

use serde_json::Value;

/// As much of a content as is looked at for a NUL, which tells bytes from text, as Git does.
const LOOKED_AT: usize = 8000;

/// What was pasted or dropped.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The file's name, where it came from one.
    pub name: Option<String>,
    /// What it holds.
    pub content: String,
    /// Whether it was read as Windows-1252, as it is not UTF-8.
    pub is_western: bool,
}

impl Source {
    /// Whether it holds nothing but white space.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.content.trim().is_empty()
    }

    /// Whether the other is this one, edited in the box: half of the shorter stands at the beginning or the
    /// end of both.
    #[must_use]
    pub fn becomes(&self, other: &Self) -> bool {
        // Files of megabytes are not compared.
        if self.name.is_some() || other.name.is_some() {
            return false;
        }
        let (old, new) = (self.content.as_bytes(), other.content.as_bytes());
        let shorter = old.len().min(new.len());
        let equal =
            |pairs: &mut dyn Iterator<Item = (&u8, &u8)>| pairs.take_while(|(old, new)| old == new).count();
        let same = equal(&mut old.iter().zip(new)) + equal(&mut old.iter().rev().zip(new.iter().rev()));
        shorter > 0 && 2 * same >= shorter
    }
}

/// Whether a content is no text, as workbooks, archives, pictures and Parquet are and UTF-16 reads as, or one
/// JSON document, an array or an object of several lines, whose lines are no texts.
#[must_use]
pub fn is_foreign(name: &str, content: &str) -> bool {
    let json = content.trim_start_matches('\u{feff}').trim();
    content.bytes().take(LOOKED_AT).any(|byte| byte == 0)
        // By its name where it can, since all of it is read else.
        || (json.starts_with('[') && name.to_ascii_lowercase().ends_with(".json"))
        || serde_json::from_str::<Value>(json).is_ok_and(|value| value.is_array() || json.contains('\n'))
}

#[cfg(test)]
mod tests {
    use super::{Source, is_foreign};

    #[test]
    fn what_is_no_text_and_json_documents_are_told_from_texts() {
        let array = "[\n  {\"text\": \"so good\"}\n]\n";
        let old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0";
        for (name, content) in [
            ("a.xlsx", "PK\u{3}\u{4}\u{14}\0"),
            ("a.xls", &*String::from_utf8_lossy(old)),
            ("a.parquet", "PAR1\u{15}\0PAR1"),
            ("a.png", &*String::from_utf8_lossy(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")),
            ("a.csv.gz", &*String::from_utf8_lossy(b"\x1f\x8b\x08\x08\x21\x43\x65\x67\0\x03a.csv\0")),
            ("a.csv", "\u{fffd}\u{fffd}s\0o\0 \0g\0o\0o\0d\0"),
            ("a.JSON", "\u{feff}[\n  {\"text\": \"cut o"),
            ("a.json", array),
            ("a.txt", array),
            ("", "{\r\n  \"data\": [\"so good\"]\r\n}\r\n"),
        ] {
            assert!(is_foreign(name, content), "{name}");
        }
        for (name, content) in [
            ("a.json", "{\"text\":\"so good\"}\n"),
            ("a.jsonl", "[\"so good\"]\n[\"so bad\"]\n"),
            ("a.txt", "[10:30] so good\n[10:31] so bad [sic]\n"),
            ("a.csv", "PAR1,text\n1,so good\n"),
            ("a.csv", &*format!("{}\0", "so good\n".repeat(1000))),
            ("", "{\"text\":\"so good\"}\n{\"text\":\"so bad\"}\n"),
            ("", "\n\"so good\"\n"),
            ("a.txt", ""),
        ] {
            assert!(!is_foreign(name, content), "{name}");
        }
    }

    #[test]
    fn lines_that_are_edited_are_told_from_others() {
        let source = |content: &str| Source { content: content.into(), ..Source::default() };
        let lines = source("text;stars\nso good;5\n");
        for edited in ["text;stars\nso good;5\nso bad;1\n", "texts;stars\nso good;5\n", "text;stars\n"] {
            assert!(lines.becomes(&source(edited)), "{edited}");
        }
        for other in ["{\"text\":\"so good\"}", ""] {
            assert!(!lines.becomes(&source(other)), "{other}");
        }
        assert!(!source("").becomes(&lines));
        assert!(!lines.becomes(&Source { name: Some("a.csv".into()), ..lines.clone() }));
    }
}
