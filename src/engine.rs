//! The engine: a text goes in, the scores of a DistilBERT-architecture model come out.
//!
//! ```text
//! Text → cache → reading (tokenizer, windows, sentences, explanation)
//!      → batcher (queue → Batch → session → logits) → scores
//! ```
//!
//! [`artifact`], [`runtime`], [`device`] and [`load`] are what it needs at start: the model's
//! folder, the ONNX Runtime library, where to run. A text longer than the model reads is read in
//! windows, never cut. [`timing`] tells how long each phase took.

pub mod artifact;
pub mod device;
pub mod dtype;
pub mod graph;
pub mod load;
pub mod locate;
pub mod runtime;

pub mod cache;

pub mod reading;

pub mod explanation;

pub mod sentences;

pub mod span;

pub mod tokenizer;

pub mod windows;

pub mod batcher;

pub mod submission;

pub mod queue;

pub mod batch;

pub mod session;

pub mod weights;

pub mod scores;

pub mod timing;

mod error;

pub use error::EngineError;

use crate::{
    sentiment::Analysis,
    text::{Text, narrow},
};
use artifact::{Artifact, ArtifactError};
use batcher::Batcher;
use cache::{Cache, CacheLimits};
use load::Setting;
use queue::Limits;
use reading::{Reading, Wanted};
use scores::Head;
use session::Model;
use std::{
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Instant,
};
use timing::{Clock, Timing, Timings};
use tokenizer::{Tokenizer, TokenizerError};
use tokio::sync::Semaphore;
use tracing::Instrument;

/// A loaded model that answers; clones share it.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    name: String,
    revision: Option<String>,
    setting: Setting,
    cache: Cache,
    tokenizer: Tokenizer,
    /// Texts that may be read at the same time: one for each CPU. More threads would only cost
    /// memory, some 200 KB each.
    readers: Arc<Semaphore>,
    batcher: Batcher,
    limits: Limits,
    head: Head,
    timings: Timings,
    ready: AtomicBool,
}

