//! Loading: from options to an engine that runs, on the device that was asked for or can be had.

mod auto;
mod error;

pub use error::LoadError;

use super::{
    Engine,
    artifact::Artifact,
    batch::Batch,
    cache::CacheLimits,
    device::{Choice, Device},
    dtype::Dtype,
    queue::QueueLimits,
    runtime::Runtime,
    session::{Model, OnnxSession, SessionError, SessionOptions},
    tokenizer::Encoding,
};
use crate::hub::{Hub, source::ModelSource};
use std::{fmt, path::PathBuf, thread};

/// Rows in one batch of a model that may be batched; beyond it there is nothing to gain.
const MAX_ROWS: usize = 32;

/// Tokens of the text that a model is tried with.
const TRIAL_TOKENS: usize = 8;

/// What an engine is made from.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// Where the model is.
    pub model: ModelSource,
    /// Precision, where one is asked for.
    pub dtype: Option<Dtype>,
    /// File of the ONNX Runtime library.
    pub runtime: PathBuf,
    /// Where to run.
    pub device: Choice,
    /// Sessions that run side by side on the processor, each with a batch of its own; an
    /// accelerator has one.
    pub sessions: usize,
    /// Threads of each session.
    pub threads: usize,
    /// Rows that may wait for a session; one more is refused.
    pub queue: usize,
    /// Tokens in one batch, padding included, of a model that may be batched.
    pub batch_tokens: usize,
    /// Tokens that a text may have; what the model does not read at once is read in windows.
    pub max_tokens: usize,
    /// Answers that are kept.
    pub cache: CacheLimits,
}

/// Where and how a model runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The device.
    pub device: Device,
    /// The accelerators that were tried before and do not work, each with the reason.
    pub failed: Vec<(Device, String)>,
    /// The precision.
    pub dtype: Dtype,
    /// Sessions side by side.
    pub sessions: usize,
    /// Threads of each.
    pub threads: usize,
    /// Whether texts share batches.
    pub is_batched: bool,
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.dtype, self.device)?;
        if let Some((device, _)) = self.failed.first() {
            write!(f, ", as {device} does not work here")?;
        }
        Ok(())
    }
}

impl Engine {
    /// Loads the runtime library, pulls the model where it is on the Hub, checks its folder and loads
    /// the graph that suits the device.
    ///
    /// # Errors
    ///
    /// A [`LoadError`] that names the file or the device at fault. An accelerator that `auto`
    /// tries and cannot have is no error: the engine's [`Setting`] tells.
    pub fn load(options: &EngineOptions) -> Result<Self, LoadError> {
        let runtime = Runtime::load(&options.runtime)?;
        let open = |device| open(options, device);
        let load = |device, opened: &Opened, failed| load_on(device, failed, opened, &runtime, options);
        match options.device {
            Choice::Only(device) if !device.is_known() => Err(LoadError::UnsupportedDevice { device }),
            Choice::Only(device) => load(device, &open(device)?, Vec::new()),
            Choice::Auto => auto::first_that_works(Device::accelerators(), open, load),
        }
    }
}

/// A checked folder, and the graph of it that suits a device.
struct Opened {
    artifact: Artifact,
    dtype: Dtype,
    graph: PathBuf,
}

impl Opened {
    fn of(artifact: Artifact, asked: Option<Dtype>, device: Device) -> Result<Self, LoadError> {
        let (dtype, graph) = artifact.graph(asked, Dtype::preferred_on(device))?;
        Ok(Self { artifact, dtype, graph })
    }
}

/// Finds the model and checks its folder. One on the Hub is called by its id.
fn open(options: &EngineOptions, device: Device) -> Result<Opened, LoadError> {
    let artifact = match &options.model {
        ModelSource::Folder(folder) => Artifact::open(folder)?,
        ModelSource::Hub(id) => {
            let folder = Hub::from_env().pull(id, options.dtype, Dtype::preferred_on(device))?;
            // The cache names a model's folder by its commit.
            let revision = folder.file_name().map(|commit| commit.to_string_lossy().into_owned());
            let mut artifact = Artifact::open(&folder)?;
            (artifact.name, artifact.revision) = (id.to_string(), revision);
            artifact
        }
    };
    Opened::of(artifact, options.dtype, device)
}

/// CPUs that this process may use; the standard library respects a container's quota.
#[must_use]
pub fn cpus() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

fn load_on(
    device: Device,
    failed: Vec<(Device, String)>,
    Opened { artifact, dtype, graph: file }: &Opened,
    runtime: &Runtime,
    options: &EngineOptions,
) -> Result<Engine, LoadError> {
    let graph = artifact.read(file)?;
    let is_batched = graph.may_be_batched() && artifact.config.may_be_batched();
    let sessions = if device == Device::Cpu { options.sessions } else { 1 };
    let setting = Setting { device, failed, dtype: *dtype, sessions, threads: options.threads, is_batched };

    let session = SessionOptions::new(device, artifact.config.labels().len(), options.threads);
    let models = OnnxSession::open_several(runtime, &graph, sessions, session)
        .and_then(|models| tried(models, device))
        .map_err(|source| LoadError::of_session(device, file.clone(), source))?;
    let rows = if is_batched { MAX_ROWS } else { 1 };
    let limits = QueueLimits { waiting: options.queue, rows, tokens: options.batch_tokens };
    Ok(Engine::new(artifact, models, setting, limits, options.max_tokens, options.cache)?)
}

/// The models, after the first has read a short text: a device may take a graph in and fail at its
/// first run, and a graph may not say before how many labels it scores.
fn tried<M: Model>(mut models: Vec<M>, device: Device) -> Result<Vec<M>, SessionError> {
    if let Some(first) = models.first_mut() {
        // Every vocabulary has a first token, and what the model says of it is nobody's concern.
        match first.logits(&Batch::new(&[&Encoding::new(vec![0; TRIAL_TOKENS])], 0)) {
            Err(error @ SessionError::Labels { .. }) => return Err(error),
            // Some need the token that ends a text, which this has not: on the CPU real texts show it.
            Err(error) if device != Device::Cpu => return Err(error),
            _ => {}
        }
    }
    Ok(models)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fails(Option<fn() -> SessionError>);

    impl Model for Fails {
        fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
            self.0.map_or_else(|| Ok(vec![vec![0.0, 1.0]; batch.rows]), |error| Err(error()))
        }
    }

    #[test]
    fn a_model_that_fails_its_first_run_is_found_while_it_is_loaded() {
        let tried = |first, device| tried(vec![Fails(first), Fails(None)], device).map(|models| models.len());
        let run: fn() -> SessionError = || SessionError::Runtime("no memory on the device".into());
        assert_eq!(tried(None, Device::Cuda(0)).ok(), Some(2));
        assert!(tried(Some(run), Device::Cuda(0)).is_err());
    }

    // BART reads the place of the token that ends a text.
    #[test]
    fn on_the_cpu_only_a_wrong_number_of_labels_speaks_against_a_model() {
        let tried = |first: fn() -> SessionError| tried(vec![Fails(Some(first))], Device::Cpu);
        assert!(tried(|| SessionError::Runtime("no end token".into())).is_ok());
        assert!(tried(|| SessionError::Labels { graph: 2, config: 3 }).is_err());
    }
}
