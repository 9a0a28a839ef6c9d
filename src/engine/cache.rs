//! The cache: answers to texts that were asked before, and one run for those asked twice at once.
//!
//! An answer depends on the text, on what is wanted of it and on the model; a cache belongs to
//! one model. No text is kept, only its digest. Errors are not kept. A single text shares no run with one of
//! many, which may wait in line for long; what is kept is there for both.

use super::{EngineError, queue::Kind, reading::Wanted};
use crate::{sentiment::Analysis, text::Text};
use moka::future::Cache as Moka;
use sha2::{Digest, Sha256};
use std::{sync::Arc, time::Duration};

/// How much a cache keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheLimits {
    /// Bytes of answers, about; 0 switches the cache off.
    pub bytes: u64,
    /// How long an answer is kept.
    pub lifetime: Duration,
}

impl CacheLimits {
    /// No cache, for measurements.
    pub const OFF: Self = Self { bytes: 0, lifetime: Duration::ZERO };
}

/// A bounded cache of answers, or none; beside their keys, the kind of text that they were made for.
pub struct Cache(Option<Moka<(Key, Kind), Arc<Analysis>>>);

/// What an answer is kept by.
pub type Key = (TextDigest, Wanted);

/// SHA-256 of a text: nobody can find two texts that share one.
type TextDigest = [u8; 32];

/// An answer, and whether it was there before.
pub struct Cached {
    /// The answer.
    pub analysis: Arc<Analysis>,
    /// Whether it was kept from before, or made for another request at the same time.
    pub is_hit: bool,
}

impl Cache {
    /// An empty cache.
    #[must_use]
    pub fn new(limits: CacheLimits) -> Self {
        Self((limits.bytes > 0).then(|| {
            Moka::builder()
                .max_capacity(limits.bytes)
                .time_to_live(limits.lifetime)
                .weigher(|_, analysis: &Arc<Analysis>| u32::try_from(analysis.weight()).unwrap_or(u32::MAX))
                .build()
        }))
    }

    /// What the answer to a text is kept by; nothing where the cache is off. The whole text is read for it.
    #[must_use]
    pub fn key(&self, text: &Text, wanted: Wanted) -> Option<Key> {
        self.0.as_ref().map(|_| (Sha256::digest(text.as_str()).into(), wanted))
    }

    /// The kept answer, or the one that `analysis` gives.
    ///
    /// Of those who ask for the same at the same time, for a single text or for one of many, one analyzes and
    /// the others wait; where it goes away, another takes over.
    ///
    /// # Errors
    ///
    /// What `analysis` returns, to all who waited for it.
    pub async fn get(
        &self,
        key: Option<Key>,
        kind: Kind,
        analysis: impl Future<Output = Result<Analysis, EngineError>>,
    ) -> Result<Cached, EngineError> {
        let Some((moka, key)) = self.0.as_ref().zip(key) else {
            return Ok(Cached { analysis: Arc::new(analysis.await?), is_hit: false });
        };
        let (analysis, is_hit) = if let Some(kept) = moka.get(&(key, kind.other())).await {
            (kept, true)
        } else {
            let entry = moka
                .entry((key, kind))
                .or_try_insert_with(async { analysis.await.map(Arc::new) })
                .await
                .map_err(|error| EngineError::clone(&error))?;
            let is_hit = !entry.is_fresh();
            (entry.into_value(), is_hit)
        };
        Ok(Cached { analysis, is_hit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentiment::{Score, Timings};
    use futures_util::FutureExt;
    use std::future;
    use tokio::time::timeout;

    fn analysis() -> Analysis {
        Analysis {
            scores: vec![Score { label: "POSITIVE".into(), score: 1.0 }],
            sentences: Vec::new(),
            explanation: None,
            tokens: 3,
            windows: 1,
            micros: 1,
            timings: Timings::default(),
            cached: false,
            model: "m".into(),
            runs_on: "fp32".into(),
        }
    }

    async fn is_hit(cache: &Cache, text: &str) -> bool {
        let key = cache.key(&Text::new(text).expect("a text"), Wanted::default());
        cache.get(key, Kind::Single, async { Ok(analysis()) }).await.expect("an answer").is_hit
    }

    #[tokio::test]
    async fn keeps_no_more_than_its_bytes() {
        let bytes = 4 * analysis().weight() as u64;
        let cache = Cache::new(CacheLimits { bytes, lifetime: Duration::from_secs(60) });
        for number in 0..100 {
            assert!(!is_hit(&cache, &number.to_string()).await);
        }
        let moka = cache.0.expect("it is on");
        // It makes room now and then, not at each answer.
        moka.run_pending_tasks().await;
        assert!((1..=4).contains(&moka.entry_count()), "{} answers", moka.entry_count());
    }

    #[tokio::test]
    async fn keeps_no_answer_longer_than_its_lifetime() {
        let cache = Cache::new(CacheLimits { bytes: 100_000, lifetime: Duration::from_millis(50) });
        for _ in 0..2 {
            assert!(!is_hit(&cache, "good").await);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    #[tokio::test]
    async fn an_answer_is_waited_for_by_its_own_kind_and_kept_for_both() {
        let cache = Cache::new(CacheLimits { bytes: 100_000, lifetime: Duration::from_secs(60) });
        let key = cache.key(&Text::new("good").expect("a text"), Wanted::default());
        let mut of_many = Box::pin(cache.get(key, Kind::OfMany, future::pending()));
        assert!((&mut of_many).now_or_never().is_none());
        assert!(!is_hit(&cache, "good").await);
        let another = timeout(Duration::from_secs(60), cache.get(key, Kind::OfMany, future::pending())).await;
        assert!(another.expect("it is there").expect("an answer").is_hit);
    }
}
