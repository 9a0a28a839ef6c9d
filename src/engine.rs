//! The engine: a text goes in, the scores of a DistilBERT-architecture model come out.
//!
//! ```text
//! Text → cache → reading (tokenizer, windows, sentences, explanation)
//!      → batcher (queue → Batch → session → logits) → scores
//! ```
//!
//! [`artifact`], [`runtime`] and [`device`] are what it needs at start: the model's folder, the ONNX
//! Runtime library, where to run; [`crate::loading`] finds and tries them. A text longer than the model
//! reads is read in windows, never cut. [`timing`] tells how long each phase took, [`counts`] what was run.

pub mod artifact;
pub mod batch;
pub mod cache;
pub mod counts;
pub mod device;
pub mod dtype;
pub mod graph;
pub mod queue;
pub mod reading;
pub mod runtime;
pub mod scores;
pub mod session;
pub mod setting;
pub mod timing;
pub mod tokenizer;

mod batcher;
mod error;
mod explanation;
mod onnx;
mod readers;
mod run;
mod sentences;
mod span;
mod submission;
mod windows;

pub use error::EngineError;

use artifact::Artifact;
use batcher::Batcher;
use cache::{Cache, CacheLimits};
use counts::{Counted, Counts};
use queue::QueueLimits;
use readers::Readers;
use scores::Head;
use session::Model;
use setting::Setting;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};
use timing::{LastTimings, Timing};
use tokenizer::Tokenizer;

/// A loaded model that answers; clones share it.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
    /// Whether its texts are single ones, or some of many that were sent together.
    kind: queue::Kind,
}

struct Inner {
    name: String,
    revision: Option<String>,
    setting: Setting,
    cache: Cache,
    tokenizer: Tokenizer,
    /// Texts that may be read at the same time: one for each CPU. More threads would only cost
    /// memory, some 200 KB each.
    readers: Readers,
    batcher: Batcher,
    limits: QueueLimits,
    head: Head,
    timings: LastTimings,
    counts: Arc<Counts>,
    ready: AtomicBool,
}

impl Engine {
    /// Puts an engine together from a checked folder, its tokenizer and any models, stand-ins too.
    #[must_use]
    pub fn new<M: Model + 'static>(
        artifact: &Artifact,
        tokenizer: Tokenizer,
        models: Vec<M>,
        setting: Setting,
        limits: QueueLimits,
        cache: CacheLimits,
    ) -> Self {
        let counts = Arc::<Counts>::default();
        let inner = Inner {
            name: artifact.name.clone(),
            revision: artifact.revision.clone(),
            setting,
            cache: Cache::new(cache),
            batcher: Batcher::start(models, tokenizer.pad(), limits, Arc::clone(&counts)),
            limits,
            tokenizer,
            readers: Readers::new(cpus()),
            head: Head::new(&artifact.config),
            timings: LastTimings::default(),
            counts,
            ready: AtomicBool::new(false),
        };
        Self { inner: Arc::new(inner), kind: queue::Kind::Single }
    }

    /// The same model for texts that were sent together, which wait in line where the queue is full: those
    /// of all requests fill half of it at most, and take turns with single texts. One that is not polled
    /// holds up those behind it in that line, so each needs a task that goes on.
    #[must_use]
    pub fn for_many(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), kind: queue::Kind::OfMany }
    }

    /// Whether the model has answered its warm-up text, and all its sessions run.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.inner.ready.load(Ordering::Acquire) && !self.is_restarting()
    }

    /// Whether a session of the model has failed and is being restarted.
    #[must_use]
    pub fn is_restarting(&self) -> bool {
        self.inner.batcher.is_restarting()
    }

    /// The labels, in the order of their numbers.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        self.inner.head.labels()
    }

    /// Whether its scores are probabilities of labels; those of a regression model are ratings.
    #[must_use]
    pub fn gives_probabilities(&self) -> bool {
        self.inner.head.gives_probabilities()
    }

    /// Name of the model, as its folder is named.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.inner.name
    }

    /// Commit of a model from the Hub.
    #[must_use]
    pub fn revision(&self) -> Option<&str> {
        self.inner.revision.as_deref()
    }

    /// Texts that may be tokenized at the same time.
    #[must_use]
    pub fn readers(&self) -> usize {
        self.inner.readers.most()
    }

    /// How large its queue and its batches may become.
    #[must_use]
    pub fn limits(&self) -> QueueLimits {
        self.inner.limits
    }

    /// Rows that wait for a session now; a text that is still to be read counts as one.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.inner.batcher.waiting()
    }

    /// How long its last answers took; one from the cache takes no time.
    #[must_use]
    pub fn timings(&self) -> Vec<Timing> {
        self.inner.timings.last()
    }

    /// What it has answered and run.
    #[must_use]
    pub fn counted(&self) -> Counted {
        self.inner.counts.now()
    }

    /// The most tokens that a text may have.
    #[must_use]
    pub fn max_tokens(&self) -> usize {
        self.inner.tokenizer.limit()
    }

    /// Where and how the model runs.
    #[must_use]
    pub fn setting(&self) -> &Setting {
        &self.inner.setting
    }
}

/// CPUs that this process may use; the standard library respects a container's quota.
#[must_use]
pub fn cpus() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}
