//! One record: its fields, in a buffer of fixed size. What is too large for that is read over.

use super::Step;
use csv_core::{ReadRecordResult, Reader};

/// As much of a record as has been read.
pub struct Record {
    bytes: Box<[u8]>,
    ends: Box<[usize]>,
    written: usize,
    /// The most that was ever written.
    most: usize,
    columns: usize,
    is_too_large: bool,
}

impl Record {
    /// Of at most so many `bytes` and `columns`.
    #[must_use]
    pub fn new(bytes: usize, columns: usize) -> Self {
        Self {
            bytes: vec![0; bytes].into(),
            ends: vec![0; columns].into(),
            written: 0,
            most: 0,
            columns: 0,
            is_too_large: false,
        }
    }

    /// Reads on in `input`; also how many of its bytes that took.
    pub fn read(&mut self, reader: &mut Reader, input: &[u8]) -> (usize, Step) {
        let (result, taken, written, columns) =
            reader.read_record(input, &mut self.bytes[self.written..], &mut self.ends[self.columns..]);
        self.written += written;
        self.most = self.most.max(self.written);
        self.columns += columns;
        let step = match result {
            ReadRecordResult::InputEmpty => Step::More,
            ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                // What follows of this record is read over what was kept of it.
                self.is_too_large = true;
                (self.written, self.columns) = (0, 0);
                Step::More
            }
            ReadRecordResult::Record => Step::Record,
            ReadRecordResult::End => Step::End,
        };
        (taken, step)
    }

    /// Forgets what was read.
    pub fn clear(&mut self) {
        (self.written, self.columns, self.is_too_large) = (0, 0, false);
    }

    /// Takes the last byte off the last field.
    pub fn cut(&mut self) {
        if let Some(end) = self.ends[..self.columns].last_mut() {
            *end -= 1;
        }
    }

    /// Bytes that it may have.
    #[must_use]
    pub fn room(&self) -> usize {
        self.bytes.len()
    }

    /// Bytes that it has.
    #[must_use]
    pub const fn written(&self) -> usize {
        self.written
    }

    /// The most bytes that it ever had.
    #[must_use]
    pub const fn most(&self) -> usize {
        self.most
    }

    /// How many fields it has.
    #[must_use]
    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// Whether it has too many bytes or columns.
    #[must_use]
    pub const fn is_too_large(&self) -> bool {
        self.is_too_large
    }

    /// Its fields: nothing in place of one that is not UTF-8, and none where it is too large.
    #[must_use]
    pub fn fields(&self) -> Vec<Option<&str>> {
        let ends: &[usize] = if self.is_too_large { &[] } else { &self.ends[..self.columns] };
        let starts = std::iter::once(0).chain(ends.iter().copied());
        starts.zip(ends).map(|(start, &end)| str::from_utf8(&self.bytes[start..end]).ok()).collect()
    }
}
