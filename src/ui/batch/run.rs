//! A run: sends the texts portion by portion and takes their scores in as they come.

use crate::{
    api::{self, MAX_TEXTS, Scored},
    error::AnalyzeError,
    text::Text,
    ui::lines::Lines,
};
use futures_util::StreamExt;

/// Bytes of texts in one portion, below what the server takes in one request.
const MAX_BYTES: usize = 500_000;

/// What the model says of each row, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// The model, where it is not the default.
    pub model: Option<String>,
    rows: Vec<Option<Scored>>,
    done: usize,
}

impl Results {
    /// Nothing is known of any row yet.
    #[must_use]
    pub fn new(rows: usize) -> Self {
        Self { rows: vec![None; rows], ..Self::default() }
    }

    /// Takes in the outcome of a row.
    pub fn put(&mut self, row: usize, scored: Scored) {
        if let Some(place) = self.rows.get_mut(row) {
            self.done += usize::from(place.is_none());
            *place = Some(scored);
        }
    }

    /// The outcome of a row.
    #[must_use]
    pub fn of(&self, row: usize) -> Option<&Scored> {
        self.rows.get(row)?.as_ref()
    }

    /// Rows that have an outcome.
    #[must_use]
    pub const fn done(&self) -> usize {
        self.done
    }

    /// All rows.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.rows.len()
    }

    /// The model's labels, in alphabetical order; none before the first row is scored.
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        let scores = self.rows.iter().flatten().find_map(|scored| scored.as_ref().ok());
        let mut labels = Vec::<String>::new();
        // So few that the program is better off without one more kind of sort.
        for score in scores.into_iter().flatten() {
            let place = labels.partition_point(|other| *other < score.label);
            labels.insert(place, score.label.clone());
        }
        labels
    }
}

/// Scores `texts` by `model`, or by the default; `put` hears of each by its number. Dropping it stops
/// the work on the server.
///
/// # Errors
///
/// An [`AnalyzeError`] where the server refuses or cannot be reached; what was put stays.
pub async fn run(
    texts: Vec<String>,
    model: Option<String>,
    mut put: impl FnMut(usize, Scored),
) -> Result<(), AnalyzeError> {
    let (rows, texts) = accepted(texts, &mut put);
    let mut put = |place: usize, scored| {
        if let Some(&row) = rows.get(place) {
            put(row, scored);
        }
    };
    let mut next = 0;
    while next < texts.len() {
        let end = next + portion(&texts[next..]);
        let mut chunks = api::analyze_texts(texts[next..end].to_vec(), model.clone()).await?.into_inner();
        let mut lines = Lines::default();
        while let Some(chunk) = chunks.next().await {
            lines.push(&chunk?);
            while let Some(line) = lines.line() {
                put(next, serde_json::from_slice(line.as_bytes()).map_err(|_| AnalyzeError::Malformed)?);
                next += 1;
            }
        }
        if next < end {
            return Err(AnalyzeError::Unreachable);
        }
    }
    Ok(())
}

/// The texts to send, behind their rows; `put` hears of those that the server would refuse unread.
fn accepted(texts: Vec<String>, put: &mut impl FnMut(usize, Scored)) -> (Vec<usize>, Vec<String>) {
    let mut sent = (Vec::new(), Vec::new());
    for (row, text) in texts.into_iter().enumerate() {
        match Text::new(text) {
            Ok(text) => {
                sent.0.push(row);
                sent.1.push(text.into());
            }
            Err(refusal) => put(row, Err(refusal.into())),
        }
    }
    sent
}

/// How many of the texts go in one request; at least one.
fn portion(texts: &[String]) -> usize {
    let mut bytes = 0;
    let fits = |text: &&String| {
        // JSON may escape these as six.
        let is_escaped = |&byte: &u8| byte < b' ' || matches!(byte, b'"' | b'\\');
        bytes += text.len() + 5 * text.bytes().filter(is_escaped).count();
        bytes <= MAX_BYTES
    };
    texts.iter().take(MAX_TEXTS).take_while(fits).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portion_keeps_to_texts_and_bytes() {
        assert_eq!(portion(&vec!["a".to_owned(); 1000]), MAX_TEXTS);
        assert_eq!(portion(&vec!["a".repeat(MAX_BYTES / 2); 3]), 2);
        assert_eq!(portion(&["a".repeat(MAX_BYTES * 2)]), 1);
    }

    #[test]
    fn a_portion_counts_what_json_makes_of_a_text() {
        let texts = vec!["\u{1}".repeat(Text::MAX_BYTES); 3];
        assert_eq!(portion(&texts), 1);
        assert!(serde_json::to_string(&texts[..1]).expect("JSON").len() < 2 * MAX_BYTES);
    }

    #[test]
    fn what_would_be_refused_unread_is_not_sent() {
        let mut refused = Vec::new();
        let texts = ["good", " ", &"a".repeat(Text::MAX_BYTES + 1), "bad"].map(str::to_owned).to_vec();
        let sent = accepted(texts, &mut |row, scored: Scored| refused.push((row, scored)));
        assert_eq!(sent, (vec![0, 3], vec!["good".to_owned(), "bad".to_owned()]));
        let too_large = AnalyzeError::TooLarge { bytes: 100_001, limit: 100_000 };
        assert_eq!(refused, [(1, Err(AnalyzeError::Empty)), (2, Err(too_large))]);
    }

    #[test]
    fn counts_each_row_once() {
        let mut results = Results::new(2);
        results.put(1, Err(AnalyzeError::Empty));
        results.put(1, Ok(Vec::new()));
        results.put(7, Ok(Vec::new()));
        assert_eq!((results.done(), results.count()), (1, 2));
    }
}
