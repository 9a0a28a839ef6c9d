//! A model's configuration: what `config.json` says about labels, length and problem type.
//!
//! Read as transformers reads it, defaults included; everything else in the file is ignored.

use serde::Deserialize;
use serde_json::Number;
use std::collections::{BTreeMap, HashSet};

/// The most labels that are made up where none are named; a number alone may ask for any memory.
const MAX_LABELS: usize = 10_000;

/// Labels that transformers assumes where the file names none.
const DEFAULT_LABELS: usize = 2;

/// Tokens that BERT and its kin read where the file does not say.
const DEFAULT_MAX_TOKENS: usize = 512;

/// Model types that count positions from the padding's number on, as fairseq did: they read that
/// many tokens and one fewer than they have positions.
const COUNT_FROM_PADDING: [&str; 9] = [
    "camembert",
    "data2vec-text",
    "ibert",
    "longformer",
    "mpnet",
    "roberta",
    "roberta-prelayernorm",
    "xlm-roberta",
    "xlm-roberta-xl",
];

/// The padding's number in those, where the file does not say.
const FAIRSEQ_PADDING: usize = 1;

/// What the engine needs of `config.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelConfig {
    labels: Vec<String>,
    max_tokens: usize,
    problem_type: Option<ProblemType>,
    pad: Option<i64>,
    is_encoder_decoder: bool,
}

/// The kind of task that a sequence-classification model was trained for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemType {
    /// Numbers, not probabilities.
    Regression,
    /// Exactly one label is right.
    SingleLabelClassification,
    /// Any number of labels is right.
    MultiLabelClassification,
}

/// A label's name, which may be a number.
#[derive(Deserialize)]
#[serde(untagged, expecting = "id2label must name each label by a string or a number")]
enum Label {
    Name(String),
    Number(Number),
}

impl From<Label> for String {
    fn from(label: Label) -> Self {
        match label {
            Label::Name(name) => name,
            Label::Number(number) => number.to_string(),
        }
    }
}

#[derive(Deserialize)]
struct File {
    id2label: Option<BTreeMap<usize, Label>>,
    num_labels: Option<usize>,
    max_position_embeddings: Option<usize>,
    // What GPT-2 calls the same.
    n_positions: Option<usize>,
    problem_type: Option<ProblemType>,
    pad_token_id: Option<i64>,
    is_encoder_decoder: Option<bool>,
    #[serde(default)]
    model_type: String,
}

impl File {
    fn max_tokens(&self) -> usize {
        let Some(positions) = self.max_position_embeddings.or(self.n_positions) else {
            return DEFAULT_MAX_TOKENS;
        };
        if !COUNT_FROM_PADDING.contains(&&*self.model_type) {
            return positions;
        }
        let padding = self.pad_token_id.and_then(|id| usize::try_from(id).ok()).unwrap_or(FAIRSEQ_PADDING);
        positions.saturating_sub(padding + 1)
    }
}

