//! `valence batch` in every format: what each keeps, and what it cannot hold.

use super::{batch, csv_file, jsonl, name, piped, rows, run, stderr, stdout};
use crate::support::{program::assert_one_sentence, temporary_folder};
use serde_json::Value;
use std::fs;
use valence::dataset::{Dataset, error::DatasetError, format::Format};

#[test]
fn every_format_keeps_the_columns_and_agrees_on_the_scores() {
    let (folder, input) = csv_file(300);
    let direct = folder.join("direct.jsonl");
    batch(&input, &direct);
    let direct = jsonl(&direct);
    assert_eq!(direct.len(), 300);
    assert_eq!(direct[3]["text"], "Meal 3 was dull\nand long.");
    assert_eq!((&direct[7]["id"], &direct[7]["note"]), (&"00007".into(), &"ü7".into()));
    assert_eq!(direct[0]["predicted_label"], "POSITIVE");
    assert_eq!(direct[1]["predicted_label"], "NEGATIVE");
    assert_eq!(direct[1]["predicted_score"], direct[1]["score_NEGATIVE"]);

    // What batch has added is taken off again, as it would add it twice.
    let member = |row: &Value, name: &str| format!("\"{name}\":{}", row[name]);
    let original: String = direct
        .iter()
        .map(|row| format!("{{{}}}\n", ["id", "text", "note"].map(|name| member(row, name)).join(",")))
        .collect();
    let lines = folder.join("in.jsonl");
    fs::write(&lines, original).unwrap();
    let again = |ending: &str| {
        let out = folder.join("again").with_extension(ending);
        batch(&lines, &out);
        out
    };
    assert_eq!(jsonl(&again("jsonl")), direct);
    let table = again("csv");
    let content = fs::read_to_string(&table).unwrap();
    let header = "id,text,note,predicted_label,predicted_score,score_NEGATIVE,";
    assert!(content.starts_with(header), "{content}");
    assert!(content.contains("\n00002,\"Meal 2 was fine, \"\"really\"\".\",ü2,"), "{content}");
    // In CSV all is text.
    let number = |value: &Value| match value {
        Value::String(text) => text.parse::<f32>().ok(),
        other => other.as_f64().map(|number| number as f32),
    };
    for rows in [rows(&table, Format::Csv), rows(&again("parquet"), Format::Parquet)] {
        assert_eq!(rows.len(), direct.len());
        for (row, expected) in rows.iter().zip(&direct) {
            for column in ["id", "text", "note", "predicted_label"] {
                assert_eq!(row[column], expected[column], "{column} of {row}");
            }
            for column in ["predicted_score", "score_NEGATIVE", "score_POSITIVE"] {
                let score = number(&expected[column]);
                assert!(
                    score.is_some() && number(&row[column]) == score,
                    "{column} of {row}, not {expected}"
                );
            }
        }
    }
}

// JSONL had the text of the one beside the verdict on the other.
#[test]
fn two_columns_of_one_name_are_told_apart() {
    let arguments = ["batch", "-", "-o", "-", "--input-format", "csv", "--format", "jsonl"];
    let done = piped(&arguments, "text,text\nI love it,I hate it\n");
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    let row: Value = serde_json::from_str(&stdout(&done)).unwrap();
    assert_eq!((&row["text"], &row["text_2"]), (&"I love it".into(), &"I hate it".into()));
    assert_eq!(row["predicted_label"], "POSITIVE");
    let other =
        piped(&[&arguments[..], &["--text-column", "text_2"]].concat(), "text,text\nI love it,I hate it\n");
    let row: Value = serde_json::from_str(&stdout(&other)).unwrap();
    assert_eq!(row["predicted_label"], "NEGATIVE");
}

