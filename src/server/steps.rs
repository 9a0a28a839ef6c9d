//! Steps: answers that come bit by bit, as lines of JSON: an explanation with the news of how far
//! it is, and the scores of many texts.

use super::{
    analysis::{IN_FLIGHT, analyze_when_free},
    failure,
};
use crate::{
    api::{Scored, Step},
    engine::{Engine, reading::Wanted},
    error::AnalyzeError,
    sentiment::Method,
    text::{Text, narrow},
};
use futures_util::{StreamExt, stream};
use leptos::server_fn::codec::TextStream;
use serde::Serialize;
use tokio::sync::mpsc;

/// Reports progress in so many steps at most.
const NEWS: usize = 40;

/// Explains `text`; who drops the stream stops the work.
///
/// # Errors
///
/// An [`AnalyzeError`] where the engine refuses at once.
pub async fn explain(
    engine: Engine,
    text: String,
    method: Method,
) -> Result<TextStream<AnalyzeError>, AnalyzeError> {
    let text = Text::new(text)?;
    let (news, heard) = mpsc::unbounded_channel();
    let work = async move {
        let mut told = 0;
        let progress = move |done: usize, of: usize| {
            let now = done * NEWS / of.max(1);
            if now > told && done < of {
                told = now;
                // Nobody listens any more: then this work ends too.
                let _ = news.send(Step::Read(narrow(done), narrow(of)));
            }
        };
        let wanted = Wanted { explanation: Some(method), ..Wanted::default() };
        match engine.analyze_with_progress(text, wanted, progress).await {
            Ok(analysis) => analysis.explanation.map(Step::Explained),
            Err(error) => Some(Step::Failed(failure::user_error(error))),
        }
    };
    let heard = stream::unfold(heard, async |mut heard| heard.recv().await.map(|step| (step, heard)));
    let end = stream::once(work).filter_map(async |step| step);
    let mut steps = Box::pin(stream::select(heard, end));
    match steps.next().await {
        Some(Step::Failed(error)) => Err(error),
        first => Ok(TextStream::new(stream::iter(first).chain(steps).map(|step| line(&step)))),
    }
}

/// Scores texts, several at a time; who drops the stream stops the work.
pub fn texts(engine: Engine, texts: Vec<String>) -> TextStream<AnalyzeError> {
    let scored = stream::iter(texts).map(move |text| scored(engine.clone(), text)).buffered(IN_FLIGHT);
    TextStream::new(scored.map(|scored| line(&scored)))
}

/// A text's scores; where others fill the queue, it waits for its turn.
async fn scored(engine: Engine, text: String) -> Scored {
    Ok(analyze_when_free(&engine, Text::new(text)?, Wanted::default()).await?.scores)
}

fn line(value: &impl Serialize) -> Result<String, AnalyzeError> {
    serde_json::to_string(value).map(|json| json + "\n").map_err(|_| AnalyzeError::Malformed)
}
