//! Pairs: two texts that a model reads as one, with its separator between them.
//!
//! A pair has one window. Its parts belong together, so one that is too long is refused or, where
//! that is asked for, cut; windows would tear it apart.

use super::{Cut, Tokenizer, TokenizerError, Tokens, inside, types, widen};
use crate::text::narrow;
use tokenizers::{PostProcessor, TruncationDirection};

impl Tokenizer {
    /// Encodes a pair; with `cut` the longer text loses tokens until the model can read both.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::TooLong`] for more tokens than the model reads at once, or above the limit, and
    /// no `cut`; [`TokenizerError::Empty`] where one of the two has none; [`TokenizerError::Library`] when the
    /// library refuses one.
    pub fn encode_pair(&self, first: &str, second: &str, cut: Option<Cut>) -> Result<Tokens, TokenizerError> {
        let encode = |text| self.library.encode_fast(text, false).map_err(TokenizerError::Library);
        let (mut first, mut second) = (encode(first)?, encode(second)?);
        if first.is_empty() || second.is_empty() {
            return Err(TokenizerError::Empty);
        }
        let special = self.library.get_post_processor().map_or(0, |processor| processor.added_tokens(true));
        let most = if cut.is_some() { self.room } else { self.room.min(self.limit) };
        let room = most.saturating_sub(special);
        if first.len() + second.len() > room {
            let direction = match cut {
                Some(Cut::Start) => TruncationDirection::Left,
                Some(Cut::End) => TruncationDirection::Right,
                None => {
                    let tokens = first.len() + second.len() + special;
                    return Err(TokenizerError::TooLong { tokens: narrow(tokens), limit: narrow(most) });
                }
            };
            let (of_first, of_second) = share(first.len(), second.len(), room);
            first.truncate(of_first, 0, direction);
            second.truncate(of_second, 0, direction);
        }
        let pair = self.library.post_process(first, Some(second), true).map_err(TokenizerError::Library)?;
        let inside = inside(&pair);
        Ok(Tokens {
            ids: widen(pair.get_ids()),
            types: types(&pair),
            windows: vec![0..inside.len()],
            inside,
            offsets: Vec::new(),
        })
    }
}

/// How many tokens two texts keep where there is less room: the longer gives first.
fn share(first: usize, second: usize, room: usize) -> (usize, usize) {
    let half = room / 2;
    if first <= half {
        (first, room - first)
    } else if second <= room - half {
        (room - second, second)
    } else {
        (half, room - half)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::tiny_tokenizer;
    use proptest::prelude::*;

    // It was read, however low the limit was.
    #[test]
    fn a_pair_above_the_limit_is_refused_though_the_model_has_room() {
        let tokenizer = tiny_tokenizer(128, 5);
        let fits = tokenizer.encode_pair("good", "bad", None).expect("two words and three special tokens");
        assert_eq!(fits.ids.len(), 5);
        let long = |cut| tokenizer.encode_pair("good good", "bad", cut);
        assert!(matches!(long(None), Err(TokenizerError::TooLong { tokens: 6, limit: 5 })));
        assert!(long(Some(Cut::End)).is_ok(), "it is asked for as much as the model reads");
    }

    proptest! {
        #[test]
        fn the_longer_text_gives_first(first in 0usize..600, second in 0usize..600, room in 2usize..512) {
            prop_assume!(first + second > room);
            let (of_first, of_second) = share(first, second, room);
            prop_assert_eq!(of_first + of_second, room);
            prop_assert!(of_first <= first && of_second <= second);
            if of_first < first && of_second < second {
                prop_assert!(of_first.abs_diff(of_second) <= 1);
            }
        }
    }
}