#[test]
fn parquet_keeps_its_types_and_goes_back() {
    use arrow_array::{Array, Int64Array, RecordBatch, StringArray, cast::AsArray, types::Float32Type};
    use parquet::arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder};
    use std::{fs::File, sync::Arc};

    let folder = temporary_folder();
    let (input, output) = (folder.join("in.parquet"), folder.join("out.parquet"));
    let rows = 2500;
    let numbers: Arc<dyn Array> = Arc::new((0..rows).map(|row| Some(i64::MAX - row)).collect::<Int64Array>());
    let texts: StringArray = (0..rows).map(|row| (row != 4).then(|| format!("Very good, {row}"))).collect();
    let table = RecordBatch::try_from_iter_with_nullable([
        ("number", numbers, true),
        ("review", Arc::new(texts) as Arc<dyn Array>, true),
    ])
    .unwrap();
    let mut writer = ArrowWriter::try_new(File::create(&input).unwrap(), table.schema(), None).unwrap();
    writer.write(&table).unwrap();
    writer.close().unwrap();

    let done = run(&["batch", name(&input), "-o", name(&output)]);
    assert_eq!(done.status.code(), Some(3), "a row without a text: {}", stderr(&done));
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&output).unwrap()).unwrap();
    let tables: Vec<RecordBatch> =
        reader.with_batch_size(4000).build().unwrap().map(Result::unwrap).collect();
    let [whole] = &tables[..] else { panic!("one batch") };
    assert_eq!(whole.num_rows(), 2500);
    assert_eq!(whole.column_by_name("number"), table.column_by_name("number"));
    assert_eq!(whole.column_by_name("review"), table.column_by_name("review"));
    let error = whole.column_by_name("error").unwrap().as_string::<i32>();
    assert_eq!((error.value(4), error.null_count()), ("no text", 2499));
    let score = whole.column_by_name("predicted_score").unwrap().as_primitive::<Float32Type>();
    assert!(score.is_null(4) && score.value(5) > 0.5);
}

// The reader panicked on its thread, and the rows before it counted as the whole file.
#[test]
fn a_damaged_parquet_file_is_read_to_its_end_or_an_error() {
    use arrow_array::{ArrayRef, RecordBatch, StringArray};
    use parquet::{arrow::ArrowWriter, file::properties::WriterProperties};
    use std::{fs::File, sync::Arc};

    let folder = temporary_folder();
    let (input, output) = (folder.join("in.parquet"), folder.join("out.csv"));
    let texts: StringArray = (0..600).map(|row| Some(format!("Meal {row} was good."))).collect();
    let table = RecordBatch::try_from_iter([("text", Arc::new(texts) as ArrayRef)]).unwrap();
    let groups = WriterProperties::builder().set_max_row_group_row_count(Some(300)).build();
    let mut writer =
        ArrowWriter::try_new(File::create(&input).unwrap(), table.schema(), Some(groups)).unwrap();
    writer.write(&table).unwrap();
    writer.close().unwrap();
    let read = || {
        let mut rows = 0;
        for chunk in Dataset::open(&input, Format::Parquet)?.chunks {
            rows += chunk?.rows.len();
        }
        Ok::<_, DatasetError>(rows)
    };

    // Before the last eight bytes is what tells where all else is; four of them are its length.
    let whole = fs::read(&input).unwrap();
    let end = whole.len() - 8;
    let start = end - u32::from_le_bytes(whole[end..end + 4].try_into().unwrap()) as usize;
    let mut half_read = None;
    for place in start..end {
        let mut bytes = whole.clone();
        // The sign of a number.
        bytes[place] ^= 1;
        fs::write(&input, &bytes).unwrap();
        match read() {
            Ok(rows) => assert_eq!(rows, 600, "byte {place}"),
            Err(DatasetError::Damaged { row: 1..600 }) => half_read = Some(bytes),
            Err(_) => {}
        }
    }
    fs::write(&input, half_read.unwrap()).unwrap();
    assert_one_sentence(&run(&["batch", name(&input), "-o", name(&output)]), &["damaged after row"]);
    assert!(!output.exists() && folder.join("out.csv.partial").is_dir());
}

