//! Datasets: files of rows with a text in each, as CSV, TSV, JSONL or Parquet.
//!
//! Rows stream through in chunks of bounded size, so that a file may be larger than the memory. A table keeps its
//! columns' types (Parquet) or its fields' characters (CSV, TSV); an object of JSONL keeps the order
//! of its members and each value's characters.

pub mod chunk;
pub mod column;
pub mod convert;
pub mod csv;
pub mod damage;
pub mod encoder;
pub mod error;
pub mod format;
pub mod jsonl;
pub mod parquet;
pub mod rows;
pub mod source;
pub mod values;

use chunk::Chunk;
use damage::{Caught, caught};
use encoder::Encoder;
use error::DatasetError;
use format::Format;
use indexmap::IndexSet;
use source::Source;
use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

/// Rows of one chunk at most.
pub const CHUNK_ROWS: usize = 256;

/// Bytes of a chunk's rows, about: it ends with the row that has it reach so many.
const CHUNK_BYTES: usize = 4_000_000;

/// Bytes of one row of text at most; a larger one could not be read. Far more than a text may have, as
/// other columns may hold more, such as pictures.
const MAX_ROW: usize = 16_000_000;

/// Reads a dataset chunk by chunk.
pub type Chunks = Box<dyn Iterator<Item = Result<Chunk, DatasetError>> + Send>;

/// A dataset that is open for reading.
pub struct Dataset {
    /// Its columns, no two of one name; of JSONL those of the first rows.
    pub columns: Vec<String>,
    /// Whether its first chunk has no row, as in JSONL only where there is none.
    pub is_empty: bool,
    /// Its rows; the first chunk may be empty, the others are not.
    pub chunks: Chunks,
    /// Where the last of them ends, as [`Chunk::end`]; unknown of a file that can be read but once.
    pub size: Option<u64>,
}

impl Dataset {
    /// Opens a file; `-` is standard input. The columns of JSONL are those of as many rows as a chunk may
    /// have.
    ///
    /// # Errors
    ///
    /// A [`DatasetError`] where it cannot be read, or none of its first rows is of this format.
    pub fn open(file: &Path, format: Format) -> Result<Self, DatasetError> {
        Self::open_until(file, format, |_| false)
    }

    /// The same, but of JSONL those of no more rows than it takes for `is_enough` of them.
    ///
    /// # Errors
    ///
    /// As [`Dataset::open`].
    pub fn open_until(
        file: &Path,
        format: Format,
        is_enough: impl Fn(&IndexSet<String>) -> bool,
    ) -> Result<Self, DatasetError> {
        if file.is_dir() {
            // Each format would find another word for it.
            return Err(unreadable(file)(io::ErrorKind::IsADirectory.into()));
        }
        let mut size = fs::metadata(file).ok().filter(|_| !is_stream(file)).map(|file| file.len());
        let source = || Source::open(file).map_err(unreadable(file));
        let chunks: Chunks = match format {
            Format::Csv | Format::Tsv => Box::new(csv::Reader::new(format, file, source()?)?),
            Format::Jsonl => Box::new(jsonl::Reader::new(file, source()?)),
            Format::Parquet if is_stream(file) => return Err(DatasetError::ParquetStream),
            Format::Parquet => {
                let file = File::open(file).map_err(unreadable(file))?;
                let (chunks, rows) = caught(0, || parquet::read(file))?;
                size = Some(rows);
                chunks
            }
        };
        let mut chunks: Chunks = Box::new(Caught::new(chunks));
        let (first, columns) = chunk::first(&mut chunks, is_enough)?;
        let is_empty = first.iter().all(|chunk| chunk.rows.is_empty());
        let chunks = Box::new(first.into_iter().map(Ok).chain(chunks));
        Ok(Self { columns: columns.into_iter().collect(), is_empty, chunks, size })
    }
}

// Not in `format`, which those that write know themselves.
impl Format {
    /// An encoder for rows with these `columns`. Only the first part of a file `has_header`.
    #[must_use]
    pub fn encoder(
        self,
        out: Box<dyn Write + Send>,
        columns: &[String],
        has_header: bool,
    ) -> Box<dyn Encoder> {
        match self {
            Self::Csv | Self::Tsv => Box::new(csv::writer::Writer::new(self, out, columns, has_header)),
            Self::Jsonl => Box::new(jsonl::Writer::new(out)),
            Self::Parquet => Box::new(parquet::Writer::new(out, columns)),
        }
    }
}

/// Whether a file's name means standard input or output.
#[must_use]
pub fn is_standard(file: &Path) -> bool {
    file == Path::new("-")
}

/// Whether a file can be read but once, as standard input and pipes.
#[must_use]
pub fn is_stream(file: &Path) -> bool {
    is_standard(file) || fs::metadata(file).is_ok_and(|kind| !kind.is_file() && !kind.is_dir())
}

fn unreadable(file: &Path) -> impl Fn(io::Error) -> DatasetError {
    move |source| DatasetError::Unreadable { file: file.into(), source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Scratch, tables::CASES};
    use rows::{Object, Rows};
    use serde_json::value::to_raw_value;
    use std::io::Read;

    /// Fails where a disk does.
    struct Broken;

    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk"))
        }
    }

    #[test]
    fn reads_what_the_page_and_the_api_read() {
        let folder = Scratch::new();
        for &(ending, content, expected) in CASES {
            let file = folder.join("texts").with_extension(ending);
            fs::write(&file, content).expect("written");
            let format = Format::of(&file, None, error::Role::Input).expect("a format");
            let dataset = Dataset::open(&file, format).expect("a dataset");
            let column = column::of_texts(&dataset.columns, None).expect("a column");
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
        let header = |bytes: Box<dyn Read + Send>| {
            csv::Reader::new(Format::Csv, file, bytes).err().expect("no header")
        };
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
            let ends: Vec<u64> = dataset.chunks.map(|chunk| chunk.expect("read").end).collect();
            let expected = [256, 512, 600].map(|rows| (header.len() + rows * width.len()) as u64);
            assert!(ends.ends_with(&expected), "{format:?}: {ends:?}");
            assert_eq!(dataset.size, Some(expected[2]), "{format:?}");
        }
        assert_eq!(Dataset::open(Path::new("/dev/null"), Format::Jsonl).expect("no rows").size, None);
    }
}
