//! The command line: `valence [serve]` and `valence eval`.
//!
//! Flags and environment variables become options here; what they mean is each module's to say.

use crate::{
    engine::{
        cache::CacheLimits,
        device::{Choice, UnknownDevice},
        dtype::Dtype,
        load::EngineOptions,
        locate,
    },
    hub::source::ModelSource,
    server::{origin::Origin, state},
};
use clap::{Args, Parser, Subcommand};
use std::{env, net::IpAddr, path::PathBuf, thread, time::Duration};

/// A sentiment analyzer with a page of its own.
#[derive(Debug, Parser)]
#[command(version, about, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// What to do; serving when nothing is named.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The flags of `serve`, which may be given without its name.
    #[command(flatten)]
    pub serve: ServeArgs,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the page
    Serve(ServeArgs),
    /// Measure the accuracy on a file of labelled texts
    Eval(EvalArgs),
}

/// Where and what to serve.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    /// Address to listen on [default: 127.0.0.1, in a container 0.0.0.0]
    #[arg(long, env = "HOST")]
    pub host: Option<IpAddr>,
    /// Port to listen on; 0 takes a free one
    #[arg(long, env = "PORT", default_value_t = 7860)]
    pub port: u16,
    /// Texts that may wait for a model; one more is refused
    #[arg(long, env = "VALENCE_QUEUE", default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..))]
    pub queue: u16,
    /// Megabytes of answers to keep for texts that come again, shared among the models; 0 keeps none
    #[arg(long, env = "VALENCE_CACHE_MB", default_value_t = 16)]
    pub cache_mb: u32,
    /// Seconds for which an answer is kept
    #[arg(long, env = "VALENCE_CACHE_SECONDS", default_value_t = 3600)]
    pub cache_seconds: u32,
    /// Address that links and previews name [default: the Space's, else what each request says]
    #[arg(long, env = "VALENCE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<Origin>,
    /// A text whose best score is below this is called mixed
    #[arg(long, env = "VALENCE_MIXED_BELOW", value_name = "SCORE", default_value_t = state::MIXED_BELOW, value_parser = share)]
    pub mixed_below: f32,
    /// File that keeps what users think of an answer, with the text; without it nothing is kept
    #[arg(long, env = "VALENCE_FEEDBACK", value_name = "FILE")]
    pub feedback: Option<PathBuf>,
    /// The model.
    #[command(flatten)]
    pub model: ModelArgs,
}

/// Which texts to measure.
#[derive(Clone, Debug, Args)]
pub struct EvalArgs {
    /// Tab-separated file: label, text; the first line names the columns
    pub file: PathBuf,
    /// Measure also how faithful the explanations are to the model; the file's labels are not used
    #[arg(long)]
    pub faithfulness: bool,
    /// The model.
    #[command(flatten)]
    pub model: ModelArgs,
}

/// Which models to load, and how.
#[derive(Clone, Debug, Args)]
pub struct ModelArgs {
    /// Folder of a model, or its id on the Hugging Face Hub: owner/name or owner/name@revision
    /// [default: the bundled one]; may be given several times or with commas, the first is the
    /// default
    #[arg(long = "model", env = "VALENCE_MODEL", value_delimiter = ',')]
    pub models: Vec<ModelSource>,
    /// File of the ONNX Runtime library [default: the one that set-up installed]
    #[arg(long, env = "VALENCE_RUNTIME")]
    pub runtime: Option<PathBuf>,
    /// Precision of the model [default: int8 on the CPU, fp16 elsewhere, or what the folder has]
    #[arg(long, env = "VALENCE_DTYPE")]
    pub dtype: Option<Dtype>,
    /// Where to run: auto, cpu, cuda[:N], tensorrt[:N], openvino, coreml, directml[:N]
    #[arg(long, env = "VALENCE_DEVICE", default_value = "auto", value_parser = device)]
    pub device: Choice,
    /// Sessions of each model that run side by side, each with a batch of its own [default: one for each CPU]
    #[arg(long, env = "VALENCE_SESSIONS", value_parser = clap::value_parser!(u16).range(1..))]
    pub sessions: Option<u16>,
    /// Threads of each session
    #[arg(long, env = "VALENCE_THREADS", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: u16,
    /// Tokens in one batch, padding included
    #[arg(long, env = "VALENCE_BATCH_TOKENS", default_value_t = 256)]
    pub batch_tokens: u32,
    /// Tokens that a text may have; longer ones are refused, never cut
    #[arg(long, env = "VALENCE_MAX_TOKENS", default_value_t = 8192)]
    pub max_tokens: u32,
}

