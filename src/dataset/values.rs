//! Values: what those of an array are as texts.

use crate::digest::hex;
use arrow_array::{Array, BinaryArray, cast::AsArray, timezone::Tz};
use arrow_cast::{
    cast,
    display::{ArrayFormatter, FormatOptions},
};
use arrow_schema::{ArrowError, DataType, FieldRef};
use std::sync::Arc;

/// The values of an array as texts: bytes that are no printable text in hexadecimal digits, times of a
/// zone with a name in UTC.
///
/// # Errors
///
/// An [`ArrowError`] for a type that has no text.
pub fn texts(array: &dyn Array) -> Result<Vec<Option<String>>, ArrowError> {
    if array.data_type() == &DataType::Utf8 {
        return Ok(array.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect());
    }
    if let Some(bytes) = bytes(array)? {
        // Each for itself, so that no value hangs on those which happen to be read with it.
        return Ok(bytes
            .iter()
            .map(|bytes| bytes.map(|bytes| printed(bytes).unwrap_or_else(|| hex(bytes))))
            .collect());
    }
    let array = cast(array, &in_utc(array.data_type()))?;
    let options = FormatOptions::default().with_display_error(false);
    let formatter = ArrayFormatter::try_new(array.as_ref(), &options)?;
    (0..array.len())
        .map(|row| (!array.is_null(row)).then(|| formatter.value(row).try_to_string()).transpose())
        .collect()
}

/// Bytes as the text that they are; none is a text with control characters other than white space.
fn printed(bytes: &[u8]) -> Option<String> {
    let is_odd = |letter: char| letter.is_control() && !letter.is_whitespace();
    str::from_utf8(bytes).ok().filter(|text| !text.contains(is_odd)).map(str::to_owned)
}

/// The values of an array of bytes, as which Impala and older versions of Spark write strings.
pub(super) fn bytes(array: &dyn Array) -> Result<Option<BinaryArray>, ArrowError> {
    match array.data_type() {
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
            Ok(Some(cast(array, &DataType::Binary)?.as_binary().clone()))
        }
        _ => Ok(None),
    }
}

/// A type with UTC in place of zones that have names, whose offsets would need a list of all zones.
fn in_utc(data_type: &DataType) -> DataType {
    let field = |field: &FieldRef| -> FieldRef {
        Arc::new(field.as_ref().clone().with_data_type(in_utc(field.data_type())))
    };
    match data_type {
        DataType::Timestamp(unit, Some(zone)) if zone.parse::<Tz>().is_err() => {
            DataType::Timestamp(*unit, Some("+00:00".into()))
        }
        DataType::List(item) => DataType::List(field(item)),
        DataType::LargeList(item) => DataType::LargeList(field(item)),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(field).collect()),
        DataType::Map(entries, is_sorted) => DataType::Map(field(entries), *is_sorted),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{ArrayRef, StructArray, TimestampMicrosecondArray};
    use arrow_schema::{Field, TimeUnit};

    // A column of them ended the run: pandas and Spark write such.
    #[test]
    fn times_of_a_zone_with_a_name_are_written_in_utc() {
        let times = |zone: &str| -> ArrayRef {
            let micros = [Some(1_720_000_000_000_000), None];
            Arc::new(TimestampMicrosecondArray::from_iter(micros).with_timezone(zone))
        };
        let first =
            |array: ArrayRef| texts(array.as_ref()).expect("as text").swap_remove(0).expect("a value");
        for (zone, expected) in [
            ("UTC", "2024-07-03T09:46:40Z"),
            ("Europe/Berlin", "2024-07-03T09:46:40Z"),
            ("+02:00", "2024-07-03T11:46:40+02:00"),
        ] {
            assert_eq!(first(times(zone)), expected, "{zone}");
            let field = Field::new("at", DataType::Timestamp(TimeUnit::Microsecond, Some(zone.into())), true);
            let within = first(Arc::new(StructArray::from(vec![(Arc::new(field), times(zone))])));
            assert!(within.contains(expected), "{within}");
        }
        assert_eq!(texts(&times("UTC")).expect("as text")[1], None);
    }
}
