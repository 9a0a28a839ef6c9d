//! What a request asks for beside its texts, and how an engine is asked for it.

use super::{
    error::ApiError,
    input::{Input, TopK},
};
use crate::{
    engine::{Engine, reading::Wanted},
    error::AnalyzeError,
    sentiment::{Analysis, Method},
    server::{
        analysis,
        room::{NoRoom, answer::Making},
    },
    text::Text,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::iter;
use tokio_util::sync::CancellationToken;

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

    /// Analyzes one text of many, which waits for room in the queue. `keep` gets the outcome, an
    /// [`ApiError::Text`] too, as that of [`analysis::analyze_when_free`] does.
    pub async fn analyze_when_free<T: Send + 'static>(
        self,
        engine: &Engine,
        text: String,
        keep: impl FnOnce(Result<Analysis, ApiError>) -> T + Send + 'static,
    ) -> T {
        let text = match Text::new(text) {
            Ok(text) => text,
            Err(error) => return keep(Err(error.into())),
        };
        let keep = move |analysis: Result<Analysis, AnalyzeError>| {
            keep(analysis.map(|analysis| self.best_of(analysis)).map_err(ApiError::from))
        };
        analysis::analyze_when_free(engine, text, self.wanted, keep).await
    }

    /// An analysis with no more labels than are wanted.
    fn best_of(self, mut analysis: Analysis) -> Analysis {
        if let Some(most) = self.top_k {
            let sentences = analysis.sentences.iter_mut().map(|sentence| &mut sentence.scores);
            for scores in iter::once(&mut analysis.scores).chain(sentences) {
                scores.truncate(most.get());
                // What is left of the others would take memory that is not counted.
                scores.shrink_to_fit();
            }
        }
        analysis
    }
}

/// Analyzes several texts of one request, each with what is wanted of it, all of them or none. Each analysis
/// counts from its end on, as a part of the answer in the making.
///
/// # Errors
///
/// [`ApiError::At`] names the first that cannot be analyzed, [`ApiError::TooLarge`] tells of more than
/// [`MAX_PARTS`]; [`AnalyzeError::Busy`] where an analysis finds no room, without a wait for the others.
pub async fn analyze_all(
    engine: &Engine,
    making: &Making,
    texts: impl IntoIterator<Item = (Options, String)>,
) -> Result<Vec<Analysis>, ApiError> {
    let no_room = CancellationToken::new();
    let mut parts = 0;
    let analyses = stream::iter(texts.into_iter().enumerate())
        .map(|(index, (options, text))| {
            let (making, no_room) = (making.clone(), no_room.clone());
            let keep = move |analysis: Result<Analysis, ApiError>| -> Result<Analysis, ApiError> {
                let analysis = analysis.map_err(|error| ApiError::At { index, error: Box::new(error) })?;
                making.count(analysis.weight()).map_err(|NoRoom| {
                    no_room.cancel();
                    AnalyzeError::Busy
                })?;
                Ok(analysis)
            };
            options.analyze_when_free(engine, text, keep)
        })
        .buffered(Engine::IN_FLIGHT)
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
        .try_collect::<Vec<_>>();
    no_room.run_until_cancelled(analyses).await.unwrap_or_else(|| Err(AnalyzeError::Busy.into()))
}
