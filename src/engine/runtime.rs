//! The ONNX Runtime library, loaded from a file at start.
//!
//! A process has one ONNX Runtime environment; every [`Runtime`] shares it.

use ort::{environment::Environment, logging::LogLevel};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};
use thiserror::Error;

/// The loaded library's environment, in which sessions are made.
#[derive(Clone)]
pub struct Runtime(pub(super) Environment);

/// Why the library cannot be used.
#[derive(Debug, Error)]
pub enum RuntimeError {
    /// There is no such file.
    #[error("the ONNX Runtime library {} is missing; name it with --runtime, or, in a clone, run scripts/setup.sh", file.display())]
    Missing {
        /// The file looked for.
        file: PathBuf,
    },
    /// The file is not a library for this machine, or too old.
    #[error("{} cannot be used as the ONNX Runtime library; name another with --runtime ({reason})", file.display())]
    Unfit {
        /// The file at fault.
        file: PathBuf,
        /// What the loader says.
        reason: String,
    },
}

static SHARED: Mutex<Option<Runtime>> = Mutex::new(None);

impl Runtime {
    /// Loads the library at `file`; a process that has one loaded keeps it.
    ///
    /// Microsoft's builds send telemetry by default: it is switched off. For what they note while they are
    /// loaded that is too late; `cli::library_telemetry` sees to it.
    ///
    /// # Errors
    ///
    /// A [`RuntimeError`] that names the file.
    pub fn load(file: &Path) -> Result<Self, RuntimeError> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = shared.as_ref() {
            return Ok(runtime.clone());
        }
        if !file.is_file() {
            return Err(RuntimeError::Missing { file: file.into() });
        }
        let unfit = |reason: String| RuntimeError::Unfit { file: file.into(), reason };
        let environment = ort::init_from(file)
            .map_err(|error| unfit(error.to_string()))?
            .with_name("valence")
            .with_telemetry(false)
            .with_logger(Arc::new(tell))
            .build()
            .map_err(|error| unfit(error.to_string()))?;
        // With a logger it would tell of each step of each run.
        environment.set_log_level(LogLevel::Warning);
        Ok(shared.insert(Self(environment)).clone())
    }
}

/// Passes on to the log what the library would write to standard error in lines of its own.
fn tell(level: LogLevel, _category: &str, _id: &str, place: &str, message: &str) {
    match level {
        LogLevel::Fatal | LogLevel::Error => tracing::error!(target: "ort", place, "{message}"),
        LogLevel::Warning => tracing::warn!(target: "ort", place, "{message}"),
        LogLevel::Info | LogLevel::Verbose => {}
    }
}