#[test]
fn tsv_has_no_quotes_and_leaves_out_what_it_cannot_hold() {
    let folder = temporary_folder();
    let (input, output) = (folder.join("in.tsv"), folder.join("out.tsv"));
    fs::write(&input, "label\tsentence\n1\t\"So good\n").unwrap();
    batch(&input, &output);
    assert!(fs::read_to_string(&output).unwrap().contains("\n1\t\"So good\tPOSITIVE\t"));
    // One such value ended the run.
    let (_, breaks) = csv_file(5);
    let done = run(&["batch", name(&breaks), "-o", name(&output)]);
    assert_eq!(done.status.code(), Some(3), "{}", stderr(&done));
    let table = fs::read_to_string(&output).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows.len(), 6, "{table}");
    assert_eq!(rows[4][..4], ["00003", "", "ü3", "NEGATIVE"], "{table}");
    assert!(rows[4].last().unwrap().contains("TSV cannot hold"), "{table}");
    assert_eq!((rows[5][0], *rows[5].last().unwrap()), ("00004", ""), "{table}");
}

// It ended the run, whose finished parts no other format can use; later the row had no scores.
#[test]
fn a_member_that_only_a_late_row_has_is_left_out_of_it() {
    let folder = temporary_folder();
    let input = folder.join("in.jsonl");
    let rows = "{\"text\":\"good\"}\n".repeat(300);
    fs::write(&input, format!("{rows}{{\"text\":\"good\",\"error\":\"mine\"}}\n{rows}")).unwrap();
    for (output, reason, label) in [
        ("out.csv", "in none of the first rows", "good,POSITIVE,"),
        ("out.jsonl", "rename it", "\"predicted_label\":\"POSITIVE\""),
    ] {
        let output = folder.join(output);
        let done = run(&["batch", name(&input), "-o", name(&output)]);
        assert_eq!(done.status.code(), Some(3), "{}", stderr(&done));
        assert!(stderr(&done).contains("601 rows, 1 with an error"), "{}", stderr(&done));
        let written = fs::read_to_string(&output).unwrap();
        let failed: Vec<&str> = written.lines().filter(|line| line.contains("cannot be written")).collect();
        assert!(failed.len() == 1 && failed[0].contains(reason) && failed[0].contains(label), "{failed:?}");
        assert!(!written.contains("mine"));
    }
}

// The flag that was named took the first text for a header, and wrote a table that is not packed.
#[test]
fn a_name_that_no_format_has_is_told_what_to_do_instead() {
    let (folder, _) = csv_file(1);
    for (input, output, words) in [
        ("in.csv.gz", "out.csv", "gzip -dc FILE | valence batch - --input-format csv"),
        ("in.csv.ZIP", "out.csv", "unpack it"),
        ("in.txt", "out.csv", "a first line `text` and call it .tsv; else name it with --input-format"),
        ("in.json", "out.csv", "one object a line"),
        ("in.xlsx", "out.csv", "as CSV"),
        ("in.log", "out.csv", "name it with --input-format"),
        ("in.csv", "out.csv.gz", "leave out .gz"),
        ("in.csv", "out.txt", "; name it with --format"),
    ] {
        let (input, output) = (folder.join(input), folder.join(output));
        let done = run(&["batch", name(&input), "-o", name(&output)]);
        assert_eq!(done.status.code(), Some(1));
        assert!(stderr(&done).contains(words), "{}", stderr(&done));
    }
    // With a format it was written, and not packed.
    let output = folder.join("out.csv.gz");
    let done = run(&["batch", name(&folder.join("in.csv")), "-o", name(&output), "--format", "csv"]);
    assert_one_sentence(&done, &["nothing is packed here"]);
    assert!(!output.exists());
}

#[test]
fn reads_what_the_page_and_the_endpoint_read() {
    let semicolons = ["batch", "-", "-o", "-", "--input-format", "csv", "--text-column", "REVIEW"];
    let done = piped(&semicolons, "\u{feff}id;Review\n1;\"So good; really\"\n");
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    assert!(stdout(&done).contains("\n1,So good; really,POSITIVE,"), "{}", stdout(&done));
    let strings = ["batch", "-", "-o", "-", "--input-format", "jsonl"];
    let done = piped(&strings, "\"So good\"\n{\"text\":\"Terrible\"}\n");
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    let rows: Vec<Value> = stdout(&done).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&rows[0]["text"], &rows[0]["predicted_label"]), (&"So good".into(), &"POSITIVE".into()));
    assert_eq!(rows[1]["predicted_label"], "NEGATIVE");
}
