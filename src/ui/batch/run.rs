//! A run: sends the texts portion by portion and takes their scores in as they come.

use super::table::Table;
use crate::{
    api,
    error::AnalyzeError,
    text::Text,
    ui::lines::Lines,
    wire::{MAX_PAGE_TEXTS, Scored},
};
use futures_util::StreamExt;
use std::sync::Arc;

/// Bytes of texts in one portion, below the 2 MB that the server takes in one request.
const MAX_BYTES: usize = 500_000;

/// Scores the texts of these `rows` in a `column` of `table` by `model`, or by the default; `put` hears
/// of each by its row. Dropping it stops the work on the server.
///
/// # Errors
///
/// An [`AnalyzeError`] where the server refuses or cannot be reached; what was put stays.
pub async fn run(
    table: Arc<Table>,
    column: usize,
    rows: Vec<usize>,
    model: Option<String>,
    mut put: impl FnMut(usize, Scored),
) -> Result<(), AnalyzeError> {
    let rows = accepted(&table, column, rows, &mut put);
    let mut put = |place: usize, scored| {
        if let Some(&row) = rows.get(place) {
            put(row, scored);
        }
    };
    let mut next = 0;
    while next < rows.len() {
        let texts = portion(rows[next..].iter().map(|&row| table.text(row, column)));
        let end = next + texts.len();
        let mut chunks = api::analyze_texts(texts, model.clone()).await?.into_inner();
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

/// Those of the `rows` whose texts are to be sent; `put` hears of those that cannot be read, or that the
/// server would refuse unread.
fn accepted(
    table: &Table,
    column: usize,
    mut rows: Vec<usize>,
    put: &mut impl FnMut(usize, Scored),
) -> Vec<usize> {
    rows.retain(|&row| {
        let refusal = match table.unread(row, column) {
            Some(reason) => AnalyzeError::NoRow { reason: reason.into() },
            None => match Text::check(table.text(row, column)) {
                Ok(()) => return true,
                Err(refusal) => refusal.into(),
            },
        };
        put(row, Err(refusal));
        false
    });
    rows
}

/// Those of the texts that go in one request; at least one.
fn portion<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let (mut bytes, mut portion) = (0, Vec::new());
    for text in texts.take(MAX_PAGE_TEXTS) {
        // JSON may escape these as six.
        let is_escaped = |&byte: &u8| byte < b' ' || matches!(byte, b'"' | b'\\');
        bytes += text.len() + 5 * text.bytes().filter(is_escaped).count();
        if bytes > MAX_BYTES && !portion.is_empty() {
            break;
        }
        portion.push(text.to_owned());
    }
    portion
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portion(texts: &[String]) -> usize {
        super::portion(texts.iter().map(String::as_str)).len()
    }

    #[test]
    fn a_portion_keeps_to_texts_and_bytes() {
        assert_eq!(portion(&vec!["a".to_owned(); 1000]), MAX_PAGE_TEXTS);
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
        let texts = ["good", " ", &"a".repeat(Text::MAX_BYTES + 1), "bad", "a piece"];
        let rows = texts.map(|text| vec!["x".to_owned(), text.to_owned()]).to_vec();
        let table = Table { rows, unread: vec![(4, "cut")], ..Table::default() };
        let sent =
            accepted(&table, 1, vec![0, 1, 2, 3, 4], &mut |row, scored: Scored| refused.push((row, scored)));
        assert_eq!(sent, [0, 3]);
        let too_large = AnalyzeError::TooLarge { bytes: 100_001, limit: 100_000 };
        let unread = AnalyzeError::NoRow { reason: "cut".into() };
        assert_eq!(refused, [(1, Err(AnalyzeError::Empty)), (2, Err(too_large)), (4, Err(unread))]);
    }
}
