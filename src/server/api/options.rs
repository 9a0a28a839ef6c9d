//! What a request asks for beside its texts, and how an engine is asked for it.

use super::{
    error::ApiError,
    input::{Input, TopK},
};
use crate::{
    engine::{Engine, reading::Wanted},
    error::AnalyzeError,
    sentiment::{Analysis, Method},
    server::failure,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::time::Duration;
use tokio::time::sleep;

/// Texts of one request that are under way at a time: enough to fill batches.
pub const IN_FLIGHT: usize = 64;

/// The first and the longest wait of a text that finds the queue full.
const WAITS: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(160));

/// What is wanted of each text.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What the engine is asked for.
    pub wanted: Wanted,
    /// How many labels, the best first; all where it is absent.
    pub top_k: Option<TopK>,
}

impl Options {
    /// Options by their names in a request.
    #[must_use]
    pub fn new(sentences: bool, explain: Option<Method>, top_k: Option<TopK>) -> Self {
        Self { wanted: Wanted { sentences, explanation: explain, ..Wanted::default() }, top_k }
    }

    /// The same of each of these texts.
    pub fn of_each(self, texts: Vec<Input>) -> impl Iterator<Item = (Self, String)> {
        texts.into_iter().map(move |Input(text)| (self, text))
    }

    /// Analyzes a text, or refuses it at once where the queue is full.
    ///
    /// # Errors
    ///
    /// As [`failure::answer`].
    pub async fn analyze(self, engine: &Engine, text: String) -> Result<Analysis, AnalyzeError> {
        let mut analysis = failure::answer(engine, text, self.wanted).await?;
        if let Some(most) = self.top_k {
            analysis.scores.truncate(most.get());
            for sentence in &mut analysis.sentences {
                sentence.scores.truncate(most.get());
            }
        }
        Ok(analysis)
    }

    /// Analyzes one text of many, which waits for room in the queue.
    ///
    /// # Errors
    ///
    /// As [`failure::answer`], but for [`AnalyzeError::Busy`].
    pub async fn analyze_patiently(self, engine: &Engine, text: String) -> Result<Analysis, AnalyzeError> {
        let engine = engine.for_many();
        let (mut wait, longest) = WAITS;
        loop {
            match self.analyze(&engine, text.clone()).await {
                Err(AnalyzeError::Busy) => {
                    sleep(wait).await;
                    wait = (wait * 2).min(longest);
                }
                done => return done,
            }
        }
    }
}

/// Analyzes several texts of one request, each with what is wanted of it, all of them or none.
///
/// # Errors
///
/// [`ApiError::At`] names the first that cannot be analyzed.
pub async fn analyze_all(
    engine: &Engine,
    texts: impl IntoIterator<Item = (Options, String)>,
) -> Result<Vec<Analysis>, ApiError> {
    stream::iter(texts.into_iter().enumerate())
        .map(|(index, (options, text))| async move {
            options.analyze_patiently(engine, text).await.map_err(|error| ApiError::At { index, error })
        })
        .buffered(IN_FLIGHT)
        .try_collect()
        .await
}
