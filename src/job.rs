//! A job: every row of a dataset is scored and written in its order, with what the model says.
//!
//! ```text
//! reader thread → chunks of rows → engine (several chunks at once) → columns of scores → output
//! ```
//!
//! So many texts are under way that the engine always finds some of like length, and so few that
//! the memory does not grow with the file.

pub mod fit;
pub mod output;
pub mod scored;

use crate::{
    dataset::{
        Chunks,
        chunk::{Chunk, Unreadable},
        column,
        error::DatasetError,
        format::Format,
    },
    engine::{Engine, EngineError},
};
use futures_util::{FutureExt, Stream, StreamExt, future::try_join_all, stream};
use output::{Output, OutputError};
use scored::Scored;
use std::thread;
use thiserror::Error;
use tokio::sync::mpsc;

/// Chunks that are scored at once: while the last texts of one are answered, the next ones wait.
const CHUNKS_IN_FLIGHT: usize = 4;

/// Chunks that are read ahead.
const CHUNKS_AHEAD: usize = 2;

/// What a job reads and writes.
#[derive(Clone, Debug)]
pub struct Job {
    /// The column of texts.
    pub text_column: String,
    /// All columns of the input.
    pub columns: Vec<String>,
    /// Those that are added, as [`crate::columns::added`] has them, under names that are free.
    pub added: Vec<String>,
    /// Format of the output.
    pub format: Format,
}

/// What a job has still to do.
pub struct Rest {
    /// All rows of the input.
    pub chunks: Chunks,
    /// The first of them that are done: another run has written them.
    pub done: u64,
}

/// What became of a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows that were written.
    pub rows: u64,
    /// Rows among them that have an error: most in place of scores, some for what the output cannot hold.
    pub failed: u64,
    /// Where the last of them ends, as [`Chunk::end`].
    pub end: u64,
}

/// Why a job ended early.
#[derive(Debug, Error)]
pub enum JobError {
    /// The input or the output.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// What is kept between runs.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The engine, which answers no text any more.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Scores the rows that are left and writes them to `output`, until they end or `stop` is ready; then
/// the first chunk under way is still finished. `written` hears of each chunk.
///
/// # Errors
///
/// A [`JobError`]. A row that cannot be read, scored or written whole is none: it says why.
pub async fn run(
    engine: &Engine,
    job: &Job,
    rest: Rest,
    output: &mut Output,
    stop: impl Future<Output = ()>,
    mut written: impl FnMut(Summary),
) -> Result<Summary, JobError> {
    let mut chunks = read_ahead(rest);
    let stop = stop.shared();
    // A pipe may have no row for long.
    let chunks = stream::poll_fn(|context| chunks.poll_recv(context)).take_until(stop.clone());
    let scored = chunks
        .map(async |chunk| {
            let Chunk { rows, unreadable, end } = chunk?;
            let texts = column::texts(&rows, &job.text_column)?;
            let no_texts = column::no_texts(&rows, &job.text_column);
            let (rows, unwritable) = fit::fit(rows, job)?;
            let scores = score(engine, texts, errors(unreadable, no_texts)).await?;
            Ok::<_, JobError>((rows, scores, unwritable, end))
        })
        .buffered(CHUNKS_IN_FLIGHT);
    let mut scored = std::pin::pin!(scored);
    let mut summary = Summary::default();
    while let Some(chunk) = scored.next().await {
        let (rows, scores, unwritable, end) = chunk?;
        summary.rows += rows.len() as u64;
        let errors = scored::errors(&scores, unwritable);
        let failed = errors.iter().flatten().count() as u64;
        summary.failed += failed;
        summary.end = end;
        output.write(scored::append(rows, &job.added, engine.labels(), &scores, errors)?, failed)?;
        written(summary);
        if stop.clone().now_or_never().is_some() {
            break;
        }
    }
    Ok(summary)
}

/// Scores texts as a job does, and gives each one's [`Scored`] as it is ready, in order.
pub fn score_all<'a>(
    engine: &'a Engine,
    texts: impl Iterator<Item = String> + 'a,
) -> impl Stream<Item = Result<Scored, EngineError>> + 'a {
    let in_flight = CHUNKS_IN_FLIGHT * crate::dataset::CHUNK_ROWS;
    stream::iter(texts).map(move |text| scored::of(engine, Some(text))).buffered(in_flight)
}

/// Why a row has no text to score.
fn errors(
    unreadable: Vec<Option<Unreadable>>,
    no_texts: Vec<Option<&'static str>>,
) -> impl Iterator<Item = Option<String>> {
    let unreadable = unreadable
        .into_iter()
        .map(|row| row.map(|Unreadable { reason, .. }| format!("cannot be read: {reason}")));
    let no_texts = no_texts.into_iter().map(|why| why.map(|why| format!("{why}; write it as a string")));
    unreadable.zip(no_texts).map(|(one, other)| one.or(other))
}

/// What the model says of texts; a row with an error has that.
async fn score(
    engine: &Engine,
    texts: Vec<Option<String>>,
    errors: impl Iterator<Item = Option<String>>,
) -> Result<Vec<Scored>, EngineError> {
    let scores = texts.into_iter().zip(errors).map(async |(text, error)| match error {
        Some(error) => Ok(Err(error)),
        None => scored::of(engine, text).await,
    });
    // Where one fails, nobody waits for the others: a session that never comes back would keep them.
    try_join_all(scores).await
}

/// Reads on a thread of its own, which ends when nobody takes its chunks any more.
fn read_ahead(rest: Rest) -> mpsc::Receiver<Result<Chunk, DatasetError>> {
    let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD);
    thread::spawn(move || {
        let Rest { chunks, done: mut skip } = rest;
        for chunk in chunks {
            let chunk = chunk.map(|chunk| {
                let done = skip.min(chunk.rows.len() as u64);
                skip -= done;
                chunk.skip(done as usize)
            });
            let is_last = chunk.is_err();
            // The last of those to skip is empty, and tells where the others begin.
            if skip > 0 && !is_last {
                continue;
            }
            if sender.blocking_send(chunk).is_err() || is_last {
                return;
            }
        }
    });
    receiver
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::jsonl;
    use std::{io::Cursor, path::Path};

    #[test]
    fn resuming_starts_where_the_rows_that_are_done_end() {
        let lines = Cursor::new("\"good\"\n".repeat(600));
        let chunks = Box::new(jsonl::Reader::new(Path::new("in.jsonl"), Box::new(lines)));
        let mut chunks = read_ahead(Rest { chunks, done: 512 });
        let mut next = || {
            let chunk = chunks.blocking_recv()?.expect("read");
            Some((chunk.rows.len(), chunk.end))
        };
        assert_eq!((next(), next(), next()), (Some((0, 512 * 7)), Some((88, 600 * 7)), None));
    }
}
