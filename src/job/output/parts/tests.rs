//! Parts that are cut short, and what the next run makes of them.

use super::*;
use crate::testing::Scratch;
use arrow_array::{RecordBatch, StringArray};
use std::{os::unix::fs::PermissionsExt, sync::Arc};

fn rows(texts: &[&str]) -> Rows {
    let texts = Arc::new(StringArray::from(texts.to_vec())) as _;
    Rows::Table(RecordBatch::try_from_iter([("text", texts)]).expect("one column"))
}

fn open(file: &Path, format: Format) -> PartFile {
    try_open(file, format).expect("a place for parts")
}

fn try_open(file: &Path, format: Format) -> Result<PartFile, OutputError> {
    let identity = Identity {
        input: "a".into(),
        input_format: Format::Parquet,
        text_column: "text".into(),
        model: "b".into(),
        runs_on: "int8 on CPU".into(),
        max_tokens: 1,
        format,
        version: "0".into(),
    };
    PartFile::open(file, vec!["text".into()], &identity, false)
}

// The first chunk of Parquet had no rows, as that of a file without any has none; a failure after it left a part
// with a header alone.
#[test]
fn a_run_that_ends_before_its_first_row_leaves_no_header() {
    let folder = Scratch::new();
    let file = folder.join("out.csv");
    let open = || open(&file, Format::Csv);
    let mut first = open();
    first.write(rows(&[]), 0).expect("no rows");
    first.keep().expect("nothing to keep");
    let mut second = open();
    assert_eq!(second.done(), (0, 0));
    second.write(rows(&["good"]), 0).expect("a row");
    second.keep().expect("a part");
    let third = open();
    assert_eq!(third.done(), (1, 0));
    third.merge().expect("a whole file");
    assert_eq!(fs::read_to_string(&file).expect("the file"), "text\ngood\n");
}

// They counted as done, and the next run passed them over.
#[test]
fn rows_that_could_not_be_written_are_not_done() {
    let folder = Scratch::new();
    let file = folder.join("out.tsv");
    let open = || open(&file, Format::Tsv);
    let mut first = open();
    first.write(rows(&["good"]), 0).expect("a row");
    first.write(rows(&["two\nlines"]), 0).expect_err("TSV has no line breaks");
    first.keep().expect("nothing to keep");
    let mut second = open();
    assert_eq!(second.done(), (0, 0));
    second.write(rows(&["good"]), 0).expect("a row");
    second.merge().expect("a whole file");
    assert_eq!(fs::read_to_string(&file).expect("the file"), "text\ngood\n");
}

// Whoever may not read the file could read its parts.
#[test]
fn parts_are_for_their_user_alone() {
    let folder = Scratch::new();
    let parts = open(&folder.join("out.csv"), Format::Csv);
    let mode = fs::metadata(&parts.folder).expect("a folder").permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

// What was begun was said to be another job's.
#[test]
fn a_run_that_ended_before_it_said_what_it_does_is_begun_again() {
    let folder = Scratch::new();
    let (file, parts) = (folder.join("out.csv"), folder.join("out.csv.partial"));
    let job = parts.join("job.json");
    fs::create_dir(&parts).expect("a folder");
    let mut first = open(&file, Format::Csv);
    let whole = fs::read(&job).expect("what it does");
    first.write(rows(&["good"]), 0).expect("a row");
    drop(first);
    fs::remove_file(parts.join("unfinished")).expect("what was being written");
    for begun in [&whole[..0], &whole[..whole.len() / 2]] {
        fs::write(&job, begun).expect("a part of it");
        drop(open(&file, Format::Csv));
        assert_eq!(fs::read(&job).expect("what it does"), whole);
    }
    assert!(matches!(try_open(&file, Format::Tsv), Err(OutputError::Different { .. })), "another job");
    fs::write(parts.join("notes"), "somebody's").expect("another file");
    fs::remove_file(&job).expect("no job");
    let refused = try_open(&file, Format::Csv);
    assert!(matches!(refused, Err(OutputError::NotParts { .. })), "a folder that is no job's");
    assert!(!job.exists());
}
