//! The trial of a `tokenizer.json`: it is read and tried once, before the first request.
//!
//! Over some broken files, such as one whose template names a token that it does not define, the
//! tokenizers library panics, at times only when it meets a text. Here that is an error.

use super::TokenizerError;
use crate::quiet::quietly;
use std::path::Path;
use tokenizers::Tokenizer as Library;

/// What tokenizers, and then models, are tried with.
pub const TEXT: &str = "a text of a few more words, to try what reads it";

/// The library's tokenizer, after a text and a pair went through it.
///
/// Truncation and padding that the file may ask for are switched off: the first would cut
/// silently, the second would make every short text as slow as a long one.
///
/// # Errors
///
/// [`TokenizerError::Library`] when the file is not a tokenizer, [`TokenizerError::Broken`] when
/// the library panics over it.
pub fn open(file: &Path) -> Result<Library, TokenizerError> {
    quietly(|| {
        let mut library = Library::from_file(file).map_err(TokenizerError::Library)?;
        library.with_truncation(None).map_err(TokenizerError::Library)?;
        library.with_padding(None);
        // An error is no reason to refuse the file: it may have no token for just this text.
        let _ = (library.encode(TEXT, true), library.encode((TEXT, "another"), true));
        Ok(library)
    })
    .unwrap_or(Err(TokenizerError::Broken))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Scratch, TINY};
    use std::fs;

    fn opened_with(from: &str, to: &str) -> Result<Library, TokenizerError> {
        let content = fs::read_to_string(TINY).expect("the tiny tokenizer");
        assert!(content.contains(from), "{from}");
        let folder = Scratch::new();
        let file = folder.join("tokenizer.json");
        fs::write(&file, content.replace(from, to)).expect("a written file");
        open(&file)
    }

    #[test]
    fn the_tiny_models_tokenizer_passes() {
        assert!(open(Path::new(TINY)).is_ok());
    }

    // Both found by the fuzz target `tokenizers`.
    #[test]
    fn a_template_with_a_token_that_is_not_defined_is_refused() {
        let result = opened_with(r#""special_tokens":{"[CLS]""#, r#""special_tokens":{"[CLSW""#);
        assert!(matches!(result, Err(TokenizerError::Broken)));
    }

    #[test]
    fn a_decoder_that_is_no_json_is_refused() {
        let result = opened_with(r#""decoder":null"#, r#""decoder":&null"#);
        assert!(matches!(result, Err(TokenizerError::Broken)));
    }
}
