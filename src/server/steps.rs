//! Steps: an explanation with the news of how far it is, as lines of JSON.

use super::failure;
use crate::{
    api::Step,
    engine::{Engine, reading::Wanted},
    error::AnalyzeError,
    sentiment::Method,
    text::Text,
};
use futures_util::{StreamExt, stream};
use leptos::server_fn::codec::TextStream;
use tokio::sync::mpsc;

/// Tells of progress in so many steps at most.
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
        let wanted = Wanted { sentences: false, explanation: Some(method) };
        match engine.analyze_watched(text, wanted, progress).await {
            Ok(analysis) => analysis.explanation.map(Step::Explained),
            Err(error) => Some(Step::Failed(failure::explain(error))),
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

fn line(step: &Step) -> Result<String, AnalyzeError> {
    serde_json::to_string(step).map(|json| json + "\n").map_err(|_| AnalyzeError::Malformed)
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
