//! The input as accepted: one rule for the form, the server function and the engine.
//!
//! How many tokens a text may have is the tokenizer's to say, not this module's.

use thiserror::Error;

/// Why a text is refused, in the words for programs and the command line; the page has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// It has nothing but white space.
    #[error("the text is blank; give one with at least one visible character")]
    Blank,
    /// It has more bytes than are read at all.
    #[error("the text is too large: {bytes} bytes, where at most {limit} are read; try a part of it")]
    TooLarge {
        /// Size of the text in bytes of UTF-8.
        bytes: usize,
        /// The largest size accepted.
        limit: usize,
    },
}

/// A text that is neither blank nor larger than [`Text::MAX_BYTES`], kept exactly as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(String);

impl Text {
    /// The largest input in bytes of UTF-8.
    ///
    /// It bounds the tokenizer's work. 512 tokens of English are about 2.5 KB, so this is some
    /// 20,000 tokens of it, more than `--max-tokens` allows by default.
    pub const MAX_BYTES: usize = 100_000;

    /// Accepts `raw`.
    ///
    /// # Errors
    ///
    /// [`TextError::Blank`] for a text of nothing but white space, [`TextError::TooLarge`] above
    /// [`Text::MAX_BYTES`].
    pub fn new(raw: impl Into<String>) -> Result<Self, TextError> {
        let raw = raw.into();
        Self::check(&raw)?;
        Ok(Self(raw))
    }

    /// Whether [`Text::new`] accepts `raw`, which is not copied for that.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn check(raw: &str) -> Result<(), TextError> {
        if raw.trim().is_empty() {
            return Err(TextError::Blank);
        }
        if raw.len() > Self::MAX_BYTES {
            return Err(TextError::TooLarge { bytes: raw.len(), limit: Self::MAX_BYTES });
        }
        Ok(())
    }

    /// The text as it was sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

/// A count as the wire has it, which speaks fixed-width numbers: `usize` differs between the server
/// and wasm32. The largest for one beyond.
pub(crate) fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_text_exactly() {
        let text = Text::new("  so\tgood \n").expect("a text");
        assert_eq!(text.as_str(), "  so\tgood \n");
    }

    #[test]
    fn refuses_blank_texts() {
        for blank in ["", " ", "\n\t ", "\u{3000}"] {
            assert_eq!(Text::new(blank), Err(TextError::Blank), "{blank:?}");
        }
    }

    #[test]
    fn refuses_only_what_is_above_the_limit() {
        assert!(Text::new("a".repeat(Text::MAX_BYTES)).is_ok());
        assert_eq!(
            Text::new("a".repeat(Text::MAX_BYTES + 1)),
            Err(TextError::TooLarge { bytes: 100_001, limit: 100_000 }),
        );
    }
}
