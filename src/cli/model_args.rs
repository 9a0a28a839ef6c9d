//! The flags of every verb that runs a model: which, and how.

use super::values::whole;
use crate::{
    engine::{Engine, cache::CacheLimits, cpus, device::DeviceChoice, dtype::DtypeChoice},
    loading::{self, EngineOptions, LoadError, ModelSource, locate},
};
use clap::{ArgMatches, Args, Command, error::ErrorKind, parser::ValueSource};
use std::path::PathBuf;

/// Which models to load, and how.
#[derive(Clone, Debug, Args)]
pub struct ModelArgs {
    /// Folder of a model, or its id on the Hugging Face Hub: owner/name or owner/name@revision
    /// [default: the bundled one]; `serve` takes several, by repeating the flag or with commas, the first
    /// of them the default
    #[arg(long = "model", env = "VALENCE_MODEL", value_delimiter = ',')]
    pub models: Vec<ModelSource>,
    /// File of the ONNX Runtime library [default: the one that set-up installed]
    #[arg(long, env = "VALENCE_RUNTIME")]
    pub runtime: Option<PathBuf>,
    /// Precision of the model; auto is int8 on the CPU, fp16 elsewhere, or what the folder has
    #[arg(long, env = "VALENCE_DTYPE", value_enum, default_value_t)]
    pub dtype: DtypeChoice,
    /// Where to run: auto, cpu, cuda[:N], tensorrt[:N], openvino, coreml
    #[arg(long, env = "VALENCE_DEVICE", default_value = "auto")]
    pub device: DeviceChoice,
    /// Sessions of each model that run side by side, each with a batch of its own [default: one for each CPU]
    #[arg(long, env = "VALENCE_SESSIONS", value_parser = whole(1..=u16::MAX))]
    pub sessions: Option<u16>,
    /// Threads of each session
    #[arg(long, env = "VALENCE_THREADS", default_value_t = 1, value_parser = whole(1..=u16::MAX))]
    pub threads: u16,
    /// Tokens in one batch, padding included
    #[arg(long, env = "VALENCE_BATCH_TOKENS", default_value_t = 256, value_parser = whole(0..=u32::MAX))]
    pub batch_tokens: u32,
    /// Tokens that a text may have; longer ones are refused, never cut
    #[arg(long, env = "VALENCE_MAX_TOKENS", default_value_t = 8192, value_parser = whole(0..=u32::MAX))]
    pub max_tokens: u32,
}

/// Refuses several models on the command line of a verb that uses one. A variable may name all those of a
/// server; other verbs use the first.
///
/// # Errors
///
/// What the command line has too many of.
pub fn check(command: &mut Command, matches: &ArgMatches) -> Result<(), clap::Error> {
    let Some((verb, given)) = matches.subcommand().filter(|(verb, _)| *verb != "serve") else {
        return Ok(());
    };
    // Not every verb has the flag.
    let Ok(Some(models)) = given.try_get_many::<ModelSource>("models") else { return Ok(()) };
    if models.len() > 1 && given.value_source("models") == Some(ValueSource::CommandLine) {
        let error = format!("{verb} uses one model; name one alone with --model");
        return Err(command.error(ErrorKind::TooManyValues, error));
    }
    Ok(())
}

impl ModelArgs {
    /// The engine of the first model, for a verb whose own texts wait here: none is refused, as how many
    /// are under way bounds the queue already.
    ///
    /// # Errors
    ///
    /// As [`loading::load`].
    pub fn load(&self) -> Result<Engine, LoadError> {
        loading::load(&self.engine(usize::MAX))
    }

    /// The model that verbs of one model use.
    #[must_use]
    pub fn source(&self) -> ModelSource {
        self.models.first().cloned().unwrap_or_else(|| locate::model().into())
    }

    /// The options of the first model's engine, for verbs that use one.
    #[must_use]
    pub fn engine(&self, queue: usize) -> EngineOptions {
        self.engine_of(self.source(), queue)
    }

    /// The options of each model's engine, without a cache; of the bundled model's where none is
    /// named.
    pub(super) fn engines(&self, queue: usize) -> Vec<EngineOptions> {
        match &*self.models {
            [] => vec![self.engine(queue)],
            models => models.iter().map(|model| self.engine_of(model.clone(), queue)).collect(),
        }
    }

    fn engine_of(&self, model: ModelSource, queue: usize) -> EngineOptions {
        EngineOptions {
            model,
            runtime: self.runtime.clone().unwrap_or_else(locate::runtime),
            dtype: self.dtype.named(),
            device: self.device,
            sessions: self.sessions.map_or_else(cpus, usize::from),
            threads: usize::from(self.threads),
            queue,
            batch_tokens: usize::try_from(self.batch_tokens).unwrap_or(usize::MAX),
            max_tokens: usize::try_from(self.max_tokens).unwrap_or(usize::MAX),
            cache: CacheLimits::OFF,
        }
    }
}
