//! The engine: a text goes in, the scores of a DistilBERT-architecture model come out.
//!
//! ```text
//! Text → reading (sentences, tokenizer, windows) → batcher (queue → Batch → session → logits) → scores
//! ```
//!
//! [`artifact`] and [`runtime`] are what it needs at start: the model's folder and the ONNX
//! Runtime library. A text longer than the model reads is read in windows, never cut.

pub mod artifact;
pub mod graph;
pub mod locate;
pub mod runtime;

pub mod reading;

pub mod sentences;

pub mod tokenizer;

pub mod windows;

pub mod batcher;

pub mod queue;

pub mod batch;

pub mod session;

pub mod scores;

use crate::{sentiment::Analysis, text::Text};
use artifact::{Artifact, ArtifactError};
use batcher::{BatchError, Batcher};
use queue::{Limits, Refusal};
use runtime::{Runtime, RuntimeError};
use scores::Head;
use session::{Model, OnnxSession, SessionError};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};
use thiserror::Error;
use reading::{Reading, Wanted};
use tokenizer::{Tokenizer, TokenizerError};

/// Texts in one batch of a model that may be batched; beyond it there is nothing to gain.
const MAX_ROWS: usize = 32;

/// What an engine is made from.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// Folder of the model, in the layout of the Hugging Face Hub.
    pub model: PathBuf,
    /// File of the ONNX Runtime library.
    pub runtime: PathBuf,
    /// Sessions that run side by side, each with a batch of its own.
    pub sessions: usize,
    /// Threads of each session.
    pub threads: usize,
    /// Texts that may wait for a session; one more is refused.
    pub queue: usize,
    /// Tokens in one batch, padding included, of a model that may be batched.
    pub batch_tokens: usize,
    /// Tokens that a text may have; what the model does not read at once is read in windows.
    pub max_tokens: usize,
}

/// A loaded model that answers; clones share it.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    name: String,
    tokenizer: Arc<Tokenizer>,
    batcher: Batcher,
    head: Head,
    ready: AtomicBool,
}

impl Engine {
    /// Checks the model's folder, loads the runtime library and the model.
    ///
    /// # Errors
    ///
    /// A [`LoadError`] that names the file at fault.
    pub fn load(options: &EngineOptions) -> Result<Self, LoadError> {
        let artifact = Artifact::open(&options.model)?;
        let runtime = Runtime::load(&options.runtime)?;
        let labels = artifact.config.labels().len();
        let sessions = (0..options.sessions)
            .map(|_| OnnxSession::open(&runtime, &artifact.onnx, labels, options.threads))
            .collect::<Result<_, _>>()
            .map_err(|source| LoadError::Session { file: artifact.onnx.clone(), source })?;
        let rows = if artifact.may_be_batched()? { MAX_ROWS } else { 1 };
        let limits = Limits { waiting: options.queue, rows, tokens: options.batch_tokens };
        Ok(Self::new(&artifact, sessions, limits, options.max_tokens)?)
    }

    /// Puts an engine together from a checked folder and any models, stand-ins too.
    ///
    /// # Errors
    ///
    /// [`ArtifactError::Damaged`] when `tokenizer.json` cannot be read as a tokenizer.
    pub fn new<M: Model + 'static>(
        artifact: &Artifact,
        models: Vec<M>,
        limits: Limits,
        max_tokens: usize,
    ) -> Result<Self, ArtifactError> {
        let tokenizer = Tokenizer::open(&artifact.tokenizer, artifact.config.max_tokens(), max_tokens)
            .map_err(|error| {
                ArtifactError::Damaged { file: artifact.tokenizer.clone(), reason: error.to_string() }
            })?;
        Ok(Self(Arc::new(Inner {
            name: artifact.name.clone(),
            batcher: Batcher::start(models, tokenizer.pad(), limits),
            tokenizer: Arc::new(tokenizer),
            head: Head::new(&artifact.config),
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
        let start = Instant::now();
        let tokenizer = Arc::clone(&self.0.tokenizer);
        let reading = tokio::task::spawn_blocking(move || Reading::of(text.as_str(), wanted, &tokenizer))
            .await
            .map_err(|_| EngineError::Stopped)??;
        let logits = self.0.batcher.logits(reading.rows().to_vec()).await?;
        Ok(Analysis {
            scores: reading.scores(&logits, &self.0.head),
            sentences: reading.sentences(&logits, &self.0.head),
            tokens: narrow(reading.tokens()),
            windows: narrow(reading.windows()),
            micros: u32::try_from(start.elapsed().as_micros()).unwrap_or(u32::MAX),
            model: self.0.name.clone(),
        })
    }

    /// Answers a first text, which brings the model into memory; the engine is ready afterwards.
    ///
    /// # Errors
    ///
    /// As [`Engine::analyze`].
    pub async fn warm_up(&self) -> Result<(), EngineError> {
        let text = Text::new("A first text to warm up the model.").map_err(|_| EngineError::Stopped)?;
        self.analyze(text, Wanted::default()).await?;
        self.0.ready.store(true, Ordering::Release);
        Ok(())
    }

    /// Whether the model has answered its warm-up text.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.0.ready.load(Ordering::Acquire)
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
}

/// The wire speaks fixed-width numbers.
fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Why an engine did not start.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The model's folder is incomplete or damaged.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    /// The ONNX Runtime library is missing or unfit.
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
    /// ONNX Runtime refused the model's graph.
    #[error("ONNX Runtime cannot load the model {}", file.display())]
    Session {
        /// The graph's file.
        file: PathBuf,
        /// What the runtime says.
        source: SessionError,
    },
}

/// Why a text got no scores.
#[derive(Debug, Error)]
pub enum EngineError {
    /// More tokens than this engine takes in.
    #[error("{tokens} tokens, where at most {limit} are read")]
    TooLong {
        /// Tokens of the text, special tokens included.
        tokens: u32,
        /// The most that are read.
        limit: u32,
    },
    /// The queue is full.
    #[error("the queue is full")]
    Overloaded,
    /// The text could not be tokenized.
    #[error("the tokenizer failed")]
    Tokenizer(#[source] tokenizers::Error),
    /// The session returned an error.
    #[error("the session failed")]
    Session(#[from] SessionError),
    /// The engine is shutting down, or one of its threads has died.
    #[error("the engine has stopped")]
    Stopped,
}

impl From<TokenizerError> for EngineError {
    fn from(error: TokenizerError) -> Self {
        match error {
            TokenizerError::TooLong { tokens, limit } => Self::TooLong { tokens, limit },
            TokenizerError::Library(source) => Self::Tokenizer(source),
        }
    }
}

impl From<BatchError> for EngineError {
    fn from(error: BatchError) -> Self {
        match error {
            BatchError::Refused(Refusal::Full) => Self::Overloaded,
            BatchError::Refused(Refusal::Closed) => Self::Stopped,
            BatchError::Failed(error) => Self::Session(error),
        }
    }
}
