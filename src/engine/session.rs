//! The session: a batch becomes logits.
//!
//! It alone hands a run's tensors to `ort` and takes them back; those that sessions hold from the
//! start are the weights', [`SharedWeights`].

mod error;
mod weights;

pub use error::SessionError;

use super::{
    batch::Batch,
    device::Device,
    graph::{Graph, GraphError, Stamp},
    runtime::Runtime,
};
use half::f16;
use ort::{
    session::{Session, builder::GraphOptimizationLevel},
    value::TensorRef,
};
use std::{path::PathBuf, sync::Arc};
use weights::SharedWeights;

/// Anything that turns batches into logits: the ONNX session, or a stand-in in tests.
pub trait Model: Send {
    /// Runs one batch; the result has one row of logits for each row of the batch.
    ///
    /// # Errors
    ///
    /// A [`SessionError`] when the run failed; the next run may succeed.
    fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError>;

    /// Restarts after a run that failed or panicked; a stand-in without a state has nothing to do.
    ///
    /// # Errors
    ///
    /// A [`SessionError`] when it did not start; another attempt may succeed.
    fn restart(&mut self) -> Result<(), SessionError> {
        Ok(())
    }
}

const INPUT_IDS: &str = "input_ids";
const ATTENTION_MASK: &str = "attention_mask";
/// Which of two texts a token belongs to; BERT asks for it.
const TOKEN_TYPE_IDS: &str = "token_type_ids";
const LOGITS: &str = "logits";

/// The runtime's setting for the folder of the weights that a graph which comes as bytes leaves to files.
const WEIGHTS_FOLDER: &str = "session.model_external_initializers_file_folder_path";

/// How a graph is loaded.
#[derive(Clone, Copy, Debug)]
pub struct SessionOptions {
    /// Where it runs.
    pub device: Device,
    /// Logits that it gives a text.
    pub labels: usize,
    /// Threads that compute one batch.
    pub threads: usize,
    /// Whether products of 8-bit numbers are added exactly where the processor's quick way is not.
    pub is_exact: bool,
}

impl SessionOptions {
    /// Options that are exact where the processor needs it.
    #[must_use]
    pub fn new(device: Device, labels: usize, threads: usize) -> Self {
        Self { device, labels, threads, is_exact: adds_in_16_bits() }
    }

    fn check_width(&self, graph: i64) -> Result<(), SessionError> {
        if usize::try_from(graph) == Ok(self.labels) {
            Ok(())
        } else {
            Err(SessionError::Labels { graph, config: self.labels })
        }
    }
}

/// A model's graph, loaded for a device.
pub struct OnnxSession {
    /// None after a restart that failed.
    session: Option<Session>,
    has_token_types: bool,
    reopen: Arc<Reopen>,
}

/// What sessions of one graph are opened from. The graph's file is read again each time: to keep its
/// bytes would double the memory of a model.
struct Reopen {
    runtime: Runtime,
    file: PathBuf,
    stamps: Vec<Stamp>,
    weights: SharedWeights,
    options: SessionOptions,
}

impl OnnxSession {
    /// Loads a graph for one session.
    ///
    /// # Errors
    ///
    /// As [`OnnxSession::open_several`].
    pub fn open(runtime: &Runtime, graph: &Graph, options: SessionOptions) -> Result<Self, SessionError> {
        Self::open_with(graph, Reopen::of(runtime, graph, SharedWeights::default(), options))
    }

    /// Loads a graph for `count` sessions, which hold its weights once.
    ///
    /// # Errors
    ///
    /// A [`SessionError`] when the runtime refuses the device or the graph, or when the graph is
    /// no classifier's.
    pub fn open_several(
        runtime: &Runtime,
        graph: &Graph,
        count: usize,
        options: SessionOptions,
    ) -> Result<Vec<Self>, SessionError> {
        if count == 1 {
            return Ok(vec![Self::open(runtime, graph, options)?]);
        }
        let reopen = Reopen::of(runtime, graph, SharedWeights::read(runtime, graph)?, options);
        (0..count).map(|_| Self::open_with(graph, Arc::clone(&reopen))).collect()
    }