impl Engine {
    /// Puts an engine together from a checked folder and any models, stand-ins too.
    ///
    /// `max_tokens` is the most that a text may have.
    ///
    /// # Errors
    ///
    /// [`ArtifactError::Damaged`] when `tokenizer.json` cannot be read as a tokenizer.
    pub fn new<M: Model + 'static>(
        artifact: &Artifact,
        models: Vec<M>,
        setting: Setting,
        limits: Limits,
        max_tokens: usize,
        cache: CacheLimits,
    ) -> Result<Self, ArtifactError> {
        let tokenizer = Tokenizer::open(&artifact.tokenizer, artifact.max_tokens, max_tokens)
            .map_err(|error| ArtifactError::Damaged {
                file: artifact.tokenizer.clone(),
                reason: error.to_string(),
            })?
            .with_special(artifact.special.clone());
        Ok(Self(Arc::new(Inner {
            name: artifact.name.clone(),
            revision: artifact.revision.clone(),
            setting,
            cache: Cache::new(cache),
            batcher: Batcher::start(models, tokenizer.pad(), limits),
            limits,
            tokenizer,
            readers: Arc::new(Semaphore::new(thread::available_parallelism().map_or(1, NonZero::get))),
            head: Head::new(&artifact.config),
            timings: Timings::default(),
            ready: AtomicBool::new(false),
        })))
    }

    /// Scores one text, and what else of it is wanted.
    ///
    /// # Errors
    ///
    /// [`EngineError::TooLong`] for more tokens than it takes in, [`EngineError::Overloaded`]
    /// at once when the queue is full; the others are faults of the server.
    pub async fn analyze(&self, text: Text, wanted: Wanted) -> Result<Analysis, EngineError> {
        self.analyze_watched(text, wanted, |_, _| ()).await
    }

    /// As [`Engine::analyze`]; `progress` hears how many of how many rows the model has read.
    ///
    /// # Errors
    ///
    /// As [`Engine::analyze`].
    pub async fn analyze_watched(
        &self,
        text: Text,
        wanted: Wanted,
        progress: impl FnMut(usize, usize),
    ) -> Result<Analysis, EngineError> {
        let start = Instant::now();
        let run = async |text| {
            let (analysis, timing) = self.run(text, wanted, progress).await?;
            self.0.timings.record(&self.0.name, timing);
            metrics::histogram!("valence_text_tokens").record(analysis.tokens);
            Ok(analysis)
        };
        let answer = self.0.cache.get(text, wanted, run).await?;
        Ok(Analysis {
            cached: answer.is_hit,
            micros: u32::try_from(start.elapsed().as_micros()).unwrap_or(u32::MAX),
            ..Analysis::clone(&answer.analysis)
        })
    }

    async fn run(
        &self,
        text: Text,
        wanted: Wanted,
        progress: impl FnMut(usize, usize),
    ) -> Result<(Analysis, Timing), EngineError> {
        let inner = &self.0;
        let clock = Clock::start();
        // What would be refused is not read first: under a storm that would cost the others theirs.
        self.refuse_when_full()?;
        let reader = Arc::clone(&inner.readers).acquire_owned().await.map_err(|_| EngineError::Stopped)?;
        self.refuse_when_full()?;
        let engine = Self::clone(self);
        // The thread that has read the text puts it into the queue: one change of threads less.
        let (reading, submission, under_way) = tokio::task::spawn_blocking(move || {
            let _reader = reader;
            let mut reading = clock.tokenize(|| Reading::of(text.as_str(), wanted, &engine.0.tokenizer))?;
            let (wait, under_way) = clock.queue();
            let submission = engine.0.batcher.submit(reading.take_rows(), wait)?;
            Ok::<_, EngineError>((reading, submission, under_way))
        })
        .await
        .map_err(|error| {
            if error.is_panic() { TokenizerError::Broken.into() } else { EngineError::Stopped }
        })??;
        let logits = submission.logits(progress).await?;
        let timing = under_way.end();
        let head = wanted.activation.map(|activation| inner.head.with(activation));
        let head = head.as_ref().unwrap_or(&inner.head);
        let analysis = Analysis {
            scores: reading.scores(&logits, head),
            sentences: reading.sentences(&logits, head),
            explanation: reading.explanation(&logits, head),
            tokens: narrow(reading.tokens()),
            windows: narrow(reading.windows()),
            micros: 0,
            cached: false,
            model: inner.name.clone(),
            runs_on: inner.setting.to_string(),
        };
        Ok((analysis, timing))
    }

    fn refuse_when_full(&self) -> Result<(), EngineError> {
        if self.0.batcher.is_full() { Err(EngineError::Overloaded) } else { Ok(()) }
    }

    /// Answers a first text, which brings the model into memory; the engine is ready afterwards.
    ///
    /// # Errors
    ///
    /// As [`Engine::analyze`].
    pub async fn warm_up(&self) -> Result<(), EngineError> {
        let text = Text::new("A first text to warm up the model.").map_err(|_| EngineError::Stopped)?;
        let span = tracing::debug_span!(target: timing::TRACE, "warm_up");
        self.run(text, Wanted::default(), |_, _| ()).instrument(span).await?;
        self.0.ready.store(true, Ordering::Release);
        Ok(())
    }

    /// Whether the model has answered its warm-up text, and all its sessions run.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.0.ready.load(Ordering::Acquire) && !self.is_restarting()
    }

    /// Whether a session of the model has failed and is being restarted.
    #[must_use]
    pub fn is_restarting(&self) -> bool {
        self.0.batcher.is_restarting()
    }

    /// The labels, in the order of their numbers.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        self.0.head.labels()
    }

    /// Name of the model, as its folder is named.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.0.name
    }

    /// Commit of a model from the Hub.
    #[must_use]
    pub fn revision(&self) -> Option<&str> {
        self.0.revision.as_deref()
    }

    /// How large its queue and its batches may become.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.0.limits
    }

    /// Texts that wait for a session now.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.0.batcher.waiting()
    }

    /// How long its last answers took; one from the cache takes no time.
    #[must_use]
    pub fn timings(&self) -> Vec<Timing> {
        self.0.timings.last()
    }

    /// The most tokens that a text may have.
    #[must_use]
    pub fn max_tokens(&self) -> usize {
        self.0.tokenizer.limit()
    }

    /// Where and how the model runs.
    #[must_use]
    pub fn setting(&self) -> &Setting {
        &self.0.setting
    }
}
