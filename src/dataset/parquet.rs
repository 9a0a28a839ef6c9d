//! Parquet: tables with types, read row group by row group.

use super::{CHUNK_ROWS, Chunks, Encoder, Rows, convert, error::DatasetError};
use arrow_array::RecordBatch;
use parquet::{
    arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder},
    basic::{Compression, ZstdLevel},
    file::properties::WriterProperties,
};
use std::{fs::File, io::Write};

/// Rows and encoded bytes of a row group at most; so many are kept in memory until it is written.
const GROUP_ROWS: usize = 65_536;
const GROUP_BYTES: usize = 2_000_000;

/// Reads a file from its start.
///
/// # Errors
///
/// [`DatasetError::Parquet`] where it is no Parquet file.
pub fn read(file: File) -> Result<Chunks, DatasetError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file)?.with_batch_size(CHUNK_ROWS);
    let empty = Rows::Table(RecordBatch::new_empty(builder.schema().clone())).into();
    let rows = builder.build()?.map(|table| Ok(Rows::Table(table?).into()));
    // An empty chunk first, for the columns of a file without rows.
    Ok(Box::new(std::iter::once(Ok(empty)).chain(rows)))
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
            self.writer = Some(ArrowWriter::try_new(out, table.schema(), Some(properties))?);
        }
        if let Some(writer) = &mut self.writer {
            writer.write(&table)?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), DatasetError> {
        if let Some(writer) = self.writer {
            writer.into_inner()?.flush()?;
        }
        Ok(())
    }
}
