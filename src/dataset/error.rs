//! What can be wrong with a dataset, in words that name the row or the column.

use arrow_schema::ArrowError;
use parquet::errors::ParquetError;
use std::{io, path::PathBuf};
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
    #[error("the format of {} cannot be told from its name (.csv, .tsv, .jsonl, .parquet)", file.display())]
    UnknownFormat {
        /// The file.
        file: PathBuf,
        /// Whether it is read or written.
        role: Role,
    },
    /// The name of an output says that it is packed.
    #[error(
        "{} is called packed, and nothing is packed here; leave out .{ending}, and pack the file when it is written",
        file.display()
    )]
    Packed {
        /// The file.
        file: PathBuf,
        /// What of its name says so.
        ending: String,
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
    #[error("no column is named {}; the columns are: {}", .wanted.join(", "), .columns.join(", "))]
    NoColumn {
        /// Names that were looked for.
        wanted: Vec<String>,
        /// Names that there are.
        columns: Vec<String>,
        /// What it was to hold.
        holds: Holds,
    },
    /// The column of texts has bytes.
    #[error("the column {column} holds bytes that are not UTF-8; write it as strings, or choose another")]
    NotText {
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
    /// The reader failed over the file, or it ends before the rows that it announces.
    #[error("the file is damaged{}; write it again, or as CSV or JSONL", after(*.row))]
    Damaged {
        /// Rows that were read before.
        row: u64,
    },
    /// The output takes no more.
    #[error("the output cannot be written; make room, or name another place")]
    Write(#[from] io::Error),
}

/// What is done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is read.
    Input,
    /// It is written.
    Output,
}

/// What a column is looked for to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The texts.
    Texts,
    /// Their labels.
    Labels,
}

/// Where a file is damaged of which so many rows were read.
fn after(row: u64) -> String {
    if row == 0 { String::new() } else { format!(" after row {row}") }
}
