//! Columns by their names, and their values as texts.

use super::{
    error::{DatasetError, Holds},
    rows::Rows,
    values,
};
use crate::{
    cells::{self, words::words},
    columns,
};
use arrow_array::Array;
use indexmap::IndexSet;
use serde_json::value::RawValue;

/// Names that a column of labels usually has.
const LABEL: [&str; 4] = ["label", "sentiment", "class", "target"];

/// Adds the names of all columns; of objects row by row, until `is_enough` of them. Whether no row can add
/// more that matter.
pub fn add_names(
    rows: &Rows,
    names: &mut IndexSet<String>,
    is_enough: impl Fn(&IndexSet<String>) -> bool,
) -> bool {
    match rows {
        Rows::Table(table) => {
            names.extend(table.schema().fields().iter().map(|field| field.name().clone()));
            true
        }
        Rows::Objects(objects) => objects.iter().any(|object| {
            for name in object.keys().filter(|&name| !names.contains(name)).collect::<Vec<_>>() {
                names.insert(name.clone());
            }
            is_enough(names)
        }),
    }
}

/// Whether [`of_texts`] finds the same column whatever columns there are beside these.
#[must_use]
pub fn is_certain(names: &IndexSet<String>, asked: Option<&str>) -> bool {
    match asked {
        Some(name) => names.contains(name),
        None => names.iter().any(|name| name.trim().eq_ignore_ascii_case(columns::TEXT[0])),
    }
}

/// Finds the column of texts: the one `asked` for, or by [`columns::likeliest`] with the `first` rows.
///
/// # Errors
///
/// [`DatasetError::NoColumn`], which lists the columns that there are; [`DatasetError::Empty`] where there
/// is none at all.
pub fn of_texts(columns: &[String], first: &[Rows], asked: Option<&str>) -> Result<String, DatasetError> {
    let words_of = |column: usize| -> usize {
        let name = &columns[column];
        // What has no text has no words.
        let texts = |rows| texts(rows, name).unwrap_or_default().into_iter().zip(no_texts(rows, name));
        let cells = first.iter().flat_map(texts).filter(|(_, no_text)| no_text.is_none());
        words(cells.filter_map(|(text, _)| text))
    };
    pick(columns, asked, columns::likeliest(columns, words_of), &columns::TEXT, Holds::Texts)
}

/// Finds the column of labels: the one `asked` for, or one with a usual name.
///
/// # Errors
///
/// As [`of_texts`].
pub fn of_labels(columns: &[String], asked: Option<&str>) -> Result<String, DatasetError> {
    pick(columns, asked, columns::named(columns, &LABEL), &LABEL, Holds::Labels)
}

fn pick(
    columns: &[String],
    asked: Option<&str>,
    guess: Option<usize>,
    usual: &[&str],
    holds: Holds,
) -> Result<String, DatasetError> {
    if columns.is_empty() {
        return Err(DatasetError::Empty);
    }
    let found = match asked {
        Some(name) => columns::asked(columns, name),
        None => guess,
    };
    found.map(|place| columns[place].clone()).ok_or_else(|| DatasetError::NoColumn {
        wanted: asked
            .map_or_else(|| usual.iter().map(ToString::to_string).collect(), |name| vec![name.into()]),
        columns: columns.to_vec(),
        holds,
    })
}

/// The values of a column as texts; nothing where a row has none, or bytes that are not UTF-8.
///
/// # Errors
///
/// [`DatasetError::NotText`] where all rows of a whole chunk have such bytes, [`DatasetError::Arrow`] for a type that
/// has no text.
pub fn texts(rows: &Rows, column: &str) -> Result<Vec<Option<String>>, DatasetError> {
    match rows {
        Rows::Table(table) => {
            let Some(array) = table.column_by_name(column) else { return Ok(vec![None; table.num_rows()]) };
            let Some(bytes) = values::bytes(array)? else { return Ok(values::texts(array.as_ref())?) };
            let text = |bytes: Option<&[u8]>| str::from_utf8(bytes?).ok().map(str::to_owned);
            let texts: Vec<_> = bytes.iter().map(text).collect();
            let is_whole = bytes.len() == super::CHUNK_ROWS;
            if is_whole && texts.iter().all(Option::is_none) && bytes.null_count() < bytes.len() {
                return Err(DatasetError::NotText { column: column.into() });
            }
            Ok(texts)
        }
        Rows::Objects(objects) => {
            Ok(objects.iter().map(|object| object.get(column).and_then(|value| text(value))).collect())
        }
    }
}

