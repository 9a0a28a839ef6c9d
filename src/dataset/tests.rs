//! What is read of files of each format, and what is wrong with some.

use super::*;
use crate::testing::{
    Scratch,
    tables::{CASES, COLUMNS},
};
use rows::Object;
use serde_json::value::to_raw_value;
use std::io::Read;

/// Fails where a disk does.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the disk"))
    }
}

/// The dataset of a file with this content.
fn opened(folder: &Path, ending: &str, content: &str) -> Dataset {
    let file = folder.join("texts").with_extension(ending);
    fs::write(&file, content).expect("written");
    let format = Format::of(&file, None, error::Role::Input).expect("a format");
    Dataset::open(&file, format).expect("a dataset")
}

#[test]
fn reads_what_the_page_and_the_api_read() {
    let folder = Scratch::new();
    for &(ending, content, expected) in CASES {
        let dataset = opened(&folder, ending, content);
        let column = column::of_texts(&dataset.columns, &dataset.first, None).expect("a column");
        let mut found = Vec::new();
        for chunk in dataset.chunks {
            let Chunk { rows, unreadable, .. } = chunk.expect("read");
            let texts = column::texts(&rows, &column).expect("texts");
            let no_texts = column::no_texts(&rows, &column);
            for ((text, unread), no_text) in texts.into_iter().zip(unreadable).zip(no_texts) {
                found.push(text.filter(|_| unread.is_none() && no_text.is_none()));
            }
        }
        let found: Vec<_> = found.iter().map(Option::as_deref).collect();
        assert_eq!(found, expected, "{content:?}");
    }
}

// Titles were scored, and nobody was told.
#[test]
fn finds_the_column_that_the_page_finds() {
    let folder = Scratch::new();
    for &(ending, content, expected) in COLUMNS {
        let Dataset { columns, first, .. } = opened(&folder, ending, content);
        let found = column::of_texts(&columns, &first, None).expect("a column");
        assert_eq!(found, expected, "{content:?}");
    }
}

// It was told of a row, which was to be left out.
#[test]
fn what_is_wrong_with_a_file_is_not_told_of_a_row() {
    let file = Path::new("in");
    let is_of_the_file = |error: DatasetError| match error {
        DatasetError::Unreadable { file: named, .. } => named == file,
        _ => false,
    };
    let bytes = |start: &'static str| Box::new(start.as_bytes().chain(Broken));
    let mut csv = csv::Reader::new(Format::Csv, file, bytes("text\ngood\n")).expect("a header");
    let mut jsonl = jsonl::Reader::new(file, bytes("\"good\"\n"));
    for chunk in [csv.next(), jsonl.next()] {
        assert!(is_of_the_file(chunk.expect("more").expect_err("broken")));
    }
    let header =
        |bytes: Box<dyn Read + Send>| csv::Reader::new(Format::Csv, file, bytes).err().expect("no header");
    assert!(is_of_the_file(header(bytes("te"))));
    assert!(matches!(header(Box::new(&b"\xff\xfet\0e\0x\0t\0\n\0"[..])), DatasetError::Header { .. }));
    for format in [Format::Csv, Format::Tsv, Format::Jsonl, Format::Parquet] {
        let error = Dataset::open(&Scratch::new(), format).err().expect("a folder");
        assert!(matches!(error, DatasetError::Unreadable { .. }), "{error}");
    }
}

#[test]
fn chunks_end_where_their_rows_do_and_the_last_where_the_file_does() {
    let row = Object::from_iter([("text".to_owned(), to_raw_value("a, b").expect("JSON"))]);
    // Of the header, and of each row.
    for (format, header, width) in [
        (Format::Csv, "text\n", "\"a, b\"\n"),
        (Format::Tsv, "text\n", "a, b\n"),
        (Format::Jsonl, "", "{\"text\":\"a, b\"}\n"),
        (Format::Parquet, "", "1"),
    ] {
        let folder = Scratch::new();
        let file = folder.join("texts");
        let out = Box::new(File::create(&file).expect("a file"));
        let mut encoder = format.encoder(out, &["text".to_owned()], true);
        encoder.write(Rows::Objects(vec![row.clone(); 600])).expect("written");
        encoder.finish().expect("finished");
        let dataset = Dataset::open(&file, format).expect("a dataset");
        assert_eq!(dataset.first.iter().map(Rows::len).sum::<usize>(), LOOKED_AT, "{format:?}");
        let ends: Vec<u64> = dataset.chunks.map(|chunk| chunk.expect("read").end).collect();
        let expected = [256, 512, 600].map(|rows| (header.len() + rows * width.len()) as u64);
        assert!(ends.ends_with(&expected), "{format:?}: {ends:?}");
        assert_eq!(dataset.size, Some(expected[2]), "{format:?}");
    }
    assert_eq!(Dataset::open(Path::new("/dev/null"), Format::Jsonl).expect("no rows").size, None);
}
