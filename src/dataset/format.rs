//! Formats, and how a file's name tells its own.

use super::error::DatasetError;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Comma-separated values with a header, quoted as RFC 4180 says; semicolons, bars and tabs are read
    /// too.
    Csv,
    /// Tab-separated values with a header, without quotes, as GLUE and IANA have them.
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
    /// [`DatasetError::UnknownFormat`], which points to `flag` where there is one.
    pub fn of(file: &Path, asked: Option<Self>, flag: Option<&'static str>) -> Result<Self, DatasetError> {
        let ending = file.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let named = match ending.as_deref() {
            Some("csv") => Some(Self::Csv),
            Some("tsv" | "tab") => Some(Self::Tsv),
            Some("jsonl" | "ndjson") => Some(Self::Jsonl),
            Some("parquet" | "pq") => Some(Self::Parquet),
            _ => None,
        };
        asked.or(named).ok_or_else(|| DatasetError::UnknownFormat { file: file.into(), flag })
    }
}
