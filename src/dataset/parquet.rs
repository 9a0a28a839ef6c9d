//! Parquet: tables with types, read row group by row group.

use super::{CHUNK_ROWS, Chunks, chunk::Chunk, convert, encoder::Encoder, error::DatasetError, rows::Rows};
use crate::columns;
use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::Schema;
use parquet::{
    arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder},
    basic::{Compression, ZstdLevel},
    errors::ParquetError,
    file::properties::WriterProperties,
};
use std::{
    fs::File,
    io::{self, Write},
    iter,
    sync::Arc,
};

/// Rows and encoded bytes of a row group at most; so many are kept in memory until it is written.
const GROUP_ROWS: usize = 65_536;
const GROUP_BYTES: usize = 2_000_000;

/// Reads a file from its start; also how many rows it announces. Where fewer come, the last is an error.
///
/// # Errors
///
/// [`DatasetError::Parquet`] where it is no Parquet file.
pub fn read(file: File) -> Result<(Chunks, u64), DatasetError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file)?.with_batch_size(CHUNK_ROWS);
    let size = builder.metadata().file_metadata().num_rows().unsigned_abs();
    let schema = builder.schema();
    let names = columns::distinct(schema.fields().iter().map(|field| field.name().clone()));
    let fields =
        schema.fields().iter().zip(names).map(|(field, name)| field.as_ref().clone().with_name(name));
    let schema = Arc::new(Schema::new_with_metadata(fields.collect::<Vec<_>>(), schema.metadata().clone()));
    // For the columns of a file without rows.
    let empty = (size == 0).then(|| Chunk::from(Rows::Table(RecordBatch::new_empty(Arc::clone(&schema)))));
    let (mut tables, mut end) = (builder.build()?, 0);
    let mut next = move || -> Result<Option<Chunk>, DatasetError> {
        let Some(table) = tables.next() else {
            return if end < size { Err(DatasetError::Damaged { row: end }) } else { Ok(None) };
        };
        let (_, columns, rows) = table?.into_parts();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let table = RecordBatch::try_new_with_options(Arc::clone(&schema), columns, &options)?;
        end += rows as u64;
        Ok(Some(Chunk { end, ..Rows::Table(table).into() }))
    };
    let rows = iter::from_fn(move || next().transpose());
    Ok((Box::new(empty.into_iter().map(Ok).chain(rows)), size))
}

/// Writes one table, compressed with zstd.
pub struct Writer {
    out: Option<Box<dyn Write + Send>>,
    writer: Option<ArrowWriter<Box<dyn Write + Send>>>,
    columns: Vec<String>,
}

impl Writer {
    /// A writer for these columns.
    #[must_use]
    pub fn new(out: Box<dyn Write + Send>, columns: &[String]) -> Self {
        Self { out: Some(out), writer: None, columns: columns.to_vec() }
    }
}

impl Encoder for Writer {
    fn write(&mut self, rows: Rows) -> Result<(), DatasetError> {
        let table = convert::table(rows, &self.columns)?;
        if let Some(out) = self.out.take() {
            let properties = WriterProperties::builder()
                .set_compression(Compression::ZSTD(ZstdLevel::default()))
                .set_max_row_group_row_count(Some(GROUP_ROWS))
                .set_max_row_group_bytes(Some(GROUP_BYTES))
                .build();
            let writer = ArrowWriter::try_new(out, table.schema(), Some(properties));
            self.writer = Some(writer.map_err(unwritten)?);
        }
        if let Some(writer) = &mut self.writer {
            writer.write(&table).map_err(unwritten)?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), DatasetError> {
        if let Some(mut writer) = self.writer {
            // Not by taking the output back, where what the system says is lost.
            writer.finish().map_err(unwritten)?;
        }
        Ok(())
    }
}

/// What kept rows from being written: the output, as the system tells it, or else the rows.
fn unwritten(error: ParquetError) -> DatasetError {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(error) => DatasetError::Write(*error),
            Err(cause) => ParquetError::External(cause).into(),
        },
        error => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Scratch;
    use arrow_array::{ArrayRef, StringArray};
    use parquet::basic::{BrotliLevel, GzipLevel};

    /// Takes nothing.
    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    // The rows were blamed, and those of a closed pipe.
    #[test]
    fn an_output_that_takes_no_more_is_told_as_the_system_tells_it() {
        for count in [1, 100_000] {
            let texts: ArrayRef =
                Arc::new((0..count).map(|row| Some(row.to_string())).collect::<StringArray>());
            let table = RecordBatch::try_from_iter([("text", texts)]).expect("a table");
            let mut writer = Box::new(Writer::new(Box::new(Full), &["text".to_owned()]));
            let written = writer.write(Rows::Table(table)).and_then(|()| writer.finish());
            let Err(DatasetError::Write(error)) = &written else { panic!("{count} rows: {written:?}") };
            assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        }
    }

    // With three of them no file was read: Athena writes with one.
    #[test]
    fn reads_every_usual_compression() {
        let folder = Scratch::new();
        let path = folder.join("texts.parquet");
        let texts: ArrayRef = Arc::new(StringArray::from(vec!["good"; 100]));
        let table = RecordBatch::try_from_iter([("text", texts)]).expect("a table");
        for compression in [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::GZIP(GzipLevel::default()),
            Compression::BROTLI(BrotliLevel::default()),
            Compression::LZ4,
            Compression::LZ4_RAW,
            Compression::ZSTD(ZstdLevel::default()),
        ] {
            let properties = WriterProperties::builder().set_compression(compression).build();
            let file = File::create(&path).expect("a file");
            let mut writer = ArrowWriter::try_new(file, table.schema(), Some(properties)).expect("a writer");
            writer.write(&table).expect("written");
            writer.close().expect("closed");
            let (chunks, size) = read(File::open(&path).expect("the file")).expect("Parquet");
            let rows: usize = chunks.map(|chunk| chunk.expect("read").rows.len()).sum();
            assert_eq!((rows, size), (100, 100), "{compression:?}");
        }
    }
}
