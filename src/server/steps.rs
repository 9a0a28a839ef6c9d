//! Steps: answers that come bit by bit, as lines of JSON: an explanation with the news of how far
//! it is, and the scores of many texts.

use super::{analysis::analyze_when_free, apart::apart, failure};
use crate::{
    api::{Scored, Step},
    engine::{Engine, reading::Wanted},
    error::AnalyzeError,
    sentiment::{Analysis, Method},
    text::{Text, narrow},
};
use futures_util::{StreamExt, stream};
use leptos::server_fn::codec::TextStream;
use serde::Serialize;
use std::fmt::Write;
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

/// The same JSON in ASCII. What is not stands within strings alone, where its UTF-16 may stand for it.
fn ascii(json: String) -> String {
    if json.is_ascii() {
        return json;
    }
    let mut escaped = String::with_capacity(2 * json.len());
    for character in json.chars() {
        if character.is_ascii() {
            escaped.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            // A string takes every write.
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentiment::Score;

    #[test]
    fn json_in_ascii_is_the_same_json() {
        let json = "[\"é\",{\"\\n😀\":\"\u{2028}\u{7f}\"}]";
        assert_eq!(ascii(json.into()), "[\"\\u00e9\",{\"\\n\\ud83d\\ude00\":\"\\u2028\u{7f}\"}]");
    }

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
