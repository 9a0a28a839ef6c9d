//! Counts: what an engine has answered and run, for the status page, and the same as metrics.
//!
//! The metrics are those of all engines of a process.

use super::batch::Batch;
use std::{
    iter::Sum,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What one engine counts.
#[derive(Debug, Default)]
pub struct Counts(Mutex<Counted>);

/// Numbers since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Answers from the cache.
    pub hits: u64,
    /// Answers that were computed though there is a cache.
    pub misses: u64,
    /// Batches that were run.
    pub batches: u64,
    /// Their rows.
    pub rows: u64,
    /// Tokens in these.
    pub tokens: u64,
    /// What fills the ends of the shorter ones, in tokens.
    pub padding: u64,
}

impl Counts {
    /// An answer came from the cache, or else through it.
    pub fn answer(&self, is_hit: bool) {
        metrics::counter!("valence_cache_requests_total", "result" => if is_hit { "hit" } else { "miss" })
            .increment(1);
        let mut counted = self.lock();
        counted.hits += u64::from(is_hit);
        counted.misses += u64::from(!is_hit);
    }

    /// A batch is run.
    pub fn batch(&self, batch: &Batch) {
        let tokens = batch.attention_mask.iter().filter(|&&mask| mask == 1).count() as u64;
        let padding = (batch.rows * batch.columns) as u64 - tokens;
        metrics::histogram!("valence_batch_rows").record(batch.rows as f64);
        metrics::counter!("valence_batch_tokens_total", "kind" => "text").increment(tokens);
        metrics::counter!("valence_batch_tokens_total", "kind" => "padding").increment(padding);
        let mut counted = self.lock();
        counted.batches += 1;
        counted.rows += batch.rows as u64;
        counted.tokens += tokens;
        counted.padding += padding;
    }

    /// The numbers by now.
    #[must_use]
    pub fn now(&self) -> Counted {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sum for Counted {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            hits: sum.hits + one.hits,
            misses: sum.misses + one.misses,
            batches: sum.batches + one.batches,
            rows: sum.rows + one.rows,
            tokens: sum.tokens + one.tokens,
            padding: sum.padding + one.padding,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tokenizer::Encoding;

    #[test]
    fn counts_answers_and_what_is_in_batches() {
        let counts = Counts::default();
        [true, false, true].into_iter().for_each(|is_hit| counts.answer(is_hit));
        let (short, long) = (Encoding::new(vec![1; 2]), Encoding::new(vec![1; 5]));
        counts.batch(&Batch::new(&[&short, &long], 0));
        counts.batch(&Batch::new(&[&short], 0));
        let counted = Counted { hits: 2, misses: 1, batches: 2, rows: 3, tokens: 9, padding: 3 };
        assert_eq!(counts.now(), counted);
        let twice = Counted { hits: 4, misses: 2, batches: 4, rows: 6, tokens: 18, padding: 6 };
        assert_eq!([counted; 2].into_iter().sum::<Counted>(), twice);
    }
}
