//! Records: the fields of CSV, one record after the other, from bytes as they come.
//!
//! They are copied into a buffer of fixed size, so that a quote which is never closed cannot take the
//! rest of the file into memory.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// The parser, and as much of a record as it has seen.
pub struct Records {
    reader: Reader,
    fields: Box<[u8]>,
    ends: Box<[usize]>,
    written: usize,
    /// The most that was ever written.
    most: usize,
    columns: usize,
    is_whole: bool,
    is_too_large: bool,
    is_at_end: bool,
    is_open: bool,
}

/// How far some bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// More of them are needed.
    More,
    /// To the end of a record, whose fields are there now.
    Record,
    /// To the end of all.
    End,
}

/// Why a record has no fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It has too many bytes or columns.
    TooLarge,
    /// It begins a quote that nothing closes, and so takes in all that follows.
    OpenQuote,
}

impl Records {
    /// Of at most so many `bytes` and `columns` each.
    #[must_use]
    pub fn new(delimiter: u8, has_quotes: bool, bytes: usize, columns: usize) -> Self {
        Self {
            reader: ReaderBuilder::new().delimiter(delimiter).quoting(has_quotes).build(),
            fields: vec![0; bytes].into(),
            ends: vec![0; columns].into(),
            written: 0,
            most: 0,
            columns: 0,
            is_whole: false,
            is_too_large: false,
            is_at_end: false,
            is_open: false,
        }
    }

    /// Reads on in `input`, after whose end there is an empty one; also how many of its bytes it took.
    pub fn read(&mut self, input: &[u8]) -> (usize, Step) {
        if std::mem::take(&mut self.is_whole) {
            (self.written, self.columns, self.is_too_large) = (0, 0, false);
        }
        if !input.is_empty() || self.is_at_end {
            return self.parse(input);
        }
        // One more line end: it ends a record, but is a part of what is in open quotes.
        let before = self.written;
        let (taken, step) = self.parse(b"\n");
        self.is_at_end = taken > 0;
        self.is_open = self.written > before;
        (0, step)
    }

    fn parse(&mut self, input: &[u8]) -> (usize, Step) {
        let (result, taken, written, columns) =
            self.reader.read_record(input, &mut self.fields[self.written..], &mut self.ends[self.columns..]);
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
            ReadRecordResult::Record => {
                self.is_whole = true;
                Step::Record
            }
            ReadRecordResult::End => Step::End,
        };
        (taken, step)
    }

    /// Bytes of memory that it has taken so far, which are as many as the largest record had.
    #[must_use]
    pub const fn kept(&self) -> usize {
        self.most
    }

    /// The fields of the record that was read last; nothing in place of one that is not UTF-8.
    ///
    /// # Errors
    ///
    /// An [`Unfit`] where it has none.
    pub fn fields(&self) -> Result<Vec<Option<&str>>, Unfit> {
        if self.is_too_large {
            return Err(Unfit::TooLarge);
        }
        if self.is_open {
            return Err(Unfit::OpenQuote);
        }
        let ends = &self.ends[..self.columns];
        let starts = std::iter::once(0).chain(ends.iter().copied());
        Ok(starts.zip(ends).map(|(start, &end)| str::from_utf8(&self.fields[start..end]).ok()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The records of these bytes, a few at a time.
    fn records(bytes: &[u8]) -> Vec<Result<Vec<Option<String>>, Unfit>> {
        let mut records = Records::new(b',', true, 8, 3);
        let (mut found, mut rest) = (Vec::new(), bytes);
        loop {
            let (taken, step) = records.read(&rest[..rest.len().min(3)]);
            rest = &rest[taken..];
            match step {
                Step::More => {}
                Step::Record => {
                    let fields = records.fields();
                    let owned = |field: Option<&str>| field.map(str::to_owned);
                    found.push(fields.map(|fields| fields.into_iter().map(owned).collect()));
                }
                Step::End => return found,
            }
        }
    }

    #[test]
    fn a_record_that_is_too_large_is_read_over_and_the_next_one_is_whole() {
        let whole = |fields: &[&str]| Ok(fields.iter().map(|field| Some(field.to_string())).collect());
        assert_eq!(
            records(b"a,\"b\nc\"\n123456789,0\n1,2,3,4\na,\xff\nd,\"e,\"\"\"\nf"),
            [
                whole(&["a", "b\nc"]),
                Err(Unfit::TooLarge),
                Err(Unfit::TooLarge),
                Ok(vec![Some("a".into()), None]),
                whole(&["d", "e,\""]),
                whole(&["f"]),
            ]
        );
        assert_eq!(records(b"a\n\"bcdefghijklmnopq\nr\ns\n"), [whole(&["a"]), Err(Unfit::TooLarge)]);
        assert_eq!(records(b""), []);
    }

    // It was the text of its row, and the rows that follow were lost.
    #[test]
    fn a_quote_that_is_left_open_is_no_field() {
        let whole = |field: &str| Ok(vec![Some(field.to_owned())]);
        for (bytes, last) in [
            (&b"a\n\"b\nc\nd"[..], Err(Unfit::OpenQuote)),
            (b"a\n\"b\n", Err(Unfit::OpenQuote)),
            (b"a\n\"", Err(Unfit::OpenQuote)),
            (b"a\n\"b\"\"", Err(Unfit::OpenQuote)),
            (b"a\r\n\"b\"", whole("b")),
            (b"a\r\"b\"\r", whole("b")),
            (b"a\nb\"", whole("b\"")),
            (b"a\n\"\"", whole("")),
        ] {
            assert_eq!(records(bytes), [whole("a"), last], "{}", bytes.escape_ascii());
        }
    }
}