impl ServeArgs {
    /// The address to listen on: every interface in a container, whose network is its own.
    #[must_use]
    pub fn host(&self) -> IpAddr {
        self.host.unwrap_or(if in_container() { [0, 0, 0, 0].into() } else { [127, 0, 0, 1].into() })
    }
}

impl ServeArgs {
    /// Where the server is reached, if that is known beforehand.
    #[must_use]
    pub fn origin(&self) -> Option<Origin> {
        self.public_url.clone().or_else(Origin::of_space)
    }

    /// The options of each model's engine, never none; together they have the cache's megabytes.
    #[must_use]
    pub fn engines(&self) -> Vec<EngineOptions> {
        let engines = self.model.engines(self.queue);
        let cache = CacheLimits {
            bytes: u64::from(self.cache_mb) * 1_000_000 / engines.len() as u64,
            lifetime: Duration::from_secs(self.cache_seconds.into()),
        };
        engines.into_iter().map(|engine| EngineOptions { cache, ..engine }).collect()
    }
}

impl ModelArgs {
    /// The options of the first model's engine, for verbs that use one.
    #[must_use]
    pub fn engine(&self, queue: u16) -> EngineOptions {
        self.engine_of(self.models.first().cloned().unwrap_or_else(|| locate::model().into()), queue)
    }

    /// The options of each model's engine, without a cache; of the bundled model's where none is
    /// named.
    fn engines(&self, queue: u16) -> Vec<EngineOptions> {
        match &*self.models {
            [] => vec![self.engine(queue)],
            models => models.iter().map(|model| self.engine_of(model.clone(), queue)).collect(),
        }
    }

    fn engine_of(&self, model: ModelSource, queue: u16) -> EngineOptions {
        EngineOptions {
            model,
            runtime: self.runtime.clone().unwrap_or_else(locate::runtime),
            dtype: self.dtype,
            device: self.device,
            sessions: self.sessions.map_or_else(cpus, usize::from),
            threads: usize::from(self.threads),
            queue: usize::from(queue),
            batch_tokens: usize::try_from(self.batch_tokens).unwrap_or(usize::MAX),
            max_tokens: usize::try_from(self.max_tokens).unwrap_or(usize::MAX),
            cache: CacheLimits::OFF,
        }
    }
}

fn device(name: &str) -> Result<Choice, UnknownDevice> {
    name.parse()
}

/// A number from 0 to 1.
fn share(number: &str) -> Result<f32, String> {
    number
        .parse()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "not a number from 0 to 1".into())
}

/// CPUs that this process may use; the standard library heeds a container's quota.
fn cpus() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Whether this process runs in a container, by the marks that Docker, Podman, Kubernetes and
/// Hugging Face Spaces leave.
fn in_container() -> bool {
    ["/.dockerenv", "/run/.containerenv"].iter().any(|file| PathBuf::from(file).exists())
        || ["KUBERNETES_SERVICE_HOST", "SPACE_ID"].iter().any(|name| env::var_os(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_flags_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }

    #[test]
    fn serves_without_a_verb() {
        let cli = Cli::try_parse_from(["valence", "--port", "8000"]).expect("flags of serve");
        assert!(cli.command.is_none());
        assert_eq!(cli.serve.port, 8000);
    }

    #[test]
    fn takes_several_models_and_shares_the_cache_among_them() {
        let models = |flags: &[&str]| {
            let cli = Cli::try_parse_from([&["valence", "--cache-mb", "10"], flags].concat()).expect("flags");
            let engines = cli.serve.engines();
            engines.into_iter().map(|engine| (engine.model, engine.cache.bytes)).collect::<Vec<_>>()
        };
        let both = ["a", "b"].map(|folder| (PathBuf::from(folder).into(), 5_000_000));
        assert_eq!(models(&["--model", "a", "--model", "b"]), both);
        assert_eq!(models(&["--model", "a,b"]), both);
        assert_eq!(models(&[]), [(locate::model().into(), 10_000_000)]);
    }

    #[test]
    fn refuses_a_queue_that_holds_nothing() {
        assert!(Cli::try_parse_from(["valence", "--queue", "0"]).is_err());
    }
}
