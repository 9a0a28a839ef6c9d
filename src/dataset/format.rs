//! Formats, how a file's name tells its own, and what they hold.

use super::error::{DatasetError, Role};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Endings of packed files.
pub const PACKED: [&str; 5] = ["gz", "bz2", "xz", "zst", "zip"];

/// A file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Comma-separated values with a header, quoted as RFC 4180 says; semicolons, bars and tabs are read
    /// too.
    Csv,
    /// Tab-separated values with a header, without quotes, as GLUE and IANA have them, but for those of
    /// spreadsheets that a cell with a tab or a line break needs.
    Tsv,
    /// One JSON object a line, or one string, which is a text.
    Jsonl,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// The format of a file: what was `asked` for, or what its name says.
    ///
    /// # Errors
    ///
    /// [`DatasetError::UnknownFormat`]; [`DatasetError::Packed`] for an output of such a name, whatever was
    /// asked for.
    pub fn of(file: &Path, asked: Option<Self>, role: Role) -> Result<Self, DatasetError> {
        let ending = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if role == Role::Output && PACKED.contains(&ending.as_str()) {
            return Err(DatasetError::Packed { file: file.into(), ending });
        }
        let named = match &*ending {
            "csv" => Some(Self::Csv),
            "tsv" | "tab" => Some(Self::Tsv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "parquet" | "pq" => Some(Self::Parquet),
            _ => None,
        };
        asked.or(named).ok_or_else(|| DatasetError::UnknownFormat { file: file.into(), role })
    }

    /// Whether a field, a value or a column's name, can be this text: TSV has no way to write a tab or a line
    /// break.
    #[must_use]
    pub fn holds(self, text: &str) -> bool {
        self != Self::Tsv || !text.contains(['\t', '\n', '\r'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // With a format asked for, what was written was not packed.
    #[test]
    fn an_output_that_is_called_packed_is_refused_whatever_its_format() {
        let of = |role| Format::of(Path::new("out.csv.GZ"), Some(Format::Csv), role);
        assert!(matches!(of(Role::Output), Err(DatasetError::Packed { ending, .. }) if ending == "gz"));
        assert_eq!(of(Role::Input).expect("asked for"), Format::Csv);
    }

    #[test]
    fn tsv_alone_cannot_hold_a_tab_or_a_line_break() {
        for text in ["a\tb", "a\nb", "a\rb"] {
            assert!(!Format::Tsv.holds(text), "{text:?}");
            assert!(
                [Format::Csv, Format::Jsonl, Format::Parquet].into_iter().all(|format| format.holds(text))
            );
        }
        assert!(Format::Tsv.holds("a \"b\", c"));
    }
}
