//! Steps: answers that come bit by bit, as lines of JSON: an explanation with the news of how far
//! it is, and the scores of many texts.

use super::{analysis::analyze_when_free, apart::apart, ascii::ascii, failure};
use crate::{
    engine::{Engine, reading::Wanted},
    error::AnalyzeError,
    sentiment::{Analysis, Method},
    text::{Text, narrow},
    wire::{Scored, Step},
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
    let work = apart(async move {
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
    });
    let heard = stream::unfold(heard, async |mut heard| heard.recv().await.map(|step| (step, heard)));
    // The news end where the work does.
    let mut steps = Box::pin(heard.chain(stream::once(work).filter_map(async |step| step)));
    match steps.next().await {
        Some(Step::Failed(error)) => Err(error),
        first => Ok(TextStream::new(stream::iter(first).chain(steps).map(|step| line(&step)))),
    }
}

/// Scores texts, several at a time; who drops the stream stops the work.
pub fn texts(engine: Engine, texts: Vec<String>) -> TextStream<AnalyzeError> {
    let scored =
        stream::iter(texts).map(move |text| scored(engine.clone(), text)).buffered(Engine::IN_FLIGHT);
    TextStream::new(scored.map(|scored| line(&scored)))
}

/// A text's scores; where others fill the queue, it waits for its turn.
async fn scored(engine: Engine, text: String) -> Scored {
    let scores = |analysis: Result<Analysis, AnalyzeError>| analysis.map(|analysis| analysis.scores);
    analyze_when_free(&engine, Text::new(text)?, Wanted::default(), scores).await
}

/// A value as a line of JSON, in ASCII: the page reads each piece of an answer by itself, and the network
/// may cut one within any other character.
fn line(value: &impl Serialize) -> Result<String, AnalyzeError> {
    serde_json::to_string(value).map(|json| ascii(json) + "\n").map_err(|_| AnalyzeError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentiment::Score;

    #[test]
    fn a_line_has_no_character_to_be_cut_within() {
        for label in ["POSITIVE", "положительный", "好 \"\\😀\u{10ffff}"] {
            let scored: Scored = Ok(vec![Score { label: label.into(), score: 0.5 }]);
            let line = line(&scored).expect("a line");
            assert!(line.is_ascii() && line.ends_with('\n'), "{line}");
            assert_eq!(serde_json::from_str::<Scored>(&line).expect("JSON"), scored);
        }
    }
}
