//! A run: one text's way through the engine, from the cache to its analysis.
//!
//! What an engine is made of is its own file's to say, what a text's rows are the reading's.

use super::{
    Engine, EngineError,
    reading::{Reading, Wanted},
    scores,
    timing::{self, Clock, Timing},
    tokenizer::{Cut, TokenizerError},
};
use crate::{
    sentiment::{Analysis, Timings},
    text::{Text, narrow},
};
use std::{
    sync::{Arc, atomic::Ordering},
    time::Instant,
};
use tracing::Instrument;

impl Engine {
    /// Texts that somebody who has many asks for at a time: enough to fill batches.
    pub const IN_FLIGHT: usize = 64;

    /// Scores one text, and what else of it is wanted.
    ///
    /// # Errors
    ///
    /// [`EngineError::TooLong`] for more tokens than it takes in, [`EngineError::Empty`] for none,
    /// [`EngineError::Tokenizer`] for what the tokenizer cannot read, [`EngineError::Overloaded`] at once
    /// when the queue is full, where [`Engine::for_many`] waits; the others are faults of the server.
    pub async fn analyze(&self, text: Text, wanted: Wanted) -> Result<Analysis, EngineError> {
        self.analyze_with_progress(text, wanted, |_, _| ()).await
    }

    /// As [`Engine::analyze`]; `progress` hears how many of how many rows the model has read.
    ///
    /// # Errors
    ///
    /// As [`Engine::analyze`].
    pub async fn analyze_with_progress(
        &self,
        text: Text,
        wanted: Wanted,
        progress: impl FnMut(usize, usize),
    ) -> Result<Analysis, EngineError> {
        let start = Instant::now();
        let key = self.inner.cache.key(&text, wanted);
        // Boxed: the cache would hold it several times over, for each text that waits.
        let run = Box::pin(async {
            let (analysis, timing) = self.run(text, wanted, progress).await?;
            self.inner.timings.record(&self.inner.name, timing);
            metrics::histogram!("valence_text_tokens").record(analysis.tokens);
            Ok(analysis)
        });
        let answer = self.inner.cache.get(key, self.kind, run).await?;
        if key.is_some() {
            self.inner.counts.answer(answer.is_hit);
        }
        let mut analysis = Arc::unwrap_or_clone(answer.analysis);
        if answer.is_hit {
            analysis.cached = true;
            analysis.micros = timing::micros(start.elapsed());
            analysis.timings = Timings::default();
        }
        Ok(analysis)
    }

    async fn run(
        &self,
        text: Text,
        wanted: Wanted,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<(Analysis, Timing), EngineError> {
        let inner = &self.inner;
        // What would be refused is not read first: under a storm that would cost the others theirs. Nor
        // do more wait to be read than may wait to be run.
        let place = inner.batcher.keep_place(self.kind).await?;
        // A text is accepted where it has its place.
        let (start, clock) = (Instant::now(), Clock::start());
        let turn = inner.readers.turn(self.kind).await.map_err(|_| EngineError::Stopped)?;
        let engine = Self::clone(self);
        // The thread that has read the text puts it into the queue: one change of threads less.
        let (reading, submission, under_way) = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let mut reading =
                clock.tokenize(|| Reading::of(text.as_str(), wanted, &engine.inner.tokenizer))?;
            let (wait, under_way) = clock.queue();
            let submission = engine.inner.batcher.submit(reading.take_rows(), wait, place)?;
            Ok::<_, EngineError>((reading, submission, under_way))
        })
        .await
        .map_err(|error| {
            if error.is_panic() { TokenizerError::Broken.into() } else { EngineError::Stopped }
        })??;
        // The text's own rows are the first; what else is wanted of it may take a hundred times as long.
        let (own, mut scored) = (reading.windows(), None);
        let progress = |done: usize, of: usize| {
            if (own..of).contains(&done) {
                scored.get_or_insert_with(|| start.elapsed());
            }
            progress(done, of);
        };
        let logits = submission.logits(progress).await?;
        let timing = under_way.end();
        if !scores::are_numbers(&logits) {
            return Err(EngineError::NoNumbers);
        }
        let head = wanted.activation.map(|activation| inner.head.with(activation));
        let head = head.as_ref().unwrap_or(&inner.head);
        let analysis = Analysis {
            scores: reading.scores(&logits, head),
            sentences: reading.sentences(&logits, head),
            explanation: reading.explanation(&logits, head),
            tokens: narrow(reading.tokens()),
            windows: narrow(reading.windows()),
            micros: timing::micros(scored.unwrap_or_else(|| start.elapsed())),
            timings: timing.into(),
            cached: false,
            model: inner.name.clone(),
            runs_on: inner.setting.to_string(),
        };
        Ok((analysis, timing))
    }

    /// Answers a first text, which brings the model into memory; the engine is ready afterwards. No
    /// limit is too low for this text.
    ///
    /// # Errors
    ///
    /// As [`Engine::analyze`].
    pub async fn warm_up(&self) -> Result<(), EngineError> {
        let text = Text::new("A first text to warm up the model.").expect("neither blank nor large");
        let span = tracing::debug_span!(target: timing::TRACE, "warm_up");
        let wanted = Wanted { cut: Some(Cut::End), ..Wanted::default() };
        self.run(text, wanted, |_, _| ()).instrument(span).await?;
        self.inner.ready.store(true, Ordering::Release);
        Ok(())
    }
}
