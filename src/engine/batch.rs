//! A batch: several encodings as one rectangle, shorter rows padded at their ends.

use super::tokenizer::Encoding;

/// Inputs of one run of the model; all arrays are `[rows, columns]`, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Texts.
    pub rows: usize,
    /// Tokens of the longest text.
    pub columns: usize,
    /// Token numbers.
    pub input_ids: Vec<i64>,
    /// 1 for a token, 0 for padding.
    pub attention_mask: Vec<i64>,
    /// The tokens' types, such as 1 in a pair's second text; only BERT and its kin have such an input.
    pub token_type_ids: Vec<i64>,
}

impl Batch {
    /// Lays the encodings out row by row, filled up with `pad`.
    #[must_use]
    pub fn new(encodings: &[&Encoding], pad: i64) -> Self {
        let rows = encodings.len();
        let columns = encodings.iter().map(|encoding| encoding.len()).max().unwrap_or(0);
        let mut input_ids = Vec::with_capacity(rows * columns);
        let mut attention_mask = Vec::with_capacity(rows * columns);
        let mut token_type_ids = Vec::with_capacity(rows * columns);
        for encoding in encodings {
            let end = input_ids.len() + columns;
            input_ids.extend_from_slice(encoding.ids());
            attention_mask.resize(input_ids.len(), 1);
            token_type_ids.extend(encoding.types().iter().copied().map(i64::from));
            input_ids.resize(end, pad);
            attention_mask.resize(end, 0);
            token_type_ids.resize(end, 0);
        }
        Self { rows, columns, input_ids, attention_mask, token_type_ids }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pads_shorter_rows_at_their_ends() {
        let (short, long) = (Encoding::new(vec![101, 102]), Encoding::new(vec![101, 7, 8, 102]));
        let batch = Batch::new(&[&short, &long], 9);
        assert_eq!((batch.rows, batch.columns), (2, 4));
        assert_eq!(batch.input_ids, [101, 102, 9, 9, 101, 7, 8, 102]);
        assert_eq!(batch.attention_mask, [1, 1, 0, 0, 1, 1, 1, 1]);
    }

    #[test]
    fn leaves_a_single_row_as_it_is() {
        let only = Encoding::new(vec![101, 5, 102]);
        let batch = Batch::new(&[&only], 0);
        assert_eq!(batch.input_ids, only.ids());
        assert_eq!(batch.attention_mask, [1, 1, 1]);
        assert_eq!(batch.token_type_ids, [0, 0, 0]);
    }
}
