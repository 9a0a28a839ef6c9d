//! Columns by their names, and their values as texts.

use super::{Rows, error::DatasetError};
use crate::columns;
use arrow_array::{Array, cast::AsArray};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType};
use indexmap::IndexSet;
use serde_json::value::RawValue;

/// Names that a column of labels usually has.
const LABEL: [&str; 4] = ["label", "sentiment", "class", "target"];

/// The names of all columns.
#[must_use]
pub fn names(rows: &Rows) -> Vec<String> {
    match rows {
        Rows::Table(table) => table.schema().fields().iter().map(|field| field.name().clone()).collect(),
        Rows::Objects(objects) => {
            let names: IndexSet<&String> = objects.iter().flat_map(|object| object.keys()).collect();
            names.into_iter().cloned().collect()
        }
    }
}

/// Finds the column of texts: the one `asked` for, or by [`columns::text`].
///
/// # Errors
///
/// [`DatasetError::NoColumn`], which lists the columns that there are and points to `flag` where there is one.
pub fn of_texts(
    columns: &[String],
    asked: Option<&str>,
    flag: Option<&'static str>,
) -> Result<String, DatasetError> {
    pick(columns, asked, columns::text(columns), &columns::TEXT, flag)
}

/// Finds the column of labels: the one `asked` for, or one with a usual name.
///
/// # Errors
///
/// As [`of_texts`].
pub fn of_labels(
    columns: &[String],
    asked: Option<&str>,
    flag: Option<&'static str>,
) -> Result<String, DatasetError> {
    pick(columns, asked, columns::named(columns, &LABEL), &LABEL, flag)
}

fn pick(
    columns: &[String],
    asked: Option<&str>,
    guess: Option<usize>,
    usual: &[&str],
    flag: Option<&'static str>,
) -> Result<String, DatasetError> {
    let found = match asked {
        Some(name) => columns::asked(columns, name),
        None => guess,
    };
    found.map(|place| columns[place].clone()).ok_or_else(|| DatasetError::NoColumn {
        wanted: asked
            .map_or_else(|| usual.iter().map(ToString::to_string).collect(), |name| vec![name.into()]),
        columns: columns.to_vec(),
        flag,
    })
}

/// The values of a column as texts; nothing where a row has none.
///
/// # Errors
///
/// [`DatasetError::Arrow`] for a type that has no text.
pub fn texts(rows: &Rows, column: &str) -> Result<Vec<Option<String>>, DatasetError> {
    match rows {
        Rows::Table(table) => table
            .column_by_name(column)
            .map_or_else(|| Ok(vec![None; table.num_rows()]), |array| Ok(array_texts(array.as_ref())?)),
        Rows::Objects(objects) => {
            Ok(objects.iter().map(|object| object.get(column).and_then(|value| text(value))).collect())
        }
    }
}

/// A JSON value as a text: a string's characters, nothing for null, any other as it is written.
#[must_use]
pub fn text(value: &RawValue) -> Option<String> {
    match value.get() {
        "null" => None,
        string if string.starts_with('"') => serde_json::from_str(string).ok(),
        other => Some(other.to_owned()),
    }
}

/// The values of an array as texts.
///
/// # Errors
///
/// An [`ArrowError`] for a type that has no text.
pub fn array_texts(array: &dyn Array) -> Result<Vec<Option<String>>, ArrowError> {
    if array.data_type() == &DataType::Utf8 {
        return Ok(array.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect());
    }
    let options = FormatOptions::default().with_display_error(false);
    let formatter = ArrayFormatter::try_new(array, &options)?;
    (0..array.len())
        .map(|row| (!array.is_null(row)).then(|| formatter.value(row).try_to_string()).transpose())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<String> {
        ["id", "Review", "label"].map(String::from).to_vec()
    }

    #[test]
    fn finds_the_usual_column_and_the_one_asked_for() {
        assert_eq!(of_texts(&columns(), None, Some("--text-column")).expect("found"), "Review");
        assert_eq!(of_texts(&columns(), Some("id"), Some("--text-column")).expect("found"), "id");
        assert_eq!(of_labels(&columns(), None, Some("--label-column")).expect("found"), "label");
    }

    #[test]
    fn a_name_in_other_letters_is_found_where_none_is_spelt_like_it() {
        let found = |columns: &[&str], name| {
            let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
            of_texts(&columns, Some(name), None).expect("found")
        };
        assert_eq!(found(&["id", "Review"], "review"), "Review");
        assert_eq!(found(&["Review", "review"], "review"), "review");
    }

    #[test]
    fn lists_the_columns_where_none_fits() {
        let error = of_texts(&columns(), Some("words"), Some("--text-column")).expect_err("no such column");
        assert_eq!(
            error.to_string(),
            "no column is named words; the columns are: id, Review, label; choose one with --text-column"
        );
    }

    #[test]
    fn points_to_no_flag_where_there_is_none() {
        let error = of_texts(&["a", "b"].map(String::from), None, None).expect_err("no such column");
        assert!(error.to_string().ends_with("title; the columns are: a, b"), "{error}");
    }
}