    /// Spinning is off, because idle threads would burn whole cores between requests; so is the
    /// memory pattern, which keeps a plan for every length of text ever seen. The arena is on, as it is by
    /// default: it keeps what the largest run took, and without it each run is slower
    /// (`docs/benchmarks-by-hand.md`).
    fn open_with(graph: &Graph, reopen: Arc<Reopen>) -> Result<Self, SessionError> {
        let Reopen { runtime, weights, options, .. } = &*reopen;
        let mut builder = Session::builder(&runtime.0)?
            .with_execution_providers(options.device.providers())?
            .with_optimization_level(GraphOptimizationLevel::All)?
            .with_intra_threads(options.threads)?
            .with_inter_threads(1)?
            .with_intra_op_spinning(false)?
            .with_inter_op_spinning(false)?
            .with_memory_pattern(false)?
            // It reads those of branches and loops itself, and else in the working directory; links, as the
            // Hub's cache has, it refuses there.
            .with_config_entry(WEIGHTS_FOLDER, graph.folder().to_string_lossy())?;
        if options.is_exact {
            builder = builder.with_precise_qmm()?;
        }
        for (file, weights) in &graph.external {
            builder = builder.with_external_initializer_file_in_memory(file, Arc::clone(weights))?;
        }
        let session = weights.lend(builder)?.commit_from_memory(&graph.bytes)?;
        let known = [INPUT_IDS, ATTENTION_MASK, TOKEN_TYPE_IDS];
        if let Some(input) = session.inputs().iter().find(|input| !known.contains(&input.name())) {
            return Err(SessionError::Input { name: input.name().to_owned() });
        }
        let has = |name: &str| session.inputs().iter().any(|input| input.name() == name);
        for name in [INPUT_IDS, ATTENTION_MASK] {
            if !has(name) {
                return Err(SessionError::Graph { what: "input", name });
            }
        }
        let has_token_types = has(TOKEN_TYPE_IDS);
        let logits = session.outputs().iter().find(|output| output.name() == LOGITS);
        let logits = logits.ok_or(SessionError::Graph { what: "output", name: LOGITS })?;
        // A width that the graph leaves open is negative, and known only after a run.
        let width = logits.dtype().tensor_shape().and_then(|shape| shape.last().copied());
        if let Some(width) = width.filter(|&width| width > 0) {
            options.check_width(width)?;
        }
        Ok(Self { session: Some(session), has_token_types, reopen })
    }
}

impl Reopen {
    fn of(runtime: &Runtime, graph: &Graph, weights: SharedWeights, options: SessionOptions) -> Arc<Self> {
        let (file, stamps) = (graph.file.clone(), graph.stamps.clone());
        Arc::new(Self { runtime: runtime.clone(), file, stamps, weights, options })
    }
}

/// Whether this processor adds products of 8-bit numbers in 16 bits, which overflow: x86 before
/// VNNI. ONNX Runtime then has a slower way that is exact.
fn adds_in_16_bits() -> bool {
    #[cfg(target_arch = "x86_64")]
    return !(is_x86_feature_detected!("avx512vnni") || is_x86_feature_detected!("avxvnni"));
    #[cfg(not(target_arch = "x86_64"))]
    false
}

impl Model for OnnxSession {
    fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
        let shape = [batch.rows, batch.columns];
        let mut inputs = ort::inputs![
            INPUT_IDS => TensorRef::from_array_view((shape, &*batch.input_ids))?,
            ATTENTION_MASK => TensorRef::from_array_view((shape, &*batch.attention_mask))?,
        ];
        if self.has_token_types {
            let token_types = TensorRef::from_array_view((shape, &*batch.token_type_ids))?;
            inputs.push((TOKEN_TYPE_IDS.into(), token_types.into()));
        }
        let session = self.session.as_mut().ok_or(SessionError::Down)?;
        let outputs = session.run(inputs).map_err(SessionError::of_run)?;
        let output = &outputs[LOGITS];
        // A 16-bit graph may give 16-bit logits.
        let (shape, logits) = match output.try_extract_tensor::<f16>() {
            Ok((shape, logits)) => (shape, logits.iter().copied().map(f32::from).collect()),
            Err(_) => {
                let (shape, logits) = output.try_extract_tensor::<f32>()?;
                (shape, logits.to_vec())
            }
        };
        match shape[..] {
            [rows, width] if usize::try_from(rows) == Ok(batch.rows) => {
                let options = self.reopen.options;
                options.check_width(width)?;
                Ok(logits.chunks_exact(options.labels).map(<[f32]>::to_vec).collect())
            }
            _ => Err(SessionError::Shape { rows: batch.rows, shape: shape.to_vec() }),
        }
    }

    fn restart(&mut self) -> Result<(), SessionError> {
        let graph = Graph::read(&self.reopen.file).map_err(|error| match error {
            GraphError::Unreadable { file, source } => {
                SessionError::Gone { file, reason: source.to_string() }
            }
            GraphError::Outside { file, .. } => SessionError::Changed { file },
        })?;
        // Answers of two models under one name would be worse than none.
        if graph.stamps != self.reopen.stamps {
            return Err(SessionError::Changed { file: graph.file });
        }
        // A device that had no memory left for a run has none for a second session.
        self.session = None;
        *self = Self::open_with(&graph, Arc::clone(&self.reopen))?;
        Ok(())
    }
}