impl ModelConfig {
    /// Reads the bytes of a `config.json`.
    ///
    /// # Errors
    ///
    /// A phrase that says what is wrong: not JSON, or labels that are not numbered from 0 or not told apart.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let file: File = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let max_tokens = file.max_tokens();
        let labels: Vec<String> = match file.id2label {
            Some(map) => {
                if !map.keys().copied().eq(0..map.len()) {
                    return Err("id2label does not number its labels 0, 1, 2 and so on".into());
                }
                map.into_values().map(String::from).collect()
            }
            None if file.num_labels > Some(MAX_LABELS) => {
                return Err(format!("num_labels is more than {MAX_LABELS}"));
            }
            None => (0..file.num_labels.unwrap_or(DEFAULT_LABELS)).map(|id| format!("LABEL_{id}")).collect(),
        };
        if labels.is_empty() {
            return Err("it names no label".into());
        }
        if labels.iter().collect::<HashSet<_>>().len() < labels.len() {
            return Err("two of its labels have one name".into());
        }
        Ok(Self {
            labels,
            max_tokens,
            problem_type: file.problem_type,
            pad: file.pad_token_id,
            is_encoder_decoder: file.is_encoder_decoder == Some(true),
        })
    }

    /// The labels, in the order of the logits.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The most tokens that the model has positions for, special tokens included.
    #[must_use]
    pub const fn max_tokens(&self) -> usize {
        self.max_tokens
    }

    /// The problem type, where the file names one.
    #[must_use]
    pub const fn problem_type(&self) -> Option<ProblemType> {
        self.problem_type
    }

    /// Number of the token that fills up, where the file names one.
    #[must_use]
    pub const fn pad(&self) -> Option<i64> {
        self.pad
    }

    /// Whether texts may share a batch without changing each other's answers, as far as the model's kind
    /// goes. Encoder-decoders, such as BART, look for the tokens that end texts in a batch as a whole: where
    /// a text has one more of them, others get its state.
    #[must_use]
    pub const fn may_be_batched(&self) -> bool {
        !self.is_encoder_decoder
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_labels_in_the_order_of_their_numbers() {
        let config =
            ModelConfig::parse(br#"{"id2label": {"1": "POSITIVE", "0": "NEGATIVE"}}"#).expect("a config");
        assert_eq!(config.labels(), ["NEGATIVE", "POSITIVE"]);
        assert_eq!(config.max_tokens(), 512);
        assert_eq!(config.problem_type(), None);
    }

    #[test]
    fn takes_numbers_for_names() {
        let config = ModelConfig::parse(br#"{"id2label": {"0": 1, "1": "2"}}"#).expect("a config");
        assert_eq!(config.labels(), ["1", "2"]);
        let error = ModelConfig::parse(br#"{"id2label": {"0": null}}"#).expect_err("no name");
        assert!(error.contains("by a string or a number"), "{error}");
    }

    #[test]
    fn sorts_labels_by_number_not_by_text() {
        let map = (0..11).map(|id| format!(r#""{id}": "L{id}""#)).collect::<Vec<_>>().join(", ");
        let config =
            ModelConfig::parse(format!(r#"{{"id2label": {{{map}}}}}"#).as_bytes()).expect("a config");
        assert_eq!(config.labels()[2], "L2");
        assert_eq!(config.labels()[10], "L10");
    }

    #[test]
    fn names_labels_as_transformers_does_where_none_are_given() {
        let config = ModelConfig::parse(b"{}").expect("a config");
        assert_eq!(config.labels(), ["LABEL_0", "LABEL_1"]);
    }

    #[test]
    fn counts_positions_as_the_model_does() {
        let max_tokens = |json: &str| ModelConfig::parse(json.as_bytes()).expect("a config").max_tokens();
        assert_eq!(max_tokens(r#"{"model_type": "bert", "max_position_embeddings": 512}"#), 512);
        let roberta = r#"{"model_type": "roberta", "max_position_embeddings": 514, "pad_token_id": 1}"#;
        assert_eq!(max_tokens(roberta), 512);
        assert_eq!(max_tokens(r#"{"model_type": "xlm-roberta", "max_position_embeddings": 514}"#), 512);
        assert_eq!(max_tokens(r#"{"model_type": "gpt2", "n_positions": 1024}"#), 1024);
        assert_eq!(max_tokens(r#"{"max_position_embeddings": 512, "n_positions": 512}"#), 512);
    }

    #[test]
    fn knows_models_whose_texts_share_no_batch() {
        let may_be_batched = |json: &[u8]| ModelConfig::parse(json).expect("a config").may_be_batched();
        assert!(!may_be_batched(br#"{"model_type": "bart", "is_encoder_decoder": true}"#));
        assert!(may_be_batched(br#"{"is_encoder_decoder": false}"#));
        assert!(may_be_batched(br#"{"is_encoder_decoder": null}"#));
        assert!(may_be_batched(b"{}"));
    }

    #[test]
    fn refuses_labels_with_gaps_and_broken_files() {
        assert!(ModelConfig::parse(br#"{"id2label": {"0": "A", "2": "B"}}"#).is_err());
        assert!(ModelConfig::parse(br#"{"id2label": {}}"#).is_err());
        // Each had the score of the first.
        assert!(ModelConfig::parse(br#"{"id2label": {"0": "A", "1": "A"}}"#).is_err());
        assert!(ModelConfig::parse(br#"{"num_labels": 4294967295}"#).is_err());
        assert!(ModelConfig::parse(b"{").is_err());
    }
}
