//! Conversions between tables and objects, for an output of another format than the input.

use super::{
    column,
    error::DatasetError,
    rows::{Object, Rows},
    values,
};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, StringArray};
use arrow_schema::{DataType, Field, Schema};
use serde_json::{
    json,
    value::{RawValue, to_raw_value},
};
use std::sync::Arc;

/// Rows as a table with these `columns`; what was JSON becomes text, and other members are left out.
///
/// # Errors
///
/// [`DatasetError::Arrow`] for a type that has no text.
pub fn table(rows: Rows, columns: &[String]) -> Result<RecordBatch, DatasetError> {
    let objects = match rows {
        Rows::Table(table) => return Ok(table),
        Rows::Objects(objects) => objects,
    };
    let rows = objects.len();
    let objects = Rows::Objects(objects);
    let arrays = columns
        .iter()
        .map(|name| Ok(Arc::new(StringArray::from(column::texts(&objects, name)?)) as ArrayRef))
        .collect::<Result<Vec<_>, DatasetError>>()?;
    strings(columns, arrays, rows)
}

/// A table of texts.
///
/// # Errors
///
/// [`DatasetError::Arrow`] where an array is not of `rows` texts.
pub fn strings(columns: &[String], arrays: Vec<ArrayRef>, rows: usize) -> Result<RecordBatch, DatasetError> {
    let fields: Vec<Field> = columns.iter().map(|name| Field::new(name, DataType::Utf8, true)).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok(RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)?)
}

/// Rows as objects: numbers and truth values as JSON has them, all others as strings.
///
/// # Errors
///
/// [`DatasetError::Arrow`] for a type that has no text.
pub fn objects(rows: Rows) -> Result<Vec<Object>, DatasetError> {
    let table = match rows {
        Rows::Table(table) => table,
        Rows::Objects(objects) => return Ok(objects),
    };
    let mut objects = vec![Object::with_capacity(table.num_columns()); table.num_rows()];
    for (field, array) in table.schema().fields().iter().zip(table.columns()) {
        for (object, value) in objects.iter_mut().zip(json_values(array.as_ref())?) {
            object.insert(field.name().clone(), value);
        }
    }
    Ok(objects)
}

fn json_values(array: &dyn Array) -> Result<Vec<Box<RawValue>>, DatasetError> {
    let is_literal = matches!(array.data_type(), DataType::Boolean) || array.data_type().is_numeric();
    let is_literal = is_literal
        && !matches!(
            array.data_type(),
            DataType::Decimal32(..)
                | DataType::Decimal64(..)
                | DataType::Decimal128(..)
                | DataType::Decimal256(..)
        );
    let json = |text: Option<String>| match text {
        None => to_raw_value(&json!(null)),
        // What is no JSON number, such as NaN, stays a string.
        Some(text) if is_literal => RawValue::from_string(text.clone()).or_else(|_| to_raw_value(&text)),
        Some(text) => to_raw_value(&text),
    };
    values::texts(array)?
        .into_iter()
        .map(|text| json(text).map_err(|error| DatasetError::Write(error.into())))
        .collect()
}
