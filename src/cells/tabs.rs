//! Lines of cells between tabs: which are records as they stand, and which with quotes.
//!
//! GLUE and IANA have no quotes there: one is a character like others. Spreadsheets set some around a cell with
//! a line break or a tab. So they count where a line without them has another number of cells than the first
//! record, or leaves one open before a line that has, and the cells with them are as many.

#[cfg(test)]
mod tests;

use std::mem;

/// What stands at the front of the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Front {
    /// A line, maybe a blank one, whose quotes are characters like others.
    Bare,
    /// Such a line that leaves a quote open, which nothing closes; nor is the line after it a record.
    Cut,
    /// A record with quotes, of one line or more.
    Quoted,
    /// The first record, all of whose cells have quotes: they count in the whole file.
    AllQuoted,
    /// A part of a line that is too large to be looked at.
    Part,
}

/// Lines that are looked at before they are read.
#[derive(Debug, Default)]
pub struct Tabs {
    lines: Vec<u8>,
    /// Those before it have been read.
    start: usize,
    /// Where the last of them that is whole ends.
    whole: usize,
    state: State,
}

/// How far the lines at the front have been looked at.
#[derive(Clone, Copy, Debug, Default)]
enum State {
    /// Not at all.
    #[default]
    Start,
    /// The `first` bytes are a line of so many `cells` that leaves a quote open; the one at `next` tells more.
    Next { first: usize, next: usize, cells: usize },
    /// They are no record without quotes, or but a piece of one if their number of cells `is_even`.
    Open { first: usize, is_even: bool, scan: Scan },
}

impl Tabs {
    /// Takes the first line of `input`, or what has come of it; how many bytes that is.
    pub fn take(&mut self, input: &[u8]) -> usize {
        let read = mem::take(&mut self.start);
        self.lines.drain(..read);
        self.whole -= read;
        let line = line(input);
        let taken = line.unwrap_or(input.len());
        self.lines.extend_from_slice(&input[..taken]);
        if line.is_some() {
            self.whole = self.lines.len();
        }
        taken
    }

    /// Ends the last line, after which none comes.
    pub fn end(&mut self) {
        if self.whole < self.lines.len() {
            self.lines.push(b'\n');
            self.whole = self.lines.len();
        }
    }

    /// All that has not been read.
    #[must_use]
    pub fn rest(&self) -> &[u8] {
        &self.lines[self.start..]
    }

    /// So many bytes of that have been read now.
    pub fn pass(&mut self, bytes: usize) {
        self.start += bytes;
        self.whole = self.whole.max(self.start);
    }

    /// Bytes of memory that it has taken.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.lines.capacity()
    }

    /// What stands at the front, and its bytes, where records have so many cells (0: that is not known yet)
    /// and `most` bytes; nothing where more must come before it can be told, or nothing stands there.
    pub fn front(&mut self, cells: usize, most: usize, is_end: bool) -> Option<(Front, usize)> {
        loop {
            let lines = &self.lines[self.start..self.whole];
            let is_large = self.lines.len() - self.start > most;
            let found = match self.state {
                State::Start => match line(lines) {
                    Some(first) => start(&lines[..first], cells),
                    None if is_large => Ok((Front::Part, self.lines.len() - self.start)),
                    None => return None,
                },
                State::Next { first, next, cells } => match line(&lines[next..]) {
                    // A blank line.
                    Some(1) => Err(State::Next { first, next: next + 1, cells }),
                    Some(line) if count(&lines[next..next + line]) == cells => Ok((Front::Bare, first)),
                    None if is_end => Ok((Front::Bare, first)),
                    None if !is_large => return None,
                    _ => Err(State::Open { first, is_even: true, scan: Scan::of(lines) }),
                },
                State::Open { first, is_even, mut scan } => match scan.read(lines) {
                    Found::Whole if cells == 0 || scan.cells == cells => Ok((scan.front(cells), scan.at)),
                    Found::Open if !is_end && !is_large => {
                        self.state = State::Open { first, is_even, scan };
                        return None;
                    }
                    _ if is_even => Ok((Front::Cut, first)),
                    _ => Ok((Front::Bare, first)),
                },
            };
            match found {
                Ok(front) => {
                    self.state = State::Start;
                    return Some(front);
                }
                Err(state) => self.state = state,
            }
        }
    }
}

/// What a line is, or how to look at more than it.
fn start(line: &[u8], cells: usize) -> Result<(Front, usize), State> {
    let (first, own) = (line.len(), count(line));
    let is_even = cells == 0 || own == cells;
    let mut scan = Scan::of(line);
    match scan.read(line) {
        Found::Open if is_even => Err(State::Next { first, next: first, cells: own }),
        Found::Open => Err(State::Open { first, is_even, scan }),
        Found::Whole if cells == 0 && scan.is_all_quoted() => Ok((Front::AllQuoted, first)),
        Found::Whole if !is_even && scan.cells == cells => Ok((Front::Quoted, first)),
        _ => Ok((Front::Bare, first)),
    }
}

/// The cells of a line without quotes.
fn count(line: &[u8]) -> usize {
    1 + line.iter().filter(|&&byte| byte == b'\t').count()
}

/// Bytes of the first line with its end, where it has one.
fn line(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|&byte| is_end(byte)).map(|place| place + 1)
}

const fn is_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// How far the first record of some lines has been read, with quotes as RFC 4180 has them.
#[derive(Clone, Copy, Debug)]
struct Scan {
    at: usize,
    cells: usize,
    /// Those of the cells that have quotes.
    quoted: usize,
    is_inside: bool,
}

/// What became of it.
enum Found {
    /// It ends.
    Whole,
    /// It goes on in the lines to come.
    Open,
    /// Something stands behind the quotes of a cell.
    Broken,
}

impl Scan {
    /// At the start of these lines.
    fn of(lines: &[u8]) -> Self {
        // A byte order mark goes before the first.
        let at = if lines.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
        Self { at, cells: 0, quoted: 0, is_inside: false }
    }

    /// Reads on in the lines, each of which has its end.
    fn read(&mut self, lines: &[u8]) -> Found {
        let to = |from: usize, is_it: fn(u8) -> bool| {
            lines[from..].iter().position(|&byte| is_it(byte)).map_or(lines.len(), |place| from + place)
        };
        loop {
            if !self.is_inside {
                self.cells += 1;
                self.is_inside = lines.get(self.at) == Some(&b'"');
                if self.is_inside {
                    self.quoted += 1;
                    self.at += 1;
                } else {
                    self.at = to(self.at, |byte| byte == b'\t' || is_end(byte));
                }
            }
            while self.is_inside {
                self.at = to(self.at, |byte| byte == b'"');
                if self.at == lines.len() {
                    return Found::Open;
                }
                // Two of them are one of the text.
                self.is_inside = lines.get(self.at + 1) == Some(&b'"');
                self.at += if self.is_inside { 2 } else { 1 };
            }
            let next = lines.get(self.at);
            self.at += 1;
            match next {
                Some(b'\t') => {}
                Some(b'\n' | b'\r') => return Found::Whole,
                _ => return Found::Broken,
            }
        }
    }

    const fn is_all_quoted(&self) -> bool {
        self.quoted == self.cells
    }

    /// What the record is, of which so many cells were expected.
    const fn front(&self, cells: usize) -> Front {
        if cells == 0 && self.is_all_quoted() { Front::AllQuoted } else { Front::Quoted }
    }
}
