//! Records: the fields of CSV and TSV, one record after the other, from bytes as they come.
//!
//! They are copied into a buffer of fixed size, so that a quote which is never closed cannot take the
//! rest of the file into memory. Where the first record has one field alone, lines are read whole. The line
//! that tells Excel the delimiter, `sep=;`, is no record.

mod record;
#[cfg(test)]
mod tests;

use super::tabs::{Front, Tabs};
use csv_core::{Reader, ReaderBuilder};
use record::Record;
use std::mem;

/// What no text holds: between the fields of records that have but one.
const NOTHING: u8 = b'\x1f';

/// The parser, and as much of a record as it has seen.
pub struct Records {
    reader: Reader,
    /// Lines between tabs, where quotes count only if they must.
    tabs: Tabs,
    /// Whether lines go there first.
    looks_ahead: bool,
    /// Whether one of them goes on that was too large for it.
    is_inside: bool,
    has_quotes: bool,
    record: Record,
    /// Fields of the first record; none before it.
    width: usize,
    is_whole: bool,
    is_cut: bool,
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
    /// Between tabs, it begins a quote that nothing closes, and the line after it is no whole record.
    Cut,
}

impl Records {
    /// Of at most so many `bytes` and `columns` each. Between tabs a quote is a character like others, but for
    /// what `tabs` says.
    #[must_use]
    pub fn new(delimiter: u8, bytes: usize, columns: usize) -> Self {
        let has_quotes = delimiter != b'\t';
        Self {
            reader: reader(delimiter, has_quotes),
            tabs: Tabs::default(),
            looks_ahead: !has_quotes,
            is_inside: false,
            has_quotes,
            record: Record::new(bytes, columns),
            width: 0,
            is_whole: false,
            is_cut: false,
            is_at_end: false,
            is_open: false,
        }
    }

    /// Reads on in `input`, after whose end there is an empty one; also how many of its bytes it took.
    pub fn read(&mut self, input: &[u8]) -> (usize, Step) {
        if self.read_ahead() {
            return (0, Step::Record);
        }
        if !self.looks_ahead || self.is_inside {
            return self.read_on(input);
        }
        let taken = self.tabs.take(input);
        let is_end = input.is_empty();
        if is_end {
            self.tabs.end();
        }
        let step = match self.read_lines(is_end) {
            true => Step::Record,
            false if is_end => Step::End,
            false => Step::More,
        };
        (taken, step)
    }

    /// Reads on in what was taken before; whether a record ends there.
    pub fn read_ahead(&mut self) -> bool {
        self.read_lines(false)
    }

    /// Reads on in lines that have been taken, until a record ends.
    fn read_lines(&mut self, is_end: bool) -> bool {
        loop {
            self.begin();
            let front = if self.looks_ahead {
                self.tabs.front(self.width, self.record.room(), is_end)
            } else {
                // What was looked at before it was known that they need not be.
                Some((Front::Part, self.tabs.rest().len())).filter(|&(_, bytes)| bytes > 0)
            };
            match front {
                None => return false,
                Some((front, bytes)) if self.read_front(front, bytes) == Step::Record => return true,
                Some(_) => {}
            }
        }
    }

    /// Reads so many bytes of these lines, or the first record in them.
    fn read_front(&mut self, front: Front, bytes: usize) -> Step {
        let mut bare = None;
        match front {
            Front::Bare => {}
            Front::Cut => self.is_cut = true,
            Front::Part => self.is_inside = self.looks_ahead,
            Front::Quoted => bare = Some(mem::replace(&mut self.reader, reader(b'\t', true))),
            Front::AllQuoted => {
                self.reader = reader(b'\t', true);
                (self.has_quotes, self.looks_ahead) = (true, false);
            }
        }
        let mut tabs = mem::take(&mut self.tabs);
        let mut rest = &tabs.rest()[..bytes];
        let mut step = Step::More;
        while step == Step::More && !rest.is_empty() {
            let (taken, next) = self.parse(rest);
            (rest, step) = (&rest[taken..], next);
        }
        let left = rest.len();
        tabs.pass(bytes - left);
        self.tabs = tabs;
        if let Some(bare) = bare.filter(|_| self.looks_ahead) {
            self.reader = bare;
        }
        step
    }

    /// Forgets a record that has been whole.
    fn begin(&mut self) {
        if mem::take(&mut self.is_whole) {
            self.record.clear();
            self.is_cut = false;
        }
    }

    /// Reads on without a look at whole lines.
    fn read_on(&mut self, input: &[u8]) -> (usize, Step) {
        if !input.is_empty() || self.is_at_end {
            return self.parse(input);
        }
        // One more line end: it ends a record, but is a part of what is in open quotes.
        let before = self.record.written();
        let (taken, step) = self.parse(b"\n");
        self.is_at_end = taken > 0;
        self.is_open = self.record.written() > before;
        (0, step)
    }

    fn parse(&mut self, input: &[u8]) -> (usize, Step) {
        let (taken, step) = self.record.read(&mut self.reader, input);
        (taken, if step == Step::Record { self.end_record() } else { step })
    }

    /// Ends a record, which is none where it tells Excel the delimiter; the first one tells how to go on.
    fn end_record(&mut self) -> Step {
        (self.is_whole, self.is_inside) = (true, false);
        if self.is_open {
            // The line end that was added.
            self.record.cut();
        }
        if self.width > 0 || self.record.is_too_large() {
            return Step::Record;
        }
        if self.cells() == [Some("sep="), Some("")] {
            return Step::More;
        }
        self.width = self.record.columns();
        if self.width == 1 {
            self.reader = reader(NOTHING, self.has_quotes);
            self.looks_ahead = false;
        }
        Step::Record
    }

    /// Bytes of memory that it has taken so far, which are as many as the largest record had.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.record.most() + self.tabs.kept()
    }

    /// The fields of the record that was read last; nothing in place of one that is not UTF-8.
    ///
    /// # Errors
    ///
    /// An [`Unfit`] where it has none.
    pub fn fields(&self) -> Result<Vec<Option<&str>>, Unfit> {
        self.unfit().map_or_else(|| Ok(self.cells()), Err)
    }

    /// Why the record that was read last has no fields, where that is so.
    #[must_use]
    pub fn unfit(&self) -> Option<Unfit> {
        if self.record.is_too_large() {
            return Some(Unfit::TooLarge);
        }
        if self.is_open {
            return Some(Unfit::OpenQuote);
        }
        self.is_cut.then_some(Unfit::Cut)
    }

    /// What there is of its fields all the same: nothing of one that is too large.
    #[must_use]
    pub fn cells(&self) -> Vec<Option<&str>> {
        self.record.fields()
    }
}

fn reader(delimiter: u8, has_quotes: bool) -> Reader {
    ReaderBuilder::new().delimiter(delimiter).quoting(has_quotes).build()
}
