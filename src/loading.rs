//! Loading: from options to an engine that runs, on the device that was asked for or can be had.
//!
//! [`locate`] finds what comes with the program, [`crate::hub`] brings a model that is not here, and
//! [`crate::engine`] is what comes of both.

mod auto;
mod error;
pub mod locate;
mod named;
mod source;

pub use error::LoadError;
pub use source::ModelSource;

use crate::{
    engine::{
        Engine,
        artifact::Artifact,
        batch::Batch,
        cache::CacheLimits,
        device::{Device, DeviceChoice},
        dtype::Dtype,
        queue::QueueLimits,
        reading::{Reading, Wanted},
        runtime::Runtime,
        scores,
        session::{Model, OnnxSession, SessionError, SessionOptions},
        setting::{PassedOver, Setting},
        tokenizer::{Cut, TRIAL_TEXT, Tokenizer},
    },
    hub::Hub,
};
use std::path::PathBuf;

/// Rows in one batch of a model that may be batched; beyond it there is nothing to gain.
const MAX_ROWS: usize = 32;

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
    pub device: DeviceChoice,
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

/// Loads the runtime library, pulls the model where it is on the Hub, checks its folder and loads the graph
/// that suits the device.
///
/// # Errors
///
/// A [`LoadError`] that names the file or the device at fault. An accelerator that `auto` tries and cannot
/// have is no error: the engine's [`Setting`] tells.
pub fn load(options: &EngineOptions) -> Result<Engine, LoadError> {
    let runtime = Runtime::load(&options.runtime)?;
    let open = |device| open(options, device);
    let load_on =
        |device, opened: &Opened, passed_over| load_on(device, passed_over, opened, &runtime, options);
    match options.device {
        DeviceChoice::Only(device) if !device.is_known() => Err(LoadError::UnsupportedDevice { device }),
        DeviceChoice::Only(device) => named::on(device, open, load_on),
        DeviceChoice::Auto => auto::first_that_works(Device::accelerators(), open, load_on),
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

    /// Whether the device runs most of the graph itself: ONNX Runtime's accelerators lack most operators of
    /// an 8-bit one and leave them to the CPU node by node, with a copy at each step.
    fn suits(&self, device: Device) -> bool {
        device == Device::Cpu || self.dtype != Dtype::Int8
    }
}

/// Finds the model and checks its folder. One on the Hub is called by its id.
fn open(options: &EngineOptions, device: Device) -> Result<Opened, LoadError> {
    let artifact = match &options.model {
        ModelSource::Folder(folder) if !folder.is_dir() => {
            return Err(LoadError::NotAFolder { folder: folder.clone() });
        }
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

fn load_on(
    device: Device,
    passed_over: PassedOver,
    Opened { artifact, dtype, graph: file }: &Opened,
    runtime: &Runtime,
    options: &EngineOptions,
) -> Result<Engine, LoadError> {
    let graph = artifact.read(file)?;
    let is_batched = graph.may_be_batched() && artifact.config.may_be_batched();
    let sessions = if device == Device::Cpu { options.sessions } else { 1 };
    let setting =
        Setting { device, passed_over, dtype: *dtype, sessions, threads: options.threads, is_batched };

    let session = SessionOptions::new(device, artifact.config.labels().len(), options.threads);
    let models = OnnxSession::open_several(runtime, &graph, sessions, session)
        .map_err(|source| LoadError::of_session(device, file.clone(), source))?;
    let tokenizer = Tokenizer::of(artifact, options.max_tokens)?;
    let models =
        tried(models, &tokenizer).map_err(|source| LoadError::of_trial(device, file.clone(), source))?;
    let rows = if is_batched { MAX_ROWS } else { 1 };
    let limits = QueueLimits { waiting: options.queue, rows, tokens: options.batch_tokens };
    Ok(Engine::new(artifact, tokenizer, models, setting, limits, options.cache))
}

/// The models, after the first has read a short text: a graph may be taken in and fail at every text, or
/// on this device, and may not say before what it gives a text. A text that the tokenizer does not read says
/// nothing of the model.
fn tried<M: Model>(mut models: Vec<M>, tokenizer: &Tokenizer) -> Result<Vec<M>, SessionError> {
    let wanted = Wanted { cut: Some(Cut::End), ..Wanted::default() };
    let reading = Reading::of(TRIAL_TEXT, wanted, tokenizer);
    if let (Some(first), Ok(mut reading)) = (models.first_mut(), reading) {
        let rows = reading.take_rows();
        let logits = first.logits(&Batch::new(&rows.iter().collect::<Vec<_>>(), tokenizer.pad()))?;
        if !scores::are_numbers(&logits) {
            return Err(SessionError::NoNumbers);
        }
    }
    Ok(models)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::tiny_tokenizer;

    struct Gives(fn(&Batch) -> Result<f32, SessionError>);

    impl Model for Gives {
        fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
            Ok(vec![vec![0.0, (self.0)(batch)?]; batch.rows])
        }
    }

    /// How many of two models are left, of which one reads so many tokens and gives this.
    fn left(room: usize, first: fn(&Batch) -> Result<f32, SessionError>) -> Result<usize, SessionError> {
        tried(vec![Gives(first), Gives(|_| Ok(1.0))], &tiny_tokenizer(room, 600)).map(|models| models.len())
    }

    // On the CPU it was served, and never answered.
    #[test]
    fn a_model_that_fails_its_first_text_is_found_while_it_is_loaded() {
        assert_eq!(left(128, |_| Ok(1.0)).ok(), Some(2));
        let failed = left(128, |batch| Err(SessionError::Shape { rows: batch.rows, shape: vec![1, 7, 2] }));
        assert!(matches!(failed, Err(SessionError::Shape { .. })));
        assert!(matches!(left(128, |_| Ok(f32::NAN)), Err(SessionError::NoNumbers)));
        assert!(matches!(left(128, |_| Ok(f32::INFINITY)), Err(SessionError::NoNumbers)));
    }

    // BART reads the place of the token that ends a text.
    #[test]
    fn a_first_text_has_the_special_tokens_of_the_models_own_tokenizer() {
        let read = left(128, |batch| match batch.input_ids[..] {
            [2, .., 3] => Ok(1.0),
            _ => Err(SessionError::Runtime("no end token".into())),
        });
        assert_eq!(read.ok(), Some(2));
    }

    // There is room for special tokens alone.
    #[test]
    fn a_text_of_no_tokens_speaks_against_no_model() {
        assert_eq!(left(2, |_| Err(SessionError::Down)).ok(), Some(2));
    }
}