/// Why a row of JSON has no text in this column, for each that has none by [`cells::no_text`].
#[must_use]
pub fn no_texts(rows: &Rows, column: &str) -> Vec<Option<&'static str>> {
    match rows {
        Rows::Table(table) => vec![None; table.num_rows()],
        Rows::Objects(objects) => {
            objects.iter().map(|object| cells::no_text(object.get(column)?.get())).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{ArrayRef, BinaryArray, BinaryViewArray, LargeBinaryArray, RecordBatch};
    use std::sync::Arc;

    // The model read their hexadecimal digits.
    #[test]
    fn bytes_are_texts_where_they_are_utf_8() {
        let rows = |array: ArrayRef| {
            Rows::Table(RecordBatch::try_from_iter_with_nullable([("text", array, true)]).expect("a table"))
        };
        let bytes: [Option<&[u8]>; 2] = [Some("schön".as_bytes()), None];
        let arrays: [ArrayRef; 3] = [
            Arc::new(BinaryArray::from_iter(bytes)),
            Arc::new(LargeBinaryArray::from_iter(bytes)),
            Arc::new(BinaryViewArray::from_iter(bytes)),
        ];
        for array in arrays {
            assert_eq!(texts(&rows(array), "text").expect("texts"), [Some("schön".to_owned()), None]);
        }
        let other: ArrayRef = Arc::new(BinaryArray::from_iter([Some(b"good"), Some(b"\xff\0\0\0")]));
        assert_eq!(
            values::texts(&other).expect("as text"),
            ["good", "ff000000"].map(|text| Some(text.to_owned()))
        );
        assert_eq!(texts(&rows(other), "text").expect("texts"), [Some("good".to_owned()), None]);
        let keys: ArrayRef = Arc::new(BinaryArray::from_iter([Some(b"\0\0\0A")]));
        assert_eq!(values::texts(&keys).expect("as text"), [Some("00000041".to_owned())]);
        let none = |count| -> ArrayRef { Arc::new(BinaryArray::from_iter(vec![Some(b"\xff"); count])) };
        assert!(matches!(
            texts(&rows(none(crate::dataset::CHUNK_ROWS)), "text"),
            Err(DatasetError::NotText { .. })
        ));
        // The last row of a file ended the run.
        assert_eq!(texts(&rows(none(1)), "text").expect("texts"), [None]);
    }

    #[test]
    fn a_column_is_certain_where_no_other_can_be_meant() {
        let is_certain = |names: &[&str], asked| {
            is_certain(&names.iter().map(ToString::to_string).collect::<IndexSet<_>>(), asked)
        };
        assert!(is_certain(&["id", "Text"], None));
        assert!(!is_certain(&["review"], None), "a text may follow");
        assert!(is_certain(&["review"], Some("review")));
        assert!(!is_certain(&["Review"], Some("review")), "one that is spelt so may follow");
    }

    fn columns() -> Vec<String> {
        ["id", "Review", "label"].map(String::from).to_vec()
    }

    #[test]
    fn finds_the_usual_column_and_the_one_asked_for() {
        assert_eq!(of_texts(&columns(), &[], None).expect("found"), "Review");
        assert_eq!(of_texts(&columns(), &[], Some("id")).expect("found"), "id");
        assert_eq!(of_labels(&columns(), None).expect("found"), "label");
    }

    #[test]
    fn a_name_in_other_letters_is_found_where_none_is_spelt_like_it() {
        let found = |columns: &[&str], name| {
            let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
            of_texts(&columns, &[], Some(name)).expect("found")
        };
        assert_eq!(found(&["id", "Review"], "review"), "Review");
        assert_eq!(found(&["Review", "review"], "review"), "review");
    }

    #[test]
    fn lists_the_columns_where_none_fits() {
        let error = of_texts(&columns(), &[], Some("words")).expect_err("no such column");
        assert_eq!(error.to_string(), "no column is named words; the columns are: id, Review, label");
    }
}
