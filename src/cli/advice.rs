//! Advice: what to do where a file's name does not tell its format, or no column the one that is meant.
//!
//! A dataset says what is wrong and knows no command line; the flags of the verbs that read it are here.

use crate::dataset::{
    error::{DatasetError, Holds, Role},
    format::PACKED,
};
use std::path::Path;
use thiserror::Error;

/// An error with what to do about it.
#[derive(Debug, Error)]
#[error("{error}; {advice}")]
struct Advised {
    error: DatasetError,
    advice: String,
}

/// The error of a verb that has flags for what a file does not tell, with the one to use.
#[must_use]
pub fn in_flags(error: DatasetError) -> anyhow::Error {
    advised(error, true)
}

/// The error of a verb that goes by the names of files and columns alone.
#[must_use]
pub fn in_names(error: DatasetError) -> anyhow::Error {
    advised(error, false)
}

fn advised(error: DatasetError, has_flags: bool) -> anyhow::Error {
    let advice = match &error {
        DatasetError::UnknownFormat { file, role } => instead(file, *role, has_flags),
        DatasetError::NoColumn { columns, holds, .. } => choose(*holds, has_flags) + &between(columns),
        _ => return error.into(),
    };
    Advised { error, advice }.into()
}

/// What to do where no column is meant.
fn choose(holds: Holds, has_flags: bool) -> String {
    match holds {
        _ if !has_flags => "give one such a name",
        Holds::Texts => "choose one with --text-column",
        Holds::Labels => "choose one with --label-column",
    }
    .into()
}

/// What to do with a file of such a name: for some endings a flag alone would lose rows.
fn instead(file: &Path, role: Role, has_flags: bool) -> String {
    let ending = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let other = match role {
        _ if !has_flags => "name a file with one of these",
        Role::Input => "name it with --input-format",
        Role::Output => "name it with --format",
    };
    match &*ending {
        "gz" if has_flags => {
            "it is packed: unpack it, or pipe it in: gzip -dc FILE | valence batch - --input-format csv"
                .into()
        }
        packed if PACKED.contains(&packed) => "it is packed: unpack it".into(),
        "xls" | "xlsx" | "ods" => "a spreadsheet is read and written as CSV".into(),
        "json" => "JSON is read and written with one object a line, in a file called .jsonl".into(),
        "txt" if role == Role::Input => {
            format!("if it has a text a line, give it a first line `text` and call it .tsv; else {other}")
        }
        _ => other.into(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::column;

    #[test]
    fn a_column_is_chosen_with_the_flag_of_what_it_holds() {
        let columns = ["a", "b"].map(String::from);
        let texts = column::of_texts(&columns, &[], Some("c")).expect_err("no such column");
        let labels = column::of_labels(&columns, Some("c")).expect_err("no such column");
        for (error, flag) in [(texts, "--text-column"), (labels, "--label-column")] {
            let expected = format!("no column is named c; the columns are: a, b; choose one with {flag}");
            assert_eq!(in_flags(error).to_string(), expected);
        }
    }

    #[test]
    fn tells_how_a_csv_names_what_is_between_its_columns() {
        let columns = ["id;text (old", " short", " or cut)"].map(String::from);
        let error = in_flags(column::of_texts(&columns, &[], None).expect_err("no such column")).to_string();
        let ends = "; if ; is between the columns of this CSV, say so in a first line sep=;";
        assert!(error.ends_with(ends), "{error}");
    }

    #[test]
    fn points_to_no_flag_where_there_is_none() {
        let error = column::of_texts(&["a", "b"].map(String::from), &[], None).expect_err("no such column");
        let error = in_names(error).to_string();
        assert!(error.ends_with("title; the columns are: a, b; give one such a name"), "{error}");
    }
}
