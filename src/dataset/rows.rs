//! Rows of a dataset, in either of two forms.

use arrow_array::RecordBatch;
use indexmap::IndexMap;
use serde_json::value::RawValue;

/// One line of JSONL.
pub type Object = IndexMap<String, Box<RawValue>>;

/// Some rows of a dataset.
#[derive(Clone, Debug)]
pub enum Rows {
    /// Of a format with columns.
    Table(RecordBatch),
    /// Of JSONL.
    Objects(Vec<Object>),
}

impl Rows {
    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Table(table) => table.num_rows(),
            Self::Objects(objects) => objects.len(),
        }
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first `rows`, or all where there are fewer.
    #[must_use]
    pub fn take(&self, rows: usize) -> Self {
        match self {
            Self::Table(table) => Self::Table(table.slice(0, rows.min(table.num_rows()))),
            Self::Objects(objects) => Self::Objects(objects.iter().take(rows).cloned().collect()),
        }
    }

    /// Without the first `rows`.
    #[must_use]
    pub fn skip(self, rows: usize) -> Self {
        match self {
            Self::Table(table) => Self::Table(table.slice(rows, table.num_rows() - rows)),
            Self::Objects(mut objects) => {
                objects.drain(..rows);
                Self::Objects(objects)
            }
        }
    }
}
