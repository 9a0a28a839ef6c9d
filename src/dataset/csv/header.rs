//! The header of CSV, read before it is known what is between its columns, to find that out.
//!
//! A name in quotes may have line breaks, as spreadsheets write them.

/// What may be between columns; of those that are there equally often the first is.
const DELIMITERS: [u8; 4] = [b',', b';', b'|', b'\t'];

/// As much of a header as has been read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Header {
    /// How often each of [`DELIMITERS`] stands outside quotes.
    found: [usize; DELIMITERS.len()],
    state: State,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    /// Nothing has been read but blank lines, which are no header.
    #[default]
    Blank,
    /// A name may begin, and so may quotes.
    Start,
    /// Within a name, where a quote is a sign like others.
    Name,
    Quoted,
    End,
}

impl Header {
    /// Reads on; whether the header has ended.
    pub fn read(&mut self, bytes: &[u8]) -> bool {
        for &byte in bytes {
            self.state = match (self.state, byte) {
                (State::End, _) => return true,
                (State::Quoted, b'"') => State::Start,
                (State::Quoted, _) | (State::Blank | State::Start, b'"') => State::Quoted,
                // A byte order mark goes before it.
                (State::Blank, b'\n' | b'\r' | 0xef | 0xbb | 0xbf) => State::Blank,
                (_, b'\n' | b'\r') => State::End,
                (_, byte) => match DELIMITERS.iter().position(|&delimiter| delimiter == byte) {
                    Some(place) => {
                        self.found[place] += 1;
                        State::Start
                    }
                    None => State::Name,
                },
            };
        }
        matches!(self.state, State::End)
    }

    /// What is between its columns: commas, the semicolons of spreadsheets in many countries, bars or
    /// tabs, whichever there are most of, as a name may have others. The same for the command line and the
    /// HTTP API.
    #[must_use]
    pub fn delimiter(&self) -> u8 {
        let counted = DELIMITERS.into_iter().zip(self.found).rev();
        // Of equal ones this takes the last.
        counted.max_by_key(|&(_, found)| found).map_or(b',', |(byte, _)| byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_tells_what_is_between_its_columns() {
        for (header, expected) in [
            ("id,text;note", b','),
            // No row of it could be read, whatever column was named.
            ("id;Review, full text;stars", b';'),
            ("id,text;note|old,stars", b','),
            ("text|note;old", b';'),
            ("id;text", b';'),
            ("\"id, old\";text", b';'),
            ("id|text", b'|'),
            ("id\ttext", b'\t'),
            ("text", b','),
            ("", b','),
            // A file with such a name was one column.
            ("\"Review\ntext\";stars\n1,2", b';'),
            ("\"the \"\"text\"\"\r\n, new\"|stars", b'|'),
            ("\u{feff}\"a,b\";text", b';'),
            ("\r\n\nid;text\n1,2", b';'),
            // A quote in a name begins none.
            ("5\" wide;text\n\"1,2\"", b';'),
        ] {
            let (mut whole, mut pieces) = (Header::default(), Header::default());
            whole.read(header.as_bytes());
            header.as_bytes().chunks(2).for_each(|piece| {
                pieces.read(piece);
            });
            assert_eq!([whole, pieces].map(|header| header.delimiter()), [expected; 2], "{header}");
        }
    }

    #[test]
    fn a_header_ends_with_its_line() {
        let ends = |header: &str| Header::default().read(header.as_bytes());
        assert!(ends("\n\"a\nb\";c\r") && ends("id\n1"));
        assert!(!ends("\u{feff}\n\n") && !ends("\"a\nb") && !ends("id"));
    }
}
