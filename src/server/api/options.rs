//! What a request asks for beside its texts, and how an engine is asked for it.

use super::{
    error::ApiError,
    input::{Input, TopK},
};
use crate::{
    engine::{Engine, reading::Wanted},
    sentiment::{Analysis, Method},
    server::analysis::{self, IN_FLIGHT},
    text::Text,
};
use futures_util::{StreamExt, TryStreamExt, stream};

/// The most sentences and parts in the answers to one request's texts, which are in memory together: fifty
/// of each where there are as many texts as there may be.
pub const MAX_PARTS: usize = 50_000;

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
    /// [`ApiError::Text`], and as [`analysis::analyze`].
    pub async fn analyze(self, engine: &Engine, text: String) -> Result<Analysis, ApiError> {
        Ok(self.best_of(analysis::analyze(engine, Text::new(text)?, self.wanted).await?))
    }

    /// Analyzes one text of many, which waits for room in the queue.
    ///
    /// # Errors
    ///
    /// [`ApiError::Text`], and as [`analysis::analyze_when_free`].
    pub async fn analyze_when_free(self, engine: &Engine, text: String) -> Result<Analysis, ApiError> {
        Ok(self.best_of(analysis::analyze_when_free(engine, Text::new(text)?, self.wanted).await?))
    }

    /// An analysis with no more labels than are wanted.
    fn best_of(self, mut analysis: Analysis) -> Analysis {
        if let Some(most) = self.top_k {
            analysis.scores.truncate(most.get());
            for sentence in &mut analysis.sentences {
                sentence.scores.truncate(most.get());
            }
        }
        analysis
    }
}

/// Analyzes several texts of one request, each with what is wanted of it, all of them or none.
///
/// # Errors
///
/// [`ApiError::At`] names the first that cannot be analyzed, [`ApiError::TooLarge`] tells of more than
/// [`MAX_PARTS`].
pub async fn analyze_all(
    engine: &Engine,
    texts: impl IntoIterator<Item = (Options, String)>,
) -> Result<Vec<Analysis>, ApiError> {
    let mut parts = 0;
    stream::iter(texts.into_iter().enumerate())
        .map(|(index, (options, text))| async move {
            let analysis = options.analyze_when_free(engine, text).await;
            analysis.map_err(|error| ApiError::At { index, error: Box::new(error) })
        })
        .buffered(IN_FLIGHT)
        .map(|analysis| {
            let analysis = analysis?;
            parts += analysis.sentences.len();
            parts += analysis.explanation.as_ref().map_or(0, |explanation| explanation.parts.len());
            if parts > MAX_PARTS {
                return Err(ApiError::TooLarge(format!(
                    "The answers to these texts have more than {MAX_PARTS} sentences and parts. Ask for fewer texts \
                     at once, or send them to /api/v1/batch."
                )));
            }
            Ok(analysis)
        })
        .try_collect()
        .await
}
