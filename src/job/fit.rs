//! The fit of rows into an output: what it cannot hold is left out of its row, which then has an error
//! beside its scores.
//!
//! A table has the columns of the first rows of JSONL alone, no row may have a member that scores add,
//! and TSV has no way to write a tab or a line break.

use super::Job;
use crate::dataset::{convert, error::DatasetError, format::Format, rows::Rows, values};
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use std::sync::Arc;

/// Rows as a job's output holds them, and for each why something was left out of it, if so.
///
/// # Errors
///
/// [`DatasetError::Arrow`] for a type that has no text.
pub fn fit(mut rows: Rows, job: &Job) -> Result<(Rows, Vec<Option<String>>), DatasetError> {
    let mut errors = vec![None; rows.len()];
    if let Rows::Objects(objects) = &mut rows {
        for (object, error) in objects.iter_mut().zip(&mut errors) {
            object.retain(|member, _| {
                let wrong = match job.format {
                    Format::Jsonl if job.added.contains(member) => {
                        "has the name of one that is added; rename it"
                    }
                    Format::Csv | Format::Tsv | Format::Parquet if !job.columns.contains(member) => {
                        "is in none of the first rows, so that the table has no column for it; write JSONL"
                    }
                    _ => return true,
                };
                error.get_or_insert_with(|| format!("cannot be written: the member {member:?} {wrong}"));
                false
            });
        }
    }
    let rows = match job.format {
        Format::Jsonl => rows,
        Format::Csv | Format::Parquet => Rows::Table(convert::table(rows, &job.columns)?),
        Format::Tsv => Rows::Table(for_tsv(&convert::table(rows, &job.columns)?, &job.columns, &mut errors)?),
    };
    Ok((rows, errors))
}

/// A table of texts without those that TSV cannot hold.
fn for_tsv(
    table: &RecordBatch,
    columns: &[String],
    errors: &mut [Option<String>],
) -> Result<RecordBatch, DatasetError> {
    let mut arrays: Vec<ArrayRef> = Vec::with_capacity(columns.len());
    for (column, array) in columns.iter().zip(table.columns()) {
        let mut texts = values::texts(array.as_ref())?;
        for (text, error) in texts.iter_mut().zip(errors.iter_mut()) {
            if text.take_if(|text| !Format::Tsv.holds(text)).is_some() {
                error.get_or_insert_with(|| {
                    format!(
                        "cannot be written: the column {column:?} has a tab or a line break, which TSV cannot hold; \
                         write CSV"
                    )
                });
            }
        }
        arrays.push(Arc::new(StringArray::from(texts)));
    }
    convert::strings(columns, arrays, table.num_rows())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::jsonl;
    use std::{io::Cursor, path::Path};

    /// What an output of this format holds of three rows, each as a JSON object, and the errors.
    fn fitted(format: Format) -> (Vec<String>, Vec<Option<String>>) {
        let lines = "{\"text\":\"good\",\"n\":1}\n{\"late\\t\":2,\"text\":\"bad\",\"error\":3}\n{\"text\":\"two\\nlines\"}\n";
        let mut chunks = jsonl::Reader::new(Path::new("in.jsonl"), Box::new(Cursor::new(lines)));
        let rows = chunks.next().expect("a chunk").expect("read").rows;
        let columns = ["text", "n"].map(String::from).to_vec();
        let added = ["predicted_label", "error"].map(String::from).to_vec();
        let job = Job { text_column: "text".into(), columns, added, format };
        let (rows, errors) = fit(rows, &job).expect("it fits");
        let objects = convert::objects(rows).expect("as objects");
        (objects.iter().map(|row| serde_json::to_string(row).expect("JSON")).collect(), errors)
    }

    // One ended the run.
    #[test]
    fn what_an_output_cannot_hold_costs_its_row_alone() {
        let (rows, errors) = fitted(Format::Jsonl);
        assert_eq!(rows[1..], [r#"{"late\t":2,"text":"bad"}"#, r#"{"text":"two\nlines"}"#]);
        let taken = r#"cannot be written: the member "error" has the name of one that is added; rename it"#;
        assert_eq!(errors, [None, Some(taken.into()), None]);

        let late = "cannot be written: the member \"late\\t\" is in none of the first rows, so that the table has no \
                    column for it; write JSONL";
        for format in [Format::Csv, Format::Parquet] {
            let (rows, errors) = fitted(format);
            assert_eq!(rows[..2], [r#"{"text":"good","n":"1"}"#, r#"{"text":"bad","n":null}"#]);
            assert_eq!(rows[2], r#"{"text":"two\nlines","n":null}"#);
            assert_eq!(errors, [None, Some(late.into()), None]);
        }

        let (rows, errors) = fitted(Format::Tsv);
        assert_eq!(rows[2], r#"{"text":null,"n":null}"#);
        let tab = r#"cannot be written: the column "text" has a tab or a line break, which TSV cannot hold; write CSV"#;
        assert_eq!(errors, [None, Some(late.into()), Some(tab.into())]);
    }
}
