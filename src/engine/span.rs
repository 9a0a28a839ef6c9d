//! A span: a part of a text, in the units that programs and browsers count in.

use crate::text::narrow;
use std::ops::Range;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Bytes of the text's UTF-8.
    pub bytes: Range<usize>,
    /// UTF-16 code units, as browsers count.
    pub utf16: Range<usize>,
}

impl Span {
    /// The part itself.
    #[must_use]
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        &text[self.bytes.clone()]
    }

    /// First byte and the one after the last, as the wire carries them.
    #[must_use]
    pub fn wire_bytes(&self) -> [u32; 2] {
        wire(&self.bytes)
    }

    /// First UTF-16 code unit and the one after the last, as the wire carries them.
    #[must_use]
    pub fn wire_utf16(&self) -> [u32; 2] {
        wire(&self.utf16)
    }

    /// The part from the start of this one to the end of `last`.
    #[must_use]
    pub fn to(&self, last: &Self) -> Self {
        Self { bytes: self.bytes.start..last.bytes.end, utf16: self.utf16.start..last.utf16.end }
    }
}

fn wire(range: &Range<usize>) -> [u32; 2] {
    [range.start, range.end].map(narrow)
}

/// Counts UTF-16 code units along a text, so that spans in order cost one pass.
pub struct Ruler<'a> {
    text: &'a str,
    byte: usize,
    utf16: usize,
}

impl<'a> Ruler<'a> {
    /// A ruler at the start of `text`.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self { text, byte: 0, utf16: 0 }
    }

    /// The span of `bytes`, which start at or after the end of the span before.
    pub fn span(&mut self, bytes: Range<usize>) -> Span {
        let start = self.advance(bytes.start);
        let end = self.advance(bytes.end);
        Span { bytes, utf16: start..end }
    }

    fn advance(&mut self, byte: usize) -> usize {
        self.utf16 += self.text[self.byte..byte].chars().map(char::len_utf16).sum::<usize>();
        self.byte = byte;
        self.utf16
    }
}
