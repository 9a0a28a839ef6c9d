//! What can be wrong with a dataset, in words that name the row or the column.

use arrow_schema::ArrowError;
use parquet::errors::ParquetError;
use std::{
    io,
    path::{Path, PathBuf},
};
use thiserror::Error;

/// Why a dataset cannot be read or written.
#[derive(Debug, Error)]
pub enum DatasetError {
    /// The file cannot be read.
    #[error("{} cannot be read; check its name, and that this user may read it", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file's name does not tell its format.
    #[error("the format of {} cannot be told from its name (.csv, .tsv, .jsonl, .parquet); {}", file.display(), instead(.file, *.flag))]
    UnknownFormat {
        /// The file.
        file: PathBuf,
        /// The flag that names it, where there is one: `--format` that of an output.
        flag: Option<&'static str>,
    },
    /// Parquet's directory is at the end of the file.
    #[error("Parquet cannot be read from standard input or a pipe; name the file")]
    ParquetStream,
    /// A row is not of the format.
    #[error("row {row} cannot be read: {reason}; fix it or leave it out")]
    Row {
        /// Number of the row, from 1, without the header and blank lines.
        row: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// The header is none.
    #[error("the header cannot be read: {reason}; fix it, or save the file as UTF-8")]
    Header {
        /// What is wrong with it.
        reason: String,
    },
    /// There is no column at all.
    #[error("the input is empty: it has no column of texts; choose another")]
    Empty,
    /// A column is not there.
    #[error("no column is named {}; the columns are: {}; {}{}", .wanted.join(", "), .columns.join(", "), choose(*.flag), between(.columns))]
    NoColumn {
        /// Names that were looked for.
        wanted: Vec<String>,
        /// Names that there are.
        columns: Vec<String>,
        /// The flag that chooses another, where there is one.
        flag: Option<&'static str>,
    },
    /// The column of texts has bytes.
    #[error("the column {column} holds bytes that are not UTF-8; write it as strings, or choose another")]
    NotText {
        /// The column.
        column: String,
    },
    /// A column has the name of one that is added.
    #[error("the input has a column {column} already; rename it, as the output adds one of that name")]
    Taken {
        /// The column.
        column: String,
    },
    /// TSV has no way to write these.
    #[error(
        "the column {column:?} has a tab or a line break, in its name or in a value, which TSV cannot hold: write CSV"
    )]
    NotForTsv {
        /// The column.
        column: String,
    },
    /// A table is damaged or has a type that cannot be handled.
    #[error("the table cannot be processed; write it as CSV or JSONL")]
    Arrow(#[from] ArrowError),
    /// A Parquet file is damaged.
    #[error("the Parquet file cannot be processed; write it again, or as CSV or JSONL")]
    Parquet(#[from] ParquetError),
    /// The output takes no more.
    #[error("the output cannot be written; make room, or name another place")]
    Write(#[from] io::Error),
}

/// What to do where no column is meant.
fn choose(flag: Option<&str>) -> String {
    flag.map_or_else(|| "give one such a name".into(), |flag| format!("choose one with {flag}"))
}

/// What to do with a file of such a name: for some endings a flag alone would lose rows, or write what the
/// name does not say.
fn instead(file: &Path, flag: Option<&str>) -> String {
    let ending = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let is_output = flag == Some("--format");
    let other =
        flag.map_or_else(|| "name a file with one of these".into(), |flag| format!("name it with {flag}"));
    match &*ending {
        "gz" | "bz2" | "xz" | "zst" | "zip" if is_output => {
            format!("nothing is packed here: leave out .{ending}, and pack the file when it is written")
        }
        "gz" if flag.is_some() => {
            "it is packed: unpack it, or pipe it in: gzip -dc FILE | valence batch - --input-format csv"
                .into()
        }
        "gz" | "bz2" | "xz" | "zst" | "zip" => "it is packed: unpack it".into(),
        "xls" | "xlsx" | "ods" => "a spreadsheet is read and written as CSV".into(),
        "json" => "JSON is read and written with one object a line, in a file called .jsonl".into(),
        "txt" if !is_output => {
            format!("if it has a text a line, give it a first line `text` and call it .tsv; else {other}")
        }
        _ => other,
    }
}

/// How a CSV tells what is between its columns, where their names have what may be.
fn between(columns: &[String]) -> String {
    let is_there = |sign: &char| columns.iter().any(|column| column.contains(*sign));
    let sign = [';', '|', ','].into_iter().find(is_there);
    sign.map_or_else(String::new, |sign| {
        format!("; if {sign} is between the columns of this CSV, say so in a first line sep={sign}")
    })
}
