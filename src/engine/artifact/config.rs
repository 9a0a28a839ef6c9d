//! A model's configuration: what `config.json` says about labels, length and problem type.
//!
//! Read as transformers reads it, defaults included; everything else in the file is ignored.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Labels that transformers assumes where the file names none.
const DEFAULT_LABELS: usize = 2;

/// Tokens that DistilBERT reads where the file does not say.
const DEFAULT_MAX_TOKENS: usize = 512;

/// What the engine needs of `config.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelConfig {
    labels: Vec<String>,
    max_tokens: usize,
    problem_type: Option<ProblemType>,
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

#[derive(Deserialize)]
struct File {
    id2label: Option<BTreeMap<usize, String>>,
    num_labels: Option<usize>,
    max_position_embeddings: Option<usize>,
    problem_type: Option<ProblemType>,
}

impl ModelConfig {
    /// Reads the bytes of a `config.json`.
    ///
    /// # Errors
    ///
    /// A phrase that says what is wrong: not JSON, or labels that are not numbered from 0.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let file: File = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let labels: Vec<String> = match file.id2label {
            Some(map) => {
                if !map.keys().copied().eq(0..map.len()) {
                    return Err("id2label does not number its labels 0, 1, 2 and so on".into());
                }
                map.into_values().collect()
            }
            None => (0..file.num_labels.unwrap_or(DEFAULT_LABELS)).map(|id| format!("LABEL_{id}")).collect(),
        };
        if labels.is_empty() {
            return Err("it names no label".into());
        }
        Ok(Self {
            labels,
            max_tokens: file.max_position_embeddings.unwrap_or(DEFAULT_MAX_TOKENS),
            problem_type: file.problem_type,
        })
    }

    /// The labels, in the order of the logits.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The most tokens that the model reads, special tokens included.
    #[must_use]
    pub const fn max_tokens(&self) -> usize {
        self.max_tokens
    }

    /// The problem type, where the file names one.
    #[must_use]
    pub const fn problem_type(&self) -> Option<ProblemType> {
        self.problem_type
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
    fn refuses_labels_with_gaps_and_broken_files() {
        assert!(ModelConfig::parse(br#"{"id2label": {"0": "A", "2": "B"}}"#).is_err());
        assert!(ModelConfig::parse(br#"{"id2label": {}}"#).is_err());
        assert!(ModelConfig::parse(b"{").is_err());
    }
}
