//! A tokenizer's configuration: what `tokenizer_config.json` says beside `tokenizer.json`.

use serde::Deserialize;

/// Lengths above this stand for "no limit": transformers writes 10^30 where it knows none.
const NO_LIMIT: f64 = 1e9;

/// What the engine needs of `tokenizer_config.json`; nothing where the file is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenizerConfig {
    /// The most tokens that the model reads, special tokens included.
    pub max_tokens: Option<usize>,
    /// The tokens that fill up and hide, by their names alone.
    pub special: SpecialTokens,
}

/// What a model's files say of the tokens that fill up and hide; `tokenizer.json` does not tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpecialTokens {
    /// The token that hides a word.
    pub mask: Option<String>,
    /// The token that fills up.
    pub pad: Option<String>,
    /// Its number, which goes before its name.
    pub pad_id: Option<i64>,
}

#[derive(Deserialize)]
struct File {
    model_max_length: Option<f64>,
    mask_token: Option<Token>,
    pad_token: Option<Token>,
}

/// A token is written as its text, or as an object that also says how it is matched.
#[derive(Deserialize)]
#[serde(untagged)]
enum Token {
    Text(String),
    Object { content: String },
}

impl TokenizerConfig {
    /// Reads the bytes of a `tokenizer_config.json`.
    ///
    /// # Errors
    ///
    /// A phrase that says what is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let file: File = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let max_tokens = file.model_max_length.filter(|length| (1.0..NO_LIMIT).contains(length));
        Ok(Self {
            max_tokens: max_tokens.map(|length| length as usize),
            special: SpecialTokens {
                mask: file.mask_token.map(Token::into_text),
                pad: file.pad_token.map(Token::into_text),
                pad_id: None,
            },
        })
    }
}

impl Token {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) | Self::Object { content: text } => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_tokens_as_text_and_as_objects() {
        let json = br#"{"model_max_length": 512, "mask_token": {"content": "<mask>", "lstrip": true}, "pad_token": "<pad>"}"#;
        let special = SpecialTokens { mask: Some("<mask>".into()), pad: Some("<pad>".into()), pad_id: None };
        let expected = TokenizerConfig { max_tokens: Some(512), special };
        assert_eq!(TokenizerConfig::parse(json), Ok(expected));
    }

    #[test]
    fn knows_the_number_that_means_no_limit() {
        let config = TokenizerConfig::parse(
            br#"{"model_max_length": 1000000000000000019884624838656, "mask_token": null}"#,
        );
        assert_eq!(config, Ok(TokenizerConfig::default()));
    }
}
